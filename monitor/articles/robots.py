"""What a site's robots.txt asks of programs like this one (RFC 9309). Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

Rules = tuple[tuple[str, bool], ...]
"""Patterns of paths, and whether what they match may be read."""

MOST = 2000  # rules that are looked at
_LINE = re.compile(r"^\s*([A-Za-z-]+)\s*:\s*([^#]*)")


def read_robots(text: str, agent: str) -> Rules:
    """The rules for `agent` (its product name, in lower case): those of the groups that name it, or those for all."""
    ours: list[tuple[str, bool]] = []
    general: list[tuple[str, bool]] = []
    named = False  # does any group name us?
    into: list[list[tuple[str, bool]]] = []  # the lists that the lines below a group's names go to
    in_names = False
    for line in text.lstrip("\ufeff").splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        key, value = found[1].lower(), found[2].strip()
        if key == "user-agent":
            into = into if in_names else []
            in_names = True
            if value == "*":
                into.append(general)
            elif value.lower().partition("/")[0] == agent:
                into.append(ours)
                named = True
        elif key in ("allow", "disallow"):
            in_names = False
            for rules in into:
                if value and len(rules) < MOST:
                    rules.append((value, key == "allow"))
    return tuple(ours if named else general)


def allows(rules: Rules, url: str) -> bool:
    """May the page be read? Of the patterns that match, the longest decides; of two as long, the one that allows."""
    parts = urlsplit(url)
    path = _plain(parts.path or "/") + (f"?{_plain(parts.query)}" if parts.query else "")
    if path == "/robots.txt":
        return True
    best, allowed = -1, True
    for pattern, may in rules:
        if (len(pattern), may) > (best, allowed and best >= 0) and _matches(pattern, path):
            best, allowed = len(pattern), may
    return allowed


def _plain(text: str) -> str:
    """One way of writing each character, however it was escaped."""
    return quote(unquote(text, errors="replace"), safe="/?&=*$:@!,;+~()'")


def _matches(pattern: str, path: str) -> bool:
    """Does a pattern match the beginning of a path? `*` stands for anything, `$` at its end for the path's end.

    Without regular expressions: many stars in a pattern would take them for ever.
    """
    whole = pattern.endswith("$")
    first, *others = _plain(pattern.removesuffix("$")).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for position, part in enumerate(others):
        last = position == len(others) - 1
        if whole and last:
            return len(path) - len(part) >= at and path.endswith(part)
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return not whole or at == len(path)
