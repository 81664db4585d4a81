"""The real daemon, one of whose parts hangs or dies when a file says so: stoppable_daemon.py DESK LIMITS

`touch DESK/stop-PART`; the parts are the names in `STOPS`. LIMITS: the limits to run with, as JSON; {}: the real ones.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from monitor import log
from monitor.config.settings import load_settings
from monitor.service.daemon import Daemon
from monitor.watch.vitals import Limits


def hang(*_args: Any, **_more: Any) -> None:
    time.sleep(3600)


def kill_threads(name: str) -> None:
    """End the threads of that name at their next step, as an error nobody foresaw would."""
    for thread in threading.enumerate():
        if thread.name.startswith(name):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))


def hang_scheduler(daemon: Daemon) -> None:
    polls, turn = daemon._crews.polls, daemon._crews.polls.turn

    def once() -> None:
        polls.turn = turn  # type: ignore[method-assign]
        hang()

    polls.turn = once  # type: ignore[method-assign, assignment]


def hang_workers(daemon: Daemon) -> None:
    daemon.pipeline.workers._pool.schedule = lambda *_args, **_more: Future()


def hang_delivery(daemon: Daemon) -> None:
    for channel in daemon.pipeline.channels.values():
        channel.send = hang  # type: ignore[method-assign, assignment]


def hang_database(daemon: Daemon) -> None:
    """A transaction that never ends."""

    def hold() -> None:
        with daemon.store.write():
            hang()

    threading.Thread(target=hold, daemon=True).start()


def loop_of(daemon: Daemon) -> Any:
    return daemon.pipeline.fetcher._loop  # type: ignore[attr-defined]


STOPS = {
    "scheduler-hung": hang_scheduler,
    "scheduler-killed": lambda _daemon: kill_threads("APScheduler"),
    "fetch-hung": lambda daemon: loop_of(daemon).call_soon_threadsafe(hang),
    "fetch-killed": lambda daemon: loop_of(daemon).call_soon_threadsafe(loop_of(daemon).stop),
    "workers-hung": hang_workers,
    "delivery-hung": hang_delivery,
    "delivery-killed": lambda _daemon: kill_threads("deliver"),
    "database-hung": hang_database,
}


def listen(daemon: Daemon, desk: Path) -> None:
    while True:
        for order in desk.glob("stop-*"):
            order.unlink()
            STOPS[order.name.removeprefix("stop-")](daemon)
        time.sleep(0.1)


if __name__ == "__main__":
    log.configure("info", json=True)
    folder = Path(sys.argv[1])
    made = Daemon(load_settings(folder / "monitor.yaml"), Limits(**json.loads(sys.argv[2])))
    threading.Thread(target=listen, args=(made, folder), daemon=True).start()
    with made:
        made.run()
    os._exit(0)
