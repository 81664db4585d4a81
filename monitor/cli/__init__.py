"""The commands. Each is thin: it reads what the person said, calls the part that knows, and prints what came of it.

Exit codes: 0 fine, 1 problems found, 2 wrong usage, 78 bad configuration. The heavy parts are imported inside the
commands, so that `monitor --help` answers at once.
"""

from __future__ import annotations

import sys

from monitor.cli import alerts, backup, feeds, rules, shell, stories, watch
from monitor.errors import BadConfiguration, MonitorError

__all__ = ["alerts", "backup", "feeds", "main", "rules", "stories", "watch"]


def main() -> None:
    """The `monitor` program."""
    try:
        shell.app()
    except BadConfiguration as error:
        shell.print_problems(error.problems)
        sys.exit(shell.EXIT_CONFIGURATION)
    except MonitorError as error:
        shell.err.print(f"[red]monitor:[/] {error}", highlight=False, markup=True)
        sys.exit(shell.EXIT_PROBLEMS)
