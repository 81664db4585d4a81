"""Fetching from a real server on loopback that misbehaves in every way but one per address."""

from __future__ import annotations

import gzip
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path

import brotli
import pytest

from monitor.fetch import AioFetcher
from monitor.fetch.guard import is_allowed
from monitor.model import FetchRequest, FetchResult

FEED = b"<rss><channel><title>T</title></channel></rss>"
Behaviour = Callable[[socket.socket, bytes], None]


def answer(status: str = "200 OK", body: bytes = FEED, length: int | None = None, **headers: str) -> bytes:
    fields = {
        "Content_Type": "application/rss+xml; charset=UTF-8",
        "Content_Length": str(len(body) if length is None else length),
    }
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (fields | headers).items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}Connection: close\r\n\r\n".encode() + body


def move(status: str, to: str) -> bytes:
    return answer(status, b"", Location=to)


def endless(prefix: bytes, piece: bytes) -> Behaviour:
    def send(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(prefix)
        while True:  # until the client hangs up
            connection.sendall(piece)

    return send


def drip(data: bytes) -> Behaviour:
    def send(connection: socket.socket, _request: bytes) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(0.2)

    return send


def reset(connection: socket.socket, _request: bytes) -> None:
    connection.sendall(answer(length=1000))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def echo(connection: socket.socket, request: bytes) -> None:
    connection.sendall(answer(body=request))


def conditional(connection: socket.socket, request: bytes) -> None:
    known = b'If-None-Match: "7"' in request or b"If-Modified-Since: Mon" in request
    connection.sendall(
        answer("304 Not Modified", b"", ETag='"7"') if known else answer(ETag='"7"', Last_Modified="Mon")
    )


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n"
ZEROS = b"\0" * 100_000_000
SITE: dict[str, bytes | Behaviour] = {
    "/ok": answer(ETag='"1"', Last_Modified="Sun"),
    "/untyped": answer(Content_Type=""),
    "/echo": echo,
    "/conditional": conditional,
    "/304": answer("304 Not Modified", b""),
    "/gzip": answer(body=gzip.compress(FEED), Content_Encoding="gzip"),
    "/gzip-two": answer(body=gzip.compress(FEED[:9]) + gzip.compress(FEED[9:]), Content_Encoding="gzip"),
    "/gzip-empty": answer(body=b"", Content_Encoding="gzip"),
    "/gzip-cut": answer(body=gzip.compress(FEED * 500)[:-30], Content_Encoding="gzip"),
    "/gzip-lie": answer(Content_Encoding="gzip"),
    "/gzip-gzip": answer(body=gzip.compress(gzip.compress(FEED)), Content_Encoding="gzip, gzip"),
    "/gzip-bomb": answer(body=gzip.compress(ZEROS), Content_Encoding="gzip"),
    "/deflate": answer(body=zlib.compress(FEED), Content_Encoding="deflate"),
    "/deflate-raw": answer(body=zlib.compress(FEED)[2:-4], Content_Encoding="deflate"),
    "/br": answer(body=brotli.compress(FEED), Content_Encoding="br"),
    "/br-cut": answer(body=brotli.compress(FEED * 500)[:-3], Content_Encoding="br"),
    "/br-bomb": answer(body=brotli.compress(ZEROS, quality=1), Content_Encoding="br"),
    "/zstd": answer(Content_Encoding="zstd"),
    "/length-long": answer(length=1000),
    "/length-negative": answer(length=-5),
    "/length-twice": HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n" + FEED,
    "/chunks-cut": HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n" + FEED[:9] + b"\r\n",
    "/chunks-endless": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"A" * 65536 + b"\r\n"),
    "/body-endless": endless(HEAD + b"\r\n", b"A" * 65536),
    "/headers-endless": endless(b"HTTP/1.1 200 OK\r\n", b"X-Pad: " + b"a" * 6000 + b"\r\n"),
    "/trailers-endless": endless(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nA\r\n0\r\n", b"X: " + b"a" * 9000 + b"\r\n"
    ),
    "/hints-endless": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "/slow-headers": drip(answer()),
    "/slow-body": drip(answer(length=100_000)),
    "/silent": lambda *_: time.sleep(1),
    "/hang-up": b"",
    "/reset": reset,
    "/garbage": bytes(range(256)),
    "/http-0.9": FEED,
    "/301": move("301 Moved", "/308"),
    "/308": move("308 Moved", "/ok"),
    "/301-302": move("301 Moved", "/302"),
    "/302": move("302 Found", "/ok#top"),
    "/302-301": move("302 Found", "/308"),
    "/loop": move("302 Found", "/loop"),
    "/nowhere": answer("302 Found", b""),
    "/to-file": move("302 Found", "file:///etc/passwd"),
    "/to-data": move("301 Moved", "data:text/xml,x"),
    "/to-nonsense": move("302 Found", "http://[::1"),
    "/busy": answer("429 Slow down", b"", Retry_After="120"),
    "/busy-for-ever": answer("429 Slow down", b"", Retry_After="999999999"),
    "/closed-until": answer("503 Busy", b"", Retry_After=formatdate(time.time() + 600, usegmt=True)),
    "/raw-headers": HEAD + b"ETag: \xff\xfe\r\nLast-Modified: \xe8\r\nContent-Length: 2\r\n\r\nok",
    "/raw-reason": b"HTTP/1.1 503 Nicht verf\xfcgbar\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "/raw-location": b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\nConnection: close\r\n\r\n",
    "/cookie": answer(Set_Cookie="sid=TRACK; Path=/"),
} | {f"/{status}": answer(f"{status} X", b"") for status in (204, 400, 401, 403, 404, 408, 410, 418, 500, 503)}


