"""Does a hostile outlet hold up the others? `python tests/bench/poison.py`: the real daemon, two minutes, on loopback.

Nine good feeds publish news every two seconds. After a calm while a tenth serves twenty pages that take all the time a
worker has; then an eleventh is a feed that does the same. Told are, for each while: how long news of the good feeds
takes to the webhook, and how far the main process grew. Ends with 1 when a hostile while adds 5 s or 64 MB or more.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))
from loopback import Item, Site, items, write_desk

GOOD = 9
CALM, HOSTILE = 30.0, 40.0  # seconds
PAGES = 20
ATTRIBUTES = b"".join(b"a%d='1' " % n for n in range(100_000))  # of one element: parsers take minutes
PAGE = b"<html><body><p " + ATTRIBUTES + b">more of it</p></body></html>"
FEED = b"<rss version='2.0'><channel><item " + ATTRIBUTES + b"/></channel></rss>"


class Outlets(Site):
    """Good feeds, and two that turn hostile."""

    def __init__(self) -> None:
        self.hostile = ""  # nothing, the pages, or the feed
        self.poisoned = 0  # hostile pages served
        super().__init__(feeds=GOOD + 2)

    def publish(self, item: Item) -> None:
        with self.lock:
            self._pages[item.number] = item
            self.feeds[item.number % GOOD].insert(0, item)

    def feed(self, number: int) -> bytes:
        if number == GOOD + 1 and self.hostile == "feed":
            return FEED
        if number != GOOD or self.hostile != "pages":
            return super().feed(number)
        rows = (
            f"<item><title>What we know, part {n}</title><link>{self.base}/page/{10**6 + n}</link></item>"
            for n in range(PAGES)
        )
        return f"<rss version='2.0'><channel><title>H</title>{''.join(rows)}</channel></rss>".encode()

    def page(self, number: int) -> bytes:
        if number < 10**6:
            return super().page(number)
        self.poisoned += 1
        return PAGE


class Clocked(list[Any]):
    """Messages, each with when it came."""

    def append(self, message: Any) -> None:
        super().append((time.monotonic(), f"{message['title']}\n{message['message']}"))


def resident(pid: int) -> int:
    """Megabytes that a process has in memory."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


def run_for(site: Outlets, stream: Any, seconds: float) -> list[tuple[float, str]]:
    """Publish news for a while; when each came out, and its name."""
    published = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        item = next(stream)
        published.append((time.monotonic(), item.name))
        site.publish(item)
        time.sleep(2.0)
    return published


def waits(site: Outlets, published: list[tuple[float, str]]) -> list[float]:
    """Seconds from publication to the webhook of each item; lost ones count as endless."""
    came = {name: at for at, text in site.received for _, name in published if name in text}
    return [came.get(name, float("inf")) - at for at, name in published]


def main() -> int:
    site, stream = Outlets(), items(7)
    site.received = Clocked()
    with tempfile.TemporaryDirectory() as folder:
        hook = site.base.replace("http://", "json://") + "/hook/0"
        config = write_desk(Path(folder), site, {"hook": f'url: "{hook}", burst: 1000'}, every="2s")
        command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as daemon:
            while not all(site.served):
                time.sleep(0.2)
            run_for(site, stream, 10.0)  # until everything is loaded
            results = {"calm": (run_for(site, stream, CALM), resident(daemon.pid))}
            for site.hostile in ("pages", "feed"):
                results[site.hostile] = (run_for(site, stream, HOSTILE), resident(daemon.pid))
            time.sleep(15.0)
            status = [sys.executable, "-m", "monitor", "status", "--config", str(config)]
            shown = subprocess.run(status, capture_output=True, text=True, check=False).stdout
            daemon.terminate()
    most, size = {}, {}
    for name, (published, size[name]) in results.items():
        took = waits(site, published)
        most[name] = max(took)
        print(f"{name:6} {len(took)} items, {median(took):.1f} s, at most {most[name]:.1f} s; {size[name]} MB")
    named = " ".join(shown.split()).count("set aside")
    print(f"hostile pages asked for: {site.poisoned}, named in status: {named}")
    late = max(most["pages"], most["feed"]) - most["calm"] >= 5
    return 1 if late or max(size.values()) - size["calm"] >= 64 or not named else 0


if __name__ == "__main__":
    sys.exit(main())
