"""Small XML files that a stranger wrote (OPML, sitemaps) as a flat list of elements. Pure.

Expat with every entity declaration refused: nothing expands, nothing is opened, and no further library is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

MOST = 50_000  # elements: what a sitemap may hold


class NotXml(Exception):
    """The bytes are no XML that we read."""


@dataclass(slots=True)
class Element:
    """One element: `name` is the local name, in lower case; `space` its namespace; `depth` 0 for the root."""

    name: str
    space: str
    depth: int
    attributes: dict[str, str]  # names in lower case
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts).strip()


def read_elements(body: bytes | str) -> list[Element]:
    """All elements in the order of their start tags. Raises NotXml for anything else, and for declared entities."""
    parser = expat.ParserCreate(namespace_separator="\n")
    found: list[Element] = []
    open_ones: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition("\n")
        if len(found) >= MOST:
            raise NotXml(f"more than {MOST} elements")
        element = Element(local.lower(), space, len(open_ones), {k.lower(): v for k, v in attributes.items()})
        found.append(element)
        open_ones.append(element)

    def refuse(*_: object) -> None:
        raise NotXml("it declares entities")

    def characters(text: str) -> None:
        if open_ones:
            open_ones[-1].texts.append(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: open_ones.pop()
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise NotXml(str(error)) from None
    return found
