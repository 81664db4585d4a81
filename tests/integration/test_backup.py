"""Backup beside whoever writes, and the way back: what is there afterwards, what is told, and what is refused."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from small_desk import Desk
from store_values import FEED, NOW, a_delivery, an_alert, an_entry

from monitor.backup import back_up, restore, restored_by_hand
from monitor.config.settings import ChannelSettings, Settings
from monitor.gap import LAST_CYCLE, RESTORED, note_cycle, open_gap, report_gap
from monitor.model import DeliveryState
from monitor.store import Store, StoreError

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def settings(tmp_path: Path, empty_file: Path) -> Settings:
    """A desk whose database holds an alert that was sent and one that waits."""
    database = tmp_path / "desk" / "monitor.db"
    database.parent.mkdir()
    shutil.copy(empty_file, database)
    with Store.open(str(database), durable=False) as store, store.write() as tx:
        tx.entries.add(FEED, [an_entry("before")], NOW, backlog=False)
        for name in ("sent", "waits"):
            tx.alerts.save(an_alert(name, f"story{name}"))
            tx.outbox.add([a_delivery(f"{name}@desk", name)])
        tx.outbox.sent("sent@desk", NOW, "accepted")
        tx.notes.set(LAST_CYCLE, NOW.isoformat(), NOW)
    return Settings(database=str(database), channels=(ChannelSettings("desk", "terminal://"),))


def later(settings: Settings, name: str) -> None:
    with Store.open(settings.database, durable=False) as store, store.write() as tx:
        tx.entries.add(FEED, [an_entry(name)], NOW, backlog=False)


def known(database: Path | str, *names: str) -> set[str]:
    with Store.open(str(database), read_only=True) as store, store.read() as tx:
        return tx.entries.known(FEED, names)


def test_a_backup_is_one_private_file_with_everything_in_it(settings: Settings, tmp_path: Path) -> None:
    copy = back_up(settings, tmp_path / "copy.db")
    assert copy.size == copy.file.stat().st_size
    assert stat.S_IMODE(copy.file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "desk"]
    assert known(copy.file, "before") == {"before"}


def test_a_backup_overwrites_nothing_and_names_what_is_missing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(StoreError, match="overwrites nothing"):
        back_up(settings, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"
    with pytest.raises(StoreError, match=r"cannot write .*nowhere"):
        back_up(settings, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(StoreError, match="no database at"):
        back_up(Settings(database=str(tmp_path / "none.db")), tmp_path / "other.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.slow
def test_a_backup_made_while_others_write_holds_whole_transactions(settings: Settings, tmp_path: Path) -> None:
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        with Store.open(settings.database, durable=False) as store:
            while not stop.is_set():
                with store.write() as tx:
                    tx.entries.add(FEED, [an_entry(f"{written}-{part}") for part in range(10)], NOW, backlog=False)
                written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written < 5:
            time.sleep(0.01)
        for number in range(4):
            at_least = written
            back_up(settings, tmp_path / f"copy{number}.db")
            with Store.open(str(tmp_path / f"copy{number}.db")) as store, store.read() as tx:
                count = tx.entries.waiting()[0] - 1
                assert store.check() == ()
            assert count % 10 == 0, "a transaction is in the copy as a whole or not at all"
            assert count >= 10 * at_least, "what was committed before the backup is in it"
    finally:
        stop.set()
        writer.join()


@pytest.mark.fault("F130")
def test_a_damaged_database_gives_no_backup(settings: Settings, tmp_path: Path) -> None:
    file = Path(settings.database)
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xa5" * 4096 + whole[12288:])
    with pytest.raises(StoreError, match=r"damaged|cannot be copied"):
        back_up(settings, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["desk"]


def test_after_a_restore_the_backup_is_the_database_and_the_old_one_is_kept(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    before = (tmp_path / "copy.db").read_bytes()
    later(settings, "after")
    done = restore(settings, tmp_path / "copy.db", LATER)
    assert known(settings.database, "before", "after") == {"before"}
    assert done.kept is not None
    assert known(done.kept, "before", "after") == {"before", "after"}
    assert (tmp_path / "copy.db").read_bytes() == before
    assert not list(done.kept.parent.glob("*.unfinished*"))


def test_what_waited_in_the_backup_is_listed_and_not_sent_again(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    done = restore(settings, tmp_path / "copy.db", LATER)
    assert (done.known_until, done.waiting) == (NOW, 1)
    with Store.open(settings.database, read_only=True) as store, store.read() as tx:
        [report] = tx.outbox.pending()
        states = {item.alert: item.state for name in ("sent", "waits") for item in tx.outbox.of_alert(name)}
        assert "nothing is known of what was told after" in report.subject
        assert "monitor resend waits" in report.body
        assert states == {"sent": DeliveryState.SENT, "waits": DeliveryState.DIGESTED}
        assert tx.notes.get(RESTORED)
        gap = open_gap(tx)
        assert gap is not None
        assert gap.since == NOW


def test_a_damaged_database_is_replaced_and_kept_with_its_log(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    file = Path(settings.database)
    file.write_bytes(b"Dear diary, " * 1000)
    file.with_name("monitor.db-wal").write_bytes(b"half a log")
    done = restore(settings, tmp_path / "copy.db", LATER)
    assert known(file, "before") == {"before"}
    assert done.kept is not None
    assert done.kept.read_bytes().startswith(b"Dear diary")
    assert done.kept.with_name(f"{done.kept.name}-wal").read_bytes() == b"half a log"


def test_on_a_new_machine_there_is_nothing_to_keep(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    fresh = Settings(database=str(tmp_path / "new" / "place" / "monitor.db"), channels=settings.channels)
    assert restore(fresh, tmp_path / "copy.db", LATER).kept is None
    assert known(fresh.database, "before") == {"before"}
    assert stat.S_IMODE(Path(fresh.database).stat().st_mode) == 0o600


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE alembic_version")


def damaged(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (newer, "schema 9999, newer than this program"),
        (foreign, "not a database of this program"),
        (damaged, "damaged|malformed"),
        (lambda file: file.write_bytes(b"Dear diary, " * 1000), "not a database"),
        (Path.unlink, "no file"),
    ],
)
def test_a_backup_that_cannot_be_used_is_refused_and_nothing_is_touched(
    settings: Settings, tmp_path: Path, spoil: object, message: str
) -> None:
    back_up(settings, tmp_path / "copy.db")
    spoil(tmp_path / "copy.db")  # type: ignore[operator]
    before = Path(settings.database).read_bytes()
    with pytest.raises(StoreError, match=message):
        restore(settings, tmp_path / "copy.db", LATER)
    assert Path(settings.database).read_bytes() == before
    assert not list(Path(settings.database).parent.glob("*.unfinished*"))
    assert not list(Path(settings.database).parent.glob("*.replaced-*"))


def test_the_database_itself_is_not_a_backup(settings: Settings) -> None:
    with pytest.raises(StoreError, match="the database itself"):
        restore(settings, Path(settings.database), LATER)


def test_while_the_daemon_runs_nothing_is_put_back_and_its_process_is_named(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    with (
        Store.open(settings.database) as store,
        store.lock("daemon"),
        pytest.raises(StoreError, match=f"pid {os.getpid()}"),
    ):
        restore(settings, tmp_path / "copy.db", LATER)
    with closing(sqlite3.connect(settings.database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM note").fetchone()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("monitor.store.copies.BUSY_TIMEOUT", 50)
            with pytest.raises(StoreError, match=r"another program has .* open"):
                restore(settings, tmp_path / "copy.db", LATER)
    assert known(settings.database, "before") == {"before"}


@pytest.mark.slow
def test_on_a_server_it_says_what_to_do_and_takes_care_of_the_rest(database_url: str) -> None:
    if "://" not in database_url:
        pytest.skip("this is about PostgreSQL")
    settings = Settings(database=database_url, channels=(ChannelSettings("desk", "terminal://"),))
    with pytest.raises(StoreError, match="pg_dump"):
        back_up(settings, Path("copy.dump"))
    with pytest.raises(StoreError, match=r"pg_restore.*monitor restore --by-hand"):
        restore(settings, Path("copy.dump"), LATER)
    with Store.open(database_url) as store, store.write() as tx:
        tx.notes.set(LAST_CYCLE, NOW.isoformat(), NOW)
    assert restored_by_hand(settings, LATER).known_until == NOW
    with Store.open(database_url) as store, store.read() as tx:
        assert len(tx.outbox.pending()) == 1


@pytest.mark.slow
def test_after_a_restore_no_article_is_told_twice_and_what_came_since_is_told_in_one_report(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    texts = desk.phone.messages
    desk.publish(1, "Soldiers arrive in Alpha with twelve lorries")
    with desk.store.write() as tx:
        note_cycle(tx, desk.clock.now())
    back_up(desk.settings, tmp_path / "copy.db")
    desk.publish(2, "Soldiers arrive at the dam of Bravo after the flood", "Water rose by two metres overnight. " * 12)
    told_before = [message.subject for message in texts]
    assert len(told_before) == 2
    desk.store.close()

    restore(desk.settings, tmp_path / "copy.db", desk.clock.now())
    again = desk.reopened()
    again.clock.turn(90)
    with again.store.write() as tx:
        note_cycle(tx, again.clock.now())
    again.cycle()  # the feed still shows what was told
    again.publish(3, "Soldiers arrive by ferry on Corvo to guard cattle", "A farmer lost ninety sheep to wolves. " * 12)
    with again.store.write() as tx:
        report_gap(tx, again.pipeline.desk, ("phone",), again.clock.now())
    again.work()
    notice, news, report = texts[2:]
    assert "nothing is known of what was told after" in notice.subject
    assert "north.example/3" in news.body
    assert "perhaps told before" in report.subject
    assert "Bravo" in report.body
    assert "Alpha" not in report.body
    assert [text for text in texts if "north.example/2" in text.body] == [texts[1], report]
    again.store.close()
