"""Lints of words: terms and names that are other words, too. Warnings only. Pure.

Each was found the hard way. `=` before a word, or its part of speech behind it (noun), says “I mean it” and ends the
question; behind a name it is (name).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from monitor.errors import Problem
from monitor.rules.builder import term_pieces
from monitor.rules.definitions import Kind, Term
from monitor.rules.forms.dictionary import FormDictionary, forget, form_dictionary
from monitor.rules.forms.names import is_acronym
from monitor.rules.forms.words import FUNCTION_WORDS, LANGUAGES
from monitor.rules.people import split_name
from monitor.rules.ruleset import RuleSet
from monitor.rules.vocabulary import forms_of
from monitor.text.folding import fold, to_latin
from monitor.yamlfile import NOWHERE

_STEM = 3  # letters
_MANY = 3  # forms in common with one other word
_LONG = 5  # letters; a short word has too many neighbours
LETTERS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "sq": "abcçdeëfghijklmnopqrstuvxyz",
    "sr": "abcčćdđefghijklmnoprsštuvzž",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
}
_COMMON = 3  # classes: a word of class 3 stands in one sentence of a hundred or so, each class is twice as frequent


class Doubt(NamedTuple):
    """What is doubtful about a word, wherever it stands."""

    code: str
    what: str
    hint: str


class Word(NamedTuple):
    """A single word that is looked for: everything that the doubts about it depend on."""

    language: str
    text: str
    kind: Kind
    is_name: bool


Book = dict[Word, tuple[Doubt, ...]]
"""The doubts about words that were examined before. Grows by what it is asked for."""

Commonness = Callable[[str, str], int]
"""How common a folded word of a language is in the news: 0 for a rare one to 9 for one in every sentence."""


def lint_words(rule_set: RuleSet, commonness: Commonness, book: Book) -> tuple[Problem, ...]:
    """Warnings about words that are other words, too. Reads the dictionary of every language that the rules have words
    in, unless all its words are in the book: seconds."""
    found: list[Problem] = []
    used = {language for concept in rule_set.concepts.values() for language in concept.words}
    for language in used.intersection(LANGUAGES):  # one dictionary after the other: together they take 200 MB
        places = [*_terms(rule_set, language), *_names(rule_set, language)]
        new = list(dict.fromkeys(word for _, word in places if word not in book))
        if new:
            book.update(_examine(new, language, commonness))
            forget()
        found += [term.place.problem(*doubt, warning=True) for term, word in places for doubt in book[word]]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.file, one.line, one.column, one.code)))


def _terms(rule_set: RuleSet, language: str) -> Iterator[tuple[Term, Word]]:
    """The single words of one language that are written without saying what they are."""
    for concept in rule_set.concepts.values():
        for term in concept.words.get(language, ()):
            if len(term_pieces(term.text)) == 1 and not term.exact and not term.part:
                yield term, Word(language, term.text, concept.kind, is_name=False)


def _names(rule_set: RuleSet, language: str) -> Iterator[tuple[Term, Word]]:
    """The names of one word, and the surnames that count alone."""
    named = [term for concept in rule_set.concepts.values() for thing in concept.names for term in thing]
    named += [term for actor in rule_set.actors.values() if actor.kind != "person" for term in actor.names]
    words = [(term, term_pieces(term.text)) for term in named]
    people = [actor for actor in rule_set.actors.values() if actor.kind == "person" and actor.surname == "alone"]
    words += [(term, list(split_name(term.text)[1])) for actor in people for term in actor.names]
    for term, pieces in words:
        if len(pieces) == 1 and not (term.exact or term.part or is_acronym(pieces[0])):
            yield term, Word(language, pieces[0], "thing", is_name=True)


def _examine(new: Iterable[Word], language: str, commonness: Commonness) -> Book:
    words = form_dictionary(language)
    forms = {
        word: forms_of(_term(word), language, word.kind)[0] if not word.is_name else frozenset[str]() for word in new
    }
    others = words.folded(frozenset().union(*forms.values()))
    book: Book = {}
    for word, own in forms.items():
        doubts = _doubts_of_name(word, words) if word.is_name else _doubts(word, own, words, others, commonness)
        book[word] = tuple(doubts)
    return book


def _term(word: Word) -> Term:
    return Term(word.text, NOWHERE)


def _doubts_of_name(word: Word, words: FormDictionary) -> Iterator[Doubt]:
    """Peć is also a stove, Burim a spring: a capital tells them apart only inside a sentence."""
    written = to_latin(word.text) if word.language == "sr" else word.text
    everyday = written.lower()
    base = words.base(everyday)
    if base and base == base.lower():
        other = f"“{everyday}”" if base == everyday else f"“{everyday}” (of “{base}”)"
        what = (
            f"the name “{word.text}” is in {word.language} also the word {other}: it is found where a sentence begins."
        )
        yield Doubt("W705", what, f"write a longer name, or {word.text} (name) when that is rare")


def _doubts(
    word: Word, forms: frozenset[str], words: FormDictionary, others: Mapping[str, set[str]], commonness: Commonness
) -> Iterator[Doubt]:
    language, text = word.language, word.text
    everyday = sorted(forms & {fold(one) for one in FUNCTION_WORDS[language]} - {fold(text)})
    if everyday:
        what = f"“{text}” has forms that are also everyday words: {', '.join(everyday)}."
        yield Doubt("W702", what, f"write a phrase, or ={text} for this form alone")
    written = to_latin(text) if language == "sr" else text
    base = words.base(written)
    if len(forms) == 1 and base not in ("", written) and fold(base) not in forms:
        what = f"the dictionary knows “{text}” as a form of “{base}”; only “{text}” itself will be found."
        yield Doubt("W701", what, f"write {base} for all its forms, or ={text}")
    elif not written[0].isupper():
        yield from _another(word, forms, others, commonness)
        yield from _misspelt(word, written, words, commonness)


def _another(
    word: Word, forms: frozenset[str], others: Mapping[str, set[str]], commonness: Commonness
) -> Iterator[Doubt]:
    """A doubt when many forms, or a common one, are also those of one other word; one with the same stem is mostly a
    relative."""
    shared: dict[str, list[str]] = {}
    for form in sorted(forms):
        for base in others.get(form, ()):
            if fold(base) not in forms and fold(base)[:_STEM] != fold(word.text)[:_STEM]:
                shared.setdefault(base, []).append(form)
    for base, same in shared.items():
        common = [form for form in same if commonness(form, word.language) >= _COMMON]
        if len(same) >= _MANY:
            what = f"“{word.text}” shares forms with “{base}”: {', '.join(same)}. All of them will be found."
            yield Doubt("W701", what, f"write a phrase with it, or {word.text} (noun)")
        elif common:
            what = f"a form of “{word.text}” is also a common word, of “{base}”: {', '.join(common)}."
            yield Doubt("W706", what, f"write a phrase with it, or {word.text} (noun)")


def _misspelt(word: Word, written: str, words: FormDictionary, commonness: Commonness) -> Iterator[Doubt]:
    """A doubt when the dictionary does not know the word, but one that differs by a letter and is not rare.

    The English dictionary knows nearly all words, so that there a rare one will do."""
    if len(written) >= _LONG and not words.base(written):
        near = (one for one in _one_letter_off(written, LETTERS[word.language]) if words.base(one) == one)
        english = word.language == "en"
        nearest = [one for one in near if english or commonness(fold(one), word.language)]
        if nearest:
            what = f"the dictionary does not know “{word.text}”."
            meant = " or ".join(f"“{one}”" for one in nearest[:2])
            yield Doubt("W707", what, f"did you mean {meant}? If not, write {word.text} (noun), (verb) or (adj)")


def _one_letter_off(word: str, letters: str) -> Iterator[str]:
    """The word with two letters swapped, with one left out, with one too many, with another one; the first letter is
    seldom wrong."""
    places = range(1, len(word))
    seen = {word}
    swapped = (word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] for at in places)
    shorter = (word[:at] + word[at + 1 :] for at in places)
    longer = (word[:at] + letter + word[at:] for at in (*places, len(word)) for letter in letters)
    other = (word[:at] + letter + word[at + 1 :] for at in places for letter in letters)
    for one in chain(swapped, shorter, longer, other):
        if one not in seen:
            seen.add(one)
            yield one
