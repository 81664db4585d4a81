"""How near two articles are: are they the same text, and do they tell the same event? Pure.

`is_copy` compares texts; `pair_features` and `probability` compare what is told (STORIES.md 2.2 and 2.5).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from monitor.model import Features
from monitor.stories.features import SHORT_TEXT, SKETCH_SIZE
from monitor.stories.meaning import meaning_weight
from monitor.stories.rarity import concept_weight, name_weight, word_weight

WEIGHTS_VERSION = 1

JACCARD = 0.40
CONTAINMENT = 0.50
SHARED_SENTENCES = 2
SHARED_SHARE = 0.30
SHORT_OVERLAP = 0.80  # of the words of two short texts

OTHER_MEANING = 0.40  # below this, figures that all differ outweigh a shared name
MANY_NAMES = 3  # shared rare ones: places may have another name in another language
SHORT_NEWS = 25  # words; below this an article does not mention everybody
ONE_PATTERN = 0.50  # wording from which two texts may be one form filled in twice
VETO = 0.35  # a veto multiplies the probability by this


@dataclass(frozen=True, slots=True)
class Pair:
    """How two articles compare; what is shared is kept in words for the explanation."""

    wording: float
    title: float
    names: float
    rare: float  # weight of shared names that are not common, saturating at 1
    numbers: float
    cognates: float
    meaning: float
    no_meaning: float  # 1 when both have meanings that are not common, and share none
    concepts: float
    no_names: float  # 1 when both have rare lead names and share none
    no_numbers: float  # 1 when both have numbers in the lead and share none
    other_language: float
    days: float
    shared_names: tuple[str, ...] = ()
    shared_numbers: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()


# Logistic weights, found by tests/bench/fit_stories.py.
_WEIGHTS = {
    "wording": 2.54,
    "title": 3.01,
    "names": 0.56,
    "numbers": 0.93,
    "cognates": 3.83,
    "meaning": 3.0,
    "no_meaning": -0.76,
    "concepts": 0.5,
    "no_names": -0.43,
    "no_numbers": -0.9,
    "other_language": -0.28,
    "x_names": 0.65,
    "x_cognates": 0.86,
    "x_meaning": 2.51,
    "gap": -1.0,
    "both": 0.64,
}
_BIAS = -3.04
JOIN_INPUTS = tuple(_WEIGHTS)
_SIGNALS = tuple(name for name in _WEIGHTS if name not in {"x_names", "x_cognates", "x_meaning", "gap", "both"})


# --- copies -----------------------------------------------------------------------------------------------------


def is_copy(new: Features, old: Features) -> str:
    """Why the two are the same text, in words; "" when they are not.

    Other figures or another place in the same words make it another text: police reports are written to a pattern.
    """
    if new.content == old.content:
        return "same text"
    reason = _same_text(new, old)
    if reason and (
        _same_furniture(new, old)
        or places_differ(new, old)
        or people_differ(new, old, entirely=False)
        or figures_differ(new, old)
    ):
        return ""
    return reason


def _same_text(new: Features, old: Features) -> str:
    shared = len(set(new.sentences) & set(old.sentences))
    fewer = min(len(new.sentences), len(old.sentences))
    if new.shingles < SHORT_TEXT or old.shingles < SHORT_TEXT:
        if new.language != old.language or min(new.size, old.size) < 8:
            return ""
        overlap = len(set(new.lead) & set(old.lead)) / max(1, len(set(new.lead) | set(old.lead)))
        return f"{overlap:.0%} of the words are the same" if overlap >= SHORT_OVERLAP else ""
    jaccard, containment = overlap_of(new, old)
    if jaccard >= JACCARD:
        return f"{jaccard:.0%} of the wording is the same"
    if containment >= CONTAINMENT:
        return f"{containment:.0%} of the shorter text stands in the longer one"
    if shared >= SHARED_SENTENCES and shared / max(1, fewer) >= SHARED_SHARE:
        return f"{shared} sentences are the same"
    return ""


def overlap_of(a: Features, b: Features) -> tuple[float, float]:
    """Estimated Jaccard overlap of the shingles, and the share of the shorter text's shingles in the longer one's."""
    first, second = set(a.sketch), set(b.sketch)
    limit = min((f.sketch[-1] for f in (a, b) if f.shingles > SKETCH_SIZE and f.sketch), default=1 << 32)
    union = [value for value in first | second if value <= limit]
    if not union:
        return 0.0, 0.0
    shared = sum(1 for value in first & second if value <= limit)
    jaccard = shared / len(union)
    both = jaccard * (a.shingles + b.shingles) / (1 + jaccard)  # size of the intersection
    return jaccard, min(1.0, both / max(1, min(a.shingles, b.shingles)))


def places_differ(a: Features, b: Features) -> bool:
    """Does each lead begin with a specific place that the other article does not mention at all?"""
    return _foreign(a.first_place, b.names) and _foreign(b.first_place, a.names)


def people_differ(a: Features, b: Features, *, entirely: bool = True) -> bool:
    """Does each headline name somebody or something that the other article does not mention?

    `entirely`: and nobody that it does. Without it, texts of one pattern are told apart by the one name that changes.
    """
    if entirely:
        return _foreign(a.title_names, b.names) and _foreign(b.title_names, a.names)
    return not set(a.title_names) <= set(b.names) and not set(b.title_names) <= set(a.names)


def _same_furniture(a: Features, b: Features) -> bool:
    """One outlet, nothing in common in the headlines: what the texts share is then the outlet's page around them."""
    if not a.outlet or a.outlet != b.outlet or set(a.title) & set(b.title):
        return False
    return not (set(a.title_names) & set(b.names) or set(b.title_names) & set(a.names))


