"""The path of one article, from a feed's bytes to the message on a phone. Real parts everywhere but at the doors.

Read this first: it is the program in one page.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fakes import START, FakeChannel, FakeClock, FakeWeb, FakeWorkers

from monitor.config.settings import load_settings
from monitor.desk import Desk, load_desk
from monitor.model import SendResult
from monitor.pipeline import Pipeline
from monitor.store import Store

LEASE = timedelta(minutes=1)
FEED = "https://north.example/feed"

FEEDS = f"""\
version: 1
outlets:
  north:
    name: North Wire
    country: XK
    languages: [en]
    feeds: [{{url: "{FEED}", every: 1m}}]
"""

RULES = """\
version: 1
concepts:
  soldiers: {label: Soldiers, words: {en: [soldier, troop], sr: [vojnik]}}
  arriving: {kind: action, label: Arrival, words: {en: [arrive, deploy]}}
  bridge_place: {kind: place, label: The bridge, names: [["Ibar Bridge"]]}
exclusions:
  football: {why: sport story, when: {in: [title, lead], any: [{say: football}]}}
rules:
  - id: soldiers-arrive
    title: Soldiers arrive
    status: live
    severity: high
    find: {within: sentence, all: [soldiers, arriving, bridge_place]}
    unless: [football]
    time: {max_age: 3d}
    tests:
      - it: fires
        lang: en
        published: 2026-03-02
        title: Troops deploy to Ibar Bridge
        expect: {fires: true}
"""

CONFIG = """\
version: 1
pack: ./pack
timezone: Europe/Belgrade
channels:
  phone: {url: "terminal://"}
