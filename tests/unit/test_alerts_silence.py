"""Which silence covers which decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.silence import quieten
from monitor.model import Decision, DevelopmentKind, ReasonCode, Severity, Silence

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
STORY = "k7f3q2abcd"


def decision(severity: Severity = Severity.HIGH, rules: tuple[str, ...] = ("troops", "roads")) -> Decision:
    kind = DevelopmentKind.FIRST_REPORT
    return Decision(True, ReasonCode.FIRST_REPORT, "first report of this story", kind, severity, rules)


def silence(kind: str, value: str, *, critical: bool = False) -> Silence:
    return Silence("a1", kind, value, "Ana", NOW, NOW + timedelta(hours=2), "exercise", critical)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("silences", "quiet"),
    [
        ([], False),
        ([silence("story", "k7f3q2")], True),
        ([silence("story", "zzzzzz")], False),
        ([silence("tag", "border")], True),
        ([silence("tag", "sport")], False),
        ([silence("rule", "troops")], False),  # the other rule still wants to be heard
        ([silence("rule", "troops"), silence("rule", "roads")], True),
    ],
)
def test_a_silence_covers_its_story_its_tag_or_all_rules_that_fired(silences: list[Silence], quiet: bool) -> None:
    decided = quieten(decision(), silences, STORY, ("border",))
    assert decided.speaks is not quiet
    assert (decided.code is ReasonCode.SILENCED) is quiet


def test_a_critical_alert_is_silenced_only_when_the_silence_says_so() -> None:
    grave = decision(Severity.CRITICAL)
    assert quieten(grave, [silence("story", STORY)], STORY, ()).speaks
    assert not quieten(grave, [silence("story", STORY, critical=True)], STORY, ()).speaks


def test_a_silenced_decision_keeps_who_why_until_when_and_what_it_would_have_said() -> None:
    reason = quieten(decision(), [silence("story", STORY)], STORY, ()).reason
    for part in ("Ana", "exercise", "2026-03-02 14:00 UTC", "first report of this story"):
        assert part in reason


def test_what_is_quiet_anyway_keeps_its_own_reason() -> None:
    quiet = Decision(False, ReasonCode.REPEAT, "adds nothing")
    assert quieten(quiet, [silence("story", STORY)], STORY, ()) == quiet