def _foreign(keys: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return bool(keys) and not any(key in others for key in keys)


def figures_differ(a: Features, b: Features) -> bool:
    """Does each lead have figures with a known unit, and does the other article have none of them?"""
    return _foreign(_counted(a), b.numbers) and _foreign(_counted(b), a.numbers)


def _counted(features: Features) -> tuple[str, ...]:
    return tuple(number for number in features.lead_numbers if " " in number)


# --- events -----------------------------------------------------------------------------------------------------


def compare(new: Features, old: Features) -> Pair:
    """Everything the pair model looks at."""
    same_language = new.language == old.language
    lead_names, other_names = set(new.lead_names), set(old.lead_names)
    shared_names = set(new.names) & set(old.names)
    rare_a = {key for key in lead_names if name_weight(key) > 0.5}
    rare_b = {key for key in other_names if name_weight(key) > 0.5}
    strength = sum(name_weight(key) * (1.0 if key in lead_names or key in other_names else 0.4) for key in shared_names)
    shared_numbers = _shared_numbers(new, old)
    wording = _cosine(new.lead, old.lead, new.language) if same_language else 0.0
    meaning = _cosine(new.meanings, old.meanings, "meaning")
    values_a, values_b = _values(new.lead_numbers), _values(old.lead_numbers)
    return Pair(
        wording=wording,
        title=_cosine(new.title, old.title, new.language) if same_language else 0.0,
        names=_cosine(new.lead_names, old.lead_names, "name"),
        rare=1.0 - math.exp(-strength / 2.0),
        numbers=1.0 - math.exp(-len(shared_numbers) / 1.5),
        cognates=_cosine(new.cognates, old.cognates, ""),
        meaning=meaning,
        no_meaning=1.0 if _telling(new) and _telling(old) and not _telling(new) & _telling(old) else 0.0,
        concepts=_cosine(new.concepts, old.concepts, "concept"),
        no_names=1.0 if rare_a and rare_b and not rare_a & rare_b else 0.0,
        no_numbers=1.0 if values_a and values_b and not values_a & values_b else 0.0,
        other_language=0.0 if same_language else 1.0,
        days=abs(new.time - old.time) / 86_400,
        shared_names=tuple(sorted(shared_names, key=lambda key: (-name_weight(key), key))),
        shared_numbers=tuple(sorted(shared_numbers)),
        vetoes=_vetoes(new, old, len(rare_a & rare_b), meaning, wording),
    )


def _telling(features: Features) -> set[str]:
    return {meaning for meaning in features.meanings if meaning_weight(meaning) > 0.5}


def inputs(pair: Pair) -> dict[str, float]:
    """What the model weighs, by name: the signals, and how they go together."""
    other = pair.other_language
    who, what = max(pair.names, pair.rare), max(pair.meaning, pair.wording, pair.cognates)
    found = {name: getattr(pair, name) for name in _SIGNALS}
    return found | {
        "x_names": other * pair.names,
        "x_cognates": other * pair.cognates,
        "x_meaning": other * pair.meaning,
        "gap": math.log1p(pair.days),
        "both": who * what,
    }


def probability(pair: Pair) -> float:
    """How likely the two articles tell the same event, in [0, 1]; vetoes are applied."""
    given = inputs(pair)
    score = _BIAS + sum(weight * given[name] for name, weight in _WEIGHTS.items())
    return round(VETO ** len(pair.vetoes) / (1.0 + math.exp(-score)), 6)


def _cosine(a: tuple[str, ...], b: tuple[str, ...], kind: str) -> float:
    """Cosine of two sets of weighted items. `kind`: what they are, or the language class of stems."""
    if not a or not b:
        return 0.0
    first, norm = _weighed(a, kind)
    second, other_norm = _weighed(b, kind)
    if len(second) < len(first):
        first, second = second, first
    shared = 0.0
    for item, weight in first.items():
        if item in second:
            shared += weight
    return shared / math.sqrt(norm * other_norm) if shared else 0.0


@lru_cache(maxsize=8192)
def _weighed(items: tuple[str, ...], kind: str) -> tuple[dict[str, float], float]:
    """The squared weight of each item, and their sum. The same members are compared again and again."""
    squares = {item: _weight(item, kind) ** 2 for item in items}
    return squares, sum(squares.values())


def _weight(item: str, kind: str) -> float:
    if kind == "name":
        return name_weight(item)
    if kind == "meaning":
        return meaning_weight(item)
    if kind == "concept":
        return concept_weight(item)
    return word_weight(item, kind) if kind else 1.0


def _values(numbers: Iterable[str]) -> set[str]:
    return {number.partition(" ")[0] for number in numbers}


def units_of(numbers: Iterable[str]) -> dict[str, set[str]]:
    """What each figure counts: 19 hours are not 19 vehicles. "" = not known."""
    units: dict[str, set[str]] = {}
    for number in numbers:
        value, _, unit = number.partition(" ")
        units.setdefault(value, set()).add(unit)
    return units


def _shared_numbers(a: Features, b: Features) -> set[str]:
    """Shared figures: with two digits, or small ones that count the same thing (of hours and days there are many)."""
    mine, theirs = units_of(a.numbers), units_of(b.numbers)
    values = {
        value
        for value in mine.keys() & theirs.keys()
        if len(value) >= 2 and (mine[value] & theirs[value] or "" in mine[value] | theirs[value])
    }
    small = {number for number in set(a.numbers) & set(b.numbers) if number[1:2] == " " and number[2:] != "time"}
    return values | small


def _vetoes(a: Features, b: Features, rare_names_shared: int, meaning: float, wording: float) -> tuple[str, ...]:
    """Why the two cannot be one event although they look alike. Each costs two thirds of the probability."""
    numbers = _shared_numbers(a, b)
    many = len(_values(a.lead_numbers)) >= 2 and len(_values(b.lead_numbers)) >= 2
    shared_place = any(key in b.names for key in a.places) or any(key in a.names for key in b.places)
    vetoes = []
    if _same_furniture(a, b):
        vetoes.append("same outlet, another headline")
    if places_differ(a, b) and not (a.language != b.language and rare_names_shared >= MANY_NAMES):
        vetoes.append("another place")
    if many and not numbers and (not rare_names_shared or meaning < OTHER_MEANING):
        vetoes.append("other numbers")
    if wording >= ONE_PATTERN and a.language == b.language and people_differ(a, b, entirely=False):
        vetoes.append("same pattern, other names")
    if not shared_place and not numbers:
        if _foreign(a.speakers, b.lead_names) and _foreign(b.speakers, a.lead_names):
            vetoes.append("another speaker")
        elif min(a.size, b.size) >= SHORT_NEWS and people_differ(a, b) and not rare_names_shared:
            vetoes.append("other names")
    return tuple(vetoes)
