"""Pages that did harm: they took a worker's time or memory, or killed it. Kept in the record of their feed. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import FeedRecord, HarmfulPage

KEPT = 5  # pages of a feed that are remembered
MOST = 3  # of them within REST: further pages of the feed are not asked for, and it is judged by its own words
REST = timedelta(hours=1)
SHOWN = timedelta(days=2)


def after_harm(record: FeedRecord, page: HarmfulPage) -> FeedRecord:
    """The record of a feed one of whose pages did harm; a page that did it twice is one."""
    others = tuple(known for known in record.harm if known.url != page.url)
    return replace(record, harm=(*others, page)[-KEPT:])


def resting(record: FeedRecord, now: datetime) -> bool:
    """Is it better not to read this feed's pages for a while?"""
    return sum(abs(now - page.at) < REST for page in record.harm) >= MOST


def harm_words(record: FeedRecord, now: datetime) -> list[str]:
    """A line for each page that people should know of."""
    return [
        f"page set aside at {page.at:%H:%M} UTC: {page.url} ({page.why})"
        for page in record.harm
        if now - page.at < SHOWN
    ]
