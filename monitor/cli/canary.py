"""Commands about the canary: does what we send arrive?"""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from monitor.cli import shell
from monitor.errors import MonitorError

canary = typer.Typer(invoke_without_command=True, rich_markup_mode="markdown")
shell.app.add_typer(canary, name="canary")


@canary.callback()
def show(context: typer.Context, config: shell.Config = None) -> None:
    """Does what we send arrive, on each channel?

    A service that takes a message may still drop it. Once a day (`canary: {at: "06:00"}` in monitor.yaml) a marked
    message goes through everything to every channel, and its receipt is asked for: `receipt:` of the channel is

    * `imaps://USER:PASSWORD@HOST/FOLDER`, the mail folder it lands in,

    * `https://…`, a page that shows the channel's messages, with `TOKEN@` or `USER:PASSWORD@` before the host if it
      asks who you are (the messages of a Matrix room, of an ntfy topic, an archive),

    * `callback`, when its receiver answers with `POST /receipt/ALERT` at our `http:` address; ALERT is the field
      `alert` of the JSON that it got.

    Where none of these can be had (a Telegram bot cannot read its own messages back), a person says it now and then:
    `monitor canary seen CHANNEL`. When nobody does for a week (`canary: {confirm: 7d}`), the other channels say so.
    """
    if context.invoked_subcommand is not None:
        return
    from monitor.views.status import read_status
    from monitor.views.statustables import show_channels

    show_channels(read_status(shell.settings_of(config)), shell.out)


@canary.command()
def send(config: shell.Config = None) -> None:
    """Send a canary now; the running daemon does it."""
    from monitor.service.control import ask

    shell.out.print(ask(shell.settings_of(config), "canary", {}), highlight=False, markup=False)


@canary.command()
def seen(
    channel: Annotated[str, typer.Argument(help="a channel of monitor.yaml")],
    config: shell.Config = None,
    by: Annotated[str, typer.Option("--by", help="who saw it; default: your name on this machine")] = "",
) -> None:
    """Say that you have seen the canary arrive on a channel: for channels that cannot prove it themselves."""
    from monitor.service.control import ask
    from monitor.yamlfile import did_you_mean

    settings = shell.settings_of(config)
    known = [setting.name for setting in settings.channels]
    if channel not in known:
        hint = did_you_mean(channel, known) or f"there are: {', '.join(known)}"
        raise MonitorError(f"there is no channel “{channel}”; {hint}", temporary=False)
    arguments = {"channel": channel, "author": by or getpass.getuser()}
    shell.out.print(ask(settings, "canary seen", arguments), highlight=False, markup=False)
