"""Which language a text is in: what its feed says, its letters, and a detector. Pure.

The detector is py3langid with its bundled model, chosen by measurement (tests/bench/language.py): on headlines it is
right where fastText's small model and CLD2 take Serbian without diacritics for Slovene, Polish or English.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from monitor.log import get_logger
from monitor.text.languages import language_code

_SAMPLE = 400  # characters looked at: more does not change the answer
_LANGUAGES = (
    "sq",
    "sr",
    "hr",
    "bs",
    "mk",
    "en",
    "de",
    "it",
    "fr",
    "es",
    "tr",
    "el",
    "bg",
    "ru",
    "uk",
    "sl",
    "ro",
    "hu",
)
_CYRILLIC = frozenset({"sr", "mk", "bg", "ru", "uk"})
# Letters that only one of the Cyrillic languages has.
_ONLY = {"sr": "ђћ", "mk": "ѓќѕ", "ru": "ыэё", "uk": "іїєґ", "bg": "ъ"}
_PRIOR_ODDS = 20.0  # a feed's own languages against all others: wins over a short headline, not over an article
_CERTAIN = 0.9
_lock = threading.Lock()


def detect_language(text: str, priors: Sequence[str]) -> tuple[str, bool]:
    """The two-letter code of a text's language, and whether that is certain.

    `priors` are the languages its feed and outlet declare. Bosnian, Croatian and Montenegrin are `sr`. Without a
    letter in the text the first prior is the answer, and "" when there is none; neither is certain.
    """
    expected = [code for prior in priors if (code := language_code(prior))]
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters == 0:
        return (expected[0] if expected else ""), False
    cyrillic = sum("Ѐ" <= char <= "ӿ" for char in sample) > letters / 2
    if cyrillic and (only := _by_letters(sample.lower())):
        return only, True
    scores: dict[str, float] = {}
    for code, probability in _rank(sample):
        code = language_code(code)
        if code == "sr" or cyrillic == (code in _CYRILLIC):  # Serbian is written in both scripts
            scores[code] = scores.get(code, 0.0) + probability * (_PRIOR_ODDS if code in expected else 1.0)
    if not scores:
        return (expected[0] if expected else ""), False
    best = max(scores, key=lambda code: scores[code])
    return best, scores[best] / math.fsum(scores.values()) >= _CERTAIN


def _by_letters(lower: str) -> str:
    counts = {code: sum(lower.count(letter) for letter in letters) for code, letters in _ONLY.items()}
    found = [code for code, count in counts.items() if count]
    return found[0] if len(found) == 1 else ""


def _rank(sample: str) -> list[tuple[str, float]]:
    with _lock:
        detector = _detector()
    return detector.rank(sample) if detector else []


@lru_cache(maxsize=1)
def _detector() -> Any:
    """The detector with the languages we may meet; 70 MB, loaded at the first text. None when it cannot be loaded."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:  # it unpacks its model through a temporary file
        get_logger().warning("language detector not loaded, feeds are taken at their word", error=str(error))
        return None
    detector.set_languages(_LANGUAGES)
    detector._full_model = None  # the other 125 languages: 25 MB
    return detector
