"""The commands. Each is thin: it reads what the person said, calls the part that knows, and prints what came of it.

Exit codes: 0 fine, 1 problems found, 2 wrong usage, 78 bad configuration. The heavy parts are imported inside the
commands, so that `monitor --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from monitor import __version__
from monitor.config import Settings, load_settings
from monitor.errors import BadConfiguration, MonitorError, Problem

if TYPE_CHECKING:
    from monitor.desk import Desk

EXIT_PROBLEMS = 1
EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h

app = typer.Typer(
    name="monitor",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Watches the news of a region and tells people, once per event, what happened and why it thinks so.\n\n"
    "New here? `monitor demo` shows the whole program in a minute; `monitor init desk` sets up your own.",
)
out = Console()
err = Console(stderr=True)

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help="monitor.yaml. Default: the one in this folder, else the bundled pack.",
        exists=True,
        dir_okay=False,
    ),
]


def main() -> None:
    """The `monitor` program."""
    try:
        app()
    except BadConfiguration as error:
        print_problems(error.problems)
        sys.exit(EXIT_CONFIGURATION)
    except MonitorError as error:
        err.print(f"[red]monitor:[/] {error}", highlight=False, markup=True)
        sys.exit(EXIT_PROBLEMS)


def settings_of(config: Path | None) -> Settings:
    """The settings a command works with."""
    here = Path("monitor.yaml")
    return load_settings(config or (here if here.is_file() else None))


def desk_of(config: Path | None) -> Desk:
    """Settings, rules and feeds, or BadConfiguration."""
    return load(config)[0]


def load(config: Path | None, overlay: Path | None = None) -> tuple[Desk, tuple[Problem, ...]]:
    """The desk, with `overlay` instead of its own when given, and the warnings. Raises BadConfiguration."""
    from dataclasses import replace

    from monitor.desk import load_desk

    settings = settings_of(config)
    if overlay is not None and overlay.resolve() != settings.pack:
        settings = replace(settings, overlay=overlay.resolve())
    desk, problems = load_desk(settings)
    if desk is None:
        raise BadConfiguration(problems)
    return desk, problems


def print_problems(problems: tuple[Problem, ...]) -> None:
    """All problems as `file:line:column`, and how many there are."""
    for problem in problems:
        err.print(
            str(problem),
            style="red" if problem.severity == "error" else "yellow",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    errors = sum(problem.severity == "error" for problem in problems)
    err.print(f"{errors} errors, {len(problems) - errors} warnings.", highlight=False)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"newsmonitor {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the program as a whole."""


@app.command()
def run(
    config: Config = None, log: Annotated[str, typer.Option(help="debug, info, warning or error")] = "info"
) -> None:
    """Watch and tell, until stopped.

    Without a config: the bundled region pack, SQLite in the XDG state folder, alerts in this terminal.
    SIGTERM or Ctrl-C stops (twice: at once); SIGHUP, or saving a file of rules, reloads them.
    """
    from monitor import log as logs
    from monitor.daemon import Daemon

    settings = settings_of(config)
    logs.configure(log, (channel.url for channel in settings.channels))
    with Daemon(settings) as daemon:
        daemon.run()
    sys.stdout.flush()
    os._exit(0)  # a hung channel or page must not keep the process alive: what it left is in the database


@app.command()
def once(config: Config = None) -> None:
    """One poll, process, deliver cycle with a progress bar; for cron."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from monitor import log as logs
    from monitor.daemon import Daemon

    settings = settings_of(config)
    logs.configure("warning", (channel.url for channel in settings.channels))
    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn())
    with Daemon(settings) as daemon, Progress(*columns, console=err) as bar:
        tasks: dict[str, Any] = {}

        def show(verb: str, done: int, waiting: int) -> None:
            if verb not in tasks:
                tasks[verb] = bar.add_task(verb, total=None)
            bar.update(tasks[verb], completed=done, total=done + waiting)

        daemon.once(show)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="where to write; made when missing")] = Path()) -> None:
    """Write a commented monitor.yaml and an overlay folder with one example rule to edit.

    The bundled pack is not copied: it stays read-only and is upgraded with the program.
    """
    from monitor.starter import write_starter

    for path in write_starter(folder):
        out.print(f"wrote {path}", highlight=False)
    out.print("Next: edit overlay/rules.yaml, then [bold]monitor check[/], then [bold]monitor run[/].")


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="a folder with monitor.yaml, or a folder of rules", exists=True, file_okay=False),
    ] = None,
    config: Config = None,
) -> None:
    """Load everything, run the rules' own tests, print all problems at once."""
    from monitor.alerts.channels import open_channels
    from monitor.rules.examples import run_examples
    from monitor.workers import Workers

    if folder and (folder / "monitor.yaml").is_file():
        config, folder = folder / "monitor.yaml", None
    try:
        desk, warnings = load(config, folder)
    except BadConfiguration as error:
        print_problems(error.problems)
        raise typer.Exit(EXIT_PROBLEMS) from None
    with closing(Workers(count=1)) as workers:
        open_channels(desk.settings.channels, workers)
    problems = (*warnings, *run_examples(desk.rules))
    if problems:
        print_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(EXIT_PROBLEMS)
    tests = sum(len(rule.tests) for rule in desk.rules.rules)
    out.print(
        f"{len(desk.rules.rules)} rules, {tests} tests, {len(desk.feeds)} feeds, "
        f"{len(desk.settings.channels)} channels: no errors. Rule set {desk.rules.version}.",
        highlight=False,
    )


