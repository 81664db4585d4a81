"""Once a day: a canary through the whole chain to every channel, and one line that says how quiet it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, time, timedelta

from monitor.alerts.compose import compose_canary, compose_operator, compose_quiet
from monitor.desk import Desk
from monitor.judge import judge, queue
from monitor.model import DeliveryState
from monitor.pipeline import Pipeline
from monitor.rules.given import given_article
from monitor.rules.match import match
from monitor.store import Transaction

CANARY = "canary"  # notes
QUIET = "all-quiet"
CONFIRMED_WITHIN = timedelta(hours=1)
FIRST_DAY = timedelta(hours=1)  # a desk that begins later than that after the hour has its first one tomorrow


class Daily:
    """`do` is called every few seconds."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._line = pipeline

    def do(self) -> None:
        """What the day asks for now."""
        now, proof = self._line.clock.now(), self._line.desk.settings.proof
        if proof.canary_at and self._is_due(CANARY, proof.canary_at, now):
            self.send_canary(now)
        if proof.canary_at:
            self.check_canary(now)
        if proof.all_quiet_at and self._is_due(QUIET, proof.all_quiet_at, now):
            self.say_quiet(now)

    def _is_due(self, key: str, at: time, now: datetime) -> bool:
        """Has today's hour come, and was it not done today?"""
        local = now.astimezone(self._line.desk.settings.zone)
        if local.time() < at:
            return False
        with self._line.store.read() as tx:
            last = tx.notes.get(f"{key}-day")
        if last == f"{local:%Y-%m-%d}":
            return False
        began = datetime.combine(local.date(), at, local.tzinfo)
        if last is None and local - began > FIRST_DAY:
            with self._line.store.write() as tx:
                tx.notes.set(f"{key}-day", f"{local:%Y-%m-%d}", now)
            return False
        return True

    def _done(self, tx: Transaction, key: str, now: datetime) -> None:
        day = now.astimezone(self._line.desk.settings.zone).date()
        tx.notes.set(f"{key}-day", day.isoformat(), now)

    def send_canary(self, now: datetime) -> None:
        """A made-up article through rules, story and decision; what these say goes to every channel, marked."""
        desk, channels = self._line.desk, tuple(self._line.channels)
        with self._line.store.write() as tx:
            way, fine = rehearse(tx, desk, now)
            alert = compose_canary(way, channels, now, desk.rules.version)
            if fine:
                queue(tx, desk, alert, channels)
                tx.notes.set(
                    CANARY, json.dumps({"alert": alert.id, "until": (now + CONFIRMED_WITHIN).isoformat()}), now
                )
            else:
                title = "The daily canary did not get through"
                queue(tx, desk, compose_operator(title, (way,), now, desk.rules.version), channels)
            self._done(tx, CANARY, now)

    def check_canary(self, now: datetime) -> None:
        """An hour later every channel must have taken it; those that did not are told on the others."""
        with self._line.store.read() as tx:
            note = json.loads(tx.notes.get(CANARY) or "{}")
            if not note or now < datetime.fromisoformat(note["until"]):
                return
            deliveries = tx.outbox.of_alert(note["alert"])
        late = [item for item in deliveries if item.state is not DeliveryState.SENT]
        with self._line.store.write() as tx:
            tx.notes.set(CANARY, "", now)
            if not late:
                return
            names = [item.channel for item in late]
            lines = tuple(f"{item.channel}: {item.last_error or 'not sent yet'}" for item in late)
            title = f"{', '.join(names)} did not take the daily canary"
            alert = compose_operator(title, lines, now, self._line.desk.rules.version)
            others = tuple(name for name in self._line.channels if name not in names)
            queue(tx, self._line.desk, alert, others or tuple(self._line.channels))

    def say_quiet(self, now: datetime) -> None:
        """One line about the last 24 hours."""
        since = now - timedelta(days=1)
        with self._line.store.write() as tx:
            heard, feeds = tx.figures.heard_since(since)
            articles, alerts = tx.figures.articles_since(since), tx.figures.alerts_since(since)
            line = quiet_line(articles, heard, feeds, alerts)
            queue(
                tx, self._line.desk, compose_quiet(line, now, self._line.desk.rules.version), tuple(self._line.channels)
            )
            self._done(tx, QUIET, now)


def quiet_line(articles: int, heard: int, feeds: int, alerts: int) -> str:
    """all quiet: 1,243 articles, 38 of 40 feeds heard, 0 alerts."""
    first = "all quiet" if not alerts and heard else "the last 24 hours" if heard else "no feed was heard"
    counted = "1 alert" if alerts == 1 else f"{alerts:,} alerts"
    return f"{first}: {articles:,} articles, {heard:,} of {feeds:,} feeds heard, {counted}"


def rehearse(tx: Transaction, desk: Desk, now: datetime) -> tuple[str, bool]:
    """Today's made-up article through the running rules, the stories and the decision; nothing of it stays.

    The article is the own test of a live rule, another rule every day. What happened, in words, and whether a rule
    fired as it must.
    """
    tests = [(rule, test) for rule in desk.rules.rules if rule.live for test in rule.tests if test.expect.fires]
    if not tests:
        return "no live rule has a test that fires: only the channels were tried", True
    rule, test = tests[now.toordinal() % len(tests)]
    made_up = given_article(test.title, test.text, test.language, test.published, test.outlet)
    verdicts = match(desk.rules, made_up, test.published, desk.outlets.get(test.outlet))
    fired = [verdict for verdict in verdicts if verdict.fires]
    if not any(verdict.rule == rule.id for verdict in fired):
        return f"rule “{rule.id}” does not fire on its own test “{test.it}”", False
    article = replace(made_up, id=f"canary-{now:%Y-%m-%d}")
    with tx.rehearsal():
        tx.articles.save(article, "", "")
        judged = judge(tx, desk, article, verdicts, test.published)
    said = "alert" if judged.decision.speaks else judged.decision.reason
    return f"test article → rule “{rule.id}” fired → story placed → decision: {said} → message", True
