"""Lists of feeds as OPML 2.0, in and out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from monitor.errors import MonitorError
from monitor.feeds.plainxml import NotXml, read_elements
from monitor.model import Feed, Outlet


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed as a list or a page names it."""

    url: str
    title: str = ""
    allow_private: bool = False  # it lives on this machine or a private network, and a person said that it may


def read_opml(body: bytes) -> tuple[Listed, ...]:
    """The feeds of an OPML file, each once, folders flattened. Raises MonitorError when it is none."""
    try:
        elements = read_elements(body)
    except NotXml as error:
        raise MonitorError(f"this is no OPML: {error}", temporary=False) from None
    if not elements or elements[0].name != "opml":
        raise MonitorError("this is no OPML", temporary=False)
    feeds: dict[str, Listed] = {}
    for outline in (element for element in elements if element.name == "outline"):
        url = outline.attributes.get("xmlurl", "").strip()
        title = outline.attributes.get("title") or outline.attributes.get("text") or ""
        if url.startswith(("https://", "http://")):
            feeds.setdefault(url, Listed(url, " ".join(title.split())))
    return tuple(feeds.values())


def write_opml(feeds: Iterable[Feed], outlets: Mapping[str, Outlet]) -> str:
    """All feeds as OPML, by outlet."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head><title>Feeds</title></head>",
        "  <body>",
    ]
    for feed in sorted(feeds, key=lambda feed: (feed.outlet, feed.url)):
        outlet = outlets.get(feed.outlet)
        name = quoteattr(outlet.name if outlet else feed.outlet)
        lines.append(f'    <outline type="rss" text={name} title={name} xmlUrl={quoteattr(feed.url)}/>')
    return "\n".join([*lines, "  </body>", "</opml>", ""])
