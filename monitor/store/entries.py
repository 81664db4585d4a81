"""Entries: what feeds gave us, each once, and the queue of those still to be processed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    Table,
    Text,
    func,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from monitor.model import Entry
from monitor.store.schema import CleanText, UtcTime, Value, chunks, content_id, insert_or_ignore, metadata

entry = Table(
    "entry",
    metadata,
    Column("id", CleanText, primary_key=True),  # of feed and identity
    Column("feed", CleanText, nullable=False),
    Column("identity", CleanText, nullable=False),
    Column("value", Value(Entry)),  # NULL: forgotten, only the identity is kept
    Column("content", CleanText, nullable=False),  # the same for the same words: to see when the feed changes them
    Column("place", Integer, nullable=False),  # within its poll: feeds list the newest first, we take the oldest first
    Column("seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),  # in the feed
    Column("backlog", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),  # times it was claimed
    Column("next_try", UtcTime, nullable=False),
    Column("lease_until", UtcTime),
    Column("waiting", Boolean, nullable=False),  # still to be processed
    Column("article", CleanText, nullable=False),  # "" when it led to none
    Column("outcome", CleanText, nullable=False),
    Column("error", CleanText, nullable=False),
)
_has_text = entry.c.value.is_not(None)
Index(
    "ix_entry_waiting",
    *(entry.c.backlog, entry.c.seen, entry.c.place, entry.c.id),
    sqlite_where=text("waiting = 1"),  # as each database gets to see the condition `entry.c.waiting`
    postgresql_where=text("waiting"),
)
Index("ix_entry_text", entry.c.last_seen, sqlite_where=_has_text, postgresql_where=_has_text)  # for pruning, as are
Index(None, entry.c.last_seen)
Index(None, entry.c.article)

TOUCH_EVERY = timedelta(days=1)  # identities are kept for months: a day is exact enough, and spares a write per poll


_NOTHING: Mapping[str, int] = {}
SET_BACK = timedelta(minutes=5)  # nothing waits or is leased that long: the clock was set back since


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry to be processed. `attempts` counts the earlier claims: many of them mean that it does us harm. `error`
    is why it was given back the last time."""

    id: str
    feed: str
    entry: Entry
    seen: datetime
    backlog: bool
    attempts: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """What a feed said of an article, and what it says now."""

    article: str
    before: Entry
    now: Entry


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """What became of an entry, for people who ask."""

    feed: str
    seen: datetime
    waiting: bool
    attempts: int
    article: str
    outcome: str
    error: str


