"""How much memory this process took at most, inside a `with`."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/status")


def _kilobytes(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


@contextmanager
def peak_growth() -> Iterator[Callable[[], int]]:
    """Inside: nothing. Afterwards the function given tells by how many bytes the process had grown at its largest."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
    before, at_most = _kilobytes("VmRSS"), [0]
    yield lambda: at_most[0]
    at_most[0] = (_kilobytes("VmHWM") - before) * 1024
