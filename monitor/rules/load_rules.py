"""Rules, exclusions and known events, read from the files of the desk. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from monitor.model import Severity
from monitor.rules import shapes, values
from monitor.rules.condition import SENTENCE, Condition, Group
from monitor.rules.lexicon import Lexicon, World
from monitor.rules.load_changes import read_changes, read_marks
from monitor.rules.load_conditions import read_condition
from monitor.rules.load_score import read_score
from monitor.rules.load_tests import read_test
from monitor.rules.ruleset import DAY, Exclusion, KnownEvent, OutletFilter, Rule, RuleTest, TimeRule
from monitor.rules.shapes import check_keys
from monitor.rules.values import Problems
from monitor.yamlfile import Node, did_you_mean

RULE_KEYS = (
    *("id", "title", "about", "owner", "status", "type", "severity", "from", "find", "score", "unless", "time"),
    *("mark", "escalate", "lower", "send", "tests"),
)
_LATER = {
    "story": "which articles are one story is decided by the program; leave it out",
    "also": "not part of the language yet: put it into find, with within: article",
    **dict.fromkeys(("count", "window", "normal", "spike", "rate"), "rates and spikes come later"),
    **dict.fromkeys(("watch", "silent_for", "active", "tell_apart"), "silent feeds are watched without a rule"),
    "outlets": "the outlets a rule looks at stand in “from:”",
}
EVENT_KEYS = ("label", "date", "live_for", "about", "known_by")
FILTER_KEYS = ("languages", "country", "tags", "reliability", "state_affiliated", "only", "not")


def read_rule(node: Node, world: World, problems: Problems) -> Rule | None:
    """One rule, or None after a problem."""
    if not _is_match(node.get("type"), problems):
        return None
    before = _errors(problems)
    check_keys(node, RULE_KEYS, "a rule", problems, _LATER)
    _check_present(node, problems)
    escalate, up = read_changes(node.get("escalate"), True, world.lexicon, problems)
    lower, down = read_changes(node.get("lower"), False, world.lexicon, problems)
    find = read_condition(node.map["find"], world.lexicon, problems) if "find" in node.map else None
    severity = values.severity(node.map["severity"], problems) if "severity" in node.map else None
    tests = _tests(node, world, problems)
    rule = Rule(
        values.identifier(node.map["id"], "a rule", problems) or "",
        node.place,
        shapes.text(node, "title", problems, most=120),
        severity or Severity.INFO,
        find or Group(),
        live=shapes.chosen(node, "status", ("live", "trial", "off"), problems) == "live" and bool(tests),
        about=shapes.text(node, "about", problems),
        owner=shapes.text(node, "owner", problems),
        outlets=_filter(node.get("from"), world, problems),
        score=read_score(node.get("score"), world.lexicon, problems),
        unless=_names(node, "unless", world.exclusions, "exclusion", "R202", problems),
        time=_time(node.get("time"), problems),
        marks=read_marks(node.get("mark"), world.lexicon, problems),
        escalate=escalate,
        lower=lower,
        by_story=(*up, *down),
        send=_names(node, "send", world.channels, "channel", "R204", problems),
        tests=tests,
    )
    return rule if _errors(problems) == before else None


def _is_match(node: Node | None, problems: Problems) -> bool:
    if node is None or node.text == "match":
        return True
    later = node.text in ("rate", "spike", "silence", "first_seen")
    what = f"rules of type {node.text} come later." if later else f"“{node.text}” is not a type of rule."
    problems.append(node.place.problem("R304", what, "write type: match, or leave it out"))
    return False


def _check_present(node: Node, problems: Problems) -> None:
    """Problems for what a rule cannot do without, and a warning when it has no tests."""
    id = node.map["id"].text
    shapes.missing(node, ("title", "severity", "find"), f"the rule “{id}”", problems)
    if "tests" not in node.map or not node.map["tests"].items:
        what = f"rule “{id}” has no tests, so it stays in status: trial."
        place = node.keys.get("tests") or node.place
        hint = "write what it must find and where it must keep quiet"
        problems.append(place.problem("W601", what, hint, warning=True))


# --- what a rule looks at ---------------------------------------------------------------------------------------


def _filter(node: Node | None, world: World, problems: Problems) -> OutletFilter:
    if node is None:
        return OutletFilter()
    check_keys(node, FILTER_KEYS, "from", problems)
    languages = shapes.listed(node, "languages", problems)
    affiliated = shapes.chosen(node, "state_affiliated", ("yes", "no", "any"), problems)
    return OutletFilter(
        languages=frozenset(code for item in languages if (code := values.language(item, problems))),
        country=frozenset(shapes.strings(node, "country", problems)),
        tags=frozenset(shapes.strings(node, "tags", problems)),
        reliability=_reliability(shapes.listed(node, "reliability", problems), problems),
        state_affiliated="" if affiliated == "any" else affiliated,
        only=frozenset(_names(node, "only", world.outlets, "outlet", "R205", problems)),
        exclude=frozenset(_names(node, "not", world.outlets, "outlet", "R205", problems)),
    )


def _names(
    node: Node, key: str, known: Collection[str] | None, of_what: str, code: str, problems: Problems
) -> tuple[str, ...]:
    """The ids in a list, each of which has to be known (None: not checked here)."""
    items = shapes.listed(node, key, problems)
    for item in items:
        if not item.text or (known is not None and item.text not in known):
            hint = did_you_mean(item.text, known or ())
            problems.append(item.place.problem(code, f"there is no {of_what} called “{item.text}”.", hint))
    return tuple(item.text for item in items)


def _reliability(items: Sequence[Node], problems: Problems) -> frozenset[str]:
    """`">=C"` is A, B and C; letters alone are themselves."""
    found: set[str] = set()
    for item in items:
        if re.fullmatch("(>=)?[A-F]", item.text):
            found |= set("ABCDEF"[: "ABCDEF".index(item.text[-1]) + 1]) if item.text[0] == ">" else {item.text}
        else:
            problems.append(
                item.place.problem("R304", f"“{item.text}” is not a reliability.", 'write ">=C" or letters from A to F')
            )
    return frozenset(found)


def _time(node: Node | None, problems: Problems) -> TimeRule:
    if node is None:
        return TimeRule()
    check_keys(node, ("event_within", "max_age", "background", "known_events"), "time", problems)
    spans = {key: values.span(node.map[key], key, problems) for key in ("event_within", "max_age") if key in node.map}
    return TimeRule(
        spans.get("event_within") or 7 * DAY,
        spans.get("max_age") or 7 * DAY,
        shapes.chosen(node, "background", ("ignore", "allow"), problems) == "allow",
        shapes.chosen(node, "known_events", ("ignore", "allow"), problems) == "allow",
    )


# --- tests, exclusions, known events ----------------------------------------------------------------------------


def _tests(node: Node, world: World, problems: Problems) -> tuple[RuleTest, ...]:
    read = (read_test(item, world, problems) for item in shapes.listed(node, "tests", problems))
    return tuple(test for test in read if test is not None)


def _errors(problems: Problems) -> int:
    return sum(1 for one in problems if one.severity == "error")


def read_exclusion(id: str, node: Node, lexicon: Lexicon, problems: Problems) -> Exclusion | None:
    """One exclusion, or None after a problem."""
    check_keys(node, ("why", "when", "keep_if"), "an exclusion", problems)
    values.identifier(Node(id, node.place, {}), "an exclusion", problems, joint="_")
    if shapes.missing(node, ("when",), f"the exclusion “{id}”", problems):
        return None
    when = read_condition(node.map["when"], lexicon, problems)
    keep = read_condition(node.map["keep_if"], lexicon, problems) if "keep_if" in node.map else None
    why = shapes.text(node, "why", problems, id)
    return Exclusion(id, why, when, keep) if when is not None else None


def read_known_event(id: str, node: Node, lexicon: Lexicon, problems: Problems) -> KnownEvent | None:
    """One known event, or None after a problem."""
    check_keys(node, EVENT_KEYS, "a known event", problems)
    if shapes.missing(node, ("date", "about"), f"the known event “{id}”", problems):
        return None
    day = values.day(node.map["date"], problems)
    live_for = values.span(node.map["live_for"], "live_for", problems) if "live_for" in node.map else 3 * DAY
    about: Condition | None = read_condition(node.map["about"], lexicon, problems)
    known_by: Condition | None = None
    if "known_by" in node.map:
        marks = read_condition(node.map["known_by"], lexicon, problems)
        known_by = Group(any=(marks,), within=SENTENCE) if marks is not None else None
    if day is None or live_for is None or about is None:
        return None
    label = shapes.text(node, "label", problems, id)
    return KnownEvent(id, label, day, live_for, Group(any=(about,), within=SENTENCE), known_by)
