"""The keys by which articles find copies of themselves and stories of their event; keys are hashes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, bindparam, select, union_all

from monitor.store.schema import CleanText, metadata

POSTINGS = 300  # newest per story key: a key with more says nothing
COPY_POSTINGS = 40
_SLOTS = {"copy_key": 52, "story_key": 28}  # keys that are looked up at once

# One table for copies (text, shingles, sentences) and one for stories (names, figures, words).
copy_key = Table(
    "copy_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Integer, primary_key=True),  # seconds since 1970
    Column("article", CleanText, primary_key=True),
    sqlite_with_rowid=False,
)
story_key = Table(
    "story_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Integer, primary_key=True),
    Column("article", CleanText, primary_key=True),
    Column("story", CleanText, nullable=False),
    sqlite_with_rowid=False,
)


def newest(conn: Connection, table: Table, keys: Sequence[int], time: int, window: int, until: int) -> list[Any]:
    """(key, article) of `copy_key` or (key, story) of `story_key`: the newest postings of each key around a time.

    `time`, `window` and `until` are seconds; nothing after `until` is found.
    """
    slots = _SLOTS[table.name]
    padded = (*keys[:slots], *(-1 for _ in range(slots - len(keys))))
    values = {f"key{number}": key for number, key in enumerate(padded)}
    span = {"since": time - window, "until": min(until, time + window)}
    return list(conn.execute(_look_up(table.name), {**values, **span}).all())


@cache
def _look_up(name: str) -> Any:
    """One statement for many look-ups: the newest postings of each key within a time span, -1 for an unused slot."""
    table, column, cap = (
        (copy_key, copy_key.c.article, COPY_POSTINGS)
        if name == "copy_key"
        else (story_key, story_key.c.story, POSTINGS)
    )
    parts = []
    for number in range(_SLOTS[name]):
        span = table.c.at.between(bindparam("since"), bindparam("until"))
        one = select(table.c.key, column).where(table.c.key == bindparam(f"key{number}"), span)
        newest = one.order_by(table.c.at.desc(), table.c.article.desc()).limit(cap).subquery()
        parts.append(select(newest.c.key, newest.columns[1]))
    return union_all(*parts)
