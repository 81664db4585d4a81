"""Finding a site's feeds, lists of feeds in and out, and adding to a file that a person wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fakes import FakeWeb, FakeWorkers

from monitor.addfeed import Finder
from monitor.errors import MonitorError
from monitor.feeds.discover import feeds_on, sitemaps_below, sitemaps_in
from monitor.feeds.feedlist import add_to, entries_for, outlet_id
from monitor.feeds.opml import Listed, read_opml, write_opml
from monitor.feeds.parse import parse_feed
from monitor.model import Feed, Outlet
from monitor.yamlfile import parse_yaml

HOME = "https://north.example/sr/"
NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc>https://north.example/a</loc><news:news><news:publication><news:name>North</news:name>
  <news:language>sr</news:language></news:publication><news:publication_date>2026-03-02T09:00:00+01:00</news:publication_date>
  <news:title>Most je zatvoren</news:title></news:news><image:image><image:loc>https://north.example/a.jpg</image:loc></image:image></url>
 <url><loc>https://north.example/b</loc><news:news><news:publication_date>2026-03-03</news:publication_date>
  <news:title>Most je otvoren</news:title></news:news></url>
 <url><loc>https://north.example/about</loc></url>
</urlset>"""


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            '<link rel="alternate" type="application/rss+xml" title="North &raquo; Feed" href="/feed/">'
            '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">',
            [Listed("https://north.example/feed/", "North » Feed")],
        ),
        (
            "<LINK HREF='atom.xml' TYPE='application/atom+xml; charset=utf-8' REL='alternate home'>",
            [Listed("https://north.example/sr/atom.xml")],
        ),
        (
            '<link rel="alternate" hreflang="en" href="/en/"><a href="/rss">RSS</a>',
            [Listed("https://north.example/rss")],
        ),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">', []),
        ('<a href="https://north.example/feedback">Write to us</a>', None),
    ],
)
def test_a_home_page_names_its_feeds(page: str, expected: list[Listed] | None) -> None:
    found = list(feeds_on(f"<html><head>{page}</head><body><p>News</body>", HOME))
    if expected is None:  # nothing is named: the usual addresses are tried
        assert Listed("https://north.example/feed/") in found
    else:
        assert found == expected


def test_robots_and_an_index_lead_to_the_sitemap_of_news() -> None:
    robots = "User-agent: *\nSitemap: https://north.example/pages.xml\nsitemap: /news-sitemap.xml\n"
    assert sitemaps_in(robots, HOME) == ("https://north.example/news-sitemap.xml", "https://north.example/pages.xml")
    index = "<sitemapindex><sitemap><loc>https://x.example/news.xml</loc></sitemap><sitemap><loc>https://x.example/p.xml</loc></sitemap></sitemapindex>"
    assert sitemaps_below(index) == ("https://x.example/news.xml",)
    assert sitemaps_below("not xml") == ()


def test_a_news_sitemap_is_read_as_a_feed_the_newest_first() -> None:
    parsed = parse_feed(NEWS_SITEMAP.encode(), "text/xml", "utf-8", "https://north.example/news.xml")
    assert [entry.title for entry in parsed.entries] == ["Most je otvoren", "Most je zatvoren"]
    assert parsed.entries[1].url == "https://north.example/a"
    assert parsed.entries[1].published == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert parsed.entries[1].language == "sr"


FEED = "<rss version='2.0'><channel><title>North</title><item><title>a</title><link>/a</link></item></channel></rss>"


def test_adding_a_site_finds_what_can_be_read_and_leaves_out_what_cannot() -> None:
    web = FakeWeb()
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("feed", "dead"))
    web.put(HOME, f"<html><head>{links}</head></html>")
    web.put("https://north.example/feed", FEED, "text/xml")
    web.put("https://north.example/robots.txt", "Sitemap: https://north.example/news-sitemap.xml", "text/plain")
    web.put("https://north.example/news-sitemap.xml", NEWS_SITEMAP, "text/xml")
    found = Finder(web, FakeWorkers()).find(HOME)  # type: ignore[arg-type]
    assert [(item.url, item.entries) for item in found] == [
        ("https://north.example/feed", 1),
        ("https://north.example/news-sitemap.xml", 2),
    ]


