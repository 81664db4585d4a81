"""The tools for people who write rules: forms of a word, tests from articles, overlap, comparison."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rules_desk import ARMY, MARKS, RULE, WORDS, desk, story

from monitor.errors import MonitorError
from monitor.rules import wordbook
from monitor.rules.compare import Alerted, compare
from monitor.rules.definitions import Kind, Term
from monitor.rules.examples import run_examples
from monitor.rules.glossary import glossary
from monitor.rules.newtest import new_test
from monitor.rules.overlap import overlap, overlap_in_words
from monitor.rules.wordbook import Collision, WordEntry, in_words, parse_term

# --- forms


def commonness(word: str, language: str) -> int:
    return 3 if word == "pritet" else 0


def look_up(term: Term, language: str, kind: Kind = "thing") -> tuple[WordEntry, ...]:
    return wordbook.look_up(term, language, kind, commonness)


def test_a_word_shows_its_forms_and_the_words_that_look_like_them() -> None:
    (ambush,) = look_up(parse_term("pritë"), "sq")
    assert {"prita", "prites", "pritat"} <= set(ambush.forms)
    assert ambush.also[0] == Collision("pritet", ("pres",), 3)  # is expected: the commonest is told first
    assert len(ambush.also) > 1
    assert "pritet: pres  (common in the news)" in in_words((ambush,))


def test_every_word_of_a_phrase_has_its_forms() -> None:
    armed, forces = look_up(parse_term("oružane snage"), "sr")
    assert "oruzanih" in armed.forms
    assert "snagama" in forces.forms


def test_a_word_that_is_a_form_of_another_says_so() -> None:
    (burnt,) = look_up(parse_term("spaljen"), "sr")
    assert burnt.base == "spaliti"
    assert look_up(parse_term("vojska"), "sr")[0].base == ""


def test_a_part_of_speech_and_exact_words_are_understood() -> None:
    assert "united" not in look_up(parse_term("unit", "noun"), "en", "action")[0].forms
    assert look_up(parse_term("=sada"), "sr")[0].forms == ("sada",)
    with pytest.raises(MonitorError, match="not a part of speech"):
        parse_term("unit", "nuon")


# --- what rules can be written with


def test_the_glossary_lists_everything_or_what_finds_a_word(tmp_path: Path) -> None:
    rule_set = desk(tmp_path, WORDS)
    assert "border_places (place): Places at the border. all of crossings" in glossary(rule_set)
    assert "bunjaku (person): Afrim Bunjaku" in glossary(rule_set)
    assert "sport: sport story" in glossary(rule_set)
    found = glossary(rule_set, "Jarinje")
    assert "crossings" in found
    assert "border_places" in found
    assert "troops" not in found
    assert "troops" in glossary(rule_set, "soldiers")
    assert glossary(rule_set, "violin").startswith("Nothing finds “violin”")


# --- new tests


def test_a_new_test_is_cut_to_what_matters_and_passes(tmp_path: Path) -> None:
    rule_set = desk(tmp_path, WORDS, RULE + MARKS)
    rain = "It rained. The sun shone. Nobody came."
    body = f"{ARMY} Nobody knows why.\n{rain}\nTroops at the border of Kosovo, allegedly."
    id, test = new_test(rule_set, story(body, title='Serbia: "Army\'s here"'))
    assert id == "troops-near-border"
    assert "rained" not in test
    assert "allegedly" in test
    with_it = RULE.replace("tests: [", "tests:\n      - ").replace("}}]", "}}") + f"{test}\n{MARKS}"
    (tmp_path / "again").mkdir()
    again = desk(tmp_path / "again", WORDS, with_it)
    assert len(again.rules[0].tests) == 2
    assert not run_examples(again)


def test_a_new_test_of_a_quiet_article_says_why_it_is_quiet(tmp_path: Path) -> None:
    rule_set = desk(tmp_path, WORDS, RULE)
    assert "expect: {fires: false, because: find}" in new_test(rule_set, story("Rain."), "troops-near-border")[1]


# --- overlap and comparison


def test_overlap_counts_rules_that_fire_together_and_those_that_never_do() -> None:
    found = overlap([["a", "b"], ["a"], []], ["a", "b", "c"])
    assert (found.articles, found.fired, found.alone) == (3, {"a": 2, "b": 1}, {"a": 1})
    assert found.together == {("a", "b"): 1}
    assert found.never == ("c",)
    text = overlap_in_words(found)
    assert "a and b (100% of b)" in text
    assert "never: c" in text


def test_a_comparison_lists_gained_and_lost_alerts_and_shows_each_day() -> None:
    def alert(id: str, day: int, severity: str = "high") -> Alerted:
        return Alerted(id, date(2026, 6, day), f"title {id}", severity, ("r",))

    text = compare([alert("1", 1), alert("2", 1), alert("3", 2)], [alert("1", 1, "low"), alert("3", 2), alert("4", 3)])
    assert text.startswith("3 alerts, with the other rules 3: 1 gained, 1 lost.")
    assert "+ 2026-06-03 high title 4" in text
    assert "- 2026-06-01 high title 2" in text
    assert "~ 2026-06-01 high -> low title 1" in text
    assert "2026-06-01    2 ██" in text
    assert "   1 ░" in text
    assert compare([], []) == "0 alerts, with the other rules 0: 0 gained, 0 lost."
