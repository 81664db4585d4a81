"""What comes once a day at its hour: the canary, and one line that says how quiet it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from monitor.alerts.compose import compose_quiet
from monitor.judge import queue
from monitor.pipeline import Pipeline
from monitor.store import Transaction
from monitor.watch.canary import ASKED, Canary
from monitor.watch.receipts import Ask, arrival, is_fresh

CANARY_DAY = "canary-day"  # notes: the local day of the last one
QUIET_DAY = "all-quiet-day"
FIRST_DAY = timedelta(hours=1)  # a desk that begins later than that after the hour has its first one tomorrow


class Daily:
    """`do` is called every few seconds."""

    def __init__(self, pipeline: Pipeline, ask: Ask) -> None:
        self._line = pipeline
        self._canary = Canary(pipeline, ask)

    def do(self) -> None:
        """What the day, or a person, asks for now."""
        now, proof = self._line.clock.now(), self._line.desk.settings.proof
        due = proof.canary_at is not None and self._is_due(CANARY_DAY, proof.canary_at, now)
        with self._line.store.read() as tx:
            asked = bool(tx.notes.get(ASKED))
        if due or asked:
            with self._line.store.write() as tx:
                self._canary.send(tx, now)
                if due:
                    self._done(tx, CANARY_DAY, now)
        self._canary.check(now)
        if proof.all_quiet_at and self._is_due(QUIET_DAY, proof.all_quiet_at, now):
            self.say_quiet(now)

    def _is_due(self, key: str, at: time, now: datetime) -> bool:
        """Has today's hour come, and was it not done today?"""
        local = now.astimezone(self._line.desk.settings.zone)
        if local.time() < at:
            return False
        with self._line.store.read() as tx:
            last = tx.notes.get(key)
        if last == f"{local:%Y-%m-%d}":
            return False
        began = datetime.combine(local.date(), at, local.tzinfo)
        if last is None and local - began > FIRST_DAY:
            with self._line.store.write() as tx:
                self._done(tx, key, now)
            return False
        return True

    def _done(self, tx: Transaction, key: str, now: datetime) -> None:
        tx.notes.set(key, f"{now.astimezone(self._line.desk.settings.zone):%Y-%m-%d}", now)

    def say_quiet(self, now: datetime) -> None:
        """One line about the last 24 hours, and one about what proves that such lines arrive."""
        since = now - timedelta(days=1)
        desk, channels = self._line.desk, tuple(self._line.channels)
        with self._line.store.write() as tx:
            heard, feeds = tx.figures.heard_since(since)
            articles, alerts = tx.figures.articles_since(since), tx.figures.alerts_since(since)
            line = quiet_line(articles, heard, feeds, alerts)
            proven = [
                channel.name
                for channel in desk.settings.channels
                if (known := arrival(tx, channel.name)) and is_fresh(known, channel, desk.settings.proof, now)
            ]
            lines = (proven_line(proven, [name for name in channels if name not in proven]),)
            queue(tx, desk, compose_quiet(line, lines, now, desk.rules.version), channels)
            self._done(tx, QUIET_DAY, now)


def quiet_line(articles: int, heard: int, feeds: int, alerts: int) -> str:
    """all quiet: 1,243 articles, 38 of 40 feeds heard, 0 alerts."""
    first = "all quiet" if not alerts and heard else "the last 24 hours" if heard else "no feed was heard"
    counted = "1 alert" if alerts == 1 else f"{alerts:,} alerts"
    return f"{first}: {articles:,} articles, {heard:,} of {feeds:,} feeds heard, {counted}"


def proven_line(proven: Sequence[str], taken: Sequence[str]) -> str:
    """Channels: proven to arrive: mail, hook; taken, not proven: telegram."""
    parts = (("proven to arrive", proven), ("taken, not proven", taken))
    return "channels " + "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names)
