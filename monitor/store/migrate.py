"""Brings a database to the current schema, or refuses one that it cannot."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from monitor.store.engine import Engines
from monitor.store.schema import metadata


def bring_up_to_date(write: Callable[[], AbstractContextManager[Connection]], engines: Engines) -> None:
    """Make the tables."""
    with write() as conn:
        metadata.create_all(conn)
