"""SIGKILL at every named point of an article's path, then another run: how many copies of its one message arrive.

Never none. Two only where the message was sent and the kill came before that was written down, and even then a
receiver keyed on the alert's id (here: the mailbox folder) has one.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from loopback import Site, items, write_desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

READING = (
    *("after-fetch", "before-entries", "inside-entries", "after-entries"),
    *("before-judging", "inside-article", "after-article"),
)
SENDING = ("inside-claim", "after-claim", "before-send", "after-send", "inside-mark", "after-delivery")
TWICE = ("after-send", "inside-mark")


class Mails(Controller):
    """A mail server that counts."""

    def __init__(self) -> None:
        self.taken = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        super().__init__(self, "127.0.0.1", port)

    async def handle_DATA(self, server, session, envelope) -> str:
        self.taken += 1
        return "250 OK"


class World:
    """A feed, three sinks, and a desk whose feed was heard once; each case works on a copy of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = Site(feeds=1)
        self.mails = Mails()
        self.mails.start()
        self.stream = items(7)
        self.sinks = {
            "webhook": f'url: "{self.site.base.replace("http://", "json://")}/hook/1"',
            "mail": f'url: "mailto://127.0.0.1:{self.mails.port}/?mode=insecure&smtp=127.0.0.1'
            '&to=desk@example.org&from=monitor@example.org"',
            "mailbox": 'url: "mailbox://./mailbox"',
        }
        write_desk(folder, self.site, self.sinks)
        assert self.once(folder) == 0

    def case(self, name: str, sinks: tuple[str, ...]) -> Path:
        copy = self.folder.parent / name
        shutil.copytree(self.folder, copy)
        write_desk(copy, self.site, {sink: self.sinks[sink] for sink in sinks})
        self.site.feeds[0].clear()
        self.site.publish(next(self.stream))
        self.site.received.clear()
        self.mails.taken = 0
        return copy

    def once(self, folder: Path, crash: str = "") -> int:
        environ = {**os.environ, "MONITOR_CRASH_POINT": crash, "PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, "-m", "monitor", "once", "--config", "monitor.yaml"]
        with (folder / "log").open("ab") as log:
            return subprocess.run(command, cwd=folder, env=environ, stderr=log, stdout=log, check=False).returncode

    def copies(self, folder: Path) -> dict[str, int]:
        mailbox = [path for path in (folder / "mailbox").glob("*.html") if path.name != "index.html"]
        return {"webhook": len(self.site.received), "mail": self.mails.taken, "mailbox": len(mailbox)}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("crash") / "ready"
    folder.mkdir()
    made = World(folder)
    yield made
    made.mails.stop()
    made.site.close()


def kill_and_go_on(world: World, folder: Path, point: str) -> dict[str, int]:
    time.sleep(1.1)  # until the feed is due again
    assert world.once(folder, crash=point) == -9, (folder / "log").read_text()
    time.sleep(1.1)
    assert world.once(folder) == 0, (folder / "log").read_text()
    return world.copies(folder)


@pytest.mark.parametrize("point", READING)
def test_killed_while_it_reads_it_tells_every_channel_once(world: World, point: str) -> None:
    folder = world.case(point, ("webhook", "mail", "mailbox"))
    assert kill_and_go_on(world, folder, point) == {"webhook": 1, "mail": 1, "mailbox": 1}


@pytest.mark.parametrize("sink", ["webhook", "mail", "mailbox"])
@pytest.mark.parametrize("point", SENDING)
def test_killed_while_it_sends_it_repeats_only_what_was_sent_and_not_yet_marked(
    world: World, point: str, sink: str
) -> None:
    folder = world.case(f"{point}-{sink}", (sink,))
    expected = 2 if point in TWICE and sink != "mailbox" else 1
    assert kill_and_go_on(world, folder, point)[sink] == expected
