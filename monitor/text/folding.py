"""Folding: one plain form for a word in any of our scripts and spellings. Pure.

`fold` makes words comparable, `to_latin` makes them readable, `name_keys` makes the spellings of one proper name equal.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Serbian and Macedonian Cyrillic; the last line are letters of neighbouring languages that turn up in names.
_CYRILLIC = dict(zip("абвгдежзијклмнопрстуфхцш", "abvgdežzijklmnoprstufhcš", strict=True))
_CYRILLIC |= {"ђ": "đ", "љ": "lj", "њ": "nj", "ћ": "ć", "ч": "č", "џ": "dž"}
_CYRILLIC |= {"ѓ": "gj", "ќ": "kj", "ѕ": "dz", "ѝ": "i", "ѐ": "e"}
_CYRILLIC |= {"й": "j", "щ": "šč", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "ju", "я": "ja", "ё": "jo"}
_SPECIAL = {
    "đ": "dj",
    "ð": "d",
    "ø": "o",
    "ł": "l",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "’": "'",
    "ʼ": "'",
    "ʹ": "'",
}
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphens and zero-width characters inside words
_ACCENTED = (range(0x41, 0x5B), range(0xC0, 0x250), range(0x1E00, 0x1F00))  # Latin with and without diacritics
_COMBINING = range(0x300, 0x370)


def _plain(char: str) -> str:
    """One lower-case Latin letter without its diacritics."""
    char = char.lower()
    if char in _SPECIAL:
        return _SPECIAL[char]
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))


def _fold_table() -> dict[int, str]:
    table = {code: _plain(chr(code)) for codes in _ACCENTED for code in codes}
    for cyrillic, latin in _CYRILLIC.items():
        table[ord(cyrillic)] = table[ord(cyrillic.upper())] = "".join(map(_plain, latin))
    table.update({ord(char): plain for char, plain in _SPECIAL.items()})
    table.update(dict.fromkeys([*_COMBINING, *map(ord, _INVISIBLE)], ""))
    return table


def _latin_table() -> dict[int, str]:
    table = {ord(cyrillic): latin for cyrillic, latin in _CYRILLIC.items()}
    return table | {ord(cyrillic.upper()): latin.capitalize() for cyrillic, latin in _CYRILLIC.items()}


_FOLD = _fold_table()
_LATIN = _latin_table()
_HALF_CAPITAL = re.compile(r"(?<=[^\W\d_a-zčćžšđ])(?:Lj|Nj|Dž|Gj|Kj|Dz)|(?:Lj|Nj|Dž|Gj|Kj|Dz)(?=[A-ZČĆŽŠĐ])")


def fold(text: str) -> str:
    """`text` in lower-case Latin letters without diacritics: the same for Косово and Kosovo, Vučić and Vucic.

    đ becomes dj, ë becomes e, ’ becomes '. Characters of other scripts are kept.
    """
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text.translate(_FOLD)


def to_latin(text: str) -> str:
    """`text` with Cyrillic letters in Latin ones; case and diacritics stay."""
    if text.isascii():
        return text
    latin = unicodedata.normalize("NFC", text).translate(_LATIN)
    return _HALF_CAPITAL.sub(lambda found: found[0].upper(), latin)


# --- the name key -----------------------------------------------------------------------------------------------

# In this order: spellings of one sound in Albanian, Serbian, Macedonian and English become one letter. A capital is a
# sound that has a plain neighbour and must be told from it where the writer does: C is č, ć, ç or q, and c is c.
_SOUNDS = (
    *(("xh", "D"), ("gj", "D"), ("dž", "D"), ("dj", "D"), ("đ", "D"), ("kj", "C"), ("tch", "C"), ("ch", "C")),
    *(("ck", "k"), ("sh", "S"), ("zh", "Z"), ("th", "t"), ("q", "C"), ("č", "C"), ("ć", "C"), ("ç", "C"), ("š", "S")),
    *(("ş", "S"), ("ž", "Z"), ("ll", "l"), ("rr", "r"), ("w", "v"), ("y", "i"), ("lj", "l"), ("nj", "N")),
)
_ACCENTS = {code: plain for code, plain in _FOLD.items() if code > 0x7F}
_SILENT_J = re.compile(r"(?<=[aeou])j(?=i)")  # Radojičić = Radoičić
_MARK = re.compile(r"([CDSZ])")
_DOUBLED = re.compile(r"([A-Za-z])\1")


@lru_cache(maxsize=100_000)
def name_keys(word: str) -> frozenset[str]:
    """The keys under which the spellings of one name meet: Vučić, Вучић, Vuçiq, Vuqiq and Vucic share one.

    A word with ë has two keys: ë as e and ë as nothing (Bërnjak = Bernjak = Brnjak). Case is ignored.
    """
    return frozenset(_DOUBLED.sub(r"\1", key.lower()) for key in marked_name_keys(word))


@lru_cache(maxsize=100_000)
def marked_name_keys(word: str) -> frozenset[str]:
    """Like `name_keys`, but č, š, ž, đ and nj in any spelling are capitals: Mitrović is not Mitrovica's Mitrovic-."""
    latin = to_latin(word).lower()
    if "ë" not in latin:
        return frozenset((_marked_key(latin),))
    return frozenset((_marked_key(latin), _marked_key(latin.replace("ë", ""))))


def unmarked(key: str) -> set[str]:
    """A marked name key with any of its marks left out, as people type: Đurić is also Djuric and Duric. nj stays."""
    keys = [""]
    for place, part in enumerate(_MARK.split(key)):  # plain letters and marks by turns
        choices = (part, part.lower()) if place % 2 else (part,)
        keys = [start + choice for start in keys for choice in choices]
    return {_DOUBLED.sub(r"\1", found) for found in keys}


def _marked_key(latin: str) -> str:
    for spelling, sound in _SOUNDS:
        latin = latin.replace(spelling, sound)
    return _DOUBLED.sub(r"\1", _SILENT_J.sub("", latin.translate(_ACCENTS)))
