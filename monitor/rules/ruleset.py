"""A rule set: everything an analyst wrote, typed, checked and compiled. Pure.

`load` makes it; `match` asks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal, Protocol

from monitor.model import Article, Feed, Outlet, Severity, StoryCondition
from monitor.rules.condition import Condition
from monitor.rules.definitions import Actor, Concept
from monitor.rules.reading import Reading
from monitor.rules.shortlist import Shortlist, shortlist
from monitor.yamlfile import Place

DAY = 86_400  # seconds
CUE_NOW, CUE_BACKGROUND, CUE_CARRY = "cue:now", "cue:background", "cue:carry"  # time words, as concepts


class Vocabulary(Protocol):
    """What a rule set needs of the compiled vocabulary (`vocabulary.compile_vocabulary` makes the real one)."""

    def read(self, article: Article) -> Reading: ...


@dataclass(frozen=True, slots=True)
class PointRule:
    """One line of a score. `when` None stands for `find`."""

    add: int
    why: str
    when: Condition | None
    each: bool = False  # once for every live sentence that no line above has counted
    most: int | None = None  # points this line can add at most (in size)


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """How many points a match needs, and what gives them."""

    need: int
    points: tuple[PointRule, ...]


@dataclass(frozen=True, slots=True)
class TimeRule:
    """Which sentences and articles are news to a rule. Spans in seconds."""

    event_within: int = 7 * DAY
    max_age: int = 7 * DAY
    background: bool = False  # True: background sentences count
    known_events: bool = False  # True: sentences that retell a known event count


@dataclass(frozen=True, slots=True)
class MarkRule:
    """When a match is labelled: words within `near` sentences of a counted one (0 = the same, None = anywhere)."""

    kind: Literal["disputed", "unverified"]
    near: int | None
    when: Condition


@dataclass(frozen=True, slots=True)
class Change:
    """A change of severity that the text itself decides."""

    to: Severity
    when: Condition


@dataclass(frozen=True, slots=True)
class OutletFilter:
    """Whose articles a rule looks at; an empty field lets everything through."""

    languages: frozenset[str] = frozenset()
    country: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    reliability: frozenset[str] = frozenset()  # the letters let through
    state_affiliated: str = ""  # yes, no
    only: frozenset[str] = frozenset()  # outlet ids
    exclude: frozenset[str] = frozenset()  # outlet ids, `not` in the file

    def lets_through(self, article: Article, outlet: Outlet | None) -> bool:
        """Whether this article's outlet is asked about. An outlet that nobody described (None) is not held back
        by what only a description could tell."""
        if self.languages and article.language not in self.languages:
            return False
        if (self.only and article.outlet not in self.only) or article.outlet in self.exclude:
            return False
        if outlet is None:
            return True
        return (
            (not self.country or outlet.country in self.country)
            and (not self.tags or bool(self.tags & set(outlet.tags)))
            and (not self.reliability or outlet.reliability in self.reliability)
            and (not self.state_affiliated or outlet.state_affiliated == self.state_affiliated)
        )


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a rule's own test expects; None or empty = not asked."""

    fires: bool
    because: str = ""
    severity: Severity | None = None
    disputed: bool | None = None
    unverified: bool | None = None
    sentences: tuple[int, ...] = ()
    not_sentences: tuple[int, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleTest:
    """An article the analyst made up, and what the rule has to say of it."""

    it: str
    place: Place
    language: str
    published: datetime
    title: str
    text: str
    outlet: str
    expect: Expectation


@dataclass(frozen=True, slots=True)
class Rule:
    """One question."""

    id: str
    place: Place
    title: str
    severity: Severity
    find: Condition
    live: bool = False  # False: on trial
    about: str = ""
    owner: str = ""
    outlets: OutletFilter = OutletFilter()
    score: ScoreRule | None = None
    unless: tuple[str, ...] = ()
    time: TimeRule = TimeRule()
    marks: tuple[MarkRule, ...] = ()
    escalate: tuple[Change, ...] = ()
    lower: tuple[Change, ...] = ()
    by_story: tuple[StoryCondition, ...] = ()
    send: tuple[str, ...] = ()
    tests: tuple[RuleTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason to keep quiet about an article."""

    id: str
    why: str
    when: Condition
    keep_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """Something that happened and will be retold. From `day` on it is news itself for `live_for` seconds.

    Where `known_by` is given, a title or lead retells the event only if that holds there too: a place and an attack
    alone may be the next attack.
    """

    id: str
    label: str
    day: date
    live_for: int
    about: Condition
    known_by: Condition | None = None


@dataclass(frozen=True)
class RuleSet:
    """All rules in force, with everything they stand on."""

    version: str  # short hash of the files
    rules: tuple[Rule, ...]
    exclusions: Mapping[str, Exclusion]
    known_events: tuple[KnownEvent, ...]
    vocabulary: Vocabulary
    concepts: Mapping[str, Concept] = field(default_factory=dict)  # as written, without those made for rules
    actors: Mapping[str, Actor] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)  # of concepts and actors, by id, for people
    outlets: tuple[Outlet, ...] = ()
    feeds: tuple[Feed, ...] = ()
    pack_feeds: frozenset[str] = frozenset()  # URLs of the feeds that the first folder brought
    furniture: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())  # starts, ends, stop after

    @cached_property
    def shortlist(self) -> Shortlist:
        """Which rules are worth asking about an article; made once."""
        return shortlist([rule.find for rule in self.rules])
