"""What is asked of each part to see whether it lives."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import TimeoutError as NotYet
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.errors import MonitorError
from monitor.feeds.health import span_words
from monitor.ports import Clock
from monitor.store import Store
from monitor.workers import Workers, nothing

if TYPE_CHECKING:
    from monitor.fetch import AioFetcher
    from monitor.watch.vitals import Vitals

PROBE = "probe"  # the note that is written and read
ECHO = 10.0  # seconds
TASK = 10.0

Stamp = Callable[[], None]


def fetch_loop(fetcher: AioFetcher) -> Callable[[Stamp], None]:
    """The loop's thread comes to a new task."""

    def probe(_stamp: Stamp) -> None:
        try:
            fetcher.echo().result(ECHO)
        except NotYet:
            raise MonitorError(f"the fetch loop has not turned for {ECHO:.0f} s", temporary=True) from None

    return probe


def pool(workers: Workers) -> Callable[[Stamp], None]:
    """A worker process does a task; while ours waits its turn, those before it count as well."""

    def probe(stamp: Stamp) -> None:
        task = workers.run(nothing, timeout=TASK)
        finished = workers.finished
        while True:
            try:
                task.result(1.0)
                return
            except NotYet:
                if task.done():  # the task itself ran out of time
                    raise
                if workers.finished != finished:
                    finished = workers.finished
                    stamp()

    return probe


def database(store: Store, clock: Clock, vitals: Callable[[], Vitals]) -> Callable[[Stamp], None]:
    """What is written can be read; and what is due does not wait for ever."""

    def probe(_stamp: Stamp) -> None:
        now = clock.now()
        vitals().disk = store.shortage()
        with store.write() as tx:
            tx.notes.set(PROBE, now.isoformat(), now)
        with store.read() as tx:
            if tx.notes.get(PROBE) != now.isoformat():
                raise MonitorError("what was written cannot be read", temporary=True)
            due = tx.feeds.due(now, 1)
            refused, sent = tx.figures.refused_since(), tx.figures.last_sent()
        signs = vitals()
        first = due[0].next_poll if due else None
        signs.overdue = (now - first).total_seconds() if first else 0.0
        signs.outbox = _outbox(now, refused, sent, timedelta(seconds=signs.limits.outbox))

    return probe


def _outbox(now: datetime, refused: datetime | None, sent: datetime | None, limit: timedelta) -> str:
    """Messages are tried in vain, and no channel at all has taken one for long. Quiet hours are none of our worry."""
    if refused is None or now - refused < limit or (sent and now - sent < limit):
        return ""
    since = f", the last one {span_words(now - sent)} ago" if sent else ""
    return f"messages are tried in vain for {span_words(now - refused)} and no channel takes any{since}"
