"""Whom this process spoke to, and why: counted in memory until somebody writes it down."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime

MOST = 5000  # pairs of host and purpose kept in memory; what comes beyond is counted as one
BEYOND = "(further hosts)"


@dataclass(frozen=True, slots=True)
class Contact:
    """A host that was sent something, for one purpose."""

    host: str
    why: str  # feed, page, robots.txt, heartbeat
    count: int
    first: datetime
    last: datetime


class Outgoing:
    """Counts; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._contacts: dict[tuple[str, str], Contact] = {}

    def note(self, host: str, why: str) -> None:
        """Something was sent to this host."""
        now = datetime.now(UTC)
        with self._lock:
            if len(self._contacts) >= MOST and (host, why) not in self._contacts:
                host = BEYOND
            before = self._contacts.get((host, why))
            contact = replace(before, count=before.count + 1, last=now) if before else Contact(host, why, 1, now, now)
            self._contacts[host, why] = contact

    def take(self) -> tuple[Contact, ...]:
        """What was counted since the last call."""
        with self._lock:
            taken, self._contacts = self._contacts, {}
        return tuple(taken.values())
