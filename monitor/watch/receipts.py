"""What is known of each channel's messages arriving: proven by a receipt, seen by a person, or only taken.

A service that takes a message may still drop it. What proves that it arrived is its code (`#k7f3q2`, which stands in
every message) coming back: read again where the message lies, sent back by its receiver, or named by a person.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.config.proof import Proof
from monitor.config.settings import ChannelSettings
from monitor.store import Transaction
from monitor.watch.readback import LONGEST, not_found
from monitor.workers import Workers

CALLBACK = "callback"
ONE_CANARY = timedelta(hours=26)
Ask = Callable[[str, str], str]
"""Address and code -> "" when a message with the code lies there, else why it was not found."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of one channel. Times in UTC; None: never."""

    since: datetime  # when it was first sent a canary
    at: datetime | None = None  # the last receipt
    how: str = ""  # what the receipt was, in words
    missing: bool = False  # people were told that the last canary did not arrive
    reminded: datetime | None = None  # when people were last asked to look


def asker(workers: Workers) -> Ask:
    """Looks in a worker process, which can be killed when a server never stops answering."""

    def ask(address: str, code: str) -> str:
        try:
            return workers.run(not_found, address, code, timeout=LONGEST).result()
        except Exception as error:
            return f"looking for it failed: {getattr(error, 'kind', type(error).__name__)}"

    return ask


def receipt_of(channel: ChannelSettings) -> str:
    """Where the channel's receipt comes from: an address, `callback`, or "" when only a person can tell."""
    return channel.receipt or (channel.url if channel.url.startswith("mailbox://") else "")


def is_fresh(known: Arrival, channel: ChannelSettings, proof: Proof, now: datetime) -> bool:
    """Does the last receipt still count? Of a canary a day and a bit, of a person as long as people are not asked."""
    patience = ONE_CANARY if receipt_of(channel) else proof.canary_confirm
    return known.at is not None and now - known.at < patience


def arrival(tx: Transaction, channel: str) -> Arrival | None:
    """What is known of a channel; None before its first canary."""
    saved = tx.notes.get(f"receipt:{channel}")
    if not saved:
        return None
    row = json.loads(saved)
    times = {key: datetime.fromisoformat(row[key]) if row[key] else None for key in ("at", "reminded")}
    return Arrival(datetime.fromisoformat(row["since"]), times["at"], row["how"], row["missing"], times["reminded"])


def save_arrival(tx: Transaction, channel: str, known: Arrival, now: datetime) -> None:
    row = {
        "since": known.since.isoformat(),
        "at": known.at.isoformat() if known.at else "",
        "how": known.how,
        "missing": known.missing,
        "reminded": known.reminded.isoformat() if known.reminded else "",
    }
    tx.notes.set(f"receipt:{channel}", json.dumps(row, ensure_ascii=False), now)


def arrived(tx: Transaction, channel: str, how: str, now: datetime) -> None:
    """A receipt came."""
    known = arrival(tx, channel) or Arrival(now)
    save_arrival(tx, channel, replace(known, at=now, how=how), now)
