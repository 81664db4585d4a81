"""Every part of the daemon killed or hung: noticed, replaced, no heartbeat meanwhile, told afterwards.

The real process, with the limits scaled down fivefold; a small loop plays the service manager.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

WHO = "soldier doctor farmer sailor teacher painter miner baker judge lawyer singer dancer pilot priest actor".split()
RULES = "version: 1\nconcepts:\n  arriving: {kind: action, label: Arrival, words: {en: [arrive]}}\n" + "".join(
    f"  {who}: {{label: {who}, words: {{en: [{who}]}}}}\n" for who in WHO
)
# A rule for each, so that each is news: the stories of such short texts are one.
RULES += "rules:\n" + "".join(
    f"  - id: {who}-arrives\n    title: {who} arrives\n    status: live\n    severity: high\n"
    f"    find: {{within: sentence, all: [{who}, arriving]}}\n    tests:\n"
    f"      - {{it: x, lang: en, published: 2026-03-02, title: '{who}s arrive', text: x, expect: {{fires: true}}}}\n"
    for who in WHO
)

# Runs the daemon with small limits, and stops one of its parts when told so by a file.
DRIVER = """\
import asyncio, os, sys, threading, time
from pathlib import Path
from monitor import log
from monitor.config import load_settings
from monitor.daemon import Daemon
from monitor.watch.vitals import Limits

desk = Path(sys.argv[1])

def hang(*_args, **_more):
    time.sleep(3600)

def stop(part):
    line = daemon.pipeline
    if part == "scheduler":
        crew, turn = daemon._crews.polls, daemon._crews.polls.turn
        def once():
            crew.turn = turn
            time.sleep(3600)
        crew.turn = once
    elif part == "fetch":
        line.fetcher._loop.call_soon_threadsafe(hang)
    elif part == "workers":
        line.workers._pool.schedule = lambda *a, **k: __import__("concurrent.futures").futures.Future()
    elif part == "delivery":
        for channel in line.channels.values():
            channel.send = hang

def listen():
    while True:
        for order in desk.glob("stop-*"):
            order.unlink()
            stop(order.name[5:])
        time.sleep(0.1)

if __name__ == "__main__":
    log.configure("info", json=True)
    limits = Limits(tick=4, work=15, probe=12, every=0.5, outbox=900, patience=1.5, shutdown=2)
    daemon = Daemon(load_settings(desk / "monitor.yaml"), limits)
    threading.Thread(target=listen, daemon=True).start()
    with daemon:
        daemon.run()
    os._exit(0)
