"""All forms of a word as the reader compares them: paradigm tables and form dictionary together, folded. Pure.

Paradigms know words no list has, the dictionary knows the irregular ones; together they find what neither does alone
(recall .973 to 1.000 against .80 to .97).
"""

from __future__ import annotations

from monitor.rules.definitions import Kind, Part
from monitor.rules.forms import albanian, english, macedonian, serbian
from monitor.rules.forms.dictionary import FormDictionary, form_dictionary
from monitor.text.folding import fold, to_latin

LANGUAGES = ("en", "sq", "sr", "mk")
_ADVERBS = frozenset({"sada", "tada", "onda"})  # Serbian, in -a
FUNCTION_WORDS = {
    "en": english.FUNCTION_WORDS,
    "sq": albanian.FUNCTION_WORDS,
    "sr": serbian.FUNCTION_WORDS,
    "mk": macedonian.FUNCTION_WORDS,
}

_SHORT = 3  # letters; the dictionaries list dialect forms so short that they are other words (gjej: gje)


def word_forms(
    word: str, language: str, *, part: Part = "", kind: Kind = "thing", in_phrase: bool = False
) -> frozenset[str]:
    """Every folded form of one dictionary form in one language.

    In a phrase the neighbours keep ambiguity away, so words there may be given in agreement (oružane snage) and are
    inflected more freely. Function words are never inflected.
    """
    written = to_latin(word) if language == "sr" else word
    if written.lower() in FUNCTION_WORDS[language]:
        return frozenset({fold(written)})
    if language == "en":
        return frozenset(map(fold, _english(written, part, conjugated=part == "verb" or kind == "action")))
    make = {"sq": _albanian, "sr": _serbian, "mk": _macedonian}[language]
    return frozenset(fold(form) for form in make(written, part, in_phrase))


def _listed(words: FormDictionary, word: str, in_phrase: bool) -> frozenset[str]:
    """What the dictionary lists under this word.

    A word that is itself a form of another word brings only itself, lest trupa drag in trup; in a phrase it brings
    the other forms of that word.
    """
    base = words.base(word)
    if base and base != word:
        return words.forms(base) if in_phrase else frozenset()
    return frozenset(form for form in words.forms(word) if len(form) > _SHORT or len(word) <= _SHORT)


def _english(word: str, part: Part, *, conjugated: bool) -> set[str]:
    if part in ("adj", "name"):
        return {word}
    forms = english.nouns(word) if part != "verb" else set()
    if conjugated and part != "noun":
        forms |= english.verbs(word) | _listed(form_dictionary("en"), word, in_phrase=False)
    return forms


def _albanian(word: str, part: Part, in_phrase: bool) -> set[str]:
    words = form_dictionary("sq")
    listed = _listed(words, word, in_phrase)
    is_verb = part == "verb" or (part == "" and (albanian.looks_like_verb(word) or f"{word}im" in listed))
    forms = albanian.verbs(word) if is_verb else albanian.nouns(word) if part != "adj" else {word}
    if part == "adj" or in_phrase:
        forms |= albanian.adjectives(word)
    if word[0].isupper():
        forms |= albanian.names(word)
    forms |= listed
    without_ë = {short for form in forms - {word} for short in albanian.spellings(form)}  # premierë is not premier
    return forms | {short for short in without_ë if words.base(short) in ("", word)}


def _serbian(word: str, part: Part, in_phrase: bool) -> set[str]:
    words = form_dictionary("sr")
    forms = _serbian_word(words, word, part, in_phrase)
    for variant in serbian.ijekavian(word):
        if words.base(variant) == variant:
            forms |= _serbian_word(words, variant, part, in_phrase)
    return forms | {form.replace("đ", "d") for form in forms if "đ" in form and not words.base(form.replace("đ", "d"))}


def _serbian_word(words: FormDictionary, word: str, part: Part, in_phrase: bool) -> set[str]:
    listed = _listed(words, word, in_phrase)
    if not in_phrase and part == "" and _is_adverb(words, word):
        return {word}
    if part in ("", "adj") and _is_serbian_participle(words, word):
        return serbian.participles(word)
    if part == "verb" or (part == "" and serbian.looks_like_verb(word)):
        return {form for form in serbian.verbs(word) | listed if not _is_another_word(words, form, word)}
    forms = serbian.adjectives(word) if part == "adj" or in_phrase or word.endswith("i") else {word}
    if part != "adj" and (in_phrase or len(forms) == 1):
        forms |= serbian.nouns(word)
    if word[0].isupper():
        forms |= serbian.names(word)
    return forms | listed


def _is_adverb(words: FormDictionary, word: str) -> bool:
    """sada has no forms but itself; hitno and najnovije belong to an adjective, but mean themselves.

    The dictionary lists many a noun only as itself (brigada, hapšenje): that alone says nothing of words in -a or -je.
    """
    superlative = word.startswith("naj")
    alone = (word in _ADVERBS or (word[-1] in "eou" and not word.endswith("je"))) and words.forms(word) == {word}
    return alone or ((word[-1] == "o" or superlative) and words.base(word) not in ("", word))


def _is_serbian_participle(words: FormDictionary, word: str) -> bool:
    """spaljen belongs to spaliti, nepotvrđen to potvrditi; maskiran is in no dictionary, but -iran is no noun."""
    if not serbian.looks_like_participle(word):
        return False
    base = words.base(word) or words.base(word.removeprefix("ne"))
    return serbian.looks_like_verb(base) if base else word.endswith("iran")


def _is_another_word(words: FormDictionary, form: str, verb: str) -> bool:
    """Is a rare form of this verb in truth a form of a common word?

    The present of a prefixed verb in -iti is rare in the press: izjave are statements. So is the short future, and
    without accents ubiće (will kill) is ubice (killers).
    """
    if serbian.is_prefixed(verb) and verb.endswith("iti") and words.base(form) not in ("", verb):
        return form in serbian.present(verb)
    return form.endswith("će") and words.base(fold(form)) not in ("", verb)


def _macedonian(word: str, part: Part, in_phrase: bool) -> set[str]:
    listed = _listed(form_dictionary("mk"), word, in_phrase)
    if part == "verb" or (part == "" and f"{word}ш" in listed):
        return macedonian.verbs(word) | listed
    if part in ("", "adj") and _is_macedonian_participle(form_dictionary("mk"), word):
        return macedonian.participles(word)
    forms = macedonian.nouns(word) if part != "adj" else {word}
    if part == "adj" or in_phrase or macedonian.looks_like_adjective(word):
        forms |= macedonian.adjectives(word)
    return forms | listed


def _is_macedonian_participle(words: FormDictionary, word: str) -> bool:
    """запален belongs to the verb запали; its forms are запалена, not запална."""
    base = words.base(word)
    return macedonian.looks_like_participle(word) and base not in ("", word) and f"{base}ш" in words.forms(base)
