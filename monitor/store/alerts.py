"""Alerts: every decision to tell, in full, at most one for each development of a story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, Row, Table, select

from monitor.model import Alert, Severity, Told
from monitor.store.schema import CleanText, EnumNumber, UtcTime, Value, chunks, insert_or_ignore, metadata
from monitor.store.stories import story_member

alert = Table(
    "alert",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("story", CleanText, nullable=False),
    Column("development", Integer, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("severity", EnumNumber(Severity), nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("article", CleanText, nullable=False),  # "" for digests and the program's own alerts
    Column("value", Value(Alert), nullable=False),
    Index(None, "made"),
    Index(None, "article"),
)
_of_a_story = alert.c.kind.not_in(("digest", "operator", "test"))
Index(
    "uq_alert_development",
    *(alert.c.story, alert.c.development),
    unique=True,
    sqlite_where=_of_a_story,
    postgresql_where=_of_a_story,
)
Index(None, alert.c.story, alert.c.development)


_COLUMNS = ("id", "story", "development", "kind", "severity", "made", "article")


class Alerts:
    """Reads and writes alerts."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def save(self, item: Alert) -> bool:
        """Store an alert. False, and nothing changed, if it or its story's development is stored already."""
        row = {name: getattr(item, name) for name in _COLUMNS}
        return insert_or_ignore(self._conn, alert, [row | {"value": item}]) > 0

    def get(self, id: str) -> Alert | None:
        return self._conn.execute(select(alert.c.value).where(alert.c.id == id)).scalar()

    def told(self, story: str) -> Told:
        """What people have heard of a story, see `heard_of`."""
        own, merged = self._of(story)
        alerts: list[Alert] = [row.value for row in (*own, *merged) if row.now_in in (story, None)]
        number = max((row.value.development + 1 for row in own), default=0)
        if not alerts:
            return Told(number=number)
        return Told(
            developments=len(alerts),
            severity=max(item.severity for item in alerts),
            first_told=min(item.made for item in alerts),
            sentences=tuple(dict.fromkeys(quote.text for item in alerts for quote in item.quotes)),
            disputed=any(mark.startswith("disputed") for item in alerts for mark in item.marks),
            rules=tuple(dict.fromkeys(rule for item in alerts for rule, _ in item.rules)),
            number=number if number > len(alerts) else 0,
        )

    def heard_of(self, story: str) -> list[Alert]:
        """The alerts of the articles that are in a story now, in order; from alerts, not from digests."""
        own, merged = self._of(story)
        alerts = [row.value for row in (*own, *merged) if row.now_in in (story, None)]
        return sorted(alerts, key=lambda item: (item.made, item.id))

    def _of(self, story: str) -> tuple[Sequence[Row[Any, Any]], Sequence[Row[Any, Any]]]:
        """Alerts that bear a story's id, and others of articles that people put into it since.

        With the story that the article of each is in now (None: it was never placed).
        """
        query = select(alert.c.value, story_member.c.story.label("now_in")).where(_of_a_story)
        query = query.outerjoin(story_member, story_member.c.article == alert.c.article)
        query = query.order_by(alert.c.development, alert.c.id)
        own = self._conn.execute(query.where(alert.c.story == story)).all()
        here = select(story_member.c.article).where(story_member.c.story == story)
        merged: list[Row[Any, Any]] = []
        for some in chunks(list(self._conn.execute(here).scalars())):
            merged += self._conn.execute(query.where(alert.c.article.in_(some), alert.c.story != story)).all()
        return own, merged

    def of_story(self, story: str) -> list[Alert]:
        """The alerts of the story whose id begins like this, the oldest first."""
        if not story:
            return []
        begins = (alert.c.story >= story, alert.c.story < story + "~")
        query = select(alert.c.value).where(*begins).order_by(alert.c.made, alert.c.id)
        return list(self._conn.execute(query).scalars())

    def since(self, when: datetime, limit: int = 10_000) -> list[Alert]:
        """The alerts made from `when` on, the oldest first; of more than `limit` the newest."""
        query = select(alert.c.value).where(alert.c.made >= when).order_by(alert.c.made.desc(), alert.c.id.desc())
        return list(self._conn.execute(query.limit(limit)).scalars())[::-1]

    def recent(self, limit: int) -> list[Alert]:
        """The latest alerts, the newest first."""
        query = select(alert.c.value).order_by(alert.c.made.desc(), alert.c.id).limit(limit)
        return list(self._conn.execute(query).scalars())
