"""Page furniture: what stands between the lines of an article and is none of it. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import Outlet
from monitor.text.folding import fold

TEASER = 120  # characters: what stands under a "Latest news" line is shorter
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
_CREDIT = re.compile(
    r"^(?:by|nga|autor(?:ka)?|piše|pise|shkruan|пишува|аутор(?:ка)?|автор|пише|izvor|burimi|извор|source|foto|photo"
    r"|фото|video|видео)\s*([:–-]?)\s+(\S.*)$",
    re.IGNORECASE,
)
_FEW = 80  # characters: a date, a byline or a credit is shorter


@dataclass(frozen=True, slots=True)
class Furniture:
    """Phrases that mark lines which are not the article, from the region's pack."""

    drop_starts: tuple[str, ...] = ()  # a line that begins so is no part of the text
    drop_ends: tuple[str, ...] = ()  # nor is one that ends so
    stop_after: tuple[str, ...] = ()  # after such a line only teasers follow


def line_keys(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """A short hash for each line, by which lines that an outlet prints on many pages are found. Case and accents and
    figures ("3 hours ago") do not matter."""
    return tuple(_line_key(paragraph) for paragraph in paragraphs)


def without_furniture(
    lines: Sequence[str], title: str, outlet: Outlet, furniture: Furniture, repeated: frozenset[str]
) -> tuple[str, ...]:
    """The lines that are the article. `repeated` are keys of lines that stand on many of the outlet's pages; when they
    would take more than half of the text, it is a text that was published again, and they stay."""
    all_kept = _kept(lines, title, outlet, furniture, frozenset())
    kept = _kept(lines, title, outlet, furniture, repeated) if repeated else all_kept
    enough = 2 * sum(map(len, kept)) >= sum(map(len, all_kept))
    return tuple(kept if enough else all_kept)


def _kept(
    lines: Sequence[str], title: str, outlet: Outlet, furniture: Furniture, repeated: frozenset[str]
) -> list[str]:
    kept: list[str] = []
    starts, ends = _folded(furniture.drop_starts), _folded(furniture.drop_ends)
    stops = frozenset(_folded(furniture.stop_after))
    folded_title = fold(title)
    name = letters_of(outlet.name)
    own_names = frozenset({name, *domain_forms(name)}) if name else frozenset()
    for place, line in enumerate(lines):
        folded = fold(line).strip()
        if folded.rstrip(" :") in stops and all(len(later) <= TEASER for later in lines[place + 1 :]):
            break
        is_furniture = (
            _is_label(folded, starts)
            or _is_cut_off(place, lines, ends)
            or _line_key(line) in repeated
            or folded == folded_title
            or _is_outlet_line(line, own_names)
            or (len(line) <= _FEW and (_DATE_LINE.match(line) or _is_credit(line)))
            or _APPEARED_FIRST.match(line)
        )
        if not is_furniture:
            kept.append(line)
    if kept and title and kept[0].startswith(title + " "):  # a small page comes as one line, headings and all
        rest = kept[0].removeprefix(title).strip()
        kept[0] = kept[0] if rest[:1].islower() else rest  # or the title is the beginning of the first sentence
    return kept


def _is_cut_off(place: int, lines: Sequence[str], ends: tuple[str, ...]) -> bool:
    """Is this line one of several that break off ("…")? One alone may be a quotation that trails off."""

    def breaks_off(at: int) -> bool:
        return 0 <= at < len(lines) and len(lines[at]) <= TEASER and fold(lines[at]).rstrip().endswith(ends)

    return bool(ends) and breaks_off(place) and (breaks_off(place - 1) or breaks_off(place + 1))


def _is_outlet_line(line: str, own_names: frozenset[str]) -> bool:
    """A credit like "Outlet" or "Outlet/agencies"."""
    letters = letters_of(line[:80])
    return letters in own_names or (
        len(line) <= 60 and not line.endswith((".", "!", "?")) and "/" in line and letters.startswith(tuple(own_names))
    )


def _is_credit(line: str) -> bool:
    """ "By Jane Roe", "Izvor: agencija": a word for the maker, then names; not "By Monday the road was open." """
    found = _CREDIT.match(line)
    if found is None:
        return False
    words = found[2].split()
    ends = line.endswith(("!", "?", "…")) or (line.endswith(".") and len(words[-1]) > 3)  # not "N. N."
    return len(words) <= 5 and not ends and (bool(found[1]) or all(word[0].isupper() for word in words))


def _is_label(folded: str, starts: tuple[str, ...]) -> bool:
    """Does a line begin with one of the phrases as a label ("Read also: …"), and not as words of a sentence
    ("Related parties said …")?"""
    for start in starts:
        if folded.startswith(start):
            rest = folded[len(start) :]
            if not rest or rest[0] in ":|–—->»…." or rest.endswith(":"):
                return True
            if len(folded) <= TEASER and not rest[0].isalnum() and not folded.endswith((".", "!", "?", "”", '"')):
                return True
    return False


def _folded(phrases: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(phrase).strip() for phrase in phrases)


def _line_key(line: str) -> str:
    normal = re.sub(r"[\W\d_]+", " ", fold(line)).strip()
    return hashlib.sha256(normal.encode("utf-8", "replace")).hexdigest()[:16]


def letters_of(text: str) -> str:
    """The folded letters and figures of a text, by which names are compared."""
    return "".join(char for char in fold(text) if char.isalnum())


def domain_forms(name: str) -> frozenset[str]:
    """How an outlet of that name (as `letters_of` gives it) may write its own address."""
    return frozenset(
        name + ending for ending in ("com", "net", "info", "rs", "mk", "ba", "me", "al", "org", "eu", "tv", "online")
    )
