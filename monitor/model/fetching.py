"""What is asked of a server and what comes back. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to fetch, and how carefully."""

    url: str
    etag: str = ""
    last_modified: str = ""
    allow_private: bool = False
    max_bytes: int = 10_000_000  # of the decoded body
    accept: str = ""
    why: str = "feed"  # what it is for, as `monitor egress` tells it
    patience: float = 30.0  # seconds from the first look-up to the last byte; the fetcher may have less
    secrets: bool = False  # may ${NAME} in the address be filled in? Only where the desk wrote it, no stranger


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came back. A failure has an `error_class` (see FeedState.error_class), an answer has none."""

    url: str
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    charset: str = ""  # as declared by the server
    etag: str = ""
    last_modified: str = ""
    final_url: str = ""
    permanent_url: str = ""  # where a chain of permanent redirects led, "" without one
    partial: bool = False  # the body was cut off before its end
    retry_after: float | None = None  # seconds
    error_class: str = ""
    error: str = ""  # for people
    elapsed: float = 0.0  # seconds

    @property
    def ok(self) -> bool:
        return not self.error_class

    @property
    def not_modified(self) -> bool:
        return self.status == 304
