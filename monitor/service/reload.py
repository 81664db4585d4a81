"""Keeps the running desk what people's files say. Files with mistakes are told and not used: silence is no answer."""

from __future__ import annotations

from monitor.config.settings import Settings
from monitor.desk import Desk, fingerprint, load_desk, load_last_good, save_last_good
from monitor.errors import BadConfiguration, Problem
from monitor.log import get_logger
from monitor.pipeline import Pipeline
from monitor.ports import Clock
from monitor.store import Store

NOT_USED = "rules-not-used"  # note: the first mistake that keeps the files from being used
MOST_TOLD = 10  # problems


def first_desk(store: Store, settings: Settings, clock: Clock) -> tuple[Desk, tuple[Problem, ...]]:
    """The desk to start with, and the problems that keep the newest files from being it.

    Raises BadConfiguration when they cannot be used and no good ones were kept.
    """
    desk, problems = load_desk(settings)
    if desk is not None:
        save_last_good(store, desk, clock.now())
        return desk, ()
    kept = load_last_good(store, settings)
    if kept is None:
        raise BadConfiguration(problems)
    return kept, problems


class Reload:
    """Begins with the pipeline's desk; `problems` say why newer files are not used. `if_changed` is called often."""

    def __init__(self, pipeline: Pipeline, problems: tuple[Problem, ...]) -> None:
        self._line = pipeline
        self._log = get_logger()
        self._files = fingerprint(pipeline.desk.settings)
        self._mistaken = bool(problems)
        self._use(pipeline.desk)
        if problems:
            self._tell("The rules have mistakes: the last good ones are running", problems)

    def if_changed(self) -> None:
        """Load the rules again when somebody saved, added or deleted a file."""
        files = fingerprint(self._line.desk.settings)
        if files != self._files:
            self._files = files
            self._load()

    def soon(self) -> None:
        """As if every file had changed. Safe in a signal handler: the next look loads, in a thread of its own."""
        self._files = ()

    def _load(self) -> None:
        """A set with mistakes is not used: the running one stays, and people are told."""
        desk, problems = load_desk(self._line.desk.settings)
        if desk is None:
            self._mistaken = True
            self._tell("The changed rules have mistakes: the rules from before are still running", problems)
            return
        save_last_good(self._line.store, desk, self._line.clock.now())
        self._use(desk)
        if self._mistaken:
            self._mistaken = False
            in_use = f"{len(desk.rules.rules)} rules, rule set {desk.rules.version}"
            self._line.tell_operator("The rules are without mistakes again, and in use", [in_use])

    def _use(self, desk: Desk) -> None:
        """Work with this desk from now on. What is under way finishes with the desk it began with."""
        with self._line.store.write() as tx:
            tx.feeds.sync(tuple(desk.feeds.values()), self._line.clock.now())
            tx.notes.set(NOT_USED, "", self._line.clock.now())
        self._line.desk = desk
        self._log.info("desk ready", rule_set=desk.rules.version, rules=len(desk.rules.rules), feeds=len(desk.feeds))

    def _tell(self, title: str, problems: tuple[Problem, ...]) -> None:
        lines = tuple(str(problem).splitlines()[0] for problem in problems if problem.severity == "error")
        self._log.error("rules not used", problems=len(lines), first=lines[0] if lines else "")
        self._line.tell_operator(title, lines[:MOST_TOLD])
        with self._line.store.write() as tx:
            tx.notes.set(NOT_USED, lines[0] if lines else title, self._line.clock.now())
