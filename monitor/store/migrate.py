"""Brings a database to the current schema, or refuses one that it must not touch."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from monitor.store.engine import Engines, StoreError, refuse_damaged
from monitor.store.locks import take_lock

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"  # the newest revision in migrations/versions; here so that alembic is loaded only when there is work

Connect = Callable[[], AbstractContextManager[Connection]]


def bring_up_to_date(read: Connect, write: Connect, engines: Engines, *, read_only: bool) -> None:
    """Make or migrate the tables where needed, in one transaction: a crash leaves the old schema.

    Raises StoreError for a damaged file, a schema that is newer than this program or another program's, and when an
    older one is to be migrated while a daemon works on it.
    """
    with read() as conn:
        refuse_damaged(conn, engines)
        found = revision_of(conn)
        others = inspect(conn).get_table_names() if found is None else []
    if found == HEAD:
        return
    if found is not None:
        _refuse_newer(found)
    if read_only:
        raise StoreError(f"the database has schema {found}, not {HEAD}: start the daemon once", temporary=False)
    if others:
        raise StoreError(f"this database belongs to another program: it has a table {others[0]!r}", temporary=False)
    if found is None:
        with write() as conn:
            _refuse_other_encodings(conn)
            _upgrade(_config(conn))
        return
    with take_lock(engines, "daemon"), write() as conn:
        _upgrade(_config(conn))


def revision_of(conn: Connection) -> str | None:
    """The revision of the schema, None where there is none yet."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_other_encodings(conn: Connection) -> None:
    """A database that cannot hold every script would refuse articles one by one, where nobody looks."""
    if conn.dialect.name != "postgresql":
        return
    encoding = conn.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise StoreError(f"the PostgreSQL database has encoding {encoding}, it must be UTF8", temporary=False)


def _config(conn: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", "monitor.store:migrations")
    return config


def _refuse_newer(found: str) -> None:
    if not is_known(found):
        message = f"the database has schema {found}, newer than this program knows ({HEAD}): upgrade the program"
        raise StoreError(message, temporary=False)


def is_known(revision: str) -> bool:
    """Is it the current schema, or one that can be migrated to it?"""
    if revision == HEAD:
        return True
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(_config()).get_revision(revision)
    except CommandError:
        return False
    return True


def _upgrade(config: Config) -> None:
    from alembic import command

    command.upgrade(config, "head")