@app.command("try")
def try_(
    what: Annotated[
        str, typer.Argument(metavar="TEXT|FILE|URL|-", help="a text, a file, a page, or - for standard input")
    ],
    rule: Annotated[str | None, typer.Option(help="show only this rule")] = None,
    published: Annotated[
        str | None, typer.Option(help="when it was published, as 2024-03-22T18:22; default: now")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="en, sq, sr or mk; default: detected")] = None,
    title: Annotated[str, typer.Option(help="the headline; default: the first line")] = "",
    outlet: Annotated[str, typer.Option(help="id of an outlet, for rules that ask who reports")] = "",
    config: Config = None,
) -> None:
    """What the rules make of one text or page: what fires and why, sentence by sentence, and what nearly did."""
    from monitor.tryout import try_text

    desk = desk_of(config)
    out.print(
        try_text(desk, what, rule=rule, published=published, language=lang, title=title, outlet=outlet),
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


@app.command("test-channel")
def send_test_message(
    name: Annotated[str, typer.Argument(help="a channel of monitor.yaml")], config: Config = None
) -> None:
    """Send a message marked as a test, and say what came back."""
    from monitor.tryout import send_test

    settings = settings_of(config)
    result = send_test(settings, name)
    if not result.ok:
        err.print(f"{name}: not accepted: {result.detail}", highlight=False, markup=False)
        raise typer.Exit(EXIT_PROBLEMS)
    out.print(f"{name}: accepted. {result.detail}".strip(), highlight=False, markup=False)
    out.print("Look whether the message arrived: some services accept what they never deliver.", highlight=False)


@app.command()
def replay(
    file: Annotated[str | None, typer.Argument(metavar="FILE.jsonl|-", help="articles, one JSON object a line")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="replay the articles in the database instead")] = False,
    since: Annotated[str, typer.Option(help="with --stored: how far back, as 30d")] = "30d",
    json: Annotated[
        bool, typer.Option("--json", help="one JSON line an article; default: only the alerts, for people")
    ] = False,
    config: Config = None,
) -> None:
    """Articles through match, story and decide, with the clock set to their times.

    A line is `{"id","url","title","text","published","outlet","language"}`. Same input, same output, always.
    """
    from monitor.replay import articles_of
    from monitor.replay import replay as run_replay

    if stored == bool(file):
        raise typer.BadParameter("give either a file (or -) or --stored")
    desk = desk_of(config)
    with articles_of(desk, file, since) as articles:
        heard = total = 0
        for item in run_replay(desk, articles):
            total += 1
            heard += item.judgement.decision.speaks
            if json:
                sys.stdout.write(item.as_json() + "\n")
            elif item.judgement.decision.speaks:
                out.print(item.as_text(), highlight=False, markup=False, soft_wrap=True)
    if not json:
        out.print(f"{total} articles, {heard} alerts.", highlight=False)


@app.command()
def status(config: Config = None, json: Annotated[bool, typer.Option("--json", help="for programs")] = False) -> None:
    """Feeds (state, last success, next poll, error), outbox, last cycle, version of the rule set."""
    from monitor.status import read_status, show_status

    found = read_status(settings_of(config))
    if json:
        sys.stdout.write(found.as_json() + "\n")
    else:
        show_status(found, out)


@app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option(help="keep the desk, the database and the mailbox here; default: a temporary folder")
    ] = None,
) -> None:
    """The real daemon against a small world of news sites on this machine; ends within a minute.

    Nothing leaves the machine. Alerts appear here as a phone would show them, and land in a mailbox folder.
    """
    from monitor.demo.run import run_demo

    raise typer.Exit(run_demo(out, folder))
