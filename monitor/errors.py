"""The errors this program expects, and the mistakes people make in the files they edit. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


class MonitorError(Exception):
    """An expected failure. `temporary` says whether trying again later can help.

    Expected failures become data (the state of a feed, of a delivery); they are never a reason to stop.
    """

    def __init__(self, message: str, *, temporary: bool) -> None:
        super().__init__(message)
        self.temporary = temporary

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process borders; by default a keyword-only argument makes that fail."""
        return _revive, (type(self), self.args, self.__dict__)


def _revive(kind: type[MonitorError], args: tuple[object, ...], state: dict[str, object]) -> MonitorError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a file a person edits. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    code: str
    what: str
    suggestion: str = ""
    severity: Literal["error", "warning"] = "error"
    excerpt: str = ""

    def __str__(self) -> str:
        """The problem as the tools print it: place, what, the line with a caret, and a suggestion."""
        text = f"{self.file}:{self.line}:{self.column}: {self.severity}[{self.code}]: {self.what}"
        if self.excerpt:
            text += f"\n{self.line:>8} | {self.excerpt}\n         | {' ' * (self.column - 1)}^"
        if self.suggestion:
            text += "\n         = " + self.suggestion.replace("\n", "\n           ")
        return text


class BadConfiguration(MonitorError):
    """The files a person edits cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems), temporary=False)
        self.problems = problems
