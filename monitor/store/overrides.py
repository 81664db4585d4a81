"""Overrides: what people changed about stories. Nothing is deleted; what is undone says who undid it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, Table, func, select, update

from monitor.model import Membership, Override
from monitor.store.schema import CleanText, UtcTime, Value, metadata

override = Table(
    "override",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", CleanText, nullable=False),
    Column("author", CleanText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("words", CleanText, nullable=False),
    Column("before", Value(tuple[Membership, ...]), nullable=False),
    Column("after", Value(tuple[Membership, ...]), nullable=False),
    Column("undone_by", CleanText, nullable=False),
    Column("undone_at", UtcTime),
    Column("undone", Value(tuple[Membership, ...]), nullable=False),
)


class Overrides:
    """Reads and writes overrides."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def next_id(self) -> int:
        """The number that the next override gets."""
        return int(self._conn.execute(select(func.coalesce(func.max(override.c.id), 0))).scalar_one()) + 1

    def add(self, item: Override) -> None:
        """Keep an override. Its id must be `next_id()`."""
        self._conn.execute(override.insert().values({name: getattr(item, name) for name in _FIELDS}))

    def get(self, id: int) -> Override | None:
        row = self._conn.execute(select(override).where(override.c.id == id)).one_or_none()
        return None if row is None else _override(row)

    def all(self) -> list[Override]:
        """Every override, in the order they were made, also those that were undone."""
        return [_override(row) for row in self._conn.execute(select(override).order_by(override.c.id))]

    def of(self, *, story: str = "", article: str = "") -> list[Override]:
        """Those that touched a story or an article. Reads all: there are as many as people made by hand."""
        return [item for item in self.all() if _touches(item, story, article)]

    def undo(self, id: int, author: str, at: datetime, undone: tuple[Membership, ...]) -> None:
        """Note who undid an override, and where its articles went."""
        values = {"undone_by": author, "undone_at": at, "undone": undone}
        self._conn.execute(update(override).where(override.c.id == id).values(values))


_FIELDS = tuple(column.name for column in override.columns)


def _touches(item: Override, story: str, article: str) -> bool:
    return any(seat.story == story or seat.article == article for seat in (*item.before, *item.after))


def _override(row: Row[Any]) -> Override:
    return Override(**row._mapping)
