"""Times of the day as people write them: quiet hours of a channel, the hour of a digest. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day in which only critical messages go out; `end` before `start` means over midnight."""

    start: time
    end: time

    def covers(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether `now` lies in the quiet hours, `start` included and `end` not, by the clock on the wall."""
        local = now.astimezone(zone).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def last_end(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When the quiet hours ended last, in UTC; `now` must not lie in them."""
        local = now.astimezone(zone)
        day = local.date() if local.time() >= self.end else local.date() - timedelta(days=1)
        return datetime.combine(day, self.end, zone).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.end:%H:%M}"


def parse_time(text: str) -> time | None:
    """A time of the day written as 7:00 or 23:30, else None."""
    found = _TIME.fullmatch(text.strip())
    return time(int(found[1]), int(found[2])) if found else None


def parse_quiet(text: str) -> Quiet | None:
    """Hours written as 23:00-06:00, else None; hours of no length are a mistake."""
    parts = re.split(r"\s*[-–]\s*", text.strip())
    times = [parse_time(part) for part in parts]
    if len(times) != 2 or times[0] is None or times[1] is None or times[0] == times[1]:
        return None
    return Quiet(times[0], times[1])
