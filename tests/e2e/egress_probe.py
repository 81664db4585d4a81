"""The real daemon in a network of its own, where every address leads to this machine: what does it connect to and say?

Run by test_nothing_phones_home.py as root in fresh network and mount namespaces. Prints one JSON object.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from address_probe import NETWORK, Sniffer
from name_server import NameServer

NAMES: dict[str, str] = json.loads(sys.argv[1])  # wire.test, pages.test, hook.test, pulse.test and their addresses
TITLE = "Quillon Featherstone sees a grey heron at the weir"
LANGUAGES = ("Čaplja je viđena na brani, kažu ribari.", "Čafka u pa te diga, thonë peshkatarët.", "Чапља је виђена.")
RULES = """\
version: 1
concepts:
  waders: {label: Wading birds, words: {en: [grey heron], sr: [čaplja], sq: [çafkë]}}
actors:
  featherstone: {names: [Quillon Featherstone, Featherstone], surname: alone}
rules:
  - id: heron-watch
    title: The heron is back
    status: live
    severity: high
    find: {within: sentence, all: [waders, featherstone]}
    tests: [{it: x, lang: en, text: "Quillon Featherstone sees a grey heron.", expect: {fires: true}}]
"""
FEEDS = """\
version: 1
outlets:
  wire: {name: Wire, languages: [en, sr, sq], feeds: [{url: "http://wire.test/feed", every: 10s..10s}]}
"""
CONFIG = """\
version: 1
pack: ./pack
database: monitor.db
contact: desk@newsroom.example
channels: {hook: {url: "json://hook.test/in"}}
heartbeat: {url: "http://pulse.test/beat", every: 1s}
"""


class Names(NameServer):
    """Knows our names, and which ones were asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        super().__init__({name: [[address]] for name, address in NAMES.items()})

    def _answer(self, query: bytes) -> bytes | None:
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace"))
            at += 1 + query[at]
        self.asked.add(".".join(labels))
        return super()._answer(query)


class World:
    """Port 80 of every address: a feed with news in several languages, their pages, a webhook, a heartbeat."""

    def __init__(self) -> None:
        self.news: list[tuple[int, str]] = []
        self.requests: list[tuple[str, str]] = []  # host, everything that was sent
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length).decode()
                world.requests.append((self.headers["Host"], f"{self.requestline}\n{self.headers}\n{body}"))
                known = {"/feed": world.feed(), "/robots.txt": b""}
                text = (
                    "Anglers say that there is water enough. " if self.path == "/1" else "Vode ima dosta, kažu ljudi. "
                )
                answer = known.get(self.path, f"<html><p>{text * 20}".encode())
                self.send_response(200)
                self.send_header("Content-Type", "text/xml" if self.path == "/feed" else "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6

        threading.Thread(target=Server(("::", 80), Handler).serve_forever, daemon=True).start()

    def feed(self) -> bytes:
        rows = "".join(
            f"<item><title>{title}</title><link>http://pages.test/{number}</link><guid>{number}</guid></item>"
            for number, title in self.news
        )
        return f"<rss version='2.0'><channel><title>Wire</title>{rows}</channel></rss>".encode()

    def told(self) -> bool:
        return any(host == "hook.test" and "heron is back" in sent for host, sent in list(self.requests))


def main(folder: Path) -> dict[str, Any]:
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    (folder / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    (folder / "pack").mkdir()
    for name, text in (("pack/rules.yaml", RULES), ("pack/feeds.yaml", FEEDS), ("monitor.yaml", CONFIG)):
        (folder / name).write_text(text, encoding="utf-8")
    subprocess.run(["bash", "-ec", NETWORK], cwd=folder, check=True)
    sniffer, names, world = Sniffer(), Names(), World()
    world.news = [(0, "Fog over the lake")]
    names.asked.clear()  # a server of Python's own asks for this machine's name
    command = [sys.executable, "-m", "monitor"]
    config = ["--config", str(folder / "monitor.yaml")]
    connected: set[str] = set()
    with (folder / "log").open("wb") as log, subprocess.Popen([*command, "run", *config], stderr=log) as daemon:
        until = time.monotonic() + 60
        while not world.told() and time.monotonic() < until and daemon.poll() is None:
            time.sleep(0.2)
            connected |= sniffer.connections()
            if len(world.news) == 1 and any("GET /feed" in sent for _, sent in list(world.requests)):
                time.sleep(2)  # the first window of a feed is no news
                world.news += [(1, TITLE), *enumerate(LANGUAGES, 2)]
        time.sleep(11)  # the counts are written every ten seconds
        status = subprocess.run([*command, "status", *config], capture_output=True, text=True)
        tried = subprocess.run([*command, "try", TITLE, *config], capture_output=True, text=True)
        egress = subprocess.run([*command, "egress", "--json", *config], capture_output=True, text=True)
        daemon.terminate()
        daemon.wait(40)
    connected |= sniffer.connections()
    return {
        "told": world.told(),
        "codes": [status.returncode, tried.returncode, egress.returncode],
        "connected": sorted(connected),
        "asked": sorted(names.asked),
        "requests": world.requests,
        "egress": json.loads(egress.stdout or "[]"),
        "log": (folder / "log").read_text()[-3000:],
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(main(Path(made))))
