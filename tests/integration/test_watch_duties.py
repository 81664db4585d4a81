"""What people are told about the program itself: the daily line, feeds, restarts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from night import Night, desk_in

from monitor.desk import Desk
from monitor.model import SendResult
from monitor.watch.daily import proven_line, quiet_line
from monitor.watch.fault import FAULT
from monitor.watch.probes import database
from monitor.watch.vitals import Limits, Vitals


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk_in(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def night(desk: Desk) -> Iterator[Night]:
    made = Night(desk)
    yield made
    made.store.close()


def test_the_daily_line_says_how_quiet_it_was(night: Night) -> None:
    night.until(6, 30)
    [message] = night.told("phone", "articles")
    assert "no feed was heard: 0 articles, 0 of 1 feeds heard, 0 alerts" in message
    assert "channels taken, not proven: phone, mail" in message


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


def test_the_daily_line_says_which_channels_are_proven() -> None:
    assert proven_line(["mail"], ["phone"]) == "channels proven to arrive: mail; taken, not proven: phone"
    assert proven_line(["mail", "hook"], []) == "channels proven to arrive: mail, hook"


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
    assert "database: database is locked; over 3 min after it was noticed" in message


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


def test_a_channel_that_takes_nothing_is_told_on_the_other_with_what_it_says_and_so_is_its_return(night: Night) -> None:
    night.channels["mail"].answers = [SendResult(ok=False, detail="status 503")] * 1000
    night.line.tell_operator("Something happened", ("to be told",))
    night.until(20, 4, day=1, step=60)
    assert night.told("phone", "takes no messages") == []
    night.until(22, 0, day=1)
    [message] = night.told("phone", "mail takes no messages")
    assert "It says: status 503\n1 message waits since 21:0" in message
    night.channels["mail"].answers = []
    night.until(23, 0, day=1)
    [message] = night.told("phone", "mail takes messages again")
    assert "It took none for 1 h" in message or "It took none for 2 h" in message


def test_a_message_that_waits_untried_is_no_trouble(night: Night) -> None:
    night.line.tell_operator("Something happened", ("to be told",))
    night.clock.turn(3600)
    assert outbox_trouble(night) == ""
