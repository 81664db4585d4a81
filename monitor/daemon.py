"""The composition root: build everything, keep it turning, reload it, stop it. Only this module knows APScheduler."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor import __version__
from monitor.alerts.channels import open_channels
from monitor.config import Settings
from monitor.control import Control, socket_path
from monitor.crew import Crew
from monitor.desk import Desk, fingerprint, load_desk, load_last_good, save_last_good
from monitor.errors import BadConfiguration, Problem
from monitor.fetch import AioFetcher
from monitor.gap import LAST_CYCLE, note_cycle
from monitor.log import get_logger
from monitor.model import Delivery, FeedState
from monitor.pipeline import Pipeline
from monitor.store import Store
from monitor.store.entries import PendingEntry
from monitor.watch.duties import Duties
from monitor.watch.guard import Guard
from monitor.watch.vitals import Limits
from monitor.workers import Workers

POLLS = 32  # feeds asked at once
READS = 8  # articles under way at once
READERS = 2  # processes that parse and extract
SENDERS = 4  # processes that send, at most
LEASE = timedelta(minutes=3)  # of a claimed row; nothing we do with one takes longer
TICK = 0.5  # seconds between two looks at what is due
DRAIN = 20.0  # seconds that work under way may take when we stop; with the rest, under 30
LIMITS = Limits()


class Every(BaseTrigger):  # type: ignore[misc]
    """At once, then again so many seconds after each run. APScheduler's own interval counts every run it missed, one by
    one, when the clock is set a year ahead."""

    def __init__(self, seconds: float) -> None:
        self.span = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now if previous is None else now + self.span


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def user_agent(settings: Settings) -> str:
    """A truthful name for servers' logs, with the address that the desk gave for complaints."""
    return f"newsmonitor/{__version__} (news reader{'; ' + settings.contact if settings.contact else ''})"


