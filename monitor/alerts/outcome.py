"""What came of a send: accepted, to be tried again, or refused for good. Judged by what the server answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import requests  # what Apprise's services speak HTTP with

from monitor.model import SendResult

TRY_AGAIN = (302, 303, 307, 408, 421, 425, 429)
"""HTTP answers below 500 that pass: a detour of today, a timeout, too many requests."""
_SMTP_CODE = re.compile(r"\(([45]\d\d), b?['\"]")
_SMTP_REFUSED = re.compile(r"was refused: ([45]\d\d)")
_LOGGED_STATUS = re.compile(r"error=(\d{3})\b")
_SIGN_IN = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
_WORDS = (
    ("certificate", "the server's certificate is not trusted"),
    ("STARTTLS", "the server does not offer encryption (STARTTLS)"),
    ("SSL", "no encrypted connection could be made"),
    ("refused", "connection refused"),
    ("timed out", "no answer in time"),
    ("not known", "the server's name cannot be found"),
    ("getaddrinfo", "the server's name cannot be found"),
    ("resolve", "the server's name cannot be found"),
    ("reset", "the connection was cut"),
    ("closed", "the connection was cut"),
    ("aborted", "the connection was cut"),
    ("disconnected", "the connection was cut"),
    ("unreachable", "the server cannot be reached"),
)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What of a server's answer decides."""

    status: int
    retry_after: float | None = None  # seconds
    sign_in: bool = False  # the body is a page that asks for a password


@contextmanager
def watch_http() -> Iterator[list[HttpAnswer]]:
    """Note every HTTP answer while the block runs. Changes this process, so only for one that does nothing else."""
    answers: list[HttpAnswer] = []
    send = requests.Session.send

    def noting(session: Any, request: Any, **options: Any) -> Any:
        response = send(session, request, **options)
        answers.append(_note(response))
        return response

    requests.Session.send = noting  # type: ignore[method-assign, assignment]
    try:
        yield answers
    finally:
        requests.Session.send = send  # type: ignore[method-assign]


def judge_send(status: str, answers: Sequence[HttpAnswer], logged: Sequence[str]) -> SendResult:
    """The result of a send from Apprise's own `status`, the HTTP answers, and what Apprise logged. Pure.

    The detail is made of our words and of codes only: logged lines may hold tokens.
    """
    if status == "SUCCESS":
        if any(answer.sign_in for answer in answers):
            return SendResult(ok=False, detail="a sign-in page answered instead of the service")
        return SendResult(ok=True, detail=f"accepted (HTTP {answers[-1].status})" if answers else "accepted")
    if status == "NOMATCH":
        return SendResult(ok=False, temporary=False, detail="nothing was sent: the URL stands for no service")
    if status == "TIMEOUT":
        return SendResult(ok=False, detail="no answer in time; it may have arrived")
    text = "\n".join(logged)
    bad = next((answer for answer in reversed(answers) if not 200 <= answer.status < 300), None)
    code = bad.status if bad else _first_code(_LOGGED_STATUS, text)
    if 200 <= code < 300:
        return SendResult(ok=False, detail=f"HTTP {code}, but the service says it did not take it")
    if code:
        return _http(code, bad.retry_after if bad else None)
    if smtp := _first_code(_SMTP_REFUSED, text) or _first_code(_SMTP_CODE, text):
        return SendResult(ok=False, temporary=smtp < 500, detail=f"SMTP {smtp}: {_smtp_words(smtp)}")
    detail = next((words for sign, words in _WORDS if sign.lower() in text.lower()), "the service did not take it")
    return SendResult(ok=False, detail=detail)


def _http(code: int, retry_after: float | None) -> SendResult:
    temporary = code >= 500 or code in TRY_AGAIN
    name = HTTPStatus(code).phrase if code in HTTPStatus._value2member_map_ else "unknown answer"
    moved = "; the address has moved, write the new one" if code in (301, 308) else ""
    return SendResult(ok=False, temporary=temporary, detail=f"HTTP {code} {name}{moved}", retry_after=retry_after)


def _smtp_words(code: int) -> str:
    if code in (530, 534, 535):
        return "login refused"
    return "refused" if code >= 500 else "not now"


def _first_code(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found.group(1)) if found else 0


def _note(response: Any) -> HttpAnswer:
    sign_in = response.ok and "html" in response.headers.get("Content-Type", "") and _SIGN_IN.search(response.content)
    return HttpAnswer(response.status_code, _retry_after(response), bool(sign_in))


def _retry_after(response: Any) -> float | None:
    """Seconds from the Retry-After header (a number or a date), or from the field of that name in a JSON answer."""
    if 200 <= response.status_code < 300:
        return None
    header = response.headers.get("Retry-After", "")
    try:
        if header:
            return max(0.0, float(header))
    except ValueError:
        pass
    try:
        if header:
            return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
        answer = response.json()
        value = answer.get("retry_after", answer.get("parameters", {}).get("retry_after"))
        return None if value is None else max(0.0, float(value))
    except (ValueError, TypeError, AttributeError):
        return None
