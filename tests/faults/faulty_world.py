"""A desk that watches one feed on a hostile site, with the real fetcher, real workers and a real store; and a phone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from fakes import FakeChannel, FakeClock
from hostile_site import Behaviour, Site, answer

from monitor.config.settings import load_settings
from monitor.deliver import LEASE
from monitor.desk import load_desk
from monitor.fetch import AioFetcher
from monitor.model import FeedState
from monitor.pipeline import Pipeline
from monitor.store import Store
from monitor.workers import Workers

RULES = """\
version: 1
concepts:
  soldiers: {label: Soldiers, words: {en: [soldier], sr: [vojnik]}}
  arriving: {kind: action, label: Arrival, words: {en: [arrive], sr: [stići]}}
rules:
  - id: soldiers-arrive
    title: Soldiers arrive
    status: live
    severity: high
    find: {within: sentence, all: [soldiers, arriving]}
    tests:
      - {it: x, lang: en, published: 2026-03-02, title: Soldiers arrive, text: "x", expect: {fires: true}}
"""
NEWS = "Soldiers arrive at the bridge of Zvečan"
QUIET = "The library opens again"
OTHER_NEWS = "Forty soldiers arrive at the dam of Gazivode"
OTHER_TEXT = "Fishermen say that boats were taken out of the water and that the power station works as before. "
TEXT = "The town hall wrote on Monday that the road along the river stays closed until the evening. "


def item(title: str = NEWS, link: str = "", guid: str = "", more: str = "", text: str = TEXT) -> str:
    """One item of a feed."""
    given = {"link": link, "guid": guid}
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in given.items() if value)
    return f"<item><title>{escape(title)}</title>{fields}<description>{escape(text)}</description>{more}</item>"


def feed(*items: str, prolog: str = "<?xml version='1.0' encoding='utf-8'?>", site: str = "") -> bytes:
    """A feed of these items, and one that was there from the beginning."""
    rows = "".join((*items, item(QUIET, guid="quiet")))
    link = f"<link>{escape(site)}</link>" if site else ""
    return f"{prolog}<rss version='2.0'><channel><title>Wire</title>{link}{rows}</channel></rss>".encode()


class World:
    """Everything from the feed's bytes to the phone. `poll` and `read` are what the daemon does when they are due."""

    def __init__(
        self, folder: Path, site: Site, fetcher: AioFetcher, workers: Workers, url: str = "", private: str = "yes"
    ) -> None:
        self.site, self.url = site, url or site.url("/feed")
        (folder / "pack").mkdir()
        watched = f'{{url: "{self.url}", every: 1m, allow_private: {private}}}'
        (folder / "pack" / "feeds.yaml").write_text(
            f"version: 1\noutlets:\n  wire: {{name: Wire, languages: [en], feeds: [{watched}]}}\n"
        )
        (folder / "pack" / "rules.yaml").write_text(RULES)
        (folder / "monitor.yaml").write_text('version: 1\npack: ./pack\nchannels: {phone: {url: "terminal://"}}\n')
        self.desk, problems = load_desk(load_settings(folder / "monitor.yaml"))
        assert self.desk is not None, problems
        self.clock, self.phone = FakeClock(), FakeChannel()
        self.store = Store.open("sqlite://", durable=False)
        self.pipeline = Pipeline(
            self.desk,
            store=self.store,
            fetcher=fetcher,
            workers=workers,
            channels={"phone": self.phone},
            clock=self.clock,
            jitter=random.Random(1),
        )
        with self.store.write() as tx:
            tx.feeds.sync(tuple(self.desk.feeds.values()), self.clock.now())

    def serve(self, behaviour: bytes | Behaviour, path: str = "/feed") -> None:
        """From now on this is what the site says."""
        self.site.site[path] = behaviour

    def begin(self) -> None:
        """Watch the feed in good health for a while, so that what comes next is news."""
        self.serve(answer(body=feed(), ETag='"before"'))
        self.turn()
        assert self.phone.messages == []

    def poll(self) -> FeedState:
        """Ask the feed; its state afterwards."""
        self.clock.turn(120)
        with self.store.read() as tx:
            before = tx.feeds.get(self.url)
        assert before is not None
        self.pipeline.poll(before)
        with self.store.read() as tx:
            after = tx.feeds.get(self.url)
        assert after is not None
        return after

    def read(self, at_most: int = 1000) -> None:
        """Read the entries that are due, and send what is waiting."""
        with self.store.write() as tx:
            entries = tx.entries.claim(self.clock.now(), at_most, LEASE)
        for pending in entries:
            self.pipeline.process(pending)
        while due := self.pipeline.due_messages("phone", 1):
            self.pipeline.deliver(due[0])

    def turn(self) -> FeedState:
        """A poll, and everything that follows from it."""
        state = self.poll()
        self.read()
        return state

    @property
    def told(self) -> Sequence[str]:
        """The messages on the phone."""
        return [f"{message.subject}\n{message.body}" for message in self.phone.messages]

    def close(self) -> None:
        self.store.close()


def opened(folder: Path, site: Site, fetcher: AioFetcher, workers: Workers, **more: Any) -> closing[World]:
    """A world that is closed at the end of the `with`."""
    return closing(World(folder, site, fetcher, workers, **more))
