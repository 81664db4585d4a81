"""The commands. Each is thin: it reads what the person said, calls the part that knows, and prints what came of it.

Exit codes: 0 fine, 1 problems found, 2 wrong usage, 78 bad configuration. The heavy parts are imported inside the
commands, so that `monitor --help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys

from monitor.cli import alerts, backup, canary, contents, egress, feeds, replays, rules, shell, stories, watch
from monitor.errors import BadConfiguration, MonitorError

__all__ = ["alerts", "backup", "canary", "contents", "egress", "feeds", "main", "replays", "rules", "stories", "watch"]

contents.arrange(shell.app)


def main() -> None:
    """The `monitor` program."""
    _speak_utf8()
    try:
        shell.app()
    except BadConfiguration as error:
        shell.print_problems(error.problems)
        sys.exit(shell.EXIT_CONFIGURATION)
    except MonitorError as error:
        shell.err.print(f"[red]monitor:[/] {error}", highlight=False, markup=True)
        sys.exit(shell.EXIT_PROBLEMS)


def _speak_utf8() -> None:
    """Whatever the locale: read what is typed as UTF-8, and let a terminal that knows no “ш” show \\u0448 for it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.encoding.lower() in ("ascii", "ansi_x3.4-1968", "utf-8"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    sys.argv = [word if _whole(word) else os.fsencode(word).decode("utf-8", "replace") for word in sys.argv]


def _whole(word: str) -> bool:
    """Is it text, and not bytes that the locale could not read?"""
    return not any("\ud800" <= character <= "\udfff" for character in word)