"""


def item(number: int, title: str, published: str = "Mon, 02 Mar 2026 08:00:00 GMT") -> str:
    link = f"https://north.example/{number}"
    return f"<item><title>{title}</title><link>{link}</link><guid>{number}</guid><pubDate>{published}</pubDate></item>"


def page(*paragraphs: str) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html lang='en'><body><nav>Home News</nav><article>{body}</article></body></html>"


STORY = (
    "About forty soldiers arrived at the Ibar Bridge on Monday morning and closed it to traffic, the town hall said.",
    "Residents said that the vehicles came from the south before dawn and stopped beside the market square.",
    "The mayor asked people to stay at home until the afternoon and promised to speak to reporters again at noon.",
)


class World:
    """A pipeline with a small pack of its own, a web in memory and a phone."""

    def __init__(self, desk: Desk) -> None:
        self.clock, self.web, self.phone = FakeClock(), FakeWeb(), FakeChannel()
        self.store = Store.open("sqlite://", durable=False)
        with self.store.write() as tx:
            tx.feeds.sync(tuple(desk.feeds.values()), self.clock.now())
        self.pipeline = Pipeline(
            desk,
            store=self.store,
            fetcher=self.web,
            workers=FakeWorkers(),  # type: ignore[arg-type]
            channels={"phone": self.phone},
            clock=self.clock,
            jitter=random.Random(1),
        )

    def publish(self, *items: str) -> None:
        self.web.put(
            FEED, f"<rss version='2.0'><channel><title>North</title>{''.join(items)}</channel></rss>", "text/xml"
        )

    def cycle(self) -> None:
        """Everything that is due, once."""
        with self.store.read() as tx:
            feeds = tx.feeds.due(self.clock.now(), 10)
        for state in feeds:
            self.pipeline.poll(state)
        with self.store.write() as tx:
            entries = tx.entries.claim(self.clock.now(), 100, LEASE)
        for pending in entries:
            self.pipeline.process(pending)
        self.pipeline.tell_backlog()
        with self.store.write() as tx:
            deliveries = tx.outbox.claim(self.clock.now(), "phone", 100, LEASE)
        for delivery in deliveries:
            self.pipeline.deliver(delivery)

    def later(self, seconds: float = 120) -> None:
        self.clock.turn(seconds)
        self.cycle()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "pack").mkdir()
    (folder / "pack" / "feeds.yaml").write_text(FEEDS)
    (folder / "pack" / "rules.yaml").write_text(RULES)
    (folder / "monitor.yaml").write_text(CONFIG)
    desk, problems = load_desk(load_settings(folder / "monitor.yaml", {}))
    assert desk is not None, "\n".join(map(str, problems))
    return desk


@pytest.fixture
def world(desk: Desk) -> Iterator[World]:
    made = World(desk)
    yield made
    made.store.close()


@pytest.fixture
def watching(world: World) -> World:
    """A world whose feed was heard once, so that what comes now is news."""
    world.publish(item(1, "The library opens again"))
    world.web.put("https://north.example/1", page("The library in the main street opens again after the summer." * 5))
    world.cycle()
    return world


def test_an_event_is_told_once_with_what_where_who_and_why(watching: World) -> None:
    watching.publish(item(2, "What we know so far about Monday"), item(1, "The library opens again"))
    watching.web.put("https://north.example/2", page(*STORY))
    watching.later()
    watching.later()
    [message] = watching.phone.messages
    assert message.subject.startswith("HIGH · What we know so far about Monday · Ibar Bridge")
    assert STORY[0] in message.body
    assert "North Wire" in message.body
    assert "https://north.example/2" in message.body
    assert "Soldiers arrive" in message.body
    assert f"[#{message.story[:6]}]" in message.body


def test_a_copy_at_another_address_is_not_told_again(watching: World) -> None:
    watching.publish(item(2, "Soldiers arrive at Ibar Bridge"))
    watching.web.put("https://north.example/2", page(*STORY))
    watching.later()
    watching.publish(
        item(3, "Forty soldiers at Ibar Bridge, town hall says"), item(2, "Soldiers arrive at Ibar Bridge")
    )
    watching.web.put("https://north.example/3", page(*STORY))
    watching.later()
    assert len(watching.phone.messages) == 1


def test_an_excluded_article_stays_quiet_and_the_reason_is_kept(watching: World) -> None:
    watching.publish(item(2, "Football: troops of fans arrive at Ibar Bridge"))
    watching.web.put("https://north.example/2", page("The football match begins at noon.", *STORY))
    watching.later()
    assert watching.phone.messages == []
    with watching.store.read() as tx:
        [quiet] = [article.id for article in tx.articles.since(START) if article.title.startswith("Football")]
        decision = tx.decisions.of_article(quiet)
    assert decision is not None
    assert "sport story" in decision.reason


def test_what_was_there_before_we_watched_becomes_one_digest(world: World) -> None:
    world.publish(*(item(number, f"Soldiers arrive at Ibar Bridge, part {number}") for number in (1, 2, 3)))
    for number in (1, 2, 3):
        world.web.put(
            f"https://north.example/{number}", page(f"Group {number} of the soldiers arrived at Ibar Bridge." * 9)
        )
    world.cycle()
    world.later()
    [digest] = world.phone.messages
    assert "https://north.example/1" in digest.body
    assert "https://north.example/3" in digest.body


def test_a_message_is_tried_again_until_the_channel_takes_it(watching: World) -> None:
    watching.phone.answers = [SendResult(ok=False, detail="503 from the chat")] * 3
    watching.publish(item(2, "Soldiers arrive at Ibar Bridge"))
    watching.web.put("https://north.example/2", page(*STORY))
    watching.later()
    assert watching.phone.messages == []
    for _ in range(5):
        watching.later(90)
    [message] = watching.phone.messages
    assert "seen 09:02 → sent 09:0" in message.body
    assert "sent 09:02" not in message.body  # it says when it really went out


def test_a_page_that_cannot_be_had_is_tried_again_and_then_judged_by_its_feed_text(watching: World) -> None:
    watching.web.errors["https://north.example/2"] = ("timeout", "no answer within 30 s")
    watching.publish(item(2, "What we know so far about Monday"))
    watching.later()
    assert watching.phone.messages == []
    del watching.web.errors["https://north.example/2"]
    watching.web.put("https://north.example/2", page(*STORY))
    watching.later()
    assert len(watching.phone.messages) == 1


def test_a_headline_that_says_it_all_is_told_although_its_page_cannot_be_had(watching: World) -> None:
    watching.web.errors["https://north.example/2"] = ("timeout", "no answer within 30 s")
    watching.publish(item(2, "Forty soldiers arrive at Ibar Bridge"))
    watching.later()
    assert len(watching.phone.messages) == 1


def test_an_unchanged_feed_is_asked_with_its_etag_and_brings_nothing(watching: World) -> None:
    watching.later(3600)
    assert watching.web.requests[-1].etag != ""
    with watching.store.read() as tx:
        assert tx.entries.waiting() == (0, 0)
