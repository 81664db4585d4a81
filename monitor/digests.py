"""Digests by the clock on the wall: once for each of their times, whatever the clock or summer time does."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.alerts.compose import compose_waiting
from monitor.config.cron import next_time
from monitor.config.manners import DigestSettings
from monitor.desk import Desk
from monitor.judge import queue
from monitor.model import DevelopmentKind, Severity
from monitor.store import Store, Transaction

LONGEST = timedelta(days=7)  # that a digest looks back, after a long stop
SET_BACK = timedelta(hours=2)  # a digest noted further ahead was sent before the clock was set back
LINES = 100


def send_digests(store: Store, desk: Desk, now: datetime) -> None:
    """Queue the digests of which a time has come since they were looked at. To be called every few seconds or minutes.

    Times that were missed become one digest. The first look only notes the time.
    """
    for digest in desk.settings.digests:
        wall = now.astimezone(desk.settings.zone).replace(tzinfo=None)
        with store.read() as tx:
            noted = tx.notes.get(_key(digest))
        last = datetime.fromisoformat(noted) if noted else None
        if last is None or last > wall + SET_BACK:
            with store.write() as tx:
                tx.notes.set(_key(digest), wall.isoformat(), now)
            continue
        due = next_time(digest.cron, last)
        if due is not None and due <= wall:
            with store.write() as tx:
                _send(tx, desk, digest, wall, now)


def _key(digest: DigestSettings) -> str:
    return f"digest:{digest.name}"


def _send(tx: Transaction, desk: Desk, digest: DigestSettings, wall: datetime, now: datetime) -> None:
    zone = desk.settings.zone
    before = tx.notes.at(_key(digest))
    since = before if before and now - LONGEST <= before < now else now - timedelta(days=1)
    tx.notes.set(_key(digest), wall.isoformat(), now)
    told = [
        alert
        for alert in tx.alerts.since(since)
        if isinstance(alert.kind, DevelopmentKind) and alert.severity >= digest.min_severity and alert.made < now
    ]
    if not told:
        return
    told.sort(key=lambda alert: (-alert.severity, alert.made))
    alert = compose_waiting(
        f"({digest.name})",
        told[:LINES],
        channel=digest.name,
        since=since,
        count=len(told),
        critical=sum(alert.severity == Severity.CRITICAL for alert in told),
        zone=zone,
        now=now,
        rule_set=desk.rules.version,
        language=desk.settings.language,
    )
    queue(tx, desk, alert, digest.send)
