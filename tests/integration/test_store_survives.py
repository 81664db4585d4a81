"""What a store survives: being killed in mid-transaction, a full disk, a server that restarts."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from postgresql_server import Server
from store_values import FEED, NOW, an_entry

from monitor.store import Store, StoreError

pytestmark = pytest.mark.slow

WRITER = """
import sys
from dataclasses import replace
sys.path.insert(0, sys.argv[2])
from store_values import FEED, MINUTE, NOW, a_delivery, an_alert, an_article, an_entry
from monitor.model import FeedState
from monitor.store import Store

with Store.open(sys.argv[1]) as store:
    with store.read() as tx:
        state = tx.feeds.get(FEED)
    number = int(state.etag) if state else 0
    print("ready", flush=True)
    while True:
        number += 1
        with store.write() as tx:
            tx.entries.add(FEED, [an_entry(f"{number}-{part}") for part in range(5)], NOW, backlog=False)
            tx.articles.save(an_article(f"a{number}"), f"u{number}", "", [f"l{number}-{part}" for part in range(20)])
            tx.alerts.save(an_alert(f"alert{number}", f"story{number}"))
            tx.outbox.add([a_delivery(f"d{number}", f"alert{number}")])
            tx.feeds.save(FeedState(FEED, etag=str(number)))
        print(number, flush=True)
"""


def killed_after(database: str, seconds: float) -> int:
    """Let a process write, kill it with SIGKILL; the number of the last transaction it said was committed."""
    command = [sys.executable, "-c", WRITER, database, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        told = writer.stdout.read().splitlines()
    return int(told[-1]) if told and told[-1] else 0


def test_a_killed_writer_leaves_whole_transactions_and_nothing_it_reported_is_lost(database_url: str) -> None:
    chance = random.Random(11)
    reported = 0
    for _ in range(20):
        reported = max(reported, killed_after(database_url, chance.uniform(0.0, 0.3)))
        with Store.open(database_url, durable=False) as store, store.read() as tx:
            assert store.check() == ()
            state = tx.feeds.get(FEED)
            committed = int(state.etag) if state else 0
            assert committed >= reported
            assert tx.entries.waiting() == (5 * committed, 0)
            assert len(tx.alerts.recent(100_000)) == committed
            assert sum(tx.outbox.counts().values()) == committed
    assert reported > 50, "most of the writing must have happened while killing"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("cannot mount a small disk here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as handle:
        while handle.write(b"x" * 65536):
            pass


@pytest.mark.fault("F127")
def test_a_full_disk_is_a_temporary_failure_and_writing_goes_on_when_there_is_room(small_disk: Path) -> None:
    with Store.open(str(small_disk / "monitor.db")) as store:
        with store.write() as tx:
            tx.entries.add(FEED, [an_entry("before")], NOW, backlog=False)
        ballast = small_disk / "ballast"
        fill(ballast)
        with pytest.raises(StoreError, match="full") as caught, store.write() as tx:
            tx.entries.add(FEED, [an_entry(f"{n}", text="long " * 10_000) for n in range(50)], NOW, backlog=False)
        assert caught.value.temporary
        with store.read() as tx:
            assert tx.entries.waiting() == (1, 0)
        ballast.unlink()
        with store.write() as tx:
            tx.entries.add(FEED, [an_entry("after")], NOW, backlog=False)
            assert tx.entries.waiting() == (2, 0)
        assert store.check() == ()


@pytest.mark.fault("F131")
def test_without_its_write_ahead_log_the_file_is_still_whole(tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    killed_after(str(file), 0.3)
    file.with_name("monitor.db-wal").unlink()
    with Store.open(str(file)) as store:
        assert store.check() == ()


@pytest.mark.fault("F132")
def test_a_restart_of_the_server_fails_one_transaction_and_not_the_next(own_server: Server) -> None:
    with Store.open(own_server.url) as store:

        def write_through_a_restart() -> None:
            with store.write() as tx:
                tx.entries.add(FEED, [an_entry("lost")], NOW, backlog=False)
                own_server.restart()
                tx.entries.add(FEED, [an_entry("never")], NOW, backlog=False)

        with pytest.raises(StoreError) as caught:
            write_through_a_restart()
        assert caught.value.temporary
        with store.write() as tx:
            assert tx.entries.known(FEED, ["lost", "never"]) == set()
            tx.entries.add(FEED, [an_entry("kept")], NOW, backlog=False)
        with store.read() as tx:
            assert tx.entries.known(FEED, ["kept"]) == {"kept"}


def test_a_copy_made_while_writing_is_a_whole_database(tmp_path: Path) -> None:
    """What an operator does for a backup: SQLite's own online copy."""
    with Store.open(str(tmp_path / "monitor.db")) as store:
        with store.write() as tx:
            tx.entries.add(FEED, [an_entry("e1")], NOW, backlog=False)
        with sqlite3.connect(tmp_path / "monitor.db") as source, sqlite3.connect(tmp_path / "copy.db") as copy:
            source.backup(copy)
        source.close()
        copy.close()
    with Store.open(str(tmp_path / "copy.db")) as store, store.read() as tx:
        assert tx.entries.known(FEED, ["e1"]) == {"e1"}


@pytest.mark.fault("F132")
def test_a_restart_of_the_server_takes_the_lock_away_and_we_can_know(own_server: Server) -> None:
    with Store.open(own_server.url) as store:
        lock = store.lock()
        assert lock.held()
        own_server.restart()
        assert not lock.held()
        lock.release()
        with store.lock() as again:
            assert again.held()
