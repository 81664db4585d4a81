"""A canary in every address that is a secret: it appears in no log, no status, no error, no answer and no database."""

from __future__ import annotations

import base64
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from loopback import Site, items, write_desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CANARY = "C4narySecr3tT0ken"
CLOSED = "127.0.0.1:9"


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = probe.getsockname()[1]


def run(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "monitor", *words, "--config", str(folder / "monitor.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, env=environ(), check=False, timeout=120)
    return done.stdout + done.stderr


def environ() -> dict[str, str]:
    return {**os.environ, "TOKEN": CANARY, "PYTHONPATH": str(Path.cwd())}


def test_no_secret_appears_anywhere(tmp_path: Path) -> None:
    site = Site(feeds=1, errors=0.3, lost_replies=0.2)
    host = site.base.removeprefix("http://")
    channels = {
        "flaky": f'url: "json://${{TOKEN}}:${{TOKEN}}@{host}/hook/1/${{TOKEN}}?+X-Key=${{TOKEN}}"',
        "refused": f'url: "json://{CLOSED}/${{TOKEN}}", receipt: "http://{CLOSED}/${{TOKEN}}"',
        "mail": f'url: "mailto://u:${{TOKEN}}@{CLOSED}/?mode=insecure&smtp=127.0.0.1&to=a@b.example&from=c@d.example"',
        "chat": 'url: "slack://T1JJ3T3L2/A1BRTD4JD/${TOKEN}abcdefg/#general"',
    }
    more = f'heartbeat: {{url: "http://{CLOSED}/${{TOKEN}}"}}\nhttp: 127.0.0.1:{PORT}\ncanary: {{at: "00:00"}}\n'
    write_desk(tmp_path, site, channels, more)
    feeds = tmp_path / "pack" / "feeds.yaml"
    secret = f"http://${{TOKEN}}:${{TOKEN}}@{host}/feed/0?key=${{TOKEN}}"
    broken = f"http://${{TOKEN}}:${{TOKEN}}@{CLOSED}/${{TOKEN}}"
    more_feeds = "".join(f', {{url: "{url}", every: 1s, allow_private: yes}}' for url in (secret, broken))
    feeds.write_text(feeds.read_text().replace("yes}]", f"yes}}{more_feeds}]"))
    log = tmp_path / "log"
    command = [sys.executable, "-m", "monitor", "run", "--log", "debug", "--config", str(tmp_path / "monitor.yaml")]
    with log.open("wb") as output:
        daemon = subprocess.Popen(command, stdout=output, stderr=output, env=environ())
    try:
        wait_until(lambda: site.served[0] >= 2, log)
        stream = items(3)
        for _ in range(3):
            site.publish(next(stream))
        wait_until(lambda: log.read_text().count("message not sent") >= 6, log)
        commands = (("status",), ("status", "--json"), ("alerts",), ("resend", "all"), ("feeds",), ("egress",))
        said = [run(tmp_path, *words) for words in commands]
        said += [page(f"http://127.0.0.1:{PORT}/{name}") for name in ("metrics", "healthz")]
        with sqlite3.connect(tmp_path / "monitor.db") as database:
            said.append("\n".join(database.iterdump()))
            story = database.execute("SELECT story FROM alert WHERE id NOT LIKE 'operator-%'").fetchone()[0]
        said.append(run(tmp_path, "explain", f"#{story[:6]}"))
        said.append(subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout)
        said.append(run(tmp_path, "run"))  # refused: another one runs
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)
        site.close()
    said.append(log.read_text())
    write_desk(tmp_path, site, {"wrong": f'url: "jsn://{CLOSED}/${{TOKEN}}"', "none": 'url: "${TOKEN}"'})
    said += [run(tmp_path, "run"), run(tmp_path, "test-channel", "wrong")]
    assert "C201" in said[-2], said[-2]
    config = write_desk(tmp_path, site, {"here": "url: terminal://"})
    address = f'"postgresql+psycopg://monitor:${{TOKEN}}@{CLOSED}/monitor"'
    config.write_text(config.read_text().replace("database: monitor.db", f"database: {address}"))
    said += [run(tmp_path, "run"), run(tmp_path, "status")]
    login = base64.b64encode(f"{CANARY}:{CANARY}".encode()).decode()
    assert (f"Basic {login}", f"key={CANARY}") in site.secrets  # it did go out, where it should
    for text in said:
        assert text
        for canary in (CANARY, login):
            assert canary not in text, text[max(0, text.index(canary) - 300) :][:600]
    for file in tmp_path.glob("monitor.db*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file


def page(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def wait_until(true, log: Path, seconds: float = 100.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)
