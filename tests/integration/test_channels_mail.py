"""Mail through a real server with STARTTLS, login and a throw-away certificate authority."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from channel_values import BODY, PASSWORD, STORY, SUBJECT, delivery, free_port, send

from monitor.alerts.channels import open_channels
from monitor.config.settings import ChannelSettings
from monitor.workers import Workers


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    pool = Workers(count=1)
    yield pool
    pool.close()


class MailServer(Controller):
    """A mail server that wants encryption and a login, and remembers what it took."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.taken: list[tuple[str, list[str], bytes, bool]] = []
        self.refuse_with = ""
        options = {}
        if context:
            options = {"tls_context": context, "require_starttls": True, "auth_required": True}
        super().__init__(self, "127.0.0.1", free_port(), authenticator=self.check, **options)

    def check(self, server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"alerts", PASSWORD.encode()), handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.refuse_with:
            return self.refuse_with
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content, session.ssl is not None))
        return "250 OK"

    def url(self, password: str = PASSWORD) -> str:
        return (
            f"mailtos://alerts:{password}@localhost:{self.port}/"
            "?mode=starttls&smtp=localhost&to=desk@example.org&from=monitor@example.org"
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> tuple[ssl.SSLContext, Path]:
    """A throw-away certificate authority and the TLS context of a server that it vouches for."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed, so mail over TLS is NOT TESTED")
    folder = tmp_path_factory.mktemp("ca")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA")
    openssl("req", *curve, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    openssl(
        *("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
        *("-out", "server.pem", "-days", "2", "-extfile", "names"),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context, folder / "ca.pem"


@pytest.fixture(scope="module")
def trusting(authority) -> Iterator[Workers]:
    """Workers that trust the throw-away authority."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(authority[1]))
        pool = Workers(count=1)
        pool.run(os.getpid, timeout=20).result()  # its process keeps the environment it was started with
    yield pool
    pool.close()


@pytest.fixture
def mail(authority) -> Iterator[MailServer]:
    server = MailServer(authority[0])
    server.start()
    yield server
    server.stop()


def test_mail_arrives_encrypted_after_login_once_as_plain_text(mail: MailServer, trusting: Workers):
    result = send(mail.url(), trusting)

    assert result.ok, result
    [(sender, recipients, content, encrypted)] = mail.taken
    assert encrypted
    assert (sender, recipients) == ("monitor@example.org", ["desk@example.org"])
    message = message_from_bytes(content)
    assert str(make_header(decode_header(message["Subject"]))) == SUBJECT
    [text] = [part for part in message.walk() if part.get_content_type() == "text/plain"] or [None]
    assert text is not None
    assert text.get_payload(decode=True).decode().replace("\r\n", "\n").strip() == BODY
    assert message["X-Alert-Id"] == f"{STORY}-0"
    assert len(message.get_all("Message-ID")) == 1


def test_all_mails_of_a_story_are_one_thread(mail: MailServer, trusting: Workers):
    channel = open_channels([ChannelSettings("desk", mail.url())], trusting)["desk"]
    for development in range(2):
        assert channel.send(delivery(development)).result(timeout=40).ok

    first, second = (message_from_bytes(content) for _, _, content, _ in mail.taken)
    assert first["References"] == second["References"] == f"<{STORY}@newsmonitor.invalid>"
    assert first["X-Alert-Id"] != second["X-Alert-Id"]


def test_no_header_of_a_feed_gets_into_a_mail(mail: MailServer, trusting: Workers):
    assert send(mail.url(), trusting, subject="Title\r\nBcc: victim@example.org\r\n\r\nbody").ok

    [(_, recipients, content, _)] = mail.taken
    assert recipients == ["desk@example.org"]
    assert message_from_bytes(content)["Bcc"] is None


@pytest.mark.parametrize(
    ("answer", "temporary", "words"),
    [("451 4.3.0 later", True, "SMTP 451"), ("550 5.1.1 unknown", False, "SMTP 550"), ("452 full", True, "SMTP 452")],
)
def test_a_refused_recipient_is_told_apart(mail: MailServer, trusting: Workers, answer, temporary, words):
    mail.refuse_with = answer
    result = send(mail.url(), trusting)

    assert not result.ok
    assert result.temporary is temporary
    assert words in result.detail
    assert not mail.taken


def test_a_wrong_password_is_final_and_said(mail: MailServer, trusting: Workers):
    result = send(mail.url("wrong-password"), trusting)

    assert (result.ok, result.temporary) == (False, False)
    assert "login refused" in result.detail


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(mail: MailServer, workers: Workers):
    result = send(mail.url(), workers)

    assert (result.ok, result.temporary) == (False, True)
    assert "not trusted" in result.detail
    assert not mail.taken


def test_a_server_that_hides_its_encryption_gets_nothing(trusting: Workers):
    server = MailServer(None)
    server.start()
    try:
        result = send(server.url(), trusting)
    finally:
        server.stop()

    assert (result.ok, result.temporary) == (False, True)
    assert "STARTTLS" in result.detail
    assert not server.taken


def test_a_dead_mail_server_is_a_failure_that_may_pass(trusting: Workers):
    result = send(
        f"mailtos://u:p@localhost:{free_port()}/?mode=starttls&smtp=localhost&to=a@b.example&from=c@b.example", trusting
    )

    assert (result.ok, result.temporary) == (False, True)
    assert result.detail == "connection refused"
