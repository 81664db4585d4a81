"""Conditions as people write them, turned into `condition.Condition`s. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

from monitor.model import Field
from monitor.rules.condition import SENTENCE, Condition, Group, Leaf, Unit
from monitor.rules.lexicon import Lexicon
from monitor.rules.shapes import check_keys
from monitor.rules.values import Problems, choice, is_span, whole
from monitor.yamlfile import Node, did_you_mean

KEYS = ("all", "any", "none", "at_least", "of", "within", "in", "times", "say", "name")
FIELDS: tuple[Field, ...] = get_args(Field)
_UNITS = ("sentence", "paragraph", "article")
_COUNTED = re.compile(r"(\d{1,3}) (words?|sentences?)")
_LATER = {
    "order": 'the order of words is not part of the language yet; use a phrase: {say: "first .. second"}',
    "source": "what is asked of outlets stands in “from:”",
    "outlet": "what is asked of outlets stands in “from:”",
}
_SIZE = {"words": 0, "sentence": 1, "sentences": 2, "paragraph": 3, "article": 4}


def read_condition(node: Node, lexicon: Lexicon, problems: Problems) -> Condition | None:
    """The condition a node says, or None after a problem."""
    before = len(problems)
    condition = _read(node, lexicon, problems)
    if condition is not None and len(problems) == before:
        _check(node, condition, problems)
    return condition if len(problems) == before else None


def _read(node: Node, lexicon: Lexicon, problems: Problems) -> Condition | None:
    if node.is_text:
        concept = lexicon.concept(node, problems)
        return Leaf(concept, node.text) if concept else None
    if not node.map:
        hint = "write all: [...] or any: [...] before the list" if node.items else ""
        problems.append(node.place.problem("R303", "a condition is a concept, an actor or a group.", hint))
        return None
    check_keys(node, KEYS, "a condition", problems, _LATER)
    if "say" in node.map or "name" in node.map:
        return _read_words(node, lexicon, problems)
    return _read_group(node, lexicon, problems)


def _read_words(node: Node, lexicon: Lexicon, problems: Problems) -> Condition | None:
    key = "say" if "say" in node.map else "name"
    concept = (lexicon.say if key == "say" else lexicon.name)(node.map[key], problems)
    leaf = Leaf(concept, f"“{node.map[key].text}”") if concept else None
    others = [other for other in node.keys if other != key]
    if not others or leaf is None:
        return leaf
    if set(others) <= {"in", "times", "within"}:
        return _settings(node, Group(any=(leaf,)), problems)
    problems.append(
        node.place.problem(
            "R303", f"“{key}” cannot stand beside {', '.join(others)}.", "write it as an item of their list"
        )
    )
    return None


def _read_group(node: Node, lexicon: Lexicon, problems: Problems) -> Group | None:
    parts: dict[str, tuple[Condition, ...]] = {}
    for key in ("all", "any", "none", "of"):
        child = node.get(key)
        if child is None:
            continue
        items = child.items or ((child,) if child.map else ())
        if not items:
            problems.append(node.keys[key].problem("R504", f"“{key}” is empty."))
        read = [_read(item, lexicon, problems) for item in items]
        parts[key] = tuple(one for one in read if one is not None)
    if not parts and "at_least" not in node.map:
        if set(node.keys) <= set(KEYS):
            hint = "give it all: [...] or any: [...]"
            problems.append(node.place.problem("R504", "this condition asks for nothing.", hint))
        return None
    group = Group(parts.get("all", ()), parts.get("any", ()), parts.get("none", ()), parts.get("of", ()))
    return _settings(node, group, problems)


def _settings(node: Node, group: Group, problems: Problems) -> Group:
    """The group with its within, in, times and at_least."""
    if (child := node.get("within")) is not None:
        group = replace(group, within=read_unit(child, problems))
    if (child := node.get("in")) is not None:
        group = replace(group, fields=_fields(child, problems))
    if (child := node.get("times")) is not None:
        group = replace(group, times=whole(child, "times", problems) or 1)
    if (child := node.get("at_least")) is not None:
        group = replace(group, least=whole(child, "at_least", problems) or 0)
        if not group.of:
            problems.append(
                node.keys["at_least"].problem("R504", "“at_least” needs a list.", "write at_least: 2, of: [...]")
            )
        elif group.least > len(group.of):
            what = f"this condition can never be true: it asks for {group.least} of {len(group.of)}."
            problems.append(node.keys["at_least"].problem("R501", what))
    elif group.of:
        problems.append(node.keys["of"].problem("R504", "“of” needs a number.", "write at_least: 2, of: [...]"))
    return group


def read_unit(node: Node, problems: Problems) -> Unit | None:
    """A distance in text: sentence, paragraph, article, “12 words”, “2 sentences”."""
    if node.text in _UNITS:
        return Unit(node.text)  # type: ignore[arg-type]
    counted = _COUNTED.fullmatch(node.text)
    if counted and (n := int(counted[1])):
        if counted[2].startswith("word"):
            return Unit("words", n)
        return SENTENCE if n == 1 else Unit("sentences", n)
    if is_span(node.text):
        what = f"within: is a distance in the text; “{node.text}” is a time."
        problems.append(node.place.problem("R305", what, f"write during: {node.text.replace(' ', '')}"))
        return None
    hint = did_you_mean(node.text, _UNITS) or "write sentence, paragraph, article, 12 words or 2 sentences"
    problems.append(node.place.problem("R305", f"“{node.text}” is not a distance in the text.", hint))
    return None


def _fields(node: Node, problems: Problems) -> frozenset[Field]:
    for item in node.items:
        if item.text in ("sentence", "paragraph"):
            what = f"“{item.text}” is not a part of an article."
            problems.append(item.place.problem("R304", what, f"write within: {item.text}"))
            return frozenset()
    names = [choice(item, "in", FIELDS, problems) for item in node.items]
    if not names:
        problems.append(node.place.problem("R304", "“in” says where: title, lead, body."))
    return frozenset(name for name in FIELDS if name in names)


# --- conditions that cannot work --------------------------------------------------------------------------------


def _check(
    node: Node,
    condition: Condition,
    problems: Problems,
    within: Unit | None = None,
    fields: frozenset[Field] = frozenset(FIELDS),
) -> None:
    """Add a problem for every group that can never be true, or that says something without effect."""
    if isinstance(condition, Leaf):
        return
    place = node.keys.get("all") or node.place
    wanted, forbidden = _leaves(condition)
    for concept in sorted(wanted.keys() & forbidden.keys()):
        shown = wanted[concept]
        what = f"this condition can never be true: it asks for “{shown}” and for no “{shown}” at the same time."
        problems.append(place.problem("R501", what))
    if condition.fields and not condition.fields & fields:
        problems.append(
            node.keys["in"].problem("R501", "this condition can never be true: the group around it looks elsewhere.")
        )
    inside = condition.fields & fields if condition.fields else fields
    unit = condition.within or within
    if condition.times > 1 and ((within is not None and _SIZE[within.kind] <= 1) or inside == {"title"}):
        what = "this condition can never be true: there is only one sentence to look in."
        problems.append(node.keys["times"].problem("R501", what))
    if condition.within and within and _SIZE[condition.within.kind] > _SIZE[within.kind]:
        what = "this within is wider than the one around it and changes nothing."
        problems.append(node.keys["within"].problem("W603", what, "leave it out", warning=True))
    for key, parts in (("all", condition.all), ("any", condition.any), ("none", condition.none), ("of", condition.of)):
        child = node.get(key)
        items = (child.items or (child,)) if child else ()
        for item, part in zip(items, parts, strict=False):
            _check(item, part, problems, unit, inside)


def _leaves(group: Group) -> tuple[dict[str, str], dict[str, str]]:
    """Concepts that have to be in the group's unit and those that must not: what several lists say of one place."""
    wanted = {part.concept: part.shown for part in group.all if isinstance(part, Leaf)}
    if len(group.any) == 1 and isinstance(group.any[0], Leaf):
        wanted[group.any[0].concept] = group.any[0].shown
    forbidden: dict[str, str] = {}
    for part in group.none:
        inner = (
            part.any if isinstance(part, Group) and _plain(part) and not (part.all or part.none or part.of) else (part,)
        )
        forbidden |= {one.concept: one.shown for one in inner if isinstance(one, Leaf)}
    for part in group.all:
        if isinstance(part, Group) and _plain(part):
            more, less = _leaves(part)
            wanted, forbidden = wanted | more, forbidden | less
    return wanted, forbidden


def _plain(group: Group) -> bool:
    """Does this group look at the same text as the group around it?"""
    return group.within is None and not group.fields and group.times == 1
