"""`monitor demo`: the real daemon in a process of its own, watching the invented world until it has told it all."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from monitor.articles.urls import url_key
from monitor.config.settings import load_settings
from monitor.demo.desk import mailbox, write_desk
from monitor.demo.report import Heard, count, missed, rows
from monitor.demo.script import load_script
from monitor.demo.world import Published, World
from monitor.store import Store

START_SECONDS = 120.0  # for the daemon to ask every feed once; the first start compiles the rules
SETTLE_SECONDS = 6.0  # after the last item appeared


def run_demo(out: Console, folder: Path | None) -> int:
    """Run it, showing alerts as they come and a short report at the end. 0 when every story was told, else 1."""
    script = load_script()
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsmonitor-demo-")))
            kept = False
        else:
            folder.mkdir(parents=True, exist_ok=True)
            kept = True
        world = stack.enter_context(World(script))
        config = write_desk(folder, world.feeds, script)
        out.print(
            f"{len(script.sites)} news sites on 127.0.0.1 publish {len(script.items)} articles in four languages; "
            "the daemon asks each every 2 s. About half a minute.",
            highlight=False,
        )
        if not _watch(world, config, folder / "daemon.log", out):
            return 1
        published = world.published()
        heard = _heard(config, published)
        table = Table(box=None, show_header=False, title="What came of it", title_justify="left")
        for what, how_many in rows(count(published, heard)):
            table.add_row(what, how_many)
        out.print(table)
        for item in missed(published, heard):
            out.print(f"missed: {item.title}", style="red", highlight=False, markup=False)
        if kept:
            out.print(f"The messages as mail: {mailbox(folder) / 'index.html'}", highlight=False)
        else:
            out.print("Keep desk, database and mailbox with: monitor demo --folder demo", highlight=False)
        return 1 if missed(published, heard) else 0


def _watch(world: World, config: Path, log: Path, out: Console) -> bool:
    """Run the daemon until the world's script is over and settled. False when the daemon ended by itself."""
    command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
    with log.open("wb") as stderr, subprocess.Popen(command, stderr=stderr) as daemon:
        try:
            began = time.monotonic()
            while world.elapsed < world.script.length + SETTLE_SECONDS:
                waited = time.monotonic() - began
                if daemon.poll() is not None or (world.elapsed == 0 and waited > START_SECONDS):
                    out.print(f"The daemon did not start (code {daemon.poll()}). Its last words:", style="red")
                    out.print(log.read_text("utf-8", "replace")[-2000:], highlight=False, markup=False)
                    return False
                time.sleep(0.2)
        finally:
            daemon.terminate()
    return True


def _heard(config: Path, published: Sequence[Published]) -> dict[str, Heard]:
    """What the daemon's database says of each published article, by its address."""
    heard: dict[str, Heard] = {}
    with Store.open(load_settings(config).database, read_only=True) as store, store.read() as tx:
        sent = {}
        for alert in tx.alerts.recent(1000):
            for delivery in tx.outbox.of_alert(alert.id):
                times = [attempt.at for attempt in tx.outbox.attempts(delivery.id) if attempt.ok]
                if times:
                    sent[alert.article] = min(times)
        for entry in published:
            article = tx.articles.id_by_url(url_key(entry.url))
            if article:
                heard[entry.url] = Heard(tx.stories.story_of(article) or "", sent.get(article))
    return heard
