"""The rules' own tests, and the articles they are run on."""

from __future__ import annotations

from pathlib import Path

import pytest
from rules_desk import PUBLISHED, RULE, WORDS, desk

from monitor.rules.examples import run_examples
from monitor.rules.given import given_article

HEAD = (
    RULE[: RULE.index("    tests:")]
    + "    mark: {disputed: {near: article, any: [denial]}}\n    unless: [sport]\n    tests:\n"
)
TEXT = "Serbia deployed its army at the border. Nothing else."


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("{fires: true}", ""),
        ("{fires: true, because: fires, severity: medium, disputed: false, unverified: false}", ""),
        ("{fires: true, sentences: [0], not_sentences: [1], words: {troops: [Army], side: [Serbia]}}", ""),
        ("{fires: false}", "it should stay quiet and fires"),
        ("{fires: false, because: sport}", "it should be because of sport and is because of fires"),
        ("{fires: true, severity: high}", "it should be high and is medium"),
        ("{fires: true, disputed: true}", "it should be disputed"),
        ("{fires: true, sentences: [0, 1]}", "sentence 1 should count"),
        ("{fires: true, not_sentences: [0]}", "sentence 0 should not count"),
        ("{fires: true, words: {troops: [tanks]}}", "troops should find “tanks” and finds “army”"),
        ("{fires: true, words: {sport: [cup]}}", "sport should find “cup” and finds nothing"),
    ],
)
def test_an_expectation_that_is_not_met_is_a_problem_at_its_place(expect: str, difference: str, tmp_path: Path) -> None:
    rule_set = desk(tmp_path, WORDS, HEAD + f'      - {{it: "the army", lang: en, text: "{TEXT}", expect: {expect}}}\n')
    problems = run_examples(rule_set)
    if not difference:
        assert problems == ()
        return
    (problem,) = problems
    assert f"test “the army” of troops-near-border: {'' if 'because' in expect else difference}" in problem.what
    assert difference in problem.what
    assert (problem.code, problem.line) == ("R701", HEAD.count("\n") + 1)
    assert problem.suggestion.startswith("FIRES  medium")


def test_a_rule_that_finds_nothing_is_quiet_because_of_find(tmp_path: Path) -> None:
    tests = '      - {it: x, lang: en, text: "Rain.", expect: {fires: false, because: find}}\n'
    tests += '      - {it: y, lang: en, text: "Rain.", expect: {fires: true}}\n'
    (problem,) = run_examples(desk(tmp_path, WORDS, HEAD + tests))
    assert "“y”" in problem.what
    assert problem.suggestion.startswith("quiet")


def test_a_test_runs_at_the_time_it_was_published(tmp_path: Path) -> None:
    text = "In March 2023 Serbia moved its army to the border."
    old = f'{{it: a, lang: en, published: 2024-03-22, text: "{text}", expect: {{fires: false, because: time}}}}'
    new = old.replace("2024-03-22", "2023-03-22 08:00").replace("{fires: false, because: time}", "{fires: true}")
    assert run_examples(desk(tmp_path, WORDS, HEAD + f"      - {old}\n      - {new}\n")) == ()


def test_a_test_may_name_its_outlet(tmp_path: Path) -> None:
    outlets = "version: 1\noutlets: {a: {country: XK}, b: {country: RS}}"
    tests = "".join(
        f'      - {{it: x, lang: en, outlet: {id}, text: "{TEXT}", expect: {{fires: {fires}, because: {because}}}}}\n'
        for id, fires, because in (("a", "true", "fires"), ("b", "false", "from"))
    )
    rule = HEAD.replace("    unless:", "    from: {country: XK}\n    unless:") + tests
    assert run_examples(desk(tmp_path, WORDS, rule, outlets)) == ()


def test_given_text_becomes_title_lead_and_body_in_paragraphs() -> None:
    article = given_article("  A  title ", "A title\nOne. Two.\n\nThree. Four.\n", "en", PUBLISHED, outlet="o")
    assert article.title == "A title"
    assert [(one.text, one.field, one.paragraph) for one in article.sentences] == [
        ("A title", "title", 0),
        ("One.", "lead", 1),
        ("Two.", "lead", 1),
        ("Three.", "body", 2),
        ("Four.", "body", 2),
    ]
    assert [one.index for one in article.sentences] == [0, 1, 2, 3, 4]
    assert article.id == given_article("A title", "One. Two.\nThree. Four.", "en", PUBLISHED, outlet="o").id
    assert article.id != given_article("A title", "One. Two.", "en", PUBLISHED, outlet="o").id


@pytest.mark.parametrize(
    ("text", "title", "fields"),
    [
        ("Tanks at the border\n\nSerbia moved tanks. More.", "Tanks at the border", ["title", "lead", "lead"]),
        ("Tanks at the border\nTanks at the border\nSerbia moved.", "Tanks at the border", ["title", "lead"]),
        ("Serbia moved tanks. More came. Rain.", "Serbia moved tanks.", ["lead", "lead", "body"]),
        ("Only a line", "Only a line", ["lead"]),
        ("", "", []),
    ],
)
def test_a_text_without_a_title_finds_its_own(text: str, title: str, fields: list[str]) -> None:
    article = given_article("", text, "en", PUBLISHED)
    assert article.title == title
    assert [sentence.field for sentence in article.sentences] == fields
