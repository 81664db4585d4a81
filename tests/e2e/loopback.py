"""A loopback world for tests of the whole process: feeds with a seeded stream of stories, and a webhook with faults."""

from __future__ import annotations

import json
import random
import re
import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

WINDOW = 60  # items that a feed shows

RULES = """\
version: 1
concepts:
  soldiers: {label: Soldiers, words: {en: [soldier]}}
  arriving: {kind: action, label: Arrival, words: {en: [arrive]}}
rules:
  - id: soldiers-arrive
    title: Soldiers arrive
    status: live
    severity: high
    find: {within: sentence, all: [soldiers, arriving]}
    tests:
      - {it: x, lang: en, published: 2026-03-02, title: Soldiers arrive, text: "x", expect: {fires: true}}
"""

_SYLLABLES = (
    "ba be bo dra dre dro fa fe ga gle glo ja je ka kre la lo ma me no pa pe ra ri sa sto ta ve vo za zi"
).split()
_NOUNS = (
    "apple bakery ballot barn basket bench bicycle blanket bottle bridge bucket butter cabin camera candle canal "
    "carpet castle cellar chapel cheese chimney cinema clinic clock coast coffee corner cotton cradle curtain "
    "desert drawer engine factory feather ferry fiddle forest fountain garden garlic glacier glove granite guitar "
    "hammer harbour harvest hospital island jacket kettle kitchen ladder lantern lemon library lizard marble "
    "market meadow mirror monument mountain museum needle nursery oven painter paper parcel pasture pepper piano "
    "pigeon pillow planet pond potato quarry rabbit railway ribbon river saddle salmon school shadow shovel "
    "silver singer spider stable statue stadium sugar summer swimmer table tailor teapot theatre thunder ticket "
    "timber tower trumpet tunnel turtle valley vessel village violin wagon walnut whistle window winter wizard "
    "workshop"
).split()
_VERBS = (
    "admires borrows carries catches cleans collects counts covers crosses describes draws drops feeds fills "
    "finds follows forgets gathers greets guards hides holds hears ignores inspects invites joins keeps kicks "
    "lends lifts loses measures misses moves names notices offers opens orders owns packs paints passes plants "
    "polishes praises prints protects pulls pushes raises reads records removes rents repairs rescues returns "
    "sells shakes shares shows shuts sorts studies surrounds sweeps swaps teaches throws touches trades trains "
    "visits warms washes watches weighs"
).split()


@dataclass(frozen=True)
class Item:
    """A published article that matches the rule, in words that no other item shares. `name` stands only in it."""

    number: int
    name: str
    title: str
    text: str


def items(seed: int) -> Any:
    """An endless stream of stories that have nothing to do with each other."""
    chance = random.Random(seed)
    used: set[str] = set()

    def name() -> str:
        while True:  # names that differ only in vowels and j may be one name in two languages
            made = "".join(chance.sample(_SYLLABLES, 5)).capitalize() + "n"
            bones = re.sub("[aeiouj]", "", made.lower())
            if bones not in used:
                used.add(bones)
                return made

    def sentence() -> str:
        words = chance.sample(_NOUNS, 4)
        first, second = chance.sample(_VERBS, 2)
        return f"The {words[0]} {first} a {words[1]}, and somebody {second} the {words[2]} with the {words[3]}."

    number = 0
    while True:
        number += 1
        place = name()
        first, second = chance.sample(_NOUNS, 2)
        title = f"Soldiers arrive in {place} for the {first} and the {second}"
        yield Item(number, place, title, " ".join(sentence() for _ in range(6)))


class Site:
    """Feeds, their pages, and a webhook that refuses, or takes a message and loses the reply, at random."""

    def __init__(self, feeds: int = 3, seed: int = 1, errors: float = 0.0, lost_replies: float = 0.0) -> None:
        self.lock = threading.Lock()
        self.feeds: list[list[Item]] = [[] for _ in range(feeds)]
        self.served = [0] * feeds
        self.received: list[dict[str, Any]] = []
        self.faults = True
        self.secrets: set[tuple[str, str]] = set()  # login and query of requests that had a query
        self.refused = self.lost_replies = 0
        self._pages: dict[int, Item] = {}
        self._chance = random.Random(seed)
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                address, _, query = self.path.partition("?")
                kind, number = address.strip("/").split("/")
                if query:
                    site.secrets.add((self.headers.get("Authorization", ""), query))
                body = site.feed(int(number)) if kind == "feed" else site.page(int(number))
                self.answer(200, body, "text/xml" if kind == "feed" else "text/html; charset=utf-8")

            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with site.lock:
                    luck = site._chance.random() if site.faults else 1.0
                    if luck < errors:
                        site.refused += 1
                    else:
                        site.received.append(message)
                if luck < errors:
                    self.answer(503, b"", "text/plain")
                elif luck < errors + lost_replies:
                    with site.lock:
                        site.lost_replies += 1
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                else:
                    self.answer(200, b"", "text/plain")

            def answer(self, status: int, body: bytes, content_type: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: Any) -> None:
                pass  # clients are killed in the middle of a request

        self.server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def asked(self) -> int:
        """How often the webhook was asked to take a message."""
        return len(self.received) + self.refused

    def publish(self, item: Item) -> None:
        """Put an item at the top of one of the feeds."""
        with self.lock:
            self._pages[item.number] = item
            self.feeds[item.number % len(self.feeds)].insert(0, item)

    def feed(self, number: int) -> bytes:
        with self.lock:
            self.served[number] += 1
            shown = self.feeds[number][:WINDOW]
        rows = []
        for item in shown:
            # Every other item carries its text in the feed; the rest have it on their pages.
            text = f"<content:encoded>{escape(item.text)}</content:encoded>" if item.number % 2 else ""
            link = f"{self.base}/page/{item.number}"
            rows.append(f"<item><title>{item.title}</title><link>{link}</link><guid>{link}</guid>{text}</item>")
        start = (
            f"<item><title>Nothing yet</title><link>{self.base}/page/0</link><guid>start-{number}</guid>"
            "<description>Nothing has happened so far in this part of the world.</description></item>"
        )
        return (
            "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
            f"<channel><title>Feed {number}</title><language>en</language>{''.join(rows)}{start}</channel></rss>"
        ).encode()

    def page(self, number: int) -> bytes:
        with self.lock:
            item = self._pages.get(number)
        text = item.text if item else "Nothing has happened so far in this part of the world. " * 6
        return f"<html lang='en'><body><article><p>{text}</p></article></body></html>".encode()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def write_desk(folder: Path, site: Site, channels: dict[str, str], more: str = "", every: str = "1s") -> Path:
    """A small pack that watches the site, and a monitor.yaml; returns the path of the latter."""
    pack = folder / "pack"
    pack.mkdir(parents=True, exist_ok=True)
    feeds = ", ".join(
        f'{{url: "{site.base}/feed/{number}", every: {every}, allow_private: yes}}' for number in range(len(site.feeds))
    )
    (pack / "feeds.yaml").write_text(
        f"version: 1\noutlets:\n  site:\n    name: Site\n    languages: [en]\n    feeds: [{feeds}]\n"
    )
    (pack / "rules.yaml").write_text(RULES)
    lines = "".join(f"  {name}: {{{options}}}\n" for name, options in channels.items())
    path = folder / "monitor.yaml"
    path.write_text(f"version: 1\npack: ./pack\ndatabase: monitor.db\nchannels:\n{lines}{more}")
    return path
