"""The doors of the program that have two implementations: the real one, and a working fake in tests/fakes.py."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from monitor.model import Delivery, FetchRequest, FetchResult, SendResult


class Clock(Protocol):
    """Time. `now` is wall time in UTC and may jump; `monotonic` is in seconds and never does."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class Fetcher(Protocol):
    """Fetches over HTTP. Never raises: every failure is a FetchResult with an error class."""

    def fetch(self, request: FetchRequest) -> Future[FetchResult]: ...

    def close(self) -> None: ...


class Channel(Protocol):
    """A named place to send. Never raises: every failure is a SendResult. May block for `timeout` seconds."""

    name: str

    def send(self, delivery: Delivery) -> Future[SendResult]: ...