class Misbehave(socketserver.BaseRequestHandler):
    server: Site

    def handle(self) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += self.request.recv(65536) or b"\r\n\r\n"
            if request.startswith(b"\x16"):  # TLS, which we do not speak
                self.request.sendall(answer("400 Bad Request", b""))
                return
        path = request.split(b" ")[1].decode()
        self.server.requests.append(request.decode())
        behaviour = self.server.site.get(path, answer("404 Not Found", b""))
        try:
            if isinstance(behaviour, bytes):
                self.request.sendall(behaviour)
            else:
                behaviour(self.request, request)
        except OSError:
            pass  # the client had enough


class Site(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Misbehave)
        self.site = dict(SITE)
        self.requests: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://{self.server_address[0]}:{self.server_address[1]}{path}"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as server:
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def fetcher() -> Iterator[AioFetcher]:
    fetcher = AioFetcher(total_timeout=10.0, per_host=8)
    yield fetcher
    fetcher.close()


@pytest.fixture
def get(site: Site, fetcher: AioFetcher) -> Callable[..., FetchResult]:
    def fetch(path: str, **more: object) -> FetchResult:
        return fetcher.fetch(FetchRequest(site.url(path), allow_private=True, **more)).result(10)  # type: ignore[arg-type]

    return fetch


Get = Callable[..., FetchResult]


def test_a_good_answer_brings_its_body_and_what_the_next_poll_needs(get: Get, site: Site):
    result = get("/ok")
    assert (result.ok, result.status, result.body, result.partial) == (True, 200, FEED, False)
    assert (result.content_type, result.charset) == ("application/rss+xml", "utf-8")
    assert (result.etag, result.last_modified, result.final_url) == ('"1"', "Sun", site.url("/ok"))
    assert 0 < result.elapsed < 10


def test_an_answer_without_a_type_has_none(get: Get):
    assert (get("/untyped").content_type, get("/untyped").charset) == ("", "")


@pytest.mark.parametrize("path", ["/gzip", "/gzip-two", "/deflate", "/deflate-raw", "/br"])
def test_a_coded_body_is_decoded(get: Get, path: str):
    assert (get(path).body, get(path).partial, get(path).error) == (FEED, False, "")


@pytest.mark.parametrize("path", ["/gzip-cut", "/br-cut"])
def test_a_coded_body_that_stops_early_is_partial(get: Get, path: str):
    result = get(path)
    assert (result.ok, result.partial) == (True, True)
    assert result.body.startswith(FEED[:20])


@pytest.mark.parametrize("path", ["/204", "/gzip-empty"])
def test_an_answer_without_a_body_is_an_empty_body(get: Get, path: str):
    assert (get(path).ok, get(path).body, get(path).partial) == (True, b"", False)


@pytest.mark.parametrize(
    ("path", "error_class"),
    [
        *[("/gzip-lie", "encoding"), ("/gzip-gzip", "encoding"), ("/zstd", "encoding")],
        *[
            ("/gzip-bomb", "too_large"),
            ("/br-bomb", "too_large"),
            ("/chunks-endless", "too_large"),
            ("/body-endless", "too_large"),
        ],
        *[("/length-long", "network"), ("/chunks-cut", "network"), ("/reset", "network"), ("/hang-up", "network")],
        *[
            ("/length-negative", "protocol"),
            ("/length-twice", "protocol"),
            ("/garbage", "protocol"),
            ("/http-0.9", "protocol"),
        ],
        *[("/headers-endless", "protocol")],
        *[("/loop", "redirect"), ("/nowhere", "redirect"), ("/to-file", "redirect"), ("/to-data", "redirect")],
        *[("/to-nonsense", "redirect"), ("/304", "http"), ("/400", "http"), ("/418", "http"), ("/408", "timeout")],
        *[("/401", "auth"), ("/403", "auth"), ("/404", "not_found"), ("/410", "gone"), ("/busy", "rate_limited")],
        *[("/500", "server"), ("/503", "server")],
    ],
)
def test_every_misbehaviour_has_its_class(get: Get, path: str, error_class: str):
    result = get(path)
    assert (result.error_class, result.ok, result.body) == (error_class, False, b"")
    assert result.error
    assert "\n" not in result.error


