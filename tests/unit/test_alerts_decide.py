"""Who is told what of a story, and why: the table of decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.decide import decide, severity_of
from monitor.model import (
    DevelopmentKind,
    Fact,
    Mark,
    Placement,
    ReasonCode,
    Role,
    Severity,
    StoryCondition,
    Told,
    Verdict,
    Voices,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNTOLD = Told()
ANSWERED = ("troops-near-border", "kfor")  # the rules that the story was told under
TOLD_MEDIUM = Told(1, Severity.MEDIUM, NOON, rules=ANSWERED)
TOLD_DISPUTED = Told(2, Severity.MEDIUM, NOON, disputed=True, rules=ANSWERED)
ALONE = Voices(1, ("sr",), 0)
DISPUTE = Mark("disputed", 2, "demantuje")
THREE_OUTLETS = StoryCondition(Severity.HIGH, raises=True, outlets=3)
ONLY_STATE = StoryCondition(Severity.LOW, raises=False, only="state_affiliated")


def fires(severity=Severity.MEDIUM, rule="troops-near-border", **more) -> Verdict:
    return Verdict(rule, rule.replace("-", " "), True, "fires", severity, **more)


def quiet(rule="troops-near-border", because="score", **more) -> Verdict:
    return Verdict(rule, rule, False, because, Severity.MEDIUM, **more)


def placed(role: Role, **more) -> Placement:
    return Placement("k7f3q2abcd", role, "joined because 6 names, 2 h apart", **more)


@pytest.mark.parametrize(
    ("verdicts", "role", "told", "voices", "expected"),
    [
        # A story that was never told speaks as a first report, whatever the article is to it.
        ([fires()], Role.FOUNDER, UNTOLD, ALONE, ReasonCode.FIRST_REPORT),
        ([fires()], Role.CORROBORATION, UNTOLD, ALONE, ReasonCode.FIRST_REPORT),
        ([fires()], Role.UPDATE, UNTOLD, ALONE, ReasonCode.FIRST_REPORT),
        ([fires()], Role.CORRECTION, UNTOLD, ALONE, ReasonCode.FIRST_REPORT),
        ([fires()], Role.BACKGROUND, UNTOLD, ALONE, ReasonCode.FIRST_REPORT),
        ([fires()], Role.COPY, UNTOLD, ALONE, ReasonCode.FIRST_REPORT),
        ([fires(marks=(DISPUTE,))], Role.FOUNDER, UNTOLD, ALONE, ReasonCode.FIRST_REPORT),
        # A told story speaks again only when something is new.
        ([fires()], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.REPEAT),
        ([fires()], Role.BACKGROUND, TOLD_MEDIUM, ALONE, ReasonCode.REPEAT),
        ([fires()], Role.FOUNDER, TOLD_MEDIUM, ALONE, ReasonCode.REPEAT),
        ([fires()], Role.UPDATE, TOLD_MEDIUM, ALONE, ReasonCode.NEW_FACT),
        ([fires()], Role.CORRECTION, TOLD_MEDIUM, ALONE, ReasonCode.CORRECTION),
        ([fires(marks=(DISPUTE,))], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.DENIAL),
        ([fires(marks=(DISPUTE,))], Role.UPDATE, TOLD_MEDIUM, ALONE, ReasonCode.DENIAL),
        ([fires(marks=(Mark("unverified", 1, "navodno"),))], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.REPEAT),
        # A rule that the story has not answered is news when it is as grave as what was told.
        ([fires(rule="arms-cache")], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.NEW_FACT),
        ([fires(), fires(rule="arms-cache")], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.NEW_FACT),
        ([fires(Severity.LOW, "arms-cache")], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.REPEAT),
        ([fires(rule="arms-cache")], Role.COPY, TOLD_MEDIUM, ALONE, ReasonCode.COPY),
        # A denial is told once.
        ([fires(marks=(DISPUTE,))], Role.CORROBORATION, TOLD_DISPUTED, ALONE, ReasonCode.REPEAT),
        ([fires(marks=(DISPUTE,))], Role.UPDATE, TOLD_DISPUTED, ALONE, ReasonCode.NEW_FACT),
        # More severe than told: because of the article, or because of who else says it.
        ([fires(Severity.HIGH)], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.HIGHER_SEVERITY),
        ([fires(Severity.HIGH)], Role.UPDATE, TOLD_MEDIUM, ALONE, ReasonCode.HIGHER_SEVERITY),
        (
            [fires(by_story=(THREE_OUTLETS,))],
            Role.CORROBORATION,
            TOLD_MEDIUM,
            Voices(3, ("sr", "en"), 2),
            ReasonCode.CORROBORATED,
        ),
        ([fires(by_story=(THREE_OUTLETS,))], Role.CORROBORATION, TOLD_MEDIUM, Voices(2, ("sr",), 5), ReasonCode.REPEAT),
        # As severe or less: a repeat.
        ([fires(Severity.LOW)], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.REPEAT),
        ([fires(Severity.LOW)], Role.UPDATE, TOLD_MEDIUM, ALONE, ReasonCode.NEW_FACT),
        # Copies of a told story never speak, whatever they are called.
        ([fires(Severity.CRITICAL)], Role.COPY, TOLD_MEDIUM, ALONE, ReasonCode.COPY),
        ([fires(marks=(DISPUTE,))], Role.COPY, TOLD_MEDIUM, ALONE, ReasonCode.COPY),
        # No rule, or only rules on trial.
        ([], Role.FOUNDER, UNTOLD, ALONE, ReasonCode.NO_MATCH),
        ([quiet()], Role.FOUNDER, UNTOLD, ALONE, ReasonCode.NO_MATCH),
        ([fires(live=False)], Role.FOUNDER, UNTOLD, ALONE, ReasonCode.TRIAL),
        ([fires(live=False), quiet("other")], Role.UPDATE, TOLD_MEDIUM, ALONE, ReasonCode.TRIAL),
        ([fires(Severity.HIGH, live=False), fires()], Role.CORROBORATION, TOLD_MEDIUM, ALONE, ReasonCode.REPEAT),
    ],
)
def test_what_becomes_of_an_article(verdicts, role, told, voices, expected):
    decision = decide(verdicts, placed(role), told, voices, backlog=False)

    assert decision.code is expected
    assert decision.speaks is (decision.development is not None)
    assert decision.reason


SPEAKING = {
    ReasonCode.FIRST_REPORT,
    ReasonCode.NEW_FACT,
    ReasonCode.HIGHER_SEVERITY,
    ReasonCode.CORROBORATED,
    ReasonCode.CORRECTION,
    ReasonCode.DENIAL,
}


def test_only_news_speaks_whatever_comes_together():
    for role in Role:
        for told in (UNTOLD, TOLD_MEDIUM, TOLD_DISPUTED):
            for verdict in (fires(), fires(Severity.HIGH), fires(marks=(DISPUTE,)), fires(live=False), quiet()):
                for backlog in (False, True):
                    decision = decide([verdict], placed(role), told, ALONE, backlog=backlog)
                    assert decision.speaks is (decision.code in SPEAKING)
                    assert not (decision.speaks and backlog)


def test_one_alert_lists_every_rule_that_fired_the_most_severe_first():
    verdicts = [fires(Severity.LOW, "actor"), fires(Severity.HIGH, "incident"), fires(Severity.MEDIUM, "troops")]

    decision = decide(verdicts, placed(Role.FOUNDER), UNTOLD, ALONE)

    assert decision.rules == ("incident", "troops", "actor")
    assert decision.severity is Severity.HIGH


def test_rules_of_one_severity_stand_in_a_stable_order():
    verdicts = [fires(rule="b"), fires(rule="a"), fires(rule="c")]

    assert decide(verdicts, placed(Role.FOUNDER), UNTOLD, ALONE).rules == ("a", "b", "c")


def test_a_rule_lifted_by_the_story_leads():
    verdicts = [fires(Severity.MEDIUM, "a"), fires(Severity.LOW, "b", by_story=(THREE_OUTLETS,))]

    decision = decide(verdicts, placed(Role.FOUNDER), UNTOLD, Voices(3, ("en",), 0))

    assert decision.rules == ("b", "a")
    assert decision.severity is Severity.HIGH


def test_a_trial_rule_is_not_listed_beside_a_live_one():
    decision = decide([fires(live=False, rule="trial"), fires(rule="live")], placed(Role.FOUNDER), UNTOLD, ALONE)

    assert decision.rules == ("live",)


def test_what_was_in_the_feed_before_is_kept_quiet_but_known_to_deserve_an_alert():
    decision = decide([fires()], placed(Role.FOUNDER), UNTOLD, ALONE, backlog=True)

    assert not decision.speaks
    assert decision.code is ReasonCode.BACKLOG
    assert decision.severity is Severity.MEDIUM
    assert decision.rules == ("troops-near-border",)


def test_a_repeat_in_the_backlog_is_a_repeat():
    decision = decide([fires()], placed(Role.CORROBORATION), TOLD_MEDIUM, ALONE, backlog=True)

    assert decision.code is ReasonCode.REPEAT


def test_a_lower_severity_never_silences_a_higher_one():
    low_first = decide([fires(Severity.LOW)], placed(Role.FOUNDER), UNTOLD, ALONE)
    then_high = decide([fires(Severity.HIGH)], placed(Role.CORROBORATION), Told(1, Severity.LOW), ALONE)

    assert low_first.speaks
    assert then_high.speaks
    assert then_high.severity is Severity.HIGH


def test_a_story_lowered_while_one_side_reported_it_rises_when_another_joins():
    verdict = fires(by_story=(ONLY_STATE,))
    one_side = Voices(2, ("sr",), 0, only="state_affiliated")
    first = decide([verdict], placed(Role.FOUNDER), UNTOLD, one_side)
    joined = decide([verdict], placed(Role.CORROBORATION), Told(1, Severity.LOW), Voices(3, ("sr", "sq"), 0))

    assert first.severity is Severity.LOW
    assert joined.speaks
    assert joined.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("condition", "voices", "severity"),
    [
        (StoryCondition(Severity.HIGH, True, outlets=3), Voices(3, ("en",), 0), Severity.HIGH),
        (StoryCondition(Severity.HIGH, True, outlets=3), Voices(2, ("en",), 9), Severity.MEDIUM),
        (StoryCondition(Severity.HIGH, True, outlets=2, languages=2), Voices(2, ("en",), 0), Severity.MEDIUM),
        (StoryCondition(Severity.HIGH, True, outlets=2, languages=2), Voices(2, ("en", "sq"), 0), Severity.HIGH),
        (StoryCondition(Severity.LOW, False, only="RS"), Voices(2, ("sr",), 0, only="RS"), Severity.LOW),
        (StoryCondition(Severity.LOW, False, only="RS"), Voices(2, ("sr",), 0), Severity.MEDIUM),
        (
            StoryCondition(Severity.HIGH, True, outlets=2, other_than="state_affiliated"),
            Voices(3, ("sr",), 0, of_kind=(("state_affiliated", 2),)),
            Severity.MEDIUM,
        ),
        (
            StoryCondition(Severity.HIGH, True, outlets=2, other_than="state_affiliated"),
            Voices(4, ("sr",), 0, of_kind=(("state_affiliated", 2),)),
            Severity.HIGH,
        ),
        (
            StoryCondition(Severity.HIGH, True, outlets=2, other_than="state_affiliated"),
            Voices(2, ("sr",), 0, only="state_affiliated"),
            Severity.MEDIUM,
        ),
        (
            StoryCondition(Severity.HIGH, True, outlets=2, during=3600),
            Voices(2, ("sr",), 0, first=NOON, last=NOON + timedelta(hours=1)),
            Severity.HIGH,
        ),
        (
            StoryCondition(Severity.HIGH, True, outlets=2, during=3600),
            Voices(2, ("sr",), 0, first=NOON, last=NOON + timedelta(hours=2)),
            Severity.MEDIUM,
        ),
        (StoryCondition(Severity.HIGH, True, outlets=2, during=3600), Voices(2, ("sr",), 0), Severity.HIGH),
        (StoryCondition(Severity.LOW, True, outlets=1), Voices(1, ("sr",), 0), Severity.MEDIUM),  # never lowers
        (StoryCondition(Severity.HIGH, False, outlets=1), Voices(1, ("sr",), 0), Severity.MEDIUM),  # never raises
    ],
)
def test_the_severity_that_a_story_gives(condition, voices, severity):
    assert severity_of(fires(by_story=(condition,)), voices) is severity


def test_where_a_story_both_lowers_and_raises_the_raise_wins():
    verdict = fires(by_story=(ONLY_STATE, StoryCondition(Severity.CRITICAL, True, outlets=2)))

    assert severity_of(verdict, Voices(2, ("sr",), 0, only="state_affiliated")) is Severity.CRITICAL


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([quiet(score=3, need=5)], "score 3 of 5"),
        ([quiet(because="sport", excluded_why="sport story")], "sport story"),
        ([quiet(because="find", missing=("border",))], "missing border"),
        ([], "no rule finds anything"),
    ],
)
def test_a_quiet_article_says_what_kept_the_nearest_rule_quiet(verdicts, words):
    assert words in decide(verdicts, placed(Role.FOUNDER), UNTOLD, ALONE).reason


def test_reasons_name_the_new_facts_and_the_original_of_a_copy():
    fact = Fact("number", "250 soldier", "250 soldiers", 1)
    update = decide([fires()], placed(Role.UPDATE, new_facts=(fact,)), TOLD_MEDIUM, ALONE)
    copy = decide([fires()], placed(Role.COPY, copy_of="abc123"), TOLD_MEDIUM, ALONE)
    lifted = decide([fires(Severity.HIGH)], placed(Role.UPDATE), TOLD_MEDIUM, ALONE)

    assert "250 soldiers" in update.reason
    assert update.development is DevelopmentKind.NEW_FACT
    assert "abc123" in copy.reason
    assert "from medium to high" in lifted.reason