class Entries:
    """Reads and writes entries."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def known(self, feed_url: str, identities: Collection[str]) -> set[str]:
        """Those of the identities that this feed has shown before."""
        by_id = {content_id(feed_url, identity): identity for identity in identities}
        return {by_id[id] for id in self._existing(list(by_id))}

    def add(self, feed_url: str, entries: Sequence[Entry], now: datetime, *, backlog: bool) -> int:
        """Queue the entries that are new; how many were.

        Each is safe from the others: one that no database takes is kept as a finished row with its error.
        """
        rows = {
            row["id"]: row
            for row in (
                _row(feed_url, item, now, backlog, place=len(entries) - index) for index, item in enumerate(entries)
            )
        }
        known = self._existing(list(rows))
        new = [row for id, row in rows.items() if id not in known]
        try:
            with self._conn.begin_nested():
                insert_or_ignore(self._conn, entry, new)
        except _ROW_ERRORS as error:
            _refuse_if_not_the_row(error)
            for row in new:
                self._add_one(row)
        return len(new)

    def _add_one(self, row: dict[str, Any]) -> None:
        try:
            with self._conn.begin_nested():
                insert_or_ignore(self._conn, entry, [row])
        except _ROW_ERRORS as error:
            _refuse_if_not_the_row(error)
            aside = {"value": None, "waiting": False, "outcome": "unstorable", "error": type(error).__name__}
            insert_or_ignore(self._conn, entry, [row | aside])

    def take_changes(self, feed_url: str, entries: Sequence[Entry]) -> list[ChangedEntry]:
        """Those known entries of which the feed now says something else, once for each change.

        One that is still to be processed will be read as the feed has it now; it is not returned.
        """
        by_id = {content_id(feed_url, item.identity): item for item in entries}
        found = []
        for some in chunks(list(by_id)):
            query = select(entry.c.id, entry.c.content, entry.c.waiting, entry.c.article).where(entry.c.id.in_(some))
            for row in self._conn.execute(query).all():
                now = by_id[row.id]
                if row.content != _content(now):
                    found += self._change(row, now)
        return found

    def _change(self, row: Row[Any, Any, Any, Any], now: Entry) -> list[ChangedEntry]:
        before = self._conn.execute(select(entry.c.value).where(entry.c.id == row.id)).scalar()
        values = {"content": _content(now), "value": now}
        try:
            with self._conn.begin_nested():
                self._conn.execute(update(entry).where(entry.c.id == row.id).values(values))
        except _ROW_ERRORS as error:
            _refuse_if_not_the_row(error)
            return []
        return [ChangedEntry(row.article, before, now)] if row.article and before and not row.waiting else []

    def touch(self, feed_url: str, identities: Collection[str], now: datetime) -> None:
        """Note, to the day, that the feed still shows these: an identity is kept long after it was last shown."""
        stale = entry.c.last_seen <= now - TOUCH_EVERY
        for some in chunks([content_id(feed_url, identity) for identity in identities]):
            self._conn.execute(update(entry).where(entry.c.id.in_(some), stale).values(last_seen=now))

    def claim(
        self, now: datetime, limit: int, lease: timedelta, *, most: int = 0, busy: Mapping[str, int] = _NOTHING
    ) -> list[PendingEntry]:
        """Take up to `limit` waiting entries for the time of `lease`: fresh before backlog, the oldest first.

        With `most`, of one feed no more than that at once, those of it that are `busy` counted in: a site that is slow
        or hostile holds up no other.
        """
        rows: list[Row[Any]] = []
        counts = Counter(busy)
        while len(rows) < limit:
            full = [feed for feed, count in counts.items() if most and count >= most]
            query = claimable(now, limit - len(rows))
            if rows:
                query = query.where(entry.c.id.not_in([row.id for row in rows]))
            if full:
                query = query.where(entry.c.feed.not_in(full))
            found = self._conn.execute(query).all()
            for row in found:
                if not most or counts[row.feed] < most:
                    counts[row.feed] += 1
                    rows.append(row)
            if not most or not found:
                break
        for some in chunks([row.id for row in rows]):
            taken = {"lease_until": now + lease, "attempts": entry.c.attempts + 1}
            self._conn.execute(update(entry).where(entry.c.id.in_(some)).values(taken))
        return [_pending(row) for row in rows]

    def finish(self, id: str, article: str, outcome: str) -> None:
        """The entry is dealt with: it led to `article` ("" for none)."""
        done = {"waiting": False, "lease_until": None, "article": article, "outcome": outcome, "error": ""}
        self._conn.execute(update(entry).where(entry.c.id == id).values(done))

    def postpone(self, id: str, until: datetime, error: str) -> None:
        """Give the entry back; it can be claimed again from `until` on."""
        back = {"next_try": until, "lease_until": None, "error": error}
        self._conn.execute(update(entry).where(entry.c.id == id, entry.c.waiting).values(back))

    def release_all(self) -> None:
        """End all leases. At the start of the single instance: whoever held them is dead."""
        leased = entry.c.waiting & entry.c.lease_until.is_not(None)
        self._conn.execute(update(entry).where(leased).values(lease_until=None))

    def waiting(self) -> tuple[int, int]:
        """How many entries wait: (fresh, backlog)."""
        query = select(entry.c.backlog, func.count()).where(entry.c.waiting).group_by(entry.c.backlog)
        counts: dict[bool, int] = {bool(backlog): count for backlog, count in self._conn.execute(query)}
        return counts.get(False, 0), counts.get(True, 0)

    def find(self, url: str) -> FoundEntry | None:
        """The latest entry that links to an address. Reads all that still have their text: only for people."""
        linked = type_coerce(entry.c.value, Text).contains(f'"{url}"', autoescape=True)
        names = ("feed", "seen", "waiting", "attempts", "article", "outcome", "error")
        query = select(*(entry.c[name] for name in names)).where(linked | (entry.c.identity == url))
        row = self._conn.execute(query.order_by(entry.c.seen.desc()).limit(1)).one_or_none()
        return None if row is None else FoundEntry(**row._mapping)

    def _existing(self, ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for some in chunks(ids):
            found.update(self._conn.execute(select(entry.c.id).where(entry.c.id.in_(some))).scalars())
        return found


_ROW_ERRORS = (StatementError, ValueError, TypeError, OverflowError)


def _refuse_if_not_the_row(error: Exception) -> None:
    """A full disk or a lost server is no reason to put a row aside: raises the error again."""
    if isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError):
        raise error


def claimable(now: datetime, limit: int) -> Any:
    """The query behind `claim`: it walks the index of waiting entries in order and stops at the limit."""
    return (
        select(entry)
        .where(
            entry.c.waiting,
            or_(entry.c.next_try <= now, entry.c.next_try > now + SET_BACK),
            or_(
                entry.c.lease_until.is_(None),
                entry.c.lease_until <= now,
                entry.c.lease_until > now + SET_BACK,
            ),
        )
        .order_by(entry.c.backlog, entry.c.seen, entry.c.place, entry.c.id)
        .limit(limit)
    )


def _content(item: Entry) -> str:
    return content_id(*(str(part) for part in (item.title, item.summary, item.text)))[:16]


def _row(feed_url: str, item: Entry, now: datetime, backlog: bool, *, place: int) -> dict[str, Any]:
    return {
        "id": content_id(feed_url, item.identity),
        "feed": feed_url,
        "identity": item.identity,
        "value": item,
        "content": _content(item),
        "place": place,
        "seen": now,
        "last_seen": now,
        "backlog": backlog,
        "attempts": 0,
        "next_try": now,
        "lease_until": None,
        "waiting": True,
        "article": "",
        "outcome": "",
        "error": "",
    }


def _pending(row: Row[Any]) -> PendingEntry:
    return PendingEntry(row.id, row.feed, row.value, row.seen, row.backlog, row.attempts, row.error)
