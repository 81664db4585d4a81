"""After time in which nobody watched: what was missed is told once, late articles say so, and nobody is flooded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from test_path_of_an_article import FEED, RULES, STORY, World, item, page

from monitor.config.settings import load_settings
from monitor.desk import Desk, load_desk
from monitor.gap import note_cycle, open_gap, report_gap

FEEDS = f"""\
version: 1
outlets:
  north: {{name: North Wire, country: XK, languages: [en], feeds: [{{url: "{FEED}", every: 1m}}]}}
"""
CONFIG = "version: 1\npack: ./pack\ntimezone: Europe/Belgrade\nchannels: {phone: {url: 'terminal://'}}\n"
PLACES = ("school", "market", "church", "river", "mill", "depot", "farm", "stadium", "clinic", "library", "theatre")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "pack").mkdir()
    (folder / "pack" / "feeds.yaml").write_text(FEEDS)
    (folder / "pack" / "rules.yaml").write_text(RULES)
    (folder / "monitor.yaml").write_text(CONFIG)
    made, problems = load_desk(load_settings(folder / "monitor.yaml", {}))
    assert made is not None, problems
    return made


class Watch(World):
    """A world that notes its cycles as the daemon does."""

    def cycle(self) -> None:
        with self.store.write() as tx:
            note_cycle(tx, self.clock.now())
        super().cycle()
        with self.store.write() as tx:
            report_gap(tx, self.pipeline.desk, ("phone",), self.clock.now())
        super().cycle()

    def soon(self, cycles: int = 3) -> None:
        for _ in range(cycles):
            self.later(30)

    @property
    def report(self) -> str:
        [report] = [m for m in self.phone.messages if "Not watched" in m.subject]
        return f"{report.subject}\n{report.body}"


@pytest.fixture
def world(desk: Desk) -> Iterator[Watch]:
    """A feed was heard at 09:00 local time, so that what comes now is news."""
    made = Watch(desk)
    made.publish(item(1, "The library opens again"), item(0, "Rain"))
    for number in (0, 1):
        made.web.put(f"https://north.example/{number}", page("The library in the main street opens again." * 9))
    made.cycle()
    made.soon()
    assert made.phone.messages == []
    yield made
    made.store.close()


def event(number: int, published: str) -> str:
    """An item about an event of its own."""
    return item(number, f"Soldiers arrive at Ibar Bridge beside the {PLACES[number % 11]} {number}", published)


def put_page(world: World, number: int) -> None:
    place = f"{PLACES[number % 11]} {number}"
    text = f"{number * 7 + 3} soldiers arrived at the Ibar Bridge beside the {place} and closed the {place} for good."
    world.web.put(f"https://north.example/{number}", page(text, *(f"{place}: {place} {place}." for _ in range(9))))


def test_three_hours_without_us_are_reported_with_what_came_meanwhile(world: Watch) -> None:
    world.publish(item(2, "Soldiers arrive at Ibar Bridge", "Mon, 02 Mar 2026 09:10:00 GMT"), item(1, "The library"))
    world.web.put("https://north.example/2", page(*STORY))
    world.clock.turn(3 * 3600)
    world.cycle()
    world.soon()
    [alert] = [m for m in world.phone.messages if "Soldiers" in m.subject]
    assert "new · LATE: 09:01–12:01" in alert.body
    assert "published 10:10 → seen 12:01 → sent 12:0" in alert.body
    assert "Not watched 09:01–12:01 (3 h)" in world.report
    assert "back-filled 1 articles from 1 feeds; 1 alert late" in world.report
    assert "overflow" not in world.report
    world.soon(10)
    assert len(world.phone.messages) == 2


def test_an_article_that_came_after_the_gap_is_not_late(world: Watch) -> None:
    world.clock.turn(3600)
    world.cycle()
    world.soon(6)
    world.publish(item(2, "Soldiers arrive at Ibar Bridge", "Mon, 02 Mar 2026 09:10:00 GMT"), item(1, "The library"))
    world.web.put("https://north.example/2", page(*STORY))
    world.soon()
    [alert] = [m for m in world.phone.messages if "Soldiers" in m.subject]
    assert "LATE" not in alert.body


def test_a_window_that_overflowed_is_named(world: Watch) -> None:
    world.publish(*(item(number, f"Weather report {number}") for number in range(20, 30)))
    world.clock.turn(3600)
    world.cycle()
    world.soon()
    assert "window overflowed, articles may be missing: North Wire" in world.report
    assert "back-filled 10 articles" in world.report


def test_at_most_ten_late_alerts_go_out_singly_and_the_rest_stands_in_the_report(world: Watch) -> None:
    numbers = range(2, 24)
    world.publish(*(event(number, "Mon, 02 Mar 2026 08:30:00 GMT") for number in numbers), item(1, "The library"))
    for number in numbers:
        put_page(world, number)
    world.clock.turn(3 * 3600)
    world.cycle()
    world.soon(6)
    singly = [m for m in world.phone.messages if "LATE" in m.body]
    assert len(singly) == 10
    assert "10 alerts late, " in world.report
    assert "below" in world.report
    assert "https://north.example/" in world.report
    assert len(world.phone.messages) == 11


def test_matches_older_than_a_day_wait_for_the_report(world: Watch) -> None:
    world.publish(item(2, "Soldiers arrive at Ibar Bridge", "Mon, 02 Mar 2026 10:10:00 GMT"), item(1, "The library"))
    world.web.put("https://north.example/2", page(*STORY))
    world.clock.turn(30 * 3600)
    world.cycle()
    world.soon()
    [report] = world.phone.messages
    assert "0 alerts late, 1 below" in world.report
    assert "Soldiers arrive at Ibar Bridge — North Wire" in report.body


def test_a_restart_is_no_gap(world: Watch) -> None:
    world.clock.turn(45)
    world.cycle()
    world.soon()
    assert world.phone.messages == []


def test_a_feed_that_stays_silent_after_the_gap_is_named(world: Watch) -> None:
    world.web.errors[FEED] = ("dns", "no such host")
    world.clock.turn(3600)
    world.cycle()
    for _ in range(20):
        world.later(50)
    assert "cannot be asked since: North Wire" in world.report


def test_two_gaps_before_the_report_are_one(world: Watch) -> None:
    with world.store.write() as tx:
        world.clock.turn(3600)
        note_cycle(tx, world.clock.now())
        world.clock.turn(1800)
        gap = note_cycle(tx, world.clock.now())
        assert gap == open_gap(tx)
    assert gap is not None
    assert gap.until - gap.since == timedelta(seconds=5400)
