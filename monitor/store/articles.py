"""Articles: the readable texts, and the lines that an outlet repeats."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Index, Row, Table, func, select

from monitor.model import Article, Sentence
from monitor.store.schema import CleanText, UtcTime, Value, chunks, insert_or_ignore, metadata

article = Table(
    "article",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("url", CleanText, nullable=False),
    Column("url_key", CleanText, nullable=False),  # "" without a URL
    Column("content_key", CleanText, nullable=False),
    Column("outlet", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("sentences", Value(tuple[Sentence, ...])),  # NULL: forgotten, only the identity is kept
    Column("language", CleanText, nullable=False),
    Column("language_certain", Boolean, nullable=False),
    Column("origin", CleanText, nullable=False),
    Column("published", UtcTime, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Index(None, "url_key"),
    Index(None, "content_key"),
)
_has_text = article.c.sentences.is_not(None)
Index("ix_article_text", article.c.first_seen, article.c.id, sqlite_where=_has_text, postgresql_where=_has_text)

outlet_line = Table(
    "outlet_line",  # which lines stood in which article of an outlet: the repeated ones are furniture
    metadata,
    Column("outlet", CleanText, primary_key=True),
    Column("line", CleanText, primary_key=True),
    Column("article", CleanText, primary_key=True),
    Column("seen", UtcTime, nullable=False),
    Index(None, "seen"),
    sqlite_with_rowid=False,
)


class Articles:
    """Reads and writes articles."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def id_by_url(self, url_key: str) -> str | None:
        """The article with that key of its URL; None also for the empty key."""
        return self._oldest_id(article.c.url_key == url_key) if url_key else None

    def id_by_content(self, content_key: str) -> str | None:
        """The first article we saw with that text."""
        return self._oldest_id(article.c.content_key == content_key) if content_key else None

    def _oldest_id(self, condition: Any) -> str | None:
        query = select(article.c.id).where(condition).order_by(article.c.first_seen, article.c.id).limit(1)
        return self._conn.execute(query).scalar()

    def save(self, item: Article, url_key: str, content_key: str, line_keys: Collection[str] = ()) -> bool:
        """Store an article and the lines it is made of. False, and nothing changed, if its id is there already."""
        row = {name: getattr(item, name) for name in _FIELDS} | {"url_key": url_key, "content_key": content_key}
        if not insert_or_ignore(self._conn, article, [row]):
            return False
        lines = [
            {"outlet": item.outlet, "line": key, "article": item.id, "seen": item.first_seen}
            for key in dict.fromkeys(line_keys)
        ]
        insert_or_ignore(self._conn, outlet_line, lines)
        return True

    def get(self, id: str) -> Article | None:
        """The article as it was first seen; without sentences when its text is past its retention."""
        row = self._conn.execute(select(article).where(article.c.id == id)).one_or_none()
        return None if row is None else _article(row)

    def since(self, when: datetime, limit: int | None = None) -> Iterator[Article]:
        """Articles first seen from `when` on that still have their text, in that order; read within the transaction."""
        query = (
            select(article)
            .where(article.c.first_seen >= when, _has_text)
            .order_by(article.c.first_seen, article.c.id)
            .limit(limit)
            .execution_options(yield_per=200)
        )
        for row in self._conn.execute(query):
            yield _article(row)

    def repeated_lines(
        self, outlet: str, line_keys: Collection[str], at_least: int = 3, since: datetime | None = None
    ) -> frozenset[str]:
        """Those of the lines that at least so many stored articles of the outlet contain (first seen from `since` on).

        Lines older than `Retention.lines` (30 days) are pruned, so without `since` that is the window.
        """
        found: set[str] = set()
        for some in chunks(list(dict.fromkeys(line_keys))):
            query = (
                select(outlet_line.c.line)
                .where(outlet_line.c.outlet == outlet, outlet_line.c.line.in_(some))
                .group_by(outlet_line.c.line)
                .having(func.count() >= at_least)
            )
            if since is not None:
                query = query.where(outlet_line.c.seen >= since)
            found.update(self._conn.execute(query).scalars())
        return frozenset(found)


_FIELDS = (
    *("id", "url", "outlet", "title", "sentences", "language", "published", "first_seen"),
    *("language_certain", "origin"),
)


def _article(row: Row[Any]) -> Article:
    values = {name: row._mapping[name] for name in _FIELDS}
    return Article(**values | {"sentences": row.sentences or ()})
