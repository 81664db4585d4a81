"""Crowds: how much each feed has to say, and said lately, on a channel. For the guard against a feed's storm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from monitor.model import DeliveryState, Severity
from monitor.store.alerts import alert
from monitor.store.entries import entry
from monitor.store.outbox import PENDING, SINGLE, WAITING, Waiting, delivery
from monitor.store.schema import chunks


@dataclass(slots=True)
class Crowd:
    """The alerts of one feed's articles on one channel."""

    waiting: list[Waiting] = field(default_factory=list)  # that may be sent now, the gravest first
    sent: int = 0  # lately, singly
    critical: int = 0  # of those sent
    unread: int = 0  # new entries that are still to be read, and may become more of them

    @property
    def size(self) -> int:
        return len(self.waiting) + self.sent


_FROM = delivery.join(alert, alert.c.id == delivery.c.alert).join(
    entry, and_(entry.c.article == alert.c.article, alert.c.article != "")
)


class Crowds:
    """Reads the outbox by feed."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def on(self, channel: str, since: datetime, now: datetime) -> dict[str, Crowd]:
        """What may be sent now on a channel, and what was since then, by the address of the feed that brought it."""
        crowds: dict[str, Crowd] = {}
        here = (delivery.c.channel == channel, SINGLE)
        for feed, item in self._rows(*here, PENDING, delivery.c.lease_until.is_(None), delivery.c.next_try <= now):
            crowds.setdefault(feed, Crowd()).waiting.append(item)
        for feed, item in self._rows(*here, delivery.c.state == DeliveryState.SENT, delivery.c.ended > since):
            crowd = crowds.setdefault(feed, Crowd())
            crowd.sent += 1
            crowd.critical += item.severity == Severity.CRITICAL
        unread = select(entry.c.feed, func.count()).where(entry.c.waiting, ~entry.c.backlog).group_by(entry.c.feed)
        for feed, count in self._conn.execute(unread):
            if feed in crowds:
                crowds[feed].unread = count
        return crowds

    def _rows(self, *where: Any) -> list[tuple[str, Waiting]]:
        feed = func.min(entry.c.feed).label("feed")  # two feeds may have brought an article
        query = select(*WAITING, feed).select_from(_FROM).where(*where).group_by(*WAITING)
        rows = self._conn.execute(query.order_by(delivery.c.severity.desc(), delivery.c.created, delivery.c.id))
        return [(row.feed, Waiting(row.id, row.alert, row.severity, row.created)) for row in rows]

    def hold(self, items: Sequence[Waiting], now: datetime, until: datetime) -> None:
        """Send none of these before `until`."""
        for some in chunks([item.id for item in items]):
            waiting = (delivery.c.id.in_(some), PENDING)
            self._conn.execute(update(delivery).where(*waiting).values(next_try=until, last_try=now))
