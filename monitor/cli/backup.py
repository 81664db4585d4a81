"""Commands that keep the database safe: a copy of it, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import shell


@shell.app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="a new file, as /backups/monitor-2026-03-02.db", show_default=False)],
    config: shell.Config = None,
) -> None:
    """Copy the database into one new file, whole and checked; the daemon may run on.

    Not in it: monitor.yaml, your own rules, secrets. A copy of the file made with `cp` beside a running daemon may lack
    what was written last, or be broken: use this. For cron: `monitor backup "/backups/monitor-$(date +%F).db"`
    """
    from monitor.backup import back_up

    copy = back_up(shell.settings_of(config), file)
    _say(f"wrote {copy.file} ({_size(copy.size)}, schema {copy.schema}): read through, nothing wrong with it")


@shell.app.command()
def restore(
    config: shell.Config = None,
    file: Annotated[Path | None, typer.Argument(help="a backup", show_default=False)] = None,
    by_hand: Annotated[
        bool,
        typer.Option("--by-hand", help="you put the database back yourself (pg_restore): only take care of the rest"),
    ] = False,
) -> None:
    """Put a backup in the place of the database. Stop the daemon first.

    The backup is checked before anything is touched, and the database that was there is kept beside it. A backup does
    not know what was told after it was made. So nothing is told twice: what the feeds still show of that time comes in
    one report, and messages that were waiting are listed there (`monitor resend` sends one). Nothing is told that the
    feeds show no more.
    """
    from monitor.backup import restore as put_back
    from monitor.backup import restored_by_hand

    if (file is None) != by_hand:
        raise typer.BadParameter("give either a backup, or --by-hand")
    settings, now = shell.settings_of(config), datetime.now(UTC)
    done = restored_by_hand(settings, now) if file is None else put_back(settings, file, now)
    if done.copy:
        _say(f"put back {file} ({_size(done.copy.size)}, schema {done.copy.schema})")
    if done.kept:
        _say(f"the database that was there is now {done.kept}")
    if done.known_until:
        _say(f"It knows what was told until {done.known_until.astimezone(settings.zone):%Y-%m-%d %H:%M}.")
        _say("What the feeds still show of the time since comes in one report, not singly: it may have been told.")
        if done.waiting:
            _say(f"Messages that waited then: {done.waiting}; the report lists them, they are not sent again.")
    _say("Next: monitor run, and monitor status")


def _say(line: str) -> None:
    shell.out.print(line, highlight=False, markup=False, soft_wrap=True)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.0f} kB"
