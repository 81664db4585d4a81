"""Writes a desk (monitor.yaml and overlay) for the newsroom bench, from the environment its harness gives.

NR_FEEDS: a file with one feed URL a line. NR_HOOK: the webhook. NR_WORK: the folder to write into. INTERVAL: as 10s.
"""

from __future__ import annotations

import os
from pathlib import Path

HEAD = """\
version: 1
bundled_feeds: off
overlay: overlay
database: monitor.db
channels:
  hook: {{url: "{hook}", burst: 1000}}
"""


def main() -> None:
    desk = Path(os.environ["NR_WORK"]) / "desk"
    (desk / "overlay").mkdir(parents=True, exist_ok=True)
    hook = os.environ["NR_HOOK"].replace("http://", "json://")
    (desk / "monitor.yaml").write_text(HEAD.format(hook=hook), encoding="utf-8")
    lines = ["version: 1", "outlets:"]
    for number, url in enumerate(Path(os.environ["NR_FEEDS"]).read_text("utf-8").split()):
        feed = f'{{url: "{url}", every: {os.environ.get("INTERVAL", "10s")}, allow_private: yes}}'
        lines += [f"  site-{number}:", f"    name: Site {number}", f"    feeds: [{feed}]"]
    (desk / "overlay" / "feeds.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
