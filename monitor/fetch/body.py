"""The body and the small print of an HTTP answer: decoding with a limit, Retry-After. Pure."""

from __future__ import annotations

import email.utils
import zlib
from typing import Protocol

MAX_RETRY_AFTER = 24 * 3600.0  # seconds; a server may ask for a pause, not for silence
OVERHEAD = 65_536  # bytes by which a coded body may be larger than the decoded one


class TooLarge(Exception):
    """The decoded body is larger than allowed."""


class BadEncoding(Exception):
    """The body is not what its Content-Encoding says, or that is one we did not ask for."""


class _Stream(Protocol):
    """A decompressor that never gives out much more than it is told to."""

    def feed(self, data: bytes, limit: int) -> bytes: ...

    @property
    def complete(self) -> bool: ...


class Decoder:
    """Collects a body chunk by chunk and decodes it; at most one coding, at most `max_bytes` when decoded.

    `feed` raises TooLarge or BadEncoding. `complete` is false when a compressed stream stopped before its own end,
    which HTTP clients otherwise take for a whole body (measured in requests, httpx and aiohttp).
    """

    def __init__(self, content_encoding: str, max_bytes: int) -> None:
        self._stream = _stream_for(content_encoding.strip().lower())
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._size = 0
        self._received = 0

    def feed(self, chunk: bytes) -> None:
        self._received += len(chunk)
        if self._received > self._max_bytes + OVERHEAD:  # a coding can yield nothing for megabytes
            raise TooLarge(f"more than {self._max_bytes:,} bytes")
        if chunk:
            part = self._stream.feed(chunk, self._max_bytes - self._size + 1)
            self._size += len(part)
            self._parts.append(part)
        if self._size > self._max_bytes:
            raise TooLarge(f"more than {self._max_bytes:,} bytes when decoded")

    def body(self) -> bytes:
        return b"".join(self._parts)

    @property
    def complete(self) -> bool:
        return self._received == 0 or self._stream.complete


def _stream_for(coding: str) -> _Stream:
    match coding:
        case "" | "identity":
            return _Identity()
        case "gzip" | "x-gzip":
            return _Zlib(31)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case "br":
            return _Brotli()
        case _:
            raise BadEncoding(f"a coding we did not ask for: {coding[:60]}")


class _Identity:
    complete = True

    def feed(self, data: bytes, limit: int) -> bytes:  # noqa: ARG002  the limit is for those that expand
        return data


class _Zlib:
    """gzip (several members may follow each other) or deflate (with its header, as specified, or without)."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._object = zlib.decompressobj(window)
        self._started = False

    def feed(self, data: bytes, limit: int) -> bytes:
        if not self._started and self._window == zlib.MAX_WBITS and data[0] & 0x0F != 8:
            self._object = zlib.decompressobj(-zlib.MAX_WBITS)
        self._started = True
        out = b""
        try:
            while data and len(out) < limit:
                if self._object.eof:
                    if self._window != 31 or not data.startswith(b"\x1f\x8b"):
                        break  # padding after the end: harmless
                    self._object = zlib.decompressobj(self._window)
                out += self._object.decompress(data, limit - len(out))
                data = self._object.unused_data if self._object.eof else self._object.unconsumed_tail
        except zlib.error as error:
            raise BadEncoding(f"the body is not what its coding says: {error}") from None
        return out

    @property
    def complete(self) -> bool:
        return self._object.eof


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._brotli = brotli
        self._object = brotli.Decompressor()

    def feed(self, data: bytes, limit: int) -> bytes:
        out = b""
        try:
            while len(out) < limit and (data or not self._object.can_accept_more_data()):
                out += self._object.process(data, output_buffer_limit=limit - len(out))
                data = b""
        except self._brotli.error as error:
            raise BadEncoding(f"the body is not what its coding says: {error}") from None
        return out

    @property
    def complete(self) -> bool:
        return bool(self._object.is_finished())


def retry_after_seconds(value: str, now: float) -> float | None:
    """Seconds to wait by a Retry-After header (seconds or a date), between 0 and 24 h; None when it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), MAX_RETRY_AFTER)
    try:
        seconds = email.utils.parsedate_to_datetime(value).timestamp() - now
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)
