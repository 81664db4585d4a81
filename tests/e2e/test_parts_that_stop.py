"""Every part of the daemon killed or hung: noticed, replaced, no heartbeat meanwhile, told afterwards.

The real process, with the limits scaled down threefold; a small loop plays the service manager. At full scale:
`python tests/bench/parts_that_stop.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from stoppable import Outcome, stop_and_watch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

LIMITS = {"tick": 10, "work": 25, "probe": 20, "every": 0.5, "patience": 2, "shutdown": 3}
PARTS = {  # what people are told of, and how often the process had to be started again
    "scheduler-hung": ("Works again", "scheduler", 0),
    "fetch-hung": ("Restarted itself", "fetch loop", 1),
    "workers-hung": ("Restarted itself", "workers", 1),
    "delivery-hung": ("Restarted itself", "deliver", 1),
    "database-hung": ("Restarted itself", "a transaction of our own is open", 1),
    "database-locked": ("Works again", "database", 0),
    "workers-killed": ("", "", 0),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    """Four at a time: they mostly wait."""
    pool = ThreadPoolExecutor(4)
    yield {
        part: pool.submit(stop_and_watch, part, tmp_path_factory.mktemp(part) / "desk", LIMITS, "1s", "1s", 180)
        for part in PARTS
    }
    pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_stops_is_noticed_replaced_and_told(outcomes: dict[str, Future[Outcome]], part: str) -> None:
    outcome = outcomes[part].result()
    words, named, restarts = PARTS[part]
    assert outcome.restarts == restarts
    assert words in outcome.message
    assert named in outcome.message
    if outcome.noticed is not None:
        assert outcome.noticed < 40  # a third of the promised 120 s
    assert outcome.recovered < 90  # starting a process takes its time whatever the scale
