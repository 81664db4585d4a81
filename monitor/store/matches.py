"""Matches: what each rule said of an article, with everything needed to explain it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, ForeignKey, Integer, Table, delete, insert, select

from monitor.model import Severity, Verdict
from monitor.store.articles import article
from monitor.store.schema import CleanText, EnumNumber, Value, chunks, metadata

match = Table(
    "match",
    metadata,
    Column("article", CleanText, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),  # in the order given: highest severity first
    Column("rule", CleanText, nullable=False),
    Column("fires", Boolean, nullable=False),
    Column("severity", EnumNumber(Severity), nullable=False),
    Column("verdict", Value(Verdict), nullable=False),
    Column("rule_set", CleanText, nullable=False),
)


class Matches:
    """Reads and writes matches."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def save(self, article_id: str, verdicts: Sequence[Verdict], rule_set_version: str) -> None:
        """Store what the rules say of a stored article, in place of what they said before."""
        self._conn.execute(delete(match).where(match.c.article == article_id))
        rows = [
            {
                "article": article_id,
                "place": place,
                "rule": verdict.rule,
                "fires": verdict.fires,
                "severity": verdict.severity,
                "verdict": verdict,
                "rule_set": rule_set_version,
            }
            for place, verdict in enumerate(verdicts)
        ]
        if rows:
            self._conn.execute(insert(match), rows)

    def of(self, article_id: str) -> tuple[Verdict, ...]:
        """The verdicts on an article, in the order they were given."""
        query = select(match.c.verdict).where(match.c.article == article_id).order_by(match.c.place)
        return tuple(self._conn.execute(query).scalars())

    def fired_since(self, when: datetime) -> list[tuple[str, Verdict]]:
        """(article, verdict) of every rule that fired on an article first seen from `when` on, the oldest first."""
        query = (
            select(match.c.article, match.c.verdict)
            .join(article, article.c.id == match.c.article)
            .where(article.c.first_seen >= when, match.c.fires.is_(True))
            .order_by(article.c.first_seen, article.c.id, match.c.place)
        )
        return [(row.article, row.verdict) for row in self._conn.execute(query)]

    def matching(self, article_ids: Collection[str]) -> frozenset[str]:
        """Those of the articles on which at least one rule fires."""
        found: set[str] = set()
        for some in chunks(list(article_ids)):
            query = select(match.c.article).where(match.c.article.in_(some), match.c.fires.is_(True))
            found.update(self._conn.execute(query).scalars())
        return frozenset(found)
