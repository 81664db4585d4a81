"""Did a message arrive? Asked where it should lie: a mail folder, a web address, a folder. Runs in a worker process.

The answers are our own words: an address may hold a password, and what a server says may repeat it.
"""

from __future__ import annotations

import base64
import imaplib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

SECONDS = 15.0  # for one step of an exchange; the worker that runs it is killed after LONGEST
LONGEST = 60.0
MOST = 5_000_000  # bytes of an answer that are searched


def not_found(address: str, code: str) -> str:
    """ "" when a message with this code lies at the address, else why it was not found, in words."""
    parts = urlsplit(address)
    try:
        if parts.scheme in ("imap", "imaps"):
            return _in_mail_folder(address, code)
        if parts.scheme in ("http", "https"):
            return _on_page(address, code)
        return _in_folder(Path(address.partition("://")[2]).expanduser(), code)
    except imaplib.IMAP4.error as error:
        refused = "AUTHENTICATIONFAILED" in str(error) or "LOGIN" in str(error).upper()
        return "the mail server refuses the login" if refused else "the mail server does not answer as it should"
    except urllib.error.HTTPError as error:
        error.close()
        return f"the receipt's address answers with status {error.code}"
    except (OSError, ValueError) as error:
        return f"the receipt's address cannot be reached: {type(error).__name__}"


def _in_mail_folder(address: str, code: str) -> str:
    """imaps://USER:PASSWORD@HOST/FOLDER, in INBOX without a folder; nothing there is changed or marked as read."""
    parts = urlsplit(address)
    make: Any = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    with make(parts.hostname, port, timeout=SECONDS) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        status, _ = server.select(f'"{folder}"', readonly=True)
        if status != "OK":
            return f"the mail server has no folder {folder}"
        status, found = server.search(None, "TEXT", f'"{code}"')  # a header, X-Alert-Id, and the text have it
    return "" if status == "OK" and found[0] else f"not in the mail folder {folder}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would take the credentials elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _on_page(address: str, code: str) -> str:
    """https://HOST/…; with USER:PASSWORD@ or TOKEN@ before the host for a server that asks who we are."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    request = urllib.request.Request(urlunsplit(parts._replace(netloc=host)))
    user, password = unquote(parts.username or ""), parts.password
    if password is not None:
        both = base64.b64encode(f"{user}:{unquote(password)}".encode()).decode()
        request.add_header("Authorization", f"Basic {both}")
    elif user:
        request.add_header("Authorization", f"Bearer {user}")
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
        text = answer.read(MOST)
    return "" if code.encode() in text else "not in what the receipt's address shows"


def _in_folder(folder: Path, code: str) -> str:
    found = any(code in path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("*.txt"))
    return "" if found else "not in the folder"
