"""What monitor.yaml says about how channels are told (quiet hours, how much at once, digests), and how often we ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.config.cron import cron_mistake
from monitor.config.hours import Quiet, parse_quiet, parse_time
from monitor.errors import Problem
from monitor.model import Severity
from monitor.yamlfile import Node, did_you_mean, unknown_keys

CHANNEL_KEYS = ("quiet", "burst", "per_minute", "receipt")
BURST = 20  # messages in ten minutes before the rest come as one digest
PACE = {"tgram": 20, "slack": 60, "discord": 30, "whatsapp": 20, "matrix": 60, "matrixs": 60}
"""Messages a minute that services take, by the scheme of their address; others are sent as fast as they answer."""
REVISIONS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""After which times an article that matched is read again."""
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=48)

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
_DIGEST = ("at", "cron", "send", "min_severity")


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """At the times of a cron expression, one message that lists the alerts since the one before."""

    name: str
    cron: str  # five fields, on the desk's clock on the wall
    send: tuple[str, ...]
    min_severity: Severity = Severity.INFO


def read_quiet(node: Node | None, problems: list[Problem]) -> Quiet | None:
    """Quiet hours as 23:00-06:00, in the desk's zone."""
    quiet = parse_quiet(node.text) if node else None
    if node is not None and quiet is None:
        problems.append(node.place.problem("C111", f"“{node.text}” are no hours.", 'write them as "23:00-06:00"'))
    return quiet


def read_number(node: Node | None, default: int, problems: list[Problem]) -> int:
    """A number above 0, or the default."""
    if node is None:
        return default
    if not node.text.isdecimal() or not 0 < int(node.text) < 10**9:
        problems.append(node.place.problem("C112", f"“{node.text}” is not a number above 0."))
        return default
    return int(node.text)


def read_revisions(node: Node | None, problems: list[Problem]) -> tuple[timedelta, ...]:
    """When articles that matched are read again: `revisions: [15m, 1h]`, or `off`."""
    if node is None:
        return REVISIONS
    if node.is_text and node.text == "off":
        return ()
    spans = []
    for item in node.items:
        found = re.fullmatch(r"(\d{1,3})([mh])", item.text)
        if found is None or not SHORTEST <= (span := int(found[1]) * _UNITS[found[2]]) <= LONGEST:
            hint = "write revisions: [15m, 1h, 6h, 24h], each from 1m to 48h, or revisions: off"
            problems.append(item.place.problem("C112", f"“{item.text}” is not when to read an article again.", hint))
        else:
            spans.append(span)
    if not spans and not problems:
        problems.append(node.place.problem("C112", "revisions needs a list of times.", "revisions: [15m, 1h]"))
    return tuple(sorted(set(spans)))


def read_receipt(node: Node | None, secret: Callable[[Node], str], problems: list[Problem]) -> str:
    """Where it shows that a message of the channel arrived: `callback`, or an address with secrets in it."""
    text = secret(node) if node else ""
    if node is not None and text != "callback" and not text.startswith(("imaps://", "imap://", "https://", "http://")):
        what = "a receipt is `callback`, or an address that begins with imaps:// or https://."
        hint = 'for mail: receipt: "${IMAP_URL}" with imaps://USER:PASSWORD@imap.example.org/INBOX'
        problems.append(replace(node.place, excerpt="").problem("C116", what, hint))
    return text


def read_digests(node: Node | None, channels: Sequence[str], problems: list[Problem]) -> tuple[DigestSettings, ...]:
    """`digests: {daily: {at: "07:00", send: [mail]}, hourly: {cron: "0 * * * *", send: [chat]}}`."""
    digests = []
    for name, digest in node or ():
        problems += unknown_keys(digest, _DIGEST, "a digest", "C101")
        send, least = digest.get("send"), digest.get("min_severity")
        if send is None or not send.items:
            problems.append(digest.place.problem("C110", f"digest “{name}” needs send: with the names of channels."))
        for item in send.items if send else ():
            if item.text not in channels:
                hint = did_you_mean(item.text, channels)
                problems.append(item.place.problem("C103", f"there is no channel “{item.text}”.", hint))
        severity = Severity.INFO
        if least is not None:
            try:
                severity = Severity.of(least.text)
            except (KeyError, ValueError):
                problems.append(least.place.problem("C103", f"“{least.text}” is no severity."))
        sends = tuple(item.text for item in send.items) if send else ()
        digests.append(DigestSettings(name, _times(name, digest, problems), sends, severity))
    return tuple(digests)


def _times(name: str, digest: Node, problems: list[Problem]) -> str:
    """The cron expression of a digest, written as such or as an hour of every day."""
    at, cron = digest.get("at"), digest.get("cron")
    if (at is None) == (cron is None):
        what = f"digest “{name}” needs either at: or cron:."
        problems.append(digest.place.problem("C113", what, 'write at: "07:00", or cron: "0 * * * *" for every hour'))
        return ""
    if cron is not None:
        if mistake := cron_mistake(cron.text):
            text = f"digest “{name}” has times that are none: {mistake}."
            problems.append(cron.place.problem("C113", text, 'write cron: "0 7-19 * * mon-fri"'))
        return cron.text
    hour = parse_time(at.text) if at else None
    if hour is None:
        place = at.place if at else digest.place
        problems.append(place.problem("C113", f"digest “{name}” needs a time of the day.", 'write at: "07:00"'))
        return ""
    return f"{hour.minute} {hour.hour} * * *"
