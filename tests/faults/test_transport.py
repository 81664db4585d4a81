"""Rows F03 to F40: what servers and networks do to an answer, what the poll ends with, and that news still comes."""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
import sys
import time
import zlib
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from faults.cases import rows
from faults.faulty_world import NEWS, OTHER_NEWS, OTHER_TEXT, World, feed, item, opened
from faults.memory import peak_growth
from hostile_site import HEAD, SITE, Behaviour, Site, answer, drip, endless, move

from monitor.fetch import AioFetcher
from monitor.model import FeedHealth, FetchRequest
from monitor.workers import Workers

pytestmark = pytest.mark.slow
GOOD = feed(item(guid="news"))
CUT = GOOD.index(b"</item>") + 20  # after the news, inside the next item
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def bomb(coding: str, megabytes: int = 400) -> bytes:
    """An answer of a few kilobytes that decodes to many megabytes."""
    block = bytes(1 << 20)
    if coding == "br":
        brotler = brotli.Compressor(quality=1)
        body = b"".join(brotler.process(block) for _ in range(megabytes)) + brotler.finish()
    else:
        zipper = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = b"".join(zipper.compress(block) for _ in range(megabytes)) + zipper.flush()
    return answer(body=body, Content_Encoding=coding)


def zipped(body: bytes) -> bytes:
    return answer(body=body, Content_Encoding="gzip")


FAULTS: list[tuple[str, bytes | Behaviour, tuple[str, ...]]] = [
    ("F06", drip(answer(body=GOOD)), ("timeout",)),
    ("F07", drip(answer(body=GOOD, length=100_000)), ("timeout",)),
    ("F08", SITE["/silent-long"], ("timeout",)),
    ("F09", SITE["/reset"], ("network",)),
    ("F10", SITE["/hang-up"], ("network",)),
    ("F11", SITE["/chunks-endless"], ("too_large",)),
    ("F12", SITE["/body-endless"], ("too_large",)),
    ("F13", SITE["/headers-endless"], ("protocol",)),
    ("F13", endless(b"HTTP/1.1 200 OK\r\nX-Pad: ", b"a" * 65536), ("protocol",)),
    ("F14", SITE["/hints-endless"], ("timeout",)),
    ("F15", SITE["/trailers-endless"], ("protocol", "timeout")),
    ("F16", endless(CHUNKED + b"5;", b"a" * 65536), ("protocol", "timeout")),
    ("F17", endless(CHUNKED, b"1\r\nA\r\n" * 50), ("timeout", "too_large")),
    ("F18", answer(body=GOOD, length=len(GOOD) + 1000), ("network",)),
    ("F20", SITE["/length-negative"], ("protocol",)),
    ("F20", SITE["/length-twice"], ("protocol",)),
    ("F22", SITE["/garbage"], ("protocol",)),
    ("F22", GOOD, ("protocol",)),
    ("F24", answer(body=gzip.compress(gzip.compress(gzip.compress(GOOD))), Content_Encoding="gzip, gzip, gzip"),
     ("encoding",)),
    ("F26", answer(body=GOOD, Content_Encoding="zstd"), ("encoding",)),
    ("F28", answer(body=GOOD, Content_Encoding="gzip"), ("encoding",)),
    ("F29", answer(body=GOOD, Content_Encoding=", ".join(["gzip"] * 1000)), ("encoding",)),
    ("F29", answer(body=GOOD, Content_Encoding=", ".join(["gzip"] * 2000)), ("encoding", "protocol")),
    ("F30", move("302 Found", "/feed"), ("redirect",)),
    *[("F31", move("302 Found", f"{scheme}:{rest}"), ("redirect",)) for scheme, rest in (
        ("file", "///etc/passwd"), ("data", "text/xml,x"), ("ftp", "//127.0.0.1/x"), ("gopher", "//127.0.0.1:70/"))],
    ("F33", answer("410 Gone", b""), ("gone",)),
    ("F34", answer("401 Unauthorized", b""), ("auth",)),
    ("F34", answer("403 Forbidden", b""), ("auth",)),
    ("F35", answer("404 Not Found", b""), ("not_found",)),
    ("F37", answer("500 Oops", b""), ("server",)),
    ("F37", answer("503 Busy", b""), ("server",)),
]  # fmt: skip


@pytest.mark.parametrize(("behaviour", "classes"), rows(FAULTS))
def test_a_fault_has_its_class_and_costs_nothing_that_comes_later(
    world: World, fetcher: AioFetcher, behaviour: bytes | Behaviour, classes: tuple[str, ...]
) -> None:
    world.serve(behaviour)
    with pytest.MonkeyPatch.context() as patch:
        if "timeout" in classes:
            patch.setattr(fetcher, "_total_timeout", 1.0)  # for this one: a busy machine may need longer for good ones
        state = world.turn()
    assert state.error_class in classes, state
    assert state.failures == 1
    assert state.error
    assert world.told == []
    world.serve(answer(body=GOOD))
    assert world.turn().health is FeedHealth.OK
    assert [NEWS in message for message in world.told] == [True]


@pytest.mark.parametrize(
    "behaviour",
    rows(
        [
            ("F21", HEAD + b'ETag: "cut"\r\n\r\n' + GOOD[:CUT]),
            ("F27", answer(body=gzip.compress(GOOD)[:-9], Content_Encoding="gzip", ETag='"cut"')),
            ("F27", answer(body=brotli.compress(GOOD * 3)[:-3], Content_Encoding="br", ETag='"cut"')),
        ]
    ),
)
def test_of_a_body_that_was_cut_off_the_good_part_is_told_and_the_rest_is_asked_for_again(
    world: World, behaviour: bytes
) -> None:
    world.serve(behaviour)
    state = world.turn()
    assert (state.health, state.error_class) == (FeedHealth.PARTIAL, "")
    assert (state.etag, state.last_modified, state.body_hash) == ("", "", "")
    assert [NEWS in message for message in world.told] == [True]


