"""Silences and acknowledgements: what people asked not to hear for a while, and what they have seen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, Index, Table, select, update

from monitor.model import Silence
from monitor.store.schema import CleanText, UtcTime, insert_or_ignore, metadata, upsert

silence = Table(
    "silence",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("kind", CleanText, nullable=False),
    Column("value", CleanText, nullable=False),
    Column("author", CleanText, nullable=False),
    Column("why", CleanText, nullable=False),
    Column("critical", Boolean, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Index(None, "until"),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("story", CleanText, primary_key=True),
    Column("author", CleanText, nullable=False),
    Column("at", UtcTime, nullable=False),
)


class Silences:
    """Reads and writes silences and acknowledgements."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, item: Silence) -> None:
        """Keep a silence; one with the same id is replaced."""
        upsert(self._conn, silence, [{name: getattr(item, name) for name in _FIELDS}])

    def end(self, id: str, now: datetime) -> bool:
        """End a silence now; False when none of that id is in force."""
        running = (silence.c.id == id, silence.c.until > now)
        return self._conn.execute(update(silence).where(*running).values(until=now)).rowcount > 0

    def current(self, now: datetime) -> list[Silence]:
        """Those in force, the one that ends first first."""
        query = select(silence).where(silence.c.until > now).order_by(silence.c.until, silence.c.id)
        return [Silence(**row._mapping) for row in self._conn.execute(query)]

    def acknowledge(self, story: str, author: str, at: datetime) -> bool:
        """Note who has seen a story first; False when somebody had."""
        return insert_or_ignore(self._conn, acknowledgement, [{"story": story, "author": author, "at": at}]) > 0

    def acknowledged(self, stories: Collection[str]) -> dict[str, str]:
        """By story, who has seen it."""
        query = select(acknowledgement.c.story, acknowledgement.c.author)
        rows = self._conn.execute(query.where(acknowledgement.c.story.in_(list(stories))))
        return {row.story: row.author for row in rows}


_FIELDS = ("id", "kind", "value", "author", "why", "critical", "since", "until")
