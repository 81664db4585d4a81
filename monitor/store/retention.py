"""Forgets what is past its retention, in small batches, so that nobody who wants to write waits long."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, exists, select, tuple_, update

from monitor.model import Retention
from monitor.store.alerts import alert
from monitor.store.articles import article, outlet_line
from monitor.store.decisions import decision
from monitor.store.egress import Egress
from monitor.store.entries import entry
from monitor.store.matches import match
from monitor.store.outbox import delivery
from monitor.store.revisions import reread, revision
from monitor.store.stories import copy_key, story_fact, story_key, story_member

BATCH = 500  # rows a transaction
ARTICLES = 50  # likewise, of those that have keys to be deleted: about 80 each

Step = Callable[[Connection, datetime, Retention], int]


def prune(write: Callable[[], AbstractContextManager[Connection]], now: datetime, keep: Retention) -> int:
    """Forget what is too old; how many rows were emptied or deleted. What is pending stays."""
    total = 0
    for step in _STEPS:
        done = BATCH
        while done >= BATCH:
            with write() as conn:
                done = step(conn, now, keep)
            total += done
    return total


def _before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def _entry_texts(conn: Connection, now: datetime, keep: Retention) -> int:
    """The row stays, so that we know what we have seen."""
    old = ~entry.c.waiting & entry.c.value.is_not(None) & (entry.c.last_seen < _before(now, keep.texts))
    return _empty(conn, entry, old, value=None)


def _article_texts(conn: Connection, now: datetime, keep: Retention) -> int:
    old = article.c.sentences.is_not(None) & (article.c.first_seen < _before(now, keep.texts))
    return _empty(conn, article, old, sentences=None)


def _revisions(conn: Connection, now: datetime, keep: Retention) -> int:
    return _delete(conn, revision, revision.c.at < _before(now, keep.texts))


def _rereads(conn: Connection, now: datetime, keep: Retention) -> int:
    return _delete(conn, reread, reread.c.began < _before(now, keep.features))


def _features(conn: Connection, now: datetime, keep: Retention) -> int:
    """What articles are compared by: no new one looks further back.

    An article's keys are in its features, so each is deleted where it stands; to look for old ones in tables that are
    in the order of the keys would be to read them whole.
    """
    member = story_member.c
    old = member.features.is_not(None) & (member.published < _before(now, keep.features))
    query = select(member.article, member.features).where(old).order_by(member.published, member.article)
    rows = conn.execute(query.limit(ARTICLES)).all()
    forgotten = len(rows)
    for table in (copy_key, story_key):
        key, at, article = (table.c[name] == bindparam(f"its_{name}") for name in ("key", "at", "article"))
        places = [
            {"its_key": one, "its_at": row.features.time, "its_article": row.article}
            for row in rows
            for one in (row.features.copy_keys if table is copy_key else [k for k, _ in row.features.story_keys])
        ]
        if places:
            conn.execute(delete(table).where(key, at, article), places)
            forgotten += len(places)
    conn.execute(update(story_member).where(member.article.in_([row.article for row in rows])).values(features=None))
    return max(forgotten, BATCH) if len(rows) == ARTICLES else forgotten


def _lines(conn: Connection, now: datetime, keep: Retention) -> int:
    return _delete(conn, outlet_line, outlet_line.c.seen < _before(now, keep.lines))


def _decisions(conn: Connection, now: datetime, keep: Retention) -> int:
    """Decisions, and the matches of articles that have no decision left."""
    query = select(decision.c.id, decision.c.article).where(decision.c.at < _before(now, keep.decisions)).limit(BATCH)
    rows = conn.execute(query).all()
    conn.execute(delete(decision).where(decision.c.id.in_([row.id for row in rows])))
    decided = exists().where(decision.c.article == match.c.article)
    conn.execute(delete(match).where(match.c.article.in_([row.article for row in rows]), ~decided))
    return len(rows)


def _alerts(conn: Connection, now: datetime, keep: Retention) -> int:
    """Alerts with their deliveries and attempts, unless one of them is still to be delivered."""
    pending = exists().where(delivery.c.alert == alert.c.id, delivery.c.ended.is_(None))
    return _delete(conn, alert, (alert.c.made < _before(now, keep.alerts)) & ~pending)


def _identities(conn: Connection, now: datetime, keep: Retention) -> int:
    """Entries that no feed shows any more, and their articles when no other entry led to them."""
    gone = ~entry.c.waiting & (entry.c.last_seen < _before(now, keep.identities))
    rows = conn.execute(select(entry.c.id, entry.c.article).where(gone).limit(BATCH)).all()
    conn.execute(delete(entry).where(entry.c.id.in_([row.id for row in rows])))
    articles = list({row.article for row in rows if row.article})
    shown = exists().where(entry.c.article == article.c.id)
    conn.execute(delete(article).where(article.c.id.in_(articles), ~shown))
    forgotten = story_member.c.article.in_(articles), ~exists().where(article.c.id == story_member.c.article)
    stories = conn.execute(select(story_member.c.story).where(*forgotten).distinct()).scalars().all()
    conn.execute(delete(story_member).where(*forgotten))
    empty = ~exists().where(story_member.c.story == story_fact.c.story)
    conn.execute(delete(story_fact).where(story_fact.c.story.in_(stories), empty))
    return len(rows)


def _egress(conn: Connection, now: datetime, _keep: Retention) -> int:
    return Egress(conn).forget(now)


_STEPS: tuple[Step, ...] = (
    *(_entry_texts, _article_texts, _revisions, _rereads, _features, _lines),
    *(_decisions, _alerts, _identities, _egress),
)


def _key(table: Table) -> Any:
    columns = list(table.primary_key)
    return columns[0] if len(columns) == 1 else tuple_(*columns)


def _some(table: Table, condition: ColumnElement[bool]) -> Any:
    return _key(table).in_(select(*table.primary_key).where(condition).limit(BATCH))


def _delete(conn: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    return conn.execute(delete(table).where(_some(table, condition))).rowcount


def _empty(conn: Connection, table: Table, condition: ColumnElement[bool], **columns: None) -> int:
    return conn.execute(update(table).where(_some(table, condition)).values(**columns)).rowcount
