"""Commands about feeds: how they are, adding them, and lists of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import shell

if TYPE_CHECKING:
    from monitor.feeds.opml import Listed

feeds = typer.Typer(invoke_without_command=True, rich_markup_mode="markdown")
shell.app.add_typer(feeds, name="feeds")


@feeds.callback()
def show(context: typer.Context, config: shell.Config = None) -> None:
    """How each feed is, and why; and adding feeds.

    How long ago it was **heard** and brought something **new**; when it is asked **next**; its **delay**: p50 and p95
    of the last 24 hours, from publication until we see an article.

    States: ok, new (not asked yet), partial (the last answer was damaged), degraded (again and again, or its pages hold
    no whole articles), stale (answers, but quieter than its own rhythm), failing, gone. All are polled on.
    """
    if context.invoked_subcommand is not None:
        return
    from monitor.views.status import read_status
    from monitor.views.statustables import show_feeds

    show_feeds(read_status(shell.settings_of(config)), shell.out)


@feeds.command()
def add(
    url: Annotated[str, typer.Argument(help="a feed, or the home page of a site")],
    config: shell.Config = None,
    everything: Annotated[bool, typer.Option("--all", help="add all that are found, not only the first")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="the site is on this machine or a private network")
    ] = False,
) -> None:
    """Find the feeds and news sitemaps of a site, and add the first to overlay/feeds.yaml.

    What is written there already stays as it is, comments and all; a running daemon notices the change by itself.
    """
    from monitor.addfeed import add_feeds, find_feeds
    from monitor.feeds.opml import Listed
    from monitor.service.daemon import user_agent

    settings, desk = shell.settings_of(config), shell.desk_of(config)
    found = find_feeds(url, user_agent(settings), allow_private=allow_private)
    if not found:
        shell.err.print(f"no feed was found at {url}", highlight=False, markup=False)
        raise typer.Exit(shell.EXIT_PROBLEMS)
    for item in found:
        shell.out.print(f"found {item.url} · {item.title} · {item.entries} entries", highlight=False, markup=False)
    wanted = [Listed(item.url, item.title, item.allow_private) for item in (found if everything else found[:1])]
    _report(*add_feeds(settings, desk, wanted))
    if not everything and len(found) > 1:
        shell.out.print("the others too: --all", highlight=False)


@feeds.command("import")
def import_opml(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)], config: shell.Config = None
) -> None:
    """Add the feeds of an OPML file to overlay/feeds.yaml; those watched already are passed over."""
    from monitor.addfeed import add_feeds
    from monitor.feeds.opml import read_opml

    _report(*add_feeds(shell.settings_of(config), shell.desk_of(config), read_opml(file.read_bytes())))


@feeds.command("export")
def export_opml(
    file: Annotated[Path | None, typer.Argument(help="default: standard output")] = None, config: shell.Config = None
) -> None:
    """Write all watched feeds as OPML, for any feed reader."""
    from monitor.feeds.opml import write_opml

    desk = shell.desk_of(config)
    text = write_opml(desk.feeds.values(), desk.outlets)
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text, encoding="utf-8")
        shell.out.print(f"wrote {len(desk.feeds)} feeds to {file}", highlight=False, markup=False)


def _report(path: Path, added: Sequence[Listed]) -> None:
    urls = [item.url for item in added]
    for url in urls:
        shell.out.print(f"added {url}", highlight=False, markup=False)
    shell.out.print(f"{path}: {len(urls)} added" if urls else "watched already; nothing was added", highlight=False)
