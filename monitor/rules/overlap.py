"""Which rules fire on the same articles, and which never fire. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Overlap:
    """Counts over some articles."""

    articles: int
    fired: dict[str, int]  # by rule
    alone: dict[str, int]  # articles on which no other rule fired
    together: dict[tuple[str, str], int]  # by two rules, in the order of the alphabet
    never: tuple[str, ...]


def overlap(fired: Iterable[Collection[str]], rules: Iterable[str]) -> Overlap:
    """`fired` has the ids of the rules that fired, once an article."""
    articles, each, alone, together = 0, Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for ids in fired:
        articles += 1
        each.update(ids)
        alone.update(ids if len(ids) == 1 else ())
        together.update(combinations(sorted(ids), 2))
    never = tuple(sorted(rule for rule in rules if rule not in each))
    return Overlap(articles, dict(each), dict(alone), dict(together), never)


def overlap_in_words(found: Overlap) -> str:
    """A few tables in plain text: the rules that fire, the pairs that fire together, the rules that never fire."""
    by_count = sorted(found.fired.items(), key=lambda one: (-one[1], one[0]))
    lines = [f"{found.articles} articles, {sum(found.fired.values())} matches."]
    if by_count:
        lines.append("\nfired  alone  rule")
        lines += [f"{count:5}  {found.alone.get(rule, 0):5}  {rule}" for rule, count in by_count]
    if found.together:
        lines.append("\ntogether")
        for (one, other), count in sorted(found.together.items(), key=lambda pair: (-pair[1], pair[0])):
            share = count / min(found.fired[one], found.fired[other])
            less = one if found.fired[one] <= found.fired[other] else other
            lines.append(f"{count:5}  {one} and {other} ({share:.0%} of {less})")
    if found.never:
        lines.append("\nnever: " + ", ".join(found.never))
    return "\n".join(lines)
