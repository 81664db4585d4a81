"""A feed that goes quiet is noticed and told once; one that is quiet by habit is not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.health import Notice, Patience, assess, review
from monitor.feeds.record import after_failed, after_heard, after_page
from monitor.feeds.schedule import after_failure, after_success
from monitor.model import Feed, FeedHealth, FeedRecord, FeedState, PageText

MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLL = timedelta(minutes=30)
NAMES = {"https://a.example/feed": "North Wire"}
Brings = Callable[[datetime], int]


class Watched:
    """One feed on a clock that one turns, with everything that people were told."""

    def __init__(self, number: str = "a") -> None:
        self.feed = Feed(f"https://{number}.example/feed", number)
        self.state, self.record, self.now = FeedState(self.feed.url), FeedRecord(), MONDAY
        self.told: list[tuple[datetime, Notice]] = []
        self.patience = Patience()

    def heard(self, new: int, damage: str = "") -> None:
        self.state = after_success(self.state, self.now, new, self.feed, 0.5, damage=damage)
        self.record = after_heard(self.record, self.now, new, damage)

    def failed(self, error_class: str) -> None:
        self.state = after_failure(self.state, self.now, error_class, "in words", None, self.feed, 0.5)
        self.record = after_failed(self.record, self.now)

    def look(self) -> None:
        found = review([self.state], {self.feed.url: self.record}, NAMES, self.now, self.patience)
        self.record = found.records.get(self.feed.url, self.record)
        self.told += [(self.now, notice) for notice in found.notices]

    def watch(self, days: float, brings: Brings) -> None:
        """Poll every half hour; `brings` says how many entries are new at a time."""
        end = self.now + timedelta(days=days)
        while self.now < end:
            self.heard(brings(self.now))
            self.look()
            self.now += POLL

    def fail(self, hours: float, error_class: str) -> None:
        end = self.now + hours * HOUR
        while self.now < end:
            self.failed(error_class)
            self.look()
            self.now += POLL

    @property
    def titles(self) -> list[str]:
        return [notice.title for _, notice in self.told]


def rhythm(seed: int, a_day: float, hours: range = range(24), days: range = range(7)) -> Brings:
    """A feed that writes `a_day` articles, at random, within these hours of these days of the week."""
    chance = random.Random(seed)
    a_poll = a_day / len(hours) / 2
    return lambda now: int(now.hour in hours and now.weekday() in days and chance.random() < a_poll)


HABITS = {
    "all day": lambda seed: rhythm(seed, 60),
    "never at night": lambda seed: rhythm(seed, 40, range(6, 22)),
    "office hours, no weekends": lambda seed: rhythm(seed, 12, range(8, 17), range(5)),
    "a few a day": lambda seed: rhythm(seed, 3, range(7, 20)),
    "once a day at nine": lambda seed: lambda now: int(now.hour == 9 and now.minute < 30),
    "every other day": lambda seed: rhythm(seed, 0.5),
    "weekly on Thursday": lambda seed: lambda now: int(now.weekday() == 3 and now.hour == 15 and now.minute < 30),
}


@pytest.mark.parametrize("habit", HABITS)
def test_a_feed_that_keeps_to_its_habits_is_never_told_of_over_thirty_days(habit: str) -> None:
    for seed in range(2):
        feed = Watched()
        feed.watch(30, HABITS[habit](seed))
        assert feed.titles == []


@pytest.mark.parametrize(
    ("habit", "within"),
    [("all day", 26), ("never at night", 30), ("office hours, no weekends", 48), ("once a day at nine", 24 * 12)],
)
def test_a_feed_that_falls_silent_is_told_once_and_so_is_its_return(habit: str, within: float) -> None:
    feed, brings = Watched(), HABITS[habit](1)
    feed.watch(28, brings)
    silent_from = feed.now
    feed.watch(14, lambda now: 0)
    [(when, notice)] = feed.told
    assert notice.title == "North Wire is stale"
    assert "nothing new for" in notice.lines[0]
    assert when - silent_from <= within * HOUR
    assert assess(feed.state, feed.record, feed.now).health is FeedHealth.STALE
    feed.watch(2, brings if habit == "all day" else lambda now: 1)
    assert feed.titles == ["North Wire is stale", "North Wire is well again"]


def test_a_feed_whose_entries_are_all_old_from_the_start_is_stale_after_a_week() -> None:
    feed = Watched()
    feed.heard(20)
    feed.now += POLL
    feed.watch(9, lambda now: 0)
    [(when, notice)] = feed.told
    assert notice.title == "North Wire is stale"
    assert timedelta(days=7) <= when - MONDAY <= timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("error_class", "hours", "words"),
    [
        ("dns", 6, "host name cannot be looked up"),
        ("connect", 6, "no connection"),
        ("tls", 6, "certificate"),
        ("timeout", 6, "does not answer in time"),
        ("network", 6, "breaks off"),
        ("protocol", 6, "proper HTTP"),
        ("too_large", 6, "too large"),
        ("encoding", 6, "cannot unpack"),
        ("redirect", 6, "redirects to nowhere"),
        ("blocked", 6, "private network"),
        ("rate_limited", 6, "too often"),
        ("http", 6, "cannot use"),
        ("server", 6, "has an error"),
        ("not_found", 6, "no such page"),
        ("empty", 6, "is empty"),
        ("not_a_feed", 6, "no feed"),
        ("parse", 6, "cannot be read"),
        ("auth", 0, "refuses us"),
        ("gone", 0, "gone for good"),
    ],
)
def test_a_failing_feed_is_told_once_after_its_time_with_the_cause_and_once_when_it_is_back(
    error_class: str, hours: float, words: str
) -> None:
    feed = Watched()
    feed.watch(1, rhythm(1, 60))
    began = feed.now
    feed.fail(30, error_class)
    [(when, notice)] = feed.told
    assert timedelta(hours=hours) <= when - began <= timedelta(hours=hours) + POLL
    assert notice.title == ("North Wire is gone" if error_class == "gone" else "North Wire is failing")
    assert words in notice.lines[0]
    feed.watch(1, rhythm(2, 60))
    assert feed.titles[1:] == ["North Wire is well again"]


def test_a_short_failure_is_seen_in_the_state_at_once_and_told_to_nobody() -> None:
    feed = Watched()
    feed.watch(1, rhythm(1, 60))
    feed.fail(0.3, "timeout")
    assert assess(feed.state, feed.record, feed.now).health is FeedHealth.FAILING
    feed.watch(0.5, rhythm(2, 60))
    assert feed.titles == []


def test_the_patience_can_be_counted_in_polls() -> None:
    feed = Watched()
    feed.patience = Patience(failing_polls=3)
    feed.fail(1.4, "server")
    assert feed.titles == ["North Wire is failing"]


def test_a_feed_that_fails_and_then_says_gone_is_told_of_both() -> None:
    feed = Watched()
    feed.fail(8, "server")
    feed.fail(8, "gone")
    assert feed.titles == ["North Wire is failing", "North Wire is gone"]


def test_a_feed_in_the_wrong_charset_is_degraded_after_three_polls_until_three_good_ones() -> None:
    feed = Watched()
    for damage in ("wrong charset", "", "wrong charset", "wrong charset"):
        feed.heard(1, damage)
        feed.look()
    assert feed.titles == []
    for damage in ("wrong charset", "wrong charset", "", "wrong charset", "", ""):
        feed.heard(1, damage)
        feed.look()
    assert feed.titles == ["North Wire is degraded"]
    assert "wrong charset" in feed.told[0][1].lines[0]
    feed.heard(1)
    feed.look()
    assert feed.titles == ["North Wire is degraded", "North Wire is well again"]


def article(number: int) -> PageText:
    return PageText((f"A report of its own {'abcdefghijklmnopqrstuvwxyz'[number % 26] * 9}.",))


WALL = PageText(("We value your privacy.",), suspect="cookie wall")
SAME = PageText(("The page you look for is being prepared. Please come back later.",))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (PageText(()), "no text in it"),
        (WALL, "cookie wall"),
        (SAME, "the same text"),
    ],
)
def test_pages_that_stop_holding_articles_make_the_feed_degraded_and_good_ones_end_it(
    page: PageText, words: str
) -> None:
    feed = Watched()
    feed.heard(30)
    for number in range(10):
        feed.record = after_page(feed.record, article(number))
        feed.look()
    for _ in range(6):
        assert feed.titles == []
        feed.record = after_page(feed.record, page)
        feed.look()
    assert feed.titles == ["North Wire is degraded"]
    assert words in feed.told[0][1].lines[0]
    for number in range(10):
        feed.record = after_page(feed.record, article(number))
        feed.look()
    assert feed.titles == ["North Wire is degraded", "North Wire is well again"]


def page_of(length: int, number: int) -> PageText:
    return PageText((f"{'abcdefghijklmnopqrstuvwxyz'[number % 26]}" * length,))


def test_pages_that_are_suddenly_far_shorter_than_usual_make_the_feed_degraded() -> None:
    feed = Watched()
    feed.heard(30)
    chance = random.Random(1)
    for number in range(600):  # lengths as articles have them: half of them between 1,500 and 5,000 characters
        feed.record = after_page(feed.record, page_of(int(chance.lognormvariate(7.9, 0.9)), number))
        feed.look()
    assert feed.titles == []
    for number in range(6):
        feed.record = after_page(feed.record, page_of(300 + number, number))
        feed.look()
    [(_, notice)] = feed.told
    assert notice.title == "North Wire is degraded"
    assert "characters where" in notice.lines[0]
    for number in range(100):  # a desk that writes short from now on is one day as usual
        feed.record = after_page(feed.record, page_of(300 + number, number))
        feed.look()
    assert feed.titles == ["North Wire is degraded", "North Wire is well again"]


def look_at(feeds: list[Watched], now: datetime) -> list[Notice]:
    states, records = [feed.state for feed in feeds], {feed.feed.url: feed.record for feed in feeds}
    found = review(states, records, {}, now, Patience())
    for feed in feeds:
        feed.record = found.records.get(feed.feed.url, feed.record)
    return list(found.notices)


def test_without_a_network_people_are_told_once_for_all_feeds_and_once_when_it_is_back() -> None:
    feeds = [Watched(f"n{number}") for number in range(40)]
    notices = []
    for step in range(60):
        for feed in feeds:
            feed.now = MONDAY + step * POLL
            feed.failed("dns")
        notices += look_at(feeds, feeds[0].now)
    [notice] = notices
    assert notice.title == "40 of 40 feeds cannot be reached: no network?"
    for feed in feeds[:39]:
        feed.heard(5)
    feeds[39].failed("dns")
    [back] = look_at(feeds, feeds[0].now)
    assert back.title == "The feeds can be reached again: 39 of 40"
    assert back.lines == ("still failing: https://n39.example/feed",)
    assert look_at(feeds, feeds[0].now + 5 * HOUR) == []
    [late] = look_at(feeds, feeds[0].now + 7 * HOUR)
    assert "is failing" in late.title


def test_feeds_that_turn_together_are_one_notice() -> None:
    feeds = [Watched(f"n{number}") for number in range(10)]
    for feed in feeds:
        feed.heard(1)
    for feed in feeds[:4]:
        feed.failed("auth")
    [notice] = look_at(feeds, MONDAY)
    assert notice.title == "4 feeds need a look"
    assert len(notice.lines) == 4


def test_hours_that_nobody_watched_do_not_make_a_feed_stale() -> None:
    feed = Watched()
    feed.watch(14, rhythm(1, 60))
    feed.now += timedelta(days=3)
    feed.heard(0)
    feed.look()
    assert feed.titles == []


def test_the_record_stays_small() -> None:
    feed = Watched()
    feed.watch(30, rhythm(1, 60))
    assert len(feed.record.watched) == len(feed.record.active) == 168
    assert len(after_page(replace(feed.record, pages=("x",) * 10), WALL).pages) == 10
