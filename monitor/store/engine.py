"""Opens the database: engines, pragmas, and the errors of the driver in our own words."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool, StaticPool

from monitor.errors import MonitorError

BUSY_TIMEOUT = 10_000  # milliseconds to wait for another process (a command of a person) that writes
READERS = 8
WRITER_LOCK = 0x6D6F6E69  # "moni", of PostgreSQL's advisory locks of a database
RESTORE_HINT = (
    "It was left as it is. Put a backup back (monitor restore FILE), or move it away and start with a fresh one."
)

CHECKED_AT_START = 256 << 20  # bytes; 0.3 s; a bigger file is left to `Store.check`
FIXED_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))  # releases and their later patches without the WAL-reset fault

_DAMAGED = ("malformed", "not a database", "disk image", "file is encrypted")
_ADVICE = (  # by what SQLite says
    ("readonly", "see who owns it and its folder, their modes, and whether the disk is mounted read-only"),
    ("is full", "there is no room on its disk: make some"),
    ("is locked", "another program keeps it: find out with fuser or lsof"),
    (
        "unable to open",
        "see who owns it and its folder, whether the disk is mounted read-only, and the limit of open files",
    ),
    ("disk I/O", "its disk fails, or something removed the files beside it"),
)


class StoreError(MonitorError):
    """The database cannot be used, or not now (`temporary`)."""


class DamagedDatabase(StoreError):
    """The file is not whole any more: nothing should be written to it."""


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine to write and one to read; in memory they share their only connection."""

    writer: Engine
    reader: Engine
    file: Path | None  # of a SQLite database on disk

    @property
    def in_memory(self) -> bool:
        return self.writer is self.reader

    def close(self) -> None:
        """The reader first: the last to close moves the log into the file, which is the writer's business."""
        self.reader.dispose()
        self.writer.dispose()


def open_engines(url: str, *, durable: bool, create: bool) -> Engines:
    """Engines for a path, a `sqlite://` or a `postgresql+psycopg://` URL. Raises StoreError; connects to nothing yet.

    `durable=False` does not wait for the disk: for replays and tests. `create=False`: the file must be there.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed, durable=durable)
    if parsed.database in (None, "", ":memory:"):
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        _on_connect(engine, "BEGIN IMMEDIATE", "PRAGMA foreign_keys=ON")
        return Engines(engine, engine, None)
    file = Path(str(parsed.database)).expanduser().absolute()
    _prepare_file(file, create=create)
    return _sqlite(file, durable=durable)


def _parse(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=url)
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("the database address cannot be read", temporary=False) from error
    name = parsed.get_backend_name()
    if name == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if name != "sqlite":
        raise StoreError(f"a database of kind {name!r} is not supported, only sqlite and postgresql", temporary=False)
    return parsed


def _prepare_file(file: Path, *, create: bool) -> None:
    """Make the folder (0700) and an empty file (0600); the files SQLite puts beside it inherit its mode."""
    if file.is_file():
        return
    if file.exists():
        raise StoreError(f"{file} is not a file", temporary=False)
    if not create:
        raise StoreError(f"there is no database at {file} yet; it begins with: monitor run", temporary=False)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(f"cannot make the database {file}: {error.strerror}", temporary=False) from error


def _sqlite(file: Path, *, durable: bool) -> Engines:
    url = URL.create("sqlite", database=str(file))
    writer = create_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0)
    reader = create_engine(url, poolclass=QueuePool, pool_size=READERS, max_overflow=0)
    common = ("PRAGMA foreign_keys=ON", f"PRAGMA busy_timeout={BUSY_TIMEOUT}", "PRAGMA temp_store=MEMORY")
    synchronous = "FULL" if durable else "OFF"
    _on_connect(
        writer,
        "BEGIN IMMEDIATE",  # a deferred one fails at once where it should wait: 372 of 400 updates lost in the lab
        *common,
        "PRAGMA journal_mode=WAL",
        f"PRAGMA synchronous={synchronous}",
        "PRAGMA journal_size_limit=67108864",
    )
    _on_connect(reader, "BEGIN", *common, "PRAGMA query_only=ON")
    return Engines(writer, reader, file)


def _on_connect(engine: Engine, begin: str, *statements: str) -> None:
    """Take transactions out of the driver's hands: it begins them late and never before a SELECT."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for statement in statements:
            connection.execute(statement)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _postgresql(url: URL, *, durable: bool) -> Engines:
    """Writers wait for each other on an advisory lock: one at a time, as on SQLite, whatever process they are in."""
    try:
        import psycopg  # noqa: F401 - an optional dependency; here we learn whether it is there
    except ImportError as error:
        raise StoreError("for PostgreSQL, install newsmonitor[postgresql]", temporary=False) from error
    name = f"monitor-{os.getpid()}@{socket.gethostname()}"
    connect = {"application_name": name, "connect_timeout": 10, "client_encoding": "utf8"}
    writer = create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True, connect_args=connect)
    reader = create_engine(
        url,
        pool_size=READERS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args=connect,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )

    @event.listens_for(writer, "begin")
    def _begin(connection: Connection) -> None:
        if not durable:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")

    return Engines(writer, reader, None)


