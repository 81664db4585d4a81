"""Feeds: what we remember of each between polls, and which are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Float, Index, Integer, Row, Select, Table, or_, select, update

from monitor.model import Feed, FeedHealth, FeedRecord, FeedState
from monitor.store.schema import EPOCH, CleanText, EnumValue, UtcTime, Value, metadata, upsert

feed = Table(
    "feed",
    metadata,
    Column("url", CleanText, primary_key=True),
    Column("outlet", CleanText, nullable=False),
    Column("watched", Boolean, nullable=False),  # it was in the last sync
    Column("health", EnumValue(FeedHealth), nullable=False),
    Column("etag", CleanText, nullable=False),
    Column("last_modified", CleanText, nullable=False),
    Column("body_hash", CleanText, nullable=False),
    Column("interval", Float, nullable=False),  # seconds
    Column("next_poll", UtcTime, nullable=False),  # the epoch: at once
    Column("last_poll", UtcTime),
    Column("last_success", UtcTime),
    Column("last_new", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("error_class", CleanText, nullable=False),
    Column("error", CleanText, nullable=False),
    Column("moved_to", CleanText, nullable=False),
    Column("moved_count", Integer, nullable=False),
    Index("ix_feed_due", "watched", "next_poll", "url"),
)

feed_record = Table(
    "feed_record",
    metadata,
    Column("url", CleanText, primary_key=True),
    Column("value", Value(FeedRecord), nullable=False),
)

_STATE = [column for column in feed.columns if column.name not in ("outlet", "watched")]


class Feeds:
    """Reads and writes the state of feeds."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def sync(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Watch exactly these feeds. What is known of them stays; new ones are due at once.

        A feed that is no longer listed is kept unwatched, so that it is not mistaken for a new one when it returns.
        """
        self._conn.execute(update(feed).where(feed.c.watched).values(watched=False))
        rows = [
            {**asdict(FeedState(url=url, next_poll=now)), "outlet": item.outlet, "watched": True}
            for url, item in {item.url: item for item in feeds}.items()
        ]
        upsert(self._conn, feed, rows, change=("outlet", "watched"))

    def due(self, now: datetime, limit: int) -> list[FeedState]:
        """Watched feeds whose time has come, the longest overdue first; a feed whose last poll lies in the future was
        polled before the clock was set back, and is due."""
        return self._states(
            select(*_STATE)
            .where(feed.c.watched, or_(feed.c.next_poll <= now, feed.c.last_poll > now))
            .order_by(feed.c.next_poll, feed.c.url)
            .limit(limit)
        )

    def all(self) -> list[FeedState]:
        """Every watched feed, by URL."""
        return self._states(select(*_STATE).where(feed.c.watched).order_by(feed.c.url))

    def get(self, url: str) -> FeedState | None:
        """What we remember of one feed, watched or not."""
        return next(iter(self._states(select(*_STATE).where(feed.c.url == url))), None)

    def save(self, state: FeedState) -> None:
        """Remember the state of a feed. Belongs in the same transaction as the entries of its poll."""
        row = asdict(state) | {"next_poll": state.next_poll or EPOCH}
        upsert(self._conn, feed, [row | {"outlet": "", "watched": False}], change=tuple(row))

    def record(self, url: str) -> FeedRecord:
        """What a feed's past says of its health; an empty record for a new one."""
        found = self._conn.execute(select(feed_record.c.value).where(feed_record.c.url == url)).scalar()
        return found or FeedRecord()

    def records(self) -> dict[str, FeedRecord]:
        """The records of all watched feeds that have one, by URL."""
        query = select(feed_record.c.url, feed_record.c.value).join(feed, feed.c.url == feed_record.c.url)
        return {row.url: row.value for row in self._conn.execute(query.where(feed.c.watched))}

    def save_record(self, url: str, record: FeedRecord) -> None:
        """Remember the record of a feed. Read it in the same transaction: several threads change it."""
        upsert(self._conn, feed_record, [{"url": url, "value": record}])

    def _states(self, query: Select[Any]) -> list[FeedState]:
        return [_state(row) for row in self._conn.execute(query)]


def _state(row: Row[Any]) -> FeedState:
    state = FeedState(**row._mapping)
    return replace(state, next_poll=None) if state.next_poll == EPOCH else state
