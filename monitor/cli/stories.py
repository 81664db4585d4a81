"""Commands about stories: which there are, how one went, and what a person changes about them."""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from monitor.cli import shell
from monitor.cli.alerts import By, have_done, since_when

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from monitor.views.chronicle import StoryLine

_PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}

StoryId = Annotated[str, typer.Argument(metavar="STORY", help="an id as k7f3q2, or the address of one of its articles")]


class _ShowsByDefault(TyperGroup):
    """`monitor story k7f3q2` is `monitor story show k7f3q2`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


story = typer.Typer(
    cls=_ShowsByDefault,
    no_args_is_help=True,
    help="How one story went: `monitor story k7f3q2`. And put right what the program took for one event, or for two.",
)
shell.app.add_typer(story, name="story")


@shell.app.command("stories")
def list_stories(
    config: shell.Config = None,
    since: Annotated[str, typer.Option(help="how far back: 30min, 12h, 7d, or a time as 2026-03-02T08:00")] = "3d",
    everything: Annotated[bool, typer.Option("--all", help="also stories that no rule fires on")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    """The stories of late, the latest first: what happened, how many independent voices say so, what was told.

    “told” is the highest severity and how many messages; “by” counts owners of outlets, without copies and without
    articles that only cite one of them; “in” are the languages.
    """
    from monitor.store import Store
    from monitor.views.chronicle import MOST, story_lines

    desk = shell.desk_of(config)
    settings = desk.settings
    when = since_when(since, settings)
    with Store.open(settings.database, read_only=True) as store, store.read() as tx:
        found = story_lines(tx, desk.outlets, when, everything=everything)
        total = tx.stories.counts()[0]
    if as_json:
        _write_json([asdict(line) for line in found])
        return
    if found:
        shell.out.print(_table(found, settings.zone))
        if len(found) == MOST:
            shell.out.print(f"These are the latest {MOST}; for others, a shorter --since.", **_PLAIN)
        shell.out.print("How one of them went: monitor story ID", **_PLAIN)
        return
    shell.out.print(f"No stories since {when.astimezone(settings.zone):%Y-%m-%d %H:%M}.", **_PLAIN)
    more = "Older ones: --since 30d." if everything else "Older ones: --since 30d; also those no rule fires on: --all."
    shell.out.print(more if total else "Nothing was read yet: monitor run, monitor once; see monitor status.", **_PLAIN)


@story.command("show")
def show_story(
    target: StoryId,
    config: shell.Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="for programs, times in UTC")] = False,
) -> None:
    """How a story went: who was first and who followed, copies, new facts, what was told when, why each article joined.

    The same without “show”: `monitor story k7f3q2`.
    """
    from monitor.regroup import find_story
    from monitor.store import Store
    from monitor.views.chronicle import chronicle, in_words

    desk = shell.desk_of(config)
    with Store.open(desk.settings.database, read_only=True) as store, store.read() as tx:
        found = chronicle(tx, find_story(tx, target), desk.outlets)
    if as_json:
        _write_json(asdict(found))
    else:
        shell.out.print(in_words(found, desk.settings.zone), **_PLAIN)


@story.command()
def merge(
    story: StoryId,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="the story that becomes part of it")],
    config: shell.Config = None,
    by: By = "",
) -> None:
    """Two stories tell one event: the articles of OTHER join STORY. Alerts that were sent keep their ids."""
    _ask(config, "merge stories", by, story=story, other=other)


@story.command()
def split(
    story: StoryId,
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLE…", help="addresses, or ids as `monitor story` shows them")
    ],
    config: shell.Config = None,
    by: By = "",
) -> None:
    """One story tells two events: these articles, with their copies, become a story of their own."""
    _ask(config, "split story", by, story=story, articles=" ".join(articles))


@story.command()
def move(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="its address, or its id as `monitor story` shows it")
    ],
    story: StoryId,
    config: shell.Config = None,
    by: By = "",
) -> None:
    """An article, with its copies, belongs to another story."""
    _ask(config, "move article", by, article=article, story=story)


@story.command()
def undo(
    number: Annotated[
        int | None, typer.Argument(metavar="[CHANGE]", help="its number; default: the last that is not undone")
    ] = None,
    config: shell.Config = None,
    by: By = "",
) -> None:
    """Take back a merge, a split or a move. What joined since goes with the article it is nearest to."""
    _ask(config, "undo", by, number="" if number is None else str(number))


def _ask(config: shell.Config, action: str, by: str, **arguments: str) -> None:
    have_done(config, action, {**arguments, "author": by or getpass.getuser()})


def _table(lines: list[StoryLine], zone: ZoneInfo) -> Table:
    today = datetime.now(UTC).astimezone(zone).date()
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("id", "last", "told", "by", "in", "copies"):
        table.add_column(name, no_wrap=True, justify="right" if name in ("by", "copies") else "left")
    table.add_column("what", overflow="fold", ratio=1)
    for line in lines:
        last = line.last.astimezone(zone)
        when = f"{last:%H:%M}" if last.date() == today else f"{last.day}.{last.month}."
        told = f"{line.severity.label} {line.alerts}×" if line.severity is not None else "no"
        what = line.what.replace("[", r"\[")
        table.add_row(line.id[:6], when, told, str(line.owners), " ".join(line.languages), str(line.copies or ""), what)
    return table


def _write_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
