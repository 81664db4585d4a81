"""A reading: an article's sentences with the concepts and actors found in them. Pure.

`Vocabulary.read` makes it; conditions, the timeline and explanations look at nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from monitor.model import Article, Sentence
from monitor.text.tokens import Token, tokenise

ACTORS = "actors"  # the concept that every hit of an actor also is


class Hit(NamedTuple):
    """Words of one sentence that stand for a concept or an actor. Token indexes, both inclusive."""

    concept: str
    first: int
    last: int


@dataclass(frozen=True)
class SentenceReading:
    """One sentence and what its words stand for; hits in the order of the text."""

    sentence: Sentence
    hits: tuple[Hit, ...] = ()

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words with their places, made when somebody asks: most sentences are never quoted or dated."""
        return tokenise(self.sentence.text)

    def hits_of(self, concepts: Iterable[str]) -> tuple[Hit, ...]:
        """The hits of any of these concepts, in the order of the text."""
        wanted = frozenset(concepts)
        return tuple(hit for hit in self.hits if hit.concept in wanted)

    def words(self, hit: Hit) -> str:
        """The hit's words as they are written."""
        start, end = self.place(hit)
        return self.sentence.text[start:end]

    def place(self, hit: Hit) -> tuple[int, int]:
        """Character offsets of the hit's words in the sentence."""
        return self.tokens[hit.first].start, self.tokens[hit.last].end


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, read with one vocabulary."""

    article: Article
    sentences: tuple[SentenceReading, ...]
