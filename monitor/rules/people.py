"""Whose surname is it? Resolving surnames over an article, in reading order. Pure.

A surname counts by itself or only after its owner was named in full, as the actor says; it never counts behind
somebody else's given name: Milica Petković is not Petar Petković.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.rules.definitions import Actor, Surname, Term
from monitor.rules.patterns import Match
from monitor.text.folding import name_keys
from monitor.text.tokens import Token, tokenise

_SAME_GIVEN = 2  # letters of the key: Alexander and Aleksandër are Aleksandar, Andrej is not

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What decides whether a surname is this actor's."""

    surname: Surname
    given: frozenset[str]  # beginnings of the keys of the given names


@dataclass(frozen=True, slots=True)
class People:
    """All actors who have surnames, and the words that may stand before one."""

    persons: Mapping[str, Person]
    given_names: frozenset[str]  # name keys
    titles: frozenset[str]  # folded

    def surnames_that_count(self, matches: Sequence[Match], text: str, introduced: set[str]) -> list[Match]:
        """The surname matches of one sentence that mean the actor. Adds to `introduced` who is named in full."""
        names = sorted((match for match in matches if match.pattern.use in ("name", "surname")), key=_place)
        full = {(match.pattern.owner, match.last) for match in names if match.pattern.use == "name"}
        if len(full) == len(names):
            introduced.update(owner for owner, _ in full)
            return []
        around = _Surroundings(text, matches)
        counted: list[Match] = []
        for match in names:
            owner = match.pattern.owner
            if match.pattern.use == "name":
                introduced.add(owner)
            elif (owner, match.last) in full:
                continue
            elif around.has_role_beside(match):
                introduced.add(owner)
                counted.append(match)
            elif self._may_stand_alone(owner, introduced) and not self._is_someone_else(around, match):
                counted.append(match)
        return counted

    def _may_stand_alone(self, owner: str, introduced: Collection[str]) -> bool:
        return self.persons[owner].surname == "alone" or owner in introduced

    def _is_someone_else(self, around: _Surroundings, surname: Match) -> bool:
        """Is the word before the surname a given name, and not this person's?"""
        word = around.name_before(surname)
        if word is None or word.folded in self.titles:
            return False
        keys = name_keys(word.text)
        own = self.persons[surname.pattern.owner].given
        if any(key.startswith(given) or given.startswith(key) for key in keys for given in own):
            return False
        any_word = surname.first == 1 or around.shouting or (len(word.text) > 1 and word.text.isupper())
        return not any_word or not keys.isdisjoint(self.given_names)


class _Surroundings:
    """What stands around the surnames of one sentence."""

    def __init__(self, text: str, matches: Sequence[Match]) -> None:
        self._text = text
        others = [match for match in matches if match.pattern.use != "surname"]
        self._taken = {place for match in others for place in range(match.first, match.last + 1)}
        roles = [match for match in others if match.pattern.use == "role"]
        self._after_role = {(match.pattern.owner, match.last + 1) for match in roles}
        self._before_role = {(match.pattern.owner, match.first - 1) for match in roles}

    @cached_property
    def _tokens(self) -> tuple[Token, ...]:
        return tokenise(self._text)

    @cached_property
    def shouting(self) -> bool:
        """Is it a Headline in Title Case? That says nothing about names."""
        long = [token for token in self._tokens if len(token.text) > 3]
        return len(long) > 3 and sum(token.text[0].isupper() for token in long) > 0.7 * len(long)

    def has_role_beside(self, surname: Match) -> bool:
        owner = surname.pattern.owner
        return (owner, surname.first) in self._after_role or (owner, surname.last) in self._before_role

    def name_before(self, surname: Match) -> Token | None:
        """The capitalised word or initial right before the surname, unless it is known to be something else."""
        if surname.first == 0 or surname.first - 1 in self._taken:
            return None
        word = self._tokens[surname.first - 1]
        gap = self._tokens[surname.first].start - word.end
        adjacent = gap == 1 or (gap == 2 and len(word.text) == 1)  # "M. Petković" has two characters between
        return word if adjacent and word.text[0].isupper() else None


def _place(match: Match) -> tuple[int, int]:
    return match.last, match.first


# --- compiling --------------------------------------------------------------------------------------------------


def split_name(name: str) -> tuple[Words, Words]:
    """Given names and surname: the surname is the last written word, with its particles (von der Leyen)."""
    written = name.split()
    lower = (place for place, word in enumerate(written) if word[0].islower() and place)
    start = next(lower, len(written) - 1)
    return _words(written[:start]), _words(written[start:])


def _words(written: Iterable[str]) -> Words:
    return tuple(token.text for token in tokenise(" ".join(written)))


def person(actor: Actor) -> Person:
    """What decides whether a surname is this actor's."""
    given = (word for name in actor.names for word in split_name(name.text)[0])
    return Person(actor.surname, frozenset(key[:_SAME_GIVEN] for word in given for key in name_keys(word)))


def spellings(names: Iterable[Term]) -> tuple[list[Words], list[Words]]:
    """All given names and all surnames of a person; any given name goes with any surname."""
    parts = [split_name(name.text) for name in names]
    return list(dict.fromkeys(given for given, _ in parts if given)), list(dict.fromkeys(last for _, last in parts))