"""


class Site:
    """A feed with news, a webhook and a receiver of heartbeats."""

    def __init__(self) -> None:
        self.number = 0
        self.told: list[str] = []
        self.pings: list[tuple[float, str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/ping"):
                    site.pings.append((time.monotonic(), self.path, ""))
                self.answer(site.feed() if self.path == "/feed" else b"<html><p>nothing</p></html>")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if self.path.startswith("/ping"):
                    site.pings.append((time.monotonic(), self.path, body))
                else:
                    site.told.append(body)
                self.answer(b"")

            def answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/xml" if self.path == "/feed" else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def feed(self) -> bytes:
        """Something new at every poll, now and then something that is told."""
        self.number += 1
        who = WHO[self.number // 5 % len(WHO)].capitalize()
        title = f"{who}s arrive in place {self.number}" if self.number % 5 == 3 else f"Weather {self.number}"
        item = f"<item><title>{title}</title><link>{self.base}/{self.number}</link><guid>{self.number}</guid></item>"
        return f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>".encode()


class Service:
    """The daemon under something like a service manager: it is started again when it ends with an error."""

    def __init__(self, desk: Path) -> None:
        self.desk = desk
        self.log = desk / "log"
        self.starts = 0
        self._running = True
        self.process: subprocess.Popen[bytes] | None = None
        (desk / "driver.py").write_text(DRIVER)
        threading.Thread(target=self._manage, daemon=True).start()

    def _manage(self) -> None:
        while self._running:
            with self.log.open("ab") as stderr:
                command = [sys.executable, str(self.desk / "driver.py"), str(self.desk)]
                self.process = subprocess.Popen(
                    command, stderr=stderr, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
                )
            self.starts += 1
            self.process.wait()
            time.sleep(0.2)

    @property
    def text(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def end(self) -> None:
        self._running = False
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)


def until(true: Callable[[], object], seconds: float, say: Callable[[], str] = str) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, say()[-6000:]
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def service(tmp_path: Path, site: Site) -> Iterator[Service]:
    pack = tmp_path / "pack"
    pack.mkdir()
    feed = f'{{url: "{site.base}/feed", every: 1s, allow_private: yes}}'
    (pack / "feeds.yaml").write_text(f"version: 1\noutlets:\n  site: {{name: Site, feeds: [{feed}]}}\n")
    (pack / "rules.yaml").write_text(RULES)
    hook = site.base.replace("http://", "json://") + "/hook"
    (tmp_path / "monitor.yaml").write_text(
        "version: 1\npack: ./pack\ndatabase: monitor.db\n"
        f'channels: {{hook: {{url: "{hook}"}}}}\nheartbeat: {{url: "{site.base}/ping", every: 1s}}\n'
    )
    made = Service(tmp_path)
    yield made
    made.end()


def beats(site: Site, since: float) -> bool:
    return any(at > since and path == "/ping" for at, path, _ in site.pings)


@pytest.mark.parametrize(
    ("part", "named", "restarted"),
    [
        ("scheduler", "scheduler", False),
        ("fetch", "fetch loop", True),
        ("workers", "workers", True),
        ("delivery", "deliver", True),
    ],
)
def test_a_part_that_stops_is_noticed_replaced_and_told(
    site: Site, service: Service, part: str, named: str, restarted: bool
) -> None:
    until(lambda: beats(site, 0), 90, lambda: service.text)
    (service.desk / f"stop-{part}").touch()
    stopped = time.monotonic()
    noticed = until(lambda: '"no progress"' in service.text, 40, lambda: service.text)
    assert noticed < 24  # a fifth of the promised 120 s
    seen = time.monotonic()
    words = "Restarted itself" if restarted else "Works again since"
    until(lambda: any(words in told and named in told for told in site.told), 60, lambda: service.text + str(site.told))
    until(lambda: beats(site, seen + 0.5), 20, lambda: service.text)
    assert service.starts == (2 if restarted else 1)
    late = [at for at, path, _ in site.pings if path == "/ping" and stopped + 1 < at < seen]
    assert len(late) <= 25  # until it was noticed; none after


def test_a_locked_database_stops_the_heartbeat_and_is_told_once_it_is_free(site: Site, service: Service) -> None:
    until(lambda: beats(site, 0), 90, lambda: service.text)
    other = sqlite3.connect(service.desk / "monitor.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    locked = time.monotonic()
    until(
        lambda: any("database" in body for _, path, body in site.pings if path.endswith("/fail")),
        40,
        lambda: service.text,
    )
    assert not beats(site, time.monotonic() - 0.01)
    time.sleep(3)
    assert not beats(site, locked + 25)
    other.execute("ROLLBACK")
    other.close()
    freed = time.monotonic()
    until(lambda: beats(site, freed), 40, lambda: service.text)
    words = ("Works again since", "database")
    until(
        lambda: any(all(word in told for word in words) for told in site.told),
        60,
        lambda: service.text + str(site.told),
    )
    assert service.starts == 1


def test_worker_processes_that_are_killed_are_replaced_without_anybody_noticing(site: Site, service: Service) -> None:
    until(lambda: beats(site, 0), 90, lambda: service.text)
    assert service.process is not None
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children")
    threads = Path(f"/proc/{service.process.pid}/task")
    pids = {int(pid) for path in threads.glob("*/children") for pid in path.read_text().split()}
    assert pids, children
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    number, told = site.number, len(site.told)
    until(lambda: site.number > number + 8, 60, lambda: service.text)
    until(lambda: len(site.told) > told, 60, lambda: service.text)
    assert service.starts == 1
