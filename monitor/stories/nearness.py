"""How likely two articles tell the same event: a pair model with stored weights, and vetoes. Pure. STORIES.md 2.5."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from monitor.model import Features
from monitor.stories.differences import acts_differ, foreign, people_differ, places_differ, same_furniture
from monitor.stories.meaning import meaning_weight
from monitor.stories.rarity import concept_weight, name_weight, word_weight

WEIGHTS_VERSION = 1

OTHER_MEANING = 0.40  # below this, figures that all differ outweigh a shared name
MANY_NAMES = 3  # shared rare ones: a place may have another name in another language, and counts be told apart
SHORT_NEWS = 25  # words; below this an article does not mention everybody
HEADLINE = 18  # words; up to this an article is its headline, which has to be enough
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
    acts: float  # what both headlines say was done
    no_acts: float  # 1 when each headline says something that the other article does not
    short: float  # 1 when one of them is a headline and no more
    days: float
    shared_names: tuple[str, ...] = ()
    shared_numbers: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()


# Logistic weights, found by tests/bench/fit_stories.py (with features that took more capitals for names; fitted again,
# they do as well on texts and worse on bare headlines).
_WEIGHTS = {
    "wording": 2.72,
    "title": 3.0,
    "names": 0.5,
    "numbers": 0.98,
    "cognates": 2.68,
    "meaning": 1.85,
    "no_meaning": -0.85,
    "concepts": 0.5,
    "no_names": -0.42,
    "no_numbers": -0.9,
    "other_language": 1.15,
    "x_names": 0.0,
    "x_cognates": 0.63,
    "x_meaning": 0.58,
    "x_acts": 2.26,
    "x_no_acts": -1.05,
    "short": 0.53,
    "gap": -1.0,
    "both": 0.9,
}
_BIAS = -2.61
JOIN_INPUTS = tuple(_WEIGHTS)
_COMBINED = {"x_names", "x_cognates", "x_meaning", "x_acts", "x_no_acts", "gap", "both"}
_SIGNALS = tuple(name for name in _WEIGHTS if name not in _COMBINED)


def compare(new: Features, old: Features) -> Pair:
    """Everything the pair model looks at."""
    same_language = new.language == old.language
    lead_names, other_names = set(new.lead_names), set(old.lead_names)
    shared_names = set(new.names) & set(old.names)
    rare_a, rare_b = _rare(lead_names), _rare(other_names)
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
        acts=_cosine(new.acts, old.acts, ""),
        no_acts=1.0 if acts_differ(new, old) else 0.0,
        short=1.0 if min(new.size, old.size) <= HEADLINE else 0.0,
        days=abs(new.time - old.time) / 86_400,
        shared_names=tuple(sorted(shared_names, key=lambda key: (-name_weight(key), key))),
        shared_numbers=tuple(sorted(shared_numbers)),
        vetoes=_vetoes(new, old, len(rare_a & rare_b), _rare(shared_names), meaning, wording),
    )


def _rare(names: Iterable[str]) -> set[str]:
    return {key for key in names if name_weight(key) > 0.5}


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
        "x_acts": other * pair.acts,  # in one language the wording says it better
        "x_no_acts": other * pair.no_acts,
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


def _vetoes(
    a: Features, b: Features, lead_names_shared: int, shared: set[str], meaning: float, wording: float
) -> tuple[str, ...]:
    """Why the two cannot be one event although they look alike. Each costs two thirds of the probability.

    `lead_names_shared`: how many rare names both leads have; `shared`: the rare names that both articles have.
    """
    numbers = _shared_numbers(a, b)
    many = len(_values(a.lead_numbers)) >= 2 and len(_values(b.lead_numbers)) >= 2
    shared_place = any(key in b.names for key in a.places) or any(key in a.names for key in b.places)
    same_language = a.language == b.language
    familiar = len(shared) >= MANY_NAMES
    vetoes = []
    if same_furniture(a, b):
        vetoes.append("same outlet, another headline")
    if places_differ(a, b) and not (not same_language and familiar):
        vetoes.append("another place")
    one_form = wording >= ONE_PATTERN or not familiar
    if many and not numbers and one_form and (not lead_names_shared or meaning < OTHER_MEANING):
        vetoes.append("other numbers")
    if wording >= ONE_PATTERN and same_language and people_differ(a, b, entirely=False):
        vetoes.append("same pattern, other names")
    if acts_differ(a, b) and not numbers and shared <= {*a.places, *b.places}:
        vetoes.append("something else at one place")
    if not shared_place and not numbers:
        if foreign(a.speakers, b.lead_names) and foreign(b.speakers, a.lead_names):
            vetoes.append("another speaker")
        elif min(a.size, b.size) >= SHORT_NEWS and people_differ(a, b) and not lead_names_shared:
            vetoes.append("other names")
    return tuple(vetoes)
