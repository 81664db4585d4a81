"""Alerts of each day as bars, and two sets of rules over the same articles: which alerts one has and not the other.
Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_WIDTH = 40  # characters of the longest bar


@dataclass(frozen=True, slots=True)
class Alerted:
    """An article that alerted."""

    id: str
    day: date
    title: str
    severity: str
    rules: tuple[str, ...]


def compare(ours: Iterable[Alerted], theirs: Iterable[Alerted]) -> str:
    """What would change with their rules instead of ours: alerts gained and lost, and a bar of each day."""
    before, after = {one.id: one for one in ours}, {one.id: one for one in theirs}
    gained = [one for id, one in after.items() if id not in before]
    lost = [one for id, one in before.items() if id not in after]
    changed = [(before[id], one) for id, one in after.items() if id in before and one.severity != before[id].severity]
    lines = [f"{len(before)} alerts, with the other rules {len(after)}: {len(gained)} gained, {len(lost)} lost."]
    for title, sign, some in (("Gained", "+", gained), ("Lost", "-", lost)):
        if some:
            lines.append(f"\n{title}:")
            lines += [f"{sign} {one.day} {one.severity} {one.title}  ({', '.join(one.rules)})" for one in some]
    if changed:
        lines.append("\nAnother severity:")
        lines += [f"~ {new.day} {old.severity} -> {new.severity} {new.title}" for old, new in changed]
    ours_by_day, theirs_by_day = ([one.day for one in some.values()] for some in (before, after))
    return "\n".join([*lines, *bars(ours_by_day, theirs_by_day)])


def bars(days: Iterable[date], others: Iterable[date] | None = None) -> list[str]:
    """Alerts a day, from the day of each: ours as a bar, those of other rules as a bar below it where they differ."""
    ours = Counter(days)
    theirs = ours if others is None else Counter(others)
    most = max([*ours.values(), *theirs.values()], default=0)
    if not most:
        return []
    scale = min(1.0, _WIDTH / most)
    legend = "" if others is None else " (█ these rules, ░ the other rules where they differ)"
    lines = [f"\nAlerts a day{legend}:"]
    for day in sorted({*ours, *theirs}):
        lines.append(f"{day} {ours[day]:4} {_bar('█', ours[day], scale)}".rstrip())
        if theirs[day] != ours[day]:
            lines.append(f"           {theirs[day]:4} {_bar('░', theirs[day], scale)}".rstrip())
    return lines


def _bar(letter: str, count: int, scale: float) -> str:
    return letter * max(round(count * scale), min(count, 1))
