"""Explanations: what counted, what did not, and what is missing, in plain text."""

from __future__ import annotations

from pathlib import Path

from rules_desk import ARMY, MARKS, OLD, PUBLISHED, RULE, SCORE, WORDS, desk, story

from monitor.rules.explain import explain
from monitor.rules.match import match


def test_an_explanation_shows_what_counted_and_what_did_not(tmp_path: Path) -> None:
    rule_set = desk(tmp_path, WORDS, RULE + SCORE + MARKS)
    article = story(f"{ARMY} That is lies.\n{OLD}", "Tanks at Kosovo border")
    said = explain(rule_set, article, match(rule_set, article, PUBLISHED, near=True))
    for line in (
        "FIRES  medium  troops-near-border: Troops near the border",
        "  7 of 5 points: +4 in the headline (s0) · +3 in the lead (s1)",
        "  s1  Serbia [side] · deployed [movement] · army [troops] · border [border]",
        "  disputed: “lies” (s2)",
        "  not counted: s3 dated 2023-09, 174 days before",
        "s0 title · now · Tanks at Kosovo border",
        "s3 body · dated 2023-09-01 to 2023-09-30 · " + OLD,
        "     [border] border",
        "     counts for troops-near-border",
    ):
        assert line in said.splitlines()


def test_an_explanation_says_why_a_rule_keeps_quiet(tmp_path: Path) -> None:
    rule_set = desk(tmp_path, WORDS, RULE)
    article = story("The army is at the border.")
    said = explain(rule_set, article, match(rule_set, article, PUBLISHED, near=True))
    assert "because of find: it does not find what it looks for" in said
    assert "nearly: only this is missing: side" in said
    assert "No rule finds anything here" in explain(rule_set, story("Rain."), ())
