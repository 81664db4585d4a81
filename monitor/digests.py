"""Digests by the clock on the wall: once a local day each, whatever the clock or summer time does."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from monitor.alerts.compose import compose_waiting
from monitor.desk import Desk
from monitor.judge import queue
from monitor.manners import DigestSettings
from monitor.model import DevelopmentKind, Severity
from monitor.store import Store, Transaction

LONGEST = timedelta(days=7)  # that a digest looks back, after a long stop
SET_BACK = timedelta(days=2)  # a digest of a day further ahead was sent before the clock was set back
LINES = 100


def send_digests(store: Store, desk: Desk, now: datetime) -> None:
    """Queue the digests whose hour has come today. To be called every few seconds or minutes."""
    today = now.astimezone(desk.settings.zone)
    for digest in desk.settings.digests:
        if today.time() < digest.at:
            continue
        with store.read() as tx:
            if _is_done(tx, digest, today.date()):
                continue
        with store.write() as tx:
            _send(tx, desk, digest, now)


def _key(digest: DigestSettings) -> str:
    return f"digest:{digest.name}"


def _is_done(tx: Transaction, digest: DigestSettings, today: date) -> bool:
    last = tx.notes.get(_key(digest))
    return last is not None and today <= date.fromisoformat(last) <= today + SET_BACK


def _send(tx: Transaction, desk: Desk, digest: DigestSettings, now: datetime) -> None:
    zone = desk.settings.zone
    before = tx.notes.at(_key(digest))
    since = before if before and now - LONGEST <= before < now else now - timedelta(days=1)
    tx.notes.set(_key(digest), now.astimezone(zone).date().isoformat(), now)
    told = [
        alert
        for alert in tx.alerts.since(since)
        if isinstance(alert.kind, DevelopmentKind) and alert.severity >= digest.min_severity
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
    )
    queue(tx, desk, alert, digest.send)
