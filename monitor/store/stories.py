"""Stories: which articles tell one event, the keys by which they find each other, and the facts told so far."""

from __future__ import annotations

import base64
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, func, select

from monitor.model import Article, Candidates, Fact, Features, Placement, Role, StoryMember, StoryReport
from monitor.store.candidates import candidates
from monitor.store.schema import insert_or_ignore
from monitor.store.story_keys import copy_key, story_key
from monitor.store.story_tables import story_fact, story_member

__all__ = ["Stories", "copy_key", "story_fact", "story_id", "story_key", "story_member"]

_MEMBER = [column for column in story_member.columns if column.name != "features"]


def story_id(founder: str) -> str:
    """The id of the story that this article founds: 10 characters of base32, lower case; always the same."""
    digest = blake2b(founder.encode("utf-8", "replace"), digest_size=10).digest()
    return base64.b32encode(digest).decode().lower()[:10]


class Stories:
    """Reads and writes stories."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def candidates(self, features: Features, now: datetime) -> Candidates:
        """Texts that may be the same and the best stories that may be this article's; see store/candidates.py."""
        return candidates(self._conn, features, now)

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
