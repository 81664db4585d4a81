"""The files of a SQLite database from outside: is there room for more, and has somebody taken them away?"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from monitor.store.engine import Engines

LEAST_ROOM = 200 << 20  # bytes free, below which nothing more is taken in: what is here still has to be delivered
SHARE = 0.1  # of a disk too small for that
AGAIN = 1.2  # times as much has to be free before we go on


class Room:
    """Remembers that there was too little, so that it does not begin anew with each megabyte."""

    def __init__(self, file: Path | None) -> None:
        self._folder = file.parent if file else None
        self._short = False

    def shortage(self) -> str:
        """Why nothing more should be taken in, in words; "" while there is room, or on a server."""
        if self._folder is None:
            return ""
        try:
            disk = shutil.disk_usage(self._folder)
        except OSError:  # what is wrong there shows when it is written to
            return ""
        least = min(LEAST_ROOM, int(disk.total * SHARE))
        self._short = disk.free < least * (AGAIN if self._short else 1)
        if not self._short:
            return ""
        needed = f"{least / 1e6:.0f} MB" if least >= 1e6 else f"{least / 1e3:.0f} kB"
        return f"less than {needed} free where the database is ({self._folder}): feeds are not asked until there is"


class Files:
    """Notices when the database's file or its log is removed while we work on it, and puts back what was in it.

    The files that have lost their names are still open here: what was written into them is lost only when we end.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._seen = self._numbers()

    def mend(self) -> str:
        """What was wrong and is mended, in words; "" for nothing. The caller keeps our own writers away meanwhile."""
        file, (database, log), now = self._engines.file, self._seen, self._numbers()
        self._seen = now
        if file is None or now == (database, log):
            return ""
        if database and not now[0]:
            self._put_back(file)
        elif log and log != now[1]:
            self._end_log()
        else:
            return ""
        self._seen = self._numbers()
        what = f"{file}" if not now[0] else f"{file}-wal"
        return f"something removed {what} while it was in use; what was in it is saved"

    def _put_back(self, file: Path) -> None:
        part = file.with_name(f"{file.name}.unfinished")
        with closing(sqlite3.connect(part)) as copy:
            part.chmod(0o600)
            self._on_writer(lambda connection: connection.backup(copy))
        self._forget_connections()
        part.replace(file)

    def _end_log(self) -> None:
        """Move what the log holds into the file; new connections begin a new one."""
        self._on_writer(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
        self._forget_connections()

    def _on_writer(self, work: Any) -> None:
        connection = self._engines.writer.raw_connection()
        try:
            work(connection.driver_connection)
        finally:
            connection.close()

    def _forget_connections(self) -> None:
        self._engines.reader.dispose()
        self._engines.writer.dispose()

    def _numbers(self) -> tuple[int, int]:
        """The inodes of the file and its log, 0 for what is not there."""
        file = self._engines.file
        return (_number(file), _number(file.with_name(f"{file.name}-wal"))) if file else (0, 0)


def _number(file: Path) -> int:
    try:
        return file.stat().st_ino
    except OSError:
        return 0
