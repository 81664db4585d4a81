"""How near two articles are: are they the same text, and do they tell the same event? Pure.

`is_copy` compares texts; `pair_features` and `probability` compare what is told (STORIES.md 2.2 and 2.5).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from monitor.model import Features
from monitor.stories.features import SHORT_TEXT, SKETCH_SIZE
from monitor.stories.rarity import concept_weight, name_weight, word_weight

WEIGHTS_VERSION = 1

JACCARD = 0.40
CONTAINMENT = 0.50
SHARED_SENTENCES = 2
SHARED_SHARE = 0.30
SHORT_OVERLAP = 0.80  # of the words of two short texts

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
    concepts: float
    place: float  # 1 when a specific place is shared
    no_names: float  # 1 when both have rare lead names and share none
    no_numbers: float  # 1 when both have numbers in the lead and share none
    other_language: float
    days: float
    shared_names: tuple[str, ...] = ()
    shared_numbers: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()


# Logistic weights; see tests/bench/stories.py for how they were found.
_WEIGHTS = {
    "wording": 9.0,
    "title": 2.0,
    "names": 2.2,
    "rare": 1.4,
    "numbers": 1.4,
    "cognates": 1.5,
    "concepts": 0.8,
    "place": 1.2,
    "no_names": -0.9,
    "no_numbers": -1.0,
    "other_language": -0.4,
    "x_names": 4.0,
    "x_cognates": 3.0,
    "gap": -1.0,
}
_BIAS = -3.6


# --- copies -----------------------------------------------------------------------------------------------------


def is_copy(new: Features, old: Features) -> str:
    """Why the two are the same text, in words; "" when they are not.

    Other figures or another place in the same words make it another text: police reports are written to a pattern.
    """
    if new.content == old.content:
        return "same text"
    reason = _same_text(new, old)
    if reason and (places_differ(new, old) or figures_differ(new, old)):
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
    """Do both leads name a specific place that the other article does not mention at all?"""
    return bool(a.places and b.places) and not (set(a.places) & set(b.names) or set(b.places) & set(a.names))


def figures_differ(a: Features, b: Features) -> bool:
    """Does each lead have a figure with a known unit, and is none of them shared?"""
    first, second = (_counted(f) for f in (a, b))
    return bool(first and second) and not first & second


def _counted(features: Features) -> set[str]:
    return {number for number in features.lead_numbers if " " in number}


# --- events -----------------------------------------------------------------------------------------------------


def compare(new: Features, old: Features) -> Pair:
    """Everything the pair model looks at."""
    same_language = new.language == old.language
    language = new.language

    def weigh_word(word: str) -> float:
        return word_weight(word, language)

    lead_names, other_names = set(new.lead_names), set(old.lead_names)
    shared_names = set(new.names) & set(old.names)
    rare_a = {key for key in lead_names if name_weight(key) > 0.5}
    rare_b = {key for key in other_names if name_weight(key) > 0.5}
    strength = sum(name_weight(key) * (1.0 if key in lead_names or key in other_names else 0.4) for key in shared_names)
    shared_numbers = _shared_numbers(new, old)
    values_a, values_b = _values(new.lead_numbers), _values(old.lead_numbers)
    return Pair(
        wording=_cosine(new.lead, old.lead, weigh_word) if same_language else 0.0,
        title=_cosine(new.title, old.title, weigh_word) if same_language else 0.0,
        names=_cosine(lead_names, other_names, name_weight),
        rare=1.0 - math.exp(-strength / 2.0),
        numbers=1.0 - math.exp(-len(shared_numbers) / 1.5),
        cognates=_cosine(new.cognates, old.cognates, lambda _: 1.0),
        concepts=_cosine(new.concepts, old.concepts, concept_weight),
        place=1.0 if set(new.places) & other_names or set(old.places) & lead_names else 0.0,
        no_names=1.0 if rare_a and rare_b and not rare_a & rare_b else 0.0,
        no_numbers=1.0 if values_a and values_b and not values_a & values_b else 0.0,
        other_language=0.0 if same_language else 1.0,
        days=abs(new.time - old.time) / 86_400,
        shared_names=tuple(sorted(shared_names, key=lambda key: (-name_weight(key), key))),
        shared_numbers=tuple(sorted(shared_numbers)),
        vetoes=_vetoes(new, old, bool(rare_a & rare_b)),
    )


def probability(pair: Pair) -> float:
    """How likely the two articles tell the same event, in [0, 1]; vetoes are applied."""
    w = _WEIGHTS
    score = _BIAS + sum(
        w[name] * getattr(pair, name)
        for name in (
            "wording",
            "title",
            "names",
            "rare",
            "numbers",
            "cognates",
            "concepts",
            "place",
            "no_names",
            "no_numbers",
            "other_language",
        )
    )
    score += pair.other_language * (w["x_names"] * pair.names + w["x_cognates"] * pair.cognates)
    score += w["gap"] * math.log1p(pair.days)
    return round(VETO ** len(pair.vetoes) / (1.0 + math.exp(-score)), 6)


def _cosine(a: Iterable[str], b: Iterable[str], weigh: Callable[[str], float]) -> float:
    first, second = set(a), set(b)
    shared = sum(weigh(item) ** 2 for item in first & second)
    if not shared:
        return 0.0
    return shared / math.sqrt(sum(weigh(item) ** 2 for item in first) * sum(weigh(item) ** 2 for item in second))


def _values(numbers: Iterable[str]) -> set[str]:
    return {number.partition(" ")[0] for number in numbers}


def _shared_numbers(a: Features, b: Features) -> set[str]:
    """Shared figures: with two digits, or small ones that count the same thing."""
    values = {value for value in _values(a.numbers) & _values(b.numbers) if len(value) >= 2}
    return values | {number for number in set(a.numbers) & set(b.numbers) if " " in number and number[1] == " "}


def _vetoes(a: Features, b: Features, rare_name_shared: bool) -> tuple[str, ...]:
    vetoes = []
    numbers = _shared_numbers(a, b)
    shared_place = bool(set(a.places) & set(b.names) or set(b.places) & set(a.names))
    if places_differ(a, b):
        vetoes.append("another place")
    if not rare_name_shared and len(_values(a.lead_numbers)) >= 2 and len(_values(b.lead_numbers)) >= 2 and not numbers:
        vetoes.append("other numbers")
    if a.speakers and b.speakers and not shared_place and not numbers:
        speakers, others = set(a.speakers), set(b.speakers)
        if not (speakers & set(b.lead_names) or others & set(a.lead_names)):
            vetoes.append("another speaker")
    return tuple(vetoes)
