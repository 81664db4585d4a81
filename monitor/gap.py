"""Time in which nobody watched: noticed, caught up with, and reported once.

A gap is found by the note that the running daemon writes every few seconds: whatever made it stop (a crash, a stop, a
sleeping machine, a clock that was set, a database that could not be written), the next note comes late. Feeds that
were due in between are asked at once. What their first poll brings is late: it is told singly while it is fresh, up to
a limit, and the rest in the report.

After a backup was put back, the time since it was made is a gap as well, with a difference: somebody watched, and may
have told. All of it goes into the report.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts.compose import compose_operator, digest_lines
from monitor.desk import Desk
from monitor.feeds.health import span_words
from monitor.judge import queue
from monitor.model import BacklogItem, FeedRecord, FeedState
from monitor.store import Transaction

LAST_CYCLE = "last-cycle"
NOTE = "gap"
RESTORED = "restored"  # note: when a backup was put back
RESTORED_FOR = timedelta(days=2)  # in which an article from before that time may have been told by the lost database
SHORTEST = timedelta(seconds=60)  # a restart is shorter
TOLD_SINGLY = timedelta(hours=24)  # an article older than that waits for the report
MOST_SINGLY = 10
PATIENCE = timedelta(minutes=15)  # after which the report goes out although some feeds are still unasked


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody watched from `since` until `until`; `told` late matches went out singly since."""

    since: datetime
    until: datetime
    told: int = 0


@dataclass(frozen=True, slots=True)
class Late:
    """An article that a gap made late: its mark, and whether it has to wait for the report."""

    mark: str
    hold: bool


def note_cycle(tx: Transaction, now: datetime) -> Gap | None:
    """Note that we watch. A gap, when the note before is too old; it stays open until it is reported."""
    last = tx.notes.get(LAST_CYCLE)
    tx.notes.set(LAST_CYCLE, now.isoformat(), now)
    since = datetime.fromisoformat(last) if last else now
    if now - since < SHORTEST:
        return None
    before = open_gap(tx)
    gap = replace(before, until=now) if before else Gap(since, now)
    _save(tx, gap, now)
    return gap


def open_gap(tx: Transaction) -> Gap | None:
    """The gap that is not reported yet."""
    saved = tx.notes.get(NOTE)
    if not saved:
        return None
    row = json.loads(saved)
    return Gap(datetime.fromisoformat(row["since"]), datetime.fromisoformat(row["until"]), row["told"])


def note_restored(tx: Transaction, now: datetime) -> datetime | None:
    """Note that a backup was put back; until when it knows what was told, None when it never watched."""
    last = tx.notes.get(LAST_CYCLE)
    tx.notes.set(RESTORED, now.isoformat(), now)
    if last is None:
        return None
    before = open_gap(tx)
    _save(tx, replace(before, until=now) if before else Gap(datetime.fromisoformat(last), now), now)
    return datetime.fromisoformat(last)


def restored_at(tx: Transaction, now: datetime) -> datetime | None:
    """When a backup was put back, if that matters still."""
    noted = tx.notes.get(RESTORED)
    at = datetime.fromisoformat(noted) if noted else None
    return at if at and now - at < RESTORED_FOR else None


def _save(tx: Transaction, gap: Gap, now: datetime) -> None:
    tx.notes.set(NOTE, json.dumps(asdict(gap), default=datetime.isoformat), now)


def catch_up(tx: Transaction, state: FeedState, record: FeedRecord, now: datetime, new: int) -> FeedRecord:
    """The record of a feed after a poll that could be read: was it the first one after a gap that it had missed?"""
    gap, restored = open_gap(tx), restored_at(tx, now)
    missed = gap.until if gap and (state.next_poll is None or state.next_poll < gap.until) else restored
    if not missed or state.last_success is None or (record.caught_up and record.caught_up >= missed):
        return record
    return replace(record, caught_up=now, caught_up_new=new)


