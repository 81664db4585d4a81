"""Two sets of rules over the same articles: which alerts one has and the other has not. Pure."""

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
    return "\n".join([*lines, *_bars(before.values(), after.values())])


def _bars(before: Iterable[Alerted], after: Iterable[Alerted]) -> list[str]:
    """Alerts a day: ours as a bar, theirs as a bar below it where it differs."""
    ours, theirs = Counter(one.day for one in before), Counter(one.day for one in after)
    most = max([*ours.values(), *theirs.values()], default=0)
    if not most:
        return []
    scale = min(1.0, _WIDTH / most)
    lines = ["\nAlerts a day (█ these rules, ░ the other rules where they differ):"]
    for day in sorted({*ours, *theirs}):
        lines.append(f"{day} {ours[day]:4} {'█' * round(ours[day] * scale)}")
        if theirs[day] != ours[day]:
            lines.append(f"           {theirs[day]:4} {'░' * round(theirs[day] * scale)}")
    return lines
