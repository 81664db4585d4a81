"""Fetching from a real server on loopback that misbehaves in every way but one per address."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hostile_site import FEED, SITE, Site, move

from monitor.fetch import AioFetcher
from monitor.fetch.guard import is_allowed
from monitor.fetch.slots import Slots
from monitor.model import FetchRequest, FetchResult


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


def test_a_request_may_have_less_patience_than_the_fetcher(get: Get):
    result = get("/silent", patience=0.4)
    assert result.error_class == "timeout"
    assert result.elapsed < 5


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
        *[("::127.0.0.1", False, False), ("::ffff:0:7f00:1", False, False), ("3fff::1", False, False)],
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


def test_requests_to_one_host_begin_one_after_the_other():
    async def begin_all() -> list[float]:
        loop, slots, begun = asyncio.get_running_loop(), Slots(10, 5), []

        async def one(host: str) -> None:
            async with slots.hold(host, 0.05):
                begun.append((host, loop.time()))

        await asyncio.gather(*(one(host) for host in ("slow.example",) * 3 + ("other.example",)))
        await one("slow.example")  # also after a while without any
        return [time for host, time in begun if host == "slow.example"]

    begun = asyncio.run(begin_all())
    assert len(begun) == 4
    assert all(later - earlier > 0.04 for earlier, later in pairwise(begun))


def test_a_secret_is_filled_in_where_the_desk_wrote_its_name_and_never_where_a_stranger_did(
    get: Get, site: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FEED_KEY", "k3y-of-0urs")
    get("/feed?key=${FEED_KEY}", secrets=True)
    assert "key=k3y-of-0urs" in site.requests[-1]
    get("/page?key=${FEED_KEY}")  # an article's link
    site.site["/to-key"] = move("302 Found", "/page?key=${FEED_KEY}")
    get("/to-key", secrets=True)
    assert [request for request in site.requests[-3:] if "k3y-of-0urs" in request] == []


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
