"""The verbs at work: a crew that polls, one that reads, one that reads again, and one for each channel that sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import timedelta
from typing import Any

from monitor.log import get_logger
from monitor.model import Delivery, FeedState
from monitor.pipeline import Pipeline
from monitor.reread import host_of
from monitor.service.crew import Crew
from monitor.store.entries import PendingEntry
from monitor.store.revisions import Reread

POLLS = 32  # feeds asked at once
READS = 16  # articles under way at once,
READS_OF_ONE = 4  # of one feed: whatever its pages do, there is room for those of the others
REREADS = 2  # of articles that matched: never in the way of new ones
LEASE = timedelta(minutes=3)  # of a claimed entry; nothing we do with one takes longer


class Crews:
    """What each crew claims is asked of the database, which is the queue; what it does is the pipeline's."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._line = pipeline
        self._log = get_logger()
        self.polls: Crew[FeedState] = Crew(
            "poll", POLLS, claim=self._due_feeds, key=lambda state: state.url, work=pipeline.poll
        )
        self.reads: Crew[PendingEntry] = Crew(
            "process",
            READS,
            claim=self._due_entries,
            key=lambda pending: (pending.feed, pending.id),
            work=pipeline.process,
        )
        again = pipeline.rereader
        self.rereads: Crew[Reread] = Crew("reread", REREADS, claim=again.due, key=host_of, work=again.read)
        self.sends: tuple[Crew[Delivery], ...] = tuple(self._sender(channel) for channel in pipeline.channels)

    def _sender(self, channel: str) -> Crew[Delivery]:
        """One message at a time on each channel: they arrive in order, and a hung channel holds up no other."""
        line = self._line
        return Crew(
            "deliver",
            1,
            claim=lambda room, _busy: line.due_messages(channel, room),
            key=lambda delivery: delivery.id,
            work=line.deliver,
            eager=True,
        )

    def _due_feeds(self, room: int, busy: frozenset[Hashable]) -> list[FeedState]:
        if self._line.store.shortage():
            return []  # what is here still has to be told, and that takes room as well
        with self._line.store.read() as tx:
            due = tx.feeds.due(self._line.clock.now(), room + len(busy))
        return [state for state in due if state.url not in busy][:room]

    def _due_entries(self, room: int, busy: frozenset[Any]) -> list[PendingEntry]:
        if self._line.store.shortage():
            return []
        under_way = Counter(feed for feed, _ in busy)
        with self._line.store.write() as tx:
            return tx.entries.claim(self._line.clock.now(), room, LEASE, most=READS_OF_ONE, busy=under_way)

    @property
    def all(self) -> Sequence[Crew[Any]]:
        """Polls first."""
        return (self.polls, self.reads, self.rereads, *self.sends)

    @property
    def vital(self) -> Sequence[Crew[Any]]:
        """Those that stand still only when something is stuck. Reading again may wait long for a slow site."""
        return (self.polls, self.reads, *self.sends)

    def turn(self) -> None:
        """Start whatever is due and there is room for."""
        for crew in self.all:
            crew.turn()

    def finish(self, crew: Crew[Any], progress: Callable[[str, int, int], None]) -> None:
        """Turn one crew until nothing is due for it; `progress(verb, done, waiting)` hears of it."""
        while (tick := crew.turn()).waiting:
            progress(crew.name, tick.done + tick.failed, tick.waiting)
            crew.wait(0.2)

    def drain(self, seconds: float) -> None:
        """Start nothing more, and let work under way finish; what does not is done at the next start."""
        until = self._line.clock.monotonic() + seconds
        for crew in self.all:
            crew.close()
        for crew in self.all:
            if not crew.wait(max(0.0, until - self._line.clock.monotonic())):
                self._log.warning("left unfinished, will be done at the next start", work=crew.name, items=crew.busy)
