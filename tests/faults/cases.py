"""Tables of tests, each case named by the row of the matrix that it proves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def rows(cases: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Each case, which begins with the id of its row, as the parameters of a test that proves the row."""
    return [pytest.param(*rest, id=row, marks=pytest.mark.fault(row)) for row, *rest in cases]
