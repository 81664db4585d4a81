"""Outlets and their feeds, read from the files of the desk. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from monitor.model import Feed, Outlet
from monitor.rules import shapes, values
from monitor.rules.shapes import check_keys
from monitor.rules.values import Problems
from monitor.yamlfile import Node

OUTLET_KEYS = ("name", "country", "languages", "owner", "reliability", "state_affiliated", "tags", "feeds", "status")
FEED_KEYS = ("url", "every", "tags", "allow_private")
RELIABILITY = ("A", "B", "C", "D", "E", "F", "unknown")
SHORTEST = 10  # seconds between polls of a public feed; nobody's server deserves less
_COUNTRY_HINTS = {"KS": "XK", "KO": "XK", "KV": "XK", "UK": "GB"}
_NAME = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")  # of a variable of the environment
_SECRETS = frozenset("key apikey api_key token access_token auth password passwd pass secret sig signature".split())
_EVERY = re.compile(r"(\d+[mhdws]?)\s*\.\.\s*(\d+[mhdws]?)")


def read_outlet(id: str, node: Node, problems: Problems) -> tuple[Outlet, tuple[Feed, ...]]:
    """One outlet and its feeds; what cannot be read is left out, with a problem."""
    check_keys(node, OUTLET_KEYS, "an outlet", problems)
    languages = shapes.listed(node, "languages", problems)
    outlet = Outlet(
        id,
        shapes.text(node, "name", problems, id),
        country=_country(node.get("country"), problems),
        languages=tuple(code for item in languages if (code := values.outlet_language(item, problems))),
        owner=shapes.text(node, "owner", problems, "unknown"),
        reliability=shapes.chosen(node, "reliability", RELIABILITY, problems, "unknown"),
        state_affiliated=shapes.chosen(node, "state_affiliated", ("yes", "no", "unknown"), problems, "unknown"),
        tags=shapes.strings(node, "tags", problems),
    )
    feeds = (_read_feed(id, item, problems) for item in shapes.listed(node, "feeds", problems))
    return outlet, tuple(feed for feed in feeds if feed is not None)


def _country(node: Node | None, problems: Problems) -> str:
    if node is None or node.text == "unknown":
        return "unknown"
    if node.text in _COUNTRY_HINTS or not re.fullmatch("[A-Z]{2}", node.text):
        hint = f"write {_COUNTRY_HINTS.get(node.text.upper(), 'its two capital letters, as in RS; Kosovo is XK')}"
        problems.append(node.place.problem("R304", f"“{node.text}” is not a country.", hint))
        return "unknown"
    return node.text


def _read_feed(outlet: str, node: Node, problems: Problems) -> Feed | None:
    if node.is_text:
        return Feed(node.text, outlet) if _is_address(node, problems) else None
    check_keys(node, FEED_KEYS, "a feed", problems)
    url = node.get("url")
    if url is None:
        problems.append(node.place.problem("R102", "this feed has no url."))
        return None
    if not _is_address(url, problems):
        return None
    every = node.get("every")
    private = _private(node.get("allow_private"), problems)
    shortest, longest = _intervals(every, 1 if private else SHORTEST, problems) if every else (300, 1800)
    return Feed(
        url.text,
        outlet,
        min_interval=shortest,
        max_interval=longest,
        tags=shapes.strings(node, "tags", problems),
        allow_private=private,
    )


def _private(node: Node | None, problems: Problems) -> bool:
    return bool(node is not None and values.yes_no(node, "allow_private", problems))


def _is_address(node: Node, problems: Problems) -> bool:
    """Whether it is the address of a feed. Rules are kept in the database and shown: no secret in plain sight."""
    place = replace(node.place, excerpt="") if "@" in node.text else node.place
    user, _, host = node.text.partition("://")[2].partition("/")[0].rpartition("@")
    try:
        parts = urlsplit(node.text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        shown = node.text.replace(f"{user}@", "***@") if user else node.text
        what = f"“{shown}” is not the address of a feed."
        problems.append(place.problem("R304", what, "it begins with https:// or http://"))
    elif _NAME.sub("", user).strip(":"):
        what = f"the address of a feed at {host} holds a name and password in plain sight."
        problems.append(place.problem("R304", what, 'write them as "https://${FEED_USER}:${FEED_PASSWORD}@…"'))
        return False
    elif secret := next((name for name, value in parse_qsl(parts.query) if _is_secret(name, value)), ""):
        what = f"“{secret}” in the address of a feed looks like a secret in plain sight."
        place = replace(node.place, excerpt="")
        problems.append(place.problem("R305", what, f"write it as {secret}=${{FEED_KEY}}", warning=True))
    return good


def _is_secret(name: str, value: str) -> bool:
    return name.lower() in _SECRETS and not _NAME.fullmatch(value)


def _intervals(node: Node, least: int, problems: Problems) -> tuple[int, int]:
    """Seconds between polls when the feed is busy and when it is quiet: `5m..30m`, or one value for both."""
    found = _EVERY.fullmatch(node.text)
    written = found.groups() if found else (node.text, node.text)
    seconds = [_seconds(Node(one, node.place, {}), problems) for one in dict.fromkeys(written)]
    if None in seconds:
        return 300, 1800
    shortest, longest = seconds[0] or 0, seconds[-1] or 0
    if longest < shortest or shortest < least:
        problems.append(
            node.place.problem(
                "R301",
                f"“{node.text}” is not a range of time.",
                f"write the shorter span first, at least {least}s, as in 5m..30m",
            )
        )
    return shortest, longest


def _seconds(node: Node, problems: Problems) -> int | None:
    if found := re.fullmatch(r"(\d{1,6})s", node.text):
        return int(found[1])
    return values.span(node, "every", problems)
