"""Conditions: the all/any/none tree of a rule, and whether it holds in an article. Pure.

A condition is asked of a scope: some sentences of the article, as bits of an integer (bit 0 = the title). Every group
looks at its scope in units of its `within`; a group without one takes its enclosing group's unit as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Literal

from monitor.model import Field
from monitor.rules.reading import Hit, Reading

_END = 1 << 30  # a token index behind every sentence


@dataclass(frozen=True, slots=True)
class Unit:
    """How near the parts of a group have to stand: in one sentence, paragraph or article, or in n words of one
    sentence, or in n sentences in a row."""

    kind: Literal["sentence", "paragraph", "article", "words", "sentences"]
    n: int = 0


ARTICLE = Unit("article")
SENTENCE = Unit("sentence")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A concept, an actor or words of the rule's own (`say`), compiled as a concept."""

    concept: str
    shown: str  # as the analyst wrote it


@dataclass(frozen=True, slots=True)
class Group:
    """Everything written in one mapping has to hold: all of `all`, one of `any`, nothing of `none`, `least` of `of`."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    of: tuple[Condition, ...] = ()
    least: int = 0
    within: Unit | None = None  # None: the enclosing group's
    fields: frozenset[Field] = frozenset()  # empty: anywhere
    times: int = 1  # units that have to satisfy it (sentences, when the unit is the article)


Condition = Leaf | Group


@dataclass(frozen=True, slots=True)
class Found:
    """Where a condition holds: sentences (bits) and the words that made it true, as (sentence, hit)."""

    sentences: int
    hits: tuple[tuple[int, Hit], ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Sentences to look at (bits), and of each only the tokens from `low` to `high`."""

    sentences: int
    low: int = 0
    high: int = _END


@dataclass(frozen=True)
class Index:
    """An article's hits, arranged for questions."""

    hits: dict[str, dict[int, list[Hit]]] = field(default_factory=dict)  # concept -> sentence -> hits
    masks: dict[str, int] = field(default_factory=dict)  # concept -> sentences (bits)
    fields: dict[Field, int] = field(default_factory=dict)
    paragraphs: dict[int, int] = field(default_factory=dict)  # paragraph -> sentences (bits)
    count: int = 0  # sentences
    known: dict[int, tuple[Group, int]] = field(default_factory=dict)  # answers of `may_hold`, by identity of the group

    @property
    def everything(self) -> int:
        return (1 << self.count) - 1


def index_of(reading: Reading) -> Index:
    """The index of a reading."""
    index = Index(count=len(reading.sentences))
    for number, sentence in enumerate(reading.sentences):
        bit = 1 << number
        place = sentence.sentence
        index.fields[place.field] = index.fields.get(place.field, 0) | bit
        index.paragraphs[place.paragraph] = index.paragraphs.get(place.paragraph, 0) | bit
        for hit in sentence.hits:
            index.hits.setdefault(hit.concept, {}).setdefault(number, []).append(hit)
            index.masks[hit.concept] = index.masks.get(hit.concept, 0) | bit
    return index


def bits(mask: int) -> Iterator[int]:
    """The positions of the ones, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def find(condition: Condition, index: Index, sentences: int | None = None) -> Found | None:
    """Where `condition` holds among these sentences (default: all of the article), or None where it does not."""
    scope = Scope(index.everything if sentences is None else sentences)
    return find_in(condition, index, scope, ARTICLE)


def find_in(condition: Condition, index: Index, scope: Scope, unit: Unit) -> Found | None:
    """Where `condition` holds in a scope that is one `unit` of the group around it."""
    if isinstance(condition, Leaf):
        return _find_leaf(condition.concept, index, scope)
    inner = condition.within or unit
    if condition.fields:
        scope = Scope(scope.sentences & fields_mask(condition, index), scope.low, scope.high)
    if condition.times > 1 and inner == ARTICLE:
        inner = SENTENCE
    if inner == unit:
        return _hold_together(condition, index, scope, inner)
    found: list[Found] = []
    for part in units_of(condition, inner, index, scope):
        here = _hold_together(condition, index, part, inner)
        if here is not None:
            found.append(Found(here.sentences or part.sentences, here.hits))
    return _union(found) if len(found) >= condition.times else None


def fields_mask(group: Group, index: Index) -> int:
    """The sentences of the article's parts that `in:` names."""
    return reduce(or_, [index.fields.get(name, 0) for name in group.fields], 0)


