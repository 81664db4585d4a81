"""Add feeds to a desk: find them from a site's home page, read each once, and append them to the desk's feeds.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from monitor.config.settings import Settings
from monitor.desk import Desk, load_desk
from monitor.errors import BadConfiguration, MonitorError
from monitor.feeds.discover import feeds_on, sitemaps_below, sitemaps_in
from monitor.feeds.feedlist import add_to, entries_for, host_of
from monitor.feeds.health import CAUSES
from monitor.feeds.opml import Listed
from monitor.feeds.parse import parse_feed
from monitor.fetch import AioFetcher
from monitor.model import FetchRequest, FetchResult, ParsedFeed
from monitor.ports import Fetcher
from monitor.workers import Workers

PARSE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was fetched and read."""

    url: str
    title: str
    entries: int
    allow_private: bool = False


class Finder:
    """Looks at a site with the fetcher and the workers that the daemon uses.

    `allow_private`: the site may be on this machine or a private network.
    """

    def __init__(self, fetcher: Fetcher, workers: Workers, *, allow_private: bool = False) -> None:
        self._fetcher = fetcher
        self._allow_private = allow_private
        self._host: str | None = None
        self._workers = workers

    def find(self, url: str) -> tuple[Found, ...]:
        """The feed at `url` (https:// unless it says otherwise), or the feeds and news sitemaps of the site whose page
        it is; only what can be read.

        Raises MonitorError with the cause when the address itself cannot be had.
        """
        url = url if "://" in url else f"https://{url}"
        self._host = urlsplit(url).hostname
        result = self._ask(url, secrets=True).result()
        if not result.ok:
            cause = CAUSES.get(result.error_class, "it cannot be fetched")
            hint = "; if it may be: --allow-private" if result.error_class == "blocked" else ""
            raise MonitorError(f"{url}: {cause} ({result.error}){hint}", temporary=True)
        if found := self._read(url, result):
            return (found,)
        base = result.final_url or url
        page = result.body.decode(result.charset or "utf-8", "replace") if _known(result.charset) else ""
        candidates = [*feeds_on(page, base), *(Listed(address) for address in self._sitemaps(base))]
        fetched = [(item, self._ask(item.url)) for item in candidates]
        read = (self._read(item.url, future.result(), item.title) for item, future in fetched)
        return tuple(found for found in read if found)

    def _private(self, url: str) -> bool:
        """What a person allowed the site holds for its own host, and for none that its pages name."""
        return self._allow_private and urlsplit(url).hostname == self._host

    def _ask(self, url: str, *, secrets: bool = False) -> Future[FetchResult]:
        return self._fetcher.fetch(FetchRequest(url, allow_private=self._private(url), secrets=secrets))

    def _get(self, url: str) -> FetchResult:
        return self._ask(url).result()

    def _sitemaps(self, base: str) -> list[str]:
        robots = self._get(urljoin(base, "/robots.txt"))
        named = sitemaps_in(robots.body.decode("utf-8", "replace"), base) if robots.ok else ()
        found = [address for address in named if "news" in address.lower()]
        for address in [address for address in named if address not in found][:3]:
            index = self._get(address)
            found += sitemaps_below(index.body) if index.ok else ()
        return found

    def _read(self, url: str, result: FetchResult, title: str = "") -> Found | None:
        if not result.ok:
            return None
        reading = self._workers.run(
            parse_feed, result.body, result.content_type, result.charset, result.final_url or url, timeout=PARSE_SECONDS
        )
        try:
            parsed: ParsedFeed = reading.result()
        except MonitorError:
            return None
        return Found(url, parsed.title or title, len(parsed.entries), self._private(url)) if parsed.entries else None


def _known(charset: str) -> bool:
    try:
        b"".decode(charset or "utf-8")
    except LookupError:
        return False
    return True


def find_feeds(url: str, user_agent: str, *, allow_private: bool = False) -> tuple[Found, ...]:
    """See `Finder.find`; with a fetcher and workers of its own."""
    with ExitStack() as stack:
        fetcher = stack.enter_context(closing(AioFetcher(user_agent=user_agent)))
        workers = stack.enter_context(closing(Workers(count=1)))
        return Finder(fetcher, workers, allow_private=allow_private).find(url)


def add_feeds(settings: Settings, desk: Desk, feeds: Iterable[Listed]) -> tuple[Path, Sequence[Listed]]:
    """Append the feeds that the desk does not watch yet to the overlay's feeds.yaml; the file and what was added.

    The file is put back as it was when the desk does not load with it. Raises MonitorError, BadConfiguration.
    """
    if settings.overlay is None:
        raise MonitorError(
            "this desk has no overlay folder to write to; set one up with: monitor init", temporary=False
        )
    path = settings.overlay / "feeds.yaml"
    new = [feed for feed in {feed.url: feed for feed in feeds}.values() if feed.url not in desk.feeds]
    if not new:
        return path, ()
    before = path.read_text(encoding="utf-8") if path.exists() else None
    known = {host_of(feed.url): desk.outlets[feed.outlet] for feed in desk.feeds.values()}
    added = "".join(text for _, text in entries_for(new, desk.outlets, known))
    try:
        text = add_to(before or "", added)
    except MonitorError as error:
        raise MonitorError(f"{path}: {error}", temporary=False) from None
    path.write_text(text, encoding="utf-8")
    loaded, problems = load_desk(settings)
    if loaded is None or any(feed.url not in loaded.feeds for feed in new):
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
        raise BadConfiguration(problems)
    return path, new
