"""Makes what feeds say harmless in any channel: plain characters, no mentions, no links but http(s). Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

CUT = "… [cut]"
WORD_JOINER = "\u2060"  # invisible; keeps a service from seeing a mention or a masked link
_COMBINING_RUN = 3  # marks on one letter that real writing needs; more is a flood
_AT = "@＠﹫"
_LESS = "<＜﹤"
_MENTION = re.compile(rf"([{_AT}])(?=[^\s{WORD_JOINER}])|([{_LESS}])(?=[!@#:/a-zA-Z＠！])")
_MASKED_LINK = re.compile(r"\](?=[(\[])")
_ODD_SCHEME = re.compile(r"\b(?!https?://)([a-z][a-z0-9+.-]*)(?=://|:[^\s\d])", re.IGNORECASE)
_ACTIVE_SCHEMES = {"javascript", "data", "vbscript", "file", "tg", "slack", "mailto", "tel"}
_OUR_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzčćžšđëç")
_LINK_MAX = 500  # characters; a longer link would push out everything else
_IDENTITY = re.compile(r"\[#[a-z2-7]+\]\s*")


def one_line(text: str) -> str:
    """Text from a feed as one harmless line: no control, format or bidi characters, no flood of combining marks,
    mentions and masked links broken by an invisible character."""
    kept: list[str] = []
    run = 0
    for character in text:
        category = unicodedata.category(character)
        run = run + 1 if category in ("Mn", "Me") else 0
        if run > _COMBINING_RUN:
            continue
        if category in ("Cc", "Zl", "Zp", "Zs"):
            kept.append(" ")
        elif category[0] != "C":
            kept.append(character)
    plain = " ".join("".join(kept).split())
    plain = _MENTION.sub(lambda match: match.group(0) + WORD_JOINER, plain)
    plain = _MASKED_LINK.sub("]" + WORD_JOINER, plain)
    return _ODD_SCHEME.sub(_defuse, plain)


def _defuse(match: re.Match[str]) -> str:
    scheme = match.group(1)
    follows = match.string[match.end() : match.end() + 3]
    return scheme + WORD_JOINER if follows == "://" or scheme.lower() in _ACTIVE_SCHEMES else scheme


def safe_link(url: str) -> str:
    """An http(s) address that stands alone on a line, or "" when it is anything else, hides its host behind
    `user@`, or is longer than 500 characters. Brackets, quotes, @ and invisible characters in it are escaped."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    if not all(character.isalnum() or character in ".-:[]_" for character in parts.netloc):
        return ""
    rest = url.strip()[url.strip().index(parts.netloc) + len(parts.netloc) :]
    escaped = "".join(
        character if character.isalnum() or character in "/?#&=%+-._~:;,!$*'" else quote(character, errors="ignore")
        for character in rest
    )
    link = f"{parts.scheme.lower()}://{parts.netloc}{escaped}"
    return link if len(link) <= _LINK_MAX else ""


def link_line(url: str) -> str:
    """`safe_link`, with the host as machines write it beside it when it may be read as another: раураl.com has none of
    the letters that it seems to."""
    link = safe_link(url)
    try:
        host = urlsplit(link).hostname or ""
        plain_host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""
    return f"{link} ({plain_host})" if plain_host != host and not _is_ours(host) else link


def _is_ours(host: str) -> bool:
    """Do readers of our languages take every letter of the host for itself: Latin with the accents of the region, or
    Cyrillic throughout?"""
    letters = {letter for letter in host.lower() if not letter.isdigit() and letter not in ".-"}
    return letters <= _OUR_LATIN or all("CYRILLIC" in unicodedata.name(letter, "") for letter in letters)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where possible, with a mark that says so."""
    if len(text) <= limit:
        return text
    room = limit - len(CUT)
    if room <= 0:
        return text[: max(limit, 0)]
    head = text[: room + 1]
    space = head.rfind(" ")
    return head[: space if space > room // 2 else room].rstrip() + CUT


def cut(text: str, limit: int) -> str:
    """A whole message for a channel that takes `limit` characters: cut once, never split; the alert's id stays."""
    if len(text) <= limit:
        return text
    found = _IDENTITY.search(text)
    identity = " " + found.group(0).strip() if found else ""
    if limit < 60 or not identity:
        return shorten(text, limit)
    return shorten(text[: found.start()] if found else text, limit - len(identity)).rstrip() + identity
