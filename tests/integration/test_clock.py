"""The clock of the machine is set forwards and backwards: polls and messages go on, nothing storms, nothing repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from small_desk import FEED, Desk

from monitor import log
from monitor.model import SendResult
from monitor.service.timetable import Every

pytestmark = pytest.mark.slow

STEPS = [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-1), timedelta(days=1), timedelta(days=365)]
INTERVAL = 66.0  # seconds: the feed is asked every minute, give or take a tenth


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_polls_and_messages_go_on_and_nothing_is_repeated(tmp_path: Path, step: timedelta) -> None:
    log.configure("critical")
    desk = Desk(tmp_path)
    desk.publish(1, "Soldiers arrive in Alpha")
    desk.phone.answers = [SendResult(ok=False, detail="HTTP 503")] * 2
    desk.publish(2, "Three hundred soldiers arrive in Omega at the river mouth")  # not taken yet
    assert len(desk.phone.messages) == 1
    asked = len(desk.web.requests)
    desk.clock.time += step
    waited = 0.0
    while len(desk.web.requests) == asked:
        desk.clock.turn(1)
        waited += 1
        desk.work()
        assert waited <= INTERVAL + 60
    for _ in range(40):
        desk.clock.turn(30)
        desk.work()
    assert len(desk.phone.messages) == 2
    polls = [request for request in desk.web.requests[asked:] if request.url == FEED]
    assert len(polls) < 40
    desk.publish(3, "Soldiers arrive in Sigma after the storm in the hills")
    assert len(desk.phone.messages) == 3
    desk.store.close()


@pytest.mark.parametrize(
    "change", [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)], ids=str
)
def test_summer_time_begins_and_ends_without_a_gap_or_a_repetition(tmp_path: Path, change: datetime) -> None:
    log.configure("critical")
    desk = Desk(tmp_path)
    compiled = desk.pipeline.desk
    desk.pipeline.desk = replace(compiled, settings=replace(compiled.settings, zone=ZoneInfo("Europe/Belgrade")))
    desk.clock.time = change - timedelta(minutes=10)
    desk.publish(1, "Soldiers arrive in Alpha")
    polled = [desk.clock.now()]
    for number in range(120):
        asked = len(desk.web.requests)
        desk.clock.turn(15)
        desk.work()
        if any(request.url == FEED for request in desk.web.requests[asked:]):
            polled.append(desk.clock.now())
        if number == 60:
            desk.publish(2, "Three hundred soldiers arrive in Omega at the river mouth")  # polls two minutes later
            polled = [desk.clock.now()]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(polled)]
    assert 10 < len(gaps) < 20
    assert max(gaps) <= INTERVAL + 60
    assert len(desk.phone.messages) == 2
    desk.store.close()


def test_an_entry_that_was_taken_before_the_clock_was_set_back_is_taken_again(tmp_path: Path) -> None:
    log.configure("critical")
    desk = Desk(tmp_path)
    desk.publish(1, "Soldiers arrive in Alpha")
    with desk.store.write() as tx:
        tx.conn.exec_driver_sql("UPDATE entry SET waiting = 1, lease_until = next_try + 180000000")
        earlier = desk.clock.now() - timedelta(days=1)
        assert len(tx.entries.claim(earlier, 10, timedelta(minutes=3))) == 2
    desk.store.close()


def test_a_job_that_missed_a_year_runs_once_and_not_a_million_times() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    later = now + timedelta(days=365)
    assert Every(0.5).get_next_fire_time(now, later) == later + timedelta(seconds=0.5)
    assert Every(0.5).get_next_fire_time(None, now) == now
