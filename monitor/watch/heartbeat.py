"""A sign of life for others: a ping to a Healthchecks-style address, and the service manager's watchdog."""

from __future__ import annotations

import os
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

from monitor.log import get_logger
from monitor.outgoing import Outgoing
from monitor.watch.vitals import Trouble, in_words

SECONDS = 10.0  # for one ping
LOOK = 1.0  # seconds between two looks whether all is well: a failure does not wait for the next ping


def sd_notify(message: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell the service manager (sd_notify(3)): `READY=1`, `WATCHDOG=1`, `STATUS=…`. False when there is none."""
    address = environ.get("NOTIFY_SOCKET", "")
    if address[:1] not in ("/", "@"):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        try:
            sender.connect("\0" + address[1:] if address[0] == "@" else address)
            sender.sendall(message.encode())
        except OSError:
            return False
    return True


class Heartbeat:
    """Pings `url` every so many seconds while everything is proven to work, and `url`/fail with the reason while not;
    at once when that changes.

    Whoever receives the pings tells people when they stop: that works also when this machine is gone.
    """

    def __init__(
        self,
        url: str,
        every: float,
        proven: Callable[[], bool],
        troubles: Callable[[], Sequence[Trouble]],
        outgoing: Outgoing | None = None,
    ) -> None:
        self._url = url
        self._every = every
        self._proven = proven
        self._troubles = troubles
        self._outgoing = outgoing
        self._stopped = threading.Event()
        self._log = get_logger()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        beaten, failed = time.monotonic() - self._every, False
        while not self._stopped.is_set():
            failing = bool(self._troubles())
            due = time.monotonic() - beaten >= self._every or failing != failed
            if due and (self._proven() or failing):
                beaten, failed = time.monotonic(), failing
                self.beat()
            self._stopped.wait(min(LOOK, self._every))

    def beat(self) -> bool:
        """One ping; was it taken?"""
        troubles = self._troubles()
        url = _fail_url(self._url) if troubles else self._url
        body = in_words(troubles)[:1000].encode() if troubles else None
        if self._outgoing:
            self._outgoing.note(urlsplit(url).hostname or "", "heartbeat")
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body), timeout=SECONDS) as answer:
                return bool(answer.status < 300)
        except (OSError, ValueError) as error:  # the address is a secret and not named
            self._log.warning("heartbeat not taken", error=type(error).__name__, failing=bool(troubles))
            return False


def _fail_url(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))
