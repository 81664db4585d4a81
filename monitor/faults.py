"""Named points at which tests may kill the process. They do nothing unless MONITOR_CRASH_POINT arms one.

`MONITOR_CRASH_POINT=after-send:3` ends the process with SIGKILL the third time it passes `after-send`.
"""

from __future__ import annotations

import itertools
import os
import signal

_passes: dict[str, itertools.count[int]] = {}


def crash_point(name: str) -> None:
    """Pass a named point; end here, without any clean-up, if the environment armed it."""
    armed = os.environ.get("MONITOR_CRASH_POINT", "")
    if not armed:
        return
    wanted, _, nth = armed.partition(":")
    if wanted == name and next(_passes.setdefault(name, itertools.count(1))) == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
