"""A throw-away PostgreSQL server for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

NO_POSTGRESQL = "PostgreSQL NOT TESTED"


def _server_programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()),
        key=lambda path: float(path.parent.name),
    )
    return found[-1] if found else None


def _as_server_user(folder: str) -> list[str]:
    """The start of a command line that leaves root: the server refuses to run as root."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip(f"{NO_POSTGRESQL}: root, and no setpriv to become someone else")
    try:
        shutil.chown(folder, "postgres", "postgres")
    except LookupError:
        pytest.skip(f"{NO_POSTGRESQL}: root, and there is no user postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", f"HOME={folder}"]


class Server:
    """A PostgreSQL server of our own, on a socket in a temporary folder. Skips the test when it cannot be had."""

    def __init__(self) -> None:
        pytest.importorskip("psycopg", reason=f"{NO_POSTGRESQL}: psycopg is not installed")
        programs = _server_programs()
        if programs is None:
            pytest.skip(f"{NO_POSTGRESQL}: no initdb on this machine")
        self._programs = programs
        self.folder = tempfile.mkdtemp(prefix="pg-")
        self.url = f"postgresql+psycopg://monitor@/postgres?host={self.folder}"
        self._data = f"{self.folder}/data"
        try:
            self._start = _as_server_user(self.folder)
            locale = ("-E", "UTF8", "--locale=C.UTF-8")
            self._run("initdb", "-D", self._data, "-U", "monitor", "-A", "trust", *locale, "--no-sync")
            options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
            self._run("pg_ctl", "-D", self._data, "-w", "-l", f"{self.folder}/log", "-o", options, "start")
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._start, str(self._programs / program), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            pytest.skip(f"{NO_POSTGRESQL}: {program} failed: {(done.stderr or done.stdout)[-300:]}")

    def restart(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "-l", f"{self.folder}/log", "restart")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self, how: str = "") -> str:
        """Make an empty database, `how` in words of CREATE DATABASE; its URL."""
        name = f"t{os.urandom(6).hex()}"
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            conn.execute(text(f"CREATE DATABASE {name} {how}"))
        engine.dispose()
        return self.url.replace("/postgres?", f"/{name}?")
