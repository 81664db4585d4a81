"""Near misses: which parts of a condition are all that is missing. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.rules.condition import (
    ARTICLE,
    SENTENCE,
    Condition,
    Group,
    Index,
    Leaf,
    Scope,
    Unit,
    bits,
    fields_mask,
    find_in,
    in_words,
    may_hold,
    units_of,
)


def missing_parts(condition: Condition, index: Index, sentences: int) -> tuple[str, ...]:
    """The parts, in words, each of which alone is missing somewhere for `condition` to hold; () when more is.

    All other parts have to stand together in one unit. Of two parts the first has to be there: it is what the group
    is about, the second ("says", "near the border") is in half of all articles.
    """
    return tuple(dict.fromkeys(_missing(condition, index, Scope(sentences), ARTICLE)))


def _missing(condition: Condition, index: Index, scope: Scope, unit: Unit) -> Iterator[str]:
    if isinstance(condition, Leaf):
        return
    inner = condition.within or unit
    if condition.fields:
        scope = Scope(scope.sentences & fields_mask(condition, index), scope.low, scope.high)
    if not condition.all:
        for part in condition.any:
            yield from _missing(part, index, scope, inner)
        return
    parts = (*condition.all, Group(any=condition.any)) if condition.any else condition.all
    if len(parts) < 2:
        return
    for piece in _pieces(condition, parts, inner, index, scope):
        held = [find_in(part, index, piece, SENTENCE if inner.kind == "words" else inner) is not None for part in parts]
        if held.count(False) == 1 and (len(held) > 2 or held[0]):
            yield in_words(parts[held.index(False)])
        elif all(held) and inner.kind == "words":
            yield f"{in_words(condition)} within {inner.n} words"
        elif all(held) and condition.times > 1:
            yield f"{in_words(condition)} {condition.times} times"


def _pieces(group: Group, parts: tuple[Condition, ...], unit: Unit, index: Index, scope: Scope) -> Iterator[Scope]:
    """The units of the scope that may have all parts but one."""
    if unit.kind not in ("sentence", "words"):
        yield from units_of(group, unit, index, scope)
        return
    for number in bits(scope.sentences & _nearly(parts, index)):
        yield Scope(1 << number, scope.low, scope.high)


def _nearly(parts: tuple[Condition, ...], index: Index) -> int:
    """The sentences (bits) that have the words for all parts but one, or for all."""
    full, but_one = index.everything, 0
    for part in parts:
        mask = may_hold(part, index)
        full, but_one = full & mask, (but_one & mask) | (full & ~mask)
        if not full | but_one:
            break
    return full | but_one
