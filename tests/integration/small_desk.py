"""A desk on disk with one feed in memory and a phone, worked by hand: for tests of what lies around the path."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

from fakes import FakeChannel, FakeClock, FakeWeb, FakeWorkers

from monitor.config.settings import load_settings
from monitor.deliver import LEASE
from monitor.desk import Desk as Compiled
from monitor.desk import load_desk
from monitor.pipeline import Pipeline
from monitor.store import Store

FEED = "https://north.example/feed"
FEEDS = f"""\
version: 1
outlets:
  north:
    name: North Wire
    languages: [en]
    tags: [border]
    feeds: [{{url: "{FEED}", every: 1m}}]
"""
RULES = """\
version: 1
concepts:
  soldiers: {label: Soldiers, words: {en: [soldier]}}
  arriving: {kind: action, label: Arrival, words: {en: [arrive]}}
  shooting: {kind: action, label: Shots, words: {en: ["open fire"]}}
rules:
  - id: soldiers-arrive
    title: Soldiers arrive
    status: live
    severity: high
    find: {within: sentence, all: [soldiers, arriving]}
    tests:
      - {it: x, lang: en, published: 2026-03-02, title: Soldiers arrive, text: "x", expect: {fires: true}}
  - id: soldiers-shoot
    title: Soldiers shoot
    status: live
    severity: critical
    find: {within: sentence, all: [soldiers, shooting]}
    tests:
      - {it: x, lang: en, published: 2026-03-02, title: Soldiers opened fire, text: "x", expect: {fires: true}}
  - id: soldiers-named
    title: Soldiers are named
    severity: low
    find: {within: sentence, all: [soldiers]}
"""


class Desk:
    """A desk on disk, a web in memory, a phone that may refuse."""

    def __init__(self, folder: Path) -> None:
        (folder / "pack").mkdir()
        (folder / "pack" / "feeds.yaml").write_text(FEEDS)
        (folder / "pack" / "rules.yaml").write_text(RULES)
        self.file = folder / "monitor.yaml"
        self.file.write_text(
            'version: 1\npack: ./pack\ndatabase: monitor.db\nchannels: {phone: {url: "terminal://"}}\n'
        )
        self.settings = load_settings(self.file)
        desk, problems = load_desk(self.settings)
        assert desk is not None, problems
        self.clock, self.web, self.phone = FakeClock(datetime.now(UTC)), FakeWeb(), FakeChannel()
        self._open(desk)
        self.publish(0, "The library opens again")

    def reopened(self) -> Desk:
        """The same desk after its process ended and began again."""
        self._open(self.pipeline.desk)
        return self

    def _open(self, desk: Compiled) -> None:
        self.store = Store.open(self.settings.database, durable=False)
        self.pipeline = Pipeline(
            desk,
            store=self.store,
            fetcher=self.web,
            workers=FakeWorkers(),  # type: ignore[arg-type]
            channels={"phone": self.phone},
            clock=self.clock,
            jitter=random.Random(1),
        )
        with self.store.write() as tx:
            tx.feeds.sync(tuple(desk.feeds.values()), self.clock.now())

    def publish(self, number: int, title: str, text: str = "") -> str:
        url = f"https://north.example/{number}"
        text = text or f"The town hall of place {number} wrote this on page {number}. " * 8
        what = f"<title>{title}</title><link>{url}</link><guid>{number}</guid><description>{text}</description>"
        feed = f"<rss version='2.0'><channel><title>N</title><item>{what}</item></channel></rss>"
        self.web.put(FEED, feed, "text/xml")
        self.web.put(url, f"<html><body><article><p>{text}</p></article></body></html>")
        self.cycle()
        return url

    def cycle(self) -> None:
        self.clock.turn(120)
        self.work()

    def work(self) -> None:
        """Everything that is due now."""
        with self.store.read() as tx:
            states = tx.feeds.due(self.clock.now(), 10)
        for state in states:
            self.pipeline.poll(state)
        with self.store.write() as tx:
            entries = tx.entries.claim(self.clock.now(), 10, LEASE)
        for pending in entries:
            self.pipeline.process(pending)
        while again := self.pipeline.rereader.due(10, frozenset()):
            for item in again:
                self.pipeline.rereader.read(item)
        while due := self.pipeline.due_messages("phone", 1):
            self.pipeline.deliver(due[0])
