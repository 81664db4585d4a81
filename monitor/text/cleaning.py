"""Text from strangers as plain characters: what it shows is what it says. Pure."""

from __future__ import annotations

import re
import unicodedata

# Letters and digits in disguise: digraphs in one character (ǆ, ǉ, ǌ), Roman numerals, circled, full width, ligatures,
# mathematical alphabets. NFKC makes them themselves. Not applied to everything: it would also turn ½ into 1⁄2, … into
# three dots and ´, which many write for an apostrophe, into a space and an accent.
_DISGUISED = re.compile(
    "[\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3\u2102-\u2115\u2119-\u211d\u2124\u2160-\u217f\u2460-\u24ff"
    "\ufb00-\ufb06\ufe6b\uff01-\uff5e\U0001d400-\U0001d7ff\U0001f110-\U0001f149]+"
)
# C0 and C1 controls except newline and tab, halves of surrogate pairs, and characters that are none.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# What is not seen: soft hyphens, zero-width characters, marks that turn the direction of text (a headline would read as
# something else), fillers, tags.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_FLOOD = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")  # real writing needs no more than three on a letter


def clean_text(text: str) -> str:
    """The text in composed characters (NFC), with letters in disguise as themselves, without control characters,
    without what is not seen, and with three combining marks on a letter at most. Line ends of any kind become newlines;
    tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROL.sub(" ", _LINE_ENDS.sub("\n", text))
    if text.isascii():
        return text
    text = _DISGUISED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", _FLOOD.sub(r"\1", text))