class Daemon:
    """The whole program, built. `with Daemon(settings) as daemon: daemon.run()`.

    Raises BadConfiguration when the files cannot be used and no good ones were kept, StoreError when the database
    cannot be opened or another instance holds it.
    """

    def __init__(self, settings: Settings, limits: Limits = LIMITS) -> None:
        self.log = get_logger()
        self.clock = SystemClock()
        with ExitStack() as stack:
            self.store = stack.enter_context(Store.open(settings.database))
            self._lock = stack.enter_context(self.store.lock("daemon"))
            desk, problems = self._first_desk(settings)
            workers = stack.enter_context(closing(Workers(count=READERS)))
            # Its own processes: a hung channel must not hold up extraction, nor a hostile page a message.
            senders = stack.enter_context(closing(Workers(count=min(len(settings.channels), SENDERS))))
            channels = open_channels(settings.channels, senders)
            fetcher = stack.enter_context(closing(AioFetcher(user_agent=user_agent(settings))))
            self.pipeline = Pipeline(
                desk,
                store=self.store,
                fetcher=fetcher,
                workers=workers,
                channels=channels,
                clock=self.clock,
                jitter=random.Random(),
            )
            with self.store.write() as tx:  # we are the only instance: what was under way died with the one before
                tx.entries.release_all()
                tx.outbox.release_all()
            self._use(desk)
            stack.enter_context(closing(Control(self.store, socket_path(settings))))
            self._stack = stack.pop_all()
        if problems:
            self._tell_problems("The rules have mistakes: the last good ones are running", problems)
        self._files = fingerprint(settings)
        self._polls, self._reads, self._sends = self._crews(tuple(channels))
        self._stopping = threading.Event()
        self._guard = Guard(self.pipeline, self._crew, fetcher, workers, senders, settings.proof, limits)
        self._duties = Duties(self.pipeline, self._guard.episodes, self._guard.vitals.troubles)

    def _first_desk(self, settings: Settings) -> tuple[Desk, tuple[Problem, ...]]:
        """The desk to start with and the problems that keep the newest files from being it."""
        desk, problems = load_desk(settings)
        if desk is not None:
            save_last_good(self.store, desk, self.clock.now())
            return desk, ()
        kept = load_last_good(self.store, settings)
        if kept is None:
            raise BadConfiguration(problems)
        return kept, problems

    def _use(self, desk: Desk) -> None:
        """Work with this desk from now on. What is under way finishes with the desk it began with."""
        with self.store.write() as tx:
            tx.feeds.sync(tuple(desk.feeds.values()), self.clock.now())
        self.pipeline.desk = desk
        self.log.info("desk ready", rule_set=desk.rules.version, rules=len(desk.rules.rules), feeds=len(desk.feeds))

    def _tell_problems(self, title: str, problems: tuple[Problem, ...]) -> None:
        lines = tuple(str(problem).splitlines()[0] for problem in problems if problem.severity == "error")
        self.log.error("rules not used", problems=len(lines), first=lines[0] if lines else "")
        self.pipeline.tell_operator(title, lines[:10])

    # --- due work -----------------------------------------------------------------------------------------------

    def _crews(
        self, channels: tuple[str, ...]
    ) -> tuple[Crew[FeedState], Crew[PendingEntry], tuple[Crew[Delivery], ...]]:
        def due_feeds(room: int, busy: frozenset[Hashable]) -> list[FeedState]:
            with self.store.read() as tx:
                due = tx.feeds.due(self.clock.now(), room + len(busy))
            return [state for state in due if state.url not in busy][:room]

        def due_entries(room: int, _busy: frozenset[Hashable]) -> list[PendingEntry]:
            with self.store.write() as tx:
                return tx.entries.claim(self.clock.now(), room, LEASE)

        def due_deliveries(channel: str) -> Callable[[int, frozenset[Hashable]], list[Delivery]]:
            return lambda room, _busy: self.pipeline.due_messages(channel, room)

        line = self.pipeline
        polls = Crew("poll", POLLS, claim=due_feeds, key=lambda state: state.url, work=line.poll)
        reads = Crew("process", READS, claim=due_entries, key=lambda pending: pending.id, work=line.process)
        # One message at a time on each channel: they arrive in order, and a hung channel holds up no other.
        sends = tuple(
            Crew(
                "deliver",
                1,
                claim=due_deliveries(name),
                key=lambda delivery: delivery.id,
                work=line.deliver,
                eager=True,
            )
            for name in channels
        )
        return polls, reads, sends

    @property
    def _crew(self) -> tuple[Crew[Any], ...]:
        return (self._polls, self._reads, *self._sends)

    # --- as a service -------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Watch until a signal says stop. SIGHUP reloads the rules; a second SIGTERM or SIGINT ends at once."""
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_reload)
        self._note_progress()
        scheduler = self._schedule()
        self.log.info("watching", feeds=len(self.pipeline.desk.feeds), channels=list(self.pipeline.channels))
        self._guard.start()

        def rebuild() -> None:
            nonlocal scheduler
            # What is stuck may hold the locks that a shutdown asks for.
            threading.Thread(target=scheduler.shutdown, kwargs={"wait": False}, daemon=True).start()
            scheduler = self._schedule()

        while not self._stopping.wait(1.0):
            self._guard.look(rebuild)
        self.log.info("stopping")
        self._guard.stop()
        scheduler.shutdown(wait=False)
        self._drain()
        self._guard.cut_off()

    def stop(self) -> None:
        """Make `run` return; may be called from any thread."""
        self._stopping.set()

    def _on_stop(self, number: int, _frame: object) -> None:
        if self._stopping.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self.stop()

    def _on_reload(self, _number: int, _frame: object) -> None:
        self._files = ()  # as if every file had changed: the next look reloads, outside the signal handler

    def _drain(self) -> None:
        """Let work under way finish; what does not finish in time stays in the database for the next start."""
        until = self.clock.monotonic() + DRAIN
        for crew in self._crew:
            crew.close()
        for crew in self._crew:
            if not crew.wait(max(0.0, until - self.clock.monotonic())):
                self.log.warning("left unfinished, will be done at the next start", work=crew.name, items=crew.busy)

    def _schedule(self) -> BackgroundScheduler:
        """A scheduler with our handful of jobs. What is due is asked of the database, so a lost run loses nothing."""
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(6)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        scheduler.add_listener(
            lambda event: self.log.error("job failed", job=event.job_id, error=repr(event.exception)), EVENT_JOB_ERROR
        )
        for job, seconds in (
            (self._tick, TICK),
            (self.pipeline.tell_backlog, 2.0),
            (self.pipeline.send_digests, 10.0),
            (self._reload_if_changed, 2.0),
            (self._note_progress, 10.0),
            (self._duties.do, 5.0),
            (self._prune, 3600.0),
        ):
            scheduler.add_job(job, Every(seconds), id=job.__name__.strip("_"))
        scheduler.start()
        return scheduler

    def _tick(self) -> None:
        try:
            for crew in self._crew:
                crew.turn()
        finally:  # a database that refuses is a trouble of its own; the scheduler did its part
            self._guard.vitals.ticked()

    def _note_progress(self) -> None:
        if not self._lock.held():  # a database server that restarted may have let another instance in
            self.log.error("lost the lock of the database: stopping")
            self.stop()
            return
        with self.store.write() as tx:
            if gap := note_cycle(tx, self.clock.now()):
                self.log.warning("nobody watched", since=gap.since.isoformat(), until=gap.until.isoformat())
            tx.notes.set("rule-set", self.pipeline.desk.rules.version, self.clock.now())

    def _prune(self) -> None:
        if rows := self.store.prune(self.clock.now()):
            self.log.info("forgot what is past its retention", rows=rows)

    # --- reload -------------------------------------------------------------------------------------------------

    def _reload_if_changed(self) -> None:
        if fingerprint(self.pipeline.desk.settings) != self._files:
            self.reload()

    def reload(self) -> bool:
        """Load the rules again. A set with mistakes is not used: the running one stays, and people are told."""
        settings = self.pipeline.desk.settings
        self._files = fingerprint(settings)
        desk, problems = load_desk(settings)
        if desk is None:
            self._tell_problems("The changed rules have mistakes: the rules from before are still running", problems)
            return False
        save_last_good(self.store, desk, self.clock.now())
        self._use(desk)
        return True

    # --- one cycle ----------------------------------------------------------------------------------------------

    def once(self, progress: Callable[[str, int, int], None]) -> None:
        """Poll what is due, process what is new, deliver what is waiting; then return.

        `progress(verb, done, waiting)` is called a few times a second.
        """

        def finish(crew: Crew[Any]) -> None:
            while (tick := crew.turn()).waiting:
                progress(crew.name, tick.done + tick.failed, tick.waiting)
                crew.wait(0.2)

        with self.store.write() as tx:  # runs are far apart by intent: what lies between them is no gap
            tx.notes.set(LAST_CYCLE, self.clock.now().isoformat(), self.clock.now())
        finish(self._polls)
        finish(self._reads)
        self.pipeline.tell_backlog()
        for crew in self._sends:
            finish(crew)
        self._note_progress()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
