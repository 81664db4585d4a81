"""Labels (`mark`) and changes of severity (`escalate`, `lower`) of a rule, read from the files of the desk. Pure."""

from __future__ import annotations

import re
from typing import Literal

from monitor.model import Severity, StoryCondition
from monitor.rules import shapes, values
from monitor.rules.lexicon import Lexicon
from monitor.rules.load_conditions import read_condition, read_unit
from monitor.rules.ruleset import Change, MarkRule
from monitor.rules.shapes import check_keys
from monitor.rules.values import Problems
from monitor.yamlfile import Node

STORY_KEYS = ("outlets", "languages", "during", "only", "other_than")
_STORY_HINTS = {"sources": "did you mean “outlets”?", "source_class": "write only: or other_than:"}
_KIND = re.compile("state_affiliated|[a-z]{2}|[A-Z]{2}")
_NEAR = re.compile(r"(\d{1,3}) sentences?")


def read_marks(node: Node | None, lexicon: Lexicon, problems: Problems) -> tuple[MarkRule, ...]:
    """The labels that a match may get."""
    if node is None:
        return ()
    check_keys(node, ("disputed", "unverified"), "mark", problems)
    marks: list[MarkRule] = []
    for kind in ("disputed", "unverified"):
        if (child := node.get(kind)) is None:
            continue
        near = _near(child.get("near"), problems)
        rest = {key: one for key, one in child if key != "near"}
        keys = {key: place for key, place in child.keys.items() if key != "near"}
        when = read_condition(Node(rest, child.place, keys), lexicon, problems)
        if when is not None:
            label: Literal["disputed", "unverified"] = "disputed" if kind == "disputed" else "unverified"
            marks.append(MarkRule(label, near, when))
    return tuple(marks)


def _near(node: Node | None, problems: Problems) -> int | None:
    if node is None or node.text == "same sentence":
        return 0
    if node.text == "article":
        return None
    if found := _NEAR.fullmatch(node.text):
        return int(found[1])
    problems.append(
        node.place.problem(
            "R305", f"“{node.text}” is not a distance for near.", "write same sentence, 3 sentences or article"
        )
    )
    return 0


def read_changes(
    node: Node | None, raises: bool, lexicon: Lexicon, problems: Problems
) -> tuple[tuple[Change, ...], tuple[StoryCondition, ...]]:
    """Changes of severity: those that the text decides, and those that the story decides."""
    by_text: list[Change] = []
    by_story: list[StoryCondition] = []
    for item in (node.items or (node,)) if node else ():
        check_keys(item, ("to", "when"), "a change of severity", problems)
        to = values.severity(item.map["to"], problems) if "to" in item.map else None
        when = item.get("when")
        if shapes.missing(item, ("to", "when"), "this change of severity", problems, "write {to: high, when: ...}"):
            continue
        if to is None or when is None:
            continue
        if set(when.keys) & {*STORY_KEYS, *_STORY_HINTS}:
            by_story.append(_story_condition(when, to, raises, problems))
        elif (condition := read_condition(when, lexicon, problems)) is not None:
            by_text.append(Change(to, condition))
    return tuple(by_text), tuple(by_story)


def _story_condition(node: Node, to: Severity, raises: bool, problems: Problems) -> StoryCondition:
    if (within := node.get("within")) is not None and values.is_span(within.text):
        read_unit(within, problems)  # says what it should be
        node = Node(node.value, node.place, {key: place for key, place in node.keys.items() if key != "within"})
    check_keys(node, STORY_KEYS, "a condition about the story", problems, _STORY_HINTS)
    during = node.get("during")
    return StoryCondition(
        to,
        raises,
        outlets=_number(node, "outlets", problems),
        languages=_number(node, "languages", problems),
        during=(values.span(during, "during", problems) if during else None) or 0,
        only=_kind(node, "only", problems),
        other_than=_kind(node, "other_than", problems),
    )


def _number(node: Node, key: str, problems: Problems) -> int:
    return (values.whole(node.map[key], key, problems) if key in node.map else None) or 0


def _kind(node: Node, key: str, problems: Problems) -> str:
    """A kind of outlets: state_affiliated, a language (sr) or a country (RS)."""
    child = node.get(key)
    if child is not None and not _KIND.fullmatch(child.text):
        hint = "write state_affiliated, a language (sr) or a country (RS)"
        problems.append(child.place.problem("R304", f"“{child.text}” is not a kind of outlets.", hint))
    return child.text if child else ""
