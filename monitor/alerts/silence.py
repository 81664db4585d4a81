"""What people asked not to hear for a while. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from monitor.model import Decision, ReasonCode, Severity, Silence


def quieten(decision: Decision, silences: Sequence[Silence], story: str, tags: Collection[str]) -> Decision:
    """The decision, silenced where a silence fits; its reason then says who silenced it and what it would have said.

    A silence of a story or of a tag of the outlet covers the alert; silences of rules cover it when they cover all the
    rules that fired. A critical alert is silenced only by a silence that says so.
    """
    if not decision.speaks:
        return decision
    critical = decision.severity == Severity.CRITICAL
    fitting = [item for item in silences if item.critical or not critical]
    for item in fitting:
        if (item.kind == "story" and story.startswith(item.value)) or (item.kind == "tag" and item.value in tags):
            return _silenced(decision, item)
    by_rule = {item.value: item for item in fitting if item.kind == "rule"}
    if decision.rules and all(rule in by_rule for rule in decision.rules):
        return _silenced(decision, by_rule[decision.rules[0]])
    return decision


def _silenced(decision: Decision, by: Silence) -> Decision:
    why = f" ({by.why})" if by.why else ""
    until = f"{by.until:%Y-%m-%d %H:%M} UTC"
    reason = f"silenced by {by.author} until {until}{why}: {by.kind} {by.value}; without it: {decision.reason}"
    return replace(decision, speaks=False, code=ReasonCode.SILENCED, reason=reason)
