"""What the demo's outlets publish and when, read from world.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from monitor.errors import BadConfiguration
from monitor.yamlfile import Node, read_yaml

Kind = Literal["report", "copy", "update", "denial", "body only", "false friend", "anniversary", "background"]
FeedFormat = Literal["rss", "atom", "json"]


@dataclass(frozen=True, slots=True)
class Site:
    """An invented outlet with one feed."""

    id: str
    name: str
    country: str
    language: str
    feed: FeedFormat


@dataclass(frozen=True, slots=True)
class Item:
    """One article. `at` counts seconds from the start of the demo and is negative for what was there before."""

    id: str
    site: str
    kind: Kind
    story: str  # items about one event share it; "" = about nothing that matters
    at: float
    title: str
    summary: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """The whole plan."""

    sites: tuple[Site, ...]
    items: tuple[Item, ...]

    @property
    def length(self) -> float:
        """Seconds until the last item has appeared."""
        return max(item.at for item in self.items)


def load_script(path: Path | None = None) -> Script:
    """The script in a file (default: the bundled world.yaml). Raises BadConfiguration when it cannot be read."""
    root, problems = read_yaml(path or Path(__file__).with_name("world.yaml"))
    if root is None or problems:
        raise BadConfiguration(tuple(problems))
    outlets, entries = root.map["outlets"], root.map["items"].items
    sites = tuple(
        Site(
            id_,
            _text(node, "name"),
            _text(node, "country"),
            _text(node, "language"),
            cast(FeedFormat, _text(node, "feed")),
        )
        for id_, node in outlets
    )
    texts = {_text(node, "id"): _text(node, "text") for node in entries}
    return Script(sites, tuple(_item(node, texts) for node in entries))


def _item(node: Node, texts: dict[str, str]) -> Item:
    text = _text(node, "text") or texts[_text(node, "same_text_as")]
    before = _text(node, "before")
    return Item(
        id=_text(node, "id"),
        site=_text(node, "outlet"),
        kind=cast(Kind, _text(node, "kind")),
        story=_text(node, "story"),
        at=-3600 * float(before.removesuffix("h")) if before else float(_text(node, "at")),
        title=_text(node, "title"),
        summary=_text(node, "summary"),
        paragraphs=tuple(paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()),
    )


def _text(node: Node, key: str) -> str:
    value = node.get(key)
    return value.text if value else ""
