"""Loading: the folders of a desk become one rule set, or every problem found in them.

Reads files; everything else is pure. A later folder (the desk's own) replaces entries of an earlier one (the pack) by
id; time words and page furniture are added to those before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monitor.errors import Problem
from monitor.model import Feed, Outlet
from monitor.rules import values
from monitor.rules.definitions import Actor, Concept
from monitor.rules.lexicon import Lexicon, World
from monitor.rules.load_concepts import (
    FURNITURE,
    Words,
    check_includes,
    cue_concepts,
    read_actor,
    read_concept,
    read_furniture,
    read_time_words,
)
from monitor.rules.load_outlets import read_outlet
from monitor.rules.load_rules import read_exclusion, read_known_event, read_rule
from monitor.rules.reading import ACTORS
from monitor.rules.ruleset import RuleSet, Vocabulary
from monitor.rules.shapes import check_keys
from monitor.rules.values import Problems
from monitor.rules.vocabulary import compile_vocabulary
from monitor.yamlfile import Node, read_yaml

__all__ = ["Loaded", "RuleSet", "load", "rule_files"]

BY_ID = ("concepts", "actors", "known_events", "exclusions", "outlets", "rules")  # sections whose entries have ids
SECTIONS = (*BY_ID, "time_words", "page_furniture")
_JOINTS = {"concepts": "_", "actors": "_", "outlets": "-"}
_ENTRY = {"concepts": "a concept", "actors": "an actor", "outlets": "an outlet"}

Compile = Callable[[Iterable[Concept], Iterable[Actor]], Vocabulary]


@dataclass(frozen=True)
class Loaded:
    """What came of loading. `rule_set` is None when there is any problem that is not a mere warning."""

    rule_set: RuleSet | None
    problems: tuple[Problem, ...]


@dataclass
class _Files:
    """The entries of all files, the later folder's in place of the earlier's."""

    entries: dict[str, dict[str, Node]] = field(default_factory=lambda: {section: {} for section in BY_ID})
    pack: dict[str, set[str]] = field(default_factory=lambda: {section: set() for section in BY_ID})
    time_words: dict[str, list[Words]] = field(default_factory=dict)
    furniture: dict[str, list[str]] = field(default_factory=dict)
    problems: Problems = field(default_factory=list)
    hash: str = ""


def rule_files(folder: Path) -> list[Path]:
    """The rule files below a folder, in a stable order; hidden ones are left out."""
    found = (path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def load(
    folders: Sequence[Path], channels: Collection[str] | None = None, *, compiler: Compile = compile_vocabulary
) -> Loaded:
    """The rule set of these folders, later ones overriding earlier ones by id; with every problem in their files.

    `channels` are the names that `send:` may use (None: not checked).
    """
    files = _read_files(folders)
    problems = files.problems
    rule_set = _build(files, channels, compiler)
    unique = tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line, one.column, one.code)))
    return Loaded(rule_set, unique)


# --- files ------------------------------------------------------------------------------------------------------


def _read_files(folders: Sequence[Path]) -> _Files:
    files = _Files()
    digest = hashlib.sha256()
    for number, folder in enumerate(folders):
        if not folder.is_dir():
            files.problems.append(Problem(str(folder), 1, 1, "R001", "there is no such folder."))
        seen: dict[tuple[str, str], Node] = {}
        for path in rule_files(folder):
            digest.update(f"{number}/{path.relative_to(folder).as_posix()}\0".encode())
            node, problems = read_yaml(path)
            files.problems += problems
            if node is not None:
                digest.update(path.read_bytes())
                _read_file(node, files, seen, first=number == 0)
    files.hash = digest.hexdigest()[:12]
    return files


def _read_file(node: Node, files: _Files, seen: dict[tuple[str, str], Node], first: bool) -> None:
    if not node.map:
        files.problems.append(
            node.place.problem("R303", "a file of rules is a list of keys.", "begin it with version: 1")
        )
        return
    if next(iter(node.keys)) != "version":
        files.problems.append(
            node.place.problem("R102", "a file of rules begins with its version.", "write version: 1 first")
        )
    elif node.map["version"].text != "1":
        what = f"this program reads version 1, not “{node.map['version'].text}”."
        files.problems.append(node.map["version"].place.problem("R304", what))
    check_keys(node, ("version", *SECTIONS), "a file of rules", files.problems)
    for section in BY_ID:
        for id, entry in _entries(section, node.get(section), files.problems):
            if (section, id) in seen:
                first_place = seen[section, id].place
                what = f"“{id}” stands here twice; the first is in {first_place.file}, line {first_place.line}."
                files.problems.append(entry.place.problem("R010", what, "keep one of them"))
                continue
            seen[section, id] = entry
            files.entries[section][id] = entry
            if first:
                files.pack[section].add(id)
            else:
                files.pack[section].discard(id)
    if (words := node.get("time_words")) is not None:
        read_time_words(words, files.time_words, files.problems)
    if (lines := node.get("page_furniture")) is not None:
        read_furniture(lines, files.furniture, files.problems)


def _entries(section: str, node: Node | None, problems: Problems) -> Iterable[tuple[str, Node]]:
    """The entries of a section with their ids: rules are a list, everything else is keyed by id."""
    if node is None or (node.is_text and not node.text):
        return
    if section != "rules":
        if not node.map:
            problems.append(
                node.place.problem("R303", f"{section} are written by id.", f"write {section}: {{id: ...}}")
            )
        for id, entry in node:
            if section in _JOINTS:
                values.identifier(Node(id, node.keys[id], {}), _ENTRY[section], problems, _JOINTS[section])
            yield id, Node(entry.value, node.keys[id], entry.keys)
        return
    if node.map:
        problems.append(node.place.problem("R303", "rules are a list.", "begin each with “- id: ...”"))
    for entry in node.items:
        if "id" in entry.map:
            yield entry.map["id"].text, entry
        else:
            problems.append(entry.place.problem("R102", "this rule has no id.", "begin it with “- id: ...”"))


# --- the rule set -----------------------------------------------------------------------------------------------


def _build(files: _Files, channels: Collection[str] | None, compiler: Compile) -> RuleSet | None:
    problems, entries = files.problems, files.entries
    concepts = {id: read_concept(id, node, problems) for id, node in entries["concepts"].items()}
    includes = {id: node.map["includes"] for id, node in entries["concepts"].items() if "includes" in node.map}
    check_includes(concepts, includes, problems)
    read = {id: read_actor(id, node, problems) for id, node in entries["actors"].items()}
    actors = {id: actor for id, actor in read.items() if actor is not None}
    _check_ids(concepts, entries["actors"], problems)
    lexicon = Lexicon(concepts, actors)
    outlets, feeds = _outlets(entries["outlets"], problems)
    world = World(lexicon, entries["outlets"], entries["exclusions"], channels)
    exclusions = {id: read_exclusion(id, node, lexicon, problems) for id, node in entries["exclusions"].items()}
    events = [read_known_event(id, node, lexicon, problems) for id, node in entries["known_events"].items()]
    rules = [read_rule(node, world, problems) for node in entries["rules"].values() if not _is_off(node)]
    if any(one.severity == "error" for one in problems):
        return None
    everything = [*concepts.values(), *lexicon.made.values(), *cue_concepts(files.time_words)]
    return RuleSet(
        version=files.hash,
        rules=tuple(rule for rule in rules if rule is not None),
        exclusions={id: one for id, one in exclusions.items() if one is not None},
        known_events=tuple(event for event in events if event is not None),
        vocabulary=compiler(everything, actors.values()),
        concepts=concepts,
        actors=actors,
        labels=_labels(everything, actors),
        outlets=tuple(outlets.values()),
        feeds=tuple(feeds),
        pack_feeds=frozenset(feed.url for feed in feeds if feed.outlet in files.pack["outlets"]),
        furniture=tuple(tuple(files.furniture.get(key, ())) for key in FURNITURE),  # type: ignore[arg-type]
    )


def _is_off(node: Node) -> bool:
    return "status" in node.map and node.map["status"].text == "off"


def _check_ids(concepts: Mapping[str, Concept], actors: Mapping[str, Node], problems: Problems) -> None:
    for id, node in actors.items():
        if id in concepts:
            place = concepts[id].place
            what = f"“{id}” is already a concept, in {place.file}, line {place.line}."
            problems.append(node.place.problem("R203", what, "give the actor another id"))
    for taken in (concepts.get(ACTORS), actors.get(ACTORS)):
        if taken is not None:
            problems.append(taken.place.problem("R203", "“actors” stands for every actor and cannot be an id."))


def _outlets(entries: Mapping[str, Node], problems: Problems) -> tuple[dict[str, Outlet], list[Feed]]:
    outlets: dict[str, Outlet] = {}
    feeds: dict[str, Feed] = {}
    for id, node in entries.items():
        if _is_off(node):
            continue
        outlets[id], read = read_outlet(id, node, problems)
        for feed in read:
            if feed.url in feeds:
                what = f"{feed.url} is already a feed of “{feeds[feed.url].outlet}”."
                problems.append(node.place.problem("R010", what, "keep one of them"))
            feeds.setdefault(feed.url, feed)
    return outlets, list(feeds.values())


def _labels(concepts: Iterable[Concept], actors: Mapping[str, Actor]) -> dict[str, str]:
    labels = {concept.id: concept.label or concept.id for concept in concepts}
    return labels | {id: actor.names[0].text for id, actor in actors.items()}
