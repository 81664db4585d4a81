"""How work goes and how long things are kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tick:
    """What one turn of a verb did, for logs, progress and health."""

    done: int = 0
    failed: int = 0
    waiting: int = 0
    details: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days what is kept. What is pending is kept however old it is."""

    texts: int = 90  # of entries, articles and revisions
    features: int = 14  # what articles are compared by
    lines: int = 30  # in which an outlet's repeated lines are looked for
    decisions: int = 90  # and the matches behind them
    alerts: int = 730  # with their deliveries and attempts
    identities: int = 400  # of entries, after a feed last showed them, and of their articles
