"""The daemon as a process: it tells, survives SIGKILL, keeps good rules, stops in time, and runs only once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from loopback import RULES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


class Site:
    """A feed, its pages and a webhook, on loopback."""

    def __init__(self) -> None:
        self.items: list[tuple[int, str]] = []
        self.received: list[dict[str, Any]] = []
        self.hang = threading.Event()
        self.hooked = True
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.feed() if self.path == "/feed" else site.page(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "text/xml" if self.path == "/feed" else "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not site.hooked:
                    site.hang.wait(60)
                site.received.append(message)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def feed(self) -> bytes:
        items = "".join(
            f"<item><title>{title}</title><link>{self.base}/{n}</link><guid>{n}</guid></item>"
            for n, title in self.items
        )
        return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()

    def page(self, path: str) -> bytes:
        text = f"Report {path} was written at the town hall of place {path}. " * 6
        return f"<html><body><p>{text}</p></body></html>".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.hang.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Path:
    pack = tmp_path / "pack"
    pack.mkdir()
    feed = f'{{url: "{site.base}/feed", every: 10s, allow_private: yes}}'
    (pack / "feeds.yaml").write_text(f"version: 1\noutlets:\n  site:\n    name: Site\n    feeds: [{feed}]\n")
    (pack / "rules.yaml").write_text(RULES)
    hook = site.base.replace("http://", "json://") + "/hook"
    (tmp_path / "monitor.yaml").write_text(
        f'version: 1\npack: ./pack\ndatabase: monitor.db\nchannels: {{hook: {{url: "{hook}"}}}}\n'
    )
    return tmp_path


class Daemon:
    """A running `monitor run`."""

    def __init__(self, desk: Path) -> None:
        self.log = desk / f"log-{time.monotonic_ns()}"
        command = [sys.executable, "-m", "monitor", "run", "--config", str(desk / "monitor.yaml")]
        with self.log.open("wb") as stderr:
            self.process = subprocess.Popen(command, stderr=stderr)
        self.until(lambda: "watching" in self.text, 30)

    @property
    def text(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def until(self, true: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert self.process.poll() is None, self.text
            assert time.monotonic() < end, self.text
            time.sleep(0.05)

    def stop(self) -> float:
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(40) == 0
        return time.monotonic() - began

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture
def start(desk: Path) -> Iterator[Callable[[], Daemon]]:
    running: list[Daemon] = []

    def begin() -> Daemon:
        running.append(Daemon(desk))
        return running[-1]

    yield begin
    for daemon in running:
        daemon.kill()


def test_it_tells_and_after_a_kill_it_goes_on_without_losing_or_repeating(
    site: Site, start: Callable[[], Daemon]
) -> None:
    daemon = start()
    time.sleep(2)
    site.items.insert(0, (1, "Soldiers arrive in Alpha"))
    daemon.until(lambda: "message sent" in daemon.text, 25)  # before that is noted, a kill would repeat it
    daemon.kill()
    site.items.insert(0, (2, "Three hundred soldiers arrive in Omega after the storm"))
    daemon = start()
    daemon.until(lambda: len(site.received) >= 2, 25)
    time.sleep(2)
    titles = [message["title"] for message in site.received]
    assert len(titles) == 2
    assert "Alpha" in titles[0]
    assert "Omega" in titles[1]


def test_a_second_instance_is_refused_at_once(desk: Path, start: Callable[[], Daemon]) -> None:
    daemon = start()
    second = subprocess.run(
        [sys.executable, "-m", "monitor", "run", "--config", str(desk / "monitor.yaml")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1
    assert str(daemon.process.pid) in second.stderr


def test_a_mistake_in_the_rules_keeps_the_old_ones_running_and_is_told(
    desk: Path, site: Site, start: Callable[[], Daemon]
) -> None:
    daemon = start()
    (desk / "pack" / "rules.yaml").write_text(RULES.replace("within: sentence", "witihn: sentence"))
    daemon.until(lambda: bool(site.received), 15)
    assert "witihn" in site.received[0]["message"]
    site.items.insert(0, (1, "Soldiers arrive in Alpha"))
    daemon.until(lambda: len(site.received) >= 2, 25)
    daemon.kill()
    again = start()  # the last good rules were kept across the restart
    site.items.insert(0, (2, "Three hundred soldiers arrive in Omega after the storm"))
    again.until(lambda: any("Omega" in message["title"] for message in site.received), 25)


def test_it_stops_in_time_although_a_channel_hangs_and_the_message_is_sent_at_the_next_start(
    site: Site, start: Callable[[], Daemon]
) -> None:
    site.hooked = False
    daemon = start()
    time.sleep(2)
    site.items.insert(0, (1, "Soldiers arrive in Alpha"))
    daemon.until(lambda: "article judged" in daemon.text, 25)
    time.sleep(1)
    assert daemon.stop() < 30
    site.hooked = True
    site.hang.set()
    site.received.clear()
    again = start()
    again.until(lambda: bool(site.received), 30)
    assert "Alpha" in site.received[0]["title"]


def test_without_any_good_rules_it_refuses_with_78_and_names_the_place(desk: Path) -> None:
    (desk / "pack" / "rules.yaml").write_text(RULES.replace("severity: high", "severity: hihg"))
    command = [sys.executable, "-m", "monitor", "run", "--config", str(desk / "monitor.yaml")]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 78
    assert "rules.yaml:9" in refused.stderr
    assert "did you mean “high”?" in refused.stderr
