"""Figures: counts and times over what is stored, for people and for metrics. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.model import Alert, Severity
from monitor.store.alerts import alert
from monitor.store.articles import article
from monitor.store.entries import entry
from monitor.store.feeds import feed
from monitor.store.outbox import attempt, delivery


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that a channel took, with the times of its way."""

    channel: str
    published: datetime
    seen: datetime
    made: datetime
    sent: datetime


@dataclass(frozen=True, slots=True)
class Stuck:
    """A channel that does not take its messages."""

    channel: str
    count: int
    since: datetime
    error: str


class Figures:
    """Counts and times."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def last_sent(self) -> datetime | None:
        """When a channel last took a message."""
        return self._conn.execute(select(func.max(attempt.c.at)).where(attempt.c.ok)).scalar()

    def last_taken(self) -> dict[str, datetime]:
        """When each channel last took a message."""
        query = select(delivery.c.channel, func.max(attempt.c.at)).join(delivery, delivery.c.id == attempt.c.delivery)
        rows = self._conn.execute(query.where(attempt.c.ok).group_by(delivery.c.channel))
        return {row[0]: row[1] for row in rows}

    def refused_since(self) -> datetime | None:
        """When the first try of a message failed that still waits; None: none was tried in vain."""
        query = select(func.min(attempt.c.at)).join(delivery, delivery.c.id == attempt.c.delivery)
        return self._conn.execute(query.where(delivery.c.ended.is_(None))).scalar()

    def sent(self, after: datetime, until: datetime, limit: int = 5000) -> list[Sent]:
        """Messages of stories that went out in that time, in order; digests and our own have no way to measure."""
        story_alert = alert.c.kind.not_in(("digest", "operator", "test"))
        query = (
            select(delivery.c.channel, delivery.c.ended, alert.c.value)
            .join(alert, alert.c.id == delivery.c.alert)
            .where(delivery.c.state == "sent", delivery.c.ended > after, delivery.c.ended <= until, story_alert)
            .order_by(delivery.c.ended)
            .limit(limit)
        )
        rows: list[tuple[str, datetime, Alert]] = [tuple(row) for row in self._conn.execute(query)]
        return [Sent(channel, item.published, item.seen, item.made, ended) for channel, ended, item in rows]

    def delays(self, since: datetime) -> dict[str, list[float]]:
        """Seconds from publication until we saw the article, by feed; of articles seen since then that have a date."""
        dated = (article.c.published < entry.c.seen, entry.c.backlog.is_(False), entry.c.seen >= since)
        query = select(entry.c.feed, article.c.published, entry.c.seen).join(article, article.c.id == entry.c.article)
        found: dict[str, list[float]] = {}
        for feed_url, published, seen in self._conn.execute(query.where(entry.c.last_seen >= since, *dated)):
            found.setdefault(feed_url, []).append((seen - published).total_seconds())
        return found

    def stuck_channels(self, since: datetime) -> list[Stuck]:
        """Channels with a message that was tried and still waits since before then, with what the latest try said.

        What waits untried waits for a reason of its own: quiet hours, a pace, a storm.
        """
        waits = delivery.c.ended.is_(None) & (delivery.c.created <= since) & (delivery.c.attempts > 0)
        query = select(delivery.c.channel, func.count(), func.min(delivery.c.created)).where(waits)
        found = []
        for channel, count, first in self._conn.execute(query.group_by(delivery.c.channel)):
            last = select(delivery.c.last_error).where(waits, delivery.c.channel == channel)
            error = self._conn.execute(last.order_by(delivery.c.attempts.desc()).limit(1)).scalar() or ""
            found.append(Stuck(channel, count, first, error))
        return found

    def articles_since(self, when: datetime) -> int:
        query = select(func.count()).select_from(article).where(article.c.first_seen >= when)
        return self._conn.execute(query).scalar() or 0

    def alerts_since(self, when: datetime) -> int:
        """Alerts about stories made since then."""
        story_alert = alert.c.kind.not_in(("digest", "operator", "test"))
        query = select(func.count()).select_from(alert).where(alert.c.made >= when, story_alert)
        return self._conn.execute(query).scalar() or 0

    def alerts_by_severity(self) -> dict[Severity, int]:
        """All alerts that are kept; every severity is there."""
        counts = dict.fromkeys(Severity, 0)
        for severity, count in self._conn.execute(select(alert.c.severity, func.count()).group_by(alert.c.severity)):
            counts[severity] = count
        return counts

    def heard_since(self, when: datetime) -> tuple[int, int]:
        """How many watched feeds could be read since then, and how many there are."""
        heard = func.count().filter(feed.c.last_success >= when)
        row = self._conn.execute(select(heard, func.count()).where(feed.c.watched)).one()
        return int(row[0]), int(row[1])
