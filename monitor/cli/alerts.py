"""Commands about messages and the channels they go to."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli import shell


@shell.app.command("test-channel")
def send_test_message(
    name: Annotated[str, typer.Argument(help="a channel of monitor.yaml")], config: shell.Config = None
) -> None:
    """Send a message marked as a test, and say what came back."""
    from monitor.tryout import send_test

    settings = shell.settings_of(config)
    result = send_test(settings, name)
    if not result.ok:
        shell.err.print(f"{name}: not accepted: {result.detail}", highlight=False, markup=False)
        raise typer.Exit(shell.EXIT_PROBLEMS)
    shell.out.print(f"{name}: accepted. {result.detail}".strip(), highlight=False, markup=False)
    shell.out.print("Look whether the message arrived: some services accept what they never deliver.", highlight=False)
