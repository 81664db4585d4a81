"""Egress: which hosts were sent anything, for which purpose, how often, first and last. A row a pair, no addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, Table, delete, func, select

from monitor.outgoing import Contact
from monitor.store.outbox import attempt, delivery
from monitor.store.schema import CleanText, UtcTime, chunks, insert_or_ignore, metadata

KEPT = timedelta(days=90)  # after the last time
MOST = 10_000  # rows; pages may lead anywhere

egress = Table(
    "egress",
    metadata,
    Column("host", CleanText, primary_key=True),
    Column("why", CleanText, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("first", UtcTime, nullable=False),
    Column("last", UtcTime, nullable=False),
)


class Egress:
    """Reads and writes what was sent where."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, contacts: Sequence[Contact]) -> None:
        """Add to the counts."""
        for contact in contacts:
            here = (egress.c.host == contact.host) & (egress.c.why == contact.why)
            more = {"count": egress.c.count + contact.count, "last": contact.last}
            if not self._conn.execute(egress.update().where(here).values(more)).rowcount:
                row = {"host": contact.host, "why": contact.why, "count": contact.count}
                insert_or_ignore(self._conn, egress, [row | {"first": contact.first, "last": contact.last}])

    def all(self) -> list[Contact]:
        """Everything that is kept, the latest first."""
        return [_contact(row) for row in self._conn.execute(select(egress).order_by(egress.c.last.desc()))]

    def sends(self) -> dict[str, Contact]:
        """For each channel, how often it was sent a message, as the outbox tells; the host is left open."""
        at = attempt.c.at
        query = select(delivery.c.channel, func.count(), func.min(at), func.max(at))
        rows = self._conn.execute(query.join(attempt, attempt.c.delivery == delivery.c.id).group_by(delivery.c.channel))
        return {channel: Contact("", "channel", count, first, last) for channel, count, first, last in rows}

    def forget(self, now: datetime) -> int:
        """Drop what was long ago, and the oldest beyond a limit; how many rows."""
        count = self._conn.execute(delete(egress).where(egress.c.last < now - KEPT)).rowcount
        newest = select(egress.c.host, egress.c.why).order_by(egress.c.last.desc()).offset(MOST)
        for some in chunks(self._conn.execute(newest).all()):
            for host, why in some:
                count += self._conn.execute(delete(egress).where(egress.c.host == host, egress.c.why == why)).rowcount
        return count


def _contact(row: Row[Any]) -> Contact:
    return Contact(**row._mapping)
