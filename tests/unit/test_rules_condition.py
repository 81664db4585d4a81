"""Conditions: where they hold, by distance, by place in the article and by number."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_desk import WORDS, PlainVocabulary, desk, story

from monitor.rules.condition import bits, find, in_words, index_of
from monitor.rules.lexicon import Lexicon
from monitor.rules.load_conditions import read_condition
from monitor.rules.near import missing_parts
from monitor.rules.values import Problems
from monitor.yamlfile import parse_yaml

TITLE = "Army exercise"
TEXT = """Serbia moved tanks. The border is quiet.
The football cup began in Kosovo near the border, and many kilometres away the tanks of an army stood.
Soldiers said nothing at all. Shots were heard at Jarinje."""
# s0 Army exercise | s1 Serbia moved tanks | s2 The border is quiet | s3 football ... | s4 Soldiers ... | s5 Shots ...


def holds(condition: str, folder: Path, text: str = TEXT, title: str = TITLE) -> list[int] | None:
    """The sentences in which a condition holds, None when it does not."""
    rule_set = desk(folder, WORDS)
    node, _ = parse_yaml(condition, "test")
    assert node is not None
    problems: Problems = []
    lexicon = Lexicon(rule_set.concepts, rule_set.actors)
    read = read_condition(node, lexicon, problems)
    assert read is not None, problems
    vocabulary = PlainVocabulary([*rule_set.concepts.values(), *lexicon.made.values()], rule_set.actors.values())
    found = find(read, index_of(vocabulary.read(story(text, title))))
    return list(bits(found.sentences)) if found else None


@pytest.mark.parametrize(
    ("condition", "sentences"),
    [
        ("troops", [0, 1, 3, 4]),
        ("{any: [sport, denial]}", [3]),
        ("{all: [troops, denial]}", None),
        ("{all: [troops, sport]}", [0, 1, 3, 4]),  # article is the default distance
        ("{within: sentence, all: [troops, border]}", [3]),
        ("{within: paragraph, all: [side, border]}", [1, 2, 3]),
        ("{within: 2 sentences, all: [movement, border]}", [1, 2]),
        ("{within: 1 sentence, all: [movement, border]}", None),
        ("{within: sentence, all: [side, border]}", [3]),
        ("{within: 4 words, all: [side, border]}", [3]),
        ("{within: 3 words, all: [side, border]}", None),
        ("{within: 5 words, all: [border, troops]}", None),
        ("{within: 12 words, all: [border, troops]}", [3]),
        ("{within: sentence, all: [troops], none: [movement]}", [3, 4]),
        ("{all: [troops], none: [movement]}", None),
        ("{in: title, any: [movement]}", [0]),
        ("{in: lead, any: [troops]}", [1]),
        ("{in: [title, lead], any: [troops]}", [0, 1]),
        ("{in: body, any: [troops]}", [3, 4]),
        ("{times: 4, any: [troops]}", [0, 1, 3, 4]),
        ("{times: 5, any: [troops]}", None),
        ("{in: body, times: 2, any: [troops]}", [3, 4]),
        ("{within: paragraph, times: 3, any: [troops]}", [0, 1, 3, 4]),
        ("{at_least: 2, of: [sport, denial, incident]}", [3, 5]),
        ("{at_least: 3, of: [sport, denial, incident]}", None),
        ("{within: sentence, at_least: 2, of: [sport, border, denial]}", [3]),
        ("{say: many kilometres}", [3]),
        ("{name: Jarinje}", [5]),
        ("{within: sentence, all: [incident, {name: jarinje}]}", [5]),
        ("{within: sentence, all: [troops, {any: [movement, statement]}]}", [0, 1, 4]),  # inner groups inherit
        ("{all: [sport, {within: sentence, all: [troops, statement]}]}", [3, 4]),
        ("{none: [denial]}", []),
        ("{all: [{in: title, any: [troops]}, {none: [{in: title, any: [border]}]}]}", [0]),
        ("{say: tanks, in: lead}", [1]),
        ("{within: sentence, all: [side, {within: 2 words, all: [movement, troops]}]}", [1]),
        ("actors", None),
    ],
)
def test_a_condition_holds_where_its_words_stand_together(
    condition: str, sentences: list[int] | None, tmp_path: Path
) -> None:
    assert holds(condition, tmp_path) == sentences


@pytest.mark.parametrize(
    ("condition", "text", "missing"),
    [
        ("{within: sentence, all: [troops, border, side]}", "Tanks at the border.", ("side",)),
        ("{within: sentence, all: [troops, {any: [border, border_places]}]}", "Tanks.", ("border or border_places",)),
        ("{within: sentence, all: [troops, border]}", "The border.", ()),  # what it is about is missing
        ("{within: sentence, all: [troops, border, side]}", "Tanks. The border.", ()),
        (
            "{within: sentence, all: [troops, border, side]}",
            "Tanks at the border. Tanks in Kosovo.",
            ("side", "border"),
        ),
        ("{any: [{in: title, all: [troops, border]}, {all: [sport, side]}]}", "Tanks. Football.", ("side",)),
        (
            "{within: 3 words, all: [troops, border]}",
            "Tanks far away from any border.",
            ("troops and border within 3 words",),
        ),
        ("{within: sentence, times: 2, all: [troops, border]}", "Tanks at the border.", ("troops and border 2 times",)),
        ("sport", "Tanks.", ()),
    ],
)
def test_a_near_miss_names_the_part_that_is_missing(
    condition: str, text: str, missing: tuple[str, ...], tmp_path: Path
) -> None:
    rule_set = desk(tmp_path, WORDS)
    node, _ = parse_yaml(condition, "test")
    assert node is not None
    read = read_condition(node, Lexicon(rule_set.concepts, rule_set.actors), [])
    assert read is not None
    index = index_of(rule_set.vocabulary.read(story(text)))
    assert missing_parts(read, index, index.everything) == missing


def test_a_condition_says_itself_in_words(tmp_path: Path) -> None:
    rule_set = desk(tmp_path, WORDS)
    node, _ = parse_yaml("{in: title, all: [troops, {any: [border, {say: the line}]}], none: [sport]}", "test")
    assert node is not None
    read = read_condition(node, Lexicon(rule_set.concepts, rule_set.actors), [])
    assert read is not None
    assert in_words(read) == "(troops and (border or “the line”)) and no sport in the title"
