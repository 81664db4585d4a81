"""A program with two channels, a rule and a feed, from one evening on, on a clock that one turns."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fakes import FakeChannel, FakeClock, FakeWeb, FakeWorkers

from monitor.config.settings import load_settings
from monitor.desk import Desk, load_desk
from monitor.pipeline import Pipeline
from monitor.store import Store
from monitor.watch.duties import Duties
from monitor.watch.vitals import Episodes

EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
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
      - {it: fires, lang: en, published: 2026-03-02, title: Soldiers arrive in town, text: "x", expect: {fires: true}}
"""
CONFIG = """\
version: 1
pack: ./pack
timezone: Europe/Belgrade
channels: {phone: {url: "terminal://"}, mail: {url: "terminal://"}}
canary: {at: "06:00"}
all_quiet: "07:00"
"""
OUTLETS = "version: 1\noutlets:\n  n: {name: North Wire, feeds: [{url: 'https://n.example/feed'}]}\n"


def desk_in(folder: Path, rules: str = RULES, config: str = CONFIG) -> Desk:
    (folder / "pack").mkdir()
    (folder / "pack" / "rules.yaml").write_text(rules)
    (folder / "pack" / "feeds.yaml").write_text(OUTLETS)
    (folder / "monitor.yaml").write_text(config)
    desk, problems = load_desk(load_settings(folder / "monitor.yaml", {}))
    assert desk is not None, problems
    return desk


class Night:
    """A program with two channels, from one evening on."""

    def __init__(self, desk: Desk, ask: Callable[[str, str], str] = lambda address, code: "") -> None:
        self.clock, self.web = FakeClock(EVENING), FakeWeb()
        self.channels = {"phone": FakeChannel("phone"), "mail": FakeChannel("mail")}
        self.store = Store.open("sqlite://", durable=False)
        with self.store.write() as tx:
            tx.feeds.sync(tuple(desk.feeds.values()), self.clock.now())
        self.line = Pipeline(
            desk,
            store=self.store,
            fetcher=self.web,
            workers=FakeWorkers(),  # type: ignore[arg-type]
            channels=self.channels,
            clock=self.clock,
            jitter=random.Random(1),
        )
        self.episodes = Episodes()
        self.duties = Duties(self.line, self.episodes, ask)
        self.duties.do()

    def until(self, hour: int, minute: int = 0, *, day: int = 2, step: float = 600) -> None:
        """Everything that is due, every `step` seconds until that time (UTC; the desk is an hour ahead)."""
        end = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
        while self.clock.now() < end:
            self.clock.turn(step)
            self.duties.do()
            for name in self.channels:
                for message in self.line.due_messages(name, 100):
                    self.line.deliver(message)

    def told(self, channel: str, words: str) -> list[str]:
        messages = self.channels[channel].messages
        return [f"{m.subject}\n{m.body}" for m in messages if words in f"{m.subject}\n{m.body}"]
