"""Matching: what a rule says of an article, why it keeps quiet, and what it shows as evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rules_desk import ARMY, MARKS, OLD, PUBLISHED, RULE, SCORE, WORDS, desk, story

from monitor.model import Outlet, Severity, Verdict
from monitor.rules.given import given_article
from monitor.rules.match import match

UNLESS = "    unless: [sport]\n"
TIME = "    time: {event_within: 7d, max_age: 3d}\n"


def verdicts(
    folder: Path, text: str, title: str = "", more: str = "", outlet: Outlet | None = None
) -> tuple[Verdict, ...]:
    rule_set = desk(folder, WORDS, RULE + more)
    return match(rule_set, story(text, title), PUBLISHED + timedelta(minutes=5), outlet, near=True)


def verdict(folder: Path, text: str, title: str = "", more: str = "", outlet: Outlet | None = None) -> Verdict:
    (one,) = verdicts(folder, text, title, more, outlet)
    return one


def test_a_rule_fires_with_the_words_and_sentences_that_made_it_true(tmp_path: Path) -> None:
    said = verdict(tmp_path, "All is well. " + ARMY)
    assert (said.fires, said.because, said.severity, said.live) == (True, "fires", Severity.MEDIUM, True)
    assert said.sentences == (1,)
    assert [(one.concept, one.words, one.sentence, one.field) for one in said.evidence] == [
        ("side", "Serbia", 1, "lead"),
        ("movement", "deployed", 1, "lead"),
        ("troops", "army", 1, "lead"),
        ("border", "border", 1, "lead"),
    ]
    assert [said.evidence[0].label, said.evidence[1].label] == ["Kosovo or Serbia", "Deployment"]
    assert (said.evidence[1].start, said.evidence[1].end) == (7, 15)


def test_an_article_without_the_words_gives_no_verdict(tmp_path: Path) -> None:
    assert verdicts(tmp_path, "The weather is fine. Football in Kosovo.") == ()


def test_a_near_miss_names_what_is_missing(tmp_path: Path) -> None:
    said = verdict(tmp_path, "The army is at the border.")
    assert (said.fires, said.because, said.missing) == (False, "find", ("side",))
    assert match(desk(tmp_path, WORDS, RULE), story("The army is at the border."), PUBLISHED) == ()  # nobody asked


@pytest.mark.parametrize(
    ("title", "text", "score", "points"),
    [
        (ARMY, "All is well.", 4, [(4, (0,))]),
        ("Tanks at Kosovo border", "Quiet. Quiet.", 4, [(4, (0,))]),
        ("Tanks at Kosovo border", ARMY, 7, [(4, (0,)), (3, (1,))]),
        ("Tanks", f"Quiet.\nQuiet.\n{ARMY}\n{ARMY}", 2, [(2, (3, 4))]),
        ("Tanks", f"{ARMY}\nQuiet.\n{ARMY}\n{ARMY}\n{ARMY}", 5, [(3, (1,)), (2, (3, 4, 5))]),  # at most 2
        (
            "Tanks at Kosovo border",
            ARMY + "\nVučić said nothing. The cup.",
            5,
            [(4, (0,)), (3, (1,)), (1, (2,)), (-3, (3,))],
        ),
    ],
)
def test_points_add_up_and_no_sentence_is_counted_twice(
    title: str, text: str, score: int, points: list[tuple[int, tuple[int, ...]]], tmp_path: Path
) -> None:
    said = verdict(tmp_path, text, title, SCORE)
    assert [(point.add, point.sentences) for point in said.points] == points
    assert said.score == score
    assert said.fires == (score >= 5)


def test_too_few_points_keep_a_rule_quiet(tmp_path: Path) -> None:
    said = verdict(tmp_path, "Quiet. Quiet. " + ARMY, "Tanks", SCORE)
    assert (said.fires, said.because, said.score, said.need) == (False, "score", 1, 5)


def test_an_exclusion_is_named_and_goes_before_the_score(tmp_path: Path) -> None:
    said = verdict(tmp_path, ARMY, "Football", SCORE + UNLESS)
    assert (said.fires, said.because, said.excluded_why) == (False, "sport", "sport story")


def test_an_exclusion_lets_through_what_it_has_to_keep(tmp_path: Path) -> None:
    assert verdict(tmp_path, ARMY, "Shots at football match", UNLESS).fires


def test_old_sentences_do_not_fire_but_are_listed_with_the_reason(tmp_path: Path) -> None:
    said = verdict(tmp_path, f"All is well. Nothing new.\n{OLD} Kosovo closed the border and its army stood by.")
    assert (said.fires, said.because, said.sentences) == (False, "time", ())
    assert [(one.sentence, one.reason) for one in said.ignored] == [
        (2, "dated 2023-09, 174 days before"),
        (3, "dated 2023-09, 174 days before (goes on from sentence 2)"),
    ]


def test_live_sentences_fire_beside_old_ones(tmp_path: Path) -> None:
    said = verdict(tmp_path, f"{ARMY} Nothing new.\n{OLD}")
    assert (said.fires, said.sentences, [one.sentence for one in said.ignored]) == (True, (0,), [2])


def test_points_and_evidence_come_from_live_sentences_only(tmp_path: Path) -> None:
    said = verdict(tmp_path, f"{ARMY} Nothing new.\n{OLD}\nVučić said in 2021 that all is well.", more=SCORE)
    assert [point.why for point in said.points] == ["in the lead"]
    assert {one.sentence for one in said.evidence} == {0}


def test_a_retold_event_fires_only_where_the_rule_allows_it(tmp_path: Path) -> None:
    text = "Nothing new. Nothing at all.\nSerbia and the attack in Banjska: the army at the border."
    said = verdict(tmp_path, text)
    assert (said.because, said.ignored[0].reason) == ("time", "retells Banjska attack, 24 September 2023")
    assert verdict(tmp_path, text, more="    time: {known_events: allow}\n").fires


def test_an_article_older_than_the_rule_allows_keeps_quiet(tmp_path: Path) -> None:
    rule_set = desk(tmp_path, WORDS, RULE + TIME)
    (late,) = match(rule_set, story(ARMY), PUBLISHED + timedelta(days=4))
    assert (late.fires, late.because, late.sentences) == (False, "max_age", (0,))
    (timely,) = match(rule_set, story(ARMY), PUBLISHED + timedelta(days=2))
    assert timely.fires


@pytest.mark.parametrize(
    ("condition", "fires"),
    [
        ("{country: [XK, RS]}", True),
        ("{country: AL}", False),
        ("{languages: [sq, sr]}", False),
        ("{reliability: '>=C'}", True),
        ("{reliability: '>=A'}", False),
        ("{tags: [core]}", True),
        ("{state_affiliated: yes}", False),
        ("{state_affiliated: any}", True),
        ("{not: [kossev]}", False),
        ("{only: [kossev]}", True),
    ],
)
def test_a_rule_looks_only_at_the_outlets_it_asks_for(condition: str, fires: bool, tmp_path: Path) -> None:
    kossev = Outlet("kossev", "KoSSev", "XK", ("sr",), reliability="B", state_affiliated="no", tags=("core",))
    outlets = "version: 1\noutlets: {kossev: {name: KoSSev}}"
    rule_set = desk(tmp_path, WORDS, RULE + f"    from: {condition}\n", outlets)
    (said,) = match(rule_set, story(ARMY), PUBLISHED, kossev)
    assert (said.fires, said.because) == (fires, "fires" if fires else "from")
    known_from_article = "languages" in condition or "not:" in condition
    (nobody,) = match(rule_set, story(ARMY), PUBLISHED)
    assert nobody.fires == (fires or not known_from_article)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        (ARMY + " All is lies.", [("disputed", 1, "lies")]),
        (ARMY + " One. Two. All is lies.", []),
        ("It denied all. " + ARMY, [("disputed", 0, "denied")]),
        (ARMY.replace("deployed", "allegedly deployed"), [("unverified", 0, "allegedly")]),
        (ARMY + " Allegedly.", []),
        (ARMY + " In 2021 it was all lies.", []),  # an old dispute is no dispute
    ],
)
def test_labels_depend_on_words_near_the_counted_sentences(
    text: str, marks: list[tuple[str, int, str]], tmp_path: Path
) -> None:
    said = verdict(tmp_path, text, more=MARKS)
    assert [(mark.kind, mark.sentence, mark.words) for mark in said.marks] == marks
    assert said.fires


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (ARMY, Severity.MEDIUM),
        (ARMY + " Soldiers were killed.", Severity.HIGH),
        (ARMY + " Soldiers were killed in 2021.", Severity.MEDIUM),
        (ARMY + " Allegedly.", Severity.LOW),
        (ARMY + " Allegedly soldiers were killed.", Severity.HIGH),  # what raises wins
    ],
)
def test_the_text_changes_the_severity(text: str, severity: Severity, tmp_path: Path) -> None:
    more = "    escalate: [{to: high, when: incident}]\n    lower: [{to: low, when: {in: lead, any: [claim]}}]\n"
    assert verdict(tmp_path, text, more=more).severity == severity


def test_what_the_story_decides_travels_with_the_verdict(tmp_path: Path) -> None:
    more = "    escalate: [{to: high, when: {outlets: 3, during: 6h, other_than: state_affiliated}}]\n"
    (condition,) = verdict(tmp_path, ARMY, more=more).by_story
    assert (condition.to, condition.outlets, condition.during) == (Severity.HIGH, 3, 21_600)
    assert condition.other_than == "state_affiliated"


def test_verdicts_come_with_the_highest_severity_first_and_the_quiet_ones_last(tmp_path: Path) -> None:
    rule = RULE.split("rules:")[1]
    more = "".join(
        rule.replace("troops-near-border", id).replace("medium", severity).replace("side]}", f"{part}]}}")
        for id, severity, part in (("b", "high", "side"), ("a", "high", "side"), ("quiet", "critical", "sport"))
    )
    rule_set = desk(tmp_path, WORDS, RULE + more)
    said = match(rule_set, story(ARMY), PUBLISHED, near=True)
    assert [one.rule for one in said] == ["a", "b", "troops-near-border", "quiet"]
    assert match(rule_set, story(ARMY), PUBLISHED) == said[:3]


def test_an_actor_is_shown_by_name(tmp_path: Path) -> None:
    rule = RULE.replace("border, side]", "actors, statement]")
    rule_set = desk(tmp_path, WORDS, rule)
    (said,) = match(rule_set, story("Vučić said that the army moved."), PUBLISHED)
    assert (said.evidence[0].concept, said.evidence[0].label) == ("vucic", "Aleksandar Vučić")


def test_an_empty_article_gives_no_verdict(tmp_path: Path) -> None:
    assert verdicts(tmp_path, "") == ()
    article = story("")
    assert match(desk(tmp_path, WORDS, RULE), replace(article, sentences=()), PUBLISHED) == ()


# --- two stories that retell the same old attack ----------------------------------------------------------------

MARCH = """An official said on Friday that Serbia deployed its army near the border and that all eyes are on it.
James Smith said on Friday that the army of Serbia moved along the border of Kosovo.
The army is where it is. Nobody wants more, he said.
Vučić said that pictures allegedly show soldiers from Serbia at the border.
The pictures are lies, a general said.
A similar situation was seen in September 2023 at the border of Kosovo with its army. Then Serbia moved its army.
During the clashes Serbia denied that its army was at the border.
Days before came the attack in Banjska. Afrim Bunjaku was killed there, near the border of Kosovo and Serbia.
"""

SEPTEMBER = """Serbia asked to move its troops from the border of Kosovo
A spokesman spoke of the army that Serbia deployed at the border.
He said that Serbia has to move its soldiers away from the border.
He was asked whether the army of Serbia at the border means an exercise.
Serbia knew nothing of the attack in Banjska, he was told, and its army stayed at the border.
The attack of 24 September in Banjska, near the border of Kosovo, was the work of an army, Kosovo said.
Three more were killed during the clashes in Banjska.
Serbia denied all of it.
"""


def long_stories(folder: Path, text: str, published: datetime) -> dict[str, Verdict]:
    incident = RULE.split("rules:")[1].replace("troops-near-border", "incident").replace("medium", "high")
    incident = incident.replace("{any: [troops, movement]}, border, side", "incident, {any: [border, border_places]}")
    rule_set = desk(folder, WORDS, RULE + SCORE + MARKS + TIME + incident)
    article = given_article("", text, "en", published)
    return {one.rule: one for one in match(rule_set, article, published)}


def test_a_story_of_march_fires_on_what_is_new_and_lists_what_is_old(tmp_path: Path) -> None:
    said = long_stories(tmp_path, MARCH, PUBLISHED)
    troops = said["troops-near-border"]
    assert (troops.fires, troops.severity, troops.sentences) == (True, Severity.MEDIUM, (0, 1, 4))
    assert [(point.add, point.sentences) for point in troops.points] == [(3, (0, 1)), (1, (4,)), (1, (4,))]
    assert {(mark.kind, mark.sentence) for mark in troops.marks} == {("disputed", 5), ("unverified", 4)}
    assert [(one.sentence, one.reason.split(" (")[0]) for one in troops.ignored] == [
        (6, "dated 2023-09, 174 days before"),
        (8, "dated 2023-09, 174 days before"),
    ]
    assert (said["incident"].fires, said["incident"].because) == (False, "time")
    assert [one.sentence for one in said["incident"].ignored] == [9, 10]


def test_a_story_of_september_does_not_become_the_attack_it_retells(tmp_path: Path) -> None:
    said = long_stories(tmp_path, SEPTEMBER, PUBLISHED.replace(year=2023, month=9, day=30))
    troops = said["troops-near-border"]
    assert (troops.fires, troops.sentences) == (True, (0, 1, 2, 3))
    assert [mark.kind for mark in troops.marks] == []
    assert (said["incident"].fires, said["incident"].because) == (False, "time")
    assert [one.reason.split(",")[0] for one in said["incident"].ignored] == ["retells Banjska attack"] * 3
