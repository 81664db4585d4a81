"""A canary a day: a made-up article through the whole chain to every channel, and did it arrive?"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerts.compose import compose_canary, compose_operator
from monitor.config.settings import ChannelSettings
from monitor.desk import Desk
from monitor.feeds.health import span_words
from monitor.judge import judge, queue
from monitor.model import Delivery, DeliveryState
from monitor.pipeline import Pipeline
from monitor.rules.given import given_article
from monitor.rules.match import match
from monitor.store import Transaction
from monitor.watch.receipts import CALLBACK, Arrival, Ask, arrival, arrived, receipt_of, save_arrival

CANARY = "canary"  # note: the one under way
ASKED = "canary-asked"  # note: a person wants one now
WITHIN = timedelta(hours=1)  # in which it must have been taken, and its receipt have come
CODE = 6  # letters of an alert's id that people see, in every message
LOOK = timedelta(seconds=30)  # between two looks for receipts


@dataclass(frozen=True, slots=True)
class Flight:
    """A canary under way: the id of its message by channel, and the channels it arrived at."""

    until: datetime
    alerts: Mapping[str, str]
    arrived: tuple[str, ...] = ()


def read_flight(tx: Transaction) -> Flight | None:
    saved = tx.notes.get(CANARY)
    if not saved:
        return None
    row = json.loads(saved)
    return Flight(datetime.fromisoformat(row["until"]), row["alerts"], tuple(row["arrived"]))


def save_flight(tx: Transaction, flight: Flight | None, now: datetime) -> None:
    row = flight and {"until": flight.until.isoformat(), "alerts": dict(flight.alerts), "arrived": flight.arrived}
    tx.notes.set(CANARY, json.dumps(row) if row else "", now)


def called_back(tx: Transaction, alert: str, now: datetime) -> bool:
    """A receiver sent the id of its canary back; False when no canary under way has that id."""
    flight = read_flight(tx)
    channel = next((name for name, id in flight.alerts.items() if id == alert), "") if flight else ""
    if not flight or not channel:
        return False
    arrived(tx, channel, "its receiver sent the code back", now)
    save_flight(tx, replace(flight, arrived=(*flight.arrived, channel)), now)
    return True


def ask_for_canary(tx: Transaction, _arguments: Mapping[str, str], now: datetime) -> str:
    """A person wants one now."""
    tx.notes.set(ASKED, "yes", now)
    return "a canary is on its way to every channel; in a minute: monitor canary"


def seen(tx: Transaction, arguments: Mapping[str, str], now: datetime) -> str:
    """A person has seen a canary arrive."""
    channel, author = arguments["channel"], arguments["author"]
    arrived(tx, channel, f"seen by {author}", now)
    return f"{channel}: messages arrive, seen by {author}"


class Canary:
    """`send` when its hour has come, `check` every few seconds."""

    def __init__(self, pipeline: Pipeline, ask: Ask) -> None:
        self._line = pipeline
        self._ask = ask
        self._looked: datetime | None = None

    def send(self, tx: Transaction, now: datetime) -> None:
        """What rules, story and decision say of a made-up article goes to every channel, with a code for each."""
        desk = self._line.desk
        way, fine = rehearse(tx, desk, now)
        tx.notes.set(ASKED, "", now)
        if not fine:
            self._tell(tx, "The daily canary did not get through", (way,), (), now)
            return
        alerts = {}
        for channel in self._line.channels:
            code = secrets.token_hex(8)  # nobody can send back the id of a message that he did not get
            alert = compose_canary(way, channel, _by_hand(desk, channel), now, desk.rules.version, code)
            queue(tx, desk, alert, (channel,))
            alerts[channel] = alert.id
            if arrival(tx, channel) is None:
                save_arrival(tx, channel, Arrival(now), now)
        save_flight(tx, Flight(now + WITHIN, alerts), now)

    def check(self, now: datetime) -> None:
        """Look for receipts; when the hour is over, tell of the channels where it is missing."""
        if self._looked and abs(now - self._looked) < LOOK:
            return
        self._looked = now
        with self._line.store.read() as tx:
            flight = read_flight(tx)
            sent = {name: tx.outbox.of_alert(id) for name, id in flight.alerts.items()} if flight else {}
        if flight is None:
            return
        answers = {channel: self._answer(flight, channel, sent[channel]) for channel in flight.alerts}
        with self._line.store.write() as tx:
            flight = read_flight(tx) or flight
            for channel, answer in answers.items():
                if answer == "" and channel not in flight.arrived:
                    arrived(tx, channel, "read again where it arrived", now)
                    flight = replace(flight, arrived=(*flight.arrived, channel))
            self._tell_back(tx, flight.arrived, now)
            if now >= flight.until:
                self._conclude(tx, flight, answers, now)
            elif len(flight.arrived) == len(flight.alerts):
                save_flight(tx, None, now)
            else:
                save_flight(tx, flight, now)

    def _answer(self, flight: Flight, channel: str, sent: Sequence[Delivery]) -> str | None:
        """ "" when the canary arrived, why it did not, or None when only a person or the receiver can tell."""
        if channel in flight.arrived:
            return None
        late = next((item for item in sent if item.state is not DeliveryState.SENT), None)
        if late:
            return f"did not take it: {late.last_error or 'not sent yet'}"
        receipt = receipt_of(_settings(self._line.desk, channel))
        if receipt in ("", CALLBACK):
            return None
        why = self._ask(receipt, flight.alerts[channel].partition("-")[2][:CODE])
        return f"took it, but it is {why}" if why.startswith("not in") else f"took it, but {why}" if why else ""

    def _conclude(self, tx: Transaction, flight: Flight, answers: Mapping[str, str | None], now: datetime) -> None:
        """The hour is over."""
        save_flight(tx, None, now)
        missing = {}
        for channel in flight.alerts:
            if channel in flight.arrived:
                continue
            why = answers.get(channel)
            if why is None and receipt_of(_settings(self._line.desk, channel)) == CALLBACK:
                why = "took it, but its receiver did not send the code back"
            if why:
                missing[channel] = why
        if missing:
            for channel in missing:
                save_arrival(tx, channel, replace(arrival(tx, channel) or Arrival(now), missing=True), now)
            title = f"The daily canary is missing on {', '.join(missing)}"
            self._tell(tx, title, [f"{channel} {why}" for channel, why in missing.items()], tuple(missing), now)
        fine = [channel for channel in flight.alerts if channel not in missing]
        self._tell_back(tx, fine, now)
        self._remind(tx, fine, now)

    def _remind(self, tx: Transaction, channels: Sequence[str], now: datetime) -> None:
        """Channels that only a person can vouch for, and nobody did for long."""
        patience = self._line.desk.settings.proof.canary_confirm
        asked = []
        for channel in channels:
            known = arrival(tx, channel) or Arrival(now)
            last = max(time for time in (known.since, known.at, known.reminded) if time)
            if _by_hand(self._line.desk, channel) and now - last >= patience:
                asked.append(channel)
                save_arrival(tx, channel, replace(known, reminded=now), now)
        if asked:
            lines = [
                f"{channel}: look for today's [canary]; seen it? monitor canary seen {channel}" for channel in asked
            ]
            title = f"Nobody has confirmed for {span_words(patience)} that messages arrive on {', '.join(asked)}"
            self._tell(tx, title, lines, tuple(asked), now)

    def _tell_back(self, tx: Transaction, channels: Sequence[str], now: datetime) -> None:
        """People were told that the canary was missing there: it is back."""
        back = [channel for channel in channels if (known := arrival(tx, channel)) and known.missing]
        for channel in back:
            known = arrival(tx, channel) or Arrival(now)
            save_arrival(tx, channel, replace(known, missing=False), now)
        if back:
            self._tell(tx, f"The daily canary arrives again on {', '.join(back)}", (), (), now)

    def _tell(self, tx: Transaction, title: str, lines: Sequence[str], silent: Sequence[str], now: datetime) -> None:
        """On all channels but those it is about, if there are others."""
        desk, channels = self._line.desk, tuple(self._line.channels)
        others = tuple(name for name in channels if name not in silent)
        queue(tx, desk, compose_operator(title, lines, now, desk.rules.version), others or channels)


def _settings(desk: Desk, channel: str) -> ChannelSettings:
    known = {setting.name: setting for setting in desk.settings.channels}
    return known.get(channel) or ChannelSettings(channel, "")


def _by_hand(desk: Desk, channel: str) -> bool:
    """Can only a person tell whether messages arrive there?"""
    return not receipt_of(_settings(desk, channel))


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
