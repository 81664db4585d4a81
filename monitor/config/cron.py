"""Times that come again, as cron writes them, on the clock on the wall. Pure.

A time is the label that the clock on the wall shows, without a zone. So an hour that summer time leaves out is made up
for right after it, and one that comes twice counts once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SOME_DAY = datetime(2026, 1, 1)


def cron_mistake(expression: str) -> str:
    """What is wrong with a cron expression of five fields; "" for nothing."""
    fields = expression.split()
    if len(fields) != 5:
        return "it has not five fields: minute, hour, day, month, day of the week"
    if any(letter.isdigit() for letter in fields[4]):
        return "days of the week are written as mon-fri: their numbers mean different days to different programs"
    try:
        never = next_time(expression, SOME_DAY) is None
    except ValueError as error:
        return str(error)
    return "that day never comes" if never else ""


def next_time(expression: str, after: datetime) -> datetime | None:
    """The first time after `after`; both as the clock on the wall shows them. None when it never comes again."""
    from apscheduler.triggers.cron import CronTrigger  # here: only desks with digests need it

    trigger = CronTrigger.from_crontab(expression, timezone=UTC)
    found: datetime | None = trigger.get_next_fire_time(None, (after + timedelta(microseconds=1)).replace(tzinfo=UTC))
    return found.replace(tzinfo=None) if found else None
