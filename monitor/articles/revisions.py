"""What a changed article says that it did not say before: another figure, a new one, a denial; or nothing. Pure.

An edit that matters changes what is said; a typo, another word for the same, a line of the page's layout do not. So
only sentences that are new are looked at, and of these only figures with what they count, and words that deny.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.model import Article, Fact, PageText
from monitor.text.folding import fold
from monitor.text.numbers import FoundNumber, find_numbers, unit_of
from monitor.text.tokens import tokenise

ALIKE = 0.5  # of the words of two sentences: one is a new wording of the other
SHORTER = 0.5  # a page with less than that of its text was cut off or walled in: it is not compared
MIN_WORDS = 5  # a shorter line is a label, a counter, a caption
SHARED_WORDS = 2  # that a new sentence must share with the headline and the lead, or it is about something else
LONG_WORD = 5  # letters from which a word says what a text is about
_MARKS = ".,;:!?”“\"'()"
_SOFT = frozenset({"time", "metre", "kilometre", "percent", "money", "vote"})  # figures that are no news by themselves
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied)|denial|untrue|false|fake|not true|retract\w*|withdr[ae]wn?"  # en
    r"|moho[nji]\w*|mohuar|pergenjeshtr\w*|pergenjesht\w*|e pavertete|e rreme|nuk eshte e vertete"  # sq
    r"|demant\w*|negira\w*|porekn\w*|poric\w*|netac\w*|nije tac\w*|nije istin\w*|lazn\w*"  # sr
    r"|demantir\w*|negir\w*|nevistin\w*|ne e vistin\w*|ne e tocn\w*)\b"  # mk
)


@dataclass(frozen=True, slots=True)
class Change:
    """What matters in a new version. `sentences`: indexes, in the new version, of those that say it."""

    kind: Literal["figure", "fact", "denial"]
    words: str  # for people: "23 → 25 soldiers"
    sentences: tuple[int, ...]
    facts: tuple[Fact, ...] = ()  # the figures that are new


def unreadable(old: PageText | None, new: PageText, *, moved: bool, partial: bool) -> str:
    """Why a page that answered cannot be compared with what it was, in words; "" when it can.

    `moved`: the answer came from an address that is no article's, as the front page; `partial`: it was cut off.
    """
    if moved:
        return "leads elsewhere"
    if partial:
        return "cut off"
    if new.suspect:
        return new.suspect
    if old is not None and _length(new) < SHORTER * _length(old):
        return "most of the text is missing"
    return ""


def change(old: Article, new: Article) -> Change | None:
    """What the new version says that matters and that the old one did not say, or None.

    A figure that took the place of another comes before a denial, and that before a further figure.
    """
    before, after = _lines(old), _lines(new)
    said = {line.key for line in before}
    gone = [line for line in before if line.key not in {other.key for other in after}]
    added = [line for line in after if line.key not in said and (line.index == 0 or len(line.key) >= MIN_WORDS)]
    told = {(number.value, number.unit) for line in before for number in line.numbers}
    pairs = [(line, _former(line, gone)) for line in added]
    lead = {word for line in before[:3] for word in _long_words(line.key)}
    told_of = [(line, former) for line, former in pairs if former is not None or _about(line, lead)]
    return _figure(pairs, told) or _denial(old, told_of) or _fact(told_of, told)


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence taken apart."""

    index: int
    text: str
    key: tuple[str, ...]  # folded words
    numbers: tuple[FoundNumber, ...]  # without hours, prices and the like


def _lines(article: Article) -> list[_Line]:
    lines = []
    for sentence in article.sentences:
        tokens = tokenise(sentence.text)
        numbers = find_numbers(sentence.text, article.language, tokens)
        hard = tuple(number for number in numbers if number.unit not in _SOFT)
        lines.append(_Line(sentence.index, sentence.text, tuple(token.folded for token in tokens), hard))
    return lines


def _former(line: _Line, gone: Sequence[_Line]) -> _Line | None:
    """The sentence that this one replaced, if one is like it; headlines replace headlines."""
    if line.index == 0:
        return next((other for other in gone if other.index == 0), None)
    alike = [(_overlap(line.key, other.key), -other.index, other) for other in gone if other.index]
    best = max(alike, key=lambda item: item[:2], default=None)
    return best[2] if best and best[0] >= ALIKE else None


def _overlap(a: Iterable[str], b: Iterable[str]) -> float:
    """Of the words, without figures: the figure is what changed."""
    first, second = ({word for word in words if not word[:1].isdigit()} for words in (a, b))
    return len(first & second) / max(1, min(len(first), len(second)))


def _figure(pairs: Sequence[tuple[_Line, _Line | None]], told: set[tuple[str, str]]) -> Change | None:
    """A figure that stands where another of the same kind stood."""
    for line, former in pairs:
        if former is None:
            continue
        kept = {(number.value, number.unit) for number in line.numbers}
        lost = [number for number in former.numbers if (number.value, number.unit) not in kept]
        for number in line.numbers:
            was = next((other for other in lost if other.unit == number.unit), None)
            if was is None or (number.value, number.unit) in told:
                continue
            words = f"{former.text[was.start : was.end]} → {_counted(line, number)}"
            return Change("figure", words, (line.index,), (_as_fact(line, number),))
    return None


def _denial(old: Article, pairs: Sequence[tuple[_Line, _Line | None]]) -> Change | None:
    """Words that deny, where nothing was denied before."""
    if any(_DENIAL.search(fold(sentence.text)) for sentence in old.sentences):
        return None
    for line, _ in pairs:
        if _DENIAL.search(fold(line.text)):
            return Change("denial", f"“{line.text}”", (line.index,))
    return None


def _fact(pairs: Sequence[tuple[_Line, _Line | None]], told: set[tuple[str, str]]) -> Change | None:
    """A figure, with what it counts, that the old version did not have."""
    values = {value for value, _ in told}
    found = [
        (line, number)
        for line, _ in pairs
        for number in line.numbers
        if number.known_unit and number.value not in values
    ]
    if not found:
        return None
    words = "+ " + ", ".join(dict.fromkeys(_counted(line, number) for line, number in found[:3]))
    facts = tuple(_as_fact(line, number) for line, number in found)
    return Change("fact", words, tuple(dict.fromkeys(line.index for line, _ in found)), facts)


def _about(line: _Line, lead: set[str]) -> bool:
    return len(set(_long_words(line.key)) & lead) >= SHARED_WORDS


def _long_words(key: Iterable[str]) -> list[str]:
    """The beginnings of long words, so that forms of one word meet."""
    return [word[:LONG_WORD] for word in key if len(word) >= LONG_WORD]


def _counted(line: _Line, number: FoundNumber) -> str:
    """The figure as it is written, with the words up to what it counts: 25 heavily armed soldiers."""
    following = line.text[number.end :].split()
    for count in range(1, min(4, len(following)) + 1):
        folded = fold(following[count - 1])
        if number.unit and (unit_of(folded.strip(_MARKS)) == number.unit or folded.startswith(number.unit)):
            return f"{line.text[number.start : number.end]} {' '.join(following[:count])}".rstrip(_MARKS)
    return line.text[number.start : number.end]


def _as_fact(line: _Line, number: FoundNumber) -> Fact:
    value = f"{number.value} {number.unit}" if number.known_unit else number.value
    return Fact("number", value, line.text[number.start : number.end], line.index)


def _length(page: PageText) -> int:
    return sum(map(len, page.paragraphs))
