"""What a page might make the extraction do, for workers to die of."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any


def exits(*_: Any) -> None:
    """Ends its process."""
    time.sleep(0.1)
    os._exit(3)


def crashes(*_: Any) -> None:
    """Reads where nothing is."""
    time.sleep(0.1)
    ctypes.string_at(0)


def swells(*_: Any) -> None:
    """Takes more memory than a worker may have."""
    bytearray(3 << 30)


def hangs(*_: Any) -> None:
    """Never comes back."""
    time.sleep(600)
