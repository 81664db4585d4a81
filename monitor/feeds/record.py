"""What a feed's past says of its health, kept poll by poll and page by page. Pure.

For each hour of the week we count how often it brought something new, and for its pages how long they usually are.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import replace
from datetime import datetime

from monitor.model import FeedHealth, FeedRecord, PageText

WEEK = 168  # hours
DOUBT = 2.0  # hours of silence assumed for every hour of the week, against learning from one week too much
DAMAGED = 3  # polls in a row that make a feed degraded, and as many sound ones that end it
MANY = 10  # entries after which a single one is worth a word
PAGES = 10  # that are remembered
KNOWN_PAGES = 20  # after which we know how long its pages usually are
CUT = 5.0  # times shorter than usual is no article; among articles of one feed that is one in twenty
LEARN, LEARN_CUT = 0.1, 0.02  # how much the last page weighs; little when it is cut, or we would get used to it at once


def after_heard(record: FeedRecord, now: datetime, new: int, damage: str) -> FeedRecord:
    """The record after a poll that could be read and brought `new` entries; `damage` says what was wrong with it."""
    hour = int(now.timestamp()) // 3600
    if record.hour and hour != record.hour:
        record = _close_hour(record)
    return replace(
        record,
        hour=hour,
        hour_new=bool(new) or (record.hour_new and hour == record.hour),
        quiet=0.0 if new else record.quiet,
        failing_since=None,
        damaged=record.damaged + 1 if damage else 0,
        sound=0 if damage else min(record.sound + 1, DAMAGED),
        damage=damage or record.damage,
    )


def shrunk(record: FeedRecord, entries: int) -> str:
    """What is wrong with an answer of one entry where there were many: some may have been missed. "" for nothing."""
    return f"it shrank from {record.shown} entries to one" if entries == 1 and record.shown >= MANY else ""


def after_failed(record: FeedRecord, now: datetime) -> FeedRecord:
    """The record after a poll that failed. Hours that we could not watch say nothing about the rhythm."""
    return replace(record, failing_since=record.failing_since or now)


def after_page(record: FeedRecord, page: PageText) -> FeedRecord:
    """The record after a page of the feed was fetched and read."""
    text = "".join(page.paragraphs)
    if not text:
        mark = "!no text in it"
    elif page.suspect:
        mark = f"!{page.suspect}"
    elif record.pages_read >= KNOWN_PAGES and len(text) * CUT < record.page_length:
        mark = f"!{len(text)} characters where {record.page_length:.0f} are usual"
    else:
        mark = hashlib.blake2b(re.sub(r"\d+", "", text).encode("utf-8", "replace"), digest_size=6).hexdigest()
    if text and not page.suspect:
        record = _learn_length(record, len(text), cut=mark.startswith("!"))
    return replace(record, pages=(*record.pages, mark)[-PAGES:])


def _learn_length(record: FeedRecord, length: int, *, cut: bool) -> FeedRecord:
    """Their geometric mean: articles of one feed differ by factors."""
    read = record.pages_read + 1
    weight = LEARN_CUT if cut else max(LEARN, 1 / read)
    usual = math.exp((1 - weight) * math.log(record.page_length or length) + weight * math.log(length))
    return replace(record, pages_read=min(read, KNOWN_PAGES), page_length=usual)


def _close_hour(record: FeedRecord) -> FeedRecord:
    """Learn from the hour that is over, and count its silence."""
    slot = record.hour % WEEK
    watched, active = record.watched or "0" * WEEK, record.active or "0" * WEEK
    seen, brought = int(watched[slot]), int(active[slot])
    quiet = record.quiet if record.hour_new else record.quiet - math.log(1.0 - brought / (seen + DOUBT))
    if record.told == FeedHealth.STALE:  # a dead feed must not teach us that silence is its rhythm
        return replace(record, quiet=quiet)
    if seen == 9:  # forget slowly: rhythms change
        seen, brought = 4, brought // 2
    return replace(
        record,
        quiet=quiet,
        hours=record.hours + 1,
        watched=f"{watched[:slot]}{seen + 1}{watched[slot + 1 :]}",
        active=f"{active[:slot]}{brought + record.hour_new}{active[slot + 1 :]}",
    )
