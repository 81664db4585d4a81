"""The kill loop: the real daemon, killed at random instants while news comes in and its webhook fails.

By hand, for the whole number: `python tests/e2e/killloop.py --kills 3000`.

A life is a fork of a warm interpreter (`nursery.py`) that runs the real command; one in a hundred starts from nothing.
Some lives end while they start, some at a named point of the path or some milliseconds after it, most at any instant;
half of the kills take the whole process group, half only the daemon, whose workers must then die by themselves.
"""

from __future__ import annotations

import argparse
import os
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
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from loopback import Site, items, write_desk
from nursery import Nursery

CONCURRENCY = 1  # messages under way at once on one channel
START_UP = 240.0  # seconds at most; the first one compiles the rules
DRAIN = 300.0
COLD = 0.01  # of the lives
POINTS = (
    *("after-fetch", "before-entries", "inside-entries", "after-entries"),
    *("before-judging", "inside-article", "after-article"),
    *("inside-claim", "after-claim", "before-send", "after-send", "inside-mark", "after-delivery"),
)


@dataclass(frozen=True)
class Outcome:
    """What a kill loop found."""

    seed: int
    kills: int
    articles: int
    matching: int  # of the articles: those that people must hear of
    lost: int
    extra_copies: int
    lost_replies: int
    refused: int
    ids_told_twice: int  # stories that have two alert ids: what a receiver keyed on the id would still see twice
    most_copies: int
    delivered: int
    while_killing: int  # deliveries made before the last kill
    sending_lives: int  # that got as far as sending something
    ended_early: int  # lives that ended by themselves, which none should
    integrity: str
    seconds: float

    @property
    def allowed_copies(self) -> int:
        return self.lost_replies + self.kills * CONCURRENCY

    @property
    def good(self) -> bool:
        """Whether it kept what is promised."""
        nothing_wrong = not self.lost and not self.ids_told_twice and not self.ended_early and self.integrity == "ok"
        return nothing_wrong and self.extra_copies <= self.allowed_copies

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.kills} kills, {self.articles} articles,"
            f" {self.matching} to be told, {self.lost} lost,"
            f" {self.extra_copies} extra copies ({self.allowed_copies} allowed,"
            f" for {self.lost_replies} lost replies and the kills),"
            f" at most {self.most_copies} of one, {self.ids_told_twice} seen twice by a receiver keyed on the id;"
            f" {self.refused} refused; {self.while_killing} of {self.delivered} delivered while killing,"
            f" in {self.sending_lives} of the lives; {self.ended_early} ended by themselves;"
            f" integrity {self.integrity}; {self.seconds:.0f} s, {self.seconds / max(1, self.kills):.2f} s a kill"
        )


