"""An entry and its page to an article: which text to believe, what in it is furniture, and its sentences. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from monitor.articles.furniture import Furniture, domain_forms, letters_of, line_keys, without_furniture
from monitor.articles.language import detect_language
from monitor.articles.urls import canonical_url, url_key
from monitor.model import Article, Entry, Outlet, PageText, Sentence
from monitor.text.sentences import split_sentences

OLDEST = timedelta(days=30)  # an entry's date is believed from that long before we first saw it
NEWEST = timedelta(hours=1)  # until that long after
__all__ = ["Furniture", "clean_title", "effective_time", "line_keys", "read_article"]

TOP = 5  # lines among which a doubled headline is looked for
LEAD = 2  # sentences of the body
NOT_THE_ARTICLE = frozenset({"cookie wall"})  # better no text than this one
_TITLE_PARTS = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
_MEDIA = r"(?:video|foto|photo|photos|audio|live|uživo|uzivo|видео|фото|уживо|во живо|galeri\w*|ažurirano|updated)"
_MEDIA_MARK = re.compile(rf"\s*[(\[]\s*{_MEDIA}(?:\s*[/+,i&-]\s*{_MEDIA})*\s*[)\]]\s*", re.IGNORECASE)
_MEDIA_START = re.compile(rf"^(?:{_MEDIA}\s*[:/|–-]\s*)+", re.IGNORECASE)
_MEDIA_END = re.compile(rf"\s*[/|–-]\s*{_MEDIA}$", re.IGNORECASE)


def read_article(
    entry: Entry,
    page: PageText | None,
    outlet: Outlet,
    now: datetime,
    furniture: Furniture,
    repeated: frozenset[str],
) -> Article:
    """The article behind `entry`: from its page, or from the feed where the page gives nothing better.

    `now` is when the entry was first seen; `repeated` are the `line_keys` that stand in many of the outlet's pages.
    """
    lines, origin = _choose(entry, page)
    title = clean_title(entry.title, outlet.name)
    paragraphs = without_furniture(lines, title, outlet, furniture, repeated)
    if not title and paragraphs:
        title, paragraphs = _title_from(paragraphs)
    sentences = _sentences(title, paragraphs)
    language, certain = detect_language("\n".join((title, *paragraphs)), _priors(entry, page, outlet))
    url = (page.canonical if page else "") or canonical_url(entry.url)
    return Article(
        id=_article_id(url, outlet, title, paragraphs),
        url=url,
        outlet=outlet.id,
        title=title,
        sentences=sentences,
        language=language,
        published=effective_time(entry.published, now),
        first_seen=now,
        language_certain=certain,
        origin=origin,
    )


def clean_title(title: str, outlet_name: str) -> str:
    """A headline without "(VIDEO)" and without the outlet's name at its end or beginning."""
    title = _MEDIA_MARK.sub(" ", " ".join(title.split())).strip()
    title = _MEDIA_END.sub("", _MEDIA_START.sub("", title)).strip()
    name = letters_of(outlet_name)
    for separator in reversed(list(_TITLE_PARTS.finditer(title))):
        rest, tail = title[: separator.start()], letters_of(title[separator.end() :])
        if tail and name and len(rest) >= 10 and (tail == name or tail in domain_forms(name)):
            return rest.strip()
        break
    return title


def effective_time(published: datetime | None, seen: datetime) -> datetime:
    """When the article counts as published: its own date when plausible, else when we first saw it."""
    if published is not None and seen - OLDEST <= published <= seen + NEWEST:
        return published
    return seen


def _choose(entry: Entry, page: PageText | None) -> tuple[tuple[str, ...], Literal["page", "feed"]]:
    from_feed = tuple(line for part in ((entry.text or entry.summary).split("\n")) if (line := part.strip()))
    if page is None or not page.paragraphs or page.suspect in NOT_THE_ARTICLE:
        return from_feed, "feed"
    page_length, feed_length = (sum(map(len, lines)) for lines in (page.paragraphs, from_feed))
    return (page.paragraphs, "page") if page_length >= feed_length else (from_feed, "feed")


def _title_from(paragraphs: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Without a title: a line near the top that stands there twice is one, and what is before it is furniture.
    Otherwise the first sentence is the title."""
    for place, (line, following) in enumerate(pairwise(paragraphs[: TOP + 1])):
        if line == following:
            return line, tuple(later for later in paragraphs[place + 2 :] if later != line)
    first, *others = split_sentences(paragraphs[0])
    rest = (" ".join(others),) if others else ()
    return first, (*rest, *paragraphs[1:])


def _sentences(title: str, paragraphs: Sequence[str]) -> tuple[Sentence, ...]:
    sentences = [Sentence(0, title, "title", 0)]
    for number, paragraph in enumerate(paragraphs, start=1):
        for text in split_sentences(paragraph):
            index = len(sentences)
            sentences.append(Sentence(index, text, "lead" if index <= LEAD else "body", number))
    return tuple(sentences)


def _priors(entry: Entry, page: PageText | None, outlet: Outlet) -> tuple[str, ...]:
    declared = (entry.language, page.language if page else "", *outlet.languages)
    return tuple(dict.fromkeys(filter(None, declared)))


def _article_id(url: str, outlet: Outlet, title: str, paragraphs: Sequence[str]) -> str:
    if url:
        return url_key(url)
    basis = "\n".join((outlet.id, title, *paragraphs))
    return hashlib.sha256(basis.encode("utf-8", "replace")).hexdigest()[:32]
