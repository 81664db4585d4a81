"""Feed bytes to entries: RSS, RDF, Atom and JSON Feed, however damaged. Pure.

Meant to run in a worker process: hostile XML can take minutes and gigabytes. The heavy libraries are imported where
they are used, so that a worker starts fast.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote, urljoin, urlsplit

from monitor.errors import MonitorError
from monitor.feeds.charset import decode
from monitor.feeds.jsonfeed import read_json_feed
from monitor.feeds.markup import plain_line, plain_text
from monitor.feeds.raw import RawEntry, RawFeed
from monitor.feeds.sitemap import read_news_sitemap
from monitor.feeds.xmlfeed import read_xml_feed
from monitor.model import Entry, ParsedFeed
from monitor.text.languages import language_code

MAX_ENTRIES = 2000
MAX_TITLE = 1000  # characters
MAX_TEXT = 1_000_000  # characters
MAX_URL = 2000  # characters; longer ones are refused by most servers
FULL_TEXT = 400  # characters from which a feed's content may be the whole article,
LONGER_THAN_SUMMARY = 1.5  # if it is this many times as long as its summary
_PLAUSIBLE = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
_NOT_IN_LINKS = re.compile(
    "[\x00-\x20\x7f-\xa0\ud800-\udfff\u2028\u2029]"
)  # browsers and databases disagree about them
_UNSEEN_IN_LINKS = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")  # or turning the text
_CUT_SHORT = ("…", "...", "[…]", "[...]", "[…", "»", ">>")


class FeedError(MonitorError):
    """Bytes that are no readable feed. `error_class` is empty, not_a_feed or parse."""

    def __init__(self, error_class: Literal["empty", "not_a_feed", "parse"], message: str) -> None:
        super().__init__(message, temporary=True)
        self.error_class = error_class


def parse_feed(
    body: bytes, content_type: str, charset: str, url: str, seen: frozenset[str] = frozenset()
) -> ParsedFeed:
    """The entries of a feed, as text, in the order of the feed.

    `content_type` and `charset` are what the server said and are believed only where the bytes do not contradict;
    relative links are resolved against the feed's own link or `url`. Entries whose identity is in `seen` are left out.
    Raises FeedError.
    """
    if not body.strip(b" \t\r\n\0"):
        raise FeedError("empty", "an empty answer")
    text, guessed = decode(body, charset)
    try:
        if text.lstrip("\ufeff \t\r\n")[:1] in "{[":
            raw = read_json_feed(text)
        else:
            raw = read_xml_feed(text, MAX_ENTRIES) or read_news_sitemap(text.lstrip("\ufeff \t\r\n"), MAX_ENTRIES)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        raise FeedError("parse", f"the feed parser failed: {type(error).__name__}: {error}"[:300]) from None
    if raw is None:
        raise FeedError("not_a_feed", f"{content_type or 'an answer without a type'} that is no feed")
    entries = _entries(raw, url, seen)
    dropped = raw.dropped + max(0, len(entries) - MAX_ENTRIES)
    too_many = f"{dropped:,} entries beyond the newest {MAX_ENTRIES:,} were left out" if dropped else ""
    return ParsedFeed(
        entries=entries[:MAX_ENTRIES],
        title=plain_line(raw.title, MAX_TITLE),
        language=language_code(raw.language),
        damage="; ".join(filter(None, (raw.damage, guessed, too_many))),
        dropped=dropped,
    )


def entry_identity(guid: str, link: str, title: str, published: datetime | None) -> str:
    """What makes an item the same item the next time: its id, or else its link, or else its title and date. Hex."""
    if guid:
        basis = ("id", guid)
    elif link:
        basis = ("link", link)
    else:
        basis = ("title", title + "\n" + (published.isoformat() if published else ""))
    return hashlib.sha256("\n".join(basis).encode("utf-8", "replace")).hexdigest()[:32]


def _entries(raw: RawFeed, url: str, seen: frozenset[str]) -> tuple[Entry, ...]:
    base = _base(raw.link, url)
    language = language_code(raw.language)
    links = [_absolute(entry.link, base) for entry in raw.entries]
    # An id that several links share tells nothing apart: some feeds write the same one into every item.
    links_of_id = Counter(
        guid for guid, _ in {(entry.guid, link) for entry, link in zip(raw.entries, links, strict=True)}
    )
    entries: dict[str, Entry] = {}
    for entry, link in zip(raw.entries, links, strict=True):
        title = plain_line(entry.title, MAX_TITLE)
        published = _plausible(entry.published)
        guid = f"{entry.guid}\n{link}" if links_of_id[entry.guid] > 1 and entry.guid else entry.guid
        identity = entry_identity(guid, link, title, published)
        if identity in seen or identity in entries:
            continue
        summary, text = _summary_and_text(entry)
        if not (title or link or summary or text):  # nothing, or nothing but markup
            continue
        entries[identity] = Entry(
            identity, link, title, summary, text, published, language_code(entry.language) or language
        )
    return tuple(entries.values())


def _summary_and_text(entry: RawEntry) -> tuple[str, str]:
    """The summary, and the whole article when the feed carries it."""
    summary = plain_text(entry.summary, MAX_TEXT)
    text = plain_text(entry.content, MAX_TEXT) if entry.content != entry.summary else summary
    if text == summary:
        summary = ""
    whole = len(text) >= FULL_TEXT and len(text) >= LONGER_THAN_SUMMARY * len(summary)
    if whole and not text.endswith(_CUT_SHORT):
        return summary, text
    return max(summary, text, key=len), ""


def _absolute(link: str, base: str) -> str:
    """`link` as an absolute http(s) address, "" when it is none: javascript:, data: and file: links are dropped."""
    link = _UNSEEN_IN_LINKS.sub(lambda found: quote(found[0]), _NOT_IN_LINKS.sub("", link))
    if not link or len(link) > MAX_URL:
        return ""
    try:
        absolute = urljoin(base, link)
        parts = urlsplit(absolute)
        return absolute if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def _base(site: str, url: str) -> str:
    """What relative links are relative to: the site's address as the feed gives it. On the feed's own host its scheme
    and port are taken from `url`, which is known to answer."""
    site = _absolute(site, url)
    if not site:
        return url
    there, here = urlsplit(site), urlsplit(url)
    return there._replace(scheme=here.scheme, netloc=here.netloc).geturl() if there.hostname == here.hostname else site


def _plausible(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and _PLAUSIBLE[0] <= moment < _PLAUSIBLE[1] else None
