"""Reads every file below a folder as a feed and counts what comes of it: `python tests/bench/foreign_feeds.py FOLDER`.

Made for the test files of feedparser, which are not part of this repository:
`pip download --no-binary :all: --no-deps feedparser && tar xf feedparser-*.tar.gz`, then `feedparser-*/tests`.
Ends with 1 when anything but an expected refusal comes of a file: a crash, a time-out, an unexpected error.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from monitor.errors import MonitorError
from monitor.feeds.parse import FeedError, parse_feed
from monitor.workers import Workers

SECONDS = 15.0


def main(folder: Path) -> int:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".py"]
    counts: Counter[str] = Counter()
    bad = []
    with closing(Workers(count=2)) as workers:
        reading = [
            (path, workers.run(parse_feed, path.read_bytes(), "", "", "https://feeds.example/", timeout=SECONDS))
            for path in files
        ]
        for path, future in reading:
            try:
                parsed = future.result()
                counts["read, damaged" if parsed.damage else "read"] += 1
                counts["entries"] += len(parsed.entries)
            except FeedError as error:
                counts[f"refused: {error.error_class}"] += 1
            except MonitorError as error:
                bad.append(f"{path}: {error}")
    print(f"{len(files)} files: " + ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    print(f"{len(bad)} crashes, time-outs and unexpected errors", *bad, sep="\n")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
