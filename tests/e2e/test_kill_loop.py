"""Nothing is lost, and next to nothing repeated, when the daemon is killed again and again while its webhook fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from killloop import kill_loop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SECONDS = 600  # a busy machine does not get as far
KILLS = 150  # `python tests/e2e/killloop.py --kills 3000` for the whole number


def test_killed_at_random_instants_it_loses_nothing_and_repeats_only_what_a_reply_or_a_kill_left_open(
    tmp_path: Path,
) -> None:
    outcome = kill_loop(tmp_path, kills=KILLS, seconds=SECONDS, life=0.6, waiting=6)
    print(outcome)
    assert outcome.kills == KILLS or outcome.seconds > SECONDS
    assert outcome.lost == 0, outcome
    assert outcome.extra_copies <= outcome.allowed_copies, outcome
    assert outcome.ids_told_twice == 0, outcome
    assert outcome.integrity == "ok", outcome
    assert outcome.ended_early == 0, outcome
    assert outcome.while_killing >= 0.9 * outcome.delivered, outcome
