"""What monitor.yaml says about proof of life: heartbeat, HTTP endpoint, canary, the daily line, patience with feeds."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta

from monitor.errors import Problem
from monitor.yamlfile import Node, unknown_keys

KEYS = ("heartbeat", "http", "canary", "all_quiet", "feed_alerts")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything off unless said otherwise. Times of the day are in the desk's zone."""

    heartbeat_url: str = field(default="", repr=False)  # a secret
    heartbeat_every: float = 60.0  # seconds
    http_host: str = ""  # "": off
    http_port: int = 0
    canary_at: time | None = None
    canary_confirm: timedelta = timedelta(days=7)  # for a channel that only a person can vouch for
    all_quiet_at: time | None = None
    failing_after: timedelta = timedelta(hours=6)
    failing_polls: int = 0


def read_proof(root: Node, secret: Callable[[Node], str], problems: list[Problem]) -> Proof:
    """The settings in a monitor.yaml; problems are appended. `secret` reads a text with ${NAME} in it."""
    heartbeat, feeds = _part(root, "heartbeat", ("url", "every"), problems), root.get("feed_alerts")
    url = secret(node) if (node := heartbeat.get("url") if heartbeat else None) else ""
    if heartbeat and not url.startswith(("https://", "http://")):
        problems.append(heartbeat.place.problem("C111", "heartbeat needs url: with an http address.", ""))
    host, port = _bind(root.get("http"), problems)
    canary = _part(root, "canary", ("at", "confirm"), problems)
    confirm = _seconds(canary.get("confirm") if canary else None, 7 * 86400.0, problems)
    _callbacks(root, bool(host), problems)
    if feeds is not None:
        problems += unknown_keys(feeds, ("failing_after", "failing_polls"), "feed_alerts", "C101")
    return Proof(
        heartbeat_url=url,
        heartbeat_every=_seconds(heartbeat.get("every") if heartbeat else None, 60.0, problems),
        http_host=host,
        http_port=port,
        canary_at=_time(canary.get("at") if canary else None, problems),
        canary_confirm=timedelta(seconds=confirm),
        all_quiet_at=_time(root.get("all_quiet"), problems),
        failing_after=timedelta(seconds=_seconds(feeds.get("failing_after") if feeds else None, 6 * 3600.0, problems)),
        failing_polls=_whole(feeds.get("failing_polls") if feeds else None, problems),
    )


def _part(root: Node, name: str, keys: tuple[str, ...], problems: list[Problem]) -> Node | None:
    node = root.get(name)
    if node is None:
        return None
    if node.is_text:
        problems.append(node.place.problem("C111", f"{name} needs {keys[0]}:.", f"write {name}: {{{keys[0]}: …}}"))
        return None
    problems += unknown_keys(node, keys, name, "C101")
    return node


def _callbacks(root: Node, listening: bool, problems: list[Problem]) -> None:
    """A receipt that is sent to us needs an address to be sent to."""
    for name, channel in root.get("channels") or ():
        receipt = channel.get("receipt")
        if receipt is not None and receipt.is_text and receipt.text == "callback" and not listening:
            what = f"the receipt of channel “{name}” comes over HTTP, and http: is off."
            problems.append(receipt.place.problem("C117", what, "write http: 127.0.0.1:9107"))


def _seconds(node: Node | None, default: float, problems: list[Problem]) -> float:
    if node is None:
        return default
    found = re.fullmatch(r"(\d{1,6})([smhd])", node.text)
    if found is None or int(found[1]) == 0:
        problems.append(node.place.problem("C112", f"“{node.text}” is not a length of time.", "write it as 60s or 6h"))
        return default
    return float(int(found[1]) * _UNITS[found[2]])


def _whole(node: Node | None, problems: list[Problem]) -> int:
    if node is None:
        return 0
    if not re.fullmatch(r"[1-9]\d{0,4}", node.text):
        problems.append(node.place.problem("C112", f"“{node.text}” is not a number of polls.", "write it as 5"))
        return 0
    return int(node.text)


def _time(node: Node | None, problems: list[Problem]) -> time | None:
    if node is None:
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", node.text)
    if found is None:
        problems.append(node.place.problem("C113", f"“{node.text}” is not a time of the day.", 'write it as "06:00"'))
        return None
    return time(int(found[1]), int(found[2]))


def _bind(node: Node | None, problems: list[Problem]) -> tuple[str, int]:
    """Host and port of `127.0.0.1:9107`, or of `{bind: 0.0.0.0:9107, public: yes}` for other machines to see."""
    if node is None:
        return "", 0
    public = False
    written = node
    if not node.is_text:
        problems += unknown_keys(node, ("bind", "public"), "http", "C101")
        public = (said := node.get("public")) is not None and said.text == "yes"
        written = node.get("bind") or node
    host, _, port = written.text.rpartition(":")
    host = host.strip("[]")
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
        number = int(port)
    except ValueError:
        loopback, number = True, 0
    if not 0 < number < 65536:
        what = f"“{written.text}” is not an address and a port."
        problems.append(written.place.problem("C114", what, "write it as 127.0.0.1:9107"))
        return "", 0
    if not loopback and not public:
        what = f"{host} can be reached from other machines, and this page has no password."
        hint = f"if you want that, say so: http: {{bind: {written.text!r}, public: yes}}"
        problems.append(written.place.problem("C115", what, hint))
        return "", 0
    return host, number