def damage(conn: Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with its file; about a second a gigabyte. PostgreSQL looks after itself."""
    if conn.dialect.name != "sqlite":
        return ()
    found = "\n".join(conn.exec_driver_sql("PRAGMA quick_check(20)").scalars()).splitlines()
    return tuple(line for line in found if line != "ok" and not line.startswith("***"))


def refuse_damaged(conn: Connection, engines: Engines) -> None:
    """Raises StoreError when a file of moderate size is damaged."""
    if engines.file is None or engines.file.stat().st_size > CHECKED_AT_START:
        return
    if found := damage(conn):
        raise _damaged(engines.file, found[0])


def old_sqlite() -> str:
    """A sentence about the version of SQLite in use when it has the WAL-reset fault, else ""."""
    version = sqlite3.sqlite_version_info
    if version >= FIXED_SQLITE[0] or any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_SQLITE):
        return ""
    return (
        f"SQLite {sqlite3.sqlite_version} has a rare fault when two connections write or checkpoint at once (fixed in"
        " 3.51.3); this program writes through a single connection, so keep other programs from writing to the file"
    )


@contextmanager
def translated(engines: Engines) -> Iterator[None]:
    """Turns what the database and its driver raise into StoreError."""
    try:
        yield
    except DBAPIError as error:
        raise _in_our_words(_cause(error).orig, engines, lost=error.connection_invalidated) from error
    except sqlite3.Error as error:  # while connecting, before SQLAlchemy wraps it
        raise _in_our_words(error, engines) from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed: {error}", temporary=True) from error


def _in_our_words(error: BaseException | None, engines: Engines, *, lost: bool = False) -> StoreError:
    where = str(engines.file) if engines.file else engines.writer.url.render_as_string(hide_password=True)
    what = str(error).strip() or type(error).__name__
    if engines.file and any(sign in what for sign in _DAMAGED):
        return _damaged(engines.file, what)
    temporary = lost or type(error).__name__ == "OperationalError"
    advice = next((f" ({words})" for sign, words in _ADVICE if engines.file and sign in what), "")
    return StoreError(f"the database {where} failed: {what}{advice}", temporary=temporary)


def _cause(error: DBAPIError) -> DBAPIError:
    """A full disk makes SQLite end the whole transaction; that its savepoint is gone then says nothing to anyone."""
    earlier: BaseException | None = error
    while "no such savepoint" in str(error.orig) and (earlier := earlier.__context__ if earlier else None):
        error = earlier if isinstance(earlier, DBAPIError) else error
    return error


def _damaged(file: Path, what: str) -> DamagedDatabase:
    return DamagedDatabase(f"the database {file} is damaged ({what}). {RESTORE_HINT}", temporary=False)
