"""HTTP for feeds and pages: bounded, guarded, never raises. The only asynchronous code, in one thread of its own.

Every limit here is there because a server on the open web can be hostile: a deadline over the whole exchange, a cap on
the decoded body, five redirects, and a look at the address of every single connection before it is opened.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import aiohttp
from aiohttp.abc import ResolveResult
from yarl import URL

from monitor import __version__
from monitor.fetch.body import Decoder, retry_after_seconds
from monitor.fetch.guard import BlockedAddress, open_socket
from monitor.fetch.outcome import ERROR_OF_STATUS, RedirectRefused, classify, failure, words_of
from monitor.fetch.secrets import fill_in, take_out
from monitor.fetch.slots import Slots
from monitor.model import FetchRequest, FetchResult
from monitor.outgoing import Outgoing

MAX_REDIRECTS = 5
CONNECT_TIMEOUT = 10.0  # seconds for one TCP and TLS handshake: a black hole must not use up the whole deadline
DNS_TIMEOUT = 10.0  # seconds
DNS_THREADS = 16  # getaddrinfo blocks a thread each; the default of 6 lets a few dead names starve all others
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
USER_AGENT = f"newsmonitor/{__version__} (news monitoring; feed reader)"
PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}
_T = TypeVar("_T")


class AioFetcher:
    """Fetches over HTTP(S), many at once, from any thread. Implements `ports.Fetcher`.

    `connections` requests run at once, `per_host` of them to one host, begun at least `pause` seconds after each other
    (hosts that somebody allowed by hand need no pause). The others wait, and waiting does not count against
    `total_timeout` (seconds), which bounds one request from its first look-up to its last byte.
    """

    def __init__(
        self,
        user_agent: str = USER_AGENT,
        connections: int = 64,
        per_host: int = 2,
        total_timeout: float = 30.0,
        pause: float = 0.5,
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate, br"}
        self._total_timeout = total_timeout
        self._pause = pause
        self._slots = Slots(connections, per_host)
        self.outgoing = Outgoing()  # which hosts were asked, redirects included
        self._loop = asyncio.new_event_loop()
        self._dns = ThreadPoolExecutor(DNS_THREADS, thread_name_prefix="dns")
        self._loop.set_default_executor(self._dns)
        self._thread = threading.Thread(target=self._loop.run_forever, name="fetch", daemon=True)
        self._thread.start()
        self._closed = False
        self._sessions = self._call(self._open_sessions())

    def fetch(self, request: FetchRequest) -> Future[FetchResult]:
        """The answer to `request`, or what went wrong with it, as a value; the future never holds an exception."""
        if self._closed:
            stopped: Future[FetchResult] = Future()
            stopped.set_result(failure(request, "network", "the fetcher is closed"))
            return stopped
        return asyncio.run_coroutine_threadsafe(self._fetch(request), self._loop)

    def echo(self) -> Future[None]:
        """Done as soon as the loop gets to it: it turns."""
        return asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop)

    def close(self) -> None:
        """Abandon what is under way (its futures end as `network` failures) and free the thread."""
        if self._closed:
            return
        self._closed = True
        self._call(self._close_sessions())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._dns.shutdown(wait=False, cancel_futures=True)

    # --- inside the loop's thread --------------------------------------------------------------------------------

    def _call(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open_sessions(self) -> dict[bool, aiohttp.ClientSession]:
        return {allow_private: self._session(allow_private) for allow_private in (False, True)}

    def _session(self, allow_private: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            socket_factory=partial(open_socket, allow_private=allow_private),
            resolver=_Resolver(),
            use_dns_cache=False,  # an address is looked up and judged anew for each connection
            limit=0,  # our own slots bound it, so that waiting does not eat the deadline
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,  # no proxy and no password file that nobody asked for
            trace_configs=[self._tracing()],
            auto_decompress=False,  # we do it, with a limit, and notice a stream that stops early
            raise_for_status=False,
        )

    def _tracing(self) -> aiohttp.TraceConfig:
        """Notes each request as its headers leave, and each that got no further than a connection."""
        tracing = aiohttp.TraceConfig()

        async def left(_session: Any, context: Any, sent: aiohttp.TraceRequestHeadersSentParams) -> None:
            self.outgoing.note(sent.url.host or "", context.trace_request_ctx)

        async def failed(_session: Any, context: Any, what: aiohttp.TraceRequestExceptionParams) -> None:
            error = what.exception
            if isinstance(error, aiohttp.ClientConnectorError) and not isinstance(error.os_error, BlockedAddress):
                self.outgoing.note(what.url.host or "", context.trace_request_ctx)

        tracing.on_request_headers_sent.append(left)
        tracing.on_request_exception.append(failed)
        return tracing

    async def _close_sessions(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for session in self._sessions.values():
            await session.close()

    async def _fetch(self, request: FetchRequest) -> FetchResult:
        if not request.secrets:
            return await self._begin(request, request.url)
        try:
            return take_out(await self._begin(request, fill_in(request.url)), request.url)
        except ValueError as error:
            return failure(request, "blocked", f"not a usable address: {error}")

    async def _begin(self, request: FetchRequest, address: str) -> FetchResult:
        try:
            url = URL(address)
            if url.scheme not in ("http", "https") or not url.host:
                return failure(request, "blocked", "only http and https addresses are fetched")
            async with self._slots.hold(url.host, 0.0 if request.allow_private else self._pause):
                return await self._timed(request, url)
        except asyncio.CancelledError:
            if not self._closed:
                raise
            return failure(request, "network", "the fetcher is closing")
        except (ValueError, TypeError) as error:
            return failure(request, "blocked", f"not a usable address: {error}")

    async def _timed(self, request: FetchRequest, url: URL) -> FetchResult:
        started = time.monotonic()
        patience = min(request.patience, self._total_timeout)
        try:
            async with asyncio.timeout(patience):
                result = await self._follow(request, url)
        except TimeoutError as error:
            if isinstance(error, aiohttp.ConnectionTimeoutError):
                result = failure(request, "connect", f"no connection within {CONNECT_TIMEOUT:.0f} s")
            else:
                result = failure(request, "timeout", f"not finished within {patience:.0f} s")
        except Exception as error:  # one request must never stop the others, whatever a server made a library do
            result = failure(request, *classify(error))
        return replace(result, elapsed=time.monotonic() - started)

    async def _follow(self, request: FetchRequest, url: URL) -> FetchResult:
        """The request and up to five redirects of it.

        `allow_private` is a word about the host that somebody wrote into a file. It holds for that host only: a
        redirect to any other host is guarded, so that a feed on the inside cannot be used to reach its neighbours.
        Validators belong to the host that gave them and do not travel to another one either.
        """
        first_host, permanent_url, permanent = url.host, "", True
        for _ in range(MAX_REDIRECTS + 1):
            at_home = url.host == first_host
            session = self._sessions[request.allow_private and at_home]
            headers = _request_headers(request, with_validators=at_home)
            why = request.why
            async with session.get(url, headers=headers, allow_redirects=False, trace_request_ctx=why) as response:
                if response.status not in REDIRECTS:
                    result = await _read(
                        request, response, sent_validators="If-None-Match" in headers or "If-Modified-Since" in headers
                    )
                    return replace(result, permanent_url=permanent_url) if result.ok else result
                permanent = permanent and response.status in PERMANENT
                url = _redirect_target(response)
                permanent_url = str(url) if permanent else permanent_url
        raise RedirectRefused(f"more than {MAX_REDIRECTS} redirects")


class _Resolver(aiohttp.ThreadedResolver):
    """The system's resolver with a time limit, so that a dead name server is told apart from a slow site."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            async with asyncio.timeout(DNS_TIMEOUT):
                return await super().resolve(host, port, family)
        except TimeoutError:
            raise OSError(None, f"no answer from the name server within {DNS_TIMEOUT:.0f} s") from None


