"""Rows F79 to F87: what a page may hold or do. Its feed's own words are still judged, and nobody else notices."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from faults import deadly
from faults.cases import rows
from faults.faulty_world import NEWS, TEXT, World, feed, item
from hostile_site import Behaviour, answer

from monitor.feeds.harm import MOST, harm_words
from monitor.store.entries import FoundEntry

pytestmark = pytest.mark.slow
PARAGRAPH = f"<p>{TEXT * 4}</p>"


def page(body: str, head: str = "") -> bytes:
    return f"<html lang='en'><head>{head}</head><body>{body}</body></html>".encode()


def quoted(count: int) -> str:
    """Metadata whose quotes are all escaped."""
    data = json.dumps({"articleBody": '"' * count})
    return f"<script type='application/ld+json'>{data}</script>"


def html(body: bytes, content_type: str = "text/html; charset=utf-8") -> bytes:
    return answer(body=body, Content_Type=content_type)


def found(world: World, url: str) -> FoundEntry:
    with world.store.read() as tx:
        entry = tx.entries.find(url)
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("answered", "outcome"),
    rows(
        [
            ("F79", html(page("<div>" * 300 + PARAGRAPH + "</div>" * 300)), "read"),
            ("F80", lambda connection, _: connection.sendall(html(page("x" * 10_000_000))), "page too_large"),
            ("F81", html(page(PARAGRAPH, quoted(80_000))), "read"),
            ("F83", html(page("<p>We use cookies. Accept all cookies to continue.</p>")), "read"),
            ("F83", html(page("<div id='root'></div><noscript>Please enable JavaScript.</noscript>")), "read"),
            ("F84", html(b"%PDF-1.7\n" + bytes(range(256)) * 50, "application/pdf"), "read"),
            ("F84", html(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "image/png"), "read"),
            ("F85", html(page("<p>The town hall wrote</p><p>Subscribe to continue reading.</p>")), "read"),
        ]
    ),
)
def test_a_page_without_its_article_does_not_silence_the_feeds_words(
    world: World, answered: bytes | Behaviour, outcome: str
) -> None:
    url = world.site.url("/page")
    world.serve(answered, "/page")
    world.serve(answer(body=feed(item(guid="news", link=url))))
    world.turn()
    [message] = world.told
    assert NEWS in message
    assert "ookies" not in message
    assert found(world, url).outcome.startswith(outcome)


@pytest.mark.fault("F36")
def test_a_site_that_asks_for_a_pause_gets_it_and_its_pages_are_read_afterwards(world: World) -> None:
    urls = [world.site.url(f"/busy/{number}") for number in range(3)]
    for number in range(3):
        world.serve(answer("429 Slow down", b"", Retry_After="600"), f"/busy/{number}")
    world.serve(answer(body=feed(*(item(f"What we know, part {url[-1]}", guid=url, link=url) for url in urls))))
    for _ in range(4):
        world.turn()  # two minutes
    asked = [request for request in world.site.requests if "/busy/" in request]
    assert len(asked) == 1
    for number in range(3):
        world.serve(html(page(f"<p>Soldiers arrive in town {number}.</p>" + PARAGRAPH)), f"/busy/{number}")
    world.clock.turn(600)
    world.turn()
    assert [found(world, url).outcome for url in urls] == ["read"] * 3


@pytest.mark.fault("F86")
def test_a_page_leads_to_no_further_page(world: World) -> None:
    url = world.site.url("/endless/1")
    world.serve(html(page(PARAGRAPH, "<link rel='next' href='/endless/2'>")), "/endless/1")
    world.serve(answer(body=feed(item(guid="news", link=url))))
    world.turn()
    asked = [request.split()[1] for request in world.site.requests if "/endless" in request]
    assert (len(world.told), asked) == (1, ["/endless/1"])


@pytest.mark.parametrize("deed", rows([("F87", getattr(deadly, name)) for name in ("exits", "crashes", "swells")]))
def test_a_page_that_kills_its_worker_is_tried_once_more_set_aside_and_named(
    world: World, monkeypatch: pytest.MonkeyPatch, deed: Callable[..., None]
) -> None:
    monkeypatch.setattr("monitor.pages.extract_page", deed)
    url = world.site.url("/deadly")
    world.serve(html(page(PARAGRAPH)), "/deadly")
    asked = len(world.site.requests)
    world.serve(answer(body=feed(item("What we know so far", guid="news", link=url))))
    world.turn()
    assert found(world, url).waiting  # once more
    for _ in range(3):
        world.turn()
    assert not found(world, url).waiting
    assert found(world, url).outcome.startswith("its page did harm")
    assert sum("/deadly" in request for request in world.site.requests[asked:]) == 2
    with world.store.read() as tx:
        [line] = harm_words(tx.feeds.record(world.url), world.clock.now())
    assert url in line


@pytest.mark.fault("F82", "F87")
def test_news_on_a_page_that_takes_for_ever_is_told_at_once_by_its_feeds_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.pages.EXTRACT_SECONDS", 1.0)
    url = world.site.url("/links")
    world.serve(html(page("<a href='/x'>more of it</a> " * 150_000)), "/links")
    world.serve(answer(body=feed(item(guid="news", link=url))))
    world.turn()
    assert len(world.told) == 1
    assert found(world, url).outcome.startswith("its page did harm: not finished within")


@pytest.mark.fault("F87")
def test_after_some_pages_that_do_harm_a_feed_is_judged_by_its_own_words_for_a_while(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.pages.extract_page", deadly.exits)
    urls = [world.site.url(f"/bad/{number}") for number in range(MOST + 1)]
    for number, url in enumerate(urls):
        world.serve(html(page(PARAGRAPH)), f"/bad/{number}")
        world.serve(answer(body=feed(item(f"Soldiers arrive, part {number}", guid=url, link=url))))
        world.turn()
    assert "others of its feed did harm" in found(world, urls[-1]).outcome
    monkeypatch.undo()
    world.clock.turn(timedelta(hours=1).total_seconds())
    later = world.site.url("/good")
    world.serve(html(page(PARAGRAPH)), "/good")
    world.serve(answer(body=feed(item("What we know so far", guid="later", link=later))))
    world.turn()
    assert found(world, later).outcome == "read"
