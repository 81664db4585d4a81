"""The command that tells whom the program speaks to."""

from __future__ import annotations

import sys
from typing import Annotated

from typer import Option

from monitor.cli import shell


@shell.app.command()
def egress(config: shell.Config = None, json: Annotated[bool, Option("--json", help="for programs")] = False) -> None:
    """Every host that this desk speaks to: why, how often, how many times, when last. For a firewall, or for peace.

    What is watched is itself sensitive. Servers of feeds see that somebody reads their feed and its articles, and no
    more. Kept for 90 days after the last time; the daemon's last ten seconds may be missing.
    """
    from monitor.views.egress import as_json, read_egress, show_egress

    desk = shell.desk_of(config)
    lines = read_egress(desk.settings, desk)
    if json:
        sys.stdout.write(as_json(lines) + "\n")
    else:
        show_egress(lines, desk.settings, shell.out)
