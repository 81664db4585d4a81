"""Whether people hear of an article, and why or why not. Pure.

Rules fire on the article; the story only says whether that is news, an update or a repeat. One article leads to at
most one alert, however many rules fired on it: the most severe leads. Every answer carries its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.model import (
    Decision,
    DevelopmentKind,
    Placement,
    ReasonCode,
    Role,
    Severity,
    StoryCondition,
    Told,
    Verdict,
    Voices,
)


def decide(
    verdicts: Sequence[Verdict], placement: Placement, told: Told, voices: Voices, *, backlog: bool = False
) -> Decision:
    """Speak or keep quiet about one article.

    `voices` counts the article itself; `backlog` says that the entry was in its feed before we began to watch it.
    A story that was never told speaks as a first report, even when the article is a copy of a member that no rule
    matched: nothing missed comes before nothing twice.
    """
    firing = sorted((verdict for verdict in verdicts if verdict.fires), key=lambda v: (-severity_of(v, voices), v.rule))
    if not firing:
        return Decision(False, ReasonCode.NO_MATCH, _why_no_match(verdicts))
    live = [verdict for verdict in firing if verdict.live]
    leading = live or firing
    rules = tuple(verdict.rule for verdict in leading)
    severity = severity_of(leading[0], voices)
    if not live:
        reason = f"only rules on trial fire: {', '.join(rules)}"
        return Decision(False, ReasonCode.TRIAL, reason, severity=severity, rules=rules)
    decision = replace(_development(live, severity, placement, told, voices), severity=severity, rules=rules)
    if decision.speaks and backlog:
        reason = "was in the feed before we began to watch it"
        return replace(decision, speaks=False, code=ReasonCode.BACKLOG, reason=reason, development=None)
    return decision


def severity_of(verdict: Verdict, voices: Voices) -> Severity:
    """The verdict's severity after its conditions on the story; where one lowers and one raises, the raise wins."""
    met = [condition for condition in verdict.by_story if holds(condition, voices)]
    severity = min([verdict.severity, *(condition.to for condition in met if not condition.raises)])
    return max([severity, *(condition.to for condition in met if condition.raises)])


def holds(condition: StoryCondition, voices: Voices) -> bool:
    """Whether the story's voices satisfy a condition.

    `during` holds when all of them spoke within that time; without times it is taken to hold.
    """
    if condition.only and condition.only != voices.only:
        return False
    if voices.owners - _owners_of(condition.other_than, voices) < condition.outlets:
        return False
    if len(voices.languages) < condition.languages:
        return False
    if condition.during and voices.first and voices.last:
        return (voices.last - voices.first).total_seconds() <= condition.during
    return True


def _owners_of(kind: str, voices: Voices) -> int:
    if not kind:
        return 0
    return voices.owners if voices.only == kind else dict(voices.of_kind).get(kind, 0)


def _development(
    live: Sequence[Verdict], severity: Severity, placement: Placement, told: Told, voices: Voices
) -> Decision:
    """The first of: first report, copy, higher severity, denial, correction, new fact, new rule; else a repeat."""
    if not told.developments:
        return _speak(ReasonCode.FIRST_REPORT, DevelopmentKind.FIRST_REPORT, "first report of this story")
    if placement.role is Role.COPY:
        of = f" of article {placement.copy_of}" if placement.copy_of else ""
        return Decision(False, ReasonCode.COPY, f"a copy{of}; the story is told: {placement.why}")
    if told.severity is not None and severity > told.severity:
        return _lift(live, severity, told.severity, voices)
    if not told.disputed and (mark := _first_dispute(live)):
        return _speak(ReasonCode.DENIAL, DevelopmentKind.DENIAL, f"told undisputed, now disputed (“{mark}”)")
    if placement.role is Role.CORRECTION:
        return _speak(
            ReasonCode.CORRECTION, DevelopmentKind.CORRECTION, f"contradicts what was told{_facts(placement)}"
        )
    if placement.role is Role.UPDATE:
        return _speak(ReasonCode.NEW_FACT, DevelopmentKind.NEW_FACT, f"brings a new fact{_facts(placement)}")
    floor = max(told.severity or Severity.INFO, Severity.MEDIUM)
    if new := [v.rule for v in live if v.rule not in told.rules and severity_of(v, voices) >= floor]:
        # Two events at one place may fall into one story; a question as grave that it has not yet answered is news.
        return _speak(ReasonCode.NEW_FACT, DevelopmentKind.NEW_FACT, f"first answer to {', '.join(new)} in this story")
    how_often = "once" if told.developments == 1 else f"{told.developments} times"
    reason = f"adds nothing to a story told {how_often}, {voices.owners} independent so far: {placement.why}"
    return Decision(False, ReasonCode.REPEAT, reason)


def _lift(live: Sequence[Verdict], severity: Severity, before: Severity, voices: Voices) -> Decision:
    """Higher than told: because of what the article says, or because of how many say it."""
    lifted = f"from {before.label} to {severity.label}"
    if max(verdict.severity for verdict in live) > before:
        return _speak(ReasonCode.HIGHER_SEVERITY, DevelopmentKind.HIGHER_SEVERITY, f"rises {lifted}")
    reason = f"{voices.owners} independent outlets in {len(voices.languages)} languages lift it {lifted}"
    return _speak(ReasonCode.CORROBORATED, DevelopmentKind.CORROBORATION, reason)


def _speak(code: ReasonCode, kind: DevelopmentKind, reason: str) -> Decision:
    return Decision(True, code, reason, development=kind)


def _first_dispute(verdicts: Iterable[Verdict]) -> str:
    marks = (mark.words or "disputed" for verdict in verdicts for mark in verdict.marks if mark.kind == "disputed")
    return next(marks, "")


def _facts(placement: Placement) -> str:
    facts = ", ".join(fact.surface for fact in placement.new_facts[:3])
    return f": {facts}" if facts else ""


def _why_no_match(verdicts: Sequence[Verdict]) -> str:
    """What kept the nearest rule quiet, in words."""
    if not verdicts:
        return "no rule finds anything"
    near = verdicts[0]
    why = near.excluded_why or near.because
    if near.because == "score" and near.score is not None:
        why = f"score {near.score} of {near.need}"
    elif near.missing:
        why += f", missing {', '.join(near.missing)}"
    return f"no rule fires; {near.rule} kept quiet by {why}"
