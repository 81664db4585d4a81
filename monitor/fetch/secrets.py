"""Secrets in the addresses of feeds: written as ${NAME}, filled in from the environment only as a request goes out.

So everything else, the database and the log included, knows an address by its names alone. Only addresses that the desk
wrote are filled in: a link or a redirect that says ${NAME} is a stranger's try to be sent the value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from monitor.model import FetchResult

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SHORTEST = 4  # characters of a value that is taken out of answers again: shorter ones stand in ordinary words


def fill_in(address: str, environ: Mapping[str, str] = os.environ) -> str:
    """The address to ask. Raises ValueError naming a variable that the environment does not have."""

    def value(match: re.Match[str]) -> str:
        if not environ.get(match[1]):
            raise ValueError(f"the environment has no variable {match[1]}")
        return quote(environ[match[1]], safe="")

    return _NAME.sub(value, address)


def take_out(result: FetchResult, address: str, environ: Mapping[str, str] = os.environ) -> FetchResult:
    """The answer to a request for `address`, its secrets written as their names wherever the answer repeats them.

    A new address that repeats one is not taken over: nobody would fill it in.
    """
    values = {environ.get(name, ""): f"${{{name}}}" for name in _NAME.findall(address)}
    for value, name in values.items():
        if len(value) >= SHORTEST:
            for text in (value, quote(value, safe="")):
                changes = {field: getattr(result, field).replace(text, name) for field in _TEXTS}
                result = replace(result, **changes)
    return replace(result, permanent_url="") if "${" in result.permanent_url else result


_TEXTS = ("final_url", "permanent_url", "error", "etag")
