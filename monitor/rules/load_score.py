"""The score of a rule, read from the files of the desk. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.rules import shapes, values
from monitor.rules.lexicon import Lexicon
from monitor.rules.load_conditions import read_condition
from monitor.rules.ruleset import PointRule, ScoreRule
from monitor.rules.shapes import check_keys
from monitor.rules.values import Problems
from monitor.yamlfile import Node


def read_score(node: Node | None, lexicon: Lexicon, problems: Problems) -> ScoreRule | None:
    """The score, or None when there is none or after a problem."""
    if node is None:
        return None
    check_keys(node, ("need", "points"), "a score", problems)
    need = values.whole(node.map["need"], "need", problems) if "need" in node.map else None
    lines = shapes.listed(node, "points", problems)
    if "need" not in node.map or not lines:
        problems.append(
            node.place.problem(
                "R102", "a score says how much it needs and what gives points.", "write need: 3, points: [...]"
            )
        )
    if need is not None:
        _check_reachable(need, node.map["need"], lines, problems)
    points = tuple(line for item in lines if (line := _point(item, lexicon, problems)) is not None)
    return ScoreRule(need, points) if need is not None and len(points) == len(lines) else None


def _check_reachable(need: int, node: Node, lines: Iterable[Node], problems: Problems) -> None:
    """A problem when all lines together cannot give what is needed; a line for each sentence has no end but `max`."""
    together = 0
    for line in lines:
        add, most = (int(line.map[key].text) if _is_number(line.get(key)) else None for key in ("add", "max"))
        if add is None or (add > 0 and "each" in line.map and most is None):
            return
        if add > 0:
            together += most if "each" in line.map and most is not None else min(add, most or add)
    if together < need:
        what = f"this rule can never fire: it needs {need} points but all points together give {together}."
        problems.append(node.place.problem("R502", what, f"lower need: to {together} or less, or add points"))


def _is_number(node: Node | None) -> bool:
    return node is not None and re.fullmatch(r"[+-]?\d{1,9}", node.text) is not None


def _point(node: Node, lexicon: Lexicon, problems: Problems) -> PointRule | None:
    check_keys(node, ("add", "why", "when", "each", "max"), "a line of points", problems)
    if shapes.missing(node, ("add", "when"), "this line of points", problems):
        return None
    add = values.whole(node.map["add"], "add", problems, least=-99)
    when = node.map["when"]
    condition = None if when.text == "find" else read_condition(when, lexicon, problems)
    each = shapes.chosen(node, "each", ("sentence",), problems)
    most = values.whole(node.map["max"], "max", problems) if "max" in node.map else None
    if add is None or (condition is None and when.text != "find"):
        return None
    why = shapes.text(node, "why", problems, f"{when.text or 'a condition'} holds")
    return PointRule(add, why, condition, bool(each), most)
