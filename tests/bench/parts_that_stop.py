"""When a part of the daemon hangs or dies: seconds until it is noticed, mended and told. With the real limits.

python tests/bench/parts_that_stop.py [PART …]     a few minutes each, four side by side
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))
from stoppable import Outcome, stop_and_watch

PARTS = (
    *("scheduler-hung", "scheduler-killed", "fetch-hung", "fetch-killed", "workers-hung", "workers-killed"),
    *("delivery-hung", "delivery-killed", "database-hung", "database-locked", "process-killed"),
)


def main(parts: list[str]) -> None:
    print(f"{'part':18} {'noticed':>8} {'mended':>8} {'told':>8}  restarts")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(stop_and_watch, part, Path(folder) / part, {}, "3s", "60s", 600) for part in parts]
        for run in as_completed(runs):
            show(run.result())


def show(outcome: Outcome) -> None:
    def seconds(value: float | None) -> str:
        return "-" if value is None else f"{value:.0f} s"

    times = (seconds(value) for value in (outcome.noticed, outcome.recovered, outcome.told))
    print(
        f"{outcome.part:18}", *(f"{text:>8}" for text in times), f" {outcome.restarts}  {outcome.message}", flush=True
    )


main(sys.argv[1:] or list(PARTS))
