"""Articles about one event. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """What an article is to its story."""

    FOUNDER = "founder"
    COPY = "copy"  # the same text again: never alerts, never counts as corroboration
    CORROBORATION = "corroboration"
    UPDATE = "update"  # brings a new fact
    CORRECTION = "correction"  # a figure that contradicts an earlier one of the same unit
    BACKGROUND = "background"  # of a story that rules match, and no rule fires on it: neither news nor a voice


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
    title_names: tuple[str, ...]  # those of the headline that are not common and that the text repeats
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
    acts: tuple[str, ...] = ()  # what the headline says was done: meanings that are not common, whatever the language


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


@dataclass(frozen=True, slots=True)
class Membership:
    """Where an article stands: its story, what it is to it, and why."""

    article: str
    story: str
    role: Role
    copy_of: str
    why: str


@dataclass(frozen=True, slots=True)
class Override:
    """What a person changed about stories. It names every article of the stories it touched, so that a replay, which
    may know some of them later, ends with the same stories."""

    id: int  # in the order they were made
    kind: Literal["merge", "split", "move"]
    author: str
    at: datetime
    words: str  # what was done, for people: "#b merged into #a"
    before: tuple[Membership, ...]
    after: tuple[Membership, ...]
    undone_by: str = ""
    undone_at: datetime | None = None
    undone: tuple[Membership, ...] = ()  # where the articles went when it was undone
