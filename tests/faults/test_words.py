"""Rows F88 to F97: words in a feed that want to be more than words, from the feed to the message, log and terminal."""

from __future__ import annotations

import io
import unicodedata
from contextlib import redirect_stderr

import pytest
from faults.cases import rows
from faults.faulty_world import NEWS, World, feed, item
from hostile_site import answer
from rich.console import Console

from monitor import log
from monitor.alerts.local import TerminalChannel

HOSTILE = rows(
    [
        *[("F88", words) for words in ("@everyone", "@here @channel", "＠room", "@all")],
        *[("F89", words) for words in ("<!channel>", "<@U12345678>", "<!subteam^S1|x>", "<#C1>")],
        *[("F90", words) for words in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;x")],
        *[("F91", words) for words in ("[free](http://evil.example)", "`code`", "<http://evil.example|free>")],
        *[("F92", words) for words in ("\u202egnp.exe\u202c", "zero\u200bwidth\u2060", "\u2066x\u2069")],
        *[("F93", words) for words in ("a\r\nBcc: x@evil.example", "a\nTo: x@evil.example\n\nbody")],
        *[("F94", words) for words in ("{{7*7}}", "${7*7}", "{% raw %}", "#{7*7}")],
        *[("F95", words) for words in ("very long " * 2000, "x" * 20_000)],
        *[("F96", words) for words in ("Z" + "\u0301" * 5000, "👨‍👩‍👧" * 3000, "\u0489" * 500)],
        *[("F97", words) for words in ("%0a%0d", "\x1b[2J\x1b[31mred\x07", "\x9b31m", "\b\b\b")],
    ]
)  # fmt: skip
ACTIVE = (
    *("@everyone", "@here", "@channel", "@room", "@all", "<!", "<@", "<#", "<script", "<img", "<b>", "](http"),
    *("<http", "\nBcc:", "\nTo:", "49"),
)


@pytest.mark.slow
@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_feed_stay_words(world: World, words: str) -> None:
    world.serve(answer(body=feed(item(f"{NEWS} {words}", guid="news", text=f"{NEWS}: {words} ({words})"))))
    world.turn()
    [message] = world.told
    assert message.startswith("HIGH · Soldiers arrive")
    assert len(message) <= 900
    plain = unicodedata.normalize("NFKC", message)
    body = plain.rpartition("[#")[0]  # the last line holds times
    assert [active for active in ACTIVE if active in body] == []
    odd = {unicodedata.category(one) for one in message if one not in "\n\u2060"} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert odd == set()
    assert max(len(run) for run in _runs_of_marks(message)) <= 3
    shown = Console(file=io.StringIO(), force_terminal=False, width=80)
    TerminalChannel("terminal", shown).send(world.phone.messages[0]).result()
    assert "\x1b" not in shown.file.getvalue()


def _runs_of_marks(text: str) -> list[str]:
    """The runs of combining marks in a text, and an empty one."""
    runs = [""]
    for one in text:
        runs[-1:] = [runs[-1] + one] if unicodedata.combining(one) else [runs[-1], ""]
    return runs


@pytest.mark.fault("F97")
def test_what_a_server_says_is_no_command_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    for json in (True, False):
        out = io.StringIO()
        with redirect_stderr(out):
            log.configure(json=json)
            log.get_logger().warning("feed failed", error="\x1b[2Jgone\x07", feed="http://a.example/%0a\r\nforged=yes")
        lines = out.getvalue().splitlines()
        assert len(lines) == 1
        assert "\x07" not in lines[0]
        assert "\x1b[2J" not in lines[0]


@pytest.mark.slow
@pytest.mark.fault("F97")
def test_what_a_server_says_is_no_command_in_the_state_of_its_feed(world: World) -> None:
    world.serve(b"HTTP/1.1 503 \x1b[2J\x9b31mgone\x07\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    state = world.turn()
    assert state.error_class in ("server", "protocol")
    assert state.error.isprintable()
