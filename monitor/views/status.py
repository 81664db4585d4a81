"""What `monitor status` shows: feeds, outbox, last cycle, rule set. Reads the database only."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.config.settings import Settings
from monitor.errors import MonitorError
from monitor.feeds.harm import harm_words
from monitor.feeds.health import OUTAGE_BEGINS, OUTAGE_LEAST, UNREACHABLE, Assessment, assess
from monitor.gap import open_gap
from monitor.model import FeedHealth, FeedRecord, FeedState
from monitor.service.reload import NOT_USED
from monitor.store import Store, Transaction
from monitor.store.store import SQLITE_NOTE
from monitor.watch.duties import TROUBLES
from monitor.watch.fault import read_fault
from monitor.watch.latency import latencies, p50_p95
from monitor.watch.receipts import Arrival, arrival, is_fresh, receipt_of

DAY = timedelta(days=1)
LATE = timedelta(seconds=30)  # from then on a message that was tried in vain is worth a line
MOST_FEEDS = 12  # named singly
WELL = frozenset({FeedHealth.OK, FeedHealth.NEW, FeedHealth.PARTIAL})
ALIVE = timedelta(seconds=40)  # the daemon notes its progress every ten seconds


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """What is known of a channel: what it last took, and whether that arrives."""

    name: str
    taken: datetime | None
    by_hand: bool  # only a person can tell whether messages arrive
    arrival: Arrival | None  # None: it was never sent a canary
    fresh: bool = False  # the last receipt is young enough to count
    delay: tuple[float, float] | None = None  # p50 and p95 of 24 hours, seconds from publication to delivery


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
    delays: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # by feed: p50, p95 until we see an article
    canary: bool = False  # is one sent every day?
    note: str = ""  # what is not wrong, and good to know: the version of SQLite
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
        channels = _channels(tx, settings, now)
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
            delays={url: p50_p95(values) for url, values in tx.figures.delays(now - DAY).items()},
            canary=settings.proof.canary_at is not None,
            note=tx.notes.get(SQLITE_NOTE) or "",
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
        f"nobody watches since {last:%Y-%m-%d %H:%M} UTC ({ago(last, now)}): the daemon does not run, or cannot write"
    )


def _inside(tx: Transaction, settings: Settings) -> list[str]:
    """What the daemon says of itself."""
    found = [f"the daemon: {why}" for why in (tx.notes.get(TROUBLES) or "").split("; ") if why]
    if fault := read_fault(tx, settings):
        found.append(f"the daemon ended itself: {fault[0]}")
    if mistake := tx.notes.get(NOT_USED):
        found.append(f"the files have mistakes, so older rules are in use: {mistake}; all of them: monitor check")
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
        found.append(f"channel {item.channel}: {item.count} wait, the oldest for {ago(item.since, now)}: {said}")
    return found


def _channels(tx: Transaction, settings: Settings, now: datetime) -> tuple[ChannelStatus, ...]:
    taken, delays = tx.figures.last_taken(), defaultdict[str, list[float]](list)
    for message in tx.figures.sent(now - DAY, now):
        delays[message.channel].append(latencies(message)["published_to_delivered"])
    return tuple(
        ChannelStatus(
            channel.name,
            taken.get(channel.name),
            not receipt_of(channel),
            known := arrival(tx, channel.name),
            bool(known and is_fresh(known, channel, settings.proof, now)),
            p50_p95(delays[channel.name]) if delays[channel.name] else None,
        )
        for channel in settings.channels
    )


def _missing(channels: Sequence[ChannelStatus]) -> list[str]:
    """Channels that take messages which do not arrive."""
    lost = [channel.name for channel in channels if channel.arrival and channel.arrival.missing]
    return [f"channel {name}: the last canary is missing there, see: monitor alerts" for name in lost]


def ago(earlier: datetime | None, later: datetime | None) -> str:
    """How long ago, for people: 12 s, 5 min, 3 h, 2 d."""
    return span((later - earlier).total_seconds()) if earlier and later else ""


def span(seconds: float) -> str:
    """12 s, 5 min, 3 h, 2 d."""
    seconds = max(0.0, seconds)
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
