"""From a decision to an alert; and the digest of what was there before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.compose import compose, compose_digest, compose_operator, compose_test
from monitor.alerts.render import render
from monitor.model import (
    Article,
    BacklogItem,
    Decision,
    DevelopmentKind,
    Evidence,
    Mark,
    Outlet,
    Placement,
    Quote,
    ReasonCode,
    Role,
    Sentence,
    Severity,
    Told,
    Verdict,
    Voices,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ARTICLE = Article(
    "a1",
    "https://e.example/1",
    "glas",
    "Vojska kod Jarinja",
    (Sentence(0, "Vojska kod Jarinja", "title", 0), Sentence(1, "Ministarstvo demantuje navode.", "lead", 1)),
    "sr",
    NOON,
    NOON,
)
TROOPS = Verdict(
    "troops",
    "Troops near the line",
    True,
    "fires",
    Severity.MEDIUM,
    evidence=(
        Evidence("troops", "Soldiers", "Vojska", 0, "title", 0, 6),
        Evidence("crossings", "Crossings", "Jarinja", 0, "title", 11, 18),
    ),
    marks=(Mark("disputed", 1, "demantuje"), Mark("unverified", 1, "navode")),
)
INCIDENT = Verdict("incident", "Something happened", True, "fires", Severity.HIGH)
DECISION = Decision(
    True,
    ReasonCode.NEW_FACT,
    "brings a new fact",
    DevelopmentKind.NEW_FACT,
    Severity.HIGH,
    ("incident", "troops"),
)


def composed(language="en", voices=None, placement=None, quotes=()):
    return compose(
        DECISION,
        ARTICLE,
        [TROOPS, INCIDENT],
        placement or Placement("k7f3q2abcd", Role.UPDATE, "why"),
        Told(2, Severity.MEDIUM),
        voices or Voices(2, ("sr",), 0),
        quotes,
        story="k7f3q2abcd",
        places={"crossings"},
        language=language,
        rule_set="v1",
        now=NOON,
        outlet="Glas",
    )


def test_the_id_of_an_alert_comes_from_its_story_and_development():
    alert = composed()

    assert (alert.id, alert.short_id, alert.development) == ("k7f3q2abcd-2", "#k7f3q2", 2)
    assert composed() == alert


def test_rules_are_listed_the_leading_one_first():
    assert [rule for rule, _ in composed().rules] == ["incident", "troops"]


def test_the_title_is_the_headline_in_the_readers_language_and_else_the_rules_words():
    assert composed("sr").title == "Vojska kod Jarinja"
    assert composed("en").title == "Something happened"
    assert composed().place == "Jarinja"


def test_what_limits_trust_is_said_with_its_sentence():
    marks = composed(voices=Voices(2, ("sr",), 0, only="state_affiliated")).marks

    assert marks == (
        "disputed: “Ministarstvo demantuje navode.” — Glas",
        "unverified: “navode”",
        "only state_affiliated report this",
    )


@pytest.mark.parametrize(
    ("voices", "side"),
    [
        (Voices(2, ("sr",), 0, only="RS"), "only RS sr report this"),
        (Voices(2, ("sq", "sr"), 0, only="XK"), "only XK report this"),
        (Voices(2, ("sq",), 0, only="sq"), "only sq report this"),
        (Voices(1, ("sr",), 0, only="state_affiliated"), "only state_affiliated report this"),
        (Voices(1, ("sr",), 0, only="RS"), ""),  # that it is alone stands in the first line
    ],
)
def test_a_story_that_one_side_tells_says_so(voices, side):
    assert [mark for mark in composed(voices=voices).marks if mark.startswith("only")] == ([side] if side else [])


def test_the_sentence_that_disputes_is_not_quoted_twice():
    denial, other = (
        Quote(text, "Glas", NOON, "sr", "https://e.example/1") for text in (ARTICLE.sentences[1].text, "Vojska.")
    )

    assert composed(quotes=(denial, other)).quotes == (other,)


def test_stories_that_may_come_before_are_a_note():
    placement = Placement("k7f3q2abcd", Role.UPDATE, "why", related=("abcdefgh",))

    assert composed(placement=placement).notes == ("may continue #abcdef",)


def item(number: int, severity=Severity.MEDIUM) -> BacklogItem:
    when = NOON - timedelta(hours=number)
    return BacklogItem(
        f"d{number}", f"a{number}", "glas", f"Title {number}", f"https://e.example/{number}", severity, (), when
    )


def test_a_digest_names_the_gravest_and_newest_first_and_counts_what_does_not_fit():
    items = [item(n) for n in range(30)] + [item(99, Severity.CRITICAL)]
    alert = compose_digest(items, {"glas": Outlet("glas", "Glas")}, NOON, "v1")
    subject, body = render(alert, "en", ZoneInfo("UTC"))

    assert "31 matching articles" in subject
    assert body.startswith("CRITICAL · Title 99 — Glas")
    assert body.index("Title 0 ") < body.index("Title 1 ")
    shown = body.count("https://")
    assert f"… and {31 - shown} more" in body
    assert alert.severity is Severity.CRITICAL


def test_an_empty_digest_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="empty"):
        compose_digest([], {}, NOON, "v1")


def test_the_same_trouble_is_one_operator_alert_a_day():
    first = compose_operator("A feed is failing", ("x: dns",), NOON, "v1")
    again = compose_operator("A feed is failing", ("x: dns",), NOON + timedelta(hours=3), "v1")
    tomorrow = compose_operator("A feed is failing", ("x: dns",), NOON + timedelta(days=1), "v1")

    assert first.id == again.id != tomorrow.id
    assert replace(first, made=again.made, published=again.published, seen=again.seen) == again


def test_a_test_message_says_what_it_tests():
    subject, body = render(compose_test("desk-mail", NOON), "en", ZoneInfo("UTC"))

    assert subject == "TEST · Test message"
    assert "channel desk-mail works" in body
