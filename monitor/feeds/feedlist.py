"""A desk's feeds.yaml, added to without touching what a person wrote in it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlsplit

from monitor.errors import MonitorError
from monitor.feeds.opml import Listed
from monitor.model import Outlet

HEAD = "# The desk's own feeds. What is not known of an outlet is `unknown`.\nversion: 1\n"
_TOP = re.compile(r"^[^\s#]")


def outlet_id(name: str, taken: Collection[str]) -> str:
    """A short id that no other outlet has: lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "outlet"
    number, found = 2, base
    while found in taken:
        number, found = number + 1, f"{base}-{number}"
    return found


def host_of(url: str) -> str:
    """The host by which feeds are one outlet's."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def entries_for(
    feeds: Iterable[Listed], taken: Collection[str], known: Mapping[str, Outlet] | None = None
) -> list[tuple[str, str]]:
    """Id and text of an outlet for each host among the feeds; feeds of one host are one outlet.

    `known` are outlets by host: what is added to one of them has its name and its owner, and so is no second voice.
    """
    by_host: dict[str, list[Listed]] = {}
    for feed in feeds:
        by_host.setdefault(host_of(feed.url), []).append(feed)
    used, found = set(taken), []
    for host, listed in by_host.items():
        same = (known or {}).get(host)
        name = same.name if same else next((feed.title for feed in listed if feed.title), host)
        id = outlet_id(host.rpartition(".")[0] or host, used)
        used.add(id)
        owner = [f"    owner: {_quoted(same.owner_key)}"] if same else []
        lines = [f"  {id}:", f"    name: {_quoted(name[:80])}", *owner, "    feeds:"]
        for feed in listed:
            private = ", allow_private: yes" if feed.allow_private else ""
            lines.append(f"      - {{url: {_quoted(feed.url)}{private}}}")
        found.append((id, "\n".join(lines) + "\n"))
    return found


def add_to(text: str, added: str) -> str:
    """The file with `added` at the end of its outlets; every line that was there stays as it is.

    Raises MonitorError when the outlets are written on one line, where nothing can be appended.
    """
    if not text.strip():
        return f"{HEAD}outlets:\n{added}"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    start = next((number for number, line in enumerate(lines) if re.match(r"outlets\s*:", line)), None)
    if start is None:
        return "".join(lines) + f"\noutlets:\n{added}"
    if not re.fullmatch(r"outlets\s*:\s*(#.*)?", lines[start].rstrip("\n")):
        raise MonitorError("its outlets are written on one line; write them as a block first", temporary=False)
    end = next((number for number in range(start + 1, len(lines)) if _TOP.match(lines[number])), len(lines))
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1  # before the empty lines that set the next part off
    return "".join(lines[:end]) + _indented_like(lines[start + 1 : end], added) + "".join(lines[end:])


def _indented_like(block: list[str], added: str) -> str:
    """Two spaces in `added` stand for the file's own indentation."""
    first = next((line for line in block if line.strip() and not line.lstrip().startswith("#")), "  x")
    unit = first[: len(first) - len(first.lstrip())]
    return "".join(unit + line[2:] if unit else line for line in added.splitlines(keepends=True))


def _quoted(text: str) -> str:
    """A double-quoted YAML scalar."""
    clean = "".join(character for character in text if character.isprintable())
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'
