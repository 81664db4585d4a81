"""What the rules say of an article. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.model.articles import Field
from monitor.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words in a sentence that stand for a concept. `start` and `end` are character offsets in the sentence."""

    concept: str
    label: str
    words: str
    sentence: int
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ignored:
    """A sentence that would have counted, and why it did not ("retells Banjska attack", "dated 189 days ago")."""

    sentence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Point:
    """A line of the score: how much it added and why."""

    add: int
    why: str
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A label on a match: disputed or unverified, with the sentence and words that say so."""

    kind: Literal["disputed", "unverified"]
    sentence: int
    words: str


@dataclass(frozen=True, slots=True)
class StoryCondition:
    """A change of severity that depends on the story, not on the article: the story stage evaluates it."""

    to: Severity
    raises: bool  # True: escalate, False: lower
    outlets: int = 0  # independent owners needed
    languages: int = 0
    during: int = 0  # seconds
    only: str = ""  # "state_affiliated" or a language or country: every outlet is of that kind
    other_than: str = ""  # outlets of that kind do not count


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one article, and everything needed to explain it."""

    rule: str
    title: str
    fires: bool
    because: str  # "fires", or what kept it quiet: find, score, time, max_age, from, or the id of an exclusion
    severity: Severity
    live: bool = True  # False: the rule is on trial, it is recorded but never sent
    score: int | None = None
    need: int | None = None
    points: tuple[Point, ...] = ()
    sentences: tuple[int, ...] = ()  # live sentences in which `find` holds
    evidence: tuple[Evidence, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    marks: tuple[Mark, ...] = ()
    missing: tuple[str, ...] = ()  # near miss: the parts of `find` that no sentence had together with the rest
    excluded_why: str = ""  # the exclusion's reason in words
    by_story: tuple[StoryCondition, ...] = ()
    send: tuple[str, ...] = ()  # channel names, empty = the desk's table
