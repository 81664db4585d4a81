"""What `monitor status` shows: feeds, outbox, last cycle, rule set. Reads the database only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.config import ChannelSettings, Settings
from monitor.errors import MonitorError
from monitor.feeds.harm import harm_words
from monitor.feeds.health import OUTAGE_BEGINS, OUTAGE_LEAST, UNREACHABLE, Assessment, assess
from monitor.feeds.schedule import POLLS_TO_MOVE, poll_url
from monitor.gap import open_gap
from monitor.model import FeedHealth, FeedRecord, FeedState
from monitor.store import Store, Transaction
from monitor.watch.duties import TROUBLES
from monitor.watch.fault import read_fault
from monitor.watch.receipts import Arrival, arrival, receipt_of

LATE = timedelta(minutes=5)  # from then on a message that waits is worth a line
MOST_FEEDS = 12  # named singly
WELL = frozenset({FeedHealth.OK, FeedHealth.NEW, FeedHealth.PARTIAL})
STYLES = {FeedHealth.OK: "green", FeedHealth.NEW: "dim", FeedHealth.PARTIAL: "yellow", FeedHealth.STALE: "yellow"}
ALIVE = timedelta(seconds=40)  # the daemon notes its progress every ten seconds


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """What is known of a channel: what it last took, and whether that arrives."""

    name: str
    taken: datetime | None
    by_hand: bool  # only a person can tell whether messages arrive
    arrival: Arrival | None  # None: it was never sent a canary


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
    health: dict[str, Assessment]  # by URL
    channels: tuple[ChannelStatus, ...] = ()
    canary: bool = False  # is one sent every day?
    wrong: tuple[str, ...] = ()  # the cause of everything that is wrong, in words; () when all is well

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
        states, records = tuple(tx.feeds.all()), tx.feeds.records()
        health = {state.url: assess(state, records.get(state.url, FeedRecord()), now) for state in states}
        watching = bool(last_cycle) and now - datetime.fromisoformat(last_cycle) < ALIVE
        channels = tuple(_channel(tx, channel) for channel in settings.channels)
        wrong = () if watching or not last_cycle else (_not_watching(last_cycle, now),)
        return Status(
            now=now,
            watching=watching,
            last_cycle=last_cycle,
            rule_set=tx.notes.get("rule-set") or "",
            feeds=states,
            waiting=sum(tx.entries.waiting()),
            outbox={state.value: count for state, count in tx.outbox.counts().items()},
            oldest_pending=tx.outbox.oldest_pending(),
            health=health,
            channels=channels,
            canary=settings.proof.canary_at is not None,
            wrong=(
                *wrong,
                *_inside(tx, settings),
                *_feeds(states, health, records, now),
                *_messages(tx, now),
                *_missing(channels),
            ),
        )


def _not_watching(last_cycle: str, now: datetime) -> str:
    last = datetime.fromisoformat(last_cycle)
    return (
        f"nobody watches since {last:%Y-%m-%d %H:%M} UTC ({_ago(last, now)}): the daemon does not run, or cannot write"
    )


def _inside(tx: Transaction, settings: Settings) -> list[str]:
    """What the daemon says of itself."""
    found = [f"the daemon: {why}" for why in (tx.notes.get(TROUBLES) or "").split("; ") if why]
    if fault := read_fault(tx, settings):
        found.append(f"the daemon ended itself: {fault[0]}")
    if gap := open_gap(tx):
        found.append(f"catching up with {gap.since:%H:%M}–{gap.until:%H:%M} UTC, when nobody watched")
    return found


def _feeds(
    states: Sequence[FeedState], health: Mapping[str, Assessment], records: Mapping[str, FeedRecord], now: datetime
) -> list[str]:
    """Feeds that are not well, each with its cause, many with the same cause on one line; and pages that did harm."""
    cut = [state for state in states if state.failures and state.error_class in UNREACHABLE]
    if len(cut) >= OUTAGE_LEAST and len(cut) >= OUTAGE_BEGINS * len(states):
        return [f"{len(cut)} of {len(states)} feeds cannot be reached: no network? For example {cut[0].error}"]
    bad = [(url, found) for url, found in health.items() if found.health not in WELL]
    lines = [f"{url} is {found.health}: {found.why}" for url, found in bad[:MOST_FEEDS]]
    lines += [f"{url}: {words}" for url, record in records.items() for words in harm_words(record, now)]
    return lines + ([f"and {len(bad) - MOST_FEEDS} more feeds, see: monitor feeds"] if bad[MOST_FEEDS:] else [])


def _messages(tx: Transaction, now: datetime) -> list[str]:
    """Channels that do not take what is due to them, with what they said."""
    found = []
    for item in tx.figures.stuck_channels(now - LATE):
        said = item.error or "not tried yet"
        found.append(f"channel {item.channel}: {item.count} wait, the oldest for {_ago(item.since, now)}: {said}")
    return found


def _channel(tx: Transaction, channel: ChannelSettings) -> ChannelStatus:
    taken = tx.figures.last_taken().get(channel.name)
    return ChannelStatus(channel.name, taken, not receipt_of(channel), arrival(tx, channel.name))


def _missing(channels: Sequence[ChannelStatus]) -> list[str]:
    """Channels that take messages which do not arrive."""
    lost = [channel.name for channel in channels if channel.arrival and channel.arrival.missing]
    return [f"channel {name}: the last canary is missing there, see: monitor alerts" for name in lost]


def show_status(status: Status, out: Console) -> None:
    """The status for a person: what is wrong first, then every feed."""
    out.print("watching" if status.watching else f"[red]not watching[/] (last cycle: {status.last_cycle or 'never'})")
    for line in status.wrong:
        out.print(f"[yellow]![/] {escape(line)}", highlight=False)
    pending = status.outbox["pending"]
    waits = f", the oldest for {_ago(status.oldest_pending, status.now)}" if status.oldest_pending else ""
    out.print(f"rule set {status.rule_set} · {status.waiting} entries to read", highlight=False)
    out.print(
        f"outbox: {pending} waiting{waits}, {status.outbox['sent']} sent, {status.outbox['dead']} refused",
        highlight=False,
    )
    show_channels(status, out)
    show_feeds(status, out)


def show_channels(status: Status, out: Console) -> None:
    """Every channel: when it last took a message, and what proves that messages arrive."""
    table = Table(box=None, pad_edge=False)
    for column in ("channel", "last taken", "arrival"):
        table.add_column(column, overflow="fold")
    for channel in status.channels:
        taken = f"{_ago(channel.taken, status.now)} ago" if channel.taken else "never"
        table.add_row(escape(channel.name), taken, _arrival_words(channel, status.now))
    out.print(table)
    if not status.canary:
        out.print('what a channel takes may still be dropped; to find out: canary: {at: "06:00"}', highlight=False)


def _arrival_words(channel: ChannelStatus, now: datetime) -> str:
    known = channel.arrival
    if known is None:
        return "[dim]not proven: no canary was sent yet[/]"
    last = f"{escape(known.how)}, {_ago(known.at, now)} ago" if known.at else ""
    if known.missing:
        return "[red]the last canary is missing[/]" + (f" ({last})" if last else "")
    if channel.by_hand:
        return f"[yellow]taken, not proven[/]; {last or f'seen it? monitor canary seen {escape(channel.name)}'}"
    return f"[green]proven[/]: {last}" if last else "[yellow]not proven yet[/]"


def show_feeds(status: Status, out: Console) -> None:
    """Every feed with its state and the cause; those that are not well first."""
    heard = sum(found.health in WELL - {FeedHealth.NEW} for found in status.health.values())
    table = Table(title=f"{heard} of {len(status.feeds)} feeds heard", title_justify="left", box=None, pad_edge=False)
    for column in ("feed", "state", "last success", "last new", "next poll", "cause"):
        table.add_column(column, overflow="fold")
    for feed in sorted(status.feeds, key=lambda feed: (status.health[feed.url].health in WELL, feed.url)):
        found = status.health[feed.url]
        style = STYLES.get(found.health, "red")
        times = f" ({feed.failures} in a row)" if feed.failures > 1 else ""
        table.add_row(
            escape(feed.url),
            f"[{style}]{found.health.value}[/]",
            f"{_ago(feed.last_success, status.now)} ago" if feed.last_success else "never",
            f"{_ago(feed.last_new, status.now)} ago" if feed.last_new else "never",
            f"in {_ago(status.now, feed.next_poll)}" if feed.next_poll and feed.next_poll > status.now else "now",
            escape("; ".join(filter(None, (found.why + times if found.why else "", _moved(feed))))),
        )
    out.print(table)


def _moved(feed: FeedState) -> str:
    """Where a feed says that it has moved for good, "" when it does not."""
    if not feed.moved_to:
        return ""
    if poll_url(feed) == feed.moved_to:
        return f"moved for good; asked at {feed.moved_to}"
    return f"says it moved to {feed.moved_to} ({feed.moved_count} of {POLLS_TO_MOVE} polls)"


def _ago(earlier: datetime | None, later: datetime | None) -> str:
    """A span for people: 12 s, 5 min, 3 h, 2 d."""
    if earlier is None or later is None:
        return ""
    seconds = max(0.0, (later - earlier).total_seconds())
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
