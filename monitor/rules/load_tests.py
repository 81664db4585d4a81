"""The rules' own tests, read from the files of the desk. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.rules import shapes, values
from monitor.rules.lexicon import World
from monitor.rules.ruleset import Expectation, RuleTest
from monitor.rules.shapes import check_keys
from monitor.rules.values import Problems
from monitor.yamlfile import Node, did_you_mean

TEST_KEYS = ("it", "lang", "published", "title", "text", "outlet", "expect")
EXPECT_KEYS = ("fires", "because", "severity", "disputed", "unverified", "sentences", "not_sentences", "words")
REASONS = ("fires", "find", "score", "time", "max_age", "from")
SOME_DAY = datetime(2024, 1, 1, 12, tzinfo=UTC)  # of a test that does not say when it was published


def read_test(node: Node, world: World, problems: Problems) -> RuleTest | None:
    """One test, or None after a problem."""
    before = len(problems)
    hint = "write title: and text: here, so that the test travels with its rule"
    check_keys(node, TEST_KEYS, "a test", problems, {"file": hint})
    needed = ("lang", "expect") if node.get("title") else ("lang", "text", "expect")
    if shapes.missing(node, needed, "this test", problems):
        return None
    published = values.moment(node.map["published"], problems) if "published" in node.map else SOME_DAY
    language = values.language(node.map["lang"], problems)
    outlet = shapes.text(node, "outlet", problems)
    if outlet and outlet not in world.outlets:
        hint = did_you_mean(outlet, world.outlets)
        problems.append(node.map["outlet"].place.problem("R205", f"there is no outlet called “{outlet}”.", hint))
    it, title, text = (shapes.text(node, key, problems) for key in ("it", "title", "text"))
    expect = _expectation(node.map["expect"], world, problems)
    if len(problems) > before or published is None or language is None or expect is None:
        return None
    return RuleTest(it or title or text[:60], node.place, language, published, title, text, outlet, expect)


def _expectation(node: Node, world: World, problems: Problems) -> Expectation | None:
    if not isinstance(node.value, dict):
        hint = "write expect: {fires: true}, or {fires: false, because: find}"
        problems.append(node.place.problem("R303", "expect cannot be written like this.", hint))
        return None
    check_keys(node, EXPECT_KEYS, "expect", problems)
    if shapes.missing(node, ("fires",), "this expectation", problems, "write fires: true or fires: false"):
        return None
    fires = _maybe(node, "fires", problems)
    if fires is None:
        return None
    return Expectation(
        fires,
        shapes.chosen(node, "because", (*REASONS, *world.exclusions), problems),
        values.severity(node.map["severity"], problems) if "severity" in node.map else None,
        _maybe(node, "disputed", problems),
        _maybe(node, "unverified", problems),
        _numbers(node, "sentences", problems),
        _numbers(node, "not_sentences", problems),
        _words(node.map["words"], world, problems) if "words" in node.map else {},
    )


def _words(node: Node, world: World, problems: Problems) -> dict[str, tuple[str, ...]]:
    if not node.map:
        problems.append(node.place.problem("R303", "words are written by concept.", "write {troops: [soldiers]}"))
    for concept, place in node.keys.items():
        if concept not in world.lexicon:
            world.lexicon.concept(Node(concept, place, {}), problems)
    return {concept: shapes.strings(node, concept, problems) for concept in node.map}


def _maybe(node: Node, key: str, problems: Problems) -> bool | None:
    return values.yes_no(node.map[key], key, problems) if key in node.map else None


def _numbers(node: Node, key: str, problems: Problems) -> tuple[int, ...]:
    found = [values.whole(item, key, problems, least=0) for item in shapes.listed(node, key, problems)]
    return tuple(number for number in found if number is not None)
