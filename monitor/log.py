"""One line per fact: the event first, its keys after. Secrets are blotted out before anything is written."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

get_logger = structlog.get_logger
Logger = FilteringBoundLogger

_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


def configure(level: str = "info", secrets: Iterable[str] = (), *, json: bool | None = None) -> None:
    """Send log lines to standard error: coloured for a person, JSON lines for a service (`json=None` asks the tty)."""
    blot = blotter(secrets)

    def blot_values(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        return {key: _visible(blot(value)) if isinstance(value, str) else value for key, value in event.items()}

    as_json = not sys.stderr.isatty() if json is None else json
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            blot_values,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s", force=True)
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # at DEBUG it prints tokens
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _visible(text: str) -> str:
    """Text without the characters that a terminal obeys; those of a traceback's lines stay."""
    return _COMMANDS.sub("\ufffd", text)


def blotter(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that replaces every known secret, and the user:password part of every URL, in a text."""
    known = sorted({secret for secret in secrets if len(secret) >= 6}, key=len, reverse=True)

    def blot(text: str) -> str:
        for secret in known:
            text = text.replace(secret, "***")
        return _CREDENTIALS.sub("***@", text)

    return blot
