"""Concepts, actors, time words and page furniture, read from the files of the desk. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_args

from monitor.rules import shapes, values
from monitor.rules.definitions import ANY, Actor, Concept, DatedRole, Kind, Surname, Term
from monitor.rules.lexicon import read_term
from monitor.rules.ruleset import CUE_BACKGROUND, CUE_CARRY, CUE_NOW
from monitor.rules.shapes import check_keys
from monitor.rules.values import Problems
from monitor.yamlfile import Node, Place, did_you_mean

CONCEPT_KEYS = ("kind", "label", "words", "names", "includes", "not", "codes", "wide")
ACTOR_KEYS = ("names", "kind", "surname", "roles", "side", "note", "not")
CODES = ("cameo", "plover", "acled")
KINDS: tuple[str, ...] = get_args(Kind)
_KIND_WORDS = {"verb": "action", "noun": "thing", "town": "place", "city": "place", "country": "place"}
SURNAMES: tuple[str, ...] = get_args(Surname)
CUES = {"now": CUE_NOW, "background": CUE_BACKGROUND, "carry": CUE_CARRY}
FURNITURE = ("drop_line_if_starts", "drop_line_if_ends", "stop_after")

Words = dict[str, tuple[Term, ...]]


def _kind(node: Node, problems: Problems) -> Kind:
    written = node.map["kind"].text if "kind" in node.map else "thing"
    if meant := _KIND_WORDS.get(written):
        what = f"“{written}” is not a kind of concept."
        problems.append(node.map["kind"].place.problem("R304", what, f"write kind: {meant}"))
        return "thing"
    return shapes.chosen(node, "kind", KINDS, problems, "thing")  # type: ignore[return-value]


def read_concept(id: str, node: Node, problems: Problems) -> Concept:
    """One concept; what cannot be read is left out of it, with a problem."""
    before = len(problems)
    check_keys(node, CONCEPT_KEYS, "a concept", problems)
    concept = Concept(
        id,
        node.place,
        kind=_kind(node, problems),
        label=shapes.text(node, "label", problems),
        words=read_words(node.get("words"), problems),
        names=tuple(line for item in shapes.listed(node, "names", problems) if (line := _terms(item, problems))),
        includes=shapes.strings(node, "includes", problems),
        cancelled_by=read_words(node.get("not"), problems),
        codes=_codes(node.get("codes"), problems),
        wide="wide" in node.map and values.yes_no(node.map["wide"], "wide", problems) is True,
    )
    if len(problems) == before and not (any(concept.words.values()) or concept.names or concept.includes):
        hint = "give it words:, names: or includes:"
        problems.append(node.place.problem("R504", f"the concept “{id}” has no words.", hint))
    return concept


def read_words(node: Node | None, problems: Problems) -> Words:
    """Terms by language; a plain list holds in every language."""
    if node is None:
        return {}
    if not node.map:
        return {ANY: _terms(node, problems)} if node.items else {}
    found: Words = {}
    for key, child in node:
        if key == ANY or values.language(Node(key, node.keys[key], {}), problems):
            found[key] = _terms(child, problems)
    return found


def _terms(node: Node, problems: Problems) -> tuple[Term, ...]:
    if node.map:
        problems.append(node.place.problem("R303", "here a list of terms is wanted.", "write [one, two]"))
        return ()
    return tuple(term for item in node.items if (term := read_term(item, problems)) is not None)


def _codes(node: Node | None, problems: Problems) -> dict[str, tuple[str, ...]]:
    if node is None:
        return {}
    check_keys(node, CODES, "codes", problems)
    return {key: shapes.strings(node, key, problems) for key in CODES if key in node.map}


def check_includes(concepts: Mapping[str, Concept], includes: Mapping[str, Node], problems: Problems) -> None:
    """Problems for included concepts that do not exist, and for a concept that includes itself by some way."""
    for id, node in includes.items():
        for item in node.items:
            if item.text not in concepts:
                hint = did_you_mean(item.text, concepts)
                problems.append(item.place.problem("R201", f"there is no concept called “{item.text}”.", hint))
            elif _reaches(concepts, item.text, id):
                problems.append(item.place.problem("R505", f"“{id}” includes itself, by way of “{item.text}”."))


def _reaches(concepts: Mapping[str, Concept], start: str, goal: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        id = waiting.pop()
        if id == goal:
            return True
        if id not in seen and id in concepts:
            seen.add(id)
            waiting += concepts[id].includes
    return False


# --- actors -----------------------------------------------------------------------------------------------------


def read_actor(id: str, node: Node, problems: Problems) -> Actor | None:
    """One person or organisation, or None when it has no name."""
    check_keys(node, ACTOR_KEYS, "an actor", problems)
    names = _terms(node.map["names"], problems) if "names" in node.map else ()
    if not names:
        problems.append(node.place.problem("R102", f"the actor “{id}” has no names.", 'write names: ["Full Name"]'))
        return None
    return Actor(
        id,
        node.place,
        names,
        kind=shapes.chosen(node, "kind", KINDS, problems, "person"),  # type: ignore[arg-type]
        surname=shapes.chosen(node, "surname", SURNAMES, problems, "after"),  # type: ignore[arg-type]
        roles=_roles(node.get("roles"), problems),
        side=shapes.text(node, "side", problems),
        note=shapes.text(node, "note", problems),
        cancelled_by=_terms(node.map["not"], problems) if "not" in node.map else (),
    )


def _roles(node: Node | None, problems: Problems) -> tuple[DatedRole, ...]:
    """One office, or a list of offices: words by language, with since and until."""
    if node is None:
        return ()
    roles: list[DatedRole] = []
    for item in (node,) if node.map else node.items:
        check_keys(item, (*values.LANGUAGES, ANY, "since", "until"), "an office", problems)
        dates: dict[str, date | None] = {
            key: values.day(item.map[key], problems) for key in ("since", "until") if key in item.map
        }
        rest = {key: child for key, child in item if key in (*values.LANGUAGES, ANY)}
        words = read_words(Node(rest, item.place, {key: item.keys[key] for key in rest}), problems)
        since, until = dates.get("since"), dates.get("until")
        if since and until and until < since:
            problems.append(item.keys["until"].problem("R307", "this office ends before it begins."))
        if since is None and until is None:
            what = "this office has no dates: its words mean this actor for ever."
            problems.append(item.place.problem("W604", what, "write since: 2021-03-22 (and until:)", warning=True))
        roles.append(DatedRole(words, since, until))
    return tuple(roles)


# --- time words and page furniture ------------------------------------------------------------------------------


def read_time_words(node: Node, into: dict[str, list[Words]], problems: Problems) -> None:
    """Add a file's time words to those of the files before."""
    check_keys(node, tuple(CUES), "time_words", problems, {"months": "the names of months are built in"})
    for key, concept in CUES.items():
        if (child := node.get(key)) is not None:
            words = read_words(child, problems)
            into.setdefault(concept, []).append(words)
            if concept == CUE_BACKGROUND:
                _check_background(words, problems)


def _check_background(words: Words, problems: Problems) -> None:
    """A warning for cues of one word in any form: “formerly” silenced a video, because of “X (formerly Twitter)”."""
    for term in (term for terms in words.values() for term in terms):
        if not term.exact and len(term.text.split()) == 1:
            what = f"one word, “{term.text}” in any form, makes a whole sentence old."
            problems.append(term.place.problem("W602", what, f"write a phrase, or ={term.text}", warning=True))


def cue_concepts(time_words: Mapping[str, list[Words]]) -> list[Concept]:
    """The concepts that time words become."""
    concepts = []
    for id, several in time_words.items():
        words: Words = {}
        for one in several:
            for language, terms in one.items():
                words[language] = (*words.get(language, ()), *terms)
        concepts.append(Concept(id, Place(), kind="topic", label=id, words=words))
    return concepts


def read_furniture(node: Node, into: dict[str, list[str]], problems: Problems) -> None:
    """Add a file's page furniture to that of the files before."""
    check_keys(node, FURNITURE, "page_furniture", problems)
    for key in FURNITURE:
        into.setdefault(key, []).extend(shapes.strings(node, key, problems))
