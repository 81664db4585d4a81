"""Decisions to tell, and the messages they become. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from monitor.model.severity import Severity


class DevelopmentKind(StrEnum):
    """Why a story speaks."""

    FIRST_REPORT = "first report"
    NEW_FACT = "new fact"
    HIGHER_SEVERITY = "higher severity"
    CORROBORATION = "corroboration"
    CORRECTION = "correction"
    DENIAL = "denial"


class ReasonCode(StrEnum):
    """Why an article led to an alert or did not; stable, so that people and tests can rely on it."""

    FIRST_REPORT = "first_report"
    NEW_FACT = "new_fact"
    HIGHER_SEVERITY = "higher_severity"
    CORROBORATED = "corroborated"
    CORRECTION = "correction"
    DENIAL = "denial"
    NO_MATCH = "no_match"
    TRIAL = "trial"
    COPY = "copy"
    REPEAT = "repeat"  # the story is already told and this adds nothing
    BACKLOG = "backlog"  # was in the feed before we began to watch it
    SILENCED = "silenced"


@dataclass(frozen=True, slots=True)
class Decision:
    """Speak or keep quiet, and why. Kept for every article that any rule came near."""

    speaks: bool
    code: ReasonCode
    reason: str  # in words
    development: DevelopmentKind | None = None
    severity: Severity | None = None
    rules: tuple[str, ...] = ()  # ids of the rules that fired, the one with the highest severity first


@dataclass(frozen=True, slots=True)
class Silence:
    """What a person asked not to hear for a while."""

    id: str
    kind: Literal["rule", "story", "tag"]
    value: str  # id of the rule, beginning of the story's id, tag of the outlet
    author: str
    since: datetime
    until: datetime
    why: str = ""
    critical: bool = False  # critical alerts too


@dataclass(frozen=True, slots=True)
class Told:
    """What people have already heard of a story."""

    developments: int = 0  # alerts sent so far
    severity: Severity | None = None  # highest told
    first_told: datetime | None = None
    sentences: tuple[str, ...] = ()  # sentences already quoted
    disputed: bool = False
    rules: tuple[str, ...] = ()  # ids of the rules that its alerts named
    number: int = 0  # from which its next alert is numbered; above `developments` where people moved what was told


@dataclass(frozen=True, slots=True)
class BacklogItem:
    """A match in a feed's first window: kept quiet singly, told in one digest."""

    decision_id: str
    article_id: str
    outlet: str
    title: str
    url: str
    severity: Severity
    rules: tuple[str, ...]
    published: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim sentence with its origin."""

    text: str
    outlet: str  # name, for people
    published: datetime
    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A decision to tell, in full: everything a channel needs to write its message."""

    id: str  # stable: from story and development
    story: str
    development: int  # 0 = first report, then 1, 2, ... shown as "update n"
    kind: DevelopmentKind | Literal["digest", "operator", "test"]
    severity: Severity
    title: str  # what happened, one line
    place: str
    outlets: int  # independent owners reporting
    rules: tuple[tuple[str, str], ...]  # (id, title), highest severity first
    concepts: tuple[str, ...]  # labels of the concepts that were found
    quotes: tuple[Quote, ...]
    marks: tuple[str, ...]  # "disputed by …", "unverified"
    published: datetime
    seen: datetime
    made: datetime
    rule_set: str  # version of the rule set that made it
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # further lines: copies, related stories, lines of a digest
    article: str = ""  # the article that speaks, "" for digests and the program's own alerts
    link: str = ""  # its address
    languages: int = 0  # in which independent owners report
    copies: int = 0  # articles that are copies of others
    figures: tuple[tuple[str, str], ...] = ()  # that contradict each other: (words as they stand, outlet)

    @property
    def short_id(self) -> str:
        """The id people see and quote: `#` and 6 base32 characters of the story."""
        return f"#{self.story[:6]}"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"  # refused for good; told elsewhere
    DIGESTED = "digested"  # told in a digest on the same channel


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert for one channel: a row of the outbox."""

    id: str  # alert and channel
    alert: str
    channel: str
    state: DeliveryState
    attempts: int
    next_try: datetime
    severity: Severity
    subject: str
    body: str
    last_error: str = ""
    story: str = ""
    plain: bool = False  # the channel refused it once: now as short plain text
    told_in: str = ""  # the alert of the digest that tells it


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came back from a channel."""

    ok: bool
    temporary: bool = True  # of a failure: can trying again help?
    detail: str = ""  # for people, without secrets
    retry_after: float | None = None  # seconds, when the channel said so
