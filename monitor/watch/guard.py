"""Stands beside the daemon: sees what makes no progress, gets it replaced, and tells people afterwards.

The main thread looks once a second and touches neither database nor network, so that it cannot hang on either. What a
part of this process can mend is mended here (the scheduler is built anew); for the rest the process ends with a code
that makes a service manager start it again: everything under way is in the database.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from monitor.config.proof import Proof
from monitor.log import get_logger
from monitor.pipeline import Pipeline
from monitor.watch.alarm import STOPPED, raise_alarm
from monitor.watch.canary import called_back
from monitor.watch.endpoint import Endpoint
from monitor.watch.fault import note_fault
from monitor.watch.heartbeat import Heartbeat, sd_notify
from monitor.watch.metrics import Metrics
from monitor.watch.probes import database, fetch_loop, pool
from monitor.watch.vitals import Counted, Episodes, Limits, Probe, Trouble, Vitals, in_words

if TYPE_CHECKING:
    from monitor.fetch import AioFetcher
    from monitor.workers import Workers

EXIT_STUCK = 70  # EX_SOFTWARE of sysexits.h: start me again
EXIT_REFUSED = 78  # EX_CONFIG: starting again would not help
ALARM_AGAIN = 600.0  # seconds before the same part is told of again: its trouble may come and go
ALARMING = ("database", "disk")  # parts without which people may not hear of their trouble later
REBUILDS = 2  # schedulers in a row without a tick before the process ends
STOOD_STILL = 10.0  # seconds between two looks, which come every second
WATCHDOG = 10.0  # seconds between two words to the service manager's watchdog


class Guard:
    """`look` is called by the main thread about once a second, `ticked` by the scheduler's tick."""

    def __init__(
        self,
        pipeline: Pipeline,
        crews: Sequence[Counted],
        fetcher: AioFetcher,
        workers: Workers,
        senders: Workers,
        proof: Proof,
        limits: Limits,
        end: Callable[[int], None] = os._exit,
    ) -> None:
        self.limits = limits
        self._pipeline = pipeline
        self._clock = pipeline.clock
        self._end = end
        self._log = get_logger()
        probes = {
            "database": database(pipeline.store, pipeline.clock, lambda: self.vitals),
            "fetch loop": fetch_loop(fetcher),
            "workers": pool(workers),
            "senders": pool(senders),
        }
        asked = [Probe(name, probe, pipeline.clock, limits.every) for name, probe in probes.items()]
        store = pipeline.store
        self.vitals = Vitals(pipeline.clock, limits, crews, asked, lambda: store.writing_for)
        self.episodes = Episodes()
        self._heart = (
            Heartbeat(
                proof.heartbeat_url,
                proof.heartbeat_every,
                lambda: self.vitals.proven,
                self.vitals.troubles,
                fetcher.outgoing,
            )
            if proof.heartbeat_url
            else None
        )
        self.metrics = Metrics(pipeline.store, pipeline.clock, self.vitals, crews, tuple(pipeline.channels))
        self._http = None
        if proof.http_host:
            signs, page = self.vitals, self.metrics.page
            host, port = proof.http_host, proof.http_port
            self._http = Endpoint(host, port, lambda: signs.proven, signs.troubles, page, self._receipt)
        self._rebuilt = (0, 0)  # schedulers built in a row, and the tick they began at
        self._petted = 0.0
        self._alarmed: dict[str, float] = {}  # by part: when people were last told past the ordinary way
        self._looked = pipeline.clock.monotonic()

    def _receipt(self, alert: str) -> bool:
        with self._pipeline.store.write() as tx:
            return called_back(tx, alert, self._clock.now())

    def start(self) -> None:
        """Begin to probe, to beat, and to tell the service manager that we are ready."""
        self._looked = self._clock.monotonic()
        for probe in self.vitals.probes:
            probe.start()
        if self._heart:
            self._heart.start()
        if self._http:
            self._http.start()
        sd_notify("READY=1")

    def stop(self) -> None:
        """The daemon ends in order: no more pings; what hangs while it closes is cut off."""
        sd_notify("STOPPING=1")
        for probe in self.vitals.probes:
            probe.stop()
        if self._heart:
            self._heart.stop()
        if self._http:
            self._http.stop()

    def cut_off(self) -> None:
        """From now on closing may take a few seconds, then the process ends: what hung is in the database."""
        timer = threading.Timer(self.limits.shutdown, self._end, (0,))
        timer.daemon = True
        timer.start()

    def look(self, rebuild: Callable[[], None]) -> None:
        """See what is stuck, and act. `rebuild` replaces the scheduler."""
        now = self._clock.monotonic()
        if now - self._looked > STOOD_STILL:  # suspended, or starved of the processor: no part is to blame
            self.vitals.forgive()
        self._looked = now
        self.vitals.sample()
        troubles = self.vitals.troubles()
        for trouble in self.episodes.note(troubles, now):
            self._log.error("no progress", part=trouble.part, why=trouble.why)
            if trouble.part in ALARMING:
                self._alarm(trouble)
        if damaged := self._pipeline.store.damaged:
            self._refuse(damaged)
        fatal = [trouble for trouble in troubles if trouble.restart_helps and trouble.part != "scheduler"]
        if fatal and self.episodes.longest(fatal, now) >= self.limits.patience:
            self._give_up(fatal)
        if any(trouble.part == "scheduler" and trouble.restart_helps for trouble in troubles):
            self._new_scheduler(rebuild)
        elif not fatal and now - self._petted >= min(WATCHDOG, self.limits.tick):
            self._petted = now
            sd_notify("WATCHDOG=1\nSTATUS=" + (in_words(troubles) or "watching"))

    def _new_scheduler(self, rebuild: Callable[[], None]) -> None:
        count, at = self._rebuilt
        count = count + 1 if at == self.vitals.ticks else 1
        if count > REBUILDS:
            self._give_up([Trouble("scheduler", f"{REBUILDS} new ones did not tick either")])
        self._rebuilt = (count, self.vitals.ticks)
        self._log.error("scheduler stuck, building a new one", seconds=round(self.vitals.since_tick))
        rebuild()
        self.vitals.forgive_scheduler()

    def _give_up(self, troubles: Sequence[Trouble]) -> None:
        words = in_words(troubles)
        self._log.error("ending to be started again", because=words)

        note_fault(self._pipeline.store, self._pipeline.desk.settings, words, self._clock.now(), self.limits.shutdown)
        sd_notify(f"STATUS=ending: {words}")
        self._end(EXIT_STUCK)

    def _alarm(self, trouble: Trouble) -> None:
        now, works = self._clock.monotonic(), trouble.part != "database"
        if now - self._alarmed.get(trouble.part, -ALARM_AGAIN) < ALARM_AGAIN:
            return
        self._alarmed[trouble.part] = now
        raise_alarm(self._pipeline, f"In trouble: {trouble.part}", (trouble.why,), by_outbox=works)

    def _refuse(self, why: str) -> None:
        """A damaged file is not written to any more, and a new process would refuse it as well."""
        self._log.error("ending: the database is damaged", why=why)
        raise_alarm(self._pipeline, STOPPED, (why,), by_outbox=False).join(self.limits.shutdown)
        sd_notify(f"STATUS=ended: {why}")
        self._end(EXIT_REFUSED)
