"""The daily canary: through the whole chain to every channel, and what takes it and drops it is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from night import CONFIG, EVENING, RULES, Night, desk_in

from monitor.config.settings import load_settings
from monitor.desk import Desk
from monitor.model import SendResult
from monitor.watch.canary import ask_for_canary, called_back, seen
from monitor.watch.receipts import arrival

RECEIPTS = CONFIG.replace('mail: {url: "terminal://"}', 'mail: {url: "terminal://", receipt: "imaps://u:p@host/INBOX"}')
CALLED = CONFIG.replace('mail: {url: "terminal://"}', 'mail: {url: "terminal://", receipt: callback}')
Make = Callable[..., Night]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Desk]:
    """Mail whose receipt is read in its folder, called back, or nobody's but a person's."""
    folder = tmp_path_factory.mktemp("desk")
    desks = {"person": desk_in(folder)}
    for name, config in {"read": RECEIPTS, "called": CALLED + "http: 127.0.0.1:9107\n"}.items():
        (folder / f"{name}.yaml").write_text(config)
        desks[name] = replace(desks["person"], settings=load_settings(folder / f"{name}.yaml", {}))
    return desks


@pytest.fixture
def begin(desks: dict[str, Desk]) -> Iterator[Make]:
    made: list[Night] = []

    def make(receipt: str, ask: Callable[[str, str], str] = lambda address, code: "") -> Night:
        made.append(Night(desks[receipt], ask))
        return made[-1]

    yield make
    for night in made:
        night.store.close()


def test_the_canary_reaches_every_channel_once_a_day_at_its_hour(begin: Make) -> None:
    night = begin("person")
    night.until(4, 50)
    assert night.channels["phone"].messages == []
    night.until(5, 10)
    for channel in ("phone", "mail"):
        [message] = night.told(channel, "[canary]")
        assert "rule “soldiers-arrive” fired" in message
        assert f"monitor canary seen {channel}" in message
    night.until(4, 0, day=3)
    assert len(night.told("phone", "[canary]")) == 1
    night.until(6, 30, day=3)
    assert len(night.told("phone", "[canary]")) == 2
    assert night.told("phone", "missing") == []


def test_the_canary_leaves_nothing_behind_in_articles_and_stories(begin: Make) -> None:
    night = begin("person")
    night.until(5, 30)
    with night.store.read() as tx:
        assert list(tx.articles.since(datetime(2020, 1, 1, tzinfo=UTC))) == []
        assert tx.figures.alerts_since(EVENING) == 0


def test_a_channel_that_does_not_take_the_canary_is_told_on_the_others(begin: Make) -> None:
    night = begin("person")
    night.channels["mail"].answers = [SendResult(ok=False, detail="status 503")] * 1000
    night.until(6, 30)
    [message] = night.told("phone", "The daily canary is missing on mail")
    assert "mail did not take it: status 503" in message


def test_a_channel_that_takes_and_drops_is_found_out_within_the_day_and_told_on_another(begin: Make) -> None:
    dropping = [True]
    asked = []

    def ask(address: str, code: str) -> str:
        asked.append((address, code))
        return "not in the mail folder INBOX" if dropping[0] else ""

    night = begin("read", ask)
    night.until(6, 30)
    [message] = night.told("phone", "The daily canary is missing on mail")
    assert "mail took it, but it is not in the mail folder INBOX" in message
    [canary] = night.told("mail", "[canary]")
    address, code = asked[0]
    assert address == "imaps://u:p@host/INBOX"
    assert f"[#{code}]" in canary
    dropping[0] = False
    night.until(6, 30, day=3)
    assert len(night.told("phone", "The daily canary arrives again on mail")) == 1
    assert len(night.told("phone", "is missing on mail")) == 1
    [line] = night.told("phone", "channels proven to arrive: mail; taken, not proven: phone")
    assert "no feed was heard" in line


def test_a_receiver_that_sends_the_code_back_proves_its_channel_and_one_that_does_not_is_told(begin: Make) -> None:
    night = begin("called")
    night.until(5, 10)
    alert = night.channels["mail"].messages[0].alert
    with night.store.write() as tx:
        assert not called_back(tx, "test-guessed", night.clock.now())
        assert called_back(tx, alert, night.clock.now())
    night.until(7, 0)
    assert night.told("phone", "missing") == []
    with night.store.read() as tx:
        known = arrival(tx, "mail")
    assert known
    assert known.how == "its receiver sent the code back"
    night.until(6, 30, day=3)
    [message] = night.told("phone", "missing on mail")
    assert "its receiver did not send the code back" in message
    with night.store.write() as tx:
        assert not called_back(tx, alert, night.clock.now())  # yesterday's


@pytest.mark.slow
def test_where_only_a_person_can_tell_people_are_asked_once_a_week_until_somebody_does(begin: Make) -> None:
    night = begin("read")
    night.until(20, day=7, step=7200)
    assert night.told("mail", "Nobody has confirmed") == []
    night.until(20, day=13, step=7200)
    [message] = night.told("mail", "Nobody has confirmed for 7 d that messages arrive on phone")
    assert "monitor canary seen phone" in message
    with night.store.write() as tx:
        seen(tx, {"channel": "phone", "author": "ana"}, night.clock.now())
    night.until(18, day=20, step=7200)
    assert len(night.told("mail", "Nobody has confirmed")) == 1


def test_a_person_may_ask_for_a_canary_at_any_time(begin: Make) -> None:
    night = begin("person")
    with night.store.write() as tx:
        ask_for_canary(tx, {}, night.clock.now())
    night.until(20, 20, day=1)
    assert len(night.told("phone", "[canary]")) == 1
    night.until(6, 30)
    assert len(night.told("phone", "[canary]")) == 2


def test_a_rule_that_no_longer_fires_on_its_own_test_is_found_by_the_canary(tmp_path: Path) -> None:
    broken = RULES.replace("title: Soldiers arrive in", "title: Cows sleep in")
    night = Night(desk_in(tmp_path, broken))
    night.until(5, 30)
    [message] = night.told("phone", "did not get through")
    assert "soldiers-arrive" in message
    night.store.close()


def test_a_desk_that_begins_after_the_hour_has_its_first_canary_the_next_day(begin: Make) -> None:
    night = begin("person")
    night.until(23, 50, day=1)
    assert night.channels["phone"].messages == []
