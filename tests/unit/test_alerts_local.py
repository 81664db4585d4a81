"""The terminal and the mailbox folder."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from monitor.alerts.local import MailboxChannel, TerminalChannel
from monitor.model import Delivery, DeliveryState, Severity

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def delivery(
    subject="HIGH · Shots (2 outlets)", body="“Tekst.” — Glas\nhttps://e.example/1\n[#k7f3q2] sent", name="a@m"
):
    return Delivery(name, "a", "m", DeliveryState.PENDING, 0, NOON, Severity.HIGH, subject, body)


def printed(given: Delivery, width: int = 80) -> str:
    out = io.StringIO()
    result = TerminalChannel("t", Console(file=out, width=width)).send(given).result()
    assert result.ok
    return out.getvalue()


def test_the_terminal_shows_a_message_as_a_phone_would():
    text = printed(delivery())

    assert "HIGH · Shots (2 outlets)" in text
    assert "“Tekst.” — Glas" in text
    assert "https://e.example/1" in text


def test_a_long_first_line_wraps_instead_of_being_cut_off():
    text = printed(delivery(subject="HIGH · " + "word " * 22 + "END"), width=60)

    assert "END" in text


def test_markup_of_a_feed_is_only_text_in_the_terminal():
    assert "[bold red]x[/] [link=file:///etc]y[/link]" in printed(
        delivery(body="[bold red]x[/] [link=file:///etc]y[/link]")
    )


def test_a_terminal_that_is_gone_is_a_failure_and_no_crash():
    out = io.StringIO()
    out.close()

    result = TerminalChannel("t", Console(file=out)).send(delivery()).result()

    assert not result.ok
    assert result.temporary


def test_a_terminal_without_such_letters_is_no_crash():
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    TerminalChannel("t", Console(file=out)).send(delivery()).result()


def test_a_mailbox_holds_each_message_as_text_and_page_with_an_index(tmp_path: Path):
    box = MailboxChannel("m", tmp_path / "new" / "box")

    assert box.send(delivery()).result().ok
    assert box.send(delivery(subject="LOW · Second", name="b@m")).result().ok

    folder = tmp_path / "new" / "box"
    assert sorted(path.name for path in folder.iterdir()) == [
        "a_m.html",
        "a_m.txt",
        "b_m.html",
        "b_m.txt",
        "index.html",
    ]
    assert (folder / "a_m.txt").read_text().startswith("HIGH · Shots (2 outlets)\n\n“Tekst.”")
    index = (folder / "index.html").read_text()
    assert index.index("LOW · Second") < index.index("HIGH · Shots")
    assert "<h1>2 messages</h1>" in index
    assert '<a href="https://e.example/1" rel="noopener noreferrer nofollow">' in (folder / "a_m.html").read_text()


def test_a_message_sent_twice_stands_there_once(tmp_path: Path):
    box = MailboxChannel("m", tmp_path)
    box.send(delivery()).result()
    box.send(delivery()).result()

    assert "<h1>1 message</h1>" in (tmp_path / "index.html").read_text()


def test_nothing_of_a_feed_is_markup_in_a_mailbox(tmp_path: Path):
    hostile = "<script>alert(1)</script><img src=x onerror=y>"
    MailboxChannel("m", tmp_path).send(delivery(hostile, f'{hostile}\nhttps://e.example/"onmouseover="x')).result()

    for page in tmp_path.glob("*.html"):
        text = page.read_text()
        assert "<script" not in text
        assert "<img" not in text
        assert '"onmouseover' not in text
        assert "default-src 'none'" in text


def test_a_delivery_id_cannot_leave_the_folder(tmp_path: Path):
    MailboxChannel("m", tmp_path / "box").send(delivery(name="../../evil")).result()

    assert [path.name for path in tmp_path.iterdir()] == ["box"]


def test_a_mailbox_that_cannot_be_written_is_a_failure_that_may_pass(tmp_path: Path):
    (tmp_path / "file").write_text("")

    result = MailboxChannel("m", tmp_path / "file").send(delivery()).result()

    assert not result.ok
    assert result.temporary