def test_an_answer_that_takes_too_long_is_given_up_at_the_deadline(site: Site):
    fetcher = AioFetcher(total_timeout=0.4, per_host=8)
    paths = ("/slow-headers", "/slow-body", "/silent", "/hints-endless", "/trailers-endless")
    requests = [fetcher.fetch(FetchRequest(site.url(path), allow_private=True)) for path in paths]
    results = [request.result(10) for request in requests]
    fetcher.close()
    assert [result.error_class for result in results[:4]] == ["timeout"] * 4
    assert results[4].error_class in ("timeout", "protocol")  # as the pieces happen to arrive
    assert all(result.elapsed < 5 for result in results)


@pytest.mark.parametrize(
    ("url", "error_class"),
    [
        ("http://name.invalid/", "dns"),
        ("http://127.0.0.1:1/", "connect"),
        ("ftp://127.0.0.1/", "blocked"),
        ("file:///etc/passwd", "blocked"),
        ("nonsense", "blocked"),
        ("http://[::1", "blocked"),
        ("http:///path", "blocked"),
        ("", "blocked"),
    ],
)
def test_what_cannot_be_reached_is_a_failure_too(fetcher: AioFetcher, url: str, error_class: str):
    assert fetcher.fetch(FetchRequest(url, allow_private=True)).result(10).error_class == error_class


def test_a_server_that_speaks_no_tls_is_a_tls_failure(fetcher: AioFetcher, site: Site):
    url = site.url("/ok").replace("http:", "https:")
    assert fetcher.fetch(FetchRequest(url, allow_private=True)).result(10).error_class == "tls"


def test_a_certificate_that_nobody_vouches_for_is_a_tls_failure(fetcher: AioFetcher, site: Site, tmp_path: Path):
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "cert", *names]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    with Site() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        result = fetcher.fetch(FetchRequest(server.url("/ok").replace("http:", "https:"), allow_private=True)).result(
            10
        )
        assert (result.error_class, result.body) == ("tls", b"")
        server.shutdown()


def test_the_limit_is_on_the_decoded_body(get: Get):
    assert get("/gzip", max_bytes=len(FEED)).ok
    assert get("/gzip", max_bytes=len(FEED) - 1).error_class == "too_large"


@pytest.mark.parametrize("path", ["/raw-headers", "/raw-reason", "/raw-location"])
def test_bytes_that_are_no_text_do_not_leave_the_headers(get: Get, path: str):
    result = get(path)
    assert (result.etag, result.last_modified) == ("", "")
    "".join((result.error, result.final_url, result.content_type, result.charset)).encode("utf-8")


# --- conditional requests ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("validator", [{"etag": '"7"'}, {"last_modified": "Mon"}])
def test_validators_are_sent_and_a_304_is_good_news(get: Get, validator: dict[str, str]):
    first, second = get("/conditional"), get("/conditional", **validator)
    assert (first.status, first.etag, first.last_modified) == (200, '"7"', "Mon")
    assert (second.ok, second.not_modified, second.body) == (True, True, b"")


def test_we_say_who_we_are_and_keep_no_cookies(get: Get):
    get("/cookie")
    request = get("/echo").body.decode()
    assert "User-Agent: newsmonitor/" in request
    assert "Cookie" not in request
    assert "Accept-Encoding: gzip, deflate, br\r\n" in request


@pytest.mark.parametrize(
    ("path", "low", "high"), [("/busy", 120, 120), ("/busy-for-ever", 86400, 86400), ("/closed-until", 100, 600)]
)
def test_retry_after_is_read_as_seconds_or_date_up_to_a_day(get: Get, path: str, low: float, high: float):
    assert low <= (get(path).retry_after or 0) <= high


# --- redirects ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "permanent"), [("/302", ""), ("/302-301", ""), ("/301", "/ok"), ("/308", "/ok"), ("/301-302", "/302")]
)
def test_redirects_are_followed_and_the_permanent_ones_reported(get: Get, site: Site, path: str, permanent: str):
    result = get(path)
    assert (result.body, result.final_url) == (FEED, site.url("/ok"))
    assert result.permanent_url == (site.url(permanent) if permanent else "")


