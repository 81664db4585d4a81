"""Feeds and what we remember of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    STALE = "stale"  # readable, but quieter than its own rhythm
    DEGRADED = "degraded"  # readable again and again only in part, or its pages hold no articles any more


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
class HarmfulPage:
    """A page that took a worker's time or memory, or killed it."""

    at: datetime
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """What a feed's past says of its health; `feeds.health` keeps it."""

    hour: int = 0  # hours since 1970 of the last poll that could be read
    hour_new: bool = False  # did that hour bring anything new?
    watched: str = ""  # for each hour of the week a digit: how often it was watched,
    active: str = ""  # and in how many of these it brought something new
    hours: int = 0  # watched in all
    quiet: float = 0.0  # how surprising the silence since the last new entry is, in nats
    failing_since: datetime | None = None
    damaged: int = 0  # polls in a row that could be read only in part
    sound: int = 0  # polls in a row without such damage
    damage: str = ""  # the last one, in words
    pages: tuple[str, ...] = ()  # of the last pages: what is wrong with each ("!…"), or a fingerprint of its text
    pages_read: int = 0  # with text in them, up to as many as are needed to know
    page_length: float = 0.0  # how many characters they usually hold
    harm: tuple[HarmfulPage, ...] = ()  # the last pages that did harm; `feeds.harm` keeps them
    shown: int = 0  # entries in its last answer
    told: str = ""  # the trouble that people were told of and that is not over; "" for none
    caught_up: datetime | None = None  # when it was first heard after the last gap in watching
    caught_up_new: int = 0  # entries that this poll brought
    overflowed: datetime | None = None  # when a poll last brought nothing but new entries: some may have been missed


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
