"""Sentences: where one ends and the next begins, in English, Albanian, Serbian (both scripts) and Macedonian. Pure.

A mark ends a sentence when what follows looks like a beginning, when what precedes it is no abbreviation, initial or
ordinal, and when no short quotation or bracket is open. Time is linear in the length of the paragraph.
"""

from __future__ import annotations

import re

from monitor.text.folding import fold

# Folded, so that Serbian covers both scripts. Titles and the like: a name or more of the sentence follows.
_HOLD = frozenset(
    "mr mrs ms dr prof gen lt col sgt maj capt cpl cmdr adm brig rep sen gov rev hon st mt vs"  # English
    " z znj zt zj zv shek kol gjen kryem dmth"  # Albanian
    " g gdja gdin gdj gosp doc akad ul sv inz dipl adv tzv npr tj odn pok d-r g-din g-ga m-r".split()  # sr, mk
)
_HOLD_BEFORE_NUMBER = frozenset(
    "no nos vol fig art jan feb mar apr jun jul aug sep sept oct nov dec approx nr fq kap nen br str god"
    " cl st al min tel oko ca kl".split()
)
# After a dotted abbreviation (U.S., p.sh., t.n.) these words begin a sentence all the same.
_OPENERS = frozenset("The A An In He She It But They We This That On At There When While As If".split())

_MARK = re.compile(r"[.!?…]+")
_NEXT = re.compile(r"\s+[\"'“”„«»‘’(\[–—-]*\s?(\w)")  # white space, then perhaps an opening quote, then a word
_WORD_BEFORE = re.compile(r"[\w'’-]+(?:\.[\w'’-]+)*$")
_WORD_AFTER = re.compile(r"\w+")
_CLOSERS = frozenset("\"'”“’»)]")
_PAIRS = {"„": '“”"', "“": "”“", "«": "»", '"': '"', "(": ")", "[": "]", "''": "''"}
_OPENING = re.compile(r"''|[„“«\"(\[]")
_RUN_ON_BEFORE = re.compile(r"(?:[a-zčćžšđçëа-шђ-џ]{2}|[”“»)])$")
_RUN_ON_AFTER = re.compile(r"[“„«\"]?[A-ZČĆŽŠĐÇËА-ШЂ-Џ][a-zčćžšđçëа-шђ-џ]")
_SOUTH_SLAVIC = re.compile(r"[čćžšđА-Шђ-џ]")  # they write ordinals with a period: 27. Međunarodni sajam
_LONGEST_QUOTE = 300  # characters kept together; a longer speech is split into its sentences
_LONGEST_WORD = 40


def split_sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of one paragraph, stripped; nothing but white space is lost."""
    inside = _quoted(paragraph)
    ordinals = _SOUTH_SLAVIC.search(paragraph) is not None
    sentences: list[str] = []
    start = 0
    for mark in _MARK.finditer(paragraph):
        end = mark.end()
        while end < len(paragraph) and paragraph[end] in _CLOSERS and _closes(paragraph, end):
            end += 1
        if end - 1 not in inside and _ends_sentence(paragraph, start, mark, end, ordinals):
            sentences.append(paragraph[start:end])
            start = end
    sentences.append(paragraph[start:])
    return tuple(stripped for sentence in sentences if (stripped := sentence.strip()))


def _quoted(text: str) -> set[int]:
    """The places inside short quotations and brackets, without their closing mark."""
    inside: set[int] = set()
    position = 0
    while opening := _OPENING.search(text, position):
        position = opening.end()
        limit = position + _LONGEST_QUOTE
        closings = [place for mark in _closing(opening[0]) if (place := text.find(mark, position, limit)) >= 0]
        if closings:
            inside.update(range(opening.start(), min(closings)))
            position = min(closings) + len(opening[0])
    return inside


def _closing(opening: str) -> tuple[str, ...]:
    return ("''",) if opening == "''" else tuple(_PAIRS[opening])


def _closes(text: str, place: int) -> bool:
    """Is this quotation mark one that closes: is nothing, space or punctuation behind it?"""
    return place + 1 >= len(text) or not text[place + 1].isalnum()


def _ends_sentence(text: str, start: int, mark: re.Match[str], end: int, ordinals: bool) -> bool:
    following = _NEXT.match(text, end)
    if following is None:
        return _space_is_missing(text, mark, end)
    first = following[1]
    if not (first.isupper() or first.isdigit()):
        return False
    if mark[0] != ".":
        return True
    before = _WORD_BEFORE.search(text, max(start, mark.start() - _LONGEST_WORD), mark.start())
    if before is None:
        return True
    may_count = ordinals or before.start() <= start + 1  # "1." at the head of a list
    return not _holds(before[0], may_count, text, following.start(1))


def _space_is_missing(text: str, mark: re.Match[str], end: int) -> bool:
    """Is this "… në fund.Ai tha": small letters or a closing quote, a mark, perhaps a quote, and a capital word?"""
    return bool(_RUN_ON_BEFORE.search(text, max(0, mark.start() - 2), mark.start()) and _RUN_ON_AFTER.match(text, end))


def _holds(word: str, may_count: bool, text: str, next_start: int) -> bool:
    """Does a period after this word belong to the word rather than end the sentence?"""
    folded = fold(word)
    number_follows = text[next_start].isdigit()
    if word.isdigit():  # 29. 5. 2023
        return len(word) <= 2 and (number_follows or may_count)
    if len(word) == 1 and word.isupper():  # J. Kirby
        return True
    if folded in _HOLD:
        return True
    if folded in _HOLD_BEFORE_NUMBER:
        return number_follows
    parts = word.split(".")
    if len(parts) > 1 and all(part.isalpha() and len(part) <= 2 for part in parts):
        after = _WORD_AFTER.match(text, next_start)
        return after is None or after[0] not in _OPENERS
    return False
