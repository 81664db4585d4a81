"""Opening databases: new, current, older, newer, foreign, damaged, locked; on disk and on a server."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgresql_server import Server
from sqlalchemy import text
from store_values import FEED, MINUTE, NOW, an_alert, an_entry

from monitor.config.settings import Settings
from monitor.model import Feed
from monitor.store import Store, StoreError, migrate
from monitor.store.schema import metadata
from monitor.views.status import read_status


def test_a_new_database_is_made_and_keeps_what_is_written(database_url: str) -> None:
    with Store.open(database_url) as store, store.write() as tx:
        tx.feeds.sync([Feed(FEED, "dita")], NOW)
    with Store.open(database_url) as store, store.read() as tx:
        assert [state.url for state in tx.feeds.all()] == [FEED]


def test_the_migrations_make_the_tables_that_the_program_expects(database_url: str) -> None:
    with Store.open(database_url) as store, store.read() as tx:
        context = MigrationContext.configure(tx.conn, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_revision_is_the_one_the_program_looks_for() -> None:
    assert ScriptDirectory.from_config(migrate._config()).get_heads() == [migrate.HEAD]


def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    with Store.open(database_url) as store, store.write() as tx:
        tx.notes.set("from", "the future", NOW)
        tx.conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"schema 9999, newer than this program") as caught:
        Store.open(database_url)
    assert not caught.value.temporary


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "photos.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE photo (id INTEGER)")
    with pytest.raises(StoreError, match="another program"):
        Store.open(str(file))


def test_a_server_database_that_cannot_hold_every_script_is_refused(postgresql_server: Server) -> None:
    url = postgresql_server.new_database("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="encoding LATIN1, it must be UTF8"):
        Store.open(url)


def test_a_stored_value_that_this_version_cannot_read_is_an_error_in_words(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.conn.execute(text("UPDATE alert SET value = '{}'"))
    with pytest.raises(StoreError, match="a stored Alert cannot be read"), store.read() as tx:
        tx.alerts.recent(1)


def test_an_older_database_is_not_migrated_under_a_running_daemon(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(database_url) as store, store.lock():
        monkeypatch.setattr(migrate, "HEAD", "0002")
        with pytest.raises(StoreError, match=f"pid {os.getpid()}"):
            Store.open(database_url)


def test_a_migration_that_fails_leaves_the_old_schema(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(config: object) -> None:
        conn = config.attributes["connection"]  # type: ignore[attr-defined]
        conn.execute(text("CREATE TABLE half (id INTEGER)"))
        raise OSError("pulled the plug")

    with Store.open(database_url):
        pass
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "HEAD", "0002")
        patched.setattr(migrate, "_upgrade", half)
        with pytest.raises(OSError, match="plug"):
            Store.open(database_url)
    with Store.open(database_url) as store, store.read() as tx, pytest.raises(StoreError), store.write() as tx:
        tx.conn.execute(text("SELECT * FROM half"))


# --- SQLite files -----------------------------------------------------------------------------------------------


def test_the_file_is_private_and_so_are_its_companions(tmp_path: Path) -> None:
    file = tmp_path / "state" / "monitor" / "monitor.db"
    with Store.open(f"sqlite:///{file}") as store:
        with store.write() as tx:
            tx.notes.set("a", "b", NOW)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert modes == {"monitor.db": 0o600, "monitor.db-wal": 0o600, "monitor.db-shm": 0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 2), (False, 0)])
def test_the_settings_are_those_that_lose_nothing(tmp_path: Path, durable: bool, synchronous: int) -> None:
    def pragma(tx: object, name: str) -> object:
        return tx.conn.exec_driver_sql(f"PRAGMA {name}").scalar()  # type: ignore[attr-defined]

    with Store.open(str(tmp_path / "monitor.db"), durable=durable) as store:
        with store.write() as tx:
            assert pragma(tx, "journal_mode") == "wal"
            assert pragma(tx, "synchronous") == synchronous
            assert pragma(tx, "foreign_keys") == 1
            assert pragma(tx, "busy_timeout") == 10_000
        with store.read() as tx:
            assert pragma(tx, "query_only") == 1


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError, match=r"read-?only"), store.read() as tx:
        tx.notes.set("a", "b", NOW)


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as reader:
        assert reader.notes.get("a") is None
        with store.write() as tx:
            tx.notes.set("a", "b", NOW)
        assert reader.notes.get("a") is None
    with store.read() as reader:
        assert reader.notes.get("a") == "b"


def test_in_memory_everything_shares_one_connection() -> None:
    with Store.open("sqlite://", durable=False) as store:
        with store.write() as tx:
            tx.notes.set("a", "b", NOW)
        with store.read() as tx:
            assert tx.notes.get("a") == "b"
        with store.lock():
            pass


def test_a_write_inside_a_write_is_an_error_and_not_a_hang(store: Store) -> None:
    with store.write(), pytest.raises(RuntimeError, match="inside a transaction"), store.write():
        pass


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://localhost/x", "'mysql' is not supported"),
        ("postgresql://monitor:hunter2@localhost:1/x", "failed"),
        ("://", "cannot be read"),
        ("/proc/nowhere/monitor.db", "cannot make the database"),
        ("/", "is not a file"),
    ],
)
def test_an_address_that_cannot_be_used_is_named_without_its_password(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as caught:
        Store.open(url)
    assert "hunter2" not in str(caught.value)


def test_a_command_that_only_reads_neither_makes_nor_changes_a_database(tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    with pytest.raises(StoreError, match="no database at"):
        Store.open(str(file), read_only=True)
    assert not file.exists()
    Store.open(str(file)).close()
    with Store.open(str(file), read_only=True) as store:
        with store.read() as tx:
            assert tx.feeds.all() == []
        with pytest.raises(StoreError, match="only to read"), store.write():
            pass


# --- damage -----------------------------------------------------------------------------------------------------


def filled(file: Path) -> bytes:
    with Store.open(str(file), durable=False) as store, store.write() as tx:
        tx.entries.add(FEED, [an_entry(f"e{number}") for number in range(300)], NOW, backlog=False)
    return file.read_bytes()


@pytest.mark.fault("F130")
@pytest.mark.parametrize("damage", ["not a database", "header", "page", "cut"])
def test_a_damaged_file_is_refused_with_a_hint_and_never_overwritten(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "monitor.db"
    whole = filled(file)
    broken = {
        "not a database": b"Dear diary, " * 1000,
        "header": b"\xff" * 100 + whole[100:],
        "page": b"".join(whole[at : at + 4096] if at % 20480 else b"\xa5" * 4096 for at in range(0, len(whole), 4096)),
        "cut": whole[: len(whole) // 2],
    }[damage]
    if damage == "page":
        broken = whole[:4096] + broken[4096:]
    file.write_bytes(broken)
    with pytest.raises(StoreError, match=r"damaged.*monitor restore FILE") as caught:
        Store.open(str(file))
    assert not caught.value.temporary
    assert file.read_bytes() == broken


@pytest.mark.fault("F129")
def test_a_database_that_another_process_keeps_locked_is_a_temporary_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "monitor.db"
    monkeypatch.setattr("monitor.store.engine.BUSY_TIMEOUT", 50)
    with Store.open(str(file)) as store:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked") as caught, store.write():
            pass
        assert caught.value.temporary
        other.execute("ROLLBACK")
        other.close()
        with store.write() as tx:
            tx.notes.set("a", "b", NOW)


@pytest.mark.fault("F129")
def test_a_database_that_is_locked_while_we_open_it_is_a_temporary_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "monitor.db"
    monkeypatch.setattr("monitor.store.engine.BUSY_TIMEOUT", 50)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked") as caught:
        Store.open(str(file))
    assert caught.value.temporary
    other.execute("ROLLBACK")
    other.close()
    Store.open(str(file)).close()


@pytest.mark.fault("F127")
def test_when_there_is_no_room_no_entry_is_put_aside_for_it(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "monitor.db")) as store:
        with store.write() as tx:
            pages = tx.conn.exec_driver_sql("PRAGMA page_count").scalar()
            tx.conn.exec_driver_sql(f"PRAGMA max_page_count={(pages or 0) + 4}")
        with pytest.raises(StoreError, match="full") as caught, store.write() as tx:
            tx.entries.add(FEED, [an_entry("long", text="long " * 10_000), an_entry("short")], NOW, backlog=False)
        assert caught.value.temporary
        with store.write() as tx:
            assert tx.entries.known(FEED, ["long", "short"]) == set()
            tx.conn.exec_driver_sql("PRAGMA max_page_count=1073741823")
            assert tx.entries.add(FEED, [an_entry("long"), an_entry("short")], NOW, backlog=False) == 2


@pytest.mark.fault("F128")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    Store.open(str(file)).close()
    file.chmod(0o400)
    with pytest.raises(StoreError, match="readonly"), Store.open(str(file)) as store, store.write() as tx:
        tx.notes.set("a", "b", NOW)


@pytest.mark.fault("F138")
def test_an_old_sqlite_is_noted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(tmp_path / "monitor.db")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.40.1")
    with Store.open(file) as store, store.read() as tx:
        assert read_status(Settings(database=file)).note.startswith("SQLite 3.40.1 has a rare fault")
        first = tx.notes.at("sqlite")
        assert "3.40.1" in (tx.notes.get("sqlite") or "")
    with Store.open(file) as store, store.read() as tx:
        assert tx.notes.at("sqlite") == first
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    with Store.open(str(tmp_path / "other.db")) as store, store.read() as tx:
        assert tx.notes.get("sqlite") is None


# --- the single instance ----------------------------------------------------------------------------------------


HOLDER = """
import sys
from monitor.store import Store
with Store.open(sys.argv[1]) as store, store.lock("daemon"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.fault("F126")
def test_a_second_instance_is_refused_at_once_and_told_who_holds_the_lock(database_url: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder, Store.open(database_url) as store:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            before = time.monotonic()
            with pytest.raises(StoreError, match=rf"pid {holder.pid}\b"):
                store.lock("daemon")
            assert time.monotonic() - before < 5
            store.lock("another name").release()
            holder.kill()
            holder.wait(10)
            with store.lock("daemon"):
                pass
        finally:
            holder.kill()


def test_a_released_lock_can_be_taken_again(store: Store) -> None:
    for _ in range(3):
        with store.lock(), pytest.raises(StoreError, match=f"pid {os.getpid()}"):
            store.lock()


# --- many at once -----------------------------------------------------------------------------------------------


def test_eight_threads_that_read_modify_and_write_lose_nothing(store: Store) -> None:
    def count() -> None:
        for _ in range(50):
            with store.write() as tx:
                tx.notes.set("counter", str(int(tx.notes.get("counter") or 0) + 1), NOW)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        assert tx.notes.get("counter") == "400"


def test_two_claimers_never_get_the_same_entry(store: Store) -> None:
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry(f"e{number}") for number in range(60)], NOW, backlog=False)
    taken: list[str] = []

    def take() -> None:
        while True:
            with store.write() as tx:
                some = tx.entries.claim(NOW, 3, MINUTE)
            if not some:
                return
            taken.extend(pending.id for pending in some)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 60


OPENER = """
import sys
from datetime import UTC, datetime
from monitor.store import Store
sys.stdin.readline()
with Store.open(sys.argv[1]) as store, store.write() as tx:
    tx.notes.set(sys.argv[2], "here", datetime.now(UTC))
"""


@pytest.mark.slow
def test_processes_that_make_the_same_database_at_once_do_not_disturb_each_other(database_url: str) -> None:
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, database_url, name], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for name in ("first", "second", "third")
    ]
    time.sleep(0.5)
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    assert [opener.communicate(timeout=30)[1] for opener in openers] == ["", "", ""]
    with Store.open(database_url) as store, store.read() as tx:
        assert [tx.notes.get(name) for name in ("first", "second", "third")] == ["here"] * 3
