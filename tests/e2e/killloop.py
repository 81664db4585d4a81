"""The kill loop: the real daemon, killed at random instants while news comes in and its webhook fails.

By hand, for the whole number: `python tests/e2e/killloop.py --kills 3000`.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from loopback import Site, items, write_desk

CONCURRENCY = 1  # messages under way at once on one channel
START_UP = 60.0
WORKING = 30.0  # seconds to wait for a life to send something
DRAIN = 300.0


@dataclass(frozen=True)
class Outcome:
    """What a kill loop found."""

    seed: int
    kills: int
    published: int
    lost: int
    extra_copies: int
    lost_replies: int
    refused: int
    ids_told_twice: int  # stories that have two alert ids: what a receiver keyed on the id would still see twice
    most_copies: int
    while_killing: int  # deliveries made before the last kill
    integrity: str
    seconds: float

    @property
    def allowed_copies(self) -> int:
        return self.lost_replies + self.kills * CONCURRENCY

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.kills} kills, {self.published} articles, {self.lost} lost,"
            f" {self.extra_copies} extra copies ({self.allowed_copies} allowed,"
            f" for {self.lost_replies} lost replies and the kills),"
            f" at most {self.most_copies} of one, {self.ids_told_twice} seen twice by a receiver keyed on the id;"
            f" {self.refused} refused; {self.while_killing} delivered while killing; integrity {self.integrity};"
            f" {self.seconds:.0f} s"
        )


def kill_loop(
    folder: Path, *, kills: int, seconds: float = 1e9, seed: int = 1, rate: float = 12.0, life: float = 2.0
) -> Outcome:
    """Kill the daemon `kills` times, or as often as fits into `seconds`, while `rate` articles a second come in."""
    began = time.monotonic()
    site = Site(seed=seed, errors=0.10, lost_replies=0.05)
    hook = f"{site.base.replace('http://', 'json://')}/hook/1"
    config = write_desk(folder, site, {"hook": f'url: "{hook}", burst: 1000000'})
    stream, chance, log = items(seed), random.Random(seed), (folder / "log").open("ab")
    command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stderr=log, stdout=log)

    daemon = start()
    _until(lambda: min(site.served) >= 3, START_UP, "the feeds are asked")
    published, stop = [], threading.Event()

    def publish() -> None:
        while not stop.wait(1 / rate):
            item = next(stream)
            published.append(item.name)
            site.publish(item)

    publisher = threading.Thread(target=publish, daemon=True)
    publisher.start()
    killed = before = 0
    while killed < kills and time.monotonic() - began < seconds:
        if chance.random() < 0.8:  # most lives get as far as sending, however slow the machine
            _wait_for_more(site, before, WORKING)
        time.sleep(chance.uniform(0.1, life))
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        killed += 1
        before = len(site.received) + site.refused
        daemon = start()
    while_killing = len(site.received)
    stop.set()
    publisher.join()
    site.faults = False

    _drain(site, folder / "monitor.db", DRAIN)
    daemon.send_signal(signal.SIGTERM)
    daemon.wait(60)
    site.close()
    log.close()
    found = [_name(message["title"]) for message in site.received]
    copies = Counter(message["alert"] for message in site.received)
    told = Counter(name for name, _ in {(name, m["alert"]) for name, m in zip(found, site.received, strict=True)})
    with sqlite3.connect(folder / "monitor.db") as database:
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
    return Outcome(
        seed,
        killed,
        len(published),
        len(set(published) - set(found)),
        sum(copies.values()) - len(copies),
        site.lost_replies,
        site.refused,
        sum(count > 1 for count in told.values()),
        max(copies.values(), default=0),
        while_killing,
        integrity,
        time.monotonic() - began,
    )


def _wait_for_more(site: Site, before: int, seconds: float) -> None:
    """Wait until the webhook is asked again."""
    end = time.monotonic() + seconds
    while len(site.received) + site.refused <= before and time.monotonic() < end:
        time.sleep(0.02)


def _name(title: str) -> str:
    return title.partition("arrive in ")[2].partition(" ")[0]


def _until(true: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)


def _drain(site: Site, database: Path, seconds: float) -> None:
    """Wait until every feed was asked twice more, every entry is read and every message is sent; or the time is up."""
    end, served = time.monotonic() + seconds, list(site.served)
    asked = False
    while time.monotonic() < end:
        time.sleep(0.5)
        asked = asked or all(now >= then + 2 for now, then in zip(site.served, served, strict=True))
        if asked and _waiting(database) == 0:
            return


def _waiting(database: Path) -> int:
    """Entries to be read and messages to be sent."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        entries = connection.execute("SELECT count(*) FROM entry WHERE waiting").fetchone()[0]
        messages = connection.execute("SELECT count(*) FROM delivery WHERE ended IS NULL").fetchone()[0]
    finally:
        connection.close()
    return int(entries + messages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=8.0, help="articles a second")
    parser.add_argument("--life", type=float, default=2.0, help="seconds to live at most, from the first message on")
    parser.add_argument("--folder", type=Path, help="where to work; kept")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="killloop-"))
    outcome = kill_loop(folder, kills=options.kills, seed=options.seed, rate=options.rate, life=options.life)
    print(outcome)
    ok = outcome.lost == 0 and outcome.extra_copies <= outcome.allowed_copies and outcome.integrity == "ok"
    sys.exit(0 if ok and not outcome.ids_told_twice else 1)


if __name__ == "__main__":
    main()
