"""Copies of a SQLite database: made beside a running daemon, proven whole, and put in place of another."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.store.engine import BUSY_TIMEOUT, StoreError
from monitor.store.locks import FileLock, Held, lock_file
from monitor.store.migrate import is_known

_COMPANIONS = ("-wal", "-shm", "-journal")
_SERVER = "this desk's database is a PostgreSQL server, which has tools of its own: "
HOW_TO_SAVE = f"{_SERVER}pg_dump --format=custom --file=monitor.dump DATABASE"
HOW_TO_RESTORE = (
    f"{_SERVER}stop the daemon, pg_restore --clean --if-exists --dbname=DATABASE monitor.dump,"
    " then: monitor restore --by-hand"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy of a database."""

    file: Path
    size: int  # bytes
    schema: str


def database_file(url: str, instead: str) -> Path:
    """The file of a SQLite database. Raises StoreError, with what to do `instead`, for any other."""
    if "://" in url and not url.startswith("sqlite:"):
        raise StoreError(instead, temporary=False)
    name = url.partition("sqlite:///")[2] if "://" in url else url
    if name in ("", ":memory:"):
        raise StoreError("a database in memory cannot be kept", temporary=False)
    return Path(name).expanduser().absolute()


def save_copy(database: Path, file: Path) -> Copy:
    """A copy of `database` as it is at one moment, in one new file (0600); whoever writes meanwhile goes on writing.

    The copy is read through before it gets its name: a damaged database is an error and leaves nothing behind.
    Raises StoreError.
    """
    if file.exists():
        raise StoreError(
            f"{file} is there already, and a backup overwrites nothing: give another name", temporary=False
        )
    if not database.is_file():
        raise StoreError(f"there is no database at {database} yet", temporary=False)
    with _unfinished(file) as part:
        copy = _copy(database, part)
        part.replace(file)
        _flush(file.parent)
    return Copy(file, copy.size, copy.schema)


def put_back(file: Path, database: Path, finish: Callable[[Path], None]) -> tuple[Copy, Path | None]:
    """Put a copy of `file` in the place of `database`; what is there now is kept beside it, under the name returned.

    Nobody may work on the database meanwhile. `finish` may work on the new one before it is put in place; until then,
    nothing is changed, whatever fails. Raises StoreError.
    """
    if not file.is_file():
        raise StoreError(f"there is no file {file}", temporary=False)
    if database.exists() and file.samefile(database):
        raise StoreError(f"{file} is the database itself, not a backup of it", temporary=False)
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {database.parent}: {error.strerror}", temporary=False) from error
    with Held(FileLock(lock_file(database, "daemon"))), _unfinished(database) as part:
        copy = _copy(file, part)
        finish(part)
        kept = _set_aside(database)
        part.replace(database)
        _flush(database.parent)
    return copy, kept


# --- one copy -----------------------------------------------------------------------------------------------------


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A name beside the file for what is not whole yet; gone when it comes to nothing."""
    part = file.with_name(f"{file.name}.unfinished")
    _remove(part)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield part
    except OSError as error:
        raise StoreError(f"cannot write {part}: {error.strerror}", temporary=False) from error
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    for name in (part, *(Path(f"{part}{suffix}") for suffix in _COMPANIONS), lock_file(part, "daemon")):
        with suppress(OSError):
            name.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> Copy:
    """SQLite's own online copy: one state of the source, without a pause for whoever writes to it."""
    with _in_our_words(source), closing(_open_to_read(source)) as there, closing(sqlite3.connect(target)) as here:
        there.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")  # one file, which can be moved
        schema = _proven(here, source)
    with target.open("rb+") as handle:
        os.fsync(handle.fileno())
        return Copy(target, handle.seek(0, os.SEEK_END), schema)


def _open_to_read(file: Path) -> sqlite3.Connection:
    """Without write access, so that nothing of a backup is changed by looking at it."""
    name = file.resolve().as_uri()
    connection = sqlite3.connect(f"{name}?mode=ro", uri=True)
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:  # a write-ahead log cannot be begun beside it: a folder nobody may write to
        connection.close()
        connection = sqlite3.connect(f"{name}?mode=ro&immutable=1", uri=True)
    return connection


def _proven(copy: sqlite3.Connection, source: Path) -> str:
    """The copy's schema. Raises StoreError when it is damaged or no database of ours."""
    found = [row[0] for row in copy.execute("PRAGMA integrity_check(20)")]
    if found != ["ok"]:
        first = str(found[0]).removeprefix("*** in database main ***").strip().splitlines()[0]
        raise StoreError(f"{source} is damaged ({first}): nothing was written", temporary=False)
    tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in tables:
        raise StoreError(f"{source} is not a database of this program", temporary=False)
    schema = str(next(iter(copy.execute("SELECT version_num FROM alembic_version")), ("unknown",))[0])
    if not is_known(schema):
        raise StoreError(f"{source} has schema {schema}, newer than this program knows: upgrade it", temporary=False)
    return schema


@contextmanager
def _in_our_words(source: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        room = " on the disk of the copy" if "full" in str(error) else ""
        raise StoreError(f"{source} cannot be copied: {error}{room}", temporary=True) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{source} cannot be copied: {error}", temporary=False) from error


# --- the database that was there ----------------------------------------------------------------------------------


def _set_aside(database: Path) -> Path | None:
    """The database under another name, with its log, so that nothing of it is lost; None when there is none.

    It keeps its own name until the new one takes it: a crash in between leaves one or the other, never none.
    """
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}Z")
    log, kept_log = Path(f"{database}-wal"), Path(f"{kept}-wal")
    if log.exists():
        shutil.copy2(log, kept_log)  # SQLite drops the log of a file that it cannot read
    if _settle(database):
        kept_log.unlink(missing_ok=True)
    for suffix in _COMPANIONS:  # of a damaged one
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    try:
        os.link(database, kept)
    except OSError:  # a file system without second names
        shutil.copy2(database, kept)
    return kept


def _settle(database: Path) -> bool:
    """Move the log into the file and end it; False when the file is too damaged. That needs the file for oneself: who
    still reads it would, when done, remove the log of the new one."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise StoreError(f"another program has {database} open: end it first", temporary=True) from error
        return False
    return True


def _flush(folder: Path) -> None:
    """Make the new name last."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
