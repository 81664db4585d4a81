"""A feed's bytes as text that an XML parser will take. Pure.

Half of what is wrong with feeds is wrong before the first tag: the encoding is not what they say, white space stands
before the declaration, an ampersand stands bare. Each of these, left alone, loses entries or turns words into others.
"""

from __future__ import annotations

import codecs
import html.entities
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
# Encodings that Python knows and no feed has: some raise on any text, some change it silently, UTF-7 hides markup.
_NEVER = frozenset({"undefined", "punycode", "idna", "utf-7", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
_LIKELY = ["cp1250", "cp1251", "cp1252", "iso8859_2", "iso8859_5", "cp1254"]  # that sites use without saying so
# A guesser prefers the Western table. In this part of the world its letters è æ ð are č ć đ, and ë ç š ž are the same.
_WESTERN = frozenset({"cp1252", "cp1254", "latin_1", "iso8859_15"})
_REFERENCE = re.compile(r"&(?:#([0-9]{1,9}|[xX][0-9a-fA-F]{1,8});|([A-Za-z][A-Za-z0-9]{0,30});)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decode(body: bytes, declared_by_server: str) -> tuple[str, str]:
    """The text of a feed, and what had to be guessed about it ("" when it is what it says it is).

    A byte order mark wins over the declaration, the declaration over the server, and the bytes over all of them: an
    encoding that does not fit is not used.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), ""
    if body[:4] in (b"\x00<\x00?", b"<\x00?\x00"):  # UTF-16 without a mark
        return body.decode("utf-16-be" if body[0] == 0 else "utf-16-le", "replace"), ""
    found = _DECLARED.match(body)
    declared = found[1].decode("ascii") if found else ""
    for encoding in (declared, declared_by_server, "utf-8"):
        text = _try(body, encoding)
        if text is not None:
            return text, ""
    return _guess(body, declared or declared_by_server or "utf-8")


def _try(body: bytes, encoding: str) -> str | None:
    try:
        name = codecs.lookup(encoding).name
        if name in _NEVER or name.startswith(("utf-16", "utf-32")):  # these were told by their mark, or are not true
            return None
        # Text that is valid UTF-8 and not plain ASCII is UTF-8, whatever it says: no other encoding looks like it.
        if not name.startswith("utf"):
            with_utf8 = _strict(body, "utf-8")
            if with_utf8 is not None:
                return with_utf8
        return _strict(body, name)
    except (LookupError, ValueError):
        return None


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        text = body.decode(encoding)
    except (UnicodeError, ValueError):
        return None
    return text if isinstance(text, str) else None


def _guess(body: bytes, declared: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    if body.decode("utf-8", "replace").count("\ufffd") <= len(body) // 2000:
        return body.decode("utf-8", "replace"), f"a few bytes are not {declared}"  # cut in the middle of a letter
    best = from_bytes(body[:200_000], cp_isolation=_LIKELY).best()
    encoding = best.encoding if best and best.encoding not in _WESTERN else "cp1250"
    return body.decode(encoding, "replace"), f"says {declared} but is not; read as {encoding}"


def mend(text: str) -> str:
    """XML text with the usual mistakes put right, and a declaration that is true when the text is written as UTF-8.

    Outside CDATA, bare ampersands are escaped, HTML's named characters are written out (XML does not know them), and
    references to characters that XML forbids vanish: one `&#xD800;` would otherwise lose a whole feed.
    """
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    text = _NOT_XML.sub("", text)
    if "&" in text:
        pieces = text.split("<![CDATA[")
        mended = [_REFERENCE.sub(_mend_reference, pieces[0])]
        for piece in pieces[1:]:
            inside, end, outside = piece.partition("]]>")
            mended.append(inside + end + _REFERENCE.sub(_mend_reference, outside))
        text = "<![CDATA[".join(mended)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + text


def _mend_reference(found: re.Match[str]) -> str:
    number, name = found[1], found[2]
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        allowed = (
            code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
        )
        return found[0] if allowed else ""
    if name in _XML_NAMES:
        return found[0]
    if name:
        character = html.entities.html5.get(name + ";", "")
        return character if character and character not in "<>&" else "&amp;" + found[0][1:]
    return "&amp;"