class Lives:
    """Starts the daemon, and ends it."""

    def __init__(self, config: Path, log: Path, chance: random.Random) -> None:
        self.nursery = Nursery()
        self.words = ["run", "--config", str(config)]
        self.log, self.chance = log, chance
        self._cold: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self.start_up = 0.5  # seconds until a life does something, lately

    def start(self, point: str = "", *, cold: bool = False) -> None:
        environ = {"MONITOR_CRASH_POINT": point, "XDG_CACHE_HOME": str(self.log.parent)}
        if not cold:
            self._pid = self.nursery.start(self.words, self.log, environ)
            return
        command = [sys.executable, "-m", "monitor", *self.words]
        with self.log.open("ab") as log:
            self._cold = subprocess.Popen(
                command, stdout=log, stderr=log, env=os.environ | environ, start_new_session=True
            )
        self._pid = self._cold.pid

    def end(self, number: int = signal.SIGKILL) -> int:
        """Send a signal and wait for the end: the exit code, or the negative number of the signal."""
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL and self.chance.random() < 0.5:
                os.killpg(self._pid, number)
            else:
                os.kill(self._pid, number)
        if self._cold is None:
            return self.nursery.wait(self._pid)
        code, self._cold = self._cold.wait(60), None
        return code

    def live(self, site: Site, seconds: float) -> None:
        """One life of a random kind. Most do something for up to `seconds`, longer on a slow machine, a few four times
        that; how long a start takes is learnt, so that some die in it and the rest do not."""
        kind = self.chance.random()
        if kind < COLD:
            self.start(cold=True)
            time.sleep(self.chance.uniform(0.0, 6.0))
        elif kind < 0.15:
            self.start()
            time.sleep(self.chance.uniform(0.0, self.start_up))
        elif kind < 0.45:
            delay = self.chance.choice(["", f":{self.chance.uniform(0.0, 0.05):.4f}"])
            self.start(f"{self.chance.choice(POINTS)}:{self.chance.randint(1, 3)}{delay}")
            self._begin(site)
            until(self._dead, max(seconds, self.start_up))
        else:
            before = site.asked
            self.start()
            self._begin(site)
            longest = max(seconds, self.start_up)
            if kind < 0.85:  # until it sends, when there is anything to send
                until(lambda: site.asked > before, 2 * longest)
            time.sleep(self.chance.uniform(0.0, longest if kind < 0.95 else 4 * longest))

    def _begin(self, site: Site) -> None:
        """Wait until the life asks for a feed or sends something."""
        began, before = time.monotonic(), sum(site.served) + site.asked
        until(lambda: sum(site.served) + site.asked > before or self._dead(), START_UP)
        self.start_up = 0.8 * self.start_up + 0.2 * min(10.0, time.monotonic() - began)

    def _dead(self) -> bool:
        """Killed by itself, and not yet waited for."""
        return "\nState:\tZ" in Path(f"/proc/{self._pid}/status").read_text()


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until it is true, so many seconds at most; whether it came true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def kill_loop(
    folder: Path,
    *,
    kills: int,
    seconds: float = 1e9,
    seed: int = 1,
    rate: float = 4.0,
    life: float = 1.0,
    waiting: int = 40,
) -> Outcome:
    """Kill the daemon `kills` times, or less often when `seconds` are over.

    `rate` articles a second that match come in, and as many that do not; fewer when `waiting` are not told yet.
    """
    began = time.monotonic()
    site = Site(feeds=6, seed=seed, errors=0.10, lost_replies=0.05)
    hook = f"{site.base.replace('http://', 'json://')}/hook/1"
    config = write_desk(folder, site, {"hook": f'url: "{hook}", burst: 1000000'})
    lives = Lives(config, folder / "log", random.Random(seed))
    lives.start()
    assert until(lambda: min(site.served) >= 2, START_UP), (folder / "log").read_text()
    lives.end()
    published, stop = [], threading.Event()

    def publish() -> None:
        stream = items(seed)
        while not stop.wait(1 / rate):
            if len(published) - len(_names(site)) < waiting:
                item, other = next(stream), next(stream)
                published.append(item.name)
                site.publish(item)
                site.publish(replace(other, title=other.title.replace("Soldiers arrive", "Farmers rest")))

    publisher = threading.Thread(target=publish, daemon=True)
    publisher.start()
    killed = sending_lives = ended_early = 0
    while killed < kills and time.monotonic() - began < seconds:
        before = site.asked
        lives.live(site, life)
        ended_early += lives.end() != -signal.SIGKILL
        killed += 1
        sending_lives += site.asked > before
        if killed % 100 == 0:
            print(
                f"{killed} kills, {2 * len(published)} articles, {len(site.received)} messages,"
                f" start {lives.start_up:.1f} s, {time.monotonic() - began:.0f} s",
                file=sys.stderr,
            )
    while_killing = len(site.received)
    stop.set()
    publisher.join()
    site.faults = False
    lives.start()
    _drain(site, folder / "monitor.db", DRAIN)
    lives.end(signal.SIGTERM)
    lives.nursery.close()
    site.close()
    copies = Counter(message["alert"] for message in site.received)
    told = Counter(name for name, _ in {(_name(m), m["alert"]) for m in site.received} if name)
    with sqlite3.connect(folder / "monitor.db") as database:
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
    return Outcome(
        seed=seed,
        kills=killed,
        articles=2 * len(published),
        matching=len(published),
        lost=len(set(published) - _names(site)),
        extra_copies=sum(copies.values()) - len(copies),
        lost_replies=site.lost_replies,
        refused=site.refused,
        ids_told_twice=sum(count > 1 for count in told.values()),
        most_copies=max(copies.values(), default=0),
        delivered=len(site.received),
        while_killing=while_killing,
        sending_lives=sending_lives,
        ended_early=ended_early,
        integrity=integrity,
        seconds=time.monotonic() - began,
    )


def _name(message: dict[str, str]) -> str:
    """The name that stands only in the article a message tells; empty in messages about the program itself."""
    return message["title"].partition("arrive in ")[2].partition(" ")[0]


def _names(site: Site) -> set[str]:
    return {_name(message) for message in tuple(site.received)} - {""}


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
    parser.add_argument("--seconds", type=float, default=1e9, help="end earlier when they are over")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=4.0, help="matching articles a second at most")
    parser.add_argument("--life", type=float, default=1.0, help="seconds that most lives last at most")
    parser.add_argument("--folder", type=Path, help="where to work; kept")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="killloop-"))
    given = {name: value for name, value in vars(options).items() if name != "folder"}
    outcome = kill_loop(folder, **given)
    print(outcome)
    sys.exit(0 if outcome.good else 1)


if __name__ == "__main__":
    main()