def test_the_address_of_a_feed_is_taken_as_it_is_and_a_dead_one_is_refused_with_the_cause() -> None:
    web = FakeWeb()
    web.put("https://north.example/feed", FEED, "text/xml")
    finder = Finder(web, FakeWorkers())  # type: ignore[arg-type]
    [found] = finder.find("https://north.example/feed")
    assert found.title == "North"
    with pytest.raises(MonitorError, match="no such page"):
        finder.find("https://north.example/gone")


def test_a_list_that_is_exported_can_be_imported() -> None:
    feeds = [Feed("https://a.example/feed?x=1&y=2", "a"), Feed("https://b.example/rss", "b")]
    text = write_opml(feeds, {"a": Outlet("a", 'Vesti "Sever" & Jug')})
    assert read_opml(text.encode()) == (
        Listed("https://a.example/feed?x=1&y=2", 'Vesti "Sever" & Jug'),
        Listed("https://b.example/rss", "b"),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"\xff\xfe\x00",
        b'<!DOCTYPE opml [<!ENTITY a "aaaa">]><opml><body><outline xmlUrl="&a;"/></body></opml>',
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>&x;</body></opml>',
    ],
)
def test_what_is_no_list_or_declares_entities_is_refused(body: bytes) -> None:
    with pytest.raises(MonitorError, match="no OPML"):
        read_opml(body)


def test_folders_doubles_and_other_schemes_in_a_list() -> None:
    body = b"""<opml><body><outline text="North"><outline text="A" xmlUrl="https://a.example/f"/></outline>
      <outline text="A again" xmlUrl="https://a.example/f"/><outline xmlUrl="file:///etc/passwd"/></body></opml>"""
    assert read_opml(body) == (Listed("https://a.example/f", "A"),)


HAND_WRITTEN = """\
# My feeds. Do not touch!
version: 1

outlets:
    # --- the north
    kossev: {name: KoSSev, feeds: [{url: "https://kossev.example/feed"}]}   # the best

# --- what follows is old
time: {}
"""


def test_a_file_keeps_every_line_and_comment_when_a_feed_is_added() -> None:
    [(id, added)] = entries_for([Listed("https://www.new.example/rss", 'New: "the" news')], {"kossev"})
    text = add_to(HAND_WRITTEN, added)
    kept = iter(text.splitlines())
    assert all(line in kept for line in HAND_WRITTEN.splitlines())
    root, problems = parse_yaml(text, "feeds.yaml")
    assert root is not None
    assert problems == []
    outlets = root.map["outlets"].map
    assert list(outlets) == ["kossev", id]
    assert outlets[id].map["name"].text == 'New: "the" news'
    assert outlets[id].map["feeds"].items[0].map["url"].text == "https://www.new.example/rss"


@pytest.mark.parametrize(
    "text", ["", "version: 1\n", "version: 1\noutlets:\n", "version: 1\noutlets:\n  a:\n    name: A"]
)
def test_a_feed_can_be_added_to_any_shape_of_file(text: str) -> None:
    [(id, added)] = entries_for([Listed("https://new.example/rss")], ())
    root, problems = parse_yaml(add_to(text, added), "feeds.yaml")
    assert root is not None
    assert problems == []
    assert id in root.map["outlets"].map
    assert root.map["version"].text == "1"


def test_outlets_on_one_line_are_refused_rather_than_broken() -> None:
    with pytest.raises(MonitorError, match="on one line"):
        add_to("version: 1\noutlets: {a: {name: A}}\n", "  b: {}\n")


def test_feeds_of_one_host_are_one_outlet_with_an_id_of_its_own() -> None:
    feeds = [
        Listed("https://www.vesti.example/a", "Vesti"),
        Listed("https://vesti.example/b"),
        Listed("https://x.example/c"),
    ]
    assert [id for id, _ in entries_for(feeds, {"vesti"})] == ["vesti-2", "x"]
    more = entries_for(feeds, {"vesti"}, {"vesti.example": Outlet("vesti", "Vesti", owner="house")})
    assert 'name: "Vesti"\n    owner: "house"' in more[0][1]  # no second voice for what one publisher says twice
    assert "owner" not in more[1][1]
    assert outlet_id("Žurnal Ш", {}) == "zurnal"
