"""Notes: single facts by name (last good rules, last cycle, the version of SQLite)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Table, select

from monitor.store.schema import CleanText, UtcTime, metadata, upsert

note = Table(
    "note",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("value", CleanText, nullable=False),
    Column("at", UtcTime, nullable=False),
)


class Notes:
    """Reads and writes notes."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def get(self, key: str) -> str | None:
        return self._conn.execute(select(note.c.value).where(note.c.key == key)).scalar()

    def at(self, key: str) -> datetime | None:
        """When the note was last written."""
        return self._conn.execute(select(note.c.at).where(note.c.key == key)).scalar()

    def set(self, key: str, value: str, now: datetime) -> None:
        upsert(self._conn, note, [{"key": key, "value": value, "at": now}])
