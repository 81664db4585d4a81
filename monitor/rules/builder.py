"""Building the index of words: terms and names become patterns over numbered words with all their forms. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from monitor.rules.definitions import ANY, Kind, Part, Term
from monitor.rules.forms import albanian
from monitor.rules.forms.names import SHORT_ACRONYM, acronym_forms, is_acronym, name_form_keys
from monitor.rules.forms.words import LANGUAGES, word_forms
from monitor.rules.patterns import GAP, Need, Pattern, Use, WordIndex
from monitor.text.folding import fold, to_latin
from monitor.text.tokens import ENDING_MARKS, tokenise

_LINK = frozenset(fold(article) for article in albanian.LINKING)


FormBook = dict[tuple[str, ...], frozenset[str]]
"""The forms of words that were generated before, by all that they depend on. Grows by what it is asked for."""


@dataclass
class WordIndexBuilder:
    """Collects patterns, numbers their words, and generates the forms of each that is not in the book."""

    book: FormBook = field(default_factory=dict)
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
        english = language in ("en", ANY)
        key = (language, text, term.part, kind if english else "", str(in_phrase), str(term.exact))
        if key in self._numbers:
            return self._numbers[key]
        number = self._number(key, _need(text, always=term.part == "name"))
        if key not in self.book:
            self.book[key] = term_word_forms(text, language, term.part, kind, in_phrase=in_phrase, exact=term.exact)
        forms = self._forms[language]
        for form in self.book[key]:
            forms[form].add(number)
        return number

    def _name(self, text: str, kind: Kind, in_phrase: bool, exact: bool) -> int:
        key = ("", text, kind if text[0].isupper() else "", str(in_phrase), str(exact))
        if key in self._numbers:
            return self._numbers[key]
        number = self._number(key, _need(text))
        by_key = text[0].isupper() and not exact and not is_acronym(text)
        if key not in self.book:
            self.book[key] = (
                name_form_keys(text, kind=kind, in_phrase=in_phrase)
                if by_key
                else term_word_forms(text, ANY, "", "thing", in_phrase=in_phrase, exact=exact)
            )
        table = self._names if by_key else self._forms[ANY]
        for form in self.book[key]:
            table[form].add(number)
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
