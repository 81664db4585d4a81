"""The rules' own tests, read from the files of the desk. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.rules import values
from monitor.rules.lexicon import World
from monitor.rules.ruleset import Expectation, RuleTest
from monitor.rules.values import Problems
from monitor.yamlfile import Node, did_you_mean, unknown_keys

TEST_KEYS = ("it", "lang", "published", "title", "text", "outlet", "expect")
EXPECT_KEYS = ("fires", "because", "severity", "disputed", "unverified", "sentences", "not_sentences", "words")
REASONS = ("fires", "find", "score", "time", "max_age", "from")
SOME_DAY = datetime(2024, 1, 1, 12, tzinfo=UTC)  # of a test that does not say when it was published


def read_test(node: Node, world: World, problems: Problems) -> RuleTest | None:
    """One test, or None after a problem."""
    before = len(problems)
    if "file" in node.keys:
        problems.append(
            node.keys["file"].problem(
                "R101",
                "“file” is not something a test can have.",
                "write title: and text: here, so that the test travels with its rule",
            )
        )
    problems += unknown_keys(node, (*TEST_KEYS, "file"), "a test")
    missing = [key for key in ("lang", "expect") if key not in node.map]
    if not node.get("title") and not node.get("text"):
        missing.append("text")
    for key in missing:
        problems.append(node.place.problem("R102", f"this test has no {key}."))
    if missing:
        return None
    published = values.moment(node.map["published"], problems) if "published" in node.map else SOME_DAY
    language = values.language(node.map["lang"], problems)
    outlet = node.get("outlet")
    if outlet is not None and outlet.text not in world.outlets:
        hint = did_you_mean(outlet.text, world.outlets)
        problems.append(outlet.place.problem("R205", f"there is no outlet called “{outlet.text}”.", hint))
    expect = _expectation(node.map["expect"], world, problems)
    if len(problems) > before or published is None or language is None or expect is None:
        return None
    written = {key: node.map[key].text if key in node.map else "" for key in ("it", "title", "text")}
    return RuleTest(
        written["it"] or written["title"] or written["text"][:60],
        node.place,
        language,
        published,
        written["title"],
        written["text"],
        outlet.text if outlet else "",
        expect,
    )


def _expectation(node: Node, world: World, problems: Problems) -> Expectation | None:
    problems += unknown_keys(node, EXPECT_KEYS, "expect")
    fires = values.yes_no(node.map["fires"], "fires", problems) if "fires" in node.map else None
    if fires is None:
        if "fires" not in node.map:
            problems.append(
                node.place.problem(
                    "R102", "this expectation does not say whether the rule fires.", "write fires: true or fires: false"
                )
            )
        return None
    because, severity = node.get("because"), node.get("severity")
    if because is not None:
        values.choice(because, "because", (*REASONS, *world.exclusions), problems)
    words = node.get("words")
    return Expectation(
        fires,
        because.text if because else "",
        values.severity(severity, problems) if severity else None,
        _maybe(node, "disputed", problems),
        _maybe(node, "unverified", problems),
        _numbers(node, "sentences", problems),
        _numbers(node, "not_sentences", problems),
        _words(words, world, problems) if words else {},
    )


def _words(node: Node, world: World, problems: Problems) -> dict[str, tuple[str, ...]]:
    for concept, place in node.keys.items():
        if concept not in world.lexicon:
            world.lexicon.concept(Node(concept, place, {}), problems)
    return {concept: values.strings(child, concept, problems) for concept, child in node}


def _maybe(node: Node, key: str, problems: Problems) -> bool | None:
    return values.yes_no(node.map[key], key, problems) if key in node.map else None


def _numbers(node: Node, key: str, problems: Problems) -> tuple[int, ...]:
    child = node.get(key)
    found = [values.whole(item, key, problems, least=0) for item in child.items] if child else []
    return tuple(number for number in found if number is not None)
