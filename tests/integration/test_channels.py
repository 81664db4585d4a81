"""Channels against a webhook receiver on loopback that misbehaves, and channels that are refused at the start."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from channel_values import BODY, PASSWORD, STORY, SUBJECT, delivery, free_port, send

from monitor.alerts import channels
from monitor.alerts.channels import open_channels
from monitor.config.settings import ChannelSettings
from monitor.errors import BadConfiguration
from monitor.workers import Workers
from monitor.yamlfile import Place

# --- a webhook receiver that misbehaves


class Receiver(ThreadingHTTPServer):
    """Answers each path in its own bad way, and remembers what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.got: list[tuple[str, str, dict[str, str], bytes]] = []
        self.released = threading.Event()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    server: Receiver

    def do_GET(self) -> None:
        self.answer(b"")

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def answer(self, body: bytes) -> None:
        self.server.got.append((self.command, self.path, dict(self.headers), body))
        name, _, value = self.path.strip("/").partition("/")
        if name == "status":
            self.reply(int(value))
        elif name == "redirect":
            self.reply(int(value), {"Location": "/ok"})
        elif name == "later":
            self.reply(429, {"Retry-After": unquote(value)})
        elif name == "telegram":
            self.reply(429, {}, b'{"ok":false,"parameters":{"retry_after":31}}', "application/json")
        elif name == "login":
            page = b"<!doctype html><form><input name=u><input type='password' name=p></form>"
            self.reply(200, {}, page, "text/html; charset=utf-8")
        elif name == "html":
            self.reply(200, {}, b"<p>ok</p>", "text/html")
        elif name == "hang":
            self.server.released.wait(30)
        elif name == "drip":
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 999\r\n\r\n")
                while not self.server.released.wait(0.2):
                    self.wfile.write(b".")
        elif name == "close":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif name == "garbage":
            self.wfile.write(b"\x00\x01 no http at all\r\n\r\n")
        else:
            self.reply(200, {}, b"{}", "application/json")

    def reply(
        self, status: int, headers: dict[str, str] | None = None, body: bytes = b"", kind: str = "text/plain"
    ) -> None:
        self.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    pool = Workers(count=2)
    yield pool
    pool.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_gets_the_message_with_the_alert_id(receiver: Receiver, workers: Workers):
    result = send(f"json://{receiver.address}/ok", workers)

    assert result.ok, result
    [(method, _, headers, body)] = receiver.got
    sent = json.loads(body)
    assert method == "POST"
    assert (sent["title"], sent["message"]) == (SUBJECT, BODY)
    assert (sent["alert"], sent["story"]) == (f"{STORY}-0", STORY)
    assert headers["X-Alert-Id"] == f"{STORY}-0"


def test_the_same_delivery_sent_again_carries_the_same_id(receiver: Receiver, workers: Workers):
    channel = open_channels([ChannelSettings("desk", f"json://{receiver.address}/ok")], workers)["desk"]
    for _ in range(2):
        assert channel.send(delivery()).result().ok

    assert len({json.loads(body)["alert"] for *_, body in receiver.got}) == 1


@pytest.mark.parametrize(
    ("path", "temporary", "words"),
    [
        ("status/500", True, "HTTP 500"),
        ("status/503", True, "HTTP 503"),
        ("status/429", True, "HTTP 429"),
        ("status/408", True, "HTTP 408"),
        ("status/400", False, "HTTP 400"),
        ("status/401", False, "HTTP 401"),
        ("status/404", False, "HTTP 404"),
        ("status/410", False, "HTTP 410"),
        ("redirect/301", False, "write the new one"),
        ("redirect/308", False, "write the new one"),
        ("redirect/302", True, "HTTP 302"),
        ("redirect/307", True, "HTTP 307"),
        ("login", True, "sign-in page"),
        ("close", True, "the connection was cut"),
        ("garbage", True, "the connection was cut"),
    ],
)
def test_every_refusal_is_seen_and_told_apart(receiver: Receiver, workers: Workers, path, temporary, words):
    result = send(f"json://{receiver.address}/{path}", workers)

    assert not result.ok
    assert result.temporary is temporary
    assert words in result.detail
    assert len(receiver.got) == 1  # one attempt, no redirect followed, no retry behind our back


def test_a_receiver_that_answers_in_html_is_still_a_receiver(receiver: Receiver, workers: Workers):
    assert send(f"json://{receiver.address}/html", workers).ok


@pytest.mark.parametrize(("path", "seconds"), [("later/17", 17.0), ("telegram", 31.0), ("later/nonsense", None)])
def test_the_time_to_come_back_is_heard(receiver: Receiver, workers: Workers, path, seconds):
    assert send(f"json://{receiver.address}/{path}", workers).retry_after == seconds


def test_a_date_to_come_back_is_heard(receiver: Receiver, workers: Workers):
    result = send(f"json://{receiver.address}/later/Fri,%2031%20Dec%202100%2023:59:59%20GMT", workers)

    assert result.retry_after is not None
    assert result.retry_after > 1e9


