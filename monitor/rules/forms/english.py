"""English words and their forms. Pure.

A noun has a plural; only a verb is conjugated, so that "unit" never becomes "united". The possessive ('s) is a word of
its own for the tokeniser and needs no ending here.
"""

from __future__ import annotations

from monitor.rules.forms.paradigm import by_first, irregular, paradigm, row

NOUNS = (
    paradigm(r"(s|x|z|ch|sh)$", row(r"$", "es")),
    paradigm(r"[^aeiou]y$", row(r"y$", "ies")),
    paradigm(r"[^s]$", row(r"$", "s")),
)

VERBS = (
    paradigm(r"ee$", row(r"$", "s d ing")),
    paradigm(r"ie$", row(r"$", "s d"), row(r"ie$", "ying")),
    paradigm(r"e$", row(r"$", "s d"), row(r"e$", "ing")),
    paradigm(r"[^aeiou]y$", row(r"y$", "ies ied"), row(r"$", "ing")),
    paradigm(r"(s|x|z|ch|sh)$", row(r"$", "es ed ing")),
    paradigm(
        r"^[^aeiou]*[aeiou][^aeiouwxy]$",  # one syllable: stop, stopped
        row(r"$", "s"),
        row(r"(.)$", r"\1\1ed \1\1ing"),
    ),
    paradigm(r"$", row(r"$", "s ed ing")),
)

# Strong verbs that news of this kind uses; the form dictionary knows more.
FUNCTION_WORDS = frozenset(
    "a an the of in on at by to for from with without into over under near along across after before about against and"
    " or not no its their his her our your my is are was were be been being has have had will would that this these"
    " those as if than then up down out off all any some".split()
)


def nouns(word: str) -> set[str]:
    """Singular and plural. A word that is a plural already (forces) is kept as it is."""
    return by_first(word, NOUNS) | irregular("english_plurals").get(word, frozenset())


def verbs(word: str) -> set[str]:
    """All forms of a verb from its infinitive."""
    return set(irregular("english_verbs").get(word, ())) or by_first(word, VERBS)
