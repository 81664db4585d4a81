"""The shapes in the files of the desk: mappings with known keys, lists, texts, and what is missing of them. Pure.

Every reader looks at one key of a mapping; a key that is not there gives the default, a wrong shape a problem.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from monitor.rules import values
from monitor.rules.values import Problems
from monitor.yamlfile import Node, unknown_keys


def check_keys(
    node: Node, known: Collection[str], of_what: str, problems: Problems, hints: Mapping[str, str] | None = None
) -> None:
    """Problems for what is no mapping and for unknown keys; `hints` has better advice than the nearest known key."""
    if not isinstance(node.value, dict):
        if node.value:
            hint = "write keys with values: " + ", ".join(known)
            problems.append(node.place.problem("R303", f"{of_what} cannot be written like this.", hint))
        return
    for key, hint in (hints or {}).items():
        if key in node.keys:
            problems.append(node.keys[key].problem("R101", f"“{key}” is not something {of_what} can have.", hint))
    rest = {key: place for key, place in node.keys.items() if key not in (hints or {})}
    problems += unknown_keys(Node(node.value, node.place, rest), known, of_what)


def listed(node: Node, key: str, problems: Problems) -> tuple[Node, ...]:
    """The items of a list; a single text counts as a list of one."""
    child = node.get(key)
    if child is None:
        return ()
    if child.map:
        problems.append(child.place.problem("R303", f"{key} has to be a list.", "write [one, two]"))
    return child.items


def strings(node: Node, key: str, problems: Problems) -> tuple[str, ...]:
    """A list of texts."""
    found = [values.text(item, f"an item of {key}", problems) for item in listed(node, key, problems)]
    return tuple(one for one in found if one is not None)


def text(node: Node, key: str, problems: Problems, default: str = "", most: int = 0) -> str:
    """A text that says something; with `most` > 0, of at most that many characters."""
    child = node.get(key)
    return (values.text(child, key, problems, most) if child is not None else None) or default


def chosen(node: Node, key: str, known: Collection[str], problems: Problems, default: str = "") -> str:
    """One of the words in `known`."""
    child = node.get(key)
    return (values.choice(child, key, known, problems) if child is not None else None) or default


def missing(node: Node, keys: Collection[str], of_what: str, problems: Problems, hint: str = "") -> bool:
    """Whether any of these keys is not there, with a problem for each."""
    absent = [key for key in keys if key not in node.map]
    problems += [node.place.problem("R102", f"{of_what} has no {key}.", hint) for key in absent]
    return bool(absent)