def _find_leaf(concept: str, index: Index, scope: Scope) -> Found | None:
    mask = index.masks.get(concept, 0) & scope.sentences
    if not mask:
        return None
    by_sentence = index.hits[concept]
    if scope.high == _END:
        return Found(mask, tuple((number, hit) for number in bits(mask) for hit in by_sentence[number]))
    hits = tuple(
        (number, hit)
        for number in bits(mask)
        for hit in by_sentence[number]
        if scope.low <= hit.first and hit.last <= scope.high
    )
    return Found(mask, hits) if hits else None


def _hold_together(group: Group, index: Index, scope: Scope, unit: Unit) -> Found | None:
    """Whether everything in the group holds in this one scope."""
    found: list[Found] = []
    for part in group.all:
        here = find_in(part, index, scope, unit)
        if here is None:
            return None
        found.append(here)
    if group.any:
        some = [here for part in group.any if (here := find_in(part, index, scope, unit)) is not None]
        if not some:
            return None
        found += some
    if group.least:
        several = [here for part in group.of if (here := find_in(part, index, scope, unit)) is not None]
        if len(several) < group.least:
            return None
        found += several
    if any(find_in(part, index, scope, unit) is not None for part in group.none):
        return None
    return _union(found)


def _union(found: list[Found]) -> Found:
    if len(found) == 1:
        return found[0]
    hits = dict.fromkeys(hit for one in found for hit in one.hits)
    return Found(reduce(or_, (one.sentences for one in found), 0), tuple(hits))


def units_of(group: Group, unit: Unit, index: Index, scope: Scope) -> Iterator[Scope]:
    """The pieces of the scope in which the group might hold, one by one."""
    if unit.kind == "article":
        yield scope
    elif unit.kind == "paragraph":
        for paragraph in index.paragraphs.values():
            if paragraph & scope.sentences:
                yield Scope(paragraph & scope.sentences, scope.low, scope.high)
    elif unit.kind == "sentences":
        window = (1 << unit.n) - 1
        for first in bits(scope.sentences):
            yield Scope(window << first & scope.sentences, scope.low, scope.high)
    elif unit.kind == "sentence":
        for number in bits(may_hold(group, index) & scope.sentences):
            yield Scope(1 << number, scope.low, scope.high)
    else:
        for number in bits(may_hold(group, index) & scope.sentences):
            starts = {
                hit.first for concept in concepts_of(group) for hit in index.hits.get(concept, {}).get(number, ())
            }
            for start in sorted(starts):
                if start >= scope.low:
                    yield Scope(1 << number, start, min(start + unit.n - 1, scope.high))


def may_hold(condition: Condition, index: Index) -> int:
    """The sentences (bits) that have the words for `condition`, were each sentence alone: an upper bound, quickly."""
    if isinstance(condition, Leaf):
        return index.masks.get(condition.concept, 0)
    known = index.known.get(id(condition))
    if known is not None:
        return known[1]
    mask = fields_mask(condition, index) if condition.fields else index.everything
    masks = index.masks
    for part in condition.all:
        mask &= masks.get(part.concept, 0) if isinstance(part, Leaf) else may_hold(part, index)
        if not mask:
            break
    for several in (condition.any, condition.of):
        if several and mask:
            some = 0
            for part in several:
                some |= masks.get(part.concept, 0) if isinstance(part, Leaf) else may_hold(part, index)
            mask &= some
    index.known[id(condition)] = condition, mask  # with the group itself: an identity is unique only while it lives
    return mask


def concepts_of(condition: Condition) -> frozenset[str]:
    """Every concept a condition asks for, also those it forbids."""
    if isinstance(condition, Leaf):
        return frozenset((condition.concept,))
    parts = (*condition.all, *condition.any, *condition.none, *condition.of)
    return frozenset().union(*(concepts_of(part) for part in parts))


def in_words(condition: Condition) -> str:
    """A condition in a few words, as the analyst wrote its parts: “border or border_places”."""
    if isinstance(condition, Leaf):
        return condition.shown
    said = [" and ".join(_bracketed(part) for part in condition.all)] if condition.all else []
    if condition.any:
        said.append(" or ".join(_bracketed(part) for part in condition.any))
    if condition.least:
        said.append(f"{condition.least} of " + ", ".join(_bracketed(part) for part in condition.of))
    said += [f"no {_bracketed(part)}" for part in condition.none]
    text = " and ".join(f"({one})" if " or " in one and len(said) > 1 else one for one in said)
    return text + (f" in the {' or '.join(sorted(condition.fields))}" if condition.fields else "")


def _bracketed(condition: Condition) -> str:
    text = in_words(condition)
    return f"({text})" if " and " in text or " or " in text else text
