"""YAML as people edit it, read so that every value knows its place. The only module that knows PyYAML.

Scalars stay strings: `12:30`, `no` and `2024-02-30` arrive as written and are typed by the reader that knows what
they should be. Aliases, tags, duplicate keys, tabs, a second document and files over a megabyte are refused.
PyYAML's pure loader is used on purpose: the C loader crashes the process on deep nesting.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from monitor.errors import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
_PLAIN = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))  # what is written without a tag


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file a person edits; line and column count from 1."""

    file: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""

    def problem(self, code: str, what: str, suggestion: str = "", *, warning: bool = False) -> Problem:
        """A Problem at this place."""
        severity = "warning" if warning else "error"
        return Problem(self.file, self.line, self.column, code, what, suggestion, severity, self.excerpt)  # type: ignore[arg-type]


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: a string, a list of nodes, or a mapping (in file order) of strings to nodes."""

    value: str | tuple[Node, ...] | dict[str, Node]
    place: Place
    keys: dict[str, Place]  # of a mapping: where each key stands
    quoted: bool = False  # of a string: was it written in quotes?

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str)

    @property
    def text(self) -> str:
        """The string, "" when this is not one."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def items(self) -> tuple[Node, ...]:
        """The list; a single string counts as a list of one; () for a mapping or an empty value."""
        if isinstance(self.value, tuple):
            return self.value
        return (self,) if isinstance(self.value, str) and self.value else ()

    @property
    def map(self) -> dict[str, Node]:
        """The mapping, {} when this is not one."""
        return self.value if isinstance(self.value, dict) else {}

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return iter(self.map.items())

    def get(self, key: str) -> Node | None:
        return self.map.get(key)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion for a mistyped word, or "" when nothing is near."""
    names = list(known)
    near = difflib.get_close_matches(word.lower().replace(" ", "_"), names, n=1, cutoff=0.6)
    return f"did you mean “{near[0]}”?" if near else ""


def unknown_keys(node: Node, known: Iterable[str], of_what: str, code: str = "R101") -> list[Problem]:
    """A problem for every key of a mapping that its reader does not know."""
    names = tuple(known)
    return [
        place.problem(
            code,
            f"“{key}” is not something {of_what} can have.",
            did_you_mean(key, names) or "it can have: " + ", ".join(names),
        )
        for key, place in node.keys.items()
        if key not in names
    ]


def read_yaml(path: Path, shown: str = "") -> tuple[Node | None, list[Problem]]:
    """The one document of a file, or None with the problems that make it unreadable.

    `shown` is the name used in problems (default: the path as given). Never raises for what a file contains.
    """
    name = shown or str(path)
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except OSError as error:
        return None, [Problem(name, 1, 1, "R001", f"cannot be read: {error.strerror or error}")]
    if len(data) > MAX_BYTES:
        return None, [Problem(name, 1, 1, "R002", f"is longer than {MAX_BYTES:,} bytes, which is the most.")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [Problem(name, line, 1, "R003", "is not UTF-8 text.", "save the file as UTF-8")]
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> tuple[Node | None, list[Problem]]:
    """As `read_yaml`, for text at hand."""
    lines = text.splitlines()

    def at(mark: yaml.Mark | None) -> Place:
        line, column = (mark.line, mark.column) if mark else (0, 0)
        excerpt = lines[line].rstrip() if line < len(lines) else ""
        return Place(name, line + 1, column + 1, excerpt[:160])

    for number, line in enumerate(lines):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            place = Place(name, number + 1, indent.index("\t") + 1, line.replace("\t", "→")[:160])
            return None, [place.problem("R004", "a tab cannot indent a line.", "use spaces")]
    reader = _Reader(at)
    try:
        loader = yaml.BaseLoader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
        node = reader.read(root, 0) if root is not None else None
    except yaml.composer.ComposerError as error:
        what = error.problem or "is not one YAML document"
        if "expected a single document" in (error.context or ""):
            what = "holds more than one document."
        return None, [
            at(error.problem_mark).problem("R005", what, "leave out the line “---”" if "docu" in what else "")
        ]
    except yaml.MarkedYAMLError as error:
        hint = "a text that holds “: ”, “#”, “[” or a quote needs quotes around it"
        return None, [
            at(error.problem_mark or error.context_mark).problem("R005", f"cannot be read: {error.problem}.", hint)
        ]
    except (yaml.YAMLError, ValueError) as error:
        return None, [Problem(name, 1, 1, "R005", f"cannot be read: {str(error).splitlines()[0]}")]
    except RecursionError:
        return None, [Problem(name, 1, 1, "R006", "is nested too deeply.")]
    if node is None and not reader.problems:
        return None, [
            Problem(name, 1, 1, "R007", "is empty.", "an empty file would mean no rules; delete it or write it")
        ]
    return node, reader.problems


class _Reader:
    """Turns PyYAML's tree into Nodes, collecting problems on the way."""

    def __init__(self, at: Callable[[yaml.Mark | None], Place]) -> None:
        self.at = at
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, depth: int) -> Node | None:
        place: Place = self.at(node.start_mark)
        if depth > MAX_DEPTH:
            self.problems.append(place.problem("R006", "is nested too deeply."))
            return None
        if id(node) in self.seen:
            self.problems.append(place.problem("R008", "an alias (“*name”) is not allowed.", "write the value out"))
            return None
        self.seen.add(id(node))
        if node.tag not in _PLAIN:
            self.problems.append(place.problem("R013", "a tag (“!name”) is not allowed.", "leave it out"))
            return None
        if isinstance(node, yaml.ScalarNode):
            return Node(str(node.value), place, {}, quoted=node.style in ("'", '"'))
        if isinstance(node, yaml.SequenceNode):
            items = (self.read(item, depth + 1) for item in node.value)
            return Node(tuple(item for item in items if item is not None), place, {})
        return self._mapping(node, place, depth)

    def _mapping(self, node: yaml.Node, place: Place, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key_node, value_node in node.value:
            key_place: Place = self.at(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(key_place.problem("R009", "a key has to be a word."))
                continue
            key = str(key_node.value)
            if key in keys:
                what = f"“{key}” stands here twice; the first is in line {keys[key].line}."
                self.problems.append(key_place.problem("R010", what, "keep one of them"))
                continue
            value = self.read(value_node, depth + 1)
            keys[key] = key_place
            if value is not None:
                values[key] = value
        return Node(values, place, keys)
