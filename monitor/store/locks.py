"""The single-instance lock: who holds it may run the daemon on this database."""

from __future__ import annotations

import fcntl
import os
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.store.engine import WRITER_LOCK, Engines, StoreError, translated


class InstanceLock(Protocol):
    """Held from its making until `release`, or until the process dies, however it dies."""

    def release(self) -> None: ...

    def held(self) -> bool: ...


class Held:
    """A lock as a context manager; None for a database that nobody else can open."""

    def __init__(self, lock: InstanceLock | None) -> None:
        self._lock = lock

    def held(self) -> bool:
        """Is it still ours? A PostgreSQL server that restarts takes it away: then stop, or take it again."""
        return self._lock is None or self._lock.held()

    def release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class FileLock:
    """`flock` on a file beside the database. The file stays: removing it would let two processes hold two files."""

    def __init__(self, file: Path) -> None:
        try:
            self._handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"cannot make the lock file {file}: {error.strerror}", temporary=False) from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._handle, 32).decode("ascii", "replace").strip()
            os.close(self._handle)
            raise _taken(f"pid {holder}" if holder else "pid unknown") from error
        os.ftruncate(self._handle, 0)
        os.write(self._handle, f"{os.getpid()}\n".encode())

    def held(self) -> bool:
        return True

    def release(self) -> None:
        os.ftruncate(self._handle, 0)
        os.close(self._handle)


class ServerLock:
    """An advisory lock of PostgreSQL, held by a connection of its own."""

    def __init__(self, engine: Engine, name: str) -> None:
        key = int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big", signed=True)
        self._keys = {"class": WRITER_LOCK, "key": key}
        self._conn = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not self._conn.scalar(text("SELECT pg_try_advisory_lock(:class, :key)"), self._keys):
            holder = self._holder()
            self._conn.close()
            raise _taken(holder)

    def _holder(self) -> str:
        query = text(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            " AND classid = :class AND objid::bigint = :key & 4294967295 AND granted"
        )
        name = str(self._conn.scalar(query, self._keys) or "")  # monitor-PID@HOST
        return f"pid {name.removeprefix('monitor-').replace('@', ' on ')}" if name else "pid unknown"

    def held(self) -> bool:
        try:
            return bool(self._conn.scalar(text("SELECT true")))
        except SQLAlchemyError:
            return False

    def release(self) -> None:
        self._conn.invalidate()  # closes it for good, and the lock with it
        self._conn.close()


def _taken(holder: str) -> StoreError:
    return StoreError(f"another monitor ({holder}) already works on this database", temporary=True)


def lock_file(database: Path, name: str) -> Path:
    """The file that is locked for a SQLite database."""
    return database.with_name(f"{database.name}.{name}.lock")


def refuse_second(database: str) -> None:
    """Look at the daemon's lock of a database file before anything heavy is loaded. Raises StoreError when it is held.

    A look only: the daemon takes the lock itself, and refuses all the same where this cannot look.
    """
    file = lock_file(Path(database), "daemon")
    if "://" not in database and file.exists():
        FileLock(file).release()


def take_lock(engines: Engines, name: str) -> Held:
    """Take the lock of that name. Raises StoreError at once, naming the holder, when another process has it."""
    if engines.in_memory:
        return Held(None)
    if engines.file is not None:
        return Held(FileLock(lock_file(engines.file, name)))
    with translated(engines):
        return Held(ServerLock(engines.reader, name))
