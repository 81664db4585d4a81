"""Stories: which articles tell one event, the keys by which they find each other, and the facts told so far."""

from __future__ import annotations

import base64
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Float,
    Index,
    Integer,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.types import TypeDecorator

from monitor.model import (
    Article,
    Candidates,
    CandidateStory,
    Fact,
    Features,
    Member,
    Placement,
    Role,
    StoryMember,
    StoryReport,
)
from monitor.store.schema import CleanText, EnumValue, UtcTime, Value, chunks, dump, insert_or_ignore, metadata
from monitor.store.story_keys import copy_key, newest, story_key

__all__ = ["Stories", "copy_key", "story_fact", "story_id", "story_key", "story_member"]

WINDOW = 7 * 86_400  # seconds on both sides of the article
COPY_WINDOW = 30 * 86_400
STORIES = 16  # the best candidates that are compared
COPIES = 10  # likewise of texts that may be the same
MEMBERS = 8
_CLOCKS_DIFFER = 3600  # seconds by which a plausible date may lie ahead


class FeaturesText(TypeDecorator[Features]):
    """Features as JSON text. The same few hundred are read again for every article of a busy day, so they are kept."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Features | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as SQLAlchemy calls it
        return None if value is None else dump(Features, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Features | None:  # noqa: ARG002
        return None if value is None else _read_features(value)


@lru_cache(maxsize=4096)
def _read_features(text: str) -> Features:
    return _FEATURES.validate_json(text)


_FEATURES = TypeAdapter(Features)

story_member = Table(
    "story_member",
    metadata,
    Column("article", CleanText, primary_key=True),
    Column("story", CleanText, nullable=False),
    Column("role", EnumValue(Role), nullable=False),
    Column("copy_of", CleanText, nullable=False),
    Column("nearest", CleanText, nullable=False),
    Column("score", Float, nullable=False),
    Column("why", CleanText, nullable=False),
    Column("cites", CleanText, nullable=False),
    Column("related", Value(tuple[str, ...]), nullable=False),
    Column("outlet", CleanText, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("published", UtcTime, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("features", FeaturesText),  # dropped after the window
    Index("ix_story_member_story", "story", "published", "article"),
    Index("ix_story_member_published", "published"),
)

story_fact = Table(
    "story_fact",
    metadata,
    Column("story", CleanText, primary_key=True),
    Column("kind", CleanText, primary_key=True),
    Column("value", CleanText, primary_key=True),
    Column("surface", CleanText, nullable=False),
    Column("sentence", Integer, nullable=False),
    Column("article", CleanText, nullable=False),
    sqlite_with_rowid=False,
)

_MEMBER = [column for column in story_member.columns if column.name != "features"]
_DEVELOPMENTS = (Role.FOUNDER, Role.UPDATE, Role.CORRECTION)


def story_id(founder: str) -> str:
    """The id of the story that this article founds: 10 characters of base32, lower case; always the same."""
    digest = blake2b(founder.encode("utf-8", "replace"), digest_size=10).digest()
    return base64.b32encode(digest).decode().lower()[:10]


class Stories:
    """Reads and writes stories."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def candidates(self, features: Features, now: datetime) -> Candidates:
        """Texts that may be the same and the best stories that may be this article's, by shared keys.

        Stories are those with an article within 7 days of this one; nothing dated after `now` is looked at.
        """
        until = int(now.timestamp()) + _CLOCKS_DIFFER
        copies = self._copies(features, until)
        if any(member.features.content == features.content for _, member in copies):
            return Candidates(copies)  # the same text: no need to look for its story
        return Candidates(copies, self._near_stories(features, until))

    def _copies(self, features: Features, until: int) -> tuple[tuple[str, Member], ...]:
        hits: Counter[str] = Counter()
        for _, article in newest(self._conn, copy_key, features.copy_keys, features.time, COPY_WINDOW, until):
            hits[article] += 1
        hits.pop(features.article, None)
        best = sorted(hits, key=lambda article: (-hits[article], article))[:COPIES]
        members = [(row.story, _member(row)) for row in self._rows(best) if row.features is not None]
        return tuple(sorted(members, key=lambda item: (item[1].features.time, item[1].features.article)))

    def _near_stories(self, features: Features, until: int) -> tuple[CandidateStory, ...]:
        """Stories by the weight of the keys they share; a key that many stories have weighs less."""
        weights = dict(features.story_keys)
        found: dict[int, set[str]] = defaultdict(set)
        for key, story in newest(self._conn, story_key, tuple(weights), features.time, WINDOW, until):
            found[key].add(story)
        scores: dict[str, float] = defaultdict(float)
        for key, stories in found.items():
            for story in stories:
                scores[story] += weights[key] / math.log2(1 + len(stories))
        best = sorted(scores, key=lambda story: (-round(scores[story], 6), story))[:STORIES]
        return self._load(best, features)

    def _rows(self, articles: Sequence[str]) -> list[Any]:
        rows: list[Any] = []
        for piece in chunks(articles):
            rows += self._conn.execute(select(story_member).where(story_member.c.article.in_(piece))).all()
        return rows

    def _load(self, stories: Sequence[str], features: Features) -> tuple[CandidateStory, ...]:
        if not stories:
            return ()
        listed: dict[str, list[Any]] = defaultdict(list)
        for row in self._conn.execute(
            select(story_member.c.story, story_member.c.article, story_member.c.role, story_member.c.published)
            .where(story_member.c.story.in_(stories), story_member.c.role != Role.COPY)
            .order_by(story_member.c.published, story_member.c.article)
        ):
            listed[row.story].append(row)
        chosen = {story: _representatives(rows) for story, rows in listed.items()}
        wanted = [article for articles in chosen.values() for article in articles if article != features.article]
        members = {row.article: _member(row) for row in self._rows(wanted) if row.features is not None}
        facts = self._facts(stories)
        return tuple(
            CandidateStory(
                story=story,
                members=found,
                size=len(listed[story]),
                facts=tuple(facts[story]),
                last_development=max(
                    (int(row.published.timestamp()) for row in listed[story] if row.role in _DEVELOPMENTS), default=0
                ),
            )
            for story in stories
            if (found := tuple(members[article] for article in chosen.get(story, ()) if article in members))
        )

    def _facts(self, stories: Sequence[str]) -> dict[str, list[str]]:
        facts: dict[str, list[str]] = defaultdict(list)
        """What the stories have told so far in figures and concepts; names are compared with the members' own."""
        query = select(story_fact.c.story, story_fact.c.value)
        query = query.where(story_fact.c.story.in_(stories), story_fact.c.kind != "name")
        for row in self._conn.execute(query.order_by(story_fact.c.value)):
            facts[row.story].append(row.value)
        return facts

    def save(self, article: Article, features: Features, placement: Placement) -> str:
        """Keep where an article belongs, its keys and its facts; the story's id. Saving again changes nothing."""
        known = self.story_of(article.id)
        if known:
            return known
        story = placement.story or story_id(article.id)
        insert_or_ignore(
            self._conn,
            story_member,
            [
                {
                    "article": article.id,
                    "story": story,
                    "role": placement.role,
                    "copy_of": placement.copy_of,
                    "nearest": placement.nearest,
                    "score": placement.score,
                    "why": placement.why,
                    "cites": placement.cites,
                    "related": placement.related,
                    "outlet": article.outlet,
                    "language": article.language,
                    "published": article.published,
                    "url": article.url,
                    "title": article.title,
                    "features": features,
                }
            ],
        )
        base = {"at": features.time, "article": article.id}
        insert_or_ignore(self._conn, copy_key, [{"key": key, **base} for key in features.copy_keys])
        if placement.role is not Role.COPY:
            keys = [{"key": key, "story": story, **base} for key, _ in features.story_keys]
            insert_or_ignore(self._conn, story_key, keys)
            insert_or_ignore(
                self._conn, story_fact, [_fact_row(story, article.id, fact) for fact in placement.new_facts]
            )
        return story

    def story_of(self, article_id: str) -> str | None:
        """The story an article is in, None when it was never placed."""
        return self._conn.execute(
            select(story_member.c.story).where(story_member.c.article == article_id)
        ).scalar_one_or_none()

    def report(self, story: str) -> StoryReport:
        """Everything known of a story. Raises LookupError when there is none with that id."""
        rows = self._conn.execute(
            select(*_MEMBER)
            .where(story_member.c.story == story)
            .order_by(story_member.c.published, story_member.c.article)
        ).all()
        if not rows:
            raise LookupError(f"there is no story {story!r}")
        facts = self._conn.execute(
            select(story_fact).where(story_fact.c.story == story).order_by(story_fact.c.kind, story_fact.c.value)
        ).all()
        return StoryReport(
            story=story,
            members=tuple(_report_member(row) for row in rows),
            first=rows[0].published,
            last=rows[-1].published,
            facts=tuple(Fact(row.kind, row.value, row.surface, row.sentence) for row in facts),
            related=tuple(dict.fromkeys(other for row in rows for other in row.related)),
        )

    def counts(self) -> tuple[int, int]:
        """How many stories and how many articles in them there are."""
        row = self._conn.execute(
            select(func.count(func.distinct(story_member.c.story)), func.count(story_member.c.article))
        ).one()
        return int(row[0]), int(row[1])


def _representatives(rows: Sequence[Any]) -> list[str]:
    """Founder, second, and the newest of the rest: at most 8 articles."""
    articles = [row.article for row in rows]
    return articles if len(articles) <= MEMBERS else articles[:2] + articles[2 - MEMBERS :]


def _member(row: Any) -> Member:
    return Member(row.features, row.role, row.copy_of)


def _fact_row(story: str, article: str, fact: Fact) -> dict[str, Any]:
    return {
        "story": story,
        "kind": fact.kind,
        "value": fact.value,
        "surface": fact.surface,
        "sentence": fact.sentence,
        "article": article,
    }


def _report_member(row: Any) -> StoryMember:
    return StoryMember(
        article=row.article,
        outlet=row.outlet,
        role=row.role,
        language=row.language,
        published=row.published,
        url=row.url,
        title=row.title,
        cites=row.cites,
        copy_of=row.copy_of,
        why=row.why,
    )