@pytest.mark.slow
@pytest.mark.parametrize("path", ["hang", "drip"])
def test_a_receiver_that_never_finishes_is_given_up_and_holds_up_nobody(
    receiver: Receiver, workers: Workers, monkeypatch, path
):
    monkeypatch.setattr(channels, "SECONDS", 1.5)
    opened = open_channels(
        [
            ChannelSettings("bad", f"json://{receiver.address}/{path}"),
            ChannelSettings("good", f"json://{receiver.address}/ok"),
        ],
        workers,
    )
    begun = time.monotonic()
    waiting = opened["bad"].send(delivery())
    good = opened["good"].send(delivery()).result(timeout=10)
    given_up = waiting.result(timeout=10)

    assert good.ok
    assert not given_up.ok
    assert given_up.temporary
    assert "may have arrived" in given_up.detail
    assert time.monotonic() - begun < 18
    assert (
        open_channels([ChannelSettings("x", f"json://{receiver.address}/ok")], workers)["x"]
        .send(delivery())
        .result()
        .ok
    )


def test_a_dead_receiver_is_a_failure_that_may_pass(workers: Workers):
    result = send(f"json://127.0.0.1:{free_port()}/x", workers)

    assert (result.ok, result.temporary) == (False, True)
    assert result.detail == "connection refused"


def test_a_closed_pool_is_a_failure_and_no_crash(receiver: Receiver):
    pool = Workers(count=1)
    pool.close()

    result = send(f"json://{receiver.address}/ok", pool)

    assert (result.ok, result.temporary) == (False, True)


def test_a_message_too_long_for_its_service_is_cut_once(receiver: Receiver, workers: Workers):
    result = send(f"json://{receiver.address}/ok", workers, body="word " * 20_000 + "\n[#k7f3q2] sent")

    assert result.ok
    [(*_, body)] = receiver.got
    message = json.loads(body)["message"]
    assert len(message) <= 32_768
    assert message.endswith("… [cut] [#k7f3q2]")


def test_tokens_and_passwords_never_leave_the_channel(receiver: Receiver, workers: Workers, capfd):
    for path in ("ok", "status/401", "status/500", "redirect/302", "close", "later/5"):
        url = f"json://user:{PASSWORD}@{receiver.address}/{path}?+X-Token={PASSWORD}"
        opened = open_channels([ChannelSettings("desk", url)], workers)
        result = opened["desk"].send(delivery()).result()
        assert PASSWORD not in repr(result) + repr(opened)
    result = send(f"mailto://user:{PASSWORD}@127.0.0.1:{free_port()}/?to=a@example.org&from=b@example.org", workers)
    assert PASSWORD not in repr(result)
    printed = capfd.readouterr()
    assert PASSWORD not in printed.out + printed.err


# --- what is refused before anything is sent


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("jsn://127.0.0.1/x", "did you mean “json”?"),
        ("telegram://1:a/2", "did you mean “tgram”?"),
        ("terminl://", "did you mean “terminal”?"),
        ("tgram://", "“tgram://” does not understand"),
        ("discord://only-one-part", "“discord://” does not understand"),
        ("https://hooks.example/x", "json:// or jsons://"),
        ("just words", "service://"),
        ("", "service://"),
        ("mailbox://", "needs a folder"),
        ("mailtos://u:p@mail.example/?to=a@x.example,b@x.example", "2 recipients"),
        ("mailtos://u:p@mail.example/?to=a@x.example&cc=b@x.example", "2 recipients"),
        ("mailtos://u:p@mail.example/?to=a@x.example&bcc=b@x.example", "2 recipients"),
        ("tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1/2/3", "3 recipients"),
    ],
)
def test_a_channel_that_cannot_work_is_refused_by_name_and_place(workers: Workers, url, words):
    place = Place("monitor.yaml", 7, 3, "    url: …")
    good = ChannelSettings("good", "terminal://")

    with pytest.raises(BadConfiguration) as refused:
        open_channels([good, ChannelSettings("desk-mail", url, place)], workers)

    [problem] = refused.value.problems
    assert "“desk-mail”" in problem.what
    assert (problem.file, problem.line) == ("monitor.yaml", 7)
    assert words in str(problem)


def test_every_bad_channel_is_named_at_once_without_its_secret(workers: Workers):
    bad = [ChannelSettings("one", f"jsn://u:{PASSWORD}@h/"), ChannelSettings("two", f"tgram://{PASSWORD}")]

    with pytest.raises(BadConfiguration) as refused:
        open_channels(bad, workers)

    assert len(refused.value.problems) == 2
    assert PASSWORD not in str(refused.value)


def test_local_channels_open_without_a_network(workers: Workers, tmp_path: Path):
    opened = open_channels(
        [ChannelSettings("phone", "terminal://"), ChannelSettings("box", f"mailbox://{tmp_path}/box")], workers
    )

    assert list(opened) == ["phone", "box"]
    assert opened["box"].send(delivery()).result().ok
    assert (tmp_path / "box" / "index.html").exists()
