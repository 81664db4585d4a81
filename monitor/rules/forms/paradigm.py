"""How the tables of word endings are written and applied. Pure.

A paradigm is a list of rows. A row says which end of the dictionary form it is about (a regular expression) and what
that end becomes, once for each form: `row(r"ka$", "ke ci ku")` turns vojska into vojske, vojsci and vojsku. `-` is an
empty ending and `\\1` copies a group. Rows add up: every row that fits gives forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a paradigm: an end of the dictionary form and what it becomes."""

    pattern: re.Pattern[str]
    endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paradigm:
    """The rows for words whose dictionary form looks like `when`."""

    when: re.Pattern[str]
    rows: tuple[Row, ...]


def row(pattern: str, endings: str) -> Row:
    return Row(re.compile(pattern), tuple("" if ending == "-" else ending for ending in endings.split()))


def paradigm(when: str, *rows: Row) -> Paradigm:
    return Paradigm(re.compile(when), rows)


def inflect(word: str, rows: Iterable[Row]) -> set[str]:
    """The word and every form that any row makes of it."""
    forms = {word}
    for line in rows:
        if line.pattern.search(word):
            forms.update(line.pattern.sub(ending, word, count=1) for ending in line.endings)
    return forms


def by_first(word: str, paradigms: Iterable[Paradigm]) -> set[str]:
    """The forms by the first paradigm that knows such a word; the word alone when none does."""
    for candidate in paradigms:
        if candidate.when.search(word):
            return inflect(word, candidate.rows)
    return {word}


def data_lines(name: str) -> list[list[str]]:
    """The words of each line of a data file beside this module; lines that begin with # are notes."""
    text = (files("monitor.rules.forms") / name).read_text("utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=8)
def irregular(name: str) -> Mapping[str, frozenset[str]]:
    """The irregular words of a data file: a word a line, the dictionary form first."""
    return {words[0]: frozenset(words) for words in data_lines(f"irregular/{name}.txt")}
