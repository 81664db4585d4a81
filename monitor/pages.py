"""The page behind an entry: whether it may be asked for, what came back, and what to do about a page that does harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from monitor.articles.extract import extract_page
from monitor.articles.robots import Rules, allows, read_robots
from monitor.errors import MonitorError
from monitor.feeds.harm import MOST, resting
from monitor.model import Feed, FeedRecord, FetchRequest, FetchResult, PageText
from monitor.ports import Clock, Fetcher
from monitor.store.entries import PendingEntry
from monitor.store.revisions import Reread
from monitor.workers import Turns, WorkerError, Workers

AGENT = "newsmonitor"  # by which a robots.txt may name us
EXTRACT_SECONDS = 10.0
PAGE_BYTES = 5_000_000
PAGE_TRIES = 5
PAGE_ERRORS_THAT_PASS = {"dns", "connect", "timeout", "network", "server", "rate_limited"}
OLD = timedelta(hours=48)  # before it was seen: of such an entry in a feed's first window the page is not read
HARMFUL = frozenset({"timeout", "memory", "crash"})
_HARM = "its page did harm"
LONGEST_PAUSE = 3600.0  # seconds that a site may ask for before its articles are judged by what the feed says
ROBOTS_BYTES = 500_000  # RFC 9309, 2.5
ROBOTS_KEPT = 24 * 3600.0  # seconds
ROBOTS_HOSTS = 5000
ROBOTS_SECONDS = 10.0  # a site that does not answer this in time will hardly bring the page in time


class Harm(MonitorError):
    """A page took its worker's time or memory, or killed it. Temporary the first time: others may be at fault."""


class Busy(MonitorError):
    """The site asks for a pause of so many `seconds`."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message, temporary=True)
        self.seconds = seconds


Answer = tuple[PageText | None, MonitorError | None]


class Pages:
    """Fetches pages and reads them in workers, one at a time for each feed."""

    def __init__(self, fetcher: Fetcher, workers: Workers, turns: Turns, clock: Clock) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._turns = turns
        self._clock = clock
        self._robots: dict[str, tuple[float, Rules]] = {}  # by origin: until when (monotonic), and what it asks for
        self._pauses: dict[str, float] = {}  # by host: until when (monotonic) it wants no requests

    def read(self, pending: PendingEntry, feed: Feed, record: FeedRecord) -> Answer:
        """The text of the entry's page, or None and what went wrong. No page is needed when the feed carries it all."""
        entry = pending.entry
        old = entry.published is not None and entry.published < pending.seen - OLD
        if pending.attempts > PAGE_TRIES:
            return None, MonitorError(f"page given up after {pending.attempts} attempts", temporary=False)
        if entry.text or not entry.url or (pending.backlog and old):
            return None, None
        if resting(record, self._clock.now()):
            return None, MonitorError(f"page not asked for: {MOST} others of its feed did harm", temporary=False)
        if not feed.allow_private and not self._welcome(entry.url):  # a host that the desk allowed is its own
            return None, MonitorError("page not asked for: the site's robots.txt forbids it", temporary=False)
        request = FetchRequest(entry.url, allow_private=feed.allow_private, max_bytes=PAGE_BYTES, why="page")
        result = self._fetch(request)
        if not result.ok:
            what = f"page {result.error_class}: {result.error}"
            if result.retry_after:
                return None, Busy(what, result.retry_after)
            return None, MonitorError(what, temporary=result.error_class in PAGE_ERRORS_THAT_PASS)
        return self._extract(pending, result)

    def again(self, item: Reread, feed: Feed, record: FeedRecord) -> tuple[FetchResult, PageText | None]:
        """What the server says of a page that was read before, and its text when it was sent anew and can be read."""
        if resting(record, self._clock.now()) or not (feed.allow_private or self._welcome(item.url)):
            return FetchResult(item.url, error_class="not asked"), None
        request = FetchRequest(item.url, item.etag, item.last_modified, feed.allow_private, PAGE_BYTES, why="page")
        result = self._fetch(request)
        if not result.ok or result.not_modified:
            return result, None
        try:
            return result, self._text(item.feed, item.url, result)
        except MonitorError as error:
            return replace(result, error_class="not extracted", error=str(error)), None

    def _fetch(self, request: FetchRequest) -> FetchResult:
        """The page, unless its host has asked for a pause that is not over."""
        host, now = urlsplit(request.url).netloc, self._clock.monotonic()
        self._pauses = {known: until for known, until in self._pauses.items() if until > now}
        if left := self._pauses.get(host, now) - now:
            return FetchResult(
                request.url, error_class="rate_limited", error="the site asked for a pause", retry_after=left
            )
        result = self._fetcher.fetch(request).result()
        if not result.ok and result.retry_after:
            result = replace(result, retry_after=min(result.retry_after, LONGEST_PAUSE))
            self._pauses[host] = now + (result.retry_after or 0.0)
        return result

    def _text(self, feed: str, url: str, result: FetchResult) -> PageText:
        with self._turns.of(feed):
            found: PageText = self._workers.run(
                extract_page, result.body, result.charset, url, timeout=EXTRACT_SECONDS
            ).result()
        return found

    def _extract(self, pending: PendingEntry, result: FetchResult) -> Answer:
        try:
            return self._text(pending.feed, pending.entry.url, result), None
        except MonitorError as error:
            if isinstance(error, WorkerError) and error.kind in HARMFUL:
                return PageText(()), Harm(f"{_HARM}: {error}", temporary=not pending.error.startswith(_HARM))
            return PageText(()), MonitorError(f"page not extracted: {error}", temporary=False)

    def _welcome(self, url: str) -> bool:
        """Does the site let programs read this page? It is asked once a day. A robots.txt that cannot be had forbids
        nothing: the site's own feed has just led us here."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        until, rules = self._robots.get(origin, (0.0, ()))
        now = self._clock.monotonic()
        if until <= now:
            address = urljoin(url, "/robots.txt")
            request = FetchRequest(address, max_bytes=ROBOTS_BYTES, why="robots.txt", patience=ROBOTS_SECONDS)
            result = self._fetcher.fetch(request).result()
            rules = read_robots(result.body.decode("utf-8", "replace"), AGENT) if result.ok else ()
            if len(self._robots) >= ROBOTS_HOSTS:
                self._robots.clear()
            self._robots[origin] = (now + ROBOTS_KEPT, rules)
        return allows(rules, url)
