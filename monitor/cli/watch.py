"""Commands that watch, show how watching goes, and set a desk up."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli import shell


@shell.app.command()
def run(
    config: shell.Config = None, log: Annotated[str, typer.Option(help="debug, info, warning or error")] = "info"
) -> None:
    """Watch and tell, until stopped.

    Without a config: the bundled region pack, SQLite in the XDG state folder, alerts in this terminal.
    SIGTERM or Ctrl-C stops (twice: at once); SIGHUP, or saving a file of rules, reloads them.
    """
    from monitor.store import StoreError, refuse_second

    settings = shell.settings_of(config)
    refuse_second(settings.database)  # a second instance hears so at once
    from monitor import log as logs
    from monitor.service.daemon import Daemon
    from monitor.watch.alarm import STOPPED, shout_from_outside

    logs.configure(log, settings.secrets)
    try:
        started = Daemon(settings)
    except StoreError as error:
        if error.temporary:
            raise  # a service manager tries again
        shout_from_outside(settings, STOPPED, (str(error),))
        shell.err.print(f"monitor: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(shell.EXIT_CONFIGURATION) from None
    with started as daemon:
        daemon.run()
    sys.stdout.flush()
    os._exit(0)  # a hung channel or page must not keep the process alive: what it left is in the database


@shell.app.command()
def once(config: shell.Config = None) -> None:
    """One poll, process, deliver cycle with a progress bar; for cron."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from monitor import log as logs
    from monitor.service.daemon import Daemon

    settings = shell.settings_of(config)
    logs.configure("warning", settings.secrets)
    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn())
    with Daemon(settings) as daemon, Progress(*columns, console=shell.err) as bar:
        tasks: dict[str, Any] = {}

        def show(verb: str, done: int, waiting: int) -> None:
            if verb not in tasks:
                tasks[verb] = bar.add_task(verb, total=None)
            bar.update(tasks[verb], completed=done, total=done + waiting)

        daemon.once(show)


@shell.app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option(help="keep the desk, the database and the mailbox here; default: a temporary folder")
    ] = None,
) -> None:
    """The real daemon against a small world of news sites on this machine; ends within a minute.

    Nothing leaves the machine. Alerts appear here as a phone would show them, and land in a mailbox folder.
    """
    from monitor.demo.run import run_demo

    raise typer.Exit(run_demo(shell.out, folder))


@shell.app.command()
def status(
    config: shell.Config = None, json: Annotated[bool, typer.Option("--json", help="for programs")] = False
) -> None:
    """Feeds (state, last success, next poll, error), outbox, last cycle, version of the rule set."""
    from monitor.views.status import read_status
    from monitor.views.statustables import show_status

    found = read_status(shell.settings_of(config))
    if json:
        sys.stdout.write(found.as_json() + "\n")
    else:
        show_status(found, shell.out)


@shell.app.command()
def init(folder: Annotated[Path, typer.Argument(help="where to write; made when missing")] = Path()) -> None:
    """Write a commented monitor.yaml and an overlay folder with one example rule to edit.

    The bundled pack is not copied: it stays read-only and is upgraded with the program.
    """
    from monitor.starter import write_starter

    for path in write_starter(folder):
        shell.out.print(f"wrote {path}", highlight=False)
    go = "" if folder.resolve() == Path.cwd() else f"[bold]cd {folder}[/], "
    shell.out.print(f"Next: {go}edit overlay/rules.yaml, then [bold]monitor check[/], then [bold]monitor run[/].")
