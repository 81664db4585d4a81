"""Lints: what loads without an error and hardly means what its author thinks."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_desk import RULE, WORDS, desk, load_texts

from monitor.rules.lint import lint_rules, lint_tests
from monitor.rules.lint_words import Book, lint_words


def commonness(word: str, language: str) -> int:
    return 5 if word in ("found", "robe", "vojska") else 0


DOUBTFUL = [  # language, term, what is said of it
    ("sq", "pritë", "shares forms with “pres”"),  # waiting times became ambushes
    ("sr", "neprihvatljivo", "only “neprihvatljivo” itself will be found"),
    ("sr", "vojksa", "does not know “vojksa”"),  # vojska
]
MEANT = [("sq", "=pritë"), ("sq", "në pritë"), ("sq", "pritë (noun)"), ("sr", "vojska"), ("sr", "ranjen")]


def test_a_word_that_is_another_word_too_is_doubtful_unless_a_mark_or_phrase_says_it_is_meant(tmp_path: Path) -> None:
    lines = [f"  c{number}: {{words: {{{one[0]}: [{one[1]}]}}}}" for number, one in enumerate([*DOUBTFUL, *MEANT])]
    rule_set, book = desk(tmp_path, "\n".join(["version: 1", "concepts:", *lines])), Book()
    found = lint_words(rule_set, commonness, book)
    assert [(one.code, said in one.what) for one, (*_, said) in zip(found, DOUBTFUL, strict=True)] == [
        ("W701", True),
        ("W701", True),
        ("W707", True),
    ]
    assert all(one.severity == "warning" and one.line and one.suggestion for one in found)
    assert "did you mean “vojska”" in found[-1].suggestion
    assert len(book) == 5  # the words without a mark
    assert lint_words(rule_set, commonness, dict.fromkeys(book, ())) == ()  # what the book knows is not asked again


NAMES = """\
version: 1
concepts:
  towns: {kind: place, names: [[Peć, Peja], [Burim (name)], [Zvečan], [Novi Pazar], [SAD]]}
  verbs: {kind: action, words: {en: [found, rob], sr: [=naći]}}
actors:
  rudar: {names: [Edi Rudar], surname: alone}
  krasniqi: {names: [Ana Peć]}
"""


def test_a_name_that_is_also_a_word_and_a_form_that_is_a_common_one_are_doubtful(tmp_path: Path) -> None:
    found = lint_words(desk(tmp_path, NAMES), commonness, Book())
    said = [(one.line, one.code, one.what.partition("”")[0].rpartition("“")[2]) for one in found]
    assert (3, "W705", "Peć") in said
    assert (6, "W705", "Rudar") in said  # a miner
    assert (4, "W706", "found") in said
    assert {word for *_, word in said} == {"Peć", "Rudar", "found"}


def test_a_quiet_test_that_does_not_say_why_is_told_why_it_is_quiet(tmp_path: Path) -> None:
    quiet = RULE.replace("tests: [", "tests: [{it: rain, lang: en, text: It rains., expect: {fires: false}}, ")
    (found,) = lint_tests(desk(tmp_path, WORDS, quiet))
    assert (found.code, found.severity) == ("W605", "warning")
    assert "{fires: false, because: find}" in found.suggestion
    assert not lint_tests(desk(tmp_path, WORDS, quiet.replace("fires: false", "fires: false, because: find")))


def test_a_rule_that_does_not_say_how_near_its_parts_have_to_be_is_doubtful(tmp_path: Path) -> None:
    anywhere = RULE.replace("within: sentence, ", "")
    assert [one.code for one in lint_rules(desk(tmp_path, WORDS, anywhere))] == ["W708"]
    for meant in (
        RULE,
        RULE.replace("within: sentence", "within: article"),
        RULE.replace("within: sentence", "in: title"),
    ):
        assert not lint_rules(desk(tmp_path, WORDS, meant))


def test_a_rule_without_words_in_a_language_of_the_desk_can_never_fire_there(tmp_path: Path) -> None:
    words = WORDS.replace("en: [soldiers,", "sr: [vojska], en: [soldiers,")
    (found,) = lint_rules(desk(tmp_path, words, RULE))
    assert found.code == "W703"
    assert "can never fire in sr: there are no words for border" in found.what


def test_an_exclusion_that_keeps_all_a_rule_finds_never_works(tmp_path: Path) -> None:
    rule = RULE + "    unless: [sport]\n"
    assert not lint_rules(desk(tmp_path, WORDS, rule))
    wide = WORDS.replace("keep_if: {in: title, any: [incident]}", "keep_if: {any: [border, incident]}")
    (found,) = lint_rules(desk(tmp_path, wide, rule))
    assert found.code == "W704"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('"=anniversary"', "formerly", "W602"),
        ("{names: [Afrim Bunjaku, Bunjaku]}", "{names: [Afrim Bunjaku], roles: {en: [policeman]}}", "W604"),
    ],
)
def test_a_short_cue_and_an_office_without_dates_are_doubtful(
    before: str, after: str, code: str, tmp_path: Path
) -> None:
    loaded = load_texts(tmp_path, WORDS.replace(before, after))
    assert loaded.rule_set is not None
    assert [one.code for one in loaded.problems] == [code]


BAD = """\
version: 1
rules:
  - id: Bridge Closed
    title: A bridge is closed
    severity: hihg
    find:
      witihn: sentence
      all: [troop, border, kosovo side]
    score: {need: 9, points: [{add: 4, why: headline, when: {in: titel, all: [troops]}}]}
    time: {event_within: 7 days, background: no}
    unless: [sports]
    escalate: [{to: high, when: {sources: 3, within: 6h}}]
    send: [desk-telegramm]
  - id: never
    title: Never
    severity: low
    find: {all: [border, {none: [border]}]}
    tests: [{it: x, lang: al, published: 2024-02-30, text: x, expect: {fires: true}}]
  - id: quick
    title: Quick
    severity: low
    find: {any: [{say: "po*"}]}
    tests: []
"""
MISTAKES = [
    (3, "R302", "Bridge Closed"),
    (5, "R304", "“hihg”"),
    (7, "R101", "“witihn”"),
    (8, "R201", "“troop”"),
    (8, "R201", "“kosovo side”"),
    (9, "R304", "“titel”"),
    (9, "R502", "9 points"),
    (10, "R301", "“7 days”"),
    (10, "R304", "“no”"),
    (11, "R202", "“sports”"),
    (12, "R101", "“sources”"),
    (12, "R305", "“6h”"),
    (13, "R204", "“desk-telegramm”"),
    (17, "R501", "“border”"),
    (18, "R306", "“al”"),
    (18, "R307", "“2024-02-30”"),
    (22, "R401", "“po*”"),
    (23, "W601", "“quick”"),
]


def test_all_mistakes_of_a_file_are_told_at_once_with_place_and_advice(tmp_path: Path) -> None:
    found = load_texts(tmp_path, WORDS, BAD, channels=["desk-telegram"]).problems
    said = [(one.line, one.code) for one in found]
    for line, code, what in MISTAKES:
        assert any((one.line, one.code) == (line, code) and what in one.what for one in found), (line, code, what, said)
    advice = "\n".join(one.suggestion for one in found)
    for hint in ("“high”", "“within”", "“troops”", "7d", "“sport”", "“desk-telegram”", "during: 6h", "“sq”", "29 days"):
        assert hint in advice, hint
    assert all(one.excerpt for one in found)
