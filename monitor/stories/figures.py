"""Figures of one story that contradict each other, in the words of those who give them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model import Article
from monitor.stories.features import LEAD_SENTENCES
from monitor.text.numbers import FoundNumber, find_numbers, unit_of
from monitor.text.tokens import Token, tokenise

# Of one event there is one number of these; hours and percentages there may be many.
EXACT = frozenset("soldier police attacker killed wounded arrested vehicle aircraft weapon".split())
FATES = frozenset({"killed", "wounded", "arrested"})  # "two soldiers were injured" does not count the soldiers
DENIALS = {
    "en": frozenset("not no never neither nor".split()),
    "sq": frozenset("nuk s asnje as".split()),
    "sr": frozenset("nije nisu ne nema nijedan ni".split()),
    "mk": frozenset("ne nema nitu nieden".split()),
}
MOST = 3  # that are set side by side
LONGEST = 60  # characters of words

_Kind = tuple[str, ...]  # what is counted, and what became of it: ("soldier", "wounded")


@dataclass(frozen=True, slots=True)
class Figure:
    """What an article says of how many: `words` stand in it verbatim ("12 heavily armed men")."""

    article: str
    unit: str
    value: str
    words: str


def contradictions(articles: Iterable[Article]) -> tuple[Figure, ...]:
    """The figures of one kind on which outlets disagree, oldest first; () when none do.

    Title and lead are read. Of an outlet its last word on a kind counts: who corrects itself contradicts nobody. An
    article that gives several figures of a kind ("5 hurt, 2 of them badly") contradicts another only when they have
    none in common. What a sentence denies ("it is not true that 250 soldiers …") is not said.
    """
    said: dict[_Kind, dict[str, list[Figure]]] = defaultdict(dict)  # of each kind: the last word of each outlet
    for article in sorted(articles, key=lambda item: (item.published, item.id)):
        for kind, found in _figures(article).items():
            said[kind].pop(article.outlet, None)
            said[kind][article.outlet] = found
    for kind in sorted(said, key=lambda kind: (-len(said[kind]), kind)):
        apart: list[list[Figure]] = []
        for figures in said[kind].values():
            values = {figure.value for figure in figures}
            if all(values.isdisjoint(other.value for other in others) for others in apart):
                apart.append(figures)
        if len(apart) > 1:
            return tuple(figures[0] for figures in apart[:MOST])
    return ()


def _figures(article: Article) -> dict[_Kind, list[Figure]]:
    """The figures of headline and lead that are exact, by what they count, in reading order."""
    found: dict[_Kind, list[Figure]] = defaultdict(list)
    for sentence in article.sentences[: LEAD_SENTENCES + 1]:
        tokens = tokenise(sentence.text)
        if not DENIALS.get(article.language, frozenset()).isdisjoint(token.folded for token in tokens):
            continue
        fates = frozenset(unit_of(token.folded) for token in tokens) & FATES
        for number in find_numbers(sentence.text, article.language, tokens):
            words = _words(sentence.text, tokens, number)
            if number.unit in EXACT and words:
                kind = (number.unit, *sorted(fates))
                found[kind].append(Figure(article.id, number.unit, number.value, words))
    return found


def _words(text: str, tokens: tuple[Token, ...], number: FoundNumber) -> str:
    """The number and everything up to what it counts, "" when that is too far away."""
    after = (token for token in tokens if token.start >= number.end)
    end = next((token.end for token in after if unit_of(token.folded) == number.unit), 0)
    return text[number.start : end] if 0 < end - number.start <= LONGEST else ""
