"""Which stories and texts a new article is compared with: found by shared keys, a bounded number of each.

However much is stored, an article costs at most 80 look-ups of keys with 300 rows each, 16 stories and 10 texts.
tests/bench/story_scale.py measures it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select, union_all

from monitor.model import Candidates, CandidateStory, Features, Member, Role
from monitor.store.schema import chunks
from monitor.store.story_keys import copy_key, newest, story_key
from monitor.store.story_tables import story_fact, story_member

WINDOW = 7 * 86_400  # seconds on both sides of the article
COPY_WINDOW = 30 * 86_400
STORIES = 16  # the best candidates that are compared
COPIES = 10  # likewise of texts that may be the same
MEMBERS = 8  # of a story, that the article is compared with
FIRST, NEWEST = 2, 40  # articles of a story that are looked at; a story that has more is a large one
_CLOCKS_DIFFER = 3600  # seconds by which a plausible date may lie ahead
_DEVELOPMENTS = (Role.FOUNDER, Role.UPDATE, Role.CORRECTION)


def candidates(conn: Connection, features: Features, now: datetime) -> Candidates:
    """Texts that may be the same and the best stories that may be this article's, by shared keys.

    Stories are those with an article within 7 days of this one; nothing dated after `now` is looked at.
    """
    until = int(now.timestamp()) + _CLOCKS_DIFFER
    copies = _copies(conn, features, until)
    if any(member.features.content == features.content for _, member in copies):
        return Candidates(copies)  # the same text: no need to look for its story
    return Candidates(copies, _near_stories(conn, features, until))


def _copies(conn: Connection, features: Features, until: int) -> tuple[tuple[str, Member], ...]:
    hits: Counter[str] = Counter()
    for _, article in newest(conn, copy_key, features.copy_keys, features.time, COPY_WINDOW, until):
        hits[article] += 1
    hits.pop(features.article, None)
    best = sorted(hits, key=lambda article: (-hits[article], article))[:COPIES]
    members = [(row.story, _member(row)) for row in _rows(conn, best) if row.features is not None]
    return tuple(sorted(members, key=lambda item: (item[1].features.time, item[1].features.article)))


def _near_stories(conn: Connection, features: Features, until: int) -> tuple[CandidateStory, ...]:
    """Stories by the weight of the keys they share; a key that many stories have weighs less."""
    weights = dict(features.story_keys)
    found: dict[int, set[str]] = defaultdict(set)
    for key, story in newest(conn, story_key, tuple(weights), features.time, WINDOW, until):
        found[key].add(story)
    scores: dict[str, float] = defaultdict(float)
    for key, stories in found.items():
        for story in stories:
            scores[story] += weights[key] / math.log2(1 + len(stories))
    best = sorted(scores, key=lambda story: (-round(scores[story], 6), story))[:STORIES]
    return _load(conn, best, features) if best else ()


def _load(conn: Connection, stories: Sequence[str], features: Features) -> tuple[CandidateStory, ...]:
    listed = _listed(conn, stories)
    chosen = {story: _representatives(rows) for story, rows in listed.items()}
    wanted = [article for articles in chosen.values() for article in articles if article != features.article]
    members = {row.article: _member(row) for row in _rows(conn, wanted) if row.features is not None}
    facts = _facts(conn, stories)
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


def _listed(conn: Connection, stories: Sequence[str]) -> dict[str, list[Any]]:
    """The first and the newest articles of each story in order of publication, copies left out."""
    padded = (*stories, *("" for _ in range(STORIES - len(stories))))
    rows = conn.execute(_listing(), {f"story{number}": story for number, story in enumerate(padded)})
    listed: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        listed[row.story][row.article] = row
    return {story: sorted(found.values(), key=lambda r: (r.published, r.article)) for story, found in listed.items()}


@cache
def _listing() -> Any:
    table = story_member.c
    parts = []
    for number in range(STORIES):
        own = (table.story == bindparam(f"story{number}"), table.role != Role.COPY)
        one = select(table.story, table.article, table.role, table.published).where(*own)
        first = one.order_by(table.published, table.article).limit(FIRST).subquery()
        last = one.order_by(table.published.desc(), table.article.desc()).limit(NEWEST).subquery()
        parts += [select(first), select(last)]
    return union_all(*parts)


def _rows(conn: Connection, articles: Sequence[str]) -> list[Any]:
    table = story_member.c
    query = select(table.article, table.story, table.role, table.copy_of, table.features)
    return [row for some in chunks(articles) for row in conn.execute(query.where(table.article.in_(some)))]


def _facts(conn: Connection, stories: Sequence[str]) -> dict[str, list[str]]:
    """What the stories have told so far in figures and concepts; names are compared with the members' own."""
    facts: dict[str, list[str]] = defaultdict(list)
    query = select(story_fact.c.story, story_fact.c.value)
    query = query.where(story_fact.c.story.in_(stories), story_fact.c.kind != "name")
    for row in conn.execute(query.order_by(story_fact.c.value)):
        facts[row.story].append(row.value)
    return facts


def _representatives(rows: Sequence[Any]) -> list[str]:
    """Founder, second, and the newest of the rest: at most 8 articles."""
    articles = [row.article for row in rows]
    return articles if len(articles) <= MEMBERS else articles[:2] + articles[2 - MEMBERS :]


def _member(row: Any) -> Member:
    return Member(row.features, row.role, row.copy_of)
