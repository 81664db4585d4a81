"""Stopped at any statement of placing an article, the program ends with the same stories as if nothing had happened."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from story_room import Room, make_desk, told

from monitor.desk import Desk
from monitor.model import Article, Role
from monitor.store import Store, Transaction

ARTICLES = (
    told("a", "Rahovec"),
    told("b", "Rahovec", hours=1),
    told("c", "Rahovec", "5", 2),
    told("d", "Gjilan", "9", 3),
)


class Stopped(Exception):
    """In place of the statement."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def undisturbed(desk: Desk) -> list[list[Any]]:
    with Store.open("sqlite://", durable=False) as store:
        room = Room(desk, store)
        roles = [room.read(article).placement.role for article in ARTICLES]
        assert roles == [Role.FOUNDER, Role.COPY, Role.CORRECTION, Role.FOUNDER]  # every way through
        return room.everything()


def stop_before(number: int, how: Any) -> Any:
    """Something that, told of a transaction, has it stop before its statement of that number."""
    count = 0

    def note(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            how()

    return lambda tx: event.listen(tx.conn, "before_cursor_execute", note)


def test_a_transaction_that_fails_at_any_statement_leaves_nothing(desk: Desk, undisturbed: list[list[Any]]) -> None:
    def fail() -> None:
        raise Stopped

    with Store.open("sqlite://", durable=False) as store:
        room, stopped = Room(desk, store), 0
        for article in ARTICLES:
            before = room.everything()
            for number in range(1, 200):
                try:
                    room.read(article, stop_before(number, fail))
                    break
                except Stopped:
                    stopped += 1
                    assert room.everything() == before
        assert stopped > 60  # it did stop, everywhere
        assert room.everything() == undisturbed


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_killed_at_any_statement_and_started_again_the_stories_are_the_same(
    desk: Desk, undisturbed: list[list[Any]], tmp_path: Path
) -> None:
    file = str(tmp_path / "monitor.db")
    Store.open(file).close()
    kills = sum(_until_read(desk, file, article) for article in ARTICLES)
    assert kills > 60
    with Store.open(file) as store:
        assert Room(desk, store).everything() == undisturbed


def _until_read(desk: Desk, file: str, article: Article) -> int:
    """Lives that are killed before the first statement, the second, …, the commit; then one that is not. The kills."""
    for number in range(1, 200):
        life = os.fork()
        if not life:
            _live(desk, file, article, number)
        _, status = os.waitpid(life, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            return number - 1
        assert os.WTERMSIG(status) == signal.SIGKILL
    raise AssertionError("it never came to the end")


def _live(desk: Desk, file: str, article: Article, number: int) -> None:
    """A process of its own: read the article, and die before the statement of that number, or before the commit."""

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    count = 0

    def arm(tx: Transaction) -> None:
        def note(*_: Any) -> None:
            nonlocal count
            count += 1
            if count == number:
                die()

        event.listen(tx.conn, "before_cursor_execute", note)
        event.listen(tx.conn, "commit", lambda *_: die() if count + 1 == number else None)

    try:
        with Store.open(file) as store:
            Room(desk, store).read(article, arm)
    except BaseException:
        os._exit(1)
    os._exit(0)
