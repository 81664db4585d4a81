"""Are two articles the same text, changed a little? Pure. tests/bench/copies.py measures it."""

from __future__ import annotations

from monitor.model import Features
from monitor.stories.differences import figures_differ, people_differ, places_differ, same_furniture
from monitor.stories.features import SKETCH_SIZE
from monitor.stories.keys import SHORT_TEXT

JACCARD = 0.40
CONTAINMENT = 0.50
SHARED_SENTENCES = 2
SHARED_SHARE = 0.30
SHORT_OVERLAP = 0.80  # of the words of two short texts


def is_copy(new: Features, old: Features) -> str:
    """Why the two are the same text, in words; "" when they are not.

    Other figures or another place in the same words make it another text: police reports are written to a pattern.
    """
    if new.content == old.content:
        return "same text"
    reason = _same_text(new, old)
    if reason and (
        same_furniture(new, old)
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
