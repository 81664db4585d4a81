"""The last resort: telling people when the database, through which everything else is told, cannot be used."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime

from monitor.alerts.channels import open_channels
from monitor.alerts.compose import compose_operator
from monitor.config.settings import Settings
from monitor.errors import MonitorError
from monitor.judge import delivery_of
from monitor.log import get_logger
from monitor.pipeline import Pipeline
from monitor.ports import Channel
from monitor.workers import Workers

SECONDS = 25.0  # for one channel to take the message
_END = re.compile(r"(?<=\.) (?=[A-Z])")
STOPPED = "Stopped: the database cannot be used"


def raise_alarm(pipeline: Pipeline, title: str, lines: Sequence[str], *, by_outbox: bool) -> threading.Thread:
    """Tell it, past the database or, where that works, by the outbox, which tries until it is taken. Returns at once:
    who waits for a database that is locked stands in a long line."""

    def tell() -> None:
        try:
            if by_outbox:
                pipeline.tell_operator(title, lines)
                return
        except MonitorError as error:
            get_logger().warning("not told by the outbox", error=str(error))
        shout(pipeline.channels.values(), pipeline.desk.settings, title, lines)

    thread = threading.Thread(target=tell, name="alarm", daemon=True)
    thread.start()
    return thread


def shout(channels: Iterable[Channel], settings: Settings, title: str, lines: Sequence[str]) -> None:
    """One message to each channel, past the outbox, tried once; what came of it goes to the log."""
    now, log = datetime.now(UTC), get_logger()
    short = [sentence for line in lines for sentence in _END.split(line)]  # a long line is cut in a message
    alert = compose_operator(title, short, now, "")
    sent = [(one.name, one.send(delivery_of(alert, one.name, settings, now))) for one in channels]
    for name, future in sent:
        try:
            result = future.result(SECONDS)
            log.warning("told past the database", channel=name, taken=result.ok, said=result.detail)
        except Exception as error:  # nothing is left to be done about it
            log.error("not told", channel=name, error=type(error).__name__)


def shout_from_outside(settings: Settings, title: str, lines: Sequence[str]) -> None:
    """The same when there is no daemon: with channels of our own."""
    with closing(Workers(count=1)) as workers:
        shout(open_channels(settings.channels, workers).values(), settings, title, lines)
