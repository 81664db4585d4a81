"""Terms as patterns over word numbers, and the look-up that finds them in a sentence. Pure.

Every different word of the vocabulary has a number. A token is looked up once and gives the numbers of all words it may
be a form of; patterns are sequences of numbers. A WordIndex is plain data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Literal

from monitor.rules.definitions import ANY, Kind, Part, Term
from monitor.rules.forms import albanian
from monitor.rules.forms.names import SHORT_ACRONYM, acronym_forms, is_acronym, name_form_keys
from monitor.rules.forms.words import LANGUAGES, word_forms
from monitor.text.folding import fold, marked_name_keys, to_latin
from monitor.text.tokens import ENDING_MARKS, Token, tokenise

Use = Literal["concept", "cancel", "name", "surname", "role"]
GAP = -1  # in a pattern: up to LONGEST_GAP words of any kind
LONGEST_GAP = 3
_MOST_REMEMBERED = 50_000  # different written words, some 10 MB
_LINK = frozenset(fold(article) for article in albanian.LINKING)


class Need(IntEnum):
    """What a token must look like to be a form of a word."""

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


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in a sentence: first and last token, inclusive."""

    pattern: Pattern
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class WordIndex:
    """Which words a token may be, and which patterns begin with a word."""

    forms: Mapping[str, Mapping[str, tuple[int, ...]]]  # by language, then by folded form
    names: Mapping[str, tuple[int, ...]]  # by marked name key, in every language
    needs: tuple[Need, ...]  # by word
    single: Mapping[int, tuple[Pattern, ...]]  # patterns of one word, by that word
    pairs: Mapping[int, Mapping[int, tuple[Pattern, ...]]]  # longer ones, by first and second word (or GAP)

    def find(self, tokens: Sequence[Token], languages: tuple[str, ...]) -> Iterator[Match]:
        """Every pattern in the sentence; overlapping ones too. Linear in the number of tokens.

        Endings are looked through: Kosovo's Prime Minister, NATO-s në Kosovë.
        """
        words_of = _words_of(self, languages)
        places = [place for place, token in enumerate(tokens) if token.text[0] not in ENDING_MARKS]
        words = [words_of[tokens[place].text] for place in places]
        words.append(())
        single, pairs = self.single, self.pairs
        for first, here in enumerate(words):
            for word in here:
                if word in single:
                    for pattern in single[word]:
                        yield Match(pattern, places[first], places[first])
                if word not in pairs:
                    continue
                longer = pairs[word]
                following = words[first + 1]
                for second in (*following, GAP) if GAP in longer else following:
                    for pattern in longer.get(second, ()):
                        last = _end(pattern.words, 1, words, first + 1)
                        if last >= 0:
                            yield Match(pattern, places[first], places[last])


class _WordsOf(dict[str, tuple[int, ...]]):
    """The vocabulary's words that a written word may be in some languages: each is looked up once."""

    def __init__(self, index: WordIndex, languages: Sequence[str]) -> None:
        super().__init__()
        self._index = index
        self._tables = [index.forms[language] for language in languages if language in index.forms]
        self._tables = self._tables or [index.forms[ANY]]

    def __missing__(self, text: str) -> tuple[int, ...]:
        folded = fold(text)
        found: tuple[int, ...] = ()
        for table in self._tables:
            found += table.get(folded, ())
        looks = Need.NOTHING
        if text[0].isupper():
            looks = Need.CAPITALS if text[:2].isupper() else Need.CAPITAL
            for key in marked_name_keys(text):
                found += self._index.names.get(key, ())
        if found:
            found = tuple(dict.fromkeys(word for word in found if self._index.needs[word] <= looks))
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[text] = found
        return found


@lru_cache(maxsize=8)
def _words_of(index: WordIndex, languages: tuple[str, ...]) -> _WordsOf:
    """One memory of words for each vocabulary and language, shared by all articles: most words come again."""
    return _WordsOf(index, languages)


def _end(pattern: tuple[int, ...], part: int, words: Sequence[Sequence[int]], place: int) -> int:
    """The last word of the shortest way to match pattern[part:] from `place` on, or -1."""
    for wanted in pattern[part:]:
        if place >= len(words):
            return -1
        if wanted == GAP:
            ends = (_end(pattern, part + 1, words, place + skipped) for skipped in range(LONGEST_GAP + 1))
            return next((end for end in ends if end >= 0), -1)
        if wanted not in words[place]:
            return -1
        part += 1
        place += 1
    return place - 1


