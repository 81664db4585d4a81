"""What came of a request that did not go well, as a value: its class, and words for people."""

from __future__ import annotations

import ssl

import aiohttp
from aiohttp.http_exceptions import ContentLengthError, TransferEncodingError

from monitor.fetch.body import BadEncoding, TooLarge
from monitor.fetch.guard import BlockedAddress
from monitor.model import FetchRequest, FetchResult

ERROR_OF_STATUS = {
    **dict.fromkeys((401, 403, 407), "auth"),
    404: "not_found",
    408: "timeout",
    410: "gone",
    429: "rate_limited",
}


class RedirectRefused(Exception):
    """A redirect that is not followed."""


def words_of(text: str) -> str:
    """Somebody else's text as one line that can be stored and shown, in a terminal too."""
    seen = "".join(character if character.isprintable() else " " for character in text[:2000])
    return " ".join(seen.split())[:200]


def failure(request: FetchRequest, error_class: str, error: str) -> FetchResult:
    """An answer that is none."""
    return FetchResult(url=request.url, error_class=error_class, error=words_of(error))


def classify(error: Exception) -> tuple[str, str]:
    """The class of a failure and words for people. Order matters: aiohttp's exceptions inherit from each other."""
    words = str(error) or type(error).__name__
    match error:
        case TooLarge():
            return "too_large", words
        case BadEncoding():
            return "encoding", words
        case RedirectRefused():
            return "redirect", words
        case aiohttp.InvalidURL():
            return "blocked", f"not a usable address: {words}"
        case aiohttp.ClientSSLError() | ssl.SSLError() | ssl.CertificateError():
            return "tls", words
        case aiohttp.ClientConnectorDNSError():
            return "dns", f"{error.host}: {error.os_error}"
        case aiohttp.ClientConnectorError() if isinstance(error.os_error, BlockedAddress):
            return "blocked", f"{error.host}: {error.os_error}"
        case aiohttp.ClientConnectorError():
            return "connect", f"{error.host}: {error.os_error}"
        case aiohttp.ClientPayloadError():
            early = isinstance(error.__cause__, ContentLengthError | TransferEncodingError)
            return "network" if early else "protocol", words
        case aiohttp.ClientResponseError():
            return "protocol", error.message or words
        case aiohttp.ClientConnectionError() | OSError():
            return "network", words
        case _:
            return "protocol", f"{type(error).__name__}: {words}"
