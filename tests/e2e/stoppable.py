"""One part of a real daemon hangs or dies: what its heartbeat, its channel and a service manager see, and when."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

DRIVER = Path(__file__).with_name("stoppable_daemon.py")
UNNOTICED = ("workers-killed", "process-killed")  # mended before anybody has to notice
ROOT = Path(__file__).parents[2]

WHO = (
    "soldier doctor farmer sailor teacher painter miner baker judge lawyer singer dancer pilot priest actor clerk "
    "nurse hunter shepherd tailor weaver mason porter butcher plumber gardener driver engineer writer builder "
    "cobbler carpenter brewer barber banker broker drummer editor grocer jeweller juggler lecturer locksmith printer "
    "ranger scholar trader welder"
).split()
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


class Site:
    """A feed with news, a webhook and a receiver of heartbeats: `told` and `pings` say what came, and when."""

    def __init__(self) -> None:
        self.number = 0
        self.told: list[tuple[float, str]] = []
        self.pings: list[tuple[float, str, str]] = []  # when, path, body
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
                    message = json.loads(body)
                    site.told.append((time.monotonic(), f"{message['title']} {message['message']}"))
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

    def beat(self, since: float) -> float | None:
        """When the first good heartbeat after `since` came."""
        return next((at for at, path, _ in self.pings if at > since and path == "/ping"), None)

    def failure(self, since: float) -> float | None:
        """When the first bad one came."""
        return next((at for at, path, _ in self.pings if at > since and path == "/ping/fail"), None)

    def news(self, since: float) -> float | None:
        """When the first article after `since` was told."""
        return next((at for at, body in self.told if at > since and "arrive in place" in body), None)

    def words(self, since: float, *wanted: str) -> tuple[float, str] | None:
        """The first message after `since` that says one of these."""
        return next(((at, body) for at, body in self.told if at > since and any(w in body for w in wanted)), None)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Service:
    """The daemon under something like a service manager: it is started again when it ends with an error."""

    def __init__(self, desk: Path, limits: Mapping[str, float]) -> None:
        self.desk = desk
        self.log = desk / "log"
        self._command = [sys.executable, str(DRIVER), str(desk), json.dumps(dict(limits))]
        self.starts = 0
        self._running = True
        self.process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._manage, daemon=True).start()

    def _manage(self) -> None:
        while self._running:
            with self.log.open("ab") as stderr:
                environment = os.environ | {"PYTHONPATH": str(ROOT)}
                self.process = subprocess.Popen(self._command, stderr=stderr, env=environment)
            self.starts += 1
            self.process.wait()
            time.sleep(0.2)

    def stop(self, part: str) -> Callable[[], None]:
        """Let a part hang or die; the returned function lets go of what this process holds."""
        assert self.process is not None
        if part == "process-killed":
            self.process.kill()
        elif part == "workers-killed":
            for pid in self._children(self.process.pid):
                os.kill(pid, signal.SIGKILL)
        elif part == "database-locked":
            other = sqlite3.connect(self.desk / "monitor.db", isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            return other.close
        else:
            (self.desk / f"stop-{part}").touch()
        return lambda: None

    @staticmethod
    def _children(pid: int) -> set[int]:
        lists = Path(f"/proc/{pid}/task").glob("*/children")
        found = {int(child) for path in lists for child in path.read_text().split()}
        assert found
        return found

    @property
    def text(self) -> str:
        """The log so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def noticed(self) -> float | None:
        """Now, when the log says that something makes no progress: it may be mended before the next heartbeat."""
        return time.monotonic() if '"no progress"' in self.text else None

    def end(self) -> None:
        self._running = False
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)


def write_desk(folder: Path, site: Site, every: str, heartbeat: str) -> None:
    """A pack that watches the site, and a monitor.yaml that tells it and pings it."""
    pack = folder / "pack"
    pack.mkdir(parents=True)
    feed = f'{{url: "{site.base}/feed", every: {every}, allow_private: yes}}'
    (pack / "feeds.yaml").write_text(f"version: 1\noutlets:\n  site: {{name: Site, feeds: [{feed}]}}\n")
    (pack / "rules.yaml").write_text(RULES)
    hook = site.base.replace("http://", "json://") + "/hook"
    (folder / "monitor.yaml").write_text(
        "version: 1\npack: ./pack\ndatabase: monitor.db\n"
        f'channels: {{hook: {{url: "{hook}", burst: 1000}}}}\n'
        f'heartbeat: {{url: "{site.base}/ping", every: {heartbeat}}}\n'
    )


@dataclass(frozen=True)
class Outcome:
    """Seconds from the stop (for what somebody else held: `recovered` and `told` from when it was let go)."""

    part: str
    noticed: float | None  # the first bad heartbeat; None: mended before anybody had to notice
    recovered: float  # a good heartbeat again, and an article told
    told: float | None
    message: str
    restarts: int


def stop_and_watch(
    part: str, folder: Path, limits: Mapping[str, float], every: str, heartbeat: str, patience: float
) -> Outcome:
    """Start a daemon, stop a part of it once it works, and see what comes of it. AssertionError after `patience` s."""
    site = Site()
    write_desk(folder, site, every, heartbeat)
    service = Service(folder, limits)

    def until(true: Callable[[], Any]) -> Any:
        end = time.monotonic() + patience
        while not (found := true()):
            assert time.monotonic() < end, f"{part}: {service.text[-4000:]}"
            time.sleep(0.05)
        return found

    try:
        until(lambda: site.beat(0) and site.news(0))
        stopped = time.monotonic()
        release = service.stop(part)
        noticed = None if part in UNNOTICED else until(lambda: site.failure(stopped) or service.noticed())
        since = noticed or stopped
        if part == "database-locked":
            time.sleep(5)
            release()
            since = stopped_again = time.monotonic()
        else:
            stopped_again = stopped
        recovered = until(lambda: (beat := site.beat(since)) and (news := site.news(since)) and max(beat, news))
        told = until(lambda: site.words(stopped, "Restarted itself", "Works again since")) if noticed else None
        return Outcome(
            part,
            noticed - stopped if noticed else None,
            recovered - stopped_again,
            told[0] - stopped_again if told else None,
            " ".join(told[1].split()) if told else "",
            service.starts - 1,
        )
    finally:
        service.end()
        site.close()
