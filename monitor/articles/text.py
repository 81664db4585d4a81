"""An entry and its page to an article: which text to believe, what in it is furniture, and its sentences. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.articles.language import detect_language
from monitor.articles.urls import canonical_url, url_key
from monitor.model import Article, Entry, Outlet, PageText, Sentence
from monitor.text.folding import fold
from monitor.text.sentences import split_sentences

OLDEST = timedelta(days=30)  # an entry's date is believed from that long before we first saw it
NEWEST = timedelta(hours=1)  # until that long after
LEAD = 2  # sentences of the body
NOT_THE_ARTICLE = frozenset({"cookie wall"})  # better no text than this one
TEASER = 120  # characters: what stands under a "Latest news" line is shorter
_TITLE_PARTS = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
_MEDIA = r"(?:video|foto|photo|photos|audio|live|uživo|uzivo|видео|фото|уживо|во живо|galeri\w*|ažurirano|updated)"
_MEDIA_MARK = re.compile(rf"\s*[(\[]\s*{_MEDIA}(?:\s*[/+,i&-]\s*{_MEDIA})*\s*[)\]]\s*", re.IGNORECASE)
_MEDIA_START = re.compile(rf"^(?:{_MEDIA}\s*[:/|–-]\s*)+", re.IGNORECASE)
_MEDIA_END = re.compile(rf"\s*[/|–-]\s*{_MEDIA}$", re.IGNORECASE)
_APPEARED_FIRST = re.compile(r"^The post .{1,300} (?:appeared first on|first appeared on) .{1,100}$")
_MONTH = r"[^\W\d_]{3,12}\.?"
_DAY = (
    rf"(?:\d{{1,2}}[./ -]\s?(?:{_MONTH}|\d{{1,2}})[,./ -]+\s?\d{{4}}|{_MONTH}\s\d{{1,2}},?\s\d{{4}}"
    r"|\d{4}-\d{2}-\d{2})"
)
_TIME = r"(?:at|u|në|во|ora)?\s*\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:[ap]m|[hч]|Z)?"
_DATE_LINE = re.compile(
    rf"^(?:[^\W\d_]{{1,12}}[.,:]?\s+){{0,3}}{_DAY}\.?(?:[T\s,|·•–-]+{_TIME})?[\s|>»-]*$", re.IGNORECASE
)
_BYLINE = re.compile(
    r"^(?:by|nga|autor(?:ka)?|piše|pise|shkruan|пишува|аутор(?:ка)?|автор|пише|izvor|burimi|извор|source|foto|photo"
    r"|фото|video|видео)\s*[:–-]?\s+\S+(?:\s\S+){0,4}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """Phrases that mark lines which are not the article, from the region's pack."""

    drop_starts: tuple[str, ...] = ()  # a line that begins so is no part of the text
    drop_ends: tuple[str, ...] = ()  # nor is one that ends so
    stop_after: tuple[str, ...] = ()  # after such a line only teasers follow


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
    paragraphs = _without_furniture(lines, title, outlet, furniture, repeated)
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


def line_keys(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """A short hash for each line, by which lines that an outlet prints on many pages are found. Case and accents and
    figures ("3 hours ago") do not matter."""
    return tuple(_line_key(paragraph) for paragraph in paragraphs)


def clean_title(title: str, outlet_name: str) -> str:
    """A headline without "(VIDEO)" and without the outlet's name at its end or beginning."""
    title = _MEDIA_MARK.sub(" ", " ".join(title.split())).strip()
    title = _MEDIA_END.sub("", _MEDIA_START.sub("", title)).strip()
    name = _letters(outlet_name)
    for separator in reversed(list(_TITLE_PARTS.finditer(title))):
        rest, tail = title[: separator.start()], _letters(title[separator.end() :])
        if tail and name and len(rest) >= 10 and (tail == name or tail in _domain_forms(name)):
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


def _without_furniture(
    lines: Sequence[str], title: str, outlet: Outlet, furniture: Furniture, repeated: frozenset[str]
) -> tuple[str, ...]:
    kept: list[str] = []
    starts, ends = _folded(furniture.drop_starts), _folded(furniture.drop_ends)
    folded_title = fold(title)
    own_names = frozenset({_letters(outlet.name), *_domain_forms(_letters(outlet.name))} if outlet.name else ())
    for place, line in enumerate(lines):
        folded = fold(line).strip()
        if _stops(folded, furniture) and _only_teasers(lines[place + 1 :]):
            break
        is_furniture = (
            _is_label(folded, starts)
            or _is_cut_off(place, lines, ends)
            or _line_key(line) in repeated
            or folded == folded_title
            or _is_outlet_line(line, own_names)
            or (len(line) <= 80 and (_DATE_LINE.match(line) or _BYLINE.match(line)))
            or _APPEARED_FIRST.match(line)
        )
        if not is_furniture:
            kept.append(line)
    if kept and title and kept[0].startswith(title):  # a small page comes as one line, headings and all
        kept[0] = kept[0].removeprefix(title).removeprefix(" " + title).strip()
    return tuple(filter(None, kept))


def _is_cut_off(place: int, lines: Sequence[str], ends: tuple[str, ...]) -> bool:
    """Is this line one of several that break off ("…")? One alone may be a quotation that trails off."""

    def breaks_off(at: int) -> bool:
        return 0 <= at < len(lines) and len(lines[at]) <= TEASER and fold(lines[at]).rstrip().endswith(ends)

    return bool(ends) and breaks_off(place) and (breaks_off(place - 1) or breaks_off(place + 1))


def _is_outlet_line(line: str, own_names: frozenset[str]) -> bool:
    """A credit like "Outlet" or "Outlet/agencies"."""
    letters = _letters(line[:80])
    return letters in own_names or (
        len(line) <= 60 and not line.endswith((".", "!", "?")) and "/" in line and letters.startswith(tuple(own_names))
    )


def _is_label(folded: str, starts: tuple[str, ...]) -> bool:
    """Does a line begin with one of the phrases as a label ("Read also: …"), and not as words of a sentence
    ("Related parties said …")?"""
    for start in starts:
        if folded.startswith(start):
            rest = folded[len(start) :]
            if (
                not rest
                or rest[0] in ":|–—->»…."
                or (len(folded) <= TEASER and not rest[0].isalnum() and not _is_prose(folded))
            ):
                return True
    return False


def _is_prose(folded: str) -> bool:
    return folded.endswith((".", "!", "?", "”", '"'))


def _stops(folded: str, furniture: Furniture) -> bool:
    return folded.rstrip(" :") in _folded(furniture.stop_after)


def _only_teasers(rest: Sequence[str]) -> bool:
    return all(len(line) <= TEASER for line in rest)


def _folded(phrases: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(phrase).strip() for phrase in phrases)


def _title_from(paragraphs: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Without a title, the first sentence is the title."""
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


def _line_key(line: str) -> str:
    normal = re.sub(r"[\W\d_]+", " ", fold(line)).strip()
    return hashlib.sha256(normal.encode("utf-8", "replace")).hexdigest()[:16]


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _domain_forms(name: str) -> frozenset[str]:
    return frozenset(
        name + ending for ending in ("com", "net", "info", "rs", "mk", "ba", "me", "al", "org", "eu", "tv", "online")
    )
