"""The desk that watches the demo's world: a monitor.yaml and an overlay, written into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from monitor.demo.script import Script, load_script

_MONITOR = """\
version: 1
language: en
timezone: Europe/Belgrade
pack: kosovo-serbia
overlay: overlay
bundled_feeds: off
database: monitor.db
channels:
  phone:
    url: terminal://
  mailbox:
    url: "mailbox://{mailbox}"
"""


def write_desk(folder: Path, feeds: Mapping[str, str], script: Script | None = None, *, every: int = 2) -> Path:
    """Write monitor.yaml and overlay/feeds.yaml for the world's feeds (outlet id -> address); returns monitor.yaml.

    Every feed is asked every `every` seconds. Messages go to the terminal and into the folder `mailbox`.
    """
    overlay = folder / "overlay"
    overlay.mkdir(parents=True, exist_ok=True)
    lines = ["version: 1", "outlets:"]
    for site in (script or load_script()).sites:
        lines += [
            f"  {site.id}:",
            f'    name: "{site.name}"',
            f"    country: {site.country}",
            f"    languages: [{site.language}]",
            f'    feeds: [{{url: "{feeds[site.id]}", every: {every}s, allow_private: yes}}]',
        ]
    (overlay / "feeds.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = folder / "monitor.yaml"
    path.write_text(_MONITOR.format(mailbox=mailbox(folder).resolve()), encoding="utf-8")
    return path


def mailbox(folder: Path) -> Path:
    """Where the messages of a demo's desk land."""
    return folder / "mailbox"
