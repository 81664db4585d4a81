"""Loading: more mistakes in rules, each with its message; and no shape of a value breaks the loader."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rules_desk import RULE, WORDS, PlainVocabulary, load_texts

from monitor.rules.load import load

TEST = '{it: x, lang: en, text: "Rain.", expect: {fires: false}}'


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("from: {countri: RS}", "R101", "“countri”"),
        ("from: {languages: [al]}", "R306", "“al”"),
        ("from: {reliability: C+}", "R304", "“C+” is not a reliability"),
        ("from: {state_affiliated: maybe}", "R304", "“maybe”"),
        ("from: {only: [kossev]}", "R205", "no outlet called “kossev”"),
        ("score: {points: [{add: 1, when: find}]}", "R102", "how much it needs"),
        ("score: {need: 1, points: [{when: find}]}", "R102", "has no add"),
        ("score: {need: 1, points: [{add: 1, each: source, when: find}]}", "R304", "“source”"),
        ("score: {need: 1, points: [{add: one, when: find}]}", "R308", "“one”"),
        ("score: {need: 4, points: [{add: 1, each: sentence, max: 3, when: find}]}", "R502", "give 3"),
        ("score: {need: 1, points: [{add: 3, when: troop}]}", "R201", "“troop”"),
        ("time: {event_within: soon}", "R301", "“soon” is not a length of time"),
        ("time: {known_events: only}", "R304", "“only”"),
        ("time: {event_witin: 3d}", "R101", "“event_witin”"),
        ("mark: {disputed: {near: 3 pages, any: [denial]}}", "R305", "“3 pages”"),
        ("mark: {quoted: {any: [denial]}}", "R101", "“quoted”"),
        ("mark: {disputed: {near: article}}", "R303", "is a concept, an actor or a group"),
        ("escalate: [{to: high}]", "R102", "this change of severity has no when"),
        ("escalate: [{to: huge, when: incident}]", "R304", "“huge” is not a severity"),
        ("escalate: [{to: high, when: {outlets: three}}]", "R308", "“three”"),
        ("escalate: [{to: high, when: {outlets: 3, during: 6 hours}}]", "R301", "“6 hours”"),
        ("escalate: [{to: high, when: {outlets: 3, any: [incident]}}]", "R101", "“any” is not something"),
        ("escalate: [{to: high, when: {source_class: official}}]", "R101", "“source_class”"),
        ("status: of", "R304", "“of” is not a value for status"),
        ("type: matsh", "R304", "“matsh” is not a type"),
        ("find: {in: sentence, all: [troops, border]}", "R304", "“sentence” is not a part of an article"),
        ("also: troops", "R101", "“also”"),
        ("severty: low", "R101", "“severty”"),
    ],
)
def test_a_mistake_in_a_rule_has_its_message(line: str, code: str, what: str, tmp_path: Path) -> None:
    key = line.split(":")[0]
    rule = "\n".join(one for one in RULE.splitlines() if not one.strip().startswith(f"{key}:")) + f"\n    {line}\n"
    found = load_texts(tmp_path, WORDS, rule).problems
    assert [(one.code, what in one.what) for one in found] == [(code, True)], "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("before", "after", "code", "what"),
    [
        ("lang: en, ", "", "R102", "has no lang"),
        ('text: "Rain.", ', "", "R102", "has no text"),
        ('text: "Rain."', "file: story.txt", "R101", "“file”"),
        (", expect: {fires: false}", "", "R102", "has no expect"),
        ("{fires: false}", "{}", "R102", "has no fires"),
        ("{fires: false}", "fires", "R303", "expect cannot be written like this"),
        ("fires: false", "fires: maybe", "R304", "“maybe”"),
        ("fires: false", "fires: false, because: sports", "R304", "“sports”"),
        ("fires: false", "fires: true, severity: huge", "R304", "“huge”"),
        ("fires: false", "fires: true, sentences: [first]", "R308", "“first”"),
        ("fires: false", "fires: true, words: {troop: [army]}", "R201", "“troop”"),
        ("fires: false", "fire: false, fires: false", "R101", "“fire”"),
        ("lang: en", "lang: en, outlet: kosev", "R205", "no outlet called “kosev”"),
        ("lang: en", "lang: en, published: 22 March 2024", "R307", "is not a date"),
        ("lang: en", "lang: en, published: 2024-03-22 at noon", "R307", "is not a date"),
        ("lang: en", "lang: en, published: 2024-03-22 25:10", "R307", "not a time of day"),
    ],
)
def test_a_mistake_in_a_test_has_its_message(before: str, after: str, code: str, what: str, tmp_path: Path) -> None:
    assert before in TEST
    rule = RULE[: RULE.index("    tests:")] + f"    tests:\n      - {TEST.replace(before, after)}\n"
    found = load_texts(tmp_path, WORDS, rule).problems
    assert any(one.code == code and what in one.what for one in found), "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("condition", "code", "what"),
    [
        ("[troops]", "R303", "is a concept, an actor or a group"),
        ("{within: sentence}", "R504", "asks for nothing"),
        ("{all: []}", "R504", "“all” is empty"),
        ("{at_least: 2}", "R504", "needs a list"),
        ("{of: [troops, border]}", "R504", "needs a number"),
        ("{at_least: 3, of: [troops, border]}", "R501", "3 of 2"),
        ("{within: 12 meters, all: [troops]}", "R305", "“12 meters” is not a distance"),
        ("{within: sentnce, all: [troops]}", "R305", "“sentnce”"),
        ("{in: quote, all: [troops]}", "R304", "“quote”"),
        ("{times: two, any: [troops]}", "R308", "“two”"),
        ("{order: as_listed, all: [troops, border]}", "R101", "“order”"),
        ("{source: {country: [XK]}}", "R101", "“source”"),
        ("{say: x, all: [troops]}", "R303", "cannot stand beside"),
        ("{all: [troops, border], none: [border]}", "R501", "no “border”"),
        ("{all: [troops], none: [{any: [border, troops]}]}", "R501", "no “troops”"),
        ("{in: title, all: [troops, {in: body, any: [border]}]}", "R501", "looks elsewhere"),
        ("{in: title, times: 2, any: [troops]}", "R501", "only one sentence"),
        ("{within: sentence, all: [border, {times: 2, any: [troops]}]}", "R501", "only one sentence"),
        ("{within: sentence, all: [border, {within: article, any: [troops]}]}", "W603", "changes nothing"),
    ],
)
def test_a_condition_that_cannot_work_is_refused(condition: str, code: str, what: str, tmp_path: Path) -> None:
    rule = RULE.replace("{within: sentence, all: [{any: [troops, movement]}, border, side]}", condition)
    found = load_texts(tmp_path, WORDS, rule).problems
    assert [(one.code, what in one.what) for one in found] == [(code, True)], "\n".join(map(str, found))


@pytest.mark.parametrize(
    "condition",
    [
        "{all: [troops], none: [{in: title, any: [troops]}]}",
        "{all: [troops, {within: sentence, all: [border], none: [troops]}]}",
        "{any: [troops, border], none: [troops]}",
    ],
)
def test_a_condition_that_may_hold_is_not_refused(condition: str, tmp_path: Path) -> None:
    rule = RULE.replace("{within: sentence, all: [{any: [troops, movement]}, border, side]}", condition)
    assert load_texts(tmp_path, WORDS, rule).problems == ()


# --- no shape of a value breaks the loader ----------------------------------------------------------------------

WHOLE = """
version: 1
concepts:
  troops: {kind: thing, label: Soldiers, words: {en: [soldier], any: [x]}, not: [y], codes: {cameo: ["1"]}}
  places: {names: [[Jarinje]], includes: [troops]}
