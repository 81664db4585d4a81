"""The real daemon on a bad host: a full disk; a locked, damaged, newer or removed database; few files; any locale.

Each is told while a channel can still take it, nothing is lost or told twice, and what can mend itself does.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from loopback import Item, Site, items, write_desk

from monitor.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

LIMITS = {"tick": 20, "work": 60, "probe": 4, "every": 0.3, "outbox": 900, "patience": 60, "shutdown": 5}
LONG = 90  # seconds: nothing takes as long, but machines are busy
DRIVER = Path(__file__).with_name("stoppable_daemon.py")


class Host:
    """A desk in a folder, its daemon, and what the webhook was told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = Site(feeds=1)
        self.log = Path(f"{folder}.log")
        hook = self.site.base.replace("http://", "json://") + "/hook/1"
        self.config = write_desk(folder, self.site, {"hook": f'url: "{hook}"'})
        self.database = folder / "monitor.db"
        self.process: subprocess.Popen[bytes] | None = None
        self.news: Iterator[Item] = items(3)

    def start(self, before: Callable[[], None] | None = None) -> None:
        command = [sys.executable, str(DRIVER), str(self.folder), json.dumps(LIMITS)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, preexec_fn=before)
        served = self.site.served[0]
        self.until(lambda: self.site.served[0] > served, LONG)

    def publish(self) -> str:
        """Something that will be told; a word that stands only in it."""
        item = next(self.news)
        self.site.publish(item)
        return str(item.name)

    def told(self, *words: str) -> int:
        """How many messages hold all of these words."""
        texts = [f"{message['title']}\n{message['message']}" for message in list(self.site.received)]
        return sum(all(word in text for word in words) for text in texts)

    def until(self, true: Callable[[], object], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"{self.site.received}\n{self.log.read_text()[-4000:]}"
            time.sleep(0.05)

    def ended(self) -> int:
        assert self.process is not None
        return self.process.wait(LONG)

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(LONG)

    def monitor(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", *words, "--config", str(self.config)]
        return subprocess.run(command, capture_output=True, text=True, timeout=LONG, check=False)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = Host(tmp_path / "desk")
    yield made
    made.end()
    made.site.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    folder = tmp_path / "desk"
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=False).returncode:
        pytest.skip("cannot mount a small disk here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(file: Path, leave: int = 0) -> None:
    disk = os.statvfs(file.parent)
    room = disk.f_bavail * disk.f_frsize - leave
    with suppress(OSError), file.open("wb", buffering=0) as handle:
        while room > 0:
            room -= handle.write(b"x" * min(65536, room))


@pytest.mark.fault("F127")
def test_on_a_full_disk_polls_pause_people_hear_of_it_and_all_goes_on_when_there_is_room(
    small_disk: Path, host: Host
) -> None:
    host.start()
    first = host.publish()
    host.until(lambda: host.told(first), LONG)

    fill(small_disk / "ballast", leave=600_000)  # some room: messages can still be noted
    host.until(lambda: host.told("In trouble: disk"), LONG)
    polls = host.site.served[0]
    second = host.publish()
    time.sleep(2.5)
    assert host.site.served[0] <= polls + 1, "feeds are left alone"
    assert "free where the database is" in host.monitor("status").stdout

    fill(small_disk / "more")  # none at all
    host.until(lambda: host.told("In trouble: database", "full"), LONG)

    (small_disk / "ballast").unlink()
    (small_disk / "more").unlink()
    host.until(lambda: host.told(second), LONG)
    host.until(lambda: host.told("Works again"), LONG)
    assert (host.told(first), host.told(second)) == (1, 1)
    host.end(signal.SIGTERM)
    with Store.open(str(host.database)) as store:
        assert store.check() == ()


@pytest.mark.fault("F129")
def test_a_database_that_another_program_keeps_locked_is_told_and_waited_for(host: Host) -> None:
    host.start()
    first = host.publish()
    host.until(lambda: host.told(first), LONG)
    with closing(sqlite3.connect(host.database, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        second = host.publish()
        host.until(lambda: host.told("In trouble: database"), LONG)
        other.execute("ROLLBACK")
    host.until(lambda: host.told(second), LONG)
    host.until(lambda: host.told("Works again"), LONG)
    assert host.process is not None
    assert host.process.poll() is None
    assert (host.told(first), host.told(second)) == (1, 1)


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def spoilt(file: Path) -> None:
    whole = file.read_bytes()
    pages = (whole[at : at + 4096] if at < 8192 or at % 20480 else b"\xa5" * 4096 for at in range(0, len(whole), 4096))
    file.write_bytes(b"".join(pages))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(spoilt, "monitor restore FILE", marks=pytest.mark.fault("F130")),
        (newer, "newer than this program"),
    ],
)
def test_a_database_that_must_not_be_touched_is_refused_and_left_alone(
    host: Host, spoil: Callable[[Path], None], words: str
) -> None:
    Store.open(str(host.database)).close()
    spoil(host.database)
    before = host.database.read_bytes()
    refused = host.monitor("run")
    assert refused.returncode == 78, "a service manager does not try that again"
    assert words in refused.stderr
    assert host.told("Stopped: the database cannot be used", words) == 1
    assert host.database.read_bytes() == before


@pytest.mark.fault("F130")
def test_a_page_that_breaks_while_it_runs_stops_it_with_a_word(host: Host) -> None:
    host.start()
    first = host.publish()
    host.until(lambda: host.told(first), LONG)
    with closing(sqlite3.connect(host.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [root] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entry'").fetchone()
    with host.database.open("rb+") as handle:
        handle.seek((root - 1) * 4096)
        handle.write(b"\xa5" * 4096)
    host.publish()
    assert host.ended() == 78
    assert host.told("Stopped: the database cannot be used", "monitor restore FILE") == 1


@pytest.mark.fault("F131")
@pytest.mark.parametrize("gone", ["monitor.db-wal", "monitor.db"])
def test_what_somebody_removes_under_it_is_put_back_and_told(host: Host, gone: str) -> None:
    host.start()
    first = host.publish()
    host.until(lambda: host.told(first), LONG)
    (host.folder / gone).unlink()
    host.until(lambda: host.told("The database was mended", gone), LONG)
    host.end()  # what was not in the file would be lost now
    host.start()
    second = host.publish()
    host.until(lambda: host.told(second), LONG)
    assert (host.told(first), host.told(second)) == (1, 1)
    host.end(signal.SIGTERM)
    with Store.open(str(host.database)) as store:
        assert store.check() == ()


@pytest.mark.fault("F128")
def test_a_database_that_cannot_be_written_is_named_and_works_once_it_can(small_disk: Path, host: Host) -> None:
    Store.open(str(host.database)).close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    refused = host.monitor("run")
    assert refused.returncode == 1, "a service manager tries again"
    assert "mounted read-only" in " ".join(refused.stderr.split())
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    host.start()
    first = host.publish()
    host.until(lambda: host.told(first), LONG)


@pytest.mark.fault("F135")
def test_with_few_files_allowed_it_says_so_and_still_tells(host: Host) -> None:
    host.start(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100)))
    first = host.publish()
    host.until(lambda: host.told(first), LONG)
    assert "few files may be open at once" in host.log.read_text()


@pytest.mark.fault("F139")
@pytest.mark.parametrize("locale", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "C"}])
def test_in_any_locale_commands_read_and_show_every_script(locale: dict[str, str]) -> None:
    command = [sys.executable, "-m", "monitor", "try", "Vojska Srbije stigla na Jarinje, javlja “Глас”."]
    ran = subprocess.run(command, capture_output=True, timeout=60, check=False, env={**os.environ, **locale})
    assert ran.returncode == 0, ran.stderr.decode()
    assert b"Jarinje" in ran.stdout