@pytest.mark.parametrize("coding", rows([("F23", "gzip"), ("F25", "br")]))
def test_a_bomb_does_not_go_off(world: World, coding: str) -> None:
    world.serve(bomb(coding))
    with peak_growth() as grown:
        state = world.turn()
    assert state.error_class == "too_large"
    assert grown() < 64 << 20


@pytest.mark.fault("F03")
def test_a_refused_connection(tmp_path: Path, site: Site, fetcher: AioFetcher, workers: Workers) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"
        with opened(tmp_path, site, fetcher, workers, url=url) as world:
            assert world.turn().error_class == "connect"


@pytest.mark.fault("F04")
def test_a_black_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener whose queue is full drops what comes, as a firewall does."""
    monkeypatch.setattr("monitor.fetch.client.CONNECT_TIMEOUT", 1.0)
    fetcher = AioFetcher(total_timeout=20.0)
    with socket.socket() as hole, socket.socket() as first, socket.socket() as second:
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(hole.getsockname())
        url = f"http://127.0.0.1:{hole.getsockname()[1]}/"
        result = fetcher.fetch(FetchRequest(url, allow_private=True)).result(30)
    fetcher.close()
    assert (result.error_class, result.elapsed < 10) == ("connect", True)


CERTIFICATES = """
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 30
for name in good expired other; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out $name.csr -subj /CN=$name
  [ $name = other ] && host=DNS:elsewhere.example || host=IP:127.0.0.1
  echo "subjectAltName=$host" > $name.ext
  [ $name = expired ] && days=-1 || days=30
  openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile $name.ext -days $days -out $name.pem
done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout self.key -out self.pem -subj /CN=self \
  -addext subjectAltName=IP:127.0.0.1 -days 30
"""
ASK_WITH_TLS = """
import ssl, sys
from hostile_site import Site
from monitor.fetch import AioFetcher
from monitor.model import FetchRequest
fetcher = AioFetcher()
for name in ("good", "expired", "other", "self"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(name + ".pem", name + ".key")
    with Site() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        url = server.url("/ok").replace("http:", "https:")
        result = fetcher.fetch(FetchRequest(url, allow_private=True)).result(20)
        print(name, result.error_class or "read", len(server.requests))
        server.shutdown()
fetcher.close()
"""


@pytest.mark.fault("F05")
def test_certificates_that_do_not_hold(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make certificates with")
    subprocess.run(["bash", "-ec", CERTIFICATES], cwd=tmp_path, check=True, capture_output=True)
    here = Path(__file__).parents[1]
    paths = {"PYTHONPATH": f"{here}:{here.parent}", "SSL_CERT_FILE": str(tmp_path / "ca.pem")}
    done = subprocess.run(
        [sys.executable, "-c", ASK_WITH_TLS], cwd=tmp_path, env=paths, capture_output=True, text=True, timeout=50
    )
    assert done.stdout.split("\n")[:4] == ["good read 1", "expired tls 0", "other tls 0", "self tls 0"], done.stderr


@pytest.mark.fault("F19")
@pytest.mark.parametrize("pause", [0.0, 0.2])
def test_a_length_that_is_too_short_never_passes_for_the_whole_feed(world: World, pause: float) -> None:
    """The rest arrives after the answer's end; whether what came before it can still be had is the client's luck."""

    def miscount(connection: socket.socket, _request: bytes) -> None:
        head, _, body = answer(body=GOOD, length=CUT, ETag='"cut"').partition(b"\r\n\r\n")
        connection.sendall(head + b"\r\n\r\n" + body[:CUT])
        time.sleep(pause)
        connection.sendall(body[CUT:])

    world.serve(miscount)
    state = world.turn()
    assert (state.health, state.error_class) in ((FeedHealth.PARTIAL, ""), (FeedHealth.FAILING, "protocol"))
    assert state.etag != '"cut"'
    assert len(world.told) == (state.health is FeedHealth.PARTIAL)
    if pause:
        assert state.health is FeedHealth.PARTIAL


@pytest.mark.fault("F36")
def test_a_pause_that_a_server_asks_for_is_kept_up_to_a_day(world: World) -> None:
    world.serve(answer("429 Slow down", b"", Retry_After="999999999"))
    state = world.turn()
    assert state.error_class == "rate_limited"
    assert state.next_poll is not None
    assert state.next_poll - world.clock.now() == timedelta(days=1)


@pytest.mark.fault("F39")
def test_validators_that_lie_neither_repeat_nor_hide_news(world: World) -> None:
    for number in range(3):
        world.serve(answer(body=GOOD, ETag=f'"{number}"'))
        world.turn()
    assert len(world.told) == 1
    world.serve(answer(body=feed(item(OTHER_NEWS, guid="more", text=OTHER_TEXT)), ETag='"2"'))
    world.turn()
    assert len(world.told) == 2


@pytest.mark.fault("F40")
def test_a_cookie_is_never_sent_back(world: World) -> None:
    world.serve(answer(body=GOOD, Set_Cookie="sid=TRACK; Path=/"))
    for _ in range(2):
        world.turn()
    assert not [request for request in world.site.requests if "cookie" in request.lower()]
