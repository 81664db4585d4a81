"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read into the same raw entries as XML feeds. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from monitor.feeds.raw import RawEntry, RawFeed


def read_json_feed(text: str) -> RawFeed | None:
    """The feed in `text`, or None when it is not a JSON Feed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return None
    if "jsonfeed.org" not in _text(document.get("version")) and not _text(document.get("title")):
        return None
    items = [item for item in document["items"] if isinstance(item, dict)]
    return RawFeed(
        title=_text(document.get("title")),
        link=_text(document.get("home_page_url")),
        language=_text(document.get("language")),
        entries=tuple(_entry(item) for item in items),
        damage="" if len(items) == len(document["items"]) else "some items are not objects",
    )


def _entry(item: dict[str, Any]) -> RawEntry:
    return RawEntry(
        guid=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=_text(item.get("title")),
        summary=_text(item.get("summary")),
        content=_text(item.get("content_html")) or _text(item.get("content_text")),
        published=_date(_text(item.get("date_published"))) or _date(_text(item.get("date_modified"))),
        language=_text(item.get("language")),
    )


def _text(value: object) -> str:
    """JSON Feed ids are often written as numbers; everything else that is not text is nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _date(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
