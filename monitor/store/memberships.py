"""Memberships: which article is in which story, as people look for it and change it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, select, update

from monitor.model import Fact, Features, Membership, Role
from monitor.store.matches import match
from monitor.store.schema import chunks, insert_or_ignore
from monitor.store.stories import story_fact, story_key, story_member

_MATCHED = exists().where(match.c.article == story_member.c.article, match.c.fires.is_(True))


class Memberships:
    """Reads and writes memberships."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def stories_beginning(self, begin: str, limit: int = 5) -> list[str]:
        """Ids of stories that begin like this, in order."""
        begins = (story_member.c.story >= begin, story_member.c.story < begin + "~")
        query = select(story_member.c.story).where(*begins).distinct().order_by(story_member.c.story).limit(limit)
        return list(self._conn.execute(query).scalars()) if begin else []

    def articles_beginning(self, begin: str, limit: int = 5) -> list[str]:
        """Ids of placed articles that begin like this, in order."""
        begins = (story_member.c.article >= begin, story_member.c.article < begin + "~")
        query = select(story_member.c.article).where(*begins).order_by(story_member.c.article).limit(limit)
        return list(self._conn.execute(query).scalars()) if begin else []

    def matched(self, story: str) -> bool:
        """Does a rule fire on an article of the story?"""
        query = select(story_member.c.article).where(story_member.c.story == story, _MATCHED).limit(1)
        return self._conn.execute(query).scalar() is not None

    def active_since(self, when: datetime, limit: int, *, matched: bool = True) -> list[str]:
        """The latest stories with an article published from `when` on; `matched`: that a rule fires on."""
        last = func.max(story_member.c.published)
        query = select(story_member.c.story).where(story_member.c.published >= when)
        if matched:
            query = query.where(_MATCHED)
        query = query.group_by(story_member.c.story).order_by(last.desc(), story_member.c.story).limit(limit)
        return list(self._conn.execute(query).scalars())

    def facts(self, story: str) -> dict[str, list[str]]:
        """What each article told first: figures with what they count, dates, and names as they are written."""
        query = select(story_fact).where(story_fact.c.story == story, story_fact.c.kind != "concept")
        found: dict[str, dict[str, str]] = {}
        for row in self._conn.execute(query.order_by(story_fact.c.sentence, story_fact.c.kind, story_fact.c.value)):
            words = row.surface if row.kind == "name" else row.value
            if row.kind != "number" or (" " in words and not words.endswith(" time")):
                found.setdefault(row.article, {}).setdefault(words.casefold(), words)
        return {article: list(words.values()) for article, words in found.items()}

    def continued_by(self, story: str, since: datetime) -> list[str]:
        """Stories with an article since then that may continue this one."""
        query = select(story_member.c.story, story_member.c.related).where(story_member.c.published >= since)
        rows = self._conn.execute(query.order_by(story_member.c.published, story_member.c.article))
        return list(dict.fromkeys(row.story for row in rows if story in row.related and row.story != story))

    def nearest(self, story: str) -> list[tuple[str, str, str]]:
        """(article, the one it is nearest to, the one it copies) of a story's articles, in order of publication."""
        query = select(story_member.c.article, story_member.c.nearest, story_member.c.copy_of)
        query = query.where(story_member.c.story == story)
        rows = self._conn.execute(query.order_by(story_member.c.published, story_member.c.article))
        return [(row.article, row.nearest, row.copy_of) for row in rows]

    def of(self, articles: Collection[str]) -> tuple[Membership, ...]:
        """Where these articles stand, by id; those that were never placed are left out."""
        return tuple(
            Membership(row.article, row.story, row.role, row.copy_of, row.why) for row in self._rows(sorted(articles))
        )

    def add_facts(self, story: str, article: str, facts: Sequence[Fact]) -> None:
        """Facts that an article of a story tells since it changed; those that the story knows are passed over."""
        insert_or_ignore(
            self._conn,
            story_fact,
            [
                {"story": story, "kind": f.kind, "value": f.value, "surface": f.surface, "sentence": f.sentence}
                | {"article": article}
                for f in facts
            ],
        )

    def put(self, memberships: Sequence[Membership]) -> None:
        """Put placed articles where these say, with the keys under which stories are found and the facts of stories.

        Articles that are not placed are passed over.
        """
        before = {row.article: row for row in self._rows([item.article for item in memberships])}
        touched: set[str] = set()
        for item in memberships:
            row = before.get(item.article)
            if row is None:
                continue
            touched |= {row.story, item.story}
            values = {"story": item.story, "role": item.role, "copy_of": item.copy_of, "why": item.why}
            self._conn.execute(update(story_member).where(story_member.c.article == item.article).values(values))
            if row.features is not None:
                self._put_keys(row.features, item)
        for story in sorted(touched):
            self._tell_facts_anew(story)

    def _put_keys(self, features: Features, item: Membership) -> None:
        keys = [key for key, _ in features.story_keys]
        for some in chunks(keys):
            own = (story_key.c.key.in_(some), story_key.c.at == features.time, story_key.c.article == item.article)
            self._conn.execute(delete(story_key).where(*own))
        if item.role is not Role.COPY:
            base = {"at": features.time, "article": item.article, "story": item.story}
            insert_or_ignore(self._conn, story_key, [{"key": key, **base} for key in keys])

    def _tell_facts_anew(self, story: str) -> None:
        """The facts of a story by who told them first; of an article whose features are pruned, those that stand."""
        rows = self._conn.execute(
            select(story_member.c.article, story_member.c.features)
            .where(story_member.c.story == story, story_member.c.role.not_in((Role.COPY, Role.BACKGROUND)))
            .order_by(story_member.c.published, story_member.c.article)
        ).all()
        articles = [row.article for row in rows if row.features is None]
        kept = [fact for some in chunks(articles) for fact in self._facts_of(some)]
        self._conn.execute(delete(story_fact).where(story_fact.c.story == story))
        told = [
            {"kind": f.kind, "value": f.value, "surface": f.surface, "sentence": f.sentence, "article": row.article}
            for row in rows
            if row.features is not None
            for f in row.features.facts
        ]
        insert_or_ignore(self._conn, story_fact, [{**fact, "story": story} for fact in (*kept, *told)])

    def _facts_of(self, articles: Sequence[str]) -> list[dict[str, Any]]:
        rows = self._conn.execute(select(story_fact).where(story_fact.c.article.in_(articles)))
        return [dict(row._mapping) for row in rows]

    def _rows(self, articles: Sequence[str]) -> list[Row[Any]]:
        rows: list[Row[Any]] = []
        for some in chunks(articles):
            rows += self._conn.execute(select(story_member).where(story_member.c.article.in_(some))).all()
        return sorted(rows, key=lambda row: row.article)
