"""Is a feed well? Its state, why, and when people hear of it. Pure.

Nothing here stops a feed from being polled. Silence is judged by the feed's own rhythm: for each hour of the week we
count how often it brought something new. An hour that stays silent then adds -ln(1 - p) to the surprise, so that the
nights and Sundays of a feed that never writes at night or on Sundays add nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.feeds.record import DAMAGED
from monitor.model import FeedHealth, FeedRecord, FeedState

SHORTEST_SILENCE = timedelta(hours=24)  # no feed is called stale before
UNLEARNT_SILENCE = timedelta(days=7)  # the same for a feed whose rhythm we do not know yet
LEARNT = 120  # hours watched after which the rhythm is believed
SURPRISE = 5.0  # nats: by the feed's own rhythm, a silence that comes once in 150
ENOUGH_PAGES = 6  # before they are judged
OUTAGE_LEAST = 3  # feeds that fail together before it may be the network
OUTAGE_BEGINS, OUTAGE_ENDS = 0.5, 0.25  # share of all feeds
OUTAGE_FAILURES = 2  # in a row, of a feed that counts
UNREACHABLE = frozenset({"dns", "connect", "timeout", "network", "tls", "protocol"})
AT_ONCE = frozenset({"auth", "gone"})  # waiting does not help
OUTAGE = "outage"
CAUSES = {
    "dns": "its host name cannot be looked up",
    "connect": "no connection to its server",
    "tls": "its certificate is not valid",
    "timeout": "its server does not answer in time",
    "network": "the connection breaks off",
    "protocol": "its server does not speak proper HTTP",
    "too_large": "its answer is too large",
    "encoding": "its answer is packed in a way we cannot unpack",
    "redirect": "it redirects to nowhere",
    "blocked": "its address is on a private network",
    "auth": "its server refuses us",
    "gone": "its server says it is gone for good",
    "not_found": "its server has no such page",
    "rate_limited": "its server says we ask too often",
    "server": "its server has an error",
    "http": "its server gives an answer we cannot use",
    "empty": "its answer is empty",
    "not_a_feed": "what it answers is no feed",
    "parse": "what it answers cannot be read",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a feed may fail before people are told: whichever comes first."""

    failing_after: timedelta = timedelta(hours=6)
    failing_polls: int = 0  # 0: only the time counts


@dataclass(frozen=True, slots=True)
class Assessment:
    """A feed's state and, unless it is well, the reason in words."""

    health: FeedHealth
    why: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What a look at all feeds led to: changed records by URL, and the notices."""

    records: Mapping[str, FeedRecord]
    notices: tuple[Notice, ...]


# --- the state now ---------------------------------------------------------------------------------------------------


def assess(state: FeedState, record: FeedRecord, now: datetime) -> Assessment:
    """A feed's state as of `now`."""
    if state.failures:
        cause = CAUSES.get(state.error_class, "it cannot be polled")
        details = f" ({state.error_class}: {state.error})" if state.error else f" ({state.error_class})"
        return Assessment(FeedHealth.GONE if state.error_class == "gone" else FeedHealth.FAILING, cause + details)
    if state.last_success is None:
        return Assessment(FeedHealth.NEW)
    if why := _degraded(record):
        return Assessment(FeedHealth.DEGRADED, why)
    if why := _stale(state, record, now):
        return Assessment(FeedHealth.STALE, why)
    return Assessment(state.health, state.error)


def _degraded(record: FeedRecord) -> str:
    begun = record.told == FeedHealth.DEGRADED and record.sound < DAMAGED and record.damage
    if record.damaged >= DAMAGED or begun:
        return f"it can only be read in part: {record.damage}"
    if len(record.pages) < ENOUGH_PAGES:
        return ""
    bad = [mark[1:] for mark in record.pages if mark.startswith("!")]
    if 2 * len(bad) > len(record.pages):
        most = Counter(bad).most_common(1)[0][0]
        return f"{len(bad)} of its last {len(record.pages)} pages hold no whole article ({most})"
    alike = Counter(record.pages).most_common(1)[0][1]
    if 2 * alike > len(record.pages):
        return f"{alike} of its last {len(record.pages)} pages hold the same text: a cookie wall or an error page?"
    return ""


def _stale(state: FeedState, record: FeedRecord, now: datetime) -> str:
    last = state.last_new
    if last is None:
        return ""
    silence = now - last
    if record.hours >= LEARNT and sum(map(int, record.active)) > 1:  # one active hour is our first poll
        stale = silence >= SHORTEST_SILENCE and record.quiet >= SURPRISE
    else:
        stale = silence >= UNLEARNT_SILENCE
    return f"it answers, but has brought nothing new for {span_words(silence)}" if stale else ""


