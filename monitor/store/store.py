"""The store: one writer, many readers, one transaction object with one attribute a noun."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from monitor.model import Retention
from monitor.store.alerts import Alerts
from monitor.store.articles import Articles
from monitor.store.crowds import Crowds
from monitor.store.decisions import Decisions
from monitor.store.egress import Egress
from monitor.store.engine import (
    DamagedDatabase,
    Engines,
    StoreError,
    damage,
    old_sqlite,
    open_engines,
    translated,
)
from monitor.store.entries import Entries
from monitor.store.feeds import Feeds
from monitor.store.figures import Figures
from monitor.store.files import Files, Room
from monitor.store.locks import Held, take_lock
from monitor.store.matches import Matches
from monitor.store.memberships import Memberships
from monitor.store.migrate import bring_up_to_date
from monitor.store.notes import Notes
from monitor.store.outbox import Outbox
from monitor.store.overrides import Overrides
from monitor.store.retention import prune
from monitor.store.revisions import Revisions
from monitor.store.silences import Silences
from monitor.store.stories import Stories

SQLITE_NOTE = "sqlite"
CHECKED_NOTE = "checked"  # when the whole file was last read through


class Transaction:
    """Reads and writes of one transaction. Not to be kept, nor shared between threads."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.feeds = Feeds(conn)
        self.entries = Entries(conn)
        self.articles = Articles(conn)
        self.revisions = Revisions(conn)
        self.matches = Matches(conn)
        self.stories = Stories(conn)
        self.memberships = Memberships(conn)
        self.overrides = Overrides(conn)
        self.decisions = Decisions(conn)
        self.alerts = Alerts(conn)
        self.outbox = Outbox(conn)
        self.crowds = Crowds(conn)
        self.silences = Silences(conn)
        self.notes = Notes(conn)
        self.figures = Figures(conn)
        self.egress = Egress(conn)

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Whatever is written inside is undone at the end: for trying out what would happen."""
        savepoint = self.conn.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()


class Store:
    """A database, opened and at the current schema. Threads may share it; close it when done."""

    def __init__(self, engines: Engines, *, read_only: bool) -> None:
        self.damaged = ""  # what was found wrong with the file, in words: nothing more should be written
        self._engines = engines
        self._files = Files(engines)
        self._room = Room(engines.file)
        self._read_only = read_only
        self._writing = threading.Lock()
        self._writer_thread: int | None = None
        self._writing_since: float | None = None

    @classmethod
    def open(cls, url: str, *, durable: bool = True, read_only: bool = False) -> Store:
        """Open a database, making or migrating it where needed.

        `url`: a path, `sqlite:///path`, `sqlite://` (in memory), or `postgresql+psycopg://...`.
        `durable=False`: do not wait for the disk (replays, tests). `read_only`: for commands beside a daemon; neither
        makes nor migrates anything. Raises StoreError.
        """
        engines = open_engines(url, durable=durable, create=not read_only)
        store = cls(engines, read_only=read_only)
        try:
            bring_up_to_date(store._read_connection, store._write_connection, engines, read_only=read_only)
            if not read_only:
                store._note_old_sqlite()
        except BaseException:
            engines.close()
            raise
        return store

    def _note_old_sqlite(self) -> None:
        """Once, for `monitor status`; not a warning at each start, which nobody would read."""
        warning = old_sqlite() if self._engines.file else ""
        with self.read() as tx:
            noted = tx.notes.get(SQLITE_NOTE) or ""
        if warning != noted:
            with self.write() as tx:
                tx.notes.set(SQLITE_NOTE, warning, datetime.now(UTC))

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that writes: committed at the end, rolled back on an exception. One at a time."""
        with self._write_connection() as conn:
            yield Transaction(conn)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the database and cannot write. Keep it short."""
        with self._read_connection() as conn:
            yield Transaction(conn)

    @contextmanager
    def _read_connection(self) -> Iterator[Connection]:
        if self._engines.in_memory:
            with self._write_connection() as conn:
                yield conn
            return
        with self._noting_damage(), translated(self._engines), self._engines.reader.begin() as conn:
            yield conn

    @contextmanager
    def _write_connection(self) -> Iterator[Connection]:
        if self._read_only:
            raise StoreError("the database was opened only to read", temporary=False)
        if self._writer_thread == threading.get_ident():
            raise RuntimeError("a transaction inside a transaction of the same thread would wait for itself for ever")
        with self._writing:
            self._writer_thread = threading.get_ident()
            try:
                with self._noting_damage(), translated(self._engines), self._engines.writer.begin() as conn:
                    self._writing_since = time.monotonic()
                    yield conn
            finally:
                self._writer_thread = self._writing_since = None

    @property
    def writing_for(self) -> float:
        """Seconds that a write transaction of this process is open; 0.0 when there is none, or it waits to begin."""
        since = self._writing_since
        return time.monotonic() - since if since is not None else 0.0

    @contextmanager
    def _noting_damage(self) -> Iterator[None]:
        try:
            yield
        except DamagedDatabase as error:
            self.damaged = str(error)
            raise

    def shortage(self) -> str:
        """Why nothing more should be taken in, in words: the disk is nearly full. "" while there is room."""
        return self._room.shortage()

    def mend(self) -> str:
        """Put back what somebody removed while it was in use; what, in words, "" for nothing."""
        with self._writing:
            return self._files.mend()

    def prune(self, now: datetime, keep: Retention | None = None) -> int:
        """Forget what is past its retention, in many short transactions; how many rows. What is pending stays."""
        return prune(self._write_connection, now, keep or Retention())

    def check(self) -> tuple[str, ...]:
        """What is wrong with the file of a SQLite database, () for nothing; about a second a gigabyte."""
        with self._read_connection() as conn:
            found = damage(conn)
        self.damaged = self.damaged or "; ".join(found[:3])
        return found

    def check_daily(self, now: datetime) -> None:
        """`check`, unless it was done within a day; what is wrong is in `damaged`."""
        with self.read() as tx:
            last = tx.notes.at(CHECKED_NOTE)
        if (last is None or abs(now - last) >= timedelta(days=1)) and not self.check():
            with self.write() as tx:
                tx.notes.set(CHECKED_NOTE, "ok", now)

    def lock(self, name: str = "daemon") -> Held:
        """Take the single-instance lock of this database; release it with `release()` or as a context manager.

        Raises StoreError at once, naming the holder's process id, when another process has it.
        """
        return take_lock(self._engines, name)

    def close(self) -> None:
        """Close all connections."""
        self._engines.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
