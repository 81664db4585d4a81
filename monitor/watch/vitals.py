"""Vital signs: which part of the program has stopped making progress. Proven by work done, not by a thread that lives.

Each part is probed in a thread of its own, so that one that hangs is seen by the others: a probe that does not come
back, or fails, leaves no new time stamp, and old stamps are the trouble. All ages are monotonic.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.errors import MonitorError
from monitor.ports import Clock

START = 3  # times as long may the first answer take: on a busy machine new processes need their time
HANGS = 5  # times as long may the database take to begin a transaction before a new process is tried


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. With the defaults a stuck part is noticed within 90 and replaced within 120."""

    tick: float = 30.0  # without a tick: the scheduler is rebuilt
    work: float = 75.0  # work is under way or due, and nothing was finished; the longest item takes 71
    probe: float = 60.0  # a part has not answered
    every: float = 5.0  # between two probes
    outbox: float = 900.0  # messages wait and no channel takes one
    patience: float = 15.0  # with a trouble that a restart helps against, before we end
    shutdown: float = 8.0  # for closing what should close at once


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part without progress, and why. `restart_helps`: a new process would do better."""

    part: str
    why: str
    restart_helps: bool = True


class Counted(Protocol):
    """What the vital signs need of a crew."""

    name: str
    done: int
    failed: int

    @property
    def busy(self) -> int: ...


class Probe:
    """Calls `probe(stamp)` again and again in a thread of its own. A return is a sign of life, and so is `stamp`."""

    def __init__(self, name: str, probe: Callable[[Callable[[], None]], None], clock: Clock, every: float) -> None:
        self.name = name
        self.error = ""
        self.proven = False
        self._probe = probe
        self._clock = clock
        self._every = every
        self._stamp = clock.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"probe {name}", daemon=True)

    def start(self) -> None:
        self.forgive()
        self._thread.start()

    def forgive(self) -> None:
        """It has its time from now on."""
        self._stamp = self._clock.monotonic()

    def stop(self) -> None:
        self._stopped.set()

    @property
    def age(self) -> float:
        """Seconds since the last sign of life."""
        return self._clock.monotonic() - self._stamp

    def _alive(self) -> None:
        self._stamp = self._clock.monotonic()

    def _run(self) -> None:
        while not self._stopped.wait(self._every if self.proven else 0.05):
            self.error = ""
            try:
                self._probe(self._alive)
            except MonitorError as error:
                self.error = str(error)
            except Exception as error:  # whatever a probe meets is a sign, and the next one is due
                self.error = f"{type(error).__name__}: {error}"
            else:
                self._alive()
                self.proven = True


class Vitals:
    """All vital signs. `sample` is called about once a second; `troubles` says what is wrong."""

    def __init__(
        self,
        clock: Clock,
        limits: Limits,
        crews: Sequence[Counted],
        probes: Sequence[Probe],
        writing_for: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`writing_for`: seconds that a write transaction of our own is open."""
        self.limits = limits
        self.probes = probes
        self.overdue = 0.0  # seconds that the longest due feed waits; kept by the database's probe
        self.disk = ""  # why nothing more is taken in, in words; kept by the database's probe
        self.outbox = ""  # why no message goes out, in words; kept by the database's probe
        self._clock = clock
        self._crews = crews
        self._writing_for = writing_for
        self._ticked = clock.monotonic()
        self._ticks = 0
        now = clock.monotonic()
        self._finished = {id(crew): (0, now) for crew in crews}  # how many items, and since when that many
        self._moved = {id(crew): now for crew in crews}

    def ticked(self) -> None:
        """The scheduler's tick came."""
        self._ticked = self._clock.monotonic()
        self._ticks += 1

    def forgive(self) -> None:
        """The whole process stood still: every part has its time from now on."""
        now = self._clock.monotonic()
        self.forgive_scheduler()
        self._moved = dict.fromkeys(self._moved, now)
        self._finished = {key: (count, now) for key, (count, _) in self._finished.items()}
        for probe in self.probes:
            probe.forgive()

    def forgive_scheduler(self) -> None:
        """A new one was built and has its time from now on."""
        self._ticked = self._clock.monotonic()

    @property
    def ticks(self) -> int:
        return self._ticks

    @property
    def since_tick(self) -> float:
        return self._clock.monotonic() - self._ticked

    def sample(self) -> None:
        """Look at what the crews have done."""
        now = self._clock.monotonic()
        for crew in self._crews:
            count, _since = self._finished[id(crew)]
            finished = crew.done + crew.failed
            if finished != count:
                self._finished[id(crew)] = (finished, now)
            if finished != count or not crew.busy:
                self._moved[id(crew)] = now

    @property
    def proven(self) -> bool:
        """Has everything shown at least once that it works?"""
        return self._ticks > 0 and all(probe.proven for probe in self.probes)

    def _waits_for_database(self) -> bool:
        """A database that refuses will refuse a new process as well: whoever writes waits in line for it, so it is not
        they that are stuck. A transaction of ours that never ends is our own fault."""
        database = next((probe for probe in self.probes if probe.name == "database"), None)
        if database is None or database.age <= self.limits.probe / 3 or self._holds_database():
            return False
        return bool(database.error) or database.age < HANGS * self.limits.probe

    def _holds_database(self) -> bool:
        return self._writing_for() > self.limits.probe

    def troubles(self) -> tuple[Trouble, ...]:
        """What makes no progress now."""
        now, limits, found = self._clock.monotonic(), self.limits, []
        waits = self._waits_for_database()
        cause = ", waiting for the database" if waits else ""
        work = limits.work * (1 if self.proven else START)
        if self.since_tick > limits.tick:
            why = f"has not ticked for {self.since_tick:.0f} s{cause}"
            found.append(Trouble("scheduler", why, restart_helps=not waits))
        for crew in self._crews:
            stuck = now - self._moved[id(crew)]
            if stuck > work:
                why = f"{crew.busy} under way and none finished for {stuck:.0f} s{cause}"
                found.append(Trouble(crew.name, why, restart_helps=not waits))
        polls = self._crews[0] if self._crews else None
        if polls and not self.disk and self.overdue > work and now - self._finished[id(polls)][1] > work:
            found.append(Trouble("poll", f"feeds are due since {self.overdue:.0f} s and none was polled"))
        for probe in self.probes:
            if probe.age > limits.probe * (1 if probe.proven else START):
                why = probe.error or f"has not answered for {probe.age:.0f} s"
                if probe.name == "database" and self._holds_database():
                    why = f"a transaction of our own is open for {self._writing_for():.0f} s"
                found.append(Trouble(probe.name, why, restart_helps=not (waits and probe.name == "database")))
        if self.disk:
            found.append(Trouble("disk", self.disk, restart_helps=False))
        if self.outbox:
            found.append(Trouble("outbox", self.outbox, restart_helps=False))
        return tuple(dict.fromkeys(found))


def in_words(troubles: Sequence[Trouble]) -> str:
    """All troubles on one line."""
    return "; ".join(f"{trouble.part}: {trouble.why}" for trouble in troubles)


class Episodes:
    """When troubles began and ended, so that people can be told afterwards."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[float, str]] = {}
        self.over: list[tuple[str, str, float]] = []  # part, why, seconds

    def note(self, troubles: Sequence[Trouble], now: float) -> tuple[Trouble, ...]:
        """The troubles that are new since the last call; those that are over go to `over`."""
        parts: Mapping[str, Trouble] = {trouble.part: trouble for trouble in troubles}
        new = tuple(trouble for part, trouble in parts.items() if part not in self._open)
        for part in [part for part in self._open if part not in parts]:
            began, why = self._open.pop(part)
            self.over.append((part, why, now - began))
        self._open |= {trouble.part: (now, trouble.why) for trouble in new}
        return new

    def longest(self, troubles: Sequence[Trouble], now: float) -> float:
        """Seconds that the longest of these lasts."""
        return max((now - self._open[trouble.part][0] for trouble in troubles if trouble.part in self._open), default=0)

    def told(self, count: int) -> None:
        """The first `count` that are over need not be told any more; the main thread may be adding to them."""
        del self.over[:count]
