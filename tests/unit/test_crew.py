"""Work shared out to threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable

import pytest

from monitor import log
from monitor.service.crew import Crew


@pytest.fixture(autouse=True)
def _quiet() -> None:
    log.configure("critical", json=True)


def test_a_hanging_item_holds_up_no_other_and_is_not_started_twice() -> None:
    release, done, starts = threading.Event(), threading.Event(), []

    def work(item: str) -> None:
        starts.append(item)
        if item == "hangs":
            release.wait(10)
        else:
            done.set()

    def claim(room: int, busy: frozenset[Hashable]) -> list[str]:
        return [item for item in ("hangs", "quick") if item not in busy][:room]

    crew = Crew("work", 2, claim=claim, key=str, work=work)
    crew.turn()
    assert done.wait(5)
    for _ in range(3):
        crew.turn()
    assert starts.count("hangs") == 1
    release.set()
    crew.close()
    assert crew.wait(5)


def test_an_item_that_fails_is_counted_and_the_others_are_done() -> None:
    items = ["bad", "good"]
    done = []

    def work(item: str) -> None:
        if item == "bad":
            raise ValueError(item)
        done.append(item)

    crew = Crew(
        "work", 2, claim=lambda room, busy: [items.pop() for _ in range(min(room, len(items)))], key=str, work=work
    )
    crew.turn()
    assert crew.wait(5)
    assert done == ["good"]
    assert (crew.done, crew.failed) == (1, 1)
    crew.close()


def test_an_eager_crew_does_not_wait_for_the_next_turn() -> None:
    waiting, done = [1, 2, 3], []
    crew = Crew(
        "deliver",
        1,
        claim=lambda room, busy: [waiting.pop(0) for _ in range(min(room, len(waiting)))],
        key=lambda item: item,
        work=done.append,
        eager=True,
    )
    crew.turn()
    for _ in range(100):
        if len(done) == 3:
            break
        time.sleep(0.01)
    crew.close()
    assert done == [1, 2, 3]
