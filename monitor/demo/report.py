"""What a demo came to: from what was published and what was heard to a short table. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from monitor.demo.script import Item
from monitor.demo.world import Published


@dataclass(frozen=True, slots=True)
class Heard:
    """What the monitor made of one article."""

    story: str  # its id in the store
    told: datetime | None = None  # when a message about it went out, None = quiet


@dataclass(frozen=True, slots=True)
class Counts:
    """The demo in figures. Pairs are (how many, of how many)."""

    articles: tuple[int, int]  # read of published
    stories: tuple[int, int]  # told of those that deserved it
    messages: int
    copies: tuple[int, int]  # grouped in silence
    false_friends: tuple[int, int]  # kept quiet
    anniversaries: tuple[int, int]  # kept quiet
    others: int  # messages about what nobody needs to hear of
    latency: tuple[float, float] | None  # seconds from publication to message: median, longest; None = no message


def count(published: Sequence[Published], heard: Mapping[str, Heard]) -> Counts:
    """The figures; `heard` is keyed by the article's address as it was published."""
    told = [entry for entry in published if (found := heard.get(entry.url)) and found.told]
    wanted = {entry.item.story for entry in published if entry.item.story}
    waits = [_seconds(entry, heard) for entry in told]
    return Counts(
        articles=(sum(entry.url in heard for entry in published), len(published)),
        stories=(len({entry.item.story for entry in told} & wanted), len(wanted)),
        messages=len(told),
        copies=_quiet(published, told, "copy"),
        false_friends=_quiet(published, told, "false friend"),
        anniversaries=_quiet(published, told, "anniversary"),
        others=sum(not entry.item.story for entry in told),
        latency=(median(waits), max(waits)) if waits else None,
    )


def _seconds(entry: Published, heard: Mapping[str, Heard]) -> float:
    told = heard[entry.url].told
    assert told is not None
    return max(0.0, (told - entry.appeared).total_seconds())


def _quiet(published: Sequence[Published], told: Sequence[Published], kind: str) -> tuple[int, int]:
    of_kind = [entry for entry in published if entry.item.kind == kind]
    return sum(entry not in told for entry in of_kind), len(of_kind)


def rows(counts: Counts) -> tuple[tuple[str, str], ...]:
    """The report, line by line: what, how many."""
    latency = (
        "no message" if counts.latency is None else f"{counts.latency[0]:.1f} s (longest {counts.latency[1]:.1f} s)"
    )
    return (
        ("articles read", _of(counts.articles)),
        ("stories told", _of(counts.stories)),
        ("messages sent about them", str(counts.messages - counts.others)),
        ("copies collapsed", _of(counts.copies)),
        ("false friends kept quiet", _of(counts.false_friends)),
        ("anniversaries kept quiet", _of(counts.anniversaries)),
        ("other messages", str(counts.others)),
        ("from publication to message", latency),
    )


def _of(pair: tuple[int, int]) -> str:
    return f"{pair[0]} of {pair[1]}"


def missed(published: Sequence[Published], heard: Mapping[str, Heard]) -> tuple[Item, ...]:
    """First reports of stories that nobody was told of: empty when the demo went well."""
    told = {entry.item.story for entry in published if (found := heard.get(entry.url)) and found.told}
    firsts: dict[str, Item] = {}
    for entry in published:
        if entry.item.story and entry.item.story not in told:
            firsts.setdefault(entry.item.story, entry.item)
    return tuple(firsts.values())
