"""A channel that takes no messages for a while is told on the others, and so is its return."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.alerts.compose import compose_operator
from monitor.desk import Desk
from monitor.feeds.health import span_words
from monitor.judge import queue
from monitor.store import Transaction
from monitor.store.figures import Stuck

DOWN = "channels-down"  # note: since when, by channel
PATIENCE = timedelta(minutes=5)


def have_turned(tx: Transaction, channels: Sequence[str], now: datetime) -> bool:
    """Is there anything to tell?"""
    return _stuck(tx, channels, now).keys() != _known(tx).keys()


def _known(tx: Transaction) -> dict[str, str]:
    found: dict[str, str] = json.loads(tx.notes.get(DOWN) or "{}")
    return found


def _stuck(tx: Transaction, channels: Sequence[str], now: datetime) -> dict[str, Stuck]:
    return {item.channel: item for item in tx.figures.stuck_channels(now - PATIENCE) if item.channel in channels}


def tell_turned(tx: Transaction, desk: Desk, channels: Sequence[str], now: datetime) -> None:
    """Tell of the channels that turned, on those that take messages."""
    known, stuck = _known(tx), _stuck(tx, channels, now)
    notices: list[tuple[str, tuple[str, ...]]] = []
    for name in stuck.keys() - known.keys():
        waits = "1 message waits" if stuck[name].count == 1 else f"{stuck[name].count} messages wait"
        when = f"{stuck[name].since.astimezone(desk.settings.zone):%H:%M}"
        lines = (f"It says: {stuck[name].error}", f"{waits} since {when}, and will be sent when it does.")
        notices.append((f"{name} takes no messages", lines))
    for name in known.keys() - stuck.keys():
        lasted = span_words(now - datetime.fromisoformat(known[name]))
        notices.append((f"{name} takes messages again", (f"It took none for {lasted}.",)))
    others = [name for name in channels if name not in stuck]
    for title, said in notices:
        queue(tx, desk, compose_operator(title, said, now, desk.rules.version), others)
    since = {name: known.get(name, item.since.isoformat()) for name, item in stuck.items()}
    tx.notes.set(DOWN, json.dumps(since), now)
