"""Labels (`mark`) and changes of severity (`escalate`, `lower`) of a rule, read from the files of the desk. Pure."""

from __future__ import annotations

import re
from typing import Literal

from monitor.model import Severity, StoryCondition
from monitor.rules import values
from monitor.rules.lexicon import Lexicon
from monitor.rules.load_conditions import read_condition, read_unit
from monitor.rules.ruleset import Change, MarkRule
from monitor.rules.values import Problems, unknown_but
from monitor.yamlfile import Node, unknown_keys

STORY_KEYS = ("outlets", "languages", "during", "only", "other_than")
_STORY_HINTS = {"sources": "did you mean “outlets”?", "source_class": "write only: or other_than:"}
_NEAR = re.compile(r"(\d{1,3}) sentences?")


def read_marks(node: Node | None, lexicon: Lexicon, problems: Problems) -> tuple[MarkRule, ...]:
    """The labels that a match may get."""
    if node is None:
        return ()
    problems += unknown_keys(node, ("disputed", "unverified"), "mark")
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
        problems += unknown_keys(item, ("to", "when"), "a change of severity")
        to = values.severity(item.map["to"], problems) if "to" in item.map else None
        when = item.get("when")
        if to is None or when is None:
            if "to" not in item.map or when is None:
                problems.append(
                    item.place.problem(
                        "R102", "a change of severity says to what, and when.", "write {to: high, when: ...}"
                    )
                )
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
    unknown_but(node, STORY_KEYS, _STORY_HINTS, "a condition about the story", problems)
    return StoryCondition(
        to,
        raises,
        outlets=(values.whole(node.map["outlets"], "outlets", problems) or 0) if "outlets" in node.map else 0,
        languages=(values.whole(node.map["languages"], "languages", problems) or 0) if "languages" in node.map else 0,
        during=(values.span(node.map["during"], "during", problems) or 0) if "during" in node.map else 0,
        only=node.map["only"].text if "only" in node.map else "",
        other_than=node.map["other_than"].text if "other_than" in node.map else "",
    )
