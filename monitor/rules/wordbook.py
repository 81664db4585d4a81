"""What a term stands for: all its forms, and the other words that look like one of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.errors import MonitorError
from monitor.rules.builder import term_pieces
from monitor.rules.definitions import Kind, Term
from monitor.rules.forms.dictionary import form_dictionary
from monitor.rules.lexicon import read_term
from monitor.rules.lint_words import Commonness
from monitor.rules.values import Problems
from monitor.rules.vocabulary import forms_of
from monitor.text.folding import fold
from monitor.yamlfile import NOWHERE, Node

_HOW_COMMON = ((5, "very common"), (3, "common"), (1, "not rare"))  # classes of frequency, and in words


@dataclass(frozen=True, slots=True)
class Collision:
    """A form of a word that is also a form of other words (given by their dictionary forms)."""

    form: str
    others: tuple[str, ...]
    commonness: int  # 0 (rare) to 9 (in every sentence), of the form, whichever word it is


@dataclass(frozen=True, slots=True)
class WordEntry:
    """One word of a term. Forms are folded: lower case, Latin letters, no accents."""

    word: str
    forms: tuple[str, ...]
    also: tuple[Collision, ...]  # the commonest first
    base: str  # the dictionary form that the dictionary knows the word as, "" when it is one, or unknown


def parse_term(text: str, part: str = "") -> Term:
    """A term as an analyst writes it, with its part of speech behind it or given. Raises MonitorError."""
    problems: Problems = []
    term = read_term(Node(f"{text} ({part})" if part else text, NOWHERE, {}), problems)
    if term is None:
        raise MonitorError(f"{problems[0].what} {problems[0].suggestion}".strip(), temporary=False)
    return term


def look_up(term: Term, language: str, kind: Kind, commonness: Commonness) -> tuple[WordEntry, ...]:
    """Every word of a term as it will be searched for. Reads the language's dictionary: about a second."""
    pieces = [piece for piece in term_pieces(term.text) if piece != ".."]
    found = [forms for forms in forms_of(term, language, kind) if forms]
    return tuple(_entry(piece, forms, language, commonness) for piece, forms in zip(pieces, found, strict=True))


def _entry(word: str, forms: frozenset[str], language: str, commonness: Commonness) -> WordEntry:
    words = form_dictionary(language)
    own = {fold(word), fold(words.base(word))}
    also = []
    for form, bases in sorted(words.folded(forms).items()):
        # A base that is itself a form of the term is the same word under another name (sulmues, sulmuesi).
        others = tuple(sorted(base for base in bases if fold(base) not in own and fold(base) not in forms))
        if others:
            also.append(Collision(form, others, commonness(form, language)))
    also.sort(key=lambda one: (-one.commonness, one.form))
    base = words.base(word)
    return WordEntry(word, tuple(sorted(forms)), tuple(also), base if base not in ("", word) else "")


def in_words(entries: tuple[WordEntry, ...]) -> str:
    """The entries in plain text."""
    blocks = []
    for entry in entries:
        lines = [f"{entry.word}: {len(entry.forms)} form{'s' * (len(entry.forms) != 1)}", "  " + ", ".join(entry.forms)]
        if entry.base:
            lines.append(f"  “{entry.word}” is itself a form of “{entry.base}”: is that the word you mean?")
        if entry.also:
            lines.append("  also forms of other words, which will be found too; the commonest first:")
            lines += [f"    {one.form}: {', '.join(one.others)}{_how_common(one.commonness)}" for one in entry.also]
        else:
            lines.append("  the dictionary knows no other words that look like these")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _how_common(commonness: int) -> str:
    return next((f"  ({words} in the news)" for least, words in _HOW_COMMON if commonness >= least), "")
