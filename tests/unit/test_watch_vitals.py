"""What counts as progress, and what its absence leads to."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeClock

from monitor.errors import MonitorError
from monitor.watch.heartbeat import Heartbeat, sd_notify
from monitor.watch.vitals import Episodes, Limits, Probe, Trouble, Vitals, in_words


class Crew:
    def __init__(self, name: str = "poll") -> None:
        self.name, self.done, self.failed, self.busy = name, 0, 0, 0


class Signs:
    """Vital signs over one crew and one probe, without threads."""

    def __init__(self) -> None:
        self.clock, self.crew = FakeClock(), Crew()
        self.probe = Probe("database", lambda stamp: None, self.clock, 5)
        self.probe.proven = True
        self.vitals = Vitals(self.clock, Limits(), [self.crew], [self.probe])

    def later(self, seconds: float, *, tick: bool = True, alive: bool = True) -> None:
        for _ in range(int(seconds)):
            self.clock.turn(1)
            if tick:
                self.vitals.ticked()
            if alive:
                self.probe._alive()
            self.vitals.sample()

    @property
    def parts(self) -> list[str]:
        return [trouble.part for trouble in self.vitals.troubles()]


def test_a_quiet_program_with_nothing_due_is_well() -> None:
    signs = Signs()
    signs.later(3600)
    assert signs.parts == []


def test_a_scheduler_without_ticks_is_noticed_within_half_a_minute() -> None:
    signs = Signs()
    signs.later(31, tick=False)
    assert signs.parts == ["scheduler"]


def test_work_under_way_that_never_ends_is_noticed_and_slow_work_is_not() -> None:
    signs = Signs()
    signs.crew.busy = 3
    for _ in range(20):
        signs.later(45)
        signs.crew.done += 1
    assert signs.parts == []
    signs.later(90)
    assert signs.parts == ["poll"]
    signs.crew.failed += 1  # a failure is an end as well
    signs.later(1)
    assert signs.parts == []


def test_feeds_that_are_due_and_not_polled_are_a_trouble_although_everything_ticks() -> None:
    signs = Signs()
    signs.vitals.overdue = 500.0
    signs.later(80)
    assert signs.parts == ["poll"]
    signs.crew.done += 1
    signs.later(1)
    assert signs.parts == []


def test_a_clock_that_is_set_is_no_trouble() -> None:
    signs = Signs()
    signs.later(5)
    signs.clock.time = signs.clock.time.replace(year=2030)
    signs.later(5)
    assert signs.parts == []


def test_a_part_that_does_not_answer_is_noticed() -> None:
    signs = Signs()
    signs.later(61, alive=False)
    [trouble] = signs.vitals.troubles()
    assert trouble.part == "database"
    assert "61 s" in trouble.why


def test_a_database_that_refuses_is_no_reason_to_restart_and_one_that_hangs_for_long_is() -> None:
    signs = Signs()
    signs.probe.error = "database is locked"
    signs.crew.busy = 1  # it waits for the database, as the tick does
    signs.later(310, alive=False, tick=False)
    assert {trouble.part: trouble.restart_helps for trouble in signs.vitals.troubles()} == {
        "database": False,
        "poll": False,
        "scheduler": False,
    }
    assert "waiting for the database" in in_words([t for t in signs.vitals.troubles() if t.part == "scheduler"])
    signs.probe.error = ""
    assert all(trouble.restart_helps for trouble in signs.vitals.troubles())


def test_a_transaction_of_our_own_that_never_ends_is_our_own_fault() -> None:
    signs = Signs()
    signs.vitals = Vitals(signs.clock, Limits(), [signs.crew], [signs.probe], lambda: signs.clock.seconds)
    signs.later(59, alive=False, tick=False)
    assert signs.parts == ["scheduler"]
    signs.later(2, alive=False, tick=False)
    [_, database] = signs.vitals.troubles()
    assert "a transaction of our own is open for 61 s" in database.why
    assert database.restart_helps


def test_the_first_answer_may_take_longer() -> None:
    signs = Signs()
    signs.probe.proven = False
    signs.crew.busy = 1  # its first item waits for the first worker process
    signs.later(100, alive=False)
    assert signs.parts == []
    signs.later(150, alive=False)
    assert sorted(signs.parts) == ["database", "poll"]


def test_an_outbox_that_nobody_takes_from_is_a_trouble() -> None:
    signs = Signs()
    signs.vitals.outbox = "a message waits for 20 min and no channel takes any"
    assert in_words(signs.vitals.troubles()) == "outbox: a message waits for 20 min and no channel takes any"


def until(true: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


class RealClock(FakeClock):
    def monotonic(self) -> float:
        return time.monotonic()


def test_a_probe_proves_itself_tells_what_it_met_and_recovers() -> None:
    broken = threading.Event()

    def work(stamp: Callable[[], None]) -> None:
        if broken.is_set():
            raise MonitorError("locked", temporary=True)

    probe = Probe("database", work, RealClock(), 0.01)
    probe.start()
    until(lambda: probe.proven)
    broken.set()
    until(lambda: probe.error == "locked" and probe.age > 0.1)
    broken.clear()
    until(lambda: probe.age < 0.1)
    probe.stop()


def test_an_episode_is_remembered_with_its_length_and_told_once() -> None:
    episodes, locked = Episodes(), Trouble("database", "locked")
    assert episodes.note([locked], 10) == (locked,)
    assert episodes.note([locked], 20) == ()
    assert episodes.longest([locked], 30) == 20
    episodes.note([], 40)
    assert episodes.over == [("database", "locked", 30)]
    episodes.told(1)
    assert episodes.over == []


def test_a_process_that_stood_still_blames_no_part_of_itself() -> None:
    signs = Signs()
    signs.crew.busy = 1
    signs.later(5)
    signs.clock.turn(600)
    signs.vitals.forgive()
    assert signs.parts == []


class Receiver:
    """Keeps the pings it gets."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                receiver.got.append((self.path, self.rfile.read(length).decode()))
                self.send_response(200)
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ping/1234?token=x"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_the_heart_beats_only_once_everything_is_proven_and_says_why_when_it_fails(receiver: Receiver) -> None:
    proven, troubles = threading.Event(), [Trouble("database", "locked")]
    heart = Heartbeat(receiver.url, 0.02, proven.is_set, lambda: troubles if proven.is_set() else [])
    heart.start()
    time.sleep(0.1)
    assert receiver.got == []
    proven.set()
    until(lambda: ("/ping/1234/fail?token=x", "database: locked") in receiver.got)
    troubles.clear()
    receiver.got.clear()
    until(lambda: ("/ping/1234?token=x", "") in receiver.got)
    heart.stop()


def test_a_ping_that_nobody_takes_is_no_exception() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert not Heartbeat(f"http://127.0.0.1:{port}/x", 60, lambda: True, list).beat()


def test_the_service_manager_hears_us_on_its_socket(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        assert sd_notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert manager.recv(100) == b"READY=1"
        assert not sd_notify("READY=1", {})
        assert not sd_notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "nobody")})