actors:
  vucic: {names: [Vučić], surname: alone, kind: person, roles: [{en: [x], since: 2020-01-01}], side: s, not: [z]}
known_events: {e: {label: E, date: 2023-09-24, live_for: 3d, about: {say: x}}}
time_words: {now: {en: [today]}}
page_furniture: {stop_after: [More]}
exclusions: {sport: {why: s, when: troops, keep_if: places}}
outlets: {o: {name: O, languages: [sr], tags: [t], feeds: [{url: "https://o.rs/", every: 5m..30m, tags: [a]}]}}
rules:
  - id: r
    title: R
    severity: low
    from: {country: RS, reliability: ">=C", only: [o]}
    find: {within: sentence, in: [title, lead], times: 1, all: [troops, {name: Jarinje}], at_least: 1, of: [vucic]}
    score: {need: 1, points: [{add: 1, why: w, when: find, each: sentence, max: 3}]}
    unless: [sport]
    time: {event_within: 7d, background: ignore}
    mark: {disputed: {near: 3 sentences, any: [troops]}}
    escalate: [{to: high, when: {outlets: 3, during: 6h}}]
    send: [desk]
    tests:
      - {it: i, lang: en, published: 2024-03-22, text: t, expect: {fires: true, sentences: [0], words: {troops: [a]}}}
"""
ODD: tuple[Any, ...] = ("", "odd", [], ["odd"], [["odd"]], {"odd": "odd"}, [{"odd": ["odd"]}])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to all values below `value`."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*path, key)
        yield from places(child, (*path, key))


def test_the_whole_example_is_right(tmp_path: Path) -> None:
    assert load_texts(tmp_path, WHOLE).problems == ()


def test_any_value_of_any_shape_gives_problems_or_loads_but_never_fails(tmp_path: Path) -> None:
    whole = yaml.load(WHOLE, yaml.BaseLoader)
    file = tmp_path / "odd.yaml"
    for number, path in enumerate(places(whole)):
        changed = copy.deepcopy(whole)
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = ODD[number % len(ODD)]
        file.write_text(yaml.dump(changed, allow_unicode=True, sort_keys=False), encoding="utf-8")
        loaded = load([tmp_path], compiler=PlainVocabulary)
        errors = [one for one in loaded.problems if one.severity == "error"]
        assert (loaded.rule_set is None) == bool(errors)
