"""What all commands share: the program's name and options, its two outputs, and how settings and rules are found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from monitor import __version__
from monitor.cli.contents import InOrder
from monitor.config.settings import Settings, load_settings
from monitor.errors import BadConfiguration, Problem

if TYPE_CHECKING:
    from monitor.desk import Desk

EXIT_PROBLEMS = 1
EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h

app = typer.Typer(
    name="monitor",
    cls=InOrder,
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


def settings_of(config: Path | None) -> Settings:
    """The settings a command works with."""
    here = Path("monitor.yaml")
    return load_settings(config or (here if here.is_file() else None))


def desk_of(config: Path | None) -> Desk:
    """Settings, rules and feeds, or BadConfiguration."""
    return load(config)[0]


def load(config: Path | None, overlay: Path | None = None) -> tuple[Desk, tuple[Problem, ...]]:
    """The desk, with `overlay` instead of its own when given, and the warnings. Raises BadConfiguration."""
    from monitor.desk import load_desk

    settings = settings_of(config)
    if overlay is not None and overlay.resolve() != settings.pack:
        settings = replace(settings, overlay=overlay.resolve())
    with err.status("Reading the rules …"):  # seconds the first time, with every new word
        desk, problems = load_desk(settings)
    if desk is None:
        raise BadConfiguration(problems)
    return desk, problems


def print_problems(problems: tuple[Problem, ...]) -> None:
    """All problems as `file:line:column`, and how many there are."""
    for problem in problems:
        err.print(
            str(replace(problem, file=_shown(problem.file))),
            style="red" if problem.severity == "error" else "yellow",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    errors = sum(problem.severity == "error" for problem in problems)
    err.print(f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}.", highlight=False)


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def _shown(file: str) -> str:
    """A file as one would type it from here."""
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file


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
