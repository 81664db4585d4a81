"""The desk: settings, rules, feeds and outlets, loaded together and replaced together.

The last files that loaded without a problem are kept in the database, so that a mistake in a file never silences the
desk, not even across a restart. They are kept as text, not compiled: a newer version of the program compiles them anew.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.articles.text import Furniture
from monitor.config.settings import Settings
from monitor.errors import Problem
from monitor.model import Feed, Outlet
from monitor.rules.cache import compiler, load_cached
from monitor.rules.load import RuleSet, load, rule_files
from monitor.store import Store

LAST_GOOD = "last-good-rules"


@dataclass(frozen=True)
class Desk:
    """What people decided, compiled."""

    settings: Settings
    rules: RuleSet
    feeds: Mapping[str, Feed]  # by URL
    outlets: Mapping[str, Outlet]  # by id
    furniture: Furniture
    places: frozenset[str]  # ids of the concepts that say where something happened


def load_desk(settings: Settings) -> tuple[Desk | None, tuple[Problem, ...]]:
    """The desk that the settings' folders describe, or None with every problem found in them."""
    loaded = load_cached(settings.folders, [channel.name for channel in settings.channels], settings.cache)
    desk = _desk(settings, loaded.rule_set) if loaded.rule_set else None
    return desk, loaded.problems


def _desk(settings: Settings, rules: RuleSet) -> Desk:
    return Desk(
        settings,
        rules,
        {feed.url: feed for feed in rules.feeds if settings.bundled_feeds or feed.url not in rules.pack_feeds},
        {outlet.id: outlet for outlet in rules.outlets},
        Furniture(*rules.furniture),
        frozenset(concept.id for concept in rules.concepts.values() if concept.kind == "place" and not concept.wide),
    )


def fingerprint(settings: Settings) -> tuple[tuple[str, int, int], ...]:
    """Changes when somebody saves, adds or deletes a file of rules: (name, modification time, size) of each."""
    marks = []
    for path in (path for folder in settings.folders for path in rule_files(folder)):
        with suppress(OSError):  # deleted between listing and asking
            stat = path.stat()
            marks.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(marks)


def save_last_good(store: Store, desk: Desk, now: datetime) -> None:
    """Keep the files of a desk that loaded well."""
    folders = [
        {str(path.relative_to(folder)): path.read_text(encoding="utf-8-sig") for path in rule_files(folder)}
        for folder in desk.settings.folders
    ]
    with store.write() as tx:
        tx.notes.set(LAST_GOOD, json.dumps(folders, ensure_ascii=False), now)


def load_last_good(store: Store, settings: Settings) -> Desk | None:
    """The desk of the last files that loaded well, or None when there are none (or they load no more)."""
    with store.read() as tx:
        saved = tx.notes.get(LAST_GOOD)
    if saved is None:
        return None
    with tempfile.TemporaryDirectory() as temporary:
        folders = []
        for number, files in enumerate(json.loads(saved)):
            folder = Path(temporary) / str(number)
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            folders.append(folder)
        loaded = load(folders, compiler=compiler(settings.cache))
    return _desk(settings, loaded.rule_set) if loaded.rule_set else None
