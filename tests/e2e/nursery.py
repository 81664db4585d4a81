"""A warm parent of daemons: an interpreter with everything imported, of which each life is a fork.

A life runs the real command (`monitor run …`) in a process group of its own; what it saves is only the start of an
interpreter and its imports, which touch nothing that a kill could harm. Where multiprocessing would start another
interpreter for a worker, the life forks as well. Lives that start from nothing are `subprocess`'s business.

As a program it obeys lines on standard input: `start {json}` answers with a process id, `wait PID` with how it ended.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing import util
from pathlib import Path
from typing import Any

PAGE = b"<html lang='en'><body><article>" + b"<p>Soldiers arrived in the village this morning.</p>" * 9
PR_SET_PDEATHSIG = 1
FEED = b"<rss version='2.0'><channel><item><title>Soldiers</title><guid>a</guid></item></channel></rss>"


class Nursery:
    """The driver's end: starts lives and waits for their ends."""

    def __init__(self) -> None:
        environ = {**os.environ, "PYTHONPATH": str(Path.cwd()), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
        )
        self._answer()  # warm

    def start(self, words: Sequence[str], log: Path, environ: dict[str, str]) -> int:
        """Start `monitor WORDS…` in its own process group; its process id."""
        return self._ask(f"start {json.dumps({'words': list(words), 'log': str(log), 'environ': environ})}")

    def wait(self, pid: int) -> int:
        """Wait for the end of a life: its exit code, or the negative number of the signal that ended it."""
        return self._ask(f"wait {pid}")

    def close(self) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait(30)
        self._process.stdout.close()  # type: ignore[union-attr]

    def _ask(self, line: str) -> int:
        print(line, file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> int:
        return int(self._process.stdout.readline())  # type: ignore[union-attr]


# --- the process itself -----------------------------------------------------------------------------------------------


def main() -> None:
    warm()
    assert len([*Path("/proc/self/task").iterdir()]) == 1, "a fork of many threads may wait for a lock for ever"
    gc.collect()
    gc.freeze()
    print(0, flush=True)
    for line in sys.stdin:
        word, _, rest = line.partition(" ")
        if word == "start":
            print(start(json.loads(rest)), flush=True)
        else:
            print(os.waitstatus_to_exitcode(os.waitpid(int(rest), 0)[1]), flush=True)


def warm() -> None:
    """Import what the daemon and its workers import, also what they import only when they need it."""
    import alembic.command
    from apprise import plugins

    import monitor.cli
    import monitor.service.daemon
    from monitor.articles.extract import extract_page
    from monitor.articles.language import detect_language
    from monitor.feeds.parse import parse_feed

    plugins.N_MGR.schemas()
    extract_page(PAGE, "utf-8", "https://site.example/a")
    parse_feed(FEED, "text/xml", "utf-8", "https://site.example/feed")
    detect_language("Soldiers arrived in the village this morning.", ())
    assert alembic.command
    assert monitor.cli
    assert monitor.service.daemon


def start(life: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        os.setpgid(pid, pid)
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # no life outlives a test that was stopped
        log = os.open(life["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        null = os.open(os.devnull, os.O_RDWR)
        for number, file in enumerate((null, log, log)):
            os.dup2(file, number)
        sys.stdin = os.fdopen(0)  # the parent has read from its own
        os.environ.update(life["environ"])
        util.spawnv_passfds = fork_with_fds
        sys.argv = ["monitor", *life["words"]]
        runpy.run_module("monitor", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def fork_with_fds(_path: bytes, args: Sequence[str | bytes], keep: Sequence[int]) -> int:
    """Instead of `multiprocessing.util.spawnv_passfds`: its `python -c CODE` in a fork that sees only these files."""
    pid = os.fork()
    if pid:
        return pid
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for file in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
            # Not closed: an object of the parent's that goes away here must not close a file that took its number.
            if file not in (0, 1, 2, null, *keep):
                os.dup2(null, file)
        words = [os.fsdecode(arg) for arg in args]
        at = words.index("-c")
        sys.argv = words[at : at + 1] + words[at + 2 :]
        exec(words[at + 1], {"__name__": "__main__"})
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
