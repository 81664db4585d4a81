"""Named points at which tests may kill the process. They do nothing unless MONITOR_CRASH_POINT arms one.

`MONITOR_CRASH_POINT=after-send:3` ends the process with SIGKILL the third time it passes `after-send`;
`after-send:3:0.02` ends it 20 ms after that, wherever it is by then.
"""

from __future__ import annotations

import itertools
import os
import signal
import threading

_passes: dict[str, itertools.count[int]] = {}


def crash_point(name: str) -> None:
    """Pass a named point; end here, without any clean-up, if the environment armed it."""
    armed = os.environ.get("MONITOR_CRASH_POINT", "")
    if not armed:
        return
    wanted, nth, delay, *_ = *armed.split(":"), "", ""
    if wanted == name and next(_passes.setdefault(name, itertools.count(1))) == int(nth or 1):
        if delay:
            threading.Timer(float(delay), _end).start()
        else:
            _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
