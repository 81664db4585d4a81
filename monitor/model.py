"""The values that travel between stages. Pure.

One article's way: `Entry` -> `Article` -> `Verdict` per rule -> `Placement` in a story -> `Decision` -> `Alert`
-> `Delivery` per channel. Every value is frozen; every time is an aware UTC datetime.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal


class Severity(IntEnum):
    """How much an alert matters; comparable, and written in lower case in files."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> Severity:
        """The severity with that lower-case name. Raises KeyError."""
        return cls[label.upper()]


# --- feeds ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outlet:
    """The publisher behind feeds. What is not known is "unknown", never invented."""

    id: str
    name: str
    country: str = "unknown"  # ISO 3166 alpha-2, XK for Kosovo
    languages: tuple[str, ...] = ()  # two-letter codes; bs, hr and cnr are written sr
    owner: str = "unknown"  # outlets of one owner count once; "unknown" stands for the outlet itself
    reliability: str = "unknown"  # A to F
    state_affiliated: str = "unknown"  # yes, no
    tags: tuple[str, ...] = ()

    @property
    def owner_key(self) -> str:
        """The independent voice this outlet counts as."""
        return self.id if self.owner == "unknown" else self.owner


@dataclass(frozen=True, slots=True)
class Feed:
    """A URL we watch."""

    url: str
    outlet: str  # Outlet.id
    min_interval: int = 300  # seconds between polls when the feed is busy
    max_interval: int = 1800  # seconds between polls when it is quiet
    tags: tuple[str, ...] = ()
    allow_private: bool = False  # may this feed, and the pages it links to, live on loopback or a private network?


class FeedHealth(StrEnum):
    """What the last polls of a feed say about it."""

    NEW = "new"  # never polled successfully
    OK = "ok"
    FAILING = "failing"
    PARTIAL = "partial"  # readable, but cut off or damaged
    GONE = "gone"  # 410: still polled, rarely


@dataclass(frozen=True, slots=True)
class FeedState:
    """What we remember of a feed between polls."""

    url: str
    health: FeedHealth = FeedHealth.NEW
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    interval: float = 300.0  # seconds until the next poll, learnt from how often the feed changes
    next_poll: datetime | None = None  # None: due at once
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0  # in a row
    error_class: str = (
        ""  # dns connect tls timeout network protocol too_large encoding redirect blocked auth gone not_found
    )
    #                        rate_limited server http empty not_a_feed parse
    error: str = ""  # for people
    moved_to: str = ""  # a permanent redirect we saw
    moved_count: int = 0  # polls in a row that saw it


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the feed gave it, text only (no markup), bounded in size."""

    identity: str  # hex; the same item in the same feed has the same identity
    url: str  # absolute http(s) address of the page, "" when the feed gave none that is usable
    title: str
    summary: str = ""
    text: str = ""  # the whole article, when the feed carries it
    published: datetime | None = None
    language: str = ""  # as declared by the feed, normalised ("" = not declared)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed's bytes say. `damage` is empty for a clean feed, else says in words what is wrong with it."""

    entries: tuple[Entry, ...]
    title: str = ""
    language: str = ""
    damage: str = ""
    dropped: int = 0  # entries beyond the cap, newest kept


# --- articles ---------------------------------------------------------------------------------------------------

