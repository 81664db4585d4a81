"""How many requests run at once, in all and to one host, and how soon after each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

REMEMBERED = 4096  # hosts whose last request is remembered, before those whose pause is over are forgotten


class Slots:
    """At most `total` requests at once and `per_host` to one host. A request waits for its host first, so that one
    hanging host holds at most `per_host` of all slots."""

    def __init__(self, total: int, per_host: int) -> None:
        self._all = asyncio.Semaphore(total)
        self._per_host = per_host
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}
        self._next: dict[str, float] = {}  # by host: when the next request may begin, in the loop's time

    @asynccontextmanager
    async def hold(self, host: str, pause: float = 0.0) -> AsyncIterator[None]:
        """A slot for one request to the host, at least `pause` seconds after the one before it began."""
        semaphore, users = self._hosts.get(host, (asyncio.Semaphore(self._per_host), 0))
        self._hosts[host] = (semaphore, users + 1)
        try:
            async with semaphore:
                await self._wait(host, pause)
                async with self._all:
                    yield
        finally:
            semaphore, users = self._hosts.pop(host)
            if users > 1:
                self._hosts[host] = (semaphore, users - 1)

    async def _wait(self, host: str, pause: float) -> None:
        now = asyncio.get_running_loop().time()
        if len(self._next) > REMEMBERED:
            self._next = {known: begin for known, begin in self._next.items() if begin > now}
        begin = max(now, self._next.get(host, 0.0))
        if pause:
            self._next[host] = begin + pause
        await asyncio.sleep(begin - now)