@dataclass
class WordIndexBuilder:
    """Collects patterns, numbers their words, and generates each word's forms once."""

    _numbers: dict[tuple[str, ...], int] = field(default_factory=dict)
    _needs: list[Need] = field(default_factory=list)
    _forms: dict[str, dict[str, set[int]]] = field(
        default_factory=lambda: {language: defaultdict(set) for language in (*LANGUAGES, ANY)}
    )
    _names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _patterns: dict[Pattern, None] = field(default_factory=dict)

    def add_term(
        self,
        term: Term,
        language: str,
        owner: str,
        use: Use,
        *,
        kind: Kind,
        since: date | None = None,
        until: date | None = None,
    ) -> None:
        """A term written for one language (or ANY): matched by its forms in that language only."""
        pieces = [_one_link(piece, language) for piece in term_pieces(term.text)]
        numbers = tuple(
            GAP if piece == ".." else self._word(piece, language, kind, term, len(pieces) > 1) for piece in pieces
        )
        self._add(Pattern(owner, numbers, use, since, until))

    def add_name(
        self, words: Sequence[str], owner: str, use: Use, *, kind: Kind = "thing", exact: bool = False
    ) -> None:
        """A proper name: matched in every language, by the name keys of its capitalised words."""
        words = [_one_link(word, ANY) for word in words]
        self._add(Pattern(owner, tuple(self._name(word, kind, len(words) > 1, exact) for word in words), use))

    def build(self) -> WordIndex:
        """Everything added, ready to read with."""
        anywhere = self._forms[ANY]
        for language in LANGUAGES:
            for form, numbers in anywhere.items():
                self._forms[language][form] |= numbers
        single: dict[int, list[Pattern]] = defaultdict(list)
        pairs: dict[int, dict[int, list[Pattern]]] = defaultdict(lambda: defaultdict(list))
        for pattern in self._patterns:
            if len(pattern.words) == 1:
                single[pattern.words[0]].append(pattern)
            else:
                pairs[pattern.words[0]][pattern.words[1]].append(pattern)
        return WordIndex(
            forms={
                language: {form: tuple(sorted(numbers)) for form, numbers in table.items()}
                for language, table in self._forms.items()
            },
            names={key: tuple(sorted(numbers)) for key, numbers in self._names.items()},
            needs=tuple(self._needs),
            single={word: tuple(patterns) for word, patterns in single.items()},
            pairs={
                word: {second: tuple(patterns) for second, patterns in by_second.items()}
                for word, by_second in pairs.items()
            },
        )

    def _add(self, pattern: Pattern) -> None:
        if pattern.words and pattern.words[0] != GAP and pattern.words[-1] != GAP:
            self._patterns[pattern] = None

    def _word(self, text: str, language: str, kind: Kind, term: Term, in_phrase: bool) -> int:
        key = (language, text, term.part, kind if language == "en" else "", str(in_phrase), str(term.exact))
        if key in self._numbers:
            return self._numbers[key]
        number = self._number(key, _need(text, always=term.part == "name"))
        for form in term_word_forms(text, language, term.part, kind, in_phrase=in_phrase, exact=term.exact):
            self._forms[language][form].add(number)
        return number

    def _name(self, text: str, kind: Kind, in_phrase: bool, exact: bool) -> int:
        key = ("", text, kind if text[0].isupper() else "", str(in_phrase), str(exact))
        if key in self._numbers:
            return self._numbers[key]
        number = self._number(key, _need(text))
        if text[0].isupper() and not exact and not is_acronym(text):
            for name_key in name_form_keys(text, kind=kind, in_phrase=in_phrase):
                self._names[name_key].add(number)
        else:
            for form in term_word_forms(text, ANY, "", "thing", in_phrase=in_phrase, exact=exact):
                self._forms[ANY][form].add(number)
        return number

    def _number(self, key: tuple[str, ...], need: Need) -> int:
        self._numbers[key] = len(self._needs)
        self._needs.append(need)
        return self._numbers[key]


def term_word_forms(
    text: str, language: str, part: Part, kind: Kind, *, in_phrase: bool, exact: bool
) -> frozenset[str]:
    """The folded forms of one word of a term; ANY gives the forms of every language."""
    if exact:
        return frozenset({fold(text)})
    if is_acronym(text):
        return frozenset(fold(form) for form in acronym_forms(to_latin(text)))
    if in_phrase and language in ("sq", ANY) and text in albanian.LINKING:
        return _LINK
    languages = LANGUAGES if language == ANY else (language,)
    return frozenset().union(*(word_forms(text, each, part=part, kind=kind, in_phrase=in_phrase) for each in languages))


def term_pieces(text: str) -> list[str]:
    """The words of a term, `..` standing for a gap."""
    pieces: list[str] = []
    for number, stretch in enumerate(text.split("..")):
        pieces += ([".."] if number else []) + [
            token.text for token in tokenise(stretch) if token.text[0] not in ENDING_MARKS
        ]
    return pieces


def _one_link(piece: str, language: str) -> str:
    """All linking articles are one word, since any stands for any; frequent words should have few numbers."""
    return "të" if language in ("sq", ANY) and piece in albanian.LINKING else piece


def _need(text: str, *, always: bool = False) -> Need:
    if is_acronym(text):
        return Need.CAPITALS if len(text) <= SHORT_ACRONYM else Need.CAPITAL
    return Need.CAPITAL if always or text[0].isupper() else Need.NOTHING
