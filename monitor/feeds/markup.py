"""Plain text out of the markup that feeds carry. Pure.

Feeds deliver text escaped never, once, or twice, with markup where there should be none. Everything leaves here as
text: no tags, no entities, no control characters, bounded in size. It is escaped again only where it is shown.
"""

from __future__ import annotations

import html
import re

from monitor.text.cleaning import clean_text

_TAG = re.compile(r"(<!--.*?-->|<!\[CDATA\[|\]\]>|</?[A-Za-z!?][^<>]*>)", re.DOTALL)
_NAME = re.compile(r"</?\s*([A-Za-z0-9]+)")
_HIDDEN = frozenset({"script", "style", "noscript", "template", "iframe", "svg", "figcaption"})
_BLOCKS = frozenset(
    "p br div li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote section article header footer hr dt dd pre figure".split()
)
_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,8}[0-9]?);")
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|b|i|a|em|strong|div|span|img|h[1-6]|ul|li)\b", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_SPACED_LINES = re.compile(r" ?\n[ \n]*")


def plain_text(source: str, limit: int) -> str:
    """The words of a piece of HTML or of plain text, paragraphs separated by newlines, at most `limit` characters."""
    text = source[: 8 * limit]  # markup is rarely seven eighths of a text; this bounds the work, not the result
    for _ in range(2):  # escaped twice: the text of the markup is markup again
        text = _strip_tags(text)
        text = html.unescape(text) if "&" in text else text
        if "<" not in text and not _ESCAPED.search(text):
            break
    text = _SPACED_LINES.sub("\n", _SPACES.sub(" ", clean_text(text))).strip()
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0]


def plain_line(source: str, limit: int) -> str:
    """Like `plain_text`, on one line: for titles."""
    return " ".join(plain_text(source, limit).split())


def _strip_tags(text: str) -> str:
    if "<" not in text:
        return text
    out: list[str] = []
    hidden = ""  # the element whose content is not text
    for index, piece in enumerate(_TAG.split(text)):
        if index % 2 == 0:
            if not hidden:
                out.append(piece)
            continue
        found = _NAME.match(piece)
        name = found[1].lower() if found else ""
        if hidden:
            hidden = "" if name == hidden and piece.startswith("</") else hidden
        elif name in _HIDDEN and not piece.startswith("</") and not piece.endswith("/>"):
            hidden = name
        elif name in _BLOCKS:
            out.append("\n")
    return "".join(out)
