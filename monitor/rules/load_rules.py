"""Rules, exclusions and known events, read from the files of the desk. Pure."""

from __future__ import annotations

import re

from monitor.model import Severity
from monitor.rules import values
from monitor.rules.condition import SENTENCE, Condition, Group
from monitor.rules.lexicon import Lexicon, World
from monitor.rules.load_changes import read_changes, read_marks
from monitor.rules.load_conditions import read_condition
from monitor.rules.load_score import read_score
from monitor.rules.load_tests import read_test
from monitor.rules.ruleset import DAY, Exclusion, KnownEvent, OutletFilter, Rule, RuleTest, TimeRule
from monitor.rules.values import Problems, unknown_but
from monitor.yamlfile import Node, did_you_mean, unknown_keys

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
FILTER_KEYS = ("languages", "country", "tags", "reliability", "state_affiliated", "only", "not")


def read_rule(node: Node, world: World, problems: Problems) -> Rule | None:
    """One rule, or None after a problem."""
    if not _is_match(node.get("type"), problems):
        return None
    before = _errors(problems)
    unknown_but(node, RULE_KEYS, _LATER, "a rule", problems)
    _check_present(node, problems)
    escalate, up = read_changes(node.get("escalate"), True, world.lexicon, problems)
    lower, down = read_changes(node.get("lower"), False, world.lexicon, problems)
    find = read_condition(node.map["find"], world.lexicon, problems) if "find" in node.map else None
    severity = values.severity(node.map["severity"], problems) if "severity" in node.map else None
    tests = _tests(node, world, problems)
    rule = Rule(
        values.identifier(node.map["id"], "a rule", problems) or "",
        node.place,
        (values.text(node.map["title"], "title", problems, most=120) or "") if "title" in node.map else "",
        severity or Severity.INFO,
        find or Group(),
        live=_is_live(node.get("status"), problems) and bool(tests),
        about=node.map["about"].text if "about" in node.map else "",
        owner=node.map["owner"].text if "owner" in node.map else "",
        outlets=_filter(node.get("from"), world, problems),
        score=read_score(node.get("score"), world.lexicon, problems),
        unless=_unless(node.get("unless"), world, problems),
        time=_time(node.get("time"), problems),
        marks=read_marks(node.get("mark"), world.lexicon, problems),
        escalate=escalate,
        lower=lower,
        by_story=(*up, *down),
        send=_send(node.get("send"), world, problems),
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


def _is_live(node: Node | None, problems: Problems) -> bool:
    return node is not None and values.choice(node, "status", ("live", "trial", "off"), problems) == "live"


def _check_present(node: Node, problems: Problems) -> None:
    """Problems for what a rule cannot do without, and a warning when it has no tests."""
    id = node.map["id"].text
    for key in ("title", "severity", "find"):
        if key not in node.map:
            problems.append(node.place.problem("R102", f"the rule “{id}” has no {key}."))
    if "tests" not in node.map or not node.map["tests"].items:
        what = f"rule “{id}” has no tests, so it stays in status: trial."
        place = node.keys.get("tests") or node.place
        hint = "write what it must find and where it must keep quiet"
        problems.append(place.problem("W601", what, hint, warning=True))


# --- what a rule looks at ---------------------------------------------------------------------------------------


def _filter(node: Node | None, world: World, problems: Problems) -> OutletFilter:
    if node is None:
        return OutletFilter()
    problems += unknown_keys(node, FILTER_KEYS, "from", "R101")
    languages = node.map["languages"].items if "languages" in node.map else ()
    affiliated = node.get("state_affiliated")
    if affiliated is not None:
        values.choice(affiliated, "state_affiliated", ("yes", "no", "any"), problems)
    return OutletFilter(
        languages=frozenset(code for item in languages if (code := values.language(item, problems))),
        country=_set(node, "country", problems),
        tags=_set(node, "tags", problems),
        reliability=_reliability(node.get("reliability"), problems),
        state_affiliated=affiliated.text if affiliated and affiliated.text != "any" else "",
        only=_outlets(node.get("only"), world, problems),
        exclude=_outlets(node.get("not"), world, problems),
    )


def _set(node: Node, key: str, problems: Problems) -> frozenset[str]:
    return frozenset(values.strings(node.map[key], key, problems)) if key in node.map else frozenset()


def _reliability(node: Node | None, problems: Problems) -> frozenset[str]:
    """`">=C"` is A, B and C; letters alone are themselves."""
    found: set[str] = set()
    for item in node.items if node else ():
        if re.fullmatch("(>=)?[A-F]", item.text):
            found |= set("ABCDEF"[: "ABCDEF".index(item.text[-1]) + 1]) if item.text[0] == ">" else {item.text}
        else:
            problems.append(
                item.place.problem("R304", f"“{item.text}” is not a reliability.", 'write ">=C" or letters from A to F')
            )
    return frozenset(found)


def _outlets(node: Node | None, world: World, problems: Problems) -> frozenset[str]:
    for item in node.items if node else ():
        if item.text not in world.outlets:
            hint = did_you_mean(item.text, world.outlets)
            problems.append(item.place.problem("R205", f"there is no outlet called “{item.text}”.", hint))
    return frozenset(item.text for item in node.items) if node else frozenset()


def _time(node: Node | None, problems: Problems) -> TimeRule:
    if node is None:
        return TimeRule()
    problems += unknown_keys(node, ("event_within", "max_age", "background", "known_events"), "time")
    spans = {key: values.span(node.map[key], key, problems) for key in ("event_within", "max_age") if key in node.map}
    allowed = {
        key: values.choice(node.map[key], key, ("ignore", "allow"), problems) == "allow"
        for key in ("background", "known_events")
        if key in node.map
    }
    return TimeRule(
        spans.get("event_within") or 7 * DAY,
        spans.get("max_age") or 7 * DAY,
        allowed.get("background", False),
        allowed.get("known_events", False),
    )


def _unless(node: Node | None, world: World, problems: Problems) -> tuple[str, ...]:
    for item in node.items if node else ():
        if item.text not in world.exclusions:
            hint = did_you_mean(item.text, world.exclusions)
            problems.append(item.place.problem("R202", f"there is no exclusion called “{item.text}”.", hint))
    return tuple(item.text for item in node.items) if node else ()


def _send(node: Node | None, world: World, problems: Problems) -> tuple[str, ...]:
    for item in node.items if node else ():
        if world.channels is not None and item.text not in world.channels:
            hint = did_you_mean(item.text, world.channels)
            problems.append(item.place.problem("R204", f"there is no channel called “{item.text}”.", hint))
    return values.strings(node, "send", problems) if node else ()


# --- tests, exclusions, known events ----------------------------------------------------------------------------


def _tests(node: Node, world: World, problems: Problems) -> tuple[RuleTest, ...]:
    items = node.map["tests"].items if "tests" in node.map else ()
    read = (read_test(item, world, problems) for item in items)
    return tuple(test for test in read if test is not None)


def _errors(problems: Problems) -> int:
    return sum(1 for one in problems if one.severity == "error")


def read_exclusion(id: str, node: Node, lexicon: Lexicon, problems: Problems) -> Exclusion | None:
    """One exclusion, or None after a problem."""
    problems += unknown_keys(node, ("why", "when", "keep_if"), "an exclusion")
    values.identifier(Node(id, node.place, {}), "an exclusion", problems, joint="_")
    if "when" not in node.map:
        problems.append(node.place.problem("R102", f"the exclusion “{id}” has no when."))
        return None
    when = read_condition(node.map["when"], lexicon, problems)
    keep = read_condition(node.map["keep_if"], lexicon, problems) if "keep_if" in node.map else None
    why = node.map["why"].text if "why" in node.map else id
    return Exclusion(id, why, when, keep) if when is not None else None


def read_known_event(id: str, node: Node, lexicon: Lexicon, problems: Problems) -> KnownEvent | None:
    """One known event, or None after a problem."""
    problems += unknown_keys(node, ("label", "date", "live_for", "about"), "a known event")
    missing = [key for key in ("date", "about") if key not in node.map]
    for key in missing:
        problems.append(node.place.problem("R102", f"the known event “{id}” has no {key}."))
    if missing:
        return None
    day = values.day(node.map["date"], problems)
    live_for = values.span(node.map["live_for"], "live_for", problems) if "live_for" in node.map else 3 * DAY
    about: Condition | None = read_condition(node.map["about"], lexicon, problems)
    if day is None or live_for is None or about is None:
        return None
    label = node.map["label"].text if "label" in node.map else id
    return KnownEvent(id, label, day, live_for, Group(any=(about,), within=SENTENCE))
