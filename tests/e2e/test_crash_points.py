"""SIGKILL at every named point of an article's path, then another run: how many copies of its one message arrive.

Never none. Two only where the message was sent and the kill came before that was written down, and even then a
receiver keyed on the alert's id (here: the mailbox folder) has one. With a database file and with PostgreSQL.
"""

from __future__ import annotations

import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from chat_servers import HAS_SYNAPSE, NO_SYNAPSE, Mqtt, Synapse
from loopback import Site, items, write_desk
from nursery import Nursery

sys.path.insert(0, str(Path(__file__).parents[1] / "integration"))
from postgresql_server import Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

READING = (
    *("after-fetch", "before-entries", "inside-entries", "after-entries"),
    *("before-judging", "inside-article", "after-article"),
)
SENDING = ("inside-claim", "after-claim", "before-send", "after-send", "inside-mark", "after-delivery")
TWICE = ("after-send", "inside-mark")
SINKS = ("webhook", "mail", "mqtt", "mailbox")
CASES = [("file", sink) for sink in SINKS] + [("postgresql", "webhook")]


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
    """A feed, sinks, and a desk whose feed was heard once; each case works on a copy of it."""

    def __init__(self, folder: Path, databases: Server | None = None) -> None:
        self.folder = folder
        self.site = Site(feeds=1)
        self.mails = Mails()
        self.mails.start()
        self.mqtt = Mqtt()
        self.nursery = Nursery()
        self.stream = items(7)
        self.databases = databases
        self.sinks = {
            "webhook": self.site.base.replace("http://", "json://") + "/hook/1",
            "mail": f"mailto://127.0.0.1:{self.mails.port}/?mode=insecure&smtp=127.0.0.1"
            "&to=desk@example.org&from=monitor@example.org",
            "mqtt": self.mqtt.url,
        }
        self.base = self.new_database()
        self.write(folder, SINKS[:1], self.base)
        assert self.once(folder) == 0, (folder / "log").read_text()
        time.sleep(1.1)  # from now on the feed is due in every copy

    def new_database(self, how: str = "") -> str:
        return self.databases.new_database(how) if self.databases else "monitor.db"

    def write(self, folder: Path, sinks: tuple[str, ...], database: str) -> None:
        urls = self.sinks | {"mailbox": f"mailbox://{folder}/mailbox"}
        config = write_desk(folder, self.site, {sink: f'url: "{urls[sink]}"' for sink in sinks})
        config.write_text(config.read_text().replace("database: monitor.db", f'database: "{database}"'))

    def case(self, name: str, sinks: tuple[str, ...]) -> Path:
        copy = self.folder.parent / name
        shutil.copytree(self.folder, copy)
        database = self.base
        if self.databases:
            database = self.new_database(f"TEMPLATE {self.base.partition('?')[0].rpartition('/')[2]}")
        self.write(copy, sinks, database)
        self.site.feeds[0].clear()
        self.site.publish(next(self.stream))
        self.site.received.clear()
        self.mqtt.messages.clear()
        self.mails.taken = 0
        return copy

    def once(self, folder: Path, crash: str = "") -> int:
        environ = {"MONITOR_CRASH_POINT": crash, "XDG_CACHE_HOME": str(self.folder)}
        words = ["once", "--config", str(folder / "monitor.yaml")]
        return self.nursery.wait(self.nursery.start(words, folder / "log", environ))

    def copies(self, folder: Path, sinks: tuple[str, ...]) -> dict[str, int]:
        mailbox = [path for path in (folder / "mailbox").glob("*.html") if path.name != "index.html"]
        chat = len(self.mqtt.taken(1)) if "mqtt" in sinks else 0
        found = {"webhook": len(self.site.received), "mail": self.mails.taken, "mqtt": chat, "mailbox": len(mailbox)}
        return {sink: found[sink] for sink in sinks}

    def kill_and_go_on(self, folder: Path, point: str) -> None:
        assert self.once(folder, crash=point) == -9, (folder / "log").read_text()
        assert self.once(folder) == 0, (folder / "log").read_text()

    def close(self) -> None:
        self.nursery.close()
        self.mails.stop()
        self.mqtt.close()
        self.site.close()


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("crash") / "ready"
    folder.mkdir()
    server = Server() if request.param == "postgresql" else None  # skips loudly where there is none
    made = World(folder, server)
    yield made
    made.close()
    if server:
        server.stop()


@pytest.mark.parametrize("point", READING)
@pytest.mark.parametrize("world", ["file", "postgresql"], indirect=True)
def test_killed_while_it_reads_it_tells_every_channel_once(world: World, point: str) -> None:
    folder = world.case(point, SINKS)
    world.kill_and_go_on(folder, point)
    assert world.copies(folder, SINKS) == dict.fromkeys(SINKS, 1)


@pytest.mark.parametrize("point", SENDING)
@pytest.mark.parametrize(("world", "sink"), CASES, indirect=["world"])
def test_killed_while_it_sends_it_repeats_only_what_was_sent_and_not_yet_marked(
    world: World, point: str, sink: str
) -> None:
    folder = world.case(f"{point}-{sink}", (sink,))
    world.kill_and_go_on(folder, point)
    expected = 2 if point in TWICE and sink != "mailbox" else 1
    assert world.copies(folder, (sink,)) == {sink: expected}


@pytest.mark.skipif(not HAS_SYNAPSE, reason=NO_SYNAPSE)
@pytest.mark.parametrize("world", ["file"], indirect=True)
def test_killed_while_it_sends_to_a_matrix_room_it_does_the_same(world: World, tmp_path: Path) -> None:
    synapse = Synapse(tmp_path)
    world.sinks["matrix"] = synapse.url
    try:
        copies = {}
        for point in SENDING:
            folder, before = world.case(f"{point}-matrix", ("matrix",)), len(synapse.messages)
            world.kill_and_go_on(folder, point)
            copies[point] = len(synapse.messages) - before
        assert copies == {point: 2 if point in TWICE else 1 for point in SENDING}
    finally:
        synapse.close()
