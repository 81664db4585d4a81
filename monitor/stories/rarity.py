"""How much a word, a name or a concept says about which event a text tells: rare ones much, common ones little. Pure.

General-news frequencies make "Kosovo" look rare, so the tables are of this domain and shipped, versioned, with the
program: stored features and replays depend on them. Frequency classes of words are in common_words.json, names in
common_names.json.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from monitor.stories.meaning import meaning_weight, meanings_of
from monitor.text.folding import fold
from monitor.text.names import name_key

VERSION = 1

_CLASS = {"bs": "sr", "hr": "sr", "cnr": "sr", "sh": "sr"}
_DOMAIN_WORD = 0.3  # weight of a word that nearly every article of this desk has

_NAME_WEIGHTS = (("frequent", 0.45), ("everywhere", 0.1))  # kinds of names in common_names.json


def language_class(language: str) -> str:
    """Languages whose words compare: bs, hr and sr are one."""
    code = language.partition("-")[0].lower()
    return _CLASS.get(code, code)


def stem(folded: str, language: str) -> str:
    """A folded word without its commonest endings. Crude on purpose: it only has to make forms of one word meet."""
    if language == "en":
        return _english(folded)
    return folded[:5] if len(folded) <= 7 else folded[:6]


_ENGLISH_ENDINGS = (  # and how much of the word must be left
    ("ingly", 4),
    ("ing", 4),
    ("ied", 3),
    ("ies", 3),
    ("edly", 4),
    ("ed", 4),
    ("es", 4),
    ("s", 3),
    ("ly", 4),
)


def _english(word: str) -> str:
    for ending, keep in _ENGLISH_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= keep and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    return word.rstrip("e") if len(word) > 4 else word


def _table(name: str) -> Any:
    return json.loads(files("monitor.stories").joinpath(name).read_text(encoding="utf-8"))


@cache
def _common_words() -> dict[str, dict[str, int]]:
    return {
        language: {word: int(level) for level, words in levels.items() for word in words.split()}
        for language, levels in _table("common_words.json")["words"].items()
    }


def commonness(word: str, language: str) -> int:
    """0 for a rare stem to 9 for one in every sentence; each step is twice as frequent."""
    return _common_words().get(language, {}).get(word, 0)


@lru_cache(maxsize=100_000)
def word_weight(word: str, language: str) -> float:
    """What a stem is worth in [0, 1]."""
    if len(word) < 3:
        return 0.0
    weight = max(0.0, 1.0 - commonness(word, language) / 8.0)
    return min(weight, _DOMAIN_WORD) if _of_the_domain(word, language) else weight


@cache
def _name_stems() -> dict[str, frozenset[str]]:
    """Stems of the names that are everywhere, by language class."""
    return {
        language: frozenset(stem(fold(name), language) for name in names.split())
        for language, names in _table("common_names.json")["everywhere"].items()
    }


def _of_the_domain(word: str, language: str) -> bool:
    """Is this stem a common name or meaning of this desk: Kosovo, border, police? In general news they are rare."""
    if word in _name_stems().get(language, ()):
        return True
    meanings = meanings_of(word, language)
    return bool(meanings) and all(meaning_weight(meaning) < 1.0 for meaning in meanings)


@cache
def _name_weights() -> dict[str, float]:
    weights: dict[str, float] = {}
    table = _table("common_names.json")
    for kind, weight in _NAME_WEIGHTS:
        for language, names in table[kind].items():
            for name in names.replace("-", " ").split():
                weights.update(dict.fromkeys(name_key(name, language), weight))
    return weights


def name_weight(key: str) -> float:
    """What a name key is worth in [0, 1]; 1 for a name that is not known to be common."""
    return _name_weights().get(key, 1.0 if len(key) > 2 else 0.5)


_CONCEPTS_EVERYWHERE = frozenset(
    "actors kosovo_side serbia_side kosovo_serb other_countries nato kfor border troops police statement incident"
    " united_states kosovo_police".split()
)


def concept_weight(concept: str) -> float:
    """What a matched concept is worth in [0, 1]: background concepts nearly nothing."""
    return 0.15 if concept in _CONCEPTS_EVERYWHERE else 0.5
