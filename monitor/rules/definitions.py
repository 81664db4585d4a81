"""The vocabulary as the analyst wrote it: concepts, actors and their terms, before any form is generated. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from monitor.yamlfile import Place

Kind = Literal["thing", "action", "place", "organisation", "person", "topic"]
Part = Literal["", "noun", "verb", "adj", "name"]
Surname = Literal["alone", "after", "never"]

ANY = "any"  # the language key for terms that hold in every language


@dataclass(frozen=True, slots=True)
class Term:
    """A dictionary form, or several words in a row, as written: `unit (noun)`, `=ABL`, `pre .. godina`."""

    text: str  # without the part of speech and without the leading "="
    place: Place
    part: Part = ""  # given by the analyst; "" = guess
    exact: bool = False  # no endings


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing rules ask for. `words` and `cancelled_by` are keyed by language (en sq sr mk) or ANY."""

    id: str
    place: Place
    kind: Kind = "thing"
    label: str = ""  # for people; the id when empty
    words: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    names: tuple[tuple[Term, ...], ...] = ()  # one tuple a thing: all its spellings
    includes: tuple[str, ...] = ()  # concepts whose hits are this one's too
    cancelled_by: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)  # longer phrases that are not it
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wide: bool = False  # a place too wide to say where something happened: a country, a community


@dataclass(frozen=True, slots=True)
class DatedRole:
    """An office: it means the actor only between `since` and `until` (inclusive; None = open)."""

    words: Mapping[str, tuple[Term, ...]]
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or organisation that speaks and acts. The first name is shown to people."""

    id: str
    place: Place
    names: tuple[Term, ...]
    kind: Kind = "person"
    surname: Surname = "after"
    roles: tuple[DatedRole, ...] = ()
    side: str = ""
    note: str = ""
    cancelled_by: tuple[Term, ...] = ()
