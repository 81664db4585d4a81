"""A web server on loopback that misbehaves in every way but one per address: raw bytes on sockets, nothing else."""

from __future__ import annotations

import gzip
import socket
import socketserver
import threading
import time
import zlib
from collections.abc import Callable
from email.utils import formatdate

import brotli

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
    "/silent-long": lambda *_: time.sleep(15),
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

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), Misbehave)
        self.site = dict(SITE)
        self.requests: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://{self.server_address[0]}:{self.server_address[1]}{path}"
