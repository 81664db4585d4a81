"""Tokens: the words of a text, with their places. Pure.

Hyphens separate (NATO-s is NATO and s, Kosovo-Serbia is two words), and so does the English possessive ('s is a token
of its own); an apostrophe elsewhere is part of the word (O'Brien, s'ka).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.text.folding import fold

_MARKS = "\u0300-\u036f\u00ad\u200b-\u200d"  # combining accents and invisible characters belong to their word
_TOKEN = re.compile(rf"\w[\w{_MARKS}]*(?:['’ʼ](?![sS]\b)\w[\w{_MARKS}]*)*|(?<=\w)['’ʼ][sS]\b")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text. `start` and `end` are character offsets; `folded` is what words are compared by."""

    text: str
    start: int
    end: int
    folded: str


def tokenise(text: str) -> tuple[Token, ...]:
    """The words of `text` in order, in time linear in its length."""
    return tuple(Token(word := found[0], found.start(), found.end(), fold(word)) for found in _TOKEN.finditer(text))