# --- when people hear of it ------------------------------------------------------------------------------------------


def review(
    states: Sequence[FeedState],
    records: Mapping[str, FeedRecord],
    names: Mapping[str, str],
    now: datetime,
    patience: Patience,
) -> Review:
    """Who is to be told of what. `names` are the outlets' names by feed URL.

    Everything that turns at the same time is one notice; when much of the feeds cannot be reached at once, that is one
    notice too, and the single feeds are not told until the rest is back.
    """
    now_known = {state.url: records.get(state.url, FeedRecord()) for state in states}
    changed, notices = _outage(states, now_known, now)
    now_known |= changed
    turned: list[tuple[str, str]] = []
    recovered: list[str] = []
    for state in states:
        record = now_known[state.url]
        told = _told(state, record, now, patience)
        if told == record.told:
            continue
        changed[state.url] = replace(record, told=told)
        name = names.get(state.url, state.url)
        if told:
            found = assess(state, record, now)
            turned.append((f"{name} is {found.health}", f"{name}: {found.why}\n{state.url}"))
        else:
            recovered.append(name)
    if turned:
        title = turned[0][0] if len(turned) == 1 else f"{len(turned)} feeds need a look"
        notices.append(Notice(title, tuple(line for _, line in turned)))
    if recovered:
        title = f"{recovered[0]} is well again" if len(recovered) == 1 else f"{len(recovered)} feeds are well again"
        notices.append(Notice(title, (", ".join(recovered),)))
    return Review(changed, tuple(notices))


def _told(state: FeedState, record: FeedRecord, now: datetime, patience: Patience) -> str:
    """What people should know of this feed from now on: its trouble, or "" when there is none or not yet."""
    health = assess(state, record, now).health
    if record.told == OUTAGE:
        return OUTAGE
    if health in (FeedHealth.OK, FeedHealth.PARTIAL):
        return ""
    if health is FeedHealth.NEW or health == record.told:
        return record.told
    if health is FeedHealth.FAILING and not _lasted(state, record, now, patience):
        return record.told
    if record.told and health is not FeedHealth.GONE:
        return record.told  # one trouble after another: they know that it is not well
    return health.value


def _lasted(state: FeedState, record: FeedRecord, now: datetime, patience: Patience) -> bool:
    if state.error_class in AT_ONCE:
        return True
    if patience.failing_polls and state.failures >= patience.failing_polls:
        return True
    return record.failing_since is not None and now - record.failing_since >= patience.failing_after


def _outage(
    states: Sequence[FeedState], records: Mapping[str, FeedRecord], now: datetime
) -> tuple[dict[str, FeedRecord], list[Notice]]:
    """Many feeds out of reach at once are one trouble: ours, most likely."""
    cut = [state for state in states if state.failures >= OUTAGE_FAILURES and state.error_class in UNREACHABLE]
    known = [url for url, record in records.items() if record.told == OUTAGE]
    share = len(cut) / len(states) if states else 0.0
    if share >= (OUTAGE_ENDS if known else OUTAGE_BEGINS) and (known or len(cut) >= OUTAGE_LEAST):
        joining = [state.url for state in cut if not records[state.url].told]
        changed = {url: replace(records[url], told=OUTAGE) for url in joining}
        if known:
            return changed, []
        causes = Counter(CAUSES[state.error_class] for state in cut).most_common(3)
        lines = tuple(f"{count} feeds: {cause}" for cause, count in causes)
        title = f"{len(cut)} of {len(states)} feeds cannot be reached: no network?"
        return changed, [Notice(title, (*lines, f"for example {cut[0].url}: {cut[0].error}"))]
    if not known:
        return {}, []
    still = {state.url for state in states if state.failures}
    title = f"The feeds can be reached again: {len(known) - len(still & set(known))} of {len(known)}"
    # Those that still fail have the full time from now on before they are told singly.
    changed = {
        url: replace(records[url], told="", failing_since=now if url in still else records[url].failing_since)
        for url in known
    }
    return changed, [Notice(title, tuple(f"still failing: {url}" for url in sorted(still & set(known))))]


def span_words(span: timedelta) -> str:
    """A length of time for people: 12 s, 5 min, 3 h 20 min, 2 d 4 h."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit, below, small in ((86400, "d", 3600, "h"), (3600, "h", 60, "min")):
        if seconds >= size:
            rest = seconds % size // below
            return f"{seconds // size} {unit}" + (f" {rest} {small}" if rest else "")
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"
