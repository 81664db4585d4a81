"""Databases for the tests: SQLite in a folder of the test, and a throw-away PostgreSQL server for the session."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgresql_server import NO_POSTGRESQL, Server

from monitor import cli
from monitor.cli import shell
from monitor.store import Store
from monitor.store.schema import metadata


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """The server that all tests share."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server for a test that restarts it."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql_store(postgresql_server: Server) -> Iterator[Store]:
    """One store on PostgreSQL for the session: making its tables for each test would take most of the time."""
    with Store.open(postgresql_server.url, durable=False) as store:
        yield store


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database to copy: migrating one for each test took a third of the time."""
    file = tmp_path_factory.mktemp("store") / "monitor.db"
    Store.open(str(file), durable=False).close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, once on each database."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "monitor.db")
        with Store.open(str(copy), durable=False) as opened:
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
    server: Server = request.getfixturevalue("postgresql_server")
    return server.new_database()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it loudly when half of the contract went untested."""
    reasons = {
        str(report.longrepr[2])
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NO_POSTGRESQL in report.longrepr[2]
    }
    for reason in sorted(reasons):
        terminalreporter.write_line(reason.removeprefix("Skipped: "), red=True, bold=True)


class Ran:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    def run(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["monitor", *words])
        monkeypatch.setattr(shell, "out", shell.Console(width=200))
        monkeypatch.setattr(shell, "err", shell.Console(width=200, stderr=True))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, *capsys.readouterr())

    return run
