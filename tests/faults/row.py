"""One row of the fault matrix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One fault."""

    id: str
    fault: str
    expected: str
    proofs: tuple[str, ...] = ()
    reason: str = ""