def test_five_redirects_are_followed_and_not_six(get: Get, site: Site):
    site.site |= {f"/hop{n}": move("302 Found", f"/hop{n - 1}") for n in range(1, 7)} | {"/hop0": SITE["/ok"]}
    assert get("/hop5").ok
    assert get("/hop6").error_class == "redirect"


def test_a_redirect_to_another_private_host_is_not_followed_even_when_the_first_was_allowed(get: Get, site: Site):
    with Site("127.0.0.2") as neighbour:
        site.site["/to-neighbour"] = move("302 Found", neighbour.url("/ok"))
        assert get("/to-neighbour").error_class == "blocked"
        assert neighbour.requests == []
        neighbour.shutdown()


# --- addresses ---------------------------------------------------------------------------------------------------

PRIVATE_FORMS = [
    *[
        "127.0.0.1",
        "localhost",
        "localhost.",
        "2130706433",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "127.1",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
    ],
    *["[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "user@127.0.0.1", "0.0.0.0", "0"],
]


@pytest.mark.parametrize("host", PRIVATE_FORMS)
def test_no_way_of_writing_loopback_reaches_it(fetcher: AioFetcher, site: Site, host: str):
    before = len(site.requests)
    result = fetcher.fetch(FetchRequest(f"http://{host}:{site.server_address[1]}/ok")).result(10)
    assert result.error_class in ("blocked", "dns")
    assert len(site.requests) == before


@pytest.mark.parametrize(
    ("address", "guarded", "private"),
    [
        *[("93.184.216.34", True, True), ("2606:2800:220:1::1", True, True), ("::ffff:93.184.216.34", True, True)],
        *[
            ("127.0.0.1", False, True),
            ("10.0.0.5", False, True),
            ("192.168.1.1", False, True),
            ("172.31.0.1", False, True),
        ],
        *[
            ("100.64.0.1", False, True),
            ("::1", False, True),
            ("fd00::5", False, True),
            ("::ffff:10.0.0.5", False, True),
        ],
        *[
            ("169.254.169.254", False, False),
            ("fe80::1%eth0", False, False),
            ("0.0.0.0", False, False),
            ("::", False, False),
        ],
        *[
            ("224.0.0.1", False, False),
            ("ff02::1", False, False),
            ("255.255.255.255", False, False),
            ("240.0.0.1", False, False),
        ],
        *[("2002:7f00:1::", False, False), ("64:ff9b::7f00:1", False, False), ("64:ff9b:1::1", False, False)],
        *[
            ("2001::1", False, False),
            ("192.88.99.1", False, False),
            ("5f00::1", False, False),
            ("192.0.2.1", False, False),
        ],
        *[("::ffff:169.254.169.254", False, False), ("198.18.0.1", False, False), ("fec0::1", False, False)],
    ],
)
def test_which_addresses_may_be_connected_to(address: str, guarded: bool, private: bool):
    assert is_allowed(address, allow_private=False) is guarded
    assert is_allowed(address, allow_private=True) is private


# --- many at once, and the end -----------------------------------------------------------------------------------


def test_waiting_for_a_slow_host_neither_times_out_nor_holds_up_another():
    with Site() as slow, Site("127.0.0.2") as quick:
        fetcher = AioFetcher(total_timeout=0.3, connections=3, per_host=1)
        silent = [fetcher.fetch(FetchRequest(slow.url("/silent"), allow_private=True)) for _ in range(3)]
        good = fetcher.fetch(FetchRequest(slow.url("/ok"), allow_private=True))
        assert fetcher.fetch(FetchRequest(quick.url("/ok"), allow_private=True)).result(5).ok
        assert not any(future.done() for future in silent[1:])  # it did not have to wait for them
        assert [future.result(5).error_class for future in silent] == ["timeout"] * 3
        assert good.result(5).ok  # it waited three times as long as the deadline
        fetcher.close()
        slow.shutdown()
        quick.shutdown()


def test_closing_ends_what_is_under_way_as_a_failure_and_does_not_wait(site: Site):
    fetcher = AioFetcher()
    under_way = fetcher.fetch(FetchRequest(site.url("/silent"), allow_private=True))
    while not any("/silent" in request for request in site.requests[-3:]):
        time.sleep(0.01)
    started = time.monotonic()
    fetcher.close()
    fetcher.close()
    assert under_way.result(0).error_class == "network"
    assert fetcher.fetch(FetchRequest(site.url("/ok"))).result(0).error_class == "network"
    assert time.monotonic() - started < 20
