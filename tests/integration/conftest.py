"""Databases for the tests: SQLite in a folder of the test, and a throw-away PostgreSQL server for the session."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.store import Store
from monitor.store.schema import metadata

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


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, on a socket in a temporary folder; without one the test is skipped."""
    if sys.platform == "win32":
        pytest.skip(f"{NO_POSTGRESQL}: not on Windows")
    pytest.importorskip("psycopg", reason=f"{NO_POSTGRESQL}: psycopg is not installed")
    programs = _server_programs()
    if programs is None:
        pytest.skip(f"{NO_POSTGRESQL}: no initdb on this machine")
    folder = tempfile.mkdtemp(prefix="pg-")
    start = _as_server_user(folder)

    def run(*command: str) -> None:
        done = subprocess.run([*start, *command], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            pytest.skip(f"{NO_POSTGRESQL}: {Path(command[0]).name} failed: {(done.stderr or done.stdout)[-300:]}")

    data = f"{folder}/data"
    locale = ("-E", "UTF8", "--locale=C.UTF-8")
    try:
        run(str(programs / "initdb"), "-D", data, "-U", "monitor", "-A", "trust", *locale, "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(str(programs / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://monitor@/postgres?host={folder}"
        finally:
            run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_store(postgresql_server: str) -> Iterator[Store]:
    """One store on PostgreSQL for the session: making its tables for each test would take most of the time."""
    with Store.open(postgresql_server, durable=False) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, once on each database."""
    if request.param == "sqlite":
        with Store.open(str(tmp_path / "monitor.db"), durable=False) as opened:
            yield opened
        return
    shared: Store = request.getfixturevalue("postgresql_store")
    with shared.write() as tx:
        for table in reversed(metadata.sorted_tables):  # TRUNCATE makes new files: 80 ms against 3
            tx.conn.execute(table.delete())
    yield shared


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is not there yet (SQLite) or empty (PostgreSQL), for tests of opening."""
    if request.param == "sqlite":
        return str(tmp_path / "fresh" / "monitor.db")
    server: str = request.getfixturevalue("postgresql_server")
    return new_database(server)


def new_database(server: str) -> str:
    """Make another database on the server; its URL."""
    name = f"t{os.urandom(6).hex()}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it loudly when half of the contract went untested."""
    reasons = {
        str(report.longrepr[2])
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NO_POSTGRESQL in report.longrepr[2]
    }
    for reason in sorted(reasons):
        terminalreporter.write_line(reason.removeprefix("Skipped: "), red=True, bold=True)
