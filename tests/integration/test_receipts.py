"""A message is read again where it must lie: in a mail folder of a real IMAP server, on a page, in a folder."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from channel_values import PASSWORD, STORY, free_port, send

from monitor.config.settings import ChannelSettings
from monitor.watch.readback import not_found
from monitor.watch.receipts import asker, receipt_of
from monitor.workers import Workers

CODE = STORY[:6]

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    pool = Workers(count=1)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def imap() -> Iterator[str]:
    """The address of a mail folder."""
    port = free_port()
    account = ["--demo-user", "desk", "--demo-password", PASSWORD]
    server = subprocess.Popen(
        [
            Path(sys.executable).with_name("pymap"),
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--no-tls",
            "dict",
            *account,
        ],
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)
    yield f"imap://desk:{PASSWORD}@127.0.0.1:{port}/INBOX"
    server.kill()
    server.wait(10)


class Post:
    """Takes mail, and puts it into a folder of the IMAP server, or drops it."""

    def __init__(self, port: int) -> None:
        self.drops = False
        self._port = port

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if not self.drops:
            with imaplib.IMAP4("127.0.0.1", self._port) as client:
                client.login("desk", PASSWORD)
                client.append("INBOX", "", "", envelope.content)
        return "250 OK"


def test_mail_that_is_taken_and_dropped_is_not_found_and_mail_that_arrives_is(imap: str, workers: Workers) -> None:
    post = Post(int(imap.rpartition(":")[2].partition("/")[0]))
    smtp = Controller(post, hostname="127.0.0.1", port=free_port())
    smtp.start()
    ask = asker(workers)
    url = f"mailto://127.0.0.1:{smtp.port}/?mode=insecure&smtp=127.0.0.1&to=desk@example.org&from=m@example.org"
    try:
        post.drops = True
        assert send(url, workers).ok
        assert ask(imap, CODE) == "not in the mail folder INBOX"
        post.drops = False
        assert send(url, workers).ok
        assert ask(imap, CODE) == ""
    finally:
        smtp.stop()
    wrong = ask(imap.replace(PASSWORD, "wr0ng-Passw0rd"), CODE)
    assert wrong == "the mail server refuses the login"
    assert ask(imap.replace("INBOX", "Alerts"), CODE) == "the mail server has no folder Alerts"
    assert ask(f"imap://desk:{PASSWORD}@127.0.0.1:{free_port()}/INBOX", CODE).startswith("the receipt's address cannot")


@pytest.fixture
def page() -> Iterator[tuple[str, list[str]]]:
    """A server that shows what its list holds to whoever has the token."""
    shown: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers["Authorization"] in ("Bearer t0ken", "Basic dTpw")
            self.send_response((302 if self.path == "/moved" else 200) if known else 403)
            self.send_header("Location", "/")
            self.end_headers()
            self.wfile.write("\n".join(shown).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", shown
    server.shutdown()
    server.server_close()


def test_a_page_that_shows_the_channels_messages_is_a_receipt(page: tuple[str, list[str]]) -> None:
    host, shown = page
    shown.append("an older message [#aaaaaa]")
    assert not_found(f"http://t0ken@{host}/messages", CODE) == "not in what the receipt's address shows"
    shown.append(f"[canary] The daily test … [#{CODE}]")
    assert not_found(f"http://t0ken@{host}/messages", CODE) == ""
    assert not_found(f"http://u:p@{host}/messages", CODE) == ""
    assert not_found(f"http://{host}/messages", CODE) == "the receipt's address answers with status 403"
    assert not_found(f"http://t0ken@{host}/moved", CODE) == "the receipt's address answers with status 302"


def test_a_mailbox_folder_is_its_own_receipt(tmp_path: Path, workers: Workers) -> None:
    url = f"mailbox://{tmp_path}/box"
    receipt = receipt_of(ChannelSettings("box", url))
    assert not_found(receipt, CODE) == "not in the folder"
    assert send(url, workers).ok
    assert not_found(receipt, CODE) == ""
    assert receipt_of(ChannelSettings("chat", "tgram://token/1")) == ""
