"""Working stand-ins for the doors: a clock one can turn, a web in memory, channels that keep or refuse."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.errors import MonitorError
from monitor.model import Delivery, FetchRequest, FetchResult, SendResult

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until it is turned."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.seconds

    def turn(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.seconds += seconds


class FakeWeb:
    """A Fetcher over a dictionary of pages. Answers 304 to a matching ETag, 404 to what it does not have."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.errors: dict[str, tuple[str, str]] = {}
        self.requests: list[FetchRequest] = []

    def put(self, url: str, body: str | bytes, content_type: str = "text/html; charset=utf-8") -> None:
        self.pages[url] = body.encode() if isinstance(body, str) else body
        self.types[url] = content_type

    def fetch(self, request: FetchRequest) -> Future[FetchResult]:
        self.requests.append(request)
        return done(self._answer(request))

    def _answer(self, request: FetchRequest) -> FetchResult:
        url = request.url
        if url in self.errors:
            error_class, error = self.errors[url]
            return FetchResult(url, error_class=error_class, error=error)
        if url not in self.pages:
            return FetchResult(url, status=404, error_class="not_found", error="404")
        body = self.pages[url]
        etag = f'"{hash(body)}"'
        if request.etag == etag:
            return FetchResult(url, status=304, final_url=url)
        return FetchResult(url, 200, body, self.types[url], "utf-8", etag=etag, final_url=url)

    def close(self) -> None:
        pass


class FakeWorkers:
    """Runs each task here and now."""

    def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args))
        except MonitorError as error:
            future.set_exception(error)
        return future


class FakeChannel:
    """Keeps what it is sent; answers with the next of `answers`, and takes everything once they are used up."""

    def __init__(self, name: str = "phone") -> None:
        self.name = name
        self.messages: list[Delivery] = []
        self.answers: list[SendResult] = []

    def send(self, delivery: Delivery) -> Future[SendResult]:
        result = self.answers.pop(0) if self.answers else SendResult(ok=True)
        if result.ok:
            self.messages.append(delivery)
        return done(result)


def done(value: Any) -> Future[Any]:
    """A future that has its result."""
    future: Future[Any] = Future()
    future.set_result(value)
    return future
