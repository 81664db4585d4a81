"""A delivery, and a way to send it through a channel that is opened for it."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

from monitor.alerts.channels import open_channels
from monitor.config.settings import ChannelSettings
from monitor.model import Delivery, DeliveryState, SendResult, Severity
from monitor.workers import Workers

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STORY = "k7f3q2abcd"
PASSWORD = "s3cret-Passw0rd"
SUBJECT = "MEDIUM · Трупе код Јариња (3 outlets)"
BODY = "new\n“Текст <b>& @\u2060everyone” — Глас\nhttps://e.example/a?b=1&c=2\n[#k7f3q2] sent 12:00"


def delivery(development: int = 0, subject: str = SUBJECT, body: str = BODY) -> Delivery:
    alert = f"{STORY}-{development}"
    state = DeliveryState.PENDING
    return Delivery(f"{alert}@desk", alert, "desk", state, 0, NOON, Severity.MEDIUM, subject, body, story=STORY)


def send(url: str, workers: Workers, **more) -> SendResult:
    opened = open_channels([ChannelSettings("desk", url)], workers)
    return opened["desk"].send(delivery(**more)).result(timeout=40)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
