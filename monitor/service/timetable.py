"""Calls a handful of jobs again and again, each in its own time. The only module that knows APScheduler.

With its defaults APScheduler drops runs that come late, and a clock set ahead makes it count every run it missed. What
is due is asked of the database, so a lost run loses nothing: one run of a job at a time, late ones too, missed ones
never made up for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.log import get_logger

Job = tuple[Callable[[], object], float]
"""What to call, and the seconds from the beginning of a run to the next."""


class Every(BaseTrigger):  # type: ignore[misc]
    """At once, then again so many seconds after each run."""

    def __init__(self, seconds: float) -> None:
        self.span = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now if previous is None else now + self.span


class Timetable:
    """Runs the jobs in threads of its own from `start` on, until `stop`."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._log = get_logger()
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Run every job now, and then in its time."""
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(self._jobs))},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        for job, seconds in self._jobs:
            scheduler.add_job(job, Every(seconds), id=job.__name__.strip("_"))
        scheduler.start()
        self._scheduler = scheduler

    def restart(self) -> None:
        """Leave the scheduler to itself and build a new one. What is stuck may hold the locks that a stop asks for."""
        if stuck := self._scheduler:
            threading.Thread(target=stuck.shutdown, kwargs={"wait": False}, daemon=True).start()
        self.start()

    def stop(self) -> None:
        """Start no more runs; those under way go on."""
        if self._scheduler:
            self._scheduler.shutdown(wait=False)

    def _failed(self, event: object) -> None:
        self._log.error("job failed", job=getattr(event, "job_id", ""), error=repr(getattr(event, "exception", None)))