def _request_headers(request: FetchRequest, *, with_validators: bool) -> dict[str, str]:
    headers = {"Accept": request.accept or ACCEPT}
    if with_validators and request.etag:
        headers["If-None-Match"] = request.etag
    if with_validators and request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    return headers


def _redirect_target(response: aiohttp.ClientResponse) -> URL:
    location = response.headers.get("Location", "")
    if not location:
        raise RedirectRefused(f"status {response.status} without a place to go to")
    try:
        target = response.url.join(URL(location)).with_fragment(None)
    except ValueError as error:
        raise RedirectRefused(f"a redirect to something that is no address: {error}") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise RedirectRefused(f"a redirect to a {target.scheme or 'strange'} address")
    return target


async def _read(request: FetchRequest, response: aiohttp.ClientResponse, *, sent_validators: bool) -> FetchResult:
    """The final answer: its headers, and its decoded body when there is one to use."""
    headers = response.headers
    content_type, _, _ = _field(headers, "Content-Type").partition(";")
    result = FetchResult(
        url=request.url,
        status=response.status,
        content_type=content_type.strip().lower(),
        charset=(response.charset or "").strip().lower() if _field(headers, "Content-Type") else "",
        etag=_field(headers, "ETag"),
        last_modified=_field(headers, "Last-Modified"),
        final_url=str(response.url.with_fragment(None)),
        retry_after=retry_after_seconds(_field(headers, "Retry-After"), time.time()),
    )
    if response.status == 304:
        if sent_validators:
            return result
        return replace(result, error_class="http", error="304 Not Modified, though we sent nothing to compare with")
    if not 200 <= response.status < 300:
        error_class = ERROR_OF_STATUS.get(response.status, "server" if response.status >= 500 else "http")
        return replace(
            result, error_class=error_class, error=words_of(f"status {response.status} {response.reason or ''}")
        )
    decoder = Decoder(headers.get("Content-Encoding", ""), request.max_bytes)
    async for chunk in response.content.iter_any():
        decoder.feed(chunk)
    return replace(result, body=decoder.body(), partial=not decoder.complete)


def _field(headers: Mapping[str, str], name: str) -> str:
    """A header's value, "" when missing or not plain ASCII: other bytes arrive as characters no database takes."""
    value = headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) <= 1000 else ""
