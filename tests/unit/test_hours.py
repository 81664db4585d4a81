"""Quiet hours and times of the day as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from monitor.config.hours import parse_quiet, parse_time

BELGRADE = ZoneInfo("Europe/Belgrade")


@pytest.mark.parametrize(
    ("hours", "now", "quiet"),
    [
        ("23:00-06:00", "2026-03-02T22:00", True),  # 23:00 in Belgrade
        ("23:00-06:00", "2026-03-02T21:59", False),
        ("23:00-06:00", "2026-03-03T04:59", True),
        ("23:00-06:00", "2026-03-03T05:00", False),
        ("12:00–13:30", "2026-07-02T10:00", True),  # summer time
        ("12:00–13:30", "2026-07-02T11:30", False),
        ("2:00-3:00", "2026-03-29T00:59", False),  # the clock goes from 2 to 3: the hour does not exist
        ("2:00-3:00", "2026-03-29T01:00", False),
        ("2:00-3:00", "2026-10-25T00:30", True),  # and twice in autumn
        ("2:00-3:00", "2026-10-25T01:30", True),
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall(hours: str, now: str, quiet: bool) -> None:
    found = parse_quiet(hours)
    assert found is not None
    assert found.covers(datetime.fromisoformat(now).replace(tzinfo=UTC), BELGRADE) is quiet


@pytest.mark.parametrize("text", ["", "23:00", "23-6", "25:00-06:00", "06:00-06:00", "23:00-06:00-07:00", "night"])
def test_what_are_no_hours(text: str) -> None:
    assert parse_quiet(text) is None


def test_the_end_of_the_last_quiet_hours() -> None:
    quiet = parse_quiet("23:00-06:00")
    assert quiet is not None
    assert quiet.last_end(datetime(2026, 3, 3, 9, tzinfo=UTC), BELGRADE) == datetime(2026, 3, 3, 5, tzinfo=UTC)
    assert quiet.last_end(datetime(2026, 3, 3, 21, 30, tzinfo=UTC), BELGRADE) == datetime(2026, 3, 3, 5, tzinfo=UTC)
    day = parse_quiet("12:00-14:00")
    assert day is not None
    assert day.last_end(datetime(2026, 3, 3, 9, tzinfo=UTC), BELGRADE) == datetime(2026, 3, 2, 13, tzinfo=UTC)


def test_a_time_of_the_day() -> None:
    assert parse_time("7:05") == time(7, 5)
    assert parse_time("24:00") is None
