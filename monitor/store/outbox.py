"""The outbox: a row for each alert and channel until it is sent, told in a digest, or refused for good, and a row for
each attempt.

What is due never depends on the wall clock alone: a message whose last try, or whose lease, lies in the future was
written before the clock was set back, and is due.
"""

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
    and_,
    case,
    false,
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
    Column("last_try", UtcTime, nullable=False),  # when it was queued, tried or put off
    Column("ended", UtcTime),  # sent, digested or dead; NULL: pending
    Column("last_error", CleanText, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("told_in", CleanText, nullable=False),
    Index(None, "alert"),
    Index(None, "state"),
    Index(None, "channel", "ended"),
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


PENDING = delivery.c.ended.is_(None)
# Digests and the program's own alerts are not what a storm is made of.
SINGLE = and_(*(delivery.c.alert.not_like(f"{kind}-%") for kind in ("digest", "operator", "test")))


WAITING = (delivery.c.id, delivery.c.alert, delivery.c.severity, delivery.c.created)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery as far as a digest needs it."""

    id: str
    alert: str
    severity: Severity
    created: datetime  # when it was queued


@dataclass(frozen=True, slots=True)
class Load:
    """How much a channel has to say and has said lately, digests and the program's own alerts left out."""

    waiting: int
    oldest: datetime | None  # when the one that waits longest was queued
    newest: datetime | None
    sent: int  # lately
    critical: int  # of those sent


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

    def claim(
        self,
        now: datetime,
        channel: str,
        limit: int,
        lease: timedelta,
        *,
        least: Severity | None = Severity.INFO,
        digests: bool = True,
    ) -> list[Delivery]:
        """Take up to `limit` due deliveries of a channel for the time of `lease`: critical, then as queued.

        `least`: only from this severity on, None: none; `digests`: and digests and the program's own alerts, whatever
        their severity.
        """
        query = claimable(now, channel, limit, lease)
        if least != Severity.INFO:
            grave = false() if least is None else delivery.c.severity >= least
            query = query.where(or_(grave, ~SINGLE) if digests else grave)
        rows = self._conn.execute(query).all()
        for some in chunks([row.id for row in rows]):
            self._conn.execute(update(delivery).where(delivery.c.id.in_(some)).values(lease_until=now + lease))
        return [_delivery(row) for row in rows]

    def sent(self, id: str, at: datetime, detail: str) -> None:
        """The channel took it."""
        self._attempted(id, at, detail, ok=True, state=DeliveryState.SENT, ended=at, last_error="")

    def retry(self, id: str, at: datetime, next_try: datetime, error: str, *, plain: bool = False) -> None:
        """It failed; try again from `next_try` on, `plain`: as short plain text."""
        changes = {"plain": True} if plain else {}
        self._attempted(id, at, error, ok=False, next_try=next_try, last_error=error, **changes)

    def dead(self, id: str, at: datetime, error: str) -> None:
        """The channel refused it for good."""
        self._attempted(id, at, error, ok=False, state=DeliveryState.DEAD, ended=at, last_error=error)

    def _attempted(self, id: str, at: datetime, detail: str, *, ok: bool, **changes: Any) -> None:
        changes |= {"attempts": delivery.c.attempts + 1, "lease_until": None, "last_try": at}
        if self._conn.execute(update(delivery).where(delivery.c.id == id, PENDING).values(changes)).rowcount:
            number = select(delivery.c.attempts).where(delivery.c.id == id).scalar_subquery()
            row = {"delivery": id, "number": number, "at": at, "ok": ok, "detail": detail}
            self._conn.execute(insert(attempt).values(row))

    def hold(self, channel: str, now: datetime, until: datetime) -> None:
        """Try nothing on this channel before `until`: it just failed, or said when to come back."""
        early = (delivery.c.channel == channel, PENDING, delivery.c.next_try < until)
        self._conn.execute(update(delivery).where(*early).values(next_try=until, last_try=now))

    def let_go(self, channel: str, now: datetime) -> None:
        """The channel works again: what was only held, and what is critical, may go at once."""
        held = (delivery.c.attempts == 0) | (delivery.c.severity == Severity.CRITICAL)
        early = (delivery.c.channel == channel, PENDING, delivery.c.next_try > now, held)
        self._conn.execute(update(delivery).where(*early).values(next_try=now, last_try=now))

    def load(self, channel: str, since: datetime) -> Load:
        """What waits on a channel, and, where anything does, what it was sent since then."""
        here = (delivery.c.channel == channel, SINGLE)
        created = delivery.c.created
        queued = select(func.count(), func.min(created), func.max(created)).where(*here, PENDING)
        waiting, oldest, newest = self._conn.execute(queued).one()
        if not waiting:
            return Load(0, None, None, 0, 0)
        critical = func.sum(case((delivery.c.severity == Severity.CRITICAL, 1), else_=0))
        sent = (*here, delivery.c.state == DeliveryState.SENT, delivery.c.ended > since)
        count, grave = self._conn.execute(select(func.count(), critical).where(*sent)).one()
        return Load(waiting, oldest, newest, count, grave or 0)

    def waited(self, channel: str, before: datetime, below: Severity | None) -> list[Waiting]:
        """The unleased pending deliveries queued before a time, gravest first; of a severity below `below` (None: all).

        Digests and the program's own alerts are left out.
        """
        query = (
            select(*WAITING)
            .where(delivery.c.channel == channel, PENDING, SINGLE, delivery.c.lease_until.is_(None))
            .where(delivery.c.created <= before)
            .order_by(delivery.c.severity.desc(), delivery.c.created, delivery.c.id)
        )
        query = query if below is None else query.where(delivery.c.severity < below)
        return [Waiting(**row._mapping) for row in self._conn.execute(query)]

    def queued(self, id: str) -> Waiting | None:
        """When and as what a delivery was queued."""
        row = self._conn.execute(select(*WAITING).where(delivery.c.id == id)).one_or_none()
        return None if row is None else Waiting(**row._mapping)

    def digest(self, ids: Sequence[str], alert: str, at: datetime) -> None:
        """These are told by the digest `alert` on their channel."""
        told = {"state": DeliveryState.DIGESTED, "ended": at, "told_in": alert, "lease_until": None}
        for some in chunks(ids):
            self._conn.execute(update(delivery).where(delivery.c.id.in_(some), PENDING).values(told))

    def revive(self, ids: Sequence[str], now: datetime) -> int:
        """Queue dead, sent or digested deliveries again, and let those that wait be tried now; how many were queued."""
        now_due = {"next_try": now, "last_try": now}
        again = now_due | {"state": DeliveryState.PENDING, "ended": None, "plain": False, "told_in": ""}
        count = 0
        for some in chunks(ids):
            these = delivery.c.id.in_(some)
            self._conn.execute(update(delivery).where(these, PENDING).values(now_due))
            count += self._conn.execute(update(delivery).where(these, ~PENDING).values(again)).rowcount
        return count

    def ids(self, state: DeliveryState, channel: str = "") -> list[str]:
        """Ids of the deliveries in a state, the oldest first; of one channel, or of all."""
        query = select(delivery.c.id).where(delivery.c.state == state).order_by(delivery.c.created)
        return list(self._conn.execute(query.where(delivery.c.channel == channel) if channel else query).scalars())

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

    def pending(self) -> list[Delivery]:
        """Everything that waits, on any channel, the oldest first."""
        query = select(delivery).where(PENDING).order_by(delivery.c.created, delivery.c.id)
        return [_delivery(row) for row in self._conn.execute(query)]

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


def claimable(now: datetime, channel: str, limit: int, lease: timedelta) -> Any:
    """The query behind `claim`: it reads the index of pending deliveries of the channel."""
    critical_first = case((delivery.c.severity == Severity.CRITICAL, 0), else_=1)
    until = delivery.c.lease_until
    return (
        select(delivery)
        .where(
            delivery.c.channel == channel,
            PENDING,
            or_(delivery.c.next_try <= now, delivery.c.last_try > now),
            or_(until.is_(None), until <= now, until > now + lease),
        )
        .order_by(critical_first, delivery.c.created, delivery.c.id)
        .limit(limit)
    )


_FIELDS = (
    *("id", "alert", "channel", "state", "attempts", "next_try", "severity", "subject", "body"),
    *("last_error", "story", "plain", "told_in"),
)


def _row(item: Delivery) -> dict[str, Any]:
    row = {name: getattr(item, name) for name in _FIELDS}
    ended = None if item.state is DeliveryState.PENDING else item.next_try
    return row | {"created": item.next_try, "last_try": item.next_try, "lease_until": None, "ended": ended}


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{name: row._mapping[name] for name in _FIELDS})
