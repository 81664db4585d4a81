"""What the two feed readers hand on: entries as written, markup and all. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One item, nothing cleaned or judged yet."""

    guid: str
    link: str
    title: str
    summary: str
    content: str
    published: datetime | None
    language: str = ""


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed, nothing cleaned or judged yet."""

    title: str
    link: str  # of the site; relative links are relative to it
    language: str
    entries: tuple[RawEntry, ...]
    damage: str = ""
    dropped: int = 0
