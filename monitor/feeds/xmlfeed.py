"""RSS 0.9x to 2.0, RDF and Atom, read by feedparser into raw entries. The only module that knows feedparser.

feedparser is given bytes in a BytesIO and nothing else: handed a bare string, it opens files and addresses.
"""

from __future__ import annotations

import io
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Any

from monitor.feeds.charset import mend
from monitor.feeds.raw import RawEntry, RawFeed

_ITEM = re.compile(r"<(?:[A-Za-z0-9]+:)?(item|entry)[\s>]")
_ROOT = re.compile(r"<(?:[A-Za-z0-9]+:)?(rss|feed|RDF|channel)[\s>]", re.IGNORECASE)
_DATE = re.compile(r"<(?:pubDate|published|updated|dc:date)>\s*([^<]{6,60})<")
_ENDS = ("</rss>", "</feed>", "</rdf:rdf>", "</channel>")


def read_xml_feed(text: str, max_entries: int) -> RawFeed | None:
    """The feed in `text`, or None when it is no feed. Of more than `max_entries` the newest are kept."""
    root = _ROOT.search(text)
    if root is None or "<html" in text[: root.start()].lower():
        return None
    text, dropped = _newest(mend(text), max_entries)
    parsed = _parse(text)
    if not parsed.entries and not parsed.version:
        return None
    channel = parsed.feed
    return RawFeed(
        title=_text(channel.get("title")),
        link=_text(channel.get("link")),
        language=_text(channel.get("language")),
        entries=tuple(_entry(entry) for entry in parsed.entries[:max_entries]),
        damage=_damage(parsed, text),
        dropped=dropped,
    )


def _parse(text: str) -> Any:
    import feedparser

    return feedparser.parse(io.BytesIO(text.encode("utf-8")), sanitize_html=False, resolve_relative_uris=False)


def _damage(parsed: Any, text: str) -> str:
    if not text.rstrip()[-400:].lower().rstrip("-> \n").endswith(tuple(end.rstrip(">") for end in _ENDS)) and not any(
        end in text[-2000:].lower() for end in _ENDS
    ):
        return "cut off before its end"
    if parsed.bozo:
        return f"not well-formed: {parsed.get('bozo_exception')}"[:200]
    return ""


def _newest(text: str, most: int) -> tuple[str, int]:
    """Cut the text down to `most` entries before anything expensive looks at it (100,000 cost 42 s to parse)."""
    starts = [found.start() for found in _ITEM.finditer(text)]
    if len(starts) <= most:
        return text, 0
    first, last = (_first_date(text, at) for at in (starts[0], starts[-1]))
    oldest_first = first is not None and last is not None and first < last
    if oldest_first:
        return text[: starts[0]] + text[starts[-most] :], len(starts) - most
    end = text.rfind("</item>", 0, starts[most]), text.rfind("</entry>", 0, starts[most])
    tail = text[-2000:]
    closing = tail[max(tail.rfind("</item>") + 7, tail.rfind("</entry>") + 8, 0) :]
    cut = max(end[0] + 7 if end[0] >= 0 else 0, end[1] + 8 if end[1] >= 0 else 0)
    return text[:cut] + closing, len(starts) - most


def _first_date(text: str, start: int) -> float | None:
    from feedparser.datetimes import _parse_date

    found = _DATE.search(text, start, start + 20_000)
    moment = _moment(_parse_date(found[1].strip())) if found else None
    return moment.timestamp() if moment else None


def _entry(entry: Any) -> RawEntry:
    contents = [_text(content.get("value")) for content in entry.get("content") or ()]
    guid, link = _text(entry.get("id")), _text(entry.get("feedburner_origlink") or entry.get("link"))
    if link == guid and "://" not in link:
        link = ""  # a bare id that the format's default would make a link
    return RawEntry(
        guid=guid,
        link=link,
        title=_text(entry.get("title")),
        summary=_text(entry.get("summary")),
        content=max(contents, key=len, default=""),
        # dict.get: feedparser's own looks at the other date when one is missing, and warns
        published=_moment(dict.get(entry, "published_parsed")) or _moment(dict.get(entry, "updated_parsed")),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _moment(parsed: Any) -> datetime | None:
    """feedparser's time tuple as a time; it lets years like 0 and 10000 through."""
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None
