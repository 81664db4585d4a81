"""The demo's feeds and pages as bytes. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from monitor.demo.script import Item, Site

Shown = tuple[Item, datetime]  # an article and when it was published

# On every page and in the words of the rules, as on real sites: what stands here must never fire.
_MENU = {
    "en": ("Home", "Politics", "KFOR and the border", "Most read", "Soldiers at the border: all our reports"),
    "sq": ("Ballina", "Politika", "KFOR-i dhe kufiri", "Më të lexuarat", "Ushtarët në kufi: të gjitha raportimet"),
    "sr": ("Početna", "Politika", "Kfor i granica", "Najčitanije", "Vojska na granici: svi naši izveštaji"),
    "mk": ("Почетна", "Политика", "КФОР и границата", "Најчитани", "Војската на границата: сите наши извештаи"),
}
_MADE_UP = {
    "en": "Invented for a demonstration.",
    "sq": "E trilluar për një demonstrim.",
    "sr": "Izmišljeno za potrebe prikaza.",
    "mk": "Измислено за потребите на приказот.",
}


def feed_path(site: Site) -> str:
    """Where a site has its feed."""
    return {"rss": "/rss.xml", "atom": "/atom.xml", "json": "/feed.json"}[site.feed]


def page_path(item: Item) -> str:
    """Where an article has its page."""
    return f"/news/{item.id}.html"


def feed(site: Site, shown: Sequence[Shown], base: str) -> tuple[str, bytes]:
    """Content type and body of a site's feed, newest article first; `base` is the site's address."""
    newest = sorted(shown, key=lambda pair: pair[1], reverse=True)
    if site.feed == "json":
        return "application/feed+json", _json_feed(site, newest, base)
    if site.feed == "atom":
        return "application/atom+xml; charset=utf-8", _atom(site, newest, base)
    return "application/rss+xml; charset=utf-8", _rss(site, newest, base)


def _rss(site: Site, shown: Sequence[Shown], base: str) -> bytes:
    items = "".join(
        f"<item><title>{escape(item.title)}</title><link>{base}{page_path(item)}</link>"
        f'<guid isPermaLink="false">{item.id}</guid><pubDate>{format_datetime(published)}</pubDate>'
        f"<description>{escape(item.summary)}</description></item>"
        for item, published in shown
    )
    channel = f"<title>{escape(site.name)}</title><link>{base}/</link><language>{site.language}</language>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()
    )


def _atom(site: Site, shown: Sequence[Shown], base: str) -> bytes:
    entries = "".join(
        f'<entry><id>{base}/id/{item.id}</id><title>{escape(item.title)}</title><link href="{base}{page_path(item)}"/>'
        f"<published>{published.isoformat()}</published><updated>{published.isoformat()}</updated>"
        f"<summary>{escape(item.summary)}</summary></entry>"
        for item, published in shown
    )
    head = f"<id>{base}/</id><title>{escape(site.name)}</title><updated>{shown[0][1].isoformat()}</updated>"
    feed_tag = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.language}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{feed_tag}{head}{entries}</feed>'.encode()


def _json_feed(site: Site, shown: Sequence[Shown], base: str) -> bytes:
    items = [
        {
            "id": item.id,
            "url": f"{base}{page_path(item)}",
            "title": item.title,
            "summary": item.summary,
            "date_published": published.isoformat(),
        }
        for item, published in shown
    ]
    whole = {"version": "https://jsonfeed.org/version/1.1", "title": site.name, "language": site.language}
    return json.dumps(whole | {"items": items}, ensure_ascii=False).encode()


def page(site: Site, item: Item, published: datetime, others: Sequence[Item]) -> bytes:
    """An article's page with the furniture that real pages have: menu, teasers of `others`, footer."""
    home, politics, topic, most_read, teaser = _MENU[site.language]
    teasers = "".join(f'<li><a href="{page_path(other)}">{escape(other.title)}</a></li>' for other in others[:4])
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in item.paragraphs)
    return f"""<!doctype html><html lang="{site.language}"><head><meta charset="utf-8">
<title>{escape(item.title)} | {escape(site.name)}</title></head><body>
<header><a href="/">{escape(site.name)}</a>
<nav><ul><li><a href="/">{home}</a></li><li><a href="/p">{politics}</a></li><li><a href="/t">{topic}</a></li></ul></nav>
</header><main><article><h1>{escape(item.title)}</h1>
<time datetime="{published.isoformat()}">{published:%d.%m.%Y %H:%M}</time>{text}</article></main>
<aside><h3>{most_read}</h3><ul><li><a href="/t">{teaser}</a></li>{teasers}</ul></aside>
<footer><p>{_MADE_UP[site.language]}</p></footer></body></html>""".encode()
