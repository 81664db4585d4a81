"""Digests come once a local day, however the clock is set and whatever summer time does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from store_values import an_alert

from monitor.articles.text import Furniture
from monitor.config.manners import DigestSettings
from monitor.config.settings import ChannelSettings, Settings
from monitor.desk import Desk
from monitor.digests import send_digests
from monitor.judge import queue
from monitor.model import Severity
from monitor.store import Store

HOUR = timedelta(hours=1)


class Days:
    """A desk with a digest at half past two, or at other times, and a clock."""

    def __init__(self, start: datetime, cron: str = "30 2 * * *", language: str = "en") -> None:
        self.now = start
        self.store = Store.open("sqlite://", durable=False)
        digest = DigestSettings("daily", cron, ("mail",), Severity.MEDIUM)
        settings = Settings(
            language=language,
            zone=ZoneInfo("Europe/Belgrade"),
            channels=(ChannelSettings("mail", "x"),),
            digests=(digest,),
        )
        rules = SimpleNamespace(version="v1")
        self.desk = Desk(settings, rules, {}, {}, Furniture((), (), ()), frozenset())  # type: ignore[arg-type]
        self.number = 0

    def pass_time(self, span: timedelta) -> None:
        """An alert an hour; the digests are asked for every ten minutes."""
        end = self.now + span
        while self.now < end:
            self.number += 1
            with self.store.write() as tx:
                queue(tx, self.desk, an_alert(f"s{self.number}-0", f"s{self.number}", made=self.now), ())
            for _ in range(6):
                send_digests(self.store, self.desk, self.now)
                self.now += HOUR / 6

    def digests(self) -> list[str]:
        with self.store.read() as tx:
            return [
                alert.title for alert in tx.alerts.since(datetime(2000, 1, 1, tzinfo=UTC)) if alert.kind == "digest"
            ]


@pytest.fixture
def days(request: pytest.FixtureRequest) -> Iterator[Days]:
    start, *rest = request.param if isinstance(request.param, tuple) else (request.param,)
    made = Days(datetime.fromisoformat(start).replace(tzinfo=UTC), *rest)
    yield made
    made.store.close()


@pytest.mark.parametrize("days", ["2026-03-27T12:00", "2026-10-23T12:00"], indirect=True, ids=["spring", "autumn"])
def test_a_digest_comes_once_a_day_also_when_its_hour_is_left_out_or_comes_twice(days: Days) -> None:
    days.pass_time(timedelta(days=4))
    assert len(days.digests()) == 4
    told = sum(int(title.split()[-2]) for title in days.digests())
    assert days.number - 13 < told < days.number  # each alert once; those since the last digest are to come


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        pytest.param(("2026-03-28T12:00", "0 * * * *"), 24, id="spring: the hour that is left out is made up for"),
        pytest.param(("2026-10-24T12:00", "0 * * * *"), 23, id="autumn: the hour that comes twice counts once"),
        pytest.param(("2026-05-02T12:00", "0 * * * *"), 24, id="an ordinary day"),
        pytest.param(("2026-05-02T12:00", "0 9,17 * * mon-fri"), 0, id="a Saturday"),
    ],
    indirect=["days"],
)
def test_digests_come_at_the_times_of_a_cron_expression(days: Days, hours: int) -> None:
    days.pass_time(timedelta(days=1, minutes=1))
    assert len(days.digests()) == hours


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("2026-05-02T12:00", "0 */2 * * *", "sq"), "njoftime"),
        (("2026-05-02T12:00", "0 */2 * * *", "sr"), "upozorenja"),
        (("2026-05-02T12:00", "0 */2 * * *", "mk"), "известувања"),
    ],
    indirect=["days"],
)
def test_a_digest_speaks_the_language_of_the_desk(days: Days, words: str) -> None:
    days.pass_time(5 * HOUR)
    assert days.digests()[0].endswith(f"(daily): 2 {words}")


@pytest.mark.parametrize("days", ["2026-05-02T12:00"], indirect=True)
@pytest.mark.parametrize("step", [-HOUR, HOUR, timedelta(days=-1), timedelta(days=1)], ids=str)
def test_setting_the_clock_repeats_no_digest_and_stops_none(days: Days, step: timedelta) -> None:
    days.pass_time(timedelta(days=1))
    before = len(days.digests())
    days.now += step
    days.pass_time(timedelta(days=3))
    assert before + 2 <= len(days.digests()) <= before + 4


@pytest.mark.parametrize("days", ["2026-05-02T12:00"], indirect=True)
def test_a_year_ahead_and_back_again_stops_no_digest(days: Days) -> None:
    days.pass_time(timedelta(days=1))
    days.now += timedelta(days=365)
    days.pass_time(HOUR)
    days.now -= timedelta(days=365)
    before = len(days.digests())
    days.pass_time(timedelta(days=2))
    assert before + 2 <= len(days.digests()) <= before + 3


@pytest.mark.parametrize("days", ["2026-05-02T12:00"], indirect=True)
def test_a_quiet_day_has_no_digest(days: Days) -> None:
    for _ in range(30):
        send_digests(days.store, days.desk, days.now)
        days.now += HOUR
    assert days.digests() == []
