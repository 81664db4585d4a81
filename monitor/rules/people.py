"""Whose surname is it? Resolving surnames over an article, in reading order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.rules.definitions import Actor, Surname, Term
from monitor.rules.patterns import Match
from monitor.text.folding import name_keys
from monitor.text.tokens import Token, tokenise


@dataclass(frozen=True, slots=True)
class Person:
    """What decides whether a surname is this actor's."""

    surname: Surname
    given: frozenset[str]  # beginnings of the keys of all given names


# Words before a surname that are no given name, folded: titles as the press writes them, in their usual forms.
_TITLES = frozenset(
    "mr mrs ms dr president minister premier prime secretary general ambassador senator chancellor commander director"
    " z zoti znj zonja presidenti presidentit presidentin kryeministri kryeministrit kryeministrin ministri ministrit"
    " ministrja gjenerali komandanti ambasadori kryetari drejtori"
    " g gospodin gospodja predsednik predsednika predsedniku predsednikom predsjednik predsjednika premijer premijera"
    " premijeru premijerom premijerka ministar ministra ministru ministrom general ambasador komandant direktor"
    " sekretar pretsedatel pretsedatelot premierot minister ministerot".split()
)
_SAME_GIVEN = 2  # letters: Alexander, Aleksandër and Aleksandar are one given name, Andrej is another


def split_name(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names and surname, as words: the surname is the last written word, with its particles (von der Leyen)."""
    written = name.split()
    if len(written) == 1:
        return (), _words(name)
    start = (
        next((place for place, word in enumerate(written) if word[0].islower()), len(written) - 1) or len(written) - 1
    )
    return _words(" ".join(written[:start])), _words(" ".join(written[start:]))


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokenise(text))


def person(actor: Actor) -> Person:
    """The actor as someone with a surname."""
    given = (word for name in actor.names for word in split_name(name.text)[0])
    return Person(actor.surname, frozenset(key[:_SAME_GIVEN] for word in given for key in name_keys(word)))


def spellings(names: Iterable[Term]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """All given names and all surnames of a person; any given name goes with any surname."""
    parts = [split_name(name.text) for name in names]
    return list(dict.fromkeys(given for given, _ in parts if given)), list(dict.fromkeys(last for _, last in parts))


def surnames_that_count(
    matches: Sequence[Match],
    tokens: Sequence[Token],
    people: Mapping[str, Person],
    introduced: set[str],
) -> list[Match]:
    """The surname matches of one sentence that mean the actor. Adds to `introduced` who is named in full."""
    taken = {
        place for match in matches if match.pattern.use != "surname" for place in range(match.first, match.last + 1)
    }
    roles = {
        (match.pattern.owner, place)
        for match in matches
        if match.pattern.use == "role"
        for place in (match.last + 1, match.first - 1)
    }
    full = {(match.pattern.owner, match.last) for match in matches if match.pattern.use == "name"}
    shouting = _mostly_capitals(tokens)
    counted: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.last, match.first)):
        owner = match.pattern.owner
        if match.pattern.use == "name":
            introduced.add(owner)
        if match.pattern.use != "surname" or (owner, match.last) in full:
            continue
        rule = people[owner]
        with_role = (owner, match.first) in roles or (owner, match.last) in roles
        if with_role and rule.surname != "never":
            introduced.add(owner)
            counted.append(match)
            continue
        known = rule.surname == "alone" or owner in introduced
        if known and (shouting or not _someone_else(match.first, tokens, rule, taken)):
            counted.append(match)
    return counted


def _someone_else(first: int, tokens: Sequence[Token], rule: Person, taken: Collection[int]) -> bool:
    """Is the word before the surname another given name?"""
    if first == 0 or first - 1 in taken:
        return False
    before = tokens[first - 1]
    if tokens[first].start - before.end != 1 or not before.text[0].isupper() or before.folded in _TITLES:
        return False
    if any(
        key[:_SAME_GIVEN] in rule.given or (len(key) == 1 and any(given[0] == key for given in rule.given))
        for key in name_keys(before.text)
    ):
        return False
    return first > 1


def _mostly_capitals(tokens: Sequence[Token]) -> bool:
    """A headline in Title Case or in capitals says nothing about names."""
    long = [token for token in tokens if len(token.text) > 3]
    return len(long) > 3 and sum(token.text[0].isupper() for token in long) > 0.7 * len(long)
