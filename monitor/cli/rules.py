"""Commands for the people who write rules."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import shell
from monitor.errors import BadConfiguration


@shell.app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="a folder with monitor.yaml, or a folder of rules", exists=True, file_okay=False),
    ] = None,
    config: shell.Config = None,
) -> None:
    """Load everything, run the rules' own tests, print all problems at once."""
    from monitor.alerts.channels import open_channels
    from monitor.rules.examples import run_examples
    from monitor.workers import Workers

    if folder and (folder / "monitor.yaml").is_file():
        config, folder = folder / "monitor.yaml", None
    try:
        desk, warnings = shell.load(config, folder)
    except BadConfiguration as error:
        shell.print_problems(error.problems)
        raise typer.Exit(shell.EXIT_PROBLEMS) from None
    with closing(Workers(count=1)) as workers:
        open_channels(desk.settings.channels, workers)
    problems = (*warnings, *run_examples(desk.rules))
    if problems:
        shell.print_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(shell.EXIT_PROBLEMS)
    tests = sum(len(rule.tests) for rule in desk.rules.rules)
    shell.out.print(
        f"{len(desk.rules.rules)} rules, {tests} tests, {len(desk.feeds)} feeds, "
        f"{len(desk.settings.channels)} channels: no errors. Rule set {desk.rules.version}.",
        highlight=False,
    )


@shell.app.command("try")
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
    config: shell.Config = None,
) -> None:
    """What the rules make of one text or page: what fires and why, sentence by sentence, and what nearly did."""
    from monitor.tryout import try_text

    desk = shell.desk_of(config)
    shell.out.print(
        try_text(desk, what, rule=rule, published=published, language=lang, title=title, outlet=outlet),
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


@shell.app.command()
def replay(
    file: Annotated[str | None, typer.Argument(metavar="FILE.jsonl|-", help="articles, one JSON object a line")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="replay the articles in the database instead")] = False,
    since: Annotated[str, typer.Option(help="with --stored: how far back, as 30d")] = "30d",
    json: Annotated[
        bool, typer.Option("--json", help="one JSON line an article; default: only the alerts, for people")
    ] = False,
    config: shell.Config = None,
) -> None:
    """Articles through match, story and decide, with the clock set to their times.

    A line is `{"id","url","title","text","published","outlet","language"}`. Same input, same output, always.
    """
    from monitor.replay import articles_of
    from monitor.replay import replay as run_replay

    if stored == bool(file):
        raise typer.BadParameter("give either a file (or -) or --stored")
    desk = shell.desk_of(config)
    with articles_of(desk, file, since) as articles:
        heard = total = 0
        for item in run_replay(desk, articles):
            total += 1
            heard += item.judgement.decision.speaks
            if json:
                sys.stdout.write(item.as_json() + "\n")
            elif item.judgement.decision.speaks:
                shell.out.print(item.as_text(), highlight=False, markup=False, soft_wrap=True)
    if not json:
        shell.out.print(f"{total} articles, {heard} alerts.", highlight=False)
