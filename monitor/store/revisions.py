"""Revisions: later versions of articles; and which articles are to be read again, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, Row, Table, func, or_, select, update

from monitor.model import Article, Entry, PageText, Revision, Sentence
from monitor.store.schema import CleanText, UtcTime, Value, content_id, insert_or_ignore, metadata, upsert

FURTHEST = timedelta(days=2)  # nothing is planned that far ahead: the clock was set back since

revision = Table(
    "revision",
    metadata,
    Column("article", CleanText, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("content_key", CleanText, primary_key=True),
    Column("title", CleanText, nullable=False),
    Column("sentences", Value(tuple[Sentence, ...]), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("why", CleanText, nullable=False),
    Column("alert", CleanText, nullable=False),
    Index(None, "at"),
)

reread = Table(
    "reread",
    metadata,
    Column("article", CleanText, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("feed", CleanText, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("entry", Value(Entry), nullable=False),  # as the article was last read
    Column("newer", Value(Entry)),  # what the feed says since
    Column("page", Value(PageText)),  # as it was last read; NULL: never
    Column("etag", CleanText, nullable=False),
    Column("last_modified", CleanText, nullable=False),
    Column("began", UtcTime, nullable=False),
    Column("read", UtcTime, nullable=False),  # last
    Column("step", Integer, nullable=False),  # of the plan
    Column("next_try", UtcTime),  # NULL: the plan is done, only the feed is listened to
    Column("tries", Integer, nullable=False),  # in vain, in a row
    Column("missing", UtcTime),  # since when the page answers that it is gone
    Column("changes", Integer, nullable=False),  # times that the feed said something else
    Index(None, "began"),
)
_waits = reread.c.next_try.is_not(None)
Index("ix_reread_waits", reread.c.next_try, sqlite_where=_waits, postgresql_where=_waits)


@dataclass(frozen=True, slots=True)
class Reread:
    """An article that is read again, and how far that is."""

    article: str
    feed: str
    url: str
    entry: Entry
    began: datetime
    read: datetime
    newer: Entry | None = None
    page: PageText | None = None
    etag: str = ""
    last_modified: str = ""
    step: int = 0
    next_try: datetime | None = None
    tries: int = 0
    missing: datetime | None = None
    changes: int = 0


class Revisions:
    """Reads and writes revisions and plans to read again."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, item: Article, at: datetime, why: str, alert: str = "") -> bool:
        """Store a later version of a stored article. False, and nothing changed, if this text of it is known."""
        row = {"article": item.id, "content_key": version_key(item), "title": item.title, "sentences": item.sentences}
        return insert_or_ignore(self._conn, revision, [row | {"at": at, "why": why, "alert": alert}]) > 0

    def knows(self, item: Article) -> bool:
        """Was this text of the article seen before as a later version?"""
        key = (revision.c.article == item.id, revision.c.content_key == version_key(item))
        return self._conn.execute(select(revision.c.at).where(*key)).scalar() is not None

    def of(self, article: str) -> list[Revision]:
        """The later versions of an article, the oldest first."""
        query = select(revision).where(revision.c.article == article).order_by(revision.c.at, revision.c.content_key)
        return [
            Revision(row.article, row.at, row.title, row.sentences, row.why, row.alert)
            for row in self._conn.execute(query)
        ]

    def plan(self, item: Reread) -> bool:
        """Begin to read an article again. False, and nothing changed, if that has begun."""
        return insert_or_ignore(self._conn, reread, [_row(item)]) > 0

    def planned(self, article: str) -> Reread | None:
        """How far the reading of an article is, None when it is not read again."""
        row = self._conn.execute(select(reread).where(reread.c.article == article)).one_or_none()
        return None if row is None else _reread(row)

    def due(self, now: datetime, limit: int) -> list[Reread]:
        """Articles whose time has come, the longest overdue first."""
        due = or_(reread.c.next_try <= now, reread.c.next_try > now + FURTHEST)
        query = select(reread).where(_waits, due).order_by(reread.c.next_try, reread.c.article).limit(limit)
        return [_reread(row) for row in self._conn.execute(query)]

    def waiting(self) -> int:
        """How many articles will be read again."""
        return int(self._conn.execute(select(func.count()).select_from(reread).where(_waits)).scalar_one())

    def note(self, article: str, newer: Entry, now: datetime, most: int) -> None:
        """The feed says something else of an article that is read again: look at once, `most` times in all."""
        values = {"newer": newer, "next_try": now, "changes": reread.c.changes + 1}
        self._conn.execute(update(reread).where(reread.c.article == article, reread.c.changes < most).values(values))

    def save(self, item: Reread) -> None:
        """Remember how far the reading of an article is, unless the feed has said something else meanwhile."""
        known = select(reread.c.changes).where(reread.c.article == item.article)
        row = _row(item)
        if self._conn.execute(known).scalar() != item.changes:
            row = {name: value for name, value in row.items() if name not in ("newer", "next_try", "changes")}
            self._conn.execute(update(reread).where(reread.c.article == item.article).values(row))
            return
        upsert(self._conn, reread, [row])

    def gone_since(self, feed: str, when: datetime) -> int:
        """How many articles of a feed were found missing since then: many at once are no news about any of them."""
        query = select(func.count()).where(reread.c.feed == feed, reread.c.missing >= when)
        return int(self._conn.execute(query).scalar_one())


def version_key(item: Article) -> str:
    """The same for the same text of an article."""
    return content_id(item.title, *(sentence.text for sentence in item.sentences))


_FIELDS: Sequence[str] = tuple(column.name for column in reread.columns)


def _row(item: Reread) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _FIELDS}


def _reread(row: Row[Any]) -> Reread:
    return Reread(**row._mapping)
