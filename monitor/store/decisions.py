"""Decisions: why each article that a rule came near was told or not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, ForeignKey, Index, Table, literal_column, select, update

from monitor.model import BacklogItem, Decision, DevelopmentKind, ReasonCode, Severity
from monitor.store.articles import article
from monitor.store.schema import (
    CleanText,
    EnumNumber,
    EnumValue,
    UtcTime,
    Value,
    chunks,
    content_id,
    insert_or_ignore,
    metadata,
)

decision = Table(
    "decision",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("article", CleanText, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("story", CleanText, nullable=False),
    Column("speaks", Boolean, nullable=False),
    Column("code", EnumValue(ReasonCode), nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("development", EnumValue(DevelopmentKind)),
    Column("severity", EnumNumber(Severity)),
    Column("rules", Value(tuple[str, ...]), nullable=False),
    Column("rule_set", CleanText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("told_in", CleanText),  # the digest that told it
    Index(None, "article", "at"),
    Index(None, "at"),
)
_UNTOLD = (decision.c.code == literal_column(f"'{ReasonCode.BACKLOG}'")) & decision.c.told_in.is_(None)
Index("ix_decision_untold", decision.c.code, sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)


class Decisions:
    """Reads and writes decisions."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def save(
        self, article_id: str, story: str, item: Decision, at: datetime, rule_set: str, *, version: str = ""
    ) -> str:
        """Store the decision on a stored article; its id. The same decision on the same version is stored once."""
        id = content_id(article_id, story, item.code, item.development or "", rule_set, *filter(None, (version,)))
        row = {
            "id": id,
            "article": article_id,
            "story": story,
            "speaks": item.speaks,
            "code": item.code,
            "reason": item.reason,
            "development": item.development,
            "severity": item.severity,
            "rules": item.rules,
            "rule_set": rule_set,
            "at": at,
            "told_in": None,
        }
        insert_or_ignore(self._conn, decision, [row])
        return id

    def of_article(self, id: str) -> Decision | None:
        """The latest decision on an article."""
        query = select(decision).where(decision.c.article == id).order_by(decision.c.at.desc()).limit(1)
        row = self._conn.execute(query).one_or_none()
        if row is None:
            return None
        return Decision(row.speaks, row.code, row.reason, row.development, row.severity, row.rules)

    def story_of(self, id: str) -> str:
        """The story that the latest decision put an article in, "" when none is kept."""
        query = select(decision.c.story).where(decision.c.article == id).order_by(decision.c.at.desc()).limit(1)
        return self._conn.execute(query).scalar() or ""

    def backlog_untold(self, since: datetime) -> list[BacklogItem]:
        """Backlog matches of articles published from `since` on, the gravest first, then the newest."""
        columns = (article.c.outlet, article.c.title, article.c.url, article.c.published)
        query = (
            select(decision.c.id, decision.c.article, decision.c.severity, decision.c.rules, *columns)
            .join(article, article.c.id == decision.c.article)
            .where(_UNTOLD, article.c.published >= since)
            .order_by(decision.c.severity.desc().nulls_last(), article.c.published.desc(), decision.c.id)
        )
        return [_backlog_item(row) for row in self._conn.execute(query)]

    def mark_told(self, ids: Collection[str], alert: str) -> None:
        """Note that the digest `alert` tells these decisions."""
        for some in chunks(list(ids)):
            self._conn.execute(update(decision).where(decision.c.id.in_(some)).values(told_in=alert))


def _backlog_item(row: Any) -> BacklogItem:
    severity = row.severity or Severity.INFO  # a match has one
    return BacklogItem(row.id, row.article, row.outlet, row.title, row.url, severity, row.rules, row.published)
