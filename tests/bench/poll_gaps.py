"""How far apart the polls of healthy feeds were in a newsroom run: python tests/bench/poll_gaps.py RUN_FOLDER"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path


def main(run: Path) -> None:
    polls: dict[int, list[float]] = defaultdict(list)
    for line in (run / "requests.jsonl").read_text("utf-8").splitlines():
        request = json.loads(line)
        if request["kind"] == "feed" and not request["fault"] and request["t"] >= 0:
            polls[request["feed"]].append(request["t"])
    gaps = sorted(later - earlier for times in polls.values() for earlier, later in pairwise(times))
    print(f"{len(polls)} healthy feeds, {len(gaps)} gaps between polls, seconds:", end=" ")
    print(
        "  ".join(f"p{q} {gaps[min(len(gaps) - 1, len(gaps) * q // 100)]:.1f}" for q in (50, 90, 99)),
        f" max {gaps[-1]:.1f}",
    )


main(Path(sys.argv[1]))
