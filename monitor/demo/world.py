"""The invented world itself: every outlet of the script as a small web server on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from monitor.demo.pages import Shown, feed, feed_path, page, page_path
from monitor.demo.script import Item, Script, Site


@dataclass(frozen=True, slots=True)
class Published:
    """An article that has appeared."""

    item: Item
    url: str
    appeared: datetime


class World:
    """Web servers for every site of a script, on free ports of 127.0.0.1.

    What was there before is served at once. The clock of everything else starts when every feed has been asked for
    once, so that a slow start of the monitor turns nothing new into something old; `speed` 2 makes it run twice as
    fast.
    """

    def __init__(self, script: Script, *, speed: float = 1.0) -> None:
        self.script = script
        self.speed = speed
        self._opened = datetime.now(UTC).replace(microsecond=0)
        self._started: float | None = None  # monotonic
        self._began = self._opened
        self._asked: set[str] = set()
        self._lock = threading.Lock()
        self._servers = {site.id: self._serve(site) for site in script.sites}

    def __enter__(self) -> World:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def feeds(self) -> Mapping[str, str]:
        """The address of each outlet's feed."""
        return {site.id: self._base(site) + feed_path(site) for site in self.script.sites}

    @property
    def elapsed(self) -> float:
        """Seconds of the script that have passed; 0 until every feed was asked for."""
        return 0.0 if self._started is None else (time.monotonic() - self._started) * self.speed

    @property
    def finished(self) -> bool:
        """Whether everything has appeared."""
        return self.elapsed >= self.script.length

    def published(self) -> tuple[Published, ...]:
        """Everything that has appeared so far, in the order of the script."""
        sites = {site.id: site for site in self.script.sites}
        return tuple(
            Published(item, self._base(sites[item.site]) + page_path(item), self._when(item))
            for item in self.script.items
            if self._is_out(item)
        )

    def close(self) -> None:
        """Stop all servers."""
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def answer(self, site: Site, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body for a request to a site."""
        shown: list[Shown] = [
            (item, self._when(item)) for item in self.script.items if item.site == site.id and self._is_out(item)
        ]
        if path == feed_path(site):
            kind, body = feed(site, shown, self._base(site))
            self._note_asked(site)
            return 200, kind, body
        for item, published in shown:
            if path == page_path(item):
                others = [other for other, _ in shown if other is not item]
                return 200, "text/html; charset=utf-8", page(site, item, published, others)
        return 404, "text/plain; charset=utf-8", b"not found"

    def _base(self, site: Site) -> str:
        return f"http://127.0.0.1:{self._servers[site.id].server_address[1]}"

    def _is_out(self, item: Item) -> bool:
        return item.at < 0 or (self._started is not None and self.elapsed >= item.at)

    def _when(self, item: Item) -> datetime:
        if item.at < 0:
            return self._opened + timedelta(seconds=item.at)
        return self._began + timedelta(seconds=item.at / self.speed)

    def _note_asked(self, site: Site) -> None:
        with self._lock:
            self._asked.add(site.id)
            if self._started is None and len(self._asked) == len(self.script.sites):
                self._began = datetime.now(UTC)
                self._started = time.monotonic()

    def _serve(self, site: Site) -> ThreadingHTTPServer:
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = world.answer(site, self.path.partition("?")[0])
                tag = f'"{hash(body) & 0xFFFFFFFF:x}"'
                if status == 200 and self.headers.get("If-None-Match") == tag:
                    status, body = 304, b""
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if status in (200, 304):
                    self.send_header("ETag", tag)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # the name is http.server's
                """Nothing: the terminal is the phone's."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.1,), name=f"demo {site.id}", daemon=True).start()
        return server
