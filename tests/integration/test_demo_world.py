"""The demo's news sites, asked over HTTP as a monitor asks them."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from monitor.articles.extract import extract_page
from monitor.demo.script import load_script
from monitor.demo.world import World
from monitor.feeds.parse import parse_feed

pytestmark = pytest.mark.slow


@pytest.fixture
def world() -> Iterator[World]:
    with World(load_script(), speed=20.0) as opened:
        yield opened


def get(url: str, **headers: str) -> tuple[bytes, str, str]:
    request = urllib.request.Request(url, headers={key.replace("_", "-"): value for key, value in headers.items()})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read(), answer.headers["Content-Type"], answer.headers["ETag"]


def titles(url: str) -> set[str]:
    body, kind, _ = get(url)
    return {entry.title for entry in parse_feed(body, kind, "", url).entries}


def test_nothing_new_appears_before_every_feed_was_asked_for(world: World):
    first, *others = world.feeds.values()
    titles(first)
    time.sleep(0.5)  # ten seconds of the script

    assert world.elapsed == 0
    assert {item.item.kind for item in world.published()} == {"background"}
    for url in others:
        titles(url)
    assert world.elapsed > 0


def test_every_feed_is_understood_and_in_the_end_holds_everything(world: World):
    for url in world.feeds.values():
        titles(url)
    while not world.finished:
        time.sleep(0.05)

    for site, url in world.feeds.items():
        assert titles(url) == {item.title for item in world.script.items if item.site == site}
    assert len(world.published()) == len(world.script.items)


def test_a_page_reads_as_its_article_without_menu_and_teasers(world: World):
    [entry] = [entry for entry in world.published() if entry.item.id == "old-sr-2"]
    page = extract_page(get(entry.url)[0], "utf-8", entry.url)

    text = " ".join(page.paragraphs)
    assert all(paragraph in text for paragraph in entry.item.paragraphs)
    assert "Kfor i granica" not in text


def test_an_unchanged_feed_is_not_sent_again(world: World):
    url = next(iter(world.feeds.values()))
    tag = get(url)[2]

    with pytest.raises(urllib.error.HTTPError, match="304") as unchanged:
        get(url, If_None_Match=tag)
    unchanged.value.close()


def test_an_article_that_has_not_appeared_is_not_found(world: World):
    base = world.feeds["ibar-valley-post"].rsplit("/", 1)[0]

    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        get(f"{base}/news/deployment-en.html")
    missing.value.close()
