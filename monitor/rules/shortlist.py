"""Which rules may find something in an article, told from the concepts that occur in it. Pure.

Asking every rule costs time with every rule. Instead each rule is one bit of an integer: for every concept it is known
which rules it could help, and a few "and"s and "or"s over whole rule sets leave the rules worth asking. A thousand more
rules make the integers longer and the answer hardly slower.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.rules.condition import Condition, Index, Leaf

Needs = tuple[frozenset[str], ...]  # of each set, one concept has to occur


@dataclass(frozen=True, slots=True)
class Shortlist:
    """For each of the first few needs of the rules: which rules (bits) a concept serves, and which have no such need.

    `one` are the rules whose needs must all be met by a single sentence.
    """

    serves: tuple[Mapping[str, int], ...]
    without: tuple[int, ...]
    one: int
    everything: int

    def of(self, index: Index) -> int:
        """The rules (bits) that may find something in this article."""
        by_sentence: dict[int, list[str]] = {}
        for concept, sentences in index.hits.items():
            for number in sentences:
                by_sentence.setdefault(number, []).append(concept)
        found = self._met(index.hits) & ~self.one
        for concepts in by_sentence.values():
            found |= self._met(concepts) & self.one
        return found

    def _met(self, concepts: Iterable[str]) -> int:
        met = self.everything
        for serves, without in zip(self.serves, self.without, strict=True):
            some = without
            for concept in concepts:
                some |= serves.get(concept, 0)
            met &= some
            if not met:
                break
        return met


def shortlist(conditions: Sequence[Condition]) -> Shortlist:
    """The shortlist of rules that have these conditions, in their order."""
    serves: list[dict[str, int]] = []
    without: list[int] = []
    everything = (1 << len(conditions)) - 1
    one = 0
    for number, condition in enumerate(conditions):
        bit = 1 << number
        needed = needs(condition)
        one |= bit if needed and in_one_sentence(condition) else 0
        for place, concepts in enumerate(needed):
            if place == len(serves):
                serves.append({})
                without.append(everything)
            without[place] &= ~bit
            for concept in concepts:
                serves[place][concept] = serves[place].get(concept, 0) | bit
    return Shortlist(tuple(serves), tuple(without), one, everything)


def needs(condition: Condition) -> Needs:
    """Sets of concepts of each of which one has to occur for `condition` to hold; what it forbids needs nothing."""
    if isinstance(condition, Leaf):
        return (frozenset((condition.concept,)),)
    found = [need for part in condition.all for need in needs(part)]
    for several in (condition.any, condition.of if condition.least else ()):
        each = [needs(part) for part in several]
        if each and all(each):
            found.append(frozenset().union(*(min(one, key=len) for one in each)))
    return tuple(dict.fromkeys(found))


def in_one_sentence(condition: Condition) -> bool:
    """Can `condition` only hold where one sentence has all its words?"""
    if isinstance(condition, Leaf):
        return True
    if condition.within is not None:
        return condition.within.kind in ("sentence", "words")
    parts = (*condition.all, *condition.any)
    alone = len(condition.all) + bool(condition.any) == 1 and not condition.of
    return alone and all(map(in_one_sentence, parts))
