"""What channels are told when they were down, when too much happens at once, at night, and when they refuse."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from fakes import FakeChannel, FakeClock
from store_values import an_alert, an_entry

from monitor import log
from monitor.articles.text import Furniture
from monitor.config.hours import parse_quiet
from monitor.config.settings import ChannelSettings, Settings
from monitor.deliver import Deliverer
from monitor.desk import Desk
from monitor.judge import queue
from monitor.model import DeliveryState, SendResult, Severity
from monitor.store import Store

DOWN = SendResult(ok=False, detail="HTTP 503 Service Unavailable")
REFUSED = SendResult(ok=False, temporary=False, detail="HTTP 400 Bad Request")
MINUTE = 60.0
HOUR = 3600.0


class Phone(FakeChannel):
    """A channel that can be down."""

    down = False
    asked = 0

    def send(self, delivery):
        self.asked += 1
        if self.down and not self.answers:
            self.answers = [DOWN]
        return super().send(delivery)


class Newsroom:
    """Alerts on one side, channels on the other, a clock between them."""

    def __init__(self, *settings: ChannelSettings) -> None:
        self.clock = FakeClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
        self.store = Store.open("sqlite://", durable=False)
        self.channels = {setting.name: Phone(setting.name) for setting in settings}
        self.desk = Desk(
            Settings(zone=ZoneInfo("Europe/Belgrade"), channels=settings),
            SimpleNamespace(version="v1"),  # type: ignore[arg-type]
            {},
            {},
            Furniture((), (), ()),
            frozenset(),
        )
        self.deliverer = Deliverer(self.store, self.channels, self.clock, random.Random(1), lambda: self.desk)
        self.number = 0

    def alert(self, severity: Severity = Severity.HIGH, count: int = 1, feed: str = "") -> None:
        """Queue alerts for every channel; of the articles that a feed brings, when one is named."""
        with self.store.write() as tx:
            for _ in range(count):
                self.number += 1
                story, article = f"story{self.number:05}", f"article{self.number:05}" if feed else ""
                made, title = self.clock.now(), f"Event {self.number}"
                if feed:
                    tx.entries.add(feed, [an_entry(article)], made, backlog=False)
                    [pending] = tx.entries.claim(made, 1, timedelta(minutes=1))
                    tx.entries.finish(pending.id, article, "read")
                alert = an_alert(f"{story}-0", story, severity=severity, made=made, title=title, article=article)
                queue(tx, self.desk, alert, tuple(self.channels))

    def work(self) -> None:
        """Send everything that may be sent now."""
        for name in self.channels:
            while due := self.deliverer.due(name, 1):
                self.deliverer.deliver(due[0])

    def pass_time(self, seconds: float, step: float = 30.0) -> None:
        while seconds > 0:
            self.clock.turn(min(step, seconds))
            seconds -= step
            self.work()

    def subjects(self, name: str = "phone") -> list[str]:
        return [message.subject for message in self.channels[name].messages]


@pytest.fixture(autouse=True)
def _no_log() -> None:
    log.configure("critical")


@pytest.fixture
def opened() -> Iterator[list[Newsroom]]:
    rooms: list[Newsroom] = []
    yield rooms
    for room in rooms:
        room.store.close()


@pytest.fixture
def room(opened: list[Newsroom]) -> Newsroom:
    opened.append(Newsroom(ChannelSettings("phone", "x"), ChannelSettings("mail", "x")))
    return opened[0]


def test_a_few_messages_of_a_short_outage_arrive_singly(room: Newsroom) -> None:
    room.channels["phone"].down = True
    room.alert(count=3)
    room.pass_time(5 * MINUTE)
    room.channels["phone"].down = False
    room.pass_time(2 * MINUTE)
    assert [subject.split(" · ")[1] for subject in room.subjects()] == ["Event 1", "Event 2", "Event 3"]


def test_after_an_outage_critical_messages_come_first_and_singly_and_the_rest_as_one_digest(room: Newsroom) -> None:
    room.channels["phone"].down = True
    for _ in range(8):
        room.alert()
        room.pass_time(15 * MINUTE, step=90)
    room.alert(Severity.CRITICAL, count=2)
    room.pass_time(60 * MINUTE, step=90)
    assert len(room.subjects("mail")) == 10  # the other channel heard everything at once
    room.channels["phone"].down = False
    room.pass_time(20 * MINUTE)
    first, second, digest = room.subjects()
    assert [first[:8], second[:8]] == ["CRITICAL"] * 2
    assert "no phone: 10 alerts, 2 critical" in digest
    assert "13:00–16:0" in digest  # local time
    assert "Event 1 #story0" in room.channels["phone"].messages[-1].body


@pytest.mark.slow
def test_a_channel_down_for_a_day_gets_everything_afterwards_and_others_wait_for_nothing(room: Newsroom) -> None:
    room.channels["phone"].down = True
    for hour in range(24):
        room.alert(Severity.CRITICAL if hour in (3, 20) else Severity.MEDIUM, count=3)
        room.pass_time(1)
        assert len(room.subjects("mail")) == 3 * (hour + 1)
        room.pass_time(HOUR - 1, step=100)
    assert room.channels["phone"].asked < 24 * 60  # not more than one try a minute, however much waits
    room.channels["phone"].down = False
    room.pass_time(30 * MINUTE)
    subjects = room.subjects()
    assert [subject.startswith("CRITICAL") for subject in subjects] == [True] * 6 + [False]
    assert "72 alerts, 6 critical" in subjects[-1]
    with room.store.read() as tx:
        assert tx.outbox.counts()["pending"] == 0
        assert len({item.told_in for n in range(1, 4) for item in tx.outbox.of_alert(f"story{n:05}-0")} - {""}) == 1


@pytest.mark.parametrize("count", [600, pytest.param(10_000, marks=pytest.mark.slow)])
def test_thousands_of_matches_at_once_are_one_digest(room: Newsroom, count: int) -> None:
    room.alert(Severity.HIGH, count=count)
    room.work()
    room.pass_time(10 * MINUTE)
    [digest] = room.subjects()
    assert f"{count} alerts" in digest
    with room.store.read() as tx:
        assert len(tx.alerts.recent(20_000)) == count + 2  # every alert is kept, with a digest for each channel
        assert tx.outbox.counts()["pending"] == 0


def test_a_storm_that_goes_on_is_a_few_messages_and_then_digests(room: Newsroom) -> None:
    for _ in range(60):
        room.alert(count=10)
        room.pass_time(10, step=5)
    room.pass_time(10 * MINUTE)
    assert len(room.subjects()) <= 20 + 5
    told = sum(int(subject.split(": ")[1].split()[0]) for subject in room.subjects() if "at once" in subject)
    assert told + sum("Event" in subject for subject in room.subjects()) == 600


def test_critical_messages_break_through_a_storm_up_to_ten(room: Newsroom) -> None:
    room.alert(Severity.HIGH, count=100)
    room.alert(Severity.CRITICAL, count=30)
    room.pass_time(10 * MINUTE)
    singly = [subject for subject in room.subjects() if subject.startswith("CRITICAL")]
    assert len(singly) == 10
    assert len(room.subjects()) <= 12


def test_a_feed_that_tells_everything_anew_is_one_digest_and_holds_up_no_other_feed(room: Newsroom) -> None:
    room.alert(Severity.HIGH, count=60, feed="https://glas.example/rss")
    room.alert(Severity.CRITICAL, feed="https://glas.example/rss")
    room.alert(Severity.MEDIUM, count=3, feed="https://dita.example/rss")
    room.work()
    assert [subject.split(" · ")[1] for subject in room.subjects()] == [
        "Event 61",
        "Event 62",
        "Event 63",
        "Event 64",
    ]
    room.pass_time(10 * MINUTE)
    [digest] = room.subjects()[4:]
    assert "many at once from https://glas.example/rss: 60 alerts" in digest
    room.alert(feed="https://glas.example/rss")
    room.pass_time(15 * MINUTE)
    assert len(room.subjects()) == 6  # calm again


def test_while_very_much_of_one_feed_is_still_to_be_read_its_alerts_wait_a_little(room: Newsroom) -> None:
    feed = "https://glas.example/rss"
    room.alert(feed=feed)
    with room.store.write() as tx:
        tx.entries.add(feed, [an_entry(f"new{number}") for number in range(30)], room.clock.now(), backlog=False)
    room.work()
    assert room.subjects() == []
    room.pass_time(30, step=2)
    assert len(room.subjects()) == 1  # reading takes too long


def test_at_night_only_critical_messages_arrive_and_the_rest_is_one_message_in_the_morning(
    opened: list[Newsroom],
) -> None:
    room = Newsroom(ChannelSettings("phone", "x", quiet=parse_quiet("23:00-06:00")))
    opened.append(room)
    room.clock.time = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # 23:30 in Belgrade
    room.alert(Severity.HIGH, count=3)
    room.alert(Severity.CRITICAL)
    room.pass_time(6 * HOUR)
    assert [subject.split(" · ")[0] for subject in room.subjects()] == ["CRITICAL"]
    room.pass_time(1.2 * HOUR)
    assert "23:00–06:00 quiet hours: 3 alerts" in room.subjects()[1]
    assert len(room.subjects()) == 2
    room.alert()
    room.work()
    assert len(room.subjects()) == 3


def test_a_channel_that_names_a_time_is_left_alone_until_then(room: Newsroom) -> None:
    phone = room.channels["phone"]
    phone.answers = [replace(DOWN, detail="HTTP 429", retry_after=300.0)]
    room.alert(count=4)
    room.work()
    room.pass_time(4 * MINUTE)
    assert phone.asked == 1
    room.pass_time(3 * MINUTE)
    assert len(phone.messages) == 4


def test_a_channel_gets_no_more_messages_a_minute_than_it_takes(opened: list[Newsroom]) -> None:
    room = Newsroom(ChannelSettings("phone", "x", per_minute=4))
    opened.append(room)
    room.alert(count=10)
    room.work()
    room.pass_time(59, step=1)
    assert len(room.subjects()) == 4
    room.pass_time(120, step=1)
    assert len(room.subjects()) == 10


def test_a_refused_message_is_tried_once_as_short_plain_text(room: Newsroom) -> None:
    phone = room.channels["phone"]
    phone.answers = [REFUSED]
    room.alert()
    room.pass_time(5)
    [message] = phone.messages
    assert message.body.splitlines() == ["https://dita.example/a1", "[#story0]"]
    with room.store.read() as tx:
        details = [attempt.detail for attempt in tx.outbox.attempts("story00001-0@phone")]
    assert "once more as short plain text" in details[0]


def test_a_message_refused_for_good_goes_to_another_channel_which_also_says_so_once(opened: list[Newsroom]) -> None:
    phone = ChannelSettings("phone", "x")
    room = Newsroom(phone, ChannelSettings("mail", "x"))
    opened.append(room)
    room.channels["phone"].answers = [REFUSED] * 4
    with room.store.write() as tx:
        for number in (1, 2):
            alert = an_alert(f"story{number}-0", f"story{number}abc", made=room.clock.now())
            queue(tx, room.desk, alert, ("phone",))
    room.pass_time(MINUTE)
    assert len(room.subjects("mail")) == 3
    assert sum("could not be delivered" in subject for subject in room.subjects("mail")) == 1
    assert not room.subjects("phone")
    with room.store.write() as tx:
        assert tx.outbox.revive(tx.outbox.ids(DeliveryState.DEAD, "phone"), room.clock.now()) == 2
    room.pass_time(MINUTE)
    assert len(room.subjects("phone")) == 2


@pytest.mark.parametrize("step", [-HOUR, HOUR, -24 * HOUR, 24 * HOUR, 365 * 24 * HOUR], ids=str)
def test_deliveries_go_on_when_the_clock_is_set(room: Newsroom, step: float) -> None:
    phone = room.channels["phone"]
    phone.down = True
    room.alert(count=2)
    room.pass_time(20 * MINUTE)
    with room.store.write() as tx:
        tx.outbox.claim(room.clock.now() + timedelta(minutes=2), "phone", 1, timedelta(minutes=3))  # died with it
    room.clock.time += timedelta(seconds=step)
    phone.down = False
    room.pass_time(4 * MINUTE)
    assert sorted(subject.split(" · ")[1] for subject in room.subjects()) == ["Event 1", "Event 2"]
    room.alert()
    room.pass_time(MINUTE)
    assert len(room.subjects()) == 3
    assert len(room.subjects("mail")) == 3
