"""What `monitor status` shows: feeds, outbox, last cycle, rule set. Reads the database only."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from monitor.config import Settings
from monitor.errors import MonitorError
from monitor.model import FeedHealth, FeedState
from monitor.store import Store

ALIVE = timedelta(seconds=40)  # the daemon notes its progress every ten seconds


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a monitor, as its database tells it."""

    now: datetime
    watching: bool
    last_cycle: str
    rule_set: str
    feeds: tuple[FeedState, ...]
    waiting: int  # entries to be processed
    outbox: dict[str, int]
    oldest_pending: datetime | None

    def as_json(self) -> str:
        """One JSON object; times in ISO 8601."""
        return json.dumps(asdict(self), default=_plain, ensure_ascii=False, indent=2)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def read_status(settings: Settings) -> Status:
    """The status of the monitor with these settings. Raises MonitorError when it never ran."""
    if "://" not in settings.database and not Path(settings.database).exists():
        raise MonitorError(
            f"nothing to show: there is no database at {settings.database}; start with: monitor run", temporary=False
        )
    now = datetime.now(UTC)
    with Store.open(settings.database, read_only=True) as store, store.read() as tx:
        last_cycle = tx.notes.get("last-cycle") or ""
        return Status(
            now=now,
            watching=bool(last_cycle) and now - datetime.fromisoformat(last_cycle) < ALIVE,
            last_cycle=last_cycle,
            rule_set=tx.notes.get("rule-set") or "",
            feeds=tuple(tx.feeds.all()),
            waiting=sum(tx.entries.waiting()),
            outbox={state.value: count for state, count in tx.outbox.counts().items()},
            oldest_pending=tx.outbox.oldest_pending(),
        )


def show_status(status: Status, out: Console) -> None:
    """The status for a person: what is wrong first, then every feed."""
    out.print("watching" if status.watching else f"[red]not watching[/] (last cycle: {status.last_cycle or 'never'})")
    pending = status.outbox["pending"]
    waits = f", the oldest for {_ago(status.oldest_pending, status.now)}" if status.oldest_pending else ""
    out.print(f"rule set {status.rule_set} · {status.waiting} entries to read", highlight=False)
    out.print(
        f"outbox: {pending} waiting{waits}, {status.outbox['sent']} sent, {status.outbox['dead']} refused",
        highlight=False,
    )
    heard = sum(feed.health is FeedHealth.OK for feed in status.feeds)
    table = Table(title=f"{heard} of {len(status.feeds)} feeds heard", title_justify="left", box=None, pad_edge=False)
    for column in ("feed", "state", "last success", "next poll", "error"):
        table.add_column(column, overflow="fold")
    for feed in sorted(status.feeds, key=lambda feed: (feed.health is FeedHealth.OK, feed.url)):
        style = {FeedHealth.OK: "green", FeedHealth.NEW: "dim", FeedHealth.PARTIAL: "yellow"}.get(feed.health, "red")
        error = f"{feed.error_class} {feed.error} ({feed.failures} in a row)" if feed.error_class else feed.error
        table.add_row(
            feed.url,
            f"[{style}]{feed.health.value}[/]",
            f"{_ago(feed.last_success, status.now)} ago" if feed.last_success else "never",
            f"in {_ago(status.now, feed.next_poll)}" if feed.next_poll and feed.next_poll > status.now else "now",
            error,
        )
    out.print(table)


def _ago(earlier: datetime | None, later: datetime | None) -> str:
    """A span for people: 12 s, 5 min, 3 h, 2 d."""
    if earlier is None or later is None:
        return ""
    seconds = max(0.0, (later - earlier).total_seconds())
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