Field = Literal["title", "lead", "body"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article. Sentence 0 is the title; the lead is the first two sentences after it."""

    index: int
    text: str
    field: Field
    paragraph: int  # 0 = the title, then 1, 2, ...


@dataclass(frozen=True, slots=True)
class Article:
    """The readable text behind an entry, cleaned of page furniture."""

    id: str  # hex, from the canonical URL (or from outlet, title and text where there is none)
    url: str
    outlet: str
    title: str
    sentences: tuple[Sentence, ...]
    language: str  # two-letter code; sr covers bs, hr and cnr
    published: datetime  # effective: the feed's date when plausible, else first_seen
    first_seen: datetime
    language_certain: bool = True  # False: feed, script and detector disagree or are all silent
    origin: Literal["page", "feed", "given"] = "page"  # where the text came from

    @property
    def text(self) -> str:
        """The body: sentences joined by spaces, paragraphs by newlines; without the title."""
        paragraphs: dict[int, list[str]] = {}
        for sentence in self.sentences:
            if sentence.field != "title":
                paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
        return "\n".join(" ".join(texts) for _, texts in sorted(paragraphs.items()))


# --- rules ------------------------------------------------------------------------------------------------------


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


# --- stories ----------------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What an article is to its story."""

    FOUNDER = "founder"
    COPY = "copy"  # the same text again: never alerts, never counts as corroboration
    CORROBORATION = "corroboration"
    UPDATE = "update"  # brings a new fact
    CORRECTION = "correction"  # a figure that contradicts an earlier one of the same unit
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Fact:
    """A hard fact of an article: a number with its unit, a date, a person, a place."""

    kind: Literal["number", "date", "name", "concept"]
    value: str  # normalised: "23 soldier", "2024-03-22", name key, concept id
    surface: str  # as written
    sentence: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs and why. `story` is "" for a new story until it is stored."""

    story: str
    role: Role
    why: str  # "joined because 6 names, wording .41, 2 h apart; threshold .40"
    score: float = 1.0  # probability of belonging, [0, 1]
    nearest: str = ""  # the article it is closest to
    copy_of: str = ""
    related: tuple[str, ...] = ()  # stories it may continue
    new_facts: tuple[Fact, ...] = ()
    cites: str = ""  # outlet or agency that the article only passes on, "" = own reporting


@dataclass(frozen=True, slots=True)
class Features:
    """One article as the story stage compares it. All tuples are sorted unless said otherwise."""

    article: str
    outlet: str
    language: str  # language class: bs and hr are sr
    time: int  # seconds since 1970 of publication
    title: tuple[str, ...]  # stems
    lead: tuple[str, ...]  # stems of title and first sentences
    cognates: tuple[str, ...]  # beginnings of long words, to compare across languages
    meanings: tuple[str, ...]  # what the words of title and lead mean, whatever the language
    names: tuple[str, ...]  # name keys, the whole article
    lead_names: tuple[str, ...]
    title_names: tuple[str, ...]  # those of the headline that are not common
    places: tuple[str, ...]  # name keys that a preposition makes a place, title and lead; common ones left out
    first_place: tuple[str, ...]  # the keys of the first of them
    speakers: tuple[str, ...]  # name keys of those whose statement is the news, () when it is no statement
    numbers: tuple[str, ...]  # "23 soldier", the whole article
    lead_numbers: tuple[str, ...]
    concepts: tuple[str, ...]
    facts: tuple[Fact, ...]  # of title and lead, in reading order
    size: int  # words of title and body
    content: int  # equal for equal texts, also in another script
    sentences: tuple[int, ...]  # hashes of the sentences that are long enough to prove something
    sketch: tuple[int, ...]  # the smallest hashes of its runs of five words
    shingles: int  # how many different runs there are
    copy_keys: tuple[int, ...]  # under which copies find each other
    story_keys: tuple[tuple[int, float], ...]  # under which stories find each other, strongest first, with weights


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story, as far as comparing needs it."""

    features: Features
    role: Role
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class CandidateStory:
    """A story an article might belong to. `members`: the founder first, then by time; copies left out."""

    story: str
    members: tuple[Member, ...]
    size: int  # articles, copies left out
    facts: tuple[str, ...] = ()  # values of the figures and concepts told so far: "23 soldier", "troops"
    last_development: int = 0  # seconds since 1970 of the newest founder, update or correction


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the store found for an article: texts that may be the same, and stories that may be its own."""

    copies: tuple[tuple[str, Member], ...] = ()  # (story, member)
    stories: tuple[CandidateStory, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of a story, as a report shows it."""

    article: str
    outlet: str
    role: Role
    language: str
    published: datetime
    url: str
    title: str
    cites: str = ""  # outlet or agency that it only passes on
    copy_of: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class StoryReport:
    """What is known of a story. Members are in order of publication."""

    story: str
    members: tuple[StoryMember, ...]
    first: datetime
    last: datetime
    facts: tuple[Fact, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voices:
    """Who reports a story, the article at hand included. Copies and mere citations of a counted outlet add nobody."""

    owners: int  # independent voices
    languages: tuple[str, ...]
    copies: int
    only: str = ""  # the one kind every outlet is of: "state_affiliated", else a language or country; "" = mixed
    first: datetime | None = None  # when the first and the last of them published
    last: datetime | None = None
    of_kind: tuple[tuple[str, int], ...] = ()  # owners of a kind: ("state_affiliated", 2), ("RS", 3), ("sq", 1)


# --- alerts -----------------------------------------------------------------------------------------------------


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
class Told:
    """What people have already heard of a story."""

    developments: int = 0  # alerts sent so far
    severity: Severity | None = None  # highest told
    first_told: datetime | None = None
    sentences: tuple[str, ...] = ()  # sentences already quoted
    disputed: bool = False
    rules: tuple[str, ...] = ()  # ids of the rules that its alerts named


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

    @property
    def short_id(self) -> str:
        """The id people see and quote: `#` and 6 base32 characters of the story."""
        return f"#{self.story[:6]}"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"  # refused for good; told elsewhere


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


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came back from a channel."""

    ok: bool
    temporary: bool = True  # of a failure: can trying again help?
    detail: str = ""  # for people, without secrets
    retry_after: float | None = None  # seconds, when the channel said so


# --- fetching ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to fetch, and how carefully."""

    url: str
    etag: str = ""
    last_modified: str = ""
    allow_private: bool = False
    max_bytes: int = 10_000_000  # of the decoded body
    accept: str = ""


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came back. A failure has an `error_class` (see FeedState.error_class), an answer has none."""

    url: str
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    charset: str = ""  # as declared by the server
    etag: str = ""
    last_modified: str = ""
    final_url: str = ""
    permanent_url: str = ""  # where a chain of permanent redirects led, "" without one
    partial: bool = False  # the body was cut off before its end
    retry_after: float | None = None  # seconds
    error_class: str = ""
    error: str = ""  # for people
    elapsed: float = 0.0  # seconds

    @property
    def ok(self) -> bool:
        return not self.error_class

    @property
    def not_modified(self) -> bool:
        return self.status == 304


@dataclass(frozen=True, slots=True)
class PageText:
    """What extraction found in a page. Plain values, so that it can leave a worker process."""

    paragraphs: tuple[str, ...]
    language: str = ""  # the page's own declaration
    canonical: str = ""  # the page's own canonical address
    suspect: str = ""  # why this may not be an article ("cookie wall", "too short"), "" = looks like one


@dataclass(frozen=True, slots=True)
class Tick:
    """What one turn of a verb did, for logs, progress and health."""

    done: int = 0
    failed: int = 0
    waiting: int = 0
    details: dict[str, int] = field(default_factory=dict)


# --- keeping ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days what is kept. What is pending is kept however old it is."""

    texts: int = 90  # of entries, articles and revisions
    features: int = 14  # what articles are compared by
    lines: int = 30  # in which an outlet's repeated lines are looked for
    decisions: int = 90  # and the matches behind them
    alerts: int = 730  # with their deliveries and attempts
    identities: int = 400  # of entries, after a feed last showed them, and of their articles
