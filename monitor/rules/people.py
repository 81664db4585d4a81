"""Whose surname is it? Resolving surnames over an article, in reading order. Pure.

A surname counts by itself or only after its owner was named in full, as the actor says; it never counts behind
somebody else's given name: Milica Petković is not Petar Petković.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

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

    def surnames_that_count(
        self, matches: Sequence[Match], tokens: Sequence[Token], introduced: set[str]
    ) -> list[Match]:
        """The surname matches of one sentence that mean the actor. Adds to `introduced` who is named in full."""
        full = {(match.pattern.owner, match.last) for match in matches if match.pattern.use == "name"}
        surnames = [match for match in matches if match.pattern.use == "surname"]
        if not surnames:
            introduced.update(owner for owner, _ in full)
            return []
        beside_role = {
            (match.pattern.owner, place)
            for match in matches
            if match.pattern.use == "role"
            for place in (match.first - 1, match.last + 1)
        }
        taken = {place for match in matches if match not in surnames for place in range(match.first, match.last + 1)}
        counted: list[Match] = []
        for match in sorted((match for match in matches if match.pattern.use in ("name", "surname")), key=_place):
            owner = match.pattern.owner
            if match.pattern.use == "name":
                introduced.add(owner)
            elif (owner, match.last) in full:
                continue
            elif {(owner, match.first), (owner, match.last)} & beside_role:
                introduced.add(owner)
                counted.append(match)
            elif self._counts(match, tokens, taken, owner in introduced):
                counted.append(match)
        return counted

    def _counts(self, match: Match, tokens: Sequence[Token], taken: Collection[int], introduced: bool) -> bool:
        person = self.persons[match.pattern.owner]
        if person.surname == "after" and not introduced:
            return False
        if match.first == 0 or match.first - 1 in taken:
            return True
        before, surname = tokens[match.first - 1], tokens[match.first]
        gap = surname.start - before.end
        if gap != 1 and not (gap == 2 and len(before.text) == 1):  # "M. Petković" has two characters between
            return True
        return not self._is_anothers_given_name(before, person, tokens, match.first)

    def _is_anothers_given_name(self, word: Token, person: Person, tokens: Sequence[Token], surname: int) -> bool:
        if not word.text[0].isupper() or word.folded in self.titles:
            return False
        keys = name_keys(word.text)
        if any(key.startswith(given) or given.startswith(key) for key in keys for given in person.given):
            return False
        may_be_any_word = (
            surname == 1 or word.text.isupper() > (len(word.text) == 1) or _has_capitals_everywhere(tokens)
        )
        return not may_be_any_word or not keys.isdisjoint(self.given_names)


def _place(match: Match) -> tuple[int, int]:
    return match.last, match.first


def _has_capitals_everywhere(tokens: Sequence[Token]) -> bool:
    """A Headline in Title Case says nothing about names."""
    long = [token for token in tokens if len(token.text) > 3]
    return len(long) > 3 and sum(token.text[0].isupper() for token in long) > 0.7 * len(long)


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
