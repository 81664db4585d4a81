"""A store in which articles are judged one after the other, with one rule: for tests of stories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from event_texts import START, make_article
from sqlalchemy import select

from monitor import regroup
from monitor.config.settings import load_settings
from monitor.desk import Desk, load_desk
from monitor.judge import Judgement, judge
from monitor.model import Article, Membership, Outlet
from monitor.rules.match import match
from monitor.store import Store, Transaction
from monitor.store.stories import story_fact, story_key, story_member

RULES = """\
version: 1
concepts:
  harm: {kind: action, label: Harm, words: {en: [wound, injure, explode, explosion, blast]}}
  soldiers: {label: Soldiers, words: {en: [soldier]}}
rules:
  - id: soldiers-hurt
    title: Soldiers hurt
    status: live
    severity: high
    find: {within: sentence, all: [harm, soldiers]}
    tests: [{it: x, lang: en, published: 2026-03-02, title: "Explosion wounds soldiers", expect: {fires: true}}]
"""
BLAST = "An explosion near {} on Friday wounded {} soldiers of the mission, a spokesman said. Police closed the road."
HOUR = timedelta(hours=1)


def make_desk(folder: Path) -> Desk:
    """A desk with one rule."""
    (folder / "pack").mkdir()
    (folder / "pack" / "rules.yaml").write_text(RULES)
    (folder / "monitor.yaml").write_text("version: 1\npack: ./pack\n")
    desk, problems = load_desk(load_settings(folder / "monitor.yaml", {}))
    assert desk is not None, problems
    return desk


class Room:
    """A store in which articles are judged one after the other."""

    def __init__(self, desk: Desk, store: Store) -> None:
        self.desk, self.store = desk, store
        self.now = START

    def read(
        self,
        article: Article,
        before: Callable[[Transaction], None] = lambda tx: None,
        pinned: Membership | None = None,
    ) -> Judgement:
        """Judge an article in one transaction; `before` is called in it first."""
        self.now = max(self.now, article.published)
        verdicts = match(self.desk.rules, article, self.now, Outlet(article.outlet, article.outlet))
        with self.store.write() as tx:
            before(tx)
            tx.articles.save(article, "", "")
            return judge(tx, self.desk, article, verdicts, article.published, pinned=pinned)

    def ask(self, do: str, **arguments: str) -> str:
        self.now += timedelta(minutes=1)
        with self.store.write() as tx:
            return regroup.ACTIONS[do](tx, {"author": "Ana", **arguments}, self.now)

    def stories(self) -> dict[str, str]:
        with self.store.read() as tx:
            rows = tx.conn.execute(select(story_member.c.article, story_member.c.story))
            return {row.article: row.story for row in rows}

    def everything(self) -> list[list[Any]]:
        """All that makes stories, row by row."""
        tables = (story_member, story_key, story_fact)
        with self.store.read() as tx:
            return [
                sorted(map(tuple, tx.conn.execute(select(*(c for c in table.c if c.name != "score")))), key=repr)
                for table in tables
            ]


def told(id_: str, place: str, count: str = "3", hours: float = 0) -> Article:
    title = f"Blast wounds {count} soldiers near {place}"
    return make_article(id_ * 8, title, BLAST.format(place, count), "en", START + hours * HOUR, f"outlet-{id_}")
