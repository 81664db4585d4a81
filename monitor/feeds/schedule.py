"""When a feed is polled next, learnt from how often it changes and how it fails. Pure.

No feed is ever given up: the longest pause is six hours, or what the server itself asked for, up to a day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import Feed, FeedHealth, FeedState, FetchResult

FASTER = 0.5  # the interval shrinks to this part when a poll found something new,
SLOWER = 1.25  # and grows by this when it did not: a feed with news in a quarter of its polls stays at its minimum
FIRST_RETRY = 60.0  # seconds: most failures are over at once, and news does not wait
LONGEST_BACK_OFF = 6 * 3600.0  # seconds
LONGEST_RETRY_AFTER = 24 * 3600.0  # seconds
JITTER = 0.1  # share of a pause by which it may be longer or shorter, so that feeds do not stay in step
POLLS_TO_MOVE = 3  # equal permanent redirects in a row before the new address is used directly
DOUBTED_304 = 0.05  # share of them after which the whole feed is asked for: some servers say "not modified" for ever
FAILURES_TO_RETURN = 3  # in a row, before a new address is dropped for the old one


def poll_url(state: FeedState) -> str:
    """The address to poll: the feed's own, or where it has moved for good, unless that has begun to fail."""
    moved = state.moved_count >= POLLS_TO_MOVE and state.failures < FAILURES_TO_RETURN
    return state.moved_to if moved else state.url


def after_success(
    state: FeedState,
    now: datetime,
    new_entries: int,
    feed: Feed,
    jitter: float,
    *,
    result: FetchResult | None = None,
    body_hash: str = "",
    damage: str = "",
) -> FeedState:
    """The state after a poll that could be read; 304 and an unchanged body count as no new entries.

    `jitter` is a random number in [0, 1). `result` brings validators and redirects. A cut-off or damaged body
    (`damage`) keeps no validators, so that the next poll gets the whole feed.
    """
    interval = state.interval * (FASTER if new_entries else SLOWER)
    interval = min(max(interval, feed.min_interval), feed.max_interval)
    state = replace(
        state,
        health=FeedHealth.PARTIAL if damage else FeedHealth.OK,
        interval=interval,
        next_poll=_later(now, interval, jitter),
        last_poll=now,
        last_success=now,
        last_new=now if new_entries else state.last_new,
        failures=0,
        error_class="",
        error=damage,
    )
    if result is None:
        return state
    if result.not_modified:
        state = replace(state, etag="", last_modified="") if jitter < DOUBTED_304 else state
        return _with_move(state, result, feed)
    return _with_validators(_with_move(state, result, feed), result, body_hash, damage)


def after_failure(
    state: FeedState,
    now: datetime,
    error_class: str,
    error: str,
    retry_after: float | None,
    feed: Feed,
    jitter: float,
) -> FeedState:
    """The state after a poll that failed: tried again within a minute, then after the shortest interval, then at
    doubling pauses. `retry_after` is in seconds, `jitter` a random number in [0, 1)."""
    failures = state.failures + 1
    if error_class == "gone":
        pause = LONGEST_BACK_OFF
    elif failures == 1:
        pause = min(FIRST_RETRY, feed.min_interval)
    elif failures == 2:
        pause = feed.min_interval
    else:
        pause = min(state.interval * 2.0 ** min(failures - 2, 20), LONGEST_BACK_OFF)
    next_poll = _later(now, pause, jitter)
    if retry_after is not None:  # what the server asks for is a lower bound, without jitter below it
        next_poll = max(next_poll, now + timedelta(seconds=min(retry_after, LONGEST_RETRY_AFTER)))
    return replace(
        state,
        health=FeedHealth.GONE if error_class == "gone" else FeedHealth.FAILING,
        next_poll=next_poll,
        last_poll=now,
        failures=failures,
        error_class=error_class,
        error=error,
    )


def _later(now: datetime, pause: float, jitter: float) -> datetime:
    return now + timedelta(seconds=pause * (1 - JITTER + 2 * JITTER * jitter))


def _with_move(state: FeedState, result: FetchResult, feed: Feed) -> FeedState:
    """Count permanent redirects to one and the same address. A poll of an adopted address brings no redirect, which
    is no reason to forget it. A feed that may be private, or has a secret in its address, does not move: both were
    given to the address in the file, and not to one that a server named."""
    if feed.allow_private or "${" in feed.url:
        return replace(state, moved_to="", moved_count=0)
    if result.permanent_url == "":
        at_new_address = result.url == state.moved_to and result.url != state.url
        return state if at_new_address else replace(state, moved_to="", moved_count=0)
    if result.permanent_url == state.moved_to:
        return replace(state, moved_count=state.moved_count + 1)
    return replace(state, moved_to=result.permanent_url, moved_count=1)


def _with_validators(state: FeedState, result: FetchResult, body_hash: str, damage: str) -> FeedState:
    if damage or result.partial:
        return replace(state, etag="", last_modified="", body_hash="")
    return replace(state, etag=result.etag, last_modified=result.last_modified, body_hash=body_hash)
