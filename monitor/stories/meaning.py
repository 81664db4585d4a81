"""What words mean, across languages: a small dictionary of news words, so that a translation can be recognised. Pure.

The words are in meanings.txt, one meaning a line. "ranjeno", "plagosen", "wounded" and "ранети" all mean `wound`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from monitor.text.folding import fold

VERSION = 1
COMMON = 0.3  # weight of a meaning marked "~"

_COLUMNS = {"en": 0, "sq": 1, "sr": 2, "mk": 2}
_LONGEST_ENDING = 5  # letters a word may go on after its listed beginning


@cache
def _dictionary() -> tuple[tuple[dict[str, frozenset[str]], ...], frozenset[str]]:
    """Beginnings and whole words (with a period) to meanings, one table a column; and the meanings that are common."""
    tables: tuple[dict[str, set[str]], ...] = ({}, {}, {})
    common = set()
    for line in files("monitor.stories").joinpath("meanings.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", "version:")):
            continue
        name, _, words = line.partition(":")
        if name.startswith("~"):
            name = name[1:]
            common.add(name)
        for table, column in zip(tables, words.split("/"), strict=True):
            for word in column.split():
                table.setdefault(fold(word), set()).add(name)
    return tuple({word: frozenset(names) for word, names in table.items()} for table in tables), frozenset(common)


@lru_cache(maxsize=100_000)
def meanings_of(folded: str, language: str) -> frozenset[str]:
    """The meanings of a folded word in a language class; empty for most words."""
    column = _COLUMNS.get(language)
    if column is None:
        return frozenset()
    table = _dictionary()[0][column]
    if found := table.get(folded + "."):
        return found
    for length in range(len(folded), 2, -1):
        if len(folded) - length > _LONGEST_ENDING:
            break
        if found := table.get(folded[:length]):
            return found
    return frozenset()


def meaning_weight(meaning: str) -> float:
    """What a shared meaning is worth in [0, 1]."""
    return COMMON if meaning in _dictionary()[1] else 1.0
