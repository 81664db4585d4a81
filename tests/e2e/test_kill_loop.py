"""Nothing is lost, and next to nothing repeated, when the daemon is killed again and again while its webhook fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from killloop import kill_loop

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]

SECONDS = 120.0  # as many kills as fit; `python tests/e2e/killloop.py --kills 3000` for the whole number


def test_killed_at_random_instants_it_loses_nothing_and_repeats_only_what_a_reply_or_a_kill_left_open(
    tmp_path: Path,
) -> None:
    outcome = kill_loop(tmp_path, kills=150, seconds=SECONDS, rate=2.0)
    print(outcome)
    assert outcome.lost == 0, outcome
    assert outcome.extra_copies <= outcome.allowed_copies, outcome
    assert outcome.ids_told_twice == 0, outcome
    assert outcome.integrity == "ok", outcome
    assert outcome.kills >= 8, outcome  # on a busy machine
    assert outcome.while_killing > outcome.published / 3, outcome
