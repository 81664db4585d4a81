"""All forms of a proper name, in every language of the region at once, as name keys. Pure.

A name travels: Vučić takes Albanian endings in Prishtina and Thaçi Serbian ones in Belgrade, so every spelling takes
all endings and the name key makes the spellings meet. No dictionary is asked.
"""

from __future__ import annotations

from monitor.rules.definitions import Kind
from monitor.rules.forms import albanian, macedonian, serbian
from monitor.rules.forms.paradigm import data_lines
from monitor.rules.forms.words import word_forms
from monitor.text.folding import marked_name_keys, to_latin, unmarked

_ACRONYM_ENDINGS = (  # KFORit, Kfora, NATOs; behind a hyphen the tokeniser splits them off
    *("a u om e ov ova ovo ove ovi ovog ovom ovoj ovih ovim".split()),
    *("i it in ja së në ve të".split()),
    *("ot ta to".split()),
)
_AFTER_VOWEL = ("s", "n")
SHORT_ACRONYM = 3  # letters
_TYPED_WITHOUT_ACCENT = (("dž", "dz"), ("xh", "dz"))  # Hodzaj is Hodžaj is Hoxhaj


def is_acronym(word: str) -> bool:
    """KFOR, NATO, F16: two letters or more, all of them capitals."""
    return word.isupper() and sum(letter.isalpha() for letter in word) >= 2


def acronym_forms(word: str) -> set[str]:
    """An acronym with the endings that are written onto it without a hyphen.

    Three letters take none: in capitals SADA is "now", not "of the USA".
    """
    if len(word) <= SHORT_ACRONYM:
        return {word}
    endings = _ACRONYM_ENDINGS + (_AFTER_VOWEL if word[-1] in "AEIOU" else ())
    return {word, *(word + ending for ending in endings)}


def given_name_keys() -> frozenset[str]:
    """The name keys of every form of the given names in people/given_names.txt."""
    names = (name for line in data_lines("people/given_names.txt") for name in line)
    return frozenset(key for name in names for key in name_form_keys(name, kind="person"))


def title_forms() -> frozenset[str]:
    """The folded forms of the titles in people/titles.txt, all languages together."""
    lines = data_lines("people/titles.txt")
    return frozenset(form for language, *titles in lines for title in titles for form in word_forms(title, language))


def name_form_keys(word: str, *, kind: Kind = "thing", in_phrase: bool = False) -> frozenset[str]:
    """The name keys, marked and unmarked, of every form of one word of a name.

    Albanian declines a man (Kurti, Kurtit) otherwise than a country (Serbi, Serbisë): `kind` tells them apart. In a
    phrase (Sjedinjene Američke Države) the word may be an adjective or a plural and is inflected as such too.
    """
    latin = to_latin(word)
    forms = serbian.names(latin) | macedonian.names(latin) | albanian.names(latin, kind)
    if in_phrase:
        forms |= serbian.nouns(latin) | serbian.adjectives(latin) | serbian.plural_agreement(latin)
        forms |= albanian.nouns(latin) | albanian.adjectives(latin) | albanian.plural_definite(latin)
    forms |= {short for form in forms for short in albanian.spellings(form)}
    typed = {
        form.replace(sound, letters) for form in forms for sound, letters in _TYPED_WITHOUT_ACCENT if sound in form
    }
    marked = {key for form in forms | typed for key in marked_name_keys(form)}
    return frozenset(key for long in marked for key in unmarked(long))
