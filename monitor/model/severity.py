"""How much an alert matters. Pure."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """How much an alert matters; comparable, and written in lower case in files."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> Severity:
        """The severity with that lower-case name. Raises KeyError."""
        return cls[label.upper()]
