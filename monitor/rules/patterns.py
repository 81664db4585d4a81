"""Terms as patterns over word numbers, and the look-up that finds them in a sentence. Pure.

Every different word of the vocabulary has a number. A written word is looked up once and gives the numbers of all words
it may be a form of; patterns are sequences of numbers. A WordIndex is plain data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Literal, NamedTuple

from monitor.rules.definitions import ANY
from monitor.text.folding import fold, marked_name_keys
from monitor.text.tokens import ENDING_MARKS

Use = Literal["concept", "cancel", "name", "surname", "role"]
GAP = -1  # in a pattern: up to LONGEST_GAP words of any kind
LONGEST_GAP = 3
_MOST_REMEMBERED = 50_000  # different written words, some 10 MB


class Need(IntEnum):
    """What a written word must look like to be a form of a word."""

    NOTHING = 0
    CAPITAL = 1  # names
    CAPITALS = 2  # acronyms of up to three letters: SAD (USA) is not Sad (now)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of words that stands for its owner, a concept or an actor."""

    owner: str
    words: tuple[int, ...]
    use: Use = "concept"
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Did a dated role hold on that day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Match(NamedTuple):
    """A pattern found in a sentence: first and last word, inclusive."""

    pattern: Pattern
    first: int
    last: int


class Known(NamedTuple):
    """What a written word is to the vocabulary."""

    words: tuple[int, ...]  # the words it may be a form of
    single: tuple[Pattern, ...]  # the patterns of that one word
    longer: tuple[Mapping[int, tuple[Pattern, ...]], ...]  # those that begin with it, by their second word (or GAP)


Written = Known | tuple[()] | None  # () stands for a word of no pattern, None for the mere ending of the word before


@dataclass(frozen=True, slots=True, eq=False)
class WordIndex:
    """Which words a written word may be, and which patterns begin with a word."""

    forms: Mapping[str, Mapping[str, tuple[int, ...]]]  # by language, then by folded form
    names: Mapping[str, tuple[int, ...]]  # by marked name key, in every language
    needs: tuple[Need, ...]  # by word
    single: Mapping[int, tuple[Pattern, ...]]  # patterns of one word, by that word
    pairs: Mapping[int, Mapping[int, tuple[Pattern, ...]]]  # longer ones, by first and second word (or GAP)

    def find(self, written: Sequence[str], languages: tuple[str, ...]) -> list[Match]:
        """Every pattern in the words of a sentence; overlapping ones too. Linear in their number.

        Endings are looked through: Kosovo's Prime Minister, NATO-s në Kosovë.
        """
        memory = _memory(self, languages)
        words: list[Written] = [memory[word] for word in written]
        if not any(words):
            return []
        places: Sequence[int] = range(len(words))
        if None in words:
            places = [place for place, word in enumerate(words) if word is not None]
            words = [word for word in words if word is not None]
        words.append(())
        found: list[Match] = []
        for first, here in enumerate(words):
            if not here:
                continue
            place = places[first]
            for pattern in here.single:
                found.append(Match(pattern, place, place))
            for by_second in here.longer:
                following = words[first + 1]
                seconds = following.words if following else ()
                for second in (*seconds, GAP) if GAP in by_second else seconds:
                    for pattern in by_second.get(second, ()):
                        last = _end(pattern.words, 1, words, first + 1)
                        if last >= 0:
                            found.append(Match(pattern, place, places[last]))
        return found


class _Memory(dict[str, Written]):
    """What each written word is to a vocabulary, in articles of some languages: worked out once."""

    def __init__(self, index: WordIndex, languages: Sequence[str]) -> None:
        super().__init__()
        self._index = index
        self._tables = [index.forms[language] for language in languages if language in index.forms]
        self._tables = self._tables or [index.forms[ANY]]

    def __missing__(self, text: str) -> Written:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = None if text[0] in ENDING_MARKS else self._known(self._words(text))
        self[text] = found
        return found

    def _words(self, text: str) -> tuple[int, ...]:
        folded = fold(text)
        found: tuple[int, ...] = ()
        for table in self._tables:
            found += table.get(folded, ())
        looks = Need.NOTHING
        if text[0].isupper():
            looks = Need.CAPITALS if text[:2].isupper() else Need.CAPITAL
            for key in marked_name_keys(text):
                found += self._index.names.get(key, ())
        return tuple(dict.fromkeys(word for word in found if self._index.needs[word] <= looks))

    def _known(self, words: tuple[int, ...]) -> Known | tuple[()]:
        if not words:
            return ()
        single, pairs = self._index.single, self._index.pairs
        alone = tuple(pattern for word in words for pattern in single.get(word, ()))
        return Known(words, alone, tuple(pairs[word] for word in words if word in pairs))


@lru_cache(maxsize=8)
def _memory(index: WordIndex, languages: tuple[str, ...]) -> _Memory:
    """One memory for each vocabulary and language, shared by all articles: most words come again."""
    return _Memory(index, languages)


def _end(pattern: tuple[int, ...], part: int, words: Sequence[Written], place: int) -> int:
    """The last word of the shortest way to match pattern[part:] from `place` on, or -1."""
    for wanted in pattern[part:]:
        if place >= len(words):
            return -1
        if wanted == GAP:
            ends = (_end(pattern, part + 1, words, place + skipped) for skipped in range(LONGEST_GAP + 1))
            return next((end for end in ends if end >= 0), -1)
        here = words[place]
        if not here or wanted not in here.words:
            return -1
        part += 1
        place += 1
    return place - 1
