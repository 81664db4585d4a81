"""The outbox: a row for each alert and channel until it is sent or refused for good, and a row for each attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    Table,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from monitor.model import Delivery, DeliveryState, Severity
from monitor.store.schema import CleanText, EnumNumber, EnumValue, UtcTime, chunks, insert_or_ignore, metadata

delivery = Table(
    "delivery",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("alert", CleanText, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("story", CleanText, nullable=False),
    Column("severity", EnumNumber(Severity), nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("body", CleanText, nullable=False),
    Column("state", EnumValue(DeliveryState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("next_try", UtcTime, nullable=False),
    Column("lease_until", UtcTime),
    Column("ended", UtcTime),  # sent or dead; NULL: pending
    Column("last_error", CleanText, nullable=False),
    Index(None, "alert"),
    Index(None, "state"),
)
Index(
    "ix_delivery_pending",
    *(delivery.c.channel, delivery.c.next_try),
    sqlite_where=delivery.c.ended.is_(None),
    postgresql_where=delivery.c.ended.is_(None),
)

attempt = Table(
    "attempt",
    metadata,
    Column("delivery", CleanText, ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1
    Column("at", UtcTime, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("detail", CleanText, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send a delivery and what came back."""

    number: int
    at: datetime
    ok: bool
    detail: str


class Outbox:
    """Reads and writes deliveries and their attempts."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, deliveries: Sequence[Delivery]) -> int:
        """Queue deliveries of stored alerts; how many were new."""
        return insert_or_ignore(self._conn, delivery, [_row(item) for item in deliveries])

    def claim(self, now: datetime, channel: str, limit: int, lease: timedelta) -> list[Delivery]:
        """Take up to `limit` due deliveries of a channel for the time of `lease`: critical, then longest due."""
        rows = self._conn.execute(claimable(now, channel, limit)).all()
        for some in chunks([row.id for row in rows]):
            self._conn.execute(update(delivery).where(delivery.c.id.in_(some)).values(lease_until=now + lease))
        return [_delivery(row) for row in rows]

    def sent(self, id: str, at: datetime, detail: str) -> None:
        """The channel took it."""
        self._attempted(id, at, detail, ok=True, state=DeliveryState.SENT, ended=at, last_error="")

    def retry(self, id: str, at: datetime, next_try: datetime, error: str) -> None:
        """It failed; try again from `next_try` on."""
        self._attempted(id, at, error, ok=False, next_try=next_try, last_error=error)

    def dead(self, id: str, at: datetime, error: str) -> None:
        """The channel refused it for good."""
        self._attempted(id, at, error, ok=False, state=DeliveryState.DEAD, ended=at, last_error=error)

    def _attempted(self, id: str, at: datetime, detail: str, *, ok: bool, **changes: Any) -> None:
        changes |= {"attempts": delivery.c.attempts + 1, "lease_until": None}
        pending = (delivery.c.id == id, delivery.c.ended.is_(None))
        if self._conn.execute(update(delivery).where(*pending).values(changes)).rowcount:
            number = select(delivery.c.attempts).where(delivery.c.id == id).scalar_subquery()
            row = {"delivery": id, "number": number, "at": at, "ok": ok, "detail": detail}
            self._conn.execute(insert(attempt).values(row))

    def release_all(self) -> None:
        """End all leases. At the start of the single instance: whoever held them is dead."""
        leased = delivery.c.ended.is_(None) & delivery.c.lease_until.is_not(None)
        self._conn.execute(update(delivery).where(leased).values(lease_until=None))

    def counts(self) -> dict[DeliveryState, int]:
        """How many deliveries stand where; every state is there."""
        query = select(delivery.c.state, func.count()).group_by(delivery.c.state)
        counts = dict.fromkeys(DeliveryState, 0)
        for state, count in self._conn.execute(query):
            counts[state] = count
        return counts

    def oldest_pending(self) -> datetime | None:
        """When the pending delivery that waits longest was queued."""
        return self._conn.execute(select(func.min(delivery.c.created)).where(delivery.c.ended.is_(None))).scalar()

    def of_alert(self, alert_id: str) -> list[Delivery]:
        """The deliveries of an alert, by channel."""
        rows = self._conn.execute(select(delivery).where(delivery.c.alert == alert_id).order_by(delivery.c.channel))
        return [_delivery(row) for row in rows]

    def attempts(self, id: str) -> list[Attempt]:
        """Every try to send a delivery, in order."""
        query = select(attempt).where(attempt.c.delivery == id).order_by(attempt.c.number)
        return [Attempt(row.number, row.at, row.ok, row.detail) for row in self._conn.execute(query)]


def claimable(now: datetime, channel: str, limit: int) -> Any:
    """The query behind `claim`: it reads the due part of the index of pending deliveries."""
    critical_first = case((delivery.c.severity == Severity.CRITICAL, 0), else_=1)
    return (
        select(delivery)
        .where(
            delivery.c.channel == channel,
            delivery.c.ended.is_(None),
            delivery.c.next_try <= now,
            or_(delivery.c.lease_until.is_(None), delivery.c.lease_until <= now),
        )
        .order_by(critical_first, delivery.c.next_try, delivery.c.created, delivery.c.id)
        .limit(limit)
    )


_FIELDS = (
    *("id", "alert", "channel", "state", "attempts", "next_try", "severity", "subject", "body"),
    *("last_error", "story"),
)


def _row(item: Delivery) -> dict[str, Any]:
    row = {name: getattr(item, name) for name in _FIELDS}
    ended = None if item.state is DeliveryState.PENDING else item.next_try
    return row | {"created": item.next_try, "lease_until": None, "ended": ended}


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{name: row._mapping[name] for name in _FIELDS})
