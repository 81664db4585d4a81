"""When a delivery that failed is tried again. Pure.

1 s doubling to 60 s for the first hour, then every 15 minutes, without end. A channel that says when to come back
is obeyed, up to a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.model import Delivery, SendResult

FIRST_HOUR = 3600.0  # seconds of waiting, after which only the long wait is left
SHORT = 60.0
LONG = 900.0
LONGEST_ORDER = 86_400.0  # a Retry-After beyond a day is a mistake


def next_try(delivery: Delivery, result: SendResult, now: datetime, shake: float) -> datetime:
    """When to try again. `delivery.attempts` counts those before the one that just failed; `shake` is in [0, 1)."""
    seconds = wait_after(delivery.attempts + 1)
    if result.retry_after is not None:
        seconds = max(seconds, min(result.retry_after, LONGEST_ORDER))
    return now + timedelta(seconds=seconds * (1 + 0.1 * shake))


def others_wait(delivery: Delivery, result: SendResult, now: datetime) -> datetime:
    """Until when the channel's other messages wait after this one failed: at most a minute, for the fault may be this
    message's own, unless the channel said when to come back."""
    seconds = min(wait_after(delivery.attempts + 1), SHORT)
    if result.retry_after is not None:
        seconds = max(seconds, min(result.retry_after, LONGEST_ORDER))
    return now + timedelta(seconds=seconds)


def wait_after(failures: int) -> float:
    """Seconds to wait after so many failures (1, 2, …) in a row."""
    doubled = min(2.0 ** min(failures - 1, 10), SHORT)
    return doubled if failures <= _SHORT_WAITS else LONG


# 1 + 2 + … + 32 = 63 s in six waits, the rest of the first hour in waits of a minute.
_SHORT_WAITS = 6 + int((FIRST_HOUR - 63) / SHORT)
