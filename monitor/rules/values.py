"""Single values in the files of the desk, read from their text: spans, dates, languages, severities, ids. Pure.

Every reader takes a node, and the list that its problem goes to, and returns None after a problem.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time

from monitor.errors import Problem
from monitor.model import Severity
from monitor.yamlfile import Node, did_you_mean

Problems = list[Problem]

LANGUAGES = ("en", "sq", "sr", "mk")
_LANGUAGE_HINTS = {
    "al": "did you mean “sq” (Albanian)?",
    "alb": "did you mean “sq” (Albanian)?",
    "me": "Montenegrin is written “sr”.",
    **dict.fromkeys(("bs", "hr", "cnr", "sh", "rs", "srp"), "Serbian, Bosnian, Montenegrin and Croatian are all “sr”."),
    **dict.fromkeys(("mkd", "mac"), "did you mean “mk” (Macedonian)?"),
    **dict.fromkeys(("eng", "uk", "us", "gb"), "did you mean “en” (English)?"),
}
_UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}  # seconds
_SPAN = re.compile(r"(\d{1,6})([mhdw])")
_SPAN_HINT = "(m = minutes, h = hours, d = days, w = weeks)"
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(?:Z|\+00:00)?")
_NOON = time(12, tzinfo=UTC)


def text(node: Node, what: str, problems: Problems, most: int = 0) -> str | None:
    """A string that says something; with `most` > 0, of at most that many characters."""
    if not node.text.strip():
        kind = "is empty." if node.is_text else "has to be a text."
        problems.append(node.place.problem("R303", f"{what} {kind}"))
        return None
    if most and len(node.text) > most:
        problems.append(node.place.problem("R303", f"{what} has {len(node.text)} characters; {most} are allowed."))
        return None
    return node.text.strip()


def identifier(node: Node, what: str, problems: Problems, joint: str = "-") -> str | None:
    """An id of a-z, 0-9 and `joint`."""
    good = re.sub(rf"{joint}{{2,}}", joint, re.sub(r"[^a-z0-9]+", joint, node.text.lower())).strip(joint)
    if node.text and node.text == good:
        return node.text
    hint = f"write “{good}”" if good else ""
    problems.append(
        node.place.problem(
            "R302", f"“{node.text}” cannot be the id of {what}: ids are made of a-z, 0-9 and “{joint}”.", hint
        )
    )
    return None


def seconds_of(written: str) -> int | None:
    """A length of time in seconds: 30m, 6h, 7d, 2w; None for anything else."""
    found = _SPAN.fullmatch(written)
    return int(found[1]) * _UNITS[found[2]] or None if found else None


def span(node: Node, what: str, problems: Problems) -> int | None:
    """As `seconds_of`, with a problem for anything else."""
    if (seconds := seconds_of(node.text)) is not None:
        return seconds
    loose = re.match(r"\s*(\d+)\s*([mhdw])", node.text.lower())
    hint = (
        f"write {loose[1]}{loose[2]}   {_SPAN_HINT}" if loose else f"write a number and a unit, as in 6h   {_SPAN_HINT}"
    )
    problems.append(node.place.problem("R301", f"“{node.text}” is not a length of time for {what}.", hint))
    return None


def is_span(written: str) -> bool:
    """Does this look like a length of time rather than a distance in text?"""
    return _SPAN.fullmatch(written.replace(" ", "")) is not None


def whole(node: Node, what: str, problems: Problems, least: int = 1) -> int | None:
    """A whole number, at least `least`."""
    if re.fullmatch(r"[+-]?\d{1,9}", node.text) and int(node.text) >= least:
        return int(node.text)
    wanted = "a whole number" if least < 0 else f"a whole number of {least} or more"
    problems.append(node.place.problem("R308", f"{what} has to be {wanted}, not “{node.text}”."))
    return None


def choice(node: Node, what: str, known: Collection[str], problems: Problems, code: str = "R304") -> str | None:
    """One of the words in `known`."""
    if node.text in known:
        return node.text
    hint = did_you_mean(node.text, known) or "write one of: " + ", ".join(known)
    problems.append(node.place.problem(code, f"“{node.text}” is not a value for {what}.", hint))
    return None


def severity(node: Node, problems: Problems) -> Severity | None:
    """info, low, medium, high or critical."""
    labels = [one.label for one in Severity]
    if node.text in labels:
        return Severity.of(node.text)
    hint = did_you_mean(node.text, labels) or "write one of: " + ", ".join(labels)
    problems.append(node.place.problem("R304", f"“{node.text}” is not a severity.", hint))
    return None


def language(node: Node, problems: Problems, extra: Iterable[str] = ()) -> str | None:
    """A language of the vocabulary, or one of `extra`."""
    if node.text in LANGUAGES or node.text in extra:
        return node.text
    hint = _LANGUAGE_HINTS.get(node.text.lower()) or "the languages are: " + ", ".join(LANGUAGES)
    problems.append(node.place.problem("R306", f"“{node.text}” is not one of this desk's languages.", hint))
    return None


def outlet_language(node: Node, problems: Problems) -> str | None:
    """The language of an outlet: any two-letter code, also of languages that the vocabulary does not have."""
    code = node.text.lower()
    if re.fullmatch(r"[a-z]{2}", code) and code not in _LANGUAGE_HINTS:
        return code
    hint = _LANGUAGE_HINTS.get(code, "write its two-letter code")
    problems.append(node.place.problem("R306", f"“{node.text}” is not a language.", hint))
    return None


def day(node: Node, problems: Problems) -> date | None:
    """A date, written 2024-03-22."""
    found = _DATE.fullmatch(node.text)
    if found is None:
        _no_date(node, problems)
        return None
    return _date(found, node, problems)


def moment(node: Node, problems: Problems) -> datetime | None:
    """A date (its noon) or a date and a time, in UTC: 2024-03-22, 2024-03-22 18:22."""
    found = _DATE.match(node.text)
    if found is None:
        _no_date(node, problems)
        return None
    rest = node.text[found.end() :]
    clock = _TIME.fullmatch(rest)
    if rest and clock is None:
        _no_date(node, problems)
        return None
    on = _date(found, node, problems)
    if on is None or clock is None:
        return datetime.combine(on, _NOON) if on else None
    hour, minute, second = (int(part or 0) for part in clock.groups())
    if hour > 23 or minute > 59 or second > 59:
        problems.append(node.place.problem("R307", f"“{rest.strip()}” is not a time of day."))
        return None
    return datetime.combine(on, time(hour, minute, second, tzinfo=UTC))


def _date(found: re.Match[str], node: Node, problems: Problems) -> date | None:
    year, month, on = (int(part) for part in found.groups())
    try:
        return date(year, month, on)
    except ValueError:
        hint = "the months go from 01 to 12"
        if 1 <= month <= 12 and year:
            hint = f"{calendar.month_name[month]} {year} has {calendar.monthrange(year, month)[1]} days"
        problems.append(node.place.problem("R307", f"“{found[0]}” is not a date.", hint))
        return None


def _no_date(node: Node, problems: Problems) -> None:
    problems.append(node.place.problem("R307", f"“{node.text}” is not a date.", "write it as 2024-03-22"))


def yes_no(node: Node, what: str, problems: Problems) -> bool | None:
    """yes or no (true, false)."""
    found = choice(node, what, ("yes", "no", "true", "false"), problems)
    return None if found is None else found in ("yes", "true")
