"""News sitemaps: what search engines are told of the last two days, read as a feed. Pure."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from monitor.feeds.plainxml import NotXml, read_elements
from monitor.feeds.raw import RawEntry, RawFeed

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_SIGN = "sitemap-news"


def read_news_sitemap(text: str, max_entries: int) -> RawFeed | None:
    """The articles of a news sitemap, the newest `max_entries`; None when the text is none."""
    if _SIGN not in text[:5000]:
        return None
    try:
        elements = read_elements(text)
    except NotXml:
        return None
    if not elements or elements[0].name != "urlset":
        return None
    rows: list[dict[str, str]] = []
    for element in elements:
        if element.name == "url":
            rows.append({})
        elif rows and element.name == "loc" and element.space != NEWS and element.depth == 2:
            rows[-1]["loc"] = element.text
        elif rows and element.space == NEWS:
            rows[-1][element.name] = element.text
    entries = [entry for row in rows if (entry := _entry(row))]
    entries.sort(key=lambda entry: entry.published or datetime.min.replace(tzinfo=UTC), reverse=True)
    return RawFeed("", "", "", tuple(entries[:max_entries]), dropped=max(0, len(entries) - max_entries))


def _entry(row: dict[str, str]) -> RawEntry | None:
    if not row.get("loc") or not row.get("title"):
        return None  # a page that is no news
    published = None
    with suppress(ValueError, OverflowError):
        published = datetime.fromisoformat(row.get("publication_date", ""))
        published = published.replace(tzinfo=UTC) if published.tzinfo is None else published.astimezone(UTC)
    return RawEntry(row["loc"], row["loc"], row["title"], "", "", published, row.get("language", ""))
