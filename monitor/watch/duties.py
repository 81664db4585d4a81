"""What is looked at every few seconds and told when it is time: feeds, gaps, troubles that are over, the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from monitor.alerts.compose import compose_operator
from monitor.errors import MonitorError
from monitor.feeds.health import Patience, review, span_words
from monitor.gap import report_gap
from monitor.judge import queue
from monitor.log import get_logger
from monitor.model import FeedState
from monitor.pipeline import Pipeline
from monitor.store import Transaction
from monitor.watch.channels import have_turned, tell_turned
from monitor.watch.daily import Daily
from monitor.watch.fault import forget_fault, read_fault
from monitor.watch.receipts import Ask
from monitor.watch.vitals import Episodes, Trouble, in_words

TROUBLES = "troubles"  # the note of what makes no progress now
REVIEW = timedelta(seconds=30)  # between two looks at all feeds


class Duties:
    """`do` is called every few seconds; a duty that fails is logged and does not keep the others from theirs."""

    def __init__(
        self,
        pipeline: Pipeline,
        episodes: Episodes,
        ask: Ask,
        troubles: Callable[[], Sequence[Trouble]] = tuple,
    ) -> None:
        """`ask` looks for receipts of the canary."""
        self._line = pipeline
        self._troubles = troubles
        self._noted: str | None = None
        self._episodes = episodes
        self._reviewed: datetime | None = None
        self._daily = Daily(pipeline, ask)
        self._log = get_logger()

    def do(self) -> None:
        """Everything that is due now."""
        duties: tuple[Callable[[], None], ...] = (
            *(
                self.mend_files,
                self.note_troubles,
                self.tell_fault,
                self.tell_episodes,
                self.report_gap,
                self.review_feeds,
                self.review_channels,
            ),
            self._daily.do,
        )
        for duty in duties:
            try:
                duty()
            except MonitorError as error:
                self._log.warning("duty put off", duty=duty.__name__, error=str(error))
            except Exception:
                self._log.exception("duty failed", duty=duty.__name__)

    def _tell(self, tx: Transaction, title: str, lines: tuple[str, ...]) -> None:
        desk = self._line.desk
        alert = compose_operator(title, lines, self._line.clock.now(), desk.rules.version)
        queue(tx, desk, alert, tuple(self._line.channels))

    def mend_files(self) -> None:
        """Somebody removed the database's files under us."""
        if words := self._line.store.mend():
            self._log.error("database mended", what=words)
            self._line.tell_operator("The database was mended", (words,))

    def note_troubles(self) -> None:
        """For `monitor status`."""
        words = in_words(self._troubles())
        if words != self._noted:
            with self._line.store.write() as tx:
                tx.notes.set(TROUBLES, words, self._line.clock.now())
            self._noted = words

    def tell_fault(self) -> None:
        """Why the process before us ended, when it ended itself."""
        desk = self._line.desk
        with self._line.store.read() as tx:
            fault = read_fault(tx, desk.settings)
        if fault is None:
            return
        why, at = fault
        with self._line.store.write() as tx:
            local = at.astimezone(desk.settings.zone)
            self._tell(tx, f"Restarted itself at {local:%H:%M}: a part of it was stuck", tuple(why.split("; ")))
            forget_fault(tx, desk.settings, self._line.clock.now())

    def tell_episodes(self) -> None:
        """What made no progress for a while and does again."""
        over = tuple(self._episodes.over)
        if not over:
            return
        lines = tuple(
            f"{part}: {why}; over {span_words(timedelta(seconds=lasted))} after it was noticed"
            for part, why, lasted in over
        )
        local = self._line.clock.now().astimezone(self._line.desk.settings.zone)
        with self._line.store.write() as tx:
            self._tell(tx, f"Works again since {local:%H:%M}: {', '.join(part for part, _, _ in over)}", lines)
        self._episodes.told(len(over))

    def report_gap(self) -> None:
        """The time in which nobody watched, once what it held up is done."""
        with self._line.store.write() as tx:
            report_gap(tx, self._line.desk, tuple(self._line.channels), self._line.clock.now())

    def review_feeds(self) -> None:
        """Feeds that turned or recovered."""
        now = self._line.clock.now()
        if self._reviewed and abs(now - self._reviewed) < REVIEW:
            return
        self._reviewed = now
        desk, proof = self._line.desk, self._line.desk.settings.proof
        patience = Patience(proof.failing_after, proof.failing_polls)
        names = {url: self._name(url) for url in desk.feeds}
        with self._line.store.read() as tx:
            states, records = tx.feeds.all(), tx.feeds.records()
        found = review(states, records, names, now, patience)
        if not found.records and not found.notices:
            return
        with self._line.store.write() as tx:
            # Polls go on meanwhile: judge again what we would write, on what is stored now.
            fresh: list[FeedState] = tx.feeds.all()
            found = review(fresh, tx.feeds.records(), names, now, patience)
            for url, record in found.records.items():
                tx.feeds.save_record(url, record)
            for notice in found.notices:
                self._tell(tx, notice.title, notice.lines)

    def review_channels(self) -> None:
        """Channels that take nothing, or do again."""
        channels, now = tuple(self._line.channels), self._line.clock.now()
        with self._line.store.read() as tx:
            if not have_turned(tx, channels, now):
                return
        with self._line.store.write() as tx:
            tell_turned(tx, self._line.desk, channels, now)

    def _name(self, url: str) -> str:
        """The outlet's name; with the address where it has several feeds."""
        desk = self._line.desk
        feed = desk.feeds[url]
        outlet = desk.outlets.get(feed.outlet)
        name = outlet.name if outlet else feed.outlet
        several = sum(other.outlet == feed.outlet for other in desk.feeds.values()) > 1
        return f"{name} ({url})" if several else name
