"""How long messages are on their way, and which share of them takes how long. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.store.figures import Sent

STAGES = ("published_to_seen", "seen_to_matched", "matched_to_delivered", "published_to_delivered")


def latencies(sent: Sent) -> dict[str, float]:
    """Seconds that a message spent in each stage; a publisher's clock that is ahead counts as none."""
    times = (sent.published, sent.seen, sent.made, sent.sent)
    steps = (*pairwise(times), (sent.published, sent.sent))
    return {stage: max(0.0, (late - early).total_seconds()) for stage, (early, late) in zip(STAGES, steps, strict=True)}


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def p50_p95(values: Sequence[float]) -> tuple[float, float]:
    """Both, in seconds. `values` must not be empty."""
    return quantile(values, 0.5), quantile(values, 0.95)
