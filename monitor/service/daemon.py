"""The composition root: builds the parts of the program, keeps them turning, and stops them.

The main thread only watches over the rest. A timetable calls `_tick` twice a second, and the crews then claim what is
due in the database and do it, each in its own threads; between them lie nothing but rows.
"""

from __future__ import annotations

import random
import resource
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from typing import Self

from monitor import __version__
from monitor.alerts.channels import open_channels
from monitor.config.settings import Settings
from monitor.fetch import AioFetcher
from monitor.gap import LAST_CYCLE, note_cycle
from monitor.log import get_logger
from monitor.pipeline import Pipeline
from monitor.service.control import Control, socket_path
from monitor.service.crews import Crews
from monitor.service.reload import Reload, first_desk
from monitor.service.timetable import Timetable
from monitor.store import Store, StoreError
from monitor.watch.duties import Duties
from monitor.watch.guard import Guard
from monitor.watch.receipts import asker
from monitor.watch.vitals import Limits
from monitor.workers import Workers

READERS = 3  # processes that parse and extract: two feeds that do harm leave one to the others
SENDERS = 4  # processes that send, at most
FILES = 8192  # open at once, if we may
FEW_FILES = 256  # connections, databases and workers of a small desk
DRAIN = 20.0  # seconds that work under way may take when we stop; with the rest, under 30
LIMITS = Limits()


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def open_more_files() -> None:
    """As many files at once as the machine lets us: the usual 1,024 are few for hundreds of feeds and their pages."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, FILES)), hard))
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if allowed < FEW_FILES:
        get_logger().warning("few files may be open at once: feeds may fail", allowed=allowed, wanted=FEW_FILES)


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
            desk, problems = first_desk(self.store, settings, self.clock)
            workers = stack.enter_context(closing(Workers(count=READERS, counts_work=True)))
            # Its own processes: a hung channel must not hold up extraction, nor a hostile page a message.
            senders = stack.enter_context(closing(Workers(count=min(len(settings.channels), SENDERS))))
            self._fetcher = fetcher = stack.enter_context(closing(AioFetcher(user_agent=user_agent(settings))))
            self.pipeline = Pipeline(
                desk,
                store=self.store,
                fetcher=fetcher,
                workers=workers,
                channels=open_channels(settings.channels, senders),
                clock=self.clock,
                jitter=random.Random(),
            )
            with self.store.write() as tx:  # we are the only instance: what was under way died with the one before
                tx.entries.release_all()
                tx.outbox.release_all()
            stack.enter_context(closing(Control(self.store, socket_path(settings))))
            self._reload = Reload(self.pipeline, problems)
            self._crews = Crews(self.pipeline)
            self._guard = Guard(self.pipeline, self._crews.vital, fetcher, workers, senders, settings.proof, limits)
            self._duties = Duties(self.pipeline, self._guard.episodes, asker(senders), self._guard.vitals.troubles)
            self._stack = stack.pop_all()
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # --- as a service -------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Watch until a signal says stop. SIGHUP reloads the rules; a second SIGTERM or SIGINT ends at once."""
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGHUP, lambda *_: self._reload.soon())
        open_more_files()
        self._note_progress()
        timetable = Timetable(
            (
                (self._tick, 0.5),
                (self.pipeline.tell_backlog, 2.0),
                (self._reload.if_changed, 2.0),
                (self._duties.do, 5.0),
                (self.pipeline.send_digests, 10.0),
                (self._note_progress, 10.0),
                (self._prune, 3600.0),
            )
        )
        timetable.start()
        self.log.info("watching", feeds=len(self.pipeline.desk.feeds), channels=list(self.pipeline.channels))
        self._guard.start()
        while not self._stopping.wait(1.0):
            self._guard.look(timetable.restart)
        self.log.info("stopping")
        self._guard.stop()
        timetable.stop()
        self._crews.drain(DRAIN)
        with suppress(StoreError), self.store.write() as tx:
            tx.egress.add(self._fetcher.outgoing.take())
        self._guard.cut_off()

    def stop(self) -> None:
        """Make `run` return; may be called from any thread."""
        self._stopping.set()

    def _on_stop(self, number: int, _frame: object) -> None:
        if self._stopping.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self.stop()

    def _tick(self) -> None:
        try:
            self._crews.turn()
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
            tx.egress.add(self._fetcher.outgoing.take())

    def _prune(self) -> None:
        if rows := self.store.prune(self.clock.now()):
            self.log.info("forgot what is past its retention", rows=rows)
        self.store.check_daily(self.clock.now())

    # --- one cycle ----------------------------------------------------------------------------------------------

    def once(self, progress: Callable[[str, int, int], None]) -> None:
        """Poll what is due, process what is new, see to what is due today, deliver what is waiting; then return.

        `progress(verb, done, waiting)` is called a few times a second.
        """
        with self.store.write() as tx:  # runs are far apart by intent: what lies between them is no gap
            tx.notes.set(LAST_CYCLE, self.clock.now().isoformat(), self.clock.now())
        self._crews.finish(self._crews.polls, progress)
        self._crews.finish(self._crews.reads, progress)
        self._crews.finish(self._crews.rereads, progress)
        self.pipeline.tell_backlog()
        self.pipeline.send_digests()
        self._duties.do()
        for crew in self._crews.sends:
            self._crews.finish(crew, progress)
        self._note_progress()
