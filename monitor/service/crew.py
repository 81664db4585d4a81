"""Threads that do due work: never the same item twice at once, never more than there is room for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from monitor.log import get_logger
from monitor.model import Tick

Item = TypeVar("Item")


class Crew(Generic[Item]):
    """One verb of the program, done by `size` threads.

    `claim(room, busy)` returns up to `room` due items whose keys are not in `busy`; `work` does one of them. A failure
    of one item is logged and counted and never reaches another; the item stays due and is claimed again later.
    An `eager` crew looks for the next item as soon as one is done instead of waiting for the next turn.
    """

    def __init__(
        self,
        name: str,
        size: int,
        *,
        claim: Callable[[int, frozenset[Hashable]], Iterable[Item]],
        key: Callable[[Item], Hashable],
        work: Callable[[Item], None],
        eager: bool = False,
    ) -> None:
        self.name = name
        self.size = size
        self._claim = claim
        self._key = key
        self._work = work
        self._eager = eager
        self._closed = False
        self._turning = threading.Lock()
        self._pool = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._busy: set[Hashable] = set()
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._log = get_logger()
        self.done = 0
        self.failed = 0

    def turn(self) -> Tick:
        """Claim as many due items as there is room for, and start them. Returns at once."""
        with self._turning:
            with self._lock:
                busy = frozenset(self._busy)
            room = self.size - len(busy)
            claimed = self._claim(room, busy) if room > 0 and not self._closed else ()
            # After a step of the clock a lease may seem to have run out while its item is still under way.
            items = [item for item in claimed if self._key(item) not in busy]
            for item in items:
                with self._lock:
                    self._busy.add(self._key(item))
                    self._idle.clear()
                self._pool.submit(self._run, item)
            return Tick(done=self.done, failed=self.failed, waiting=len(busy) + len(items))

    def _run(self, item: Item) -> None:
        try:
            self._work(item)
            self.done += 1
        except Exception:
            self.failed += 1
            self._log.exception(f"{self.name} failed", item=str(self._key(item)))
        finally:
            with self._lock:
                self._busy.discard(self._key(item))
                if not self._busy:
                    self._idle.set()
        if self._eager:
            try:
                self.turn()
            except Exception:
                self._log.exception(f"{self.name}: nothing claimed")

    @property
    def busy(self) -> int:
        """Items under way."""
        return len(self._busy)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is under way; False when it takes longer."""
        return self._idle.wait(seconds)

    def close(self) -> None:
        """Start nothing more. What is under way goes on; `wait` for it."""
        with self._turning:
            self._closed = True
        self._pool.shutdown(wait=False)
