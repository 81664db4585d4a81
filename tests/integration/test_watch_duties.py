"""What people are told about the program itself: canary, the daily line, feeds, restarts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeChannel, FakeClock, FakeWeb, FakeWorkers

from monitor.config import load_settings
from monitor.desk import Desk, load_desk
from monitor.model import SendResult
from monitor.pipeline import Pipeline
from monitor.store import Store
from monitor.watch.daily import quiet_line
from monitor.watch.duties import Duties
from monitor.watch.fault import FAULT
from monitor.watch.probes import database
from monitor.watch.vitals import Episodes, Limits, Vitals

EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
RULES = """\
version: 1
concepts:
  soldiers: {label: Soldiers, words: {en: [soldier]}}
  arriving: {kind: action, label: Arrival, words: {en: [arrive]}}
rules:
  - id: soldiers-arrive
    title: Soldiers arrive
    status: live
    severity: high
    find: {within: sentence, all: [soldiers, arriving]}
    tests:
      - {it: fires, lang: en, published: 2026-03-02, title: Soldiers arrive in town, text: "x", expect: {fires: true}}
"""
CONFIG = """\
version: 1
pack: ./pack
timezone: Europe/Belgrade
channels: {phone: {url: "terminal://"}, mail: {url: "terminal://"}}
canary: {at: "06:00"}
all_quiet: "07:00"
"""
OUTLETS = "version: 1\noutlets:\n  n: {name: North Wire, feeds: [{url: 'https://n.example/feed'}]}\n"


def desk_in(folder: Path, rules: str) -> Desk:
    (folder / "pack").mkdir()
    (folder / "pack" / "rules.yaml").write_text(rules)
    (folder / "pack" / "feeds.yaml").write_text(OUTLETS)
    (folder / "monitor.yaml").write_text(CONFIG)
    desk, problems = load_desk(load_settings(folder / "monitor.yaml", {}))
    assert desk is not None, problems
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk_in(tmp_path_factory.mktemp("desk"), RULES)


class Night:
    """A program with two channels, from one evening on."""

    def __init__(self, desk: Desk) -> None:
        self.clock, self.web = FakeClock(EVENING), FakeWeb()
        self.channels = {"phone": FakeChannel("phone"), "mail": FakeChannel("mail")}
        self.store = Store.open("sqlite://", durable=False)
        with self.store.write() as tx:
            tx.feeds.sync(tuple(desk.feeds.values()), self.clock.now())
        self.line = Pipeline(
            desk,
            store=self.store,
            fetcher=self.web,
            workers=FakeWorkers(),  # type: ignore[arg-type]
            channels=self.channels,
            clock=self.clock,
            jitter=random.Random(1),
        )
        self.episodes = Episodes()
        self.duties = Duties(self.line, self.episodes)
        self.duties.do()

    def until(self, hour: int, minute: int = 0, *, day: int = 2) -> None:
        """Everything that is due, every ten minutes until that time (UTC; the desk is an hour ahead)."""
        end = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
        while self.clock.now() < end:
            self.clock.turn(600)
            self.duties.do()
            for name in self.channels:
                for message in self.line.due_messages(name, 100):
                    self.line.deliver(message)

    def told(self, channel: str, words: str) -> list[str]:
        messages = self.channels[channel].messages
        return [f"{m.subject}\n{m.body}" for m in messages if words in f"{m.subject}\n{m.body}"]


@pytest.fixture
def night(desk: Desk) -> Iterator[Night]:
    made = Night(desk)
    yield made
    made.store.close()


def test_the_canary_reaches_every_channel_once_a_day_at_its_hour(night: Night) -> None:
    night.until(4, 50)
    assert night.channels["phone"].messages == []
    night.until(5, 10)
    for channel in ("phone", "mail"):
        [message] = night.told(channel, "[canary]")
        assert "rule “soldiers-arrive” fired" in message
        assert "Sent to: phone, mail" in message
    night.until(4, 0, day=3)
    assert len(night.told("phone", "[canary]")) == 1
    night.until(6, 0, day=3)
    assert len(night.told("phone", "[canary]")) == 2
    assert night.told("phone", "did not take") == []


def test_the_canary_leaves_nothing_behind_in_articles_and_stories(night: Night) -> None:
    night.until(5, 30)
    with night.store.read() as tx:
        assert list(tx.articles.since(datetime(2020, 1, 1, tzinfo=UTC))) == []
        assert tx.figures.alerts_since(EVENING) == 0


def test_a_channel_that_does_not_take_the_canary_is_told_on_the_others(night: Night) -> None:
    night.channels["mail"].answers = [SendResult(ok=False, detail="status 503")] * 1000
    night.until(6, 30)
    [message] = night.told("phone", "did not take the daily canary")
    assert "mail did not take the daily canary" in message
    assert "status 503" in message


def test_a_rule_that_no_longer_fires_on_its_own_test_is_found_by_the_canary(tmp_path: Path) -> None:
    broken = RULES.replace("title: Soldiers arrive in", "title: Cows sleep in")
    night = Night(desk_in(tmp_path, broken))
    night.until(5, 30)
    [message] = night.told("phone", "did not get through")
    assert "soldiers-arrive" in message
    night.store.close()


def test_a_desk_that_begins_after_the_hour_has_its_first_canary_the_next_day(night: Night) -> None:
    night.until(23, 50, day=1)
    assert night.channels["phone"].messages == []


def test_the_daily_line_says_how_quiet_it_was(night: Night) -> None:
    night.until(6, 30)
    [message] = night.told("phone", "articles")
    assert "no feed was heard: 0 articles, 0 of 1 feeds heard, 0 alerts" in message


@pytest.mark.parametrize(
    ("figures", "line"),
    [
        ((1243, 38, 40, 0), "all quiet: 1,243 articles, 38 of 40 feeds heard, 0 alerts"),
        ((10, 2, 2, 1), "the last 24 hours: 10 articles, 2 of 2 feeds heard, 1 alert"),
        ((0, 0, 40, 0), "no feed was heard: 0 articles, 0 of 40 feeds heard, 0 alerts"),
    ],
)
def test_the_daily_line_in_words(figures: tuple[int, int, int, int], line: str) -> None:
    assert quiet_line(*figures) == line


def test_why_the_process_before_ended_is_told_once(night: Night) -> None:
    with night.store.write() as tx:
        tx.notes.set(FAULT, "fetch loop: has not answered for 61 s", night.clock.now())
    night.until(22, 0, day=1)
    [message] = night.told("phone", "Restarted itself at 21:00")
    assert "fetch loop: has not answered for 61 s" in message


def test_what_stood_still_for_a_while_is_told_when_it_moves_again(night: Night) -> None:
    night.episodes.over.append(("database", "database is locked", 185.0))
    night.until(22, 0, day=1)
    [message] = night.told("mail", "Works again since")
    assert "database, for 3 min: database is locked" in message


def test_a_feed_that_refuses_us_is_told_by_its_outlets_name_and_so_is_its_return(night: Night) -> None:
    feed = "https://n.example/feed"
    night.web.errors[feed] = ("auth", "status 403")

    def poll() -> None:
        with night.store.read() as tx:
            states = tx.feeds.all()
        for state in states:
            night.line.poll(state)

    poll()
    night.until(22, 0, day=1)
    [message] = night.told("phone", "North Wire is failing")
    assert "its server refuses us (auth: status 403)" in message
    del night.web.errors[feed]
    night.web.put(feed, "<rss version='2.0'><channel><item><title>a</title></item></channel></rss>", "text/xml")
    poll()
    night.until(23, 0, day=1)
    assert len(night.told("phone", "North Wire is well again")) == 1
    assert len(night.channels["phone"].messages) == 2


def outbox_trouble(night: Night) -> str:
    """What the vital signs say of the outbox now."""
    vitals = Vitals(night.clock, Limits(), [], [])
    database(night.store, night.clock, lambda: vitals)(lambda: None)
    return vitals.outbox


def test_when_no_channel_takes_anything_the_heart_stops_and_one_that_does_is_enough(night: Night) -> None:
    refuses = [SendResult(ok=False, detail="status 503")] * 1000
    night.channels["phone"].answers, night.channels["mail"].answers = list(refuses), list(refuses)
    night.line.tell_operator("Something happened", ("to be told",))
    night.until(20, 10, day=1)
    assert outbox_trouble(night) == ""
    night.until(20, 40, day=1)
    assert "messages are tried in vain for" in outbox_trouble(night)
    night.channels["mail"].answers = []
    night.until(21, 30, day=1)
    assert "tried in vain" in outbox_trouble(night) or night.channels["mail"].messages
    night.channels["phone"].answers = []
    night.until(23, 0, day=1)
    assert outbox_trouble(night) == ""


def test_a_message_that_waits_untried_is_no_trouble(night: Night) -> None:
    night.line.tell_operator("Something happened", ("to be told",))
    night.clock.turn(3600)
    assert outbox_trouble(night) == ""
