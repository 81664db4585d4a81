"""Proper names in running text, and a key under which their spellings and case forms meet. Pure.

The key is a skeleton of consonants: Zvečan, Zveçanit and Zvecan share `zvkn`; Vučić, Vuçiq and Вучиќ share `vkk`.
Short skeletons keep their vowels, because `rm` would be Rama, Roma and Rim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from monitor.text.folding import name_keys, to_latin
from monitor.text.tokens import Token, tokenise

_VOWELS = str.maketrans("", "", "aeiouj'")
_DOUBLED = re.compile(r"(.)\1+")
_SUFFIX = re.compile(r"(?:'s|s')$")
# Case endings that carry a consonant; endings that are vowels vanish in the skeleton anyway.
_ENDINGS = {
    "sr": re.compile(r"(?:ijem|ijev[aeiou]?|jem|om|em|og|oga|oj|im|ima|ama|ovi[mh]?|evi[mh]?)$"),
    "sq": re.compile(r"(?:ëve|ave|eve|ive|ës|ësë|së|ën|it|ut|ës|it)$"),
    "mk": re.compile(r"(?:от|та|то|те|ot|ta|to)$"),
}
_MAYBE = {"sq": re.compile(r"(?:in|un|an|as|es|is)$")}  # case endings, or the end of a name: both keys are kept
_ALIASES = {  # one name, different letters
    **dict.fromkeys(("shba", "sad", "usa", "us", "сад", "ssha"), "usa"),
    **dict.fromkeys(("be", "eu", "еу", "ue"), "eu"),
    **dict.fromkeys(("okb", "un", "oun", "он", "оон", "kombet", "oon", "on"), "uno"),
    **dict.fromkeys(("osbe", "osce", "oebs", "oess", "обсе", "obse"), "osce"),
    **dict.fromkeys(("uk", "mb", "vb"), "brtn"),
}
_ACRONYM = re.compile(r"^[A-ZА-ЯЁЂЈЉЊЋЏЃЌЅЧШŽČĆŠĐËÇ]{2,6}$")


@dataclass(frozen=True, slots=True)
class FoundName:
    """A run of capitalised words. `keys` has one set of keys per word; `opens` says the run begins the sentence."""

    text: str
    start: int
    end: int
    keys: tuple[frozenset[str], ...]
    words: tuple[str, ...]  # folded
    opens: bool


@lru_cache(maxsize=100_000)
def name_key(word: str, language: str) -> frozenset[str]:
    """The keys of one word of a name: usually one, two where an Albanian ending may also be the end of the name."""
    latin = _SUFFIX.sub("", to_latin(word).replace("’", "'"))
    if _ACRONYM.match(latin) and latin.lower() in _ALIASES:
        return frozenset({_ALIASES[latin.lower()]})
    lower = latin.lower()
    ending = _ENDINGS.get(language)
    cut = ending.sub("", lower) if ending and not latin.isupper() else lower
    bases = {cut if len(cut) >= 3 else lower}
    maybe = _MAYBE.get(language)
    if maybe and len(lower) > 4 and maybe.search(lower):
        bases.add(maybe.sub("", lower))
    return frozenset(_skeleton(base) for base in bases)


def _skeleton(word: str) -> str:
    if len(word) > 3 and word[1] == "'":  # O'Brien
        word = word[2:]
    key = min(name_keys(word), key=lambda found: (len(found), found)).replace("'", "")
    key = key.replace("c", "k")
    if key[:2] in {"ua", "ue", "ui", "uo"}:  # Uashington, Uells
        key = "v" + key[1:]
    bones = _DOUBLED.sub(r"\1", key[1:]).translate(_VOWELS) if key else ""
    bones = key[:1] + bones
    if len(bones) >= 3:
        return bones
    return key.rstrip("aeiou") if len(key) > 3 else key


def find_names(text: str, language: str, tokens: tuple[Token, ...] | None = None) -> tuple[FoundName, ...]:
    """The runs of capitalised words of one sentence, in order. The first word of a sentence counts, marked `opens`.

    `tokens`: those of the text, when the caller has them.
    """
    tokens = tokenise(text) if tokens is None else tokens
    runs: list[FoundName] = []
    run: list[Token] = []
    for token in tokens:
        if run and not (_is_name(token) and text[run[-1].end : token.start] in {" ", "-", "\u00a0", "–"}):
            runs.append(_found(run, text, tokens, language))
            run = []
        if _is_name(token):
            run.append(token)
    if run:
        runs.append(_found(run, text, tokens, language))
    return tuple(runs)


def _is_name(token: Token) -> bool:
    return token.text[0].isupper() and len(token.text) > 1


def _found(run: list[Token], text: str, tokens: tuple[Token, ...], language: str) -> FoundName:
    return FoundName(
        text[run[0].start : run[-1].end],
        run[0].start,
        run[-1].end,
        tuple(name_key(token.text, language) for token in run),
        tuple(token.folded for token in run),
        run[0] is tokens[0],
    )