def lateness(
    tx: Transaction, feed: str, seen: datetime, published: datetime, now: datetime, zone: ZoneInfo
) -> Late | None:
    """Whether a gap is why the article came late. One without a date of its own has `published` = `seen`."""
    gap, restored = open_gap(tx), restored_at(tx, now)
    caught_up = tx.feeds.record(feed).caught_up == seen
    if restored and (published <= restored or (caught_up and published >= seen)):
        return Late("", hold=True)
    if gap is None or not caught_up or gap.until < published < seen:
        return None
    return Late(f"late: {_times(gap, now, zone)}", now - published > TOLD_SINGLY or gap.told >= MOST_SINGLY)


def count_told(tx: Transaction, now: datetime) -> None:
    """A late match was told singly."""
    if gap := open_gap(tx):
        _save(tx, replace(gap, told=gap.told + 1), now)


def report_gap(tx: Transaction, desk: Desk, channels: Sequence[str], now: datetime) -> bool:
    """Tell of the open gap once everything that it held up is done; False when there is nothing to tell yet."""
    gap = open_gap(tx)
    if gap is None:
        return False
    states, records = tx.feeds.all(), tx.feeds.records()
    behind = [state for state in states if (state.next_poll is None or state.next_poll < gap.until)]
    if (behind or sum(tx.entries.waiting())) and now - gap.until < PATIENCE:
        return False
    untold = tx.decisions.backlog_untold(gap.since - timedelta(hours=48))
    lines = report_lines(gap, states, records, _names(desk), held=len(untold))
    title = f"Not watched {_times(gap, now, desk.settings.zone)} ({span_words(gap.until - gap.since)})"
    if (restored := restored_at(tx, now)) and gap.since <= restored <= gap.until:
        title = f"After putting a backup back: what came {_times(gap, now, desk.settings.zone)}, perhaps told before"
    alert = compose_operator(title, [*lines, *_items(untold, desk)], now, desk.rules.version)
    tx.decisions.mark_told([item.decision_id for item in untold], alert.id)
    queue(tx, desk, alert, channels)
    tx.notes.set(NOTE, "", now)
    return True


def report_lines(
    gap: Gap,
    states: Sequence[FeedState],
    records: Mapping[str, FeedRecord],
    names: Mapping[str, str],
    *,
    held: int,
) -> list[str]:
    """What the report says of the feeds and of the late alerts; `held` matches follow it in a list."""

    def named(urls: Sequence[str]) -> str:
        return ", ".join(names.get(url, url) for url in urls[:8]) + (f" and {len(urls) - 8} more" if urls[8:] else "")

    watched = [state.url for state in states]
    known = {url: records.get(url, FeedRecord()) for url in watched}
    caught_up = [url for url, record in known.items() if record.caught_up and record.caught_up >= gap.until]
    overflowed = [url for url in caught_up if (known[url].overflowed or gap.since) >= gap.until]
    silent = [state.url for state in states if state.failures and state.last_success and state.url not in caught_up]
    brought = sum(known[url].caught_up_new for url in caught_up)
    late = f"{gap.told} alerts late" if gap.told != 1 else "1 alert late"
    lines = [f"back-filled {brought} articles from {len(caught_up)} feeds; {late}" + (f", {held} below" * bool(held))]
    if overflowed:
        lines.append(f"window overflowed, articles may be missing: {named(overflowed)}")
    if silent:
        lines.append(f"cannot be asked since: {named(silent)}")
    return lines


def _items(untold: Sequence[BacklogItem], desk: Desk) -> list[str]:
    return digest_lines(untold, desk.outlets, desk.settings.language) if untold else []


def _names(desk: Desk) -> dict[str, str]:
    return {url: desk.outlets[feed.outlet].name for url, feed in desk.feeds.items() if feed.outlet in desk.outlets}


def _times(gap: Gap, now: datetime, zone: ZoneInfo) -> str:
    """01:12–04:30, with the days where they are not today."""

    def local(time: datetime) -> str:
        here = time.astimezone(zone)
        same_day = here.date() == now.astimezone(zone).date()
        return f"{here:%H:%M}" if same_day else f"{here.day}.{here.month}. {here:%H:%M}"

    return f"{local(gap.since)}–{local(gap.until)}"
