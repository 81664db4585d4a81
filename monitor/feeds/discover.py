"""Where a site keeps its feeds: what its home page and its robots.txt say. Pure; fetching is done elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from monitor.feeds.opml import Listed
from monitor.feeds.plainxml import NotXml, read_elements

TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml"}
)
USUAL = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")  # tried when a page names none
MOST = 20
_HEAD = 500_000  # characters of a page that are looked at
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_COMMENTS = re.compile(r"/comments?/|comments?[-_]?feed|komentar", re.IGNORECASE)
_LOOKS_LIKE_A_FEED = re.compile(r"(?:^|[/.?=&_-])(?:rss|feed|feeds|atom)(?:$|[/.?=&_-])", re.IGNORECASE)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.declared: list[tuple[str, str]] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        href = found.get("href", "").strip()
        if tag == "link" and "alternate" in found.get("rel", "").lower().split():
            if found.get("type", "").lower().partition(";")[0].strip() in TYPES:
                self.declared.append((href, found.get("title", "")))
        elif tag == "a" and href and _LOOKS_LIKE_A_FEED.search(urlsplit(href).path if "://" in href else href):
            self.linked.append(href)


def feeds_on(page: str, url: str) -> tuple[Listed, ...]:
    """The feeds that a page declares, else those its links look like, else the usual addresses; comments left out.

    They are guesses until one of them is fetched and read.
    """
    links = _Links()
    links.feed(page[:_HEAD])
    named = links.declared or [(href, "") for href in links.linked] or [(path, "") for path in USUAL]
    found: dict[str, Listed] = {}
    for href, title in named:
        address = _absolute(href, url)
        if address and not _COMMENTS.search(address):
            found.setdefault(address, Listed(address, " ".join(title.split())))
    return tuple(found.values())[:MOST]


def sitemaps_in(robots: str, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, those with news in their name first."""
    named = [address for found in _SITEMAP.findall(robots) if (address := _absolute(found, url))]
    return tuple(sorted(dict.fromkeys(named), key=lambda address: "news" not in address.lower()))[:MOST]


def sitemaps_below(body: bytes | str) -> tuple[str, ...]:
    """The sitemaps of news that an index of sitemaps lists; () when it is none."""
    try:
        elements = read_elements(body)
    except NotXml:
        return ()
    if not elements or elements[0].name != "sitemapindex":
        return ()
    places = (element.text for element in elements if element.name == "loc")
    return tuple(place for place in places if "news" in place.lower() and _absolute(place, place))[:MOST]


def _absolute(href: str, base: str) -> str:
    try:
        address = urljoin(base, href)
        parts = urlsplit(address)
        return address if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""
