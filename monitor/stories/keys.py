"""The keys under which articles find copies of themselves and stories of their event: hashes, stable for ever. Pure."""

from __future__ import annotations

from hashlib import blake2b

from monitor.model import Features
from monitor.stories.rarity import name_weight, word_weight
from monitor.text.tokens import tokenise

SKETCH_KEYS = 24  # smallest shingles by which copies find each other
SHORT_TEXT = 20  # shingles; below this overlap of shingles means nothing
STORY_KEYS = 28


def hash63(*parts: str) -> int:
    """A stable non-negative 63-bit number for a text; fits a signed column of either database."""
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


def copy_keys(features: Features) -> tuple[int, ...]:
    """Keys under which copies of the article are found: the whole text, its smallest shingles, its sentences."""
    keys = [features.content]
    if features.shingles >= SHORT_TEXT:
        keys += [hash63("shingle", str(value)) for value in features.sketch[:SKETCH_KEYS]]
    keys += features.sentences[:24]
    return tuple(dict.fromkeys(keys))


def story_keys(features: Features) -> tuple[tuple[int, float], ...]:
    """The strongest keys under which stories about the same event are found, with their weights, strongest first."""
    lead = set(features.lead_names)
    weights: dict[str, float] = {}
    for key in features.names:
        weights["n:" + key] = name_weight(key) * (3.0 if key in lead else 1.5)
    for number in features.lead_numbers:
        if len(number.partition(" ")[0]) >= 2:
            weights["d:" + number.partition(" ")[0]] = 1.5
    for word in features.lead:
        weight = word_weight(word, features.language) * (1.5 if word in features.title else 1.0)
        weights[f"w:{features.language}:{word}"] = weight
    for cognate in features.cognates:
        weights["c:" + cognate] = 0.7
    strongest = sorted(
        ((weight, key) for key, weight in weights.items() if weight >= 0.3), key=lambda item: (-item[0], item[1])
    )
    return tuple((hash63("story", key), round(weight, 3)) for weight, key in strongest[:STORY_KEYS])


def content_key(text: str) -> int:
    """The content key of a bare text, as `Features.content` has it."""
    return hash63("content", *(token.folded for token in tokenise(text)))
