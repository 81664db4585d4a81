"""Language codes as this program writes them. Pure."""

from __future__ import annotations

_SAME = {
    "bs": "sr",
    "hr": "sr",
    "cnr": "sr",
    "sh": "sr",
    "hbs": "sr",
    "srp": "sr",
    "bos": "sr",
    "hrv": "sr",
    "me": "sr",
} | {
    "al": "sq",  # the country's code, often written for the language's
    "sqi": "sq",
    "alb": "sq",
    "mkd": "mk",
    "eng": "en",
}


def language_code(tag: str) -> str:
    """The two-letter code of a language tag as feeds and pages declare it (`sr-Latn-RS`, `en_US`, `BS`), "" if none.

    Bosnian, Croatian and Montenegrin are `sr`: one language for the words that rules look for.
    """
    primary = tag.strip().lower().replace("_", "-").partition("-")[0]
    primary = _SAME.get(primary, primary)
    return primary if len(primary) == 2 and primary.isascii() and primary.isalpha() else ""
