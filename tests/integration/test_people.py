"""What people ask of the program: what was told, why, again, not for a while; beside a daemon and without one."""

from __future__ import annotations

import json
import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_desk import Desk

from monitor import cli, log
from monitor.cli import shell
from monitor.model import SendResult
from monitor.service.control import Control, socket_path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    log.configure("critical")
    made = Desk(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def monitor(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["monitor", *words, "--config", str(desk.file)])
        monkeypatch.setattr(shell, "out", shell.Console(width=200))
        monkeypatch.setattr(shell, "err", shell.Console(width=200, stderr=True))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.out + output.err

    return run


Run = Callable[..., tuple[int, str]]


def short_id(desk: Desk) -> str:
    with desk.store.read() as tx:
        return tx.alerts.recent(1)[0].short_id


def test_alerts_lists_what_was_told_with_what_became_of_it(desk: Desk, monitor: Run) -> None:
    desk.publish(1, "Soldiers arrive in Alpha")
    code, text = monitor("alerts", "--since", "1h")
    assert code == 0
    assert "phone sent" in text
    assert short_id(desk) in text
    assert "No alerts" in monitor("alerts", "--since", "2040-01-01")[1]
    assert monitor("alerts", "--since", "yesterday")[0] == 2


def test_explain_says_of_every_rule_and_every_message_what_became_of_it(desk: Desk, monitor: Run) -> None:
    desk.phone.answers = [SendResult(ok=False, detail="HTTP 503 Service Unavailable")]
    url = desk.publish(1, "Soldiers arrive in Alpha")
    desk.cycle()
    _, text = monitor("explain", url)
    assert "TOLD (first_report)" in text
    assert "FIRES  high  soldiers-arrive" in text
    assert "soldiers-named" in text
    assert "1. " in text
    assert "HTTP 503" in text
    assert "phone: sent" in text
    by_id = monitor("explain", short_id(desk))[1]
    assert url in by_id
    assert "first report of this story" in by_id
    assert re.search(r"published \S+ \S+, first seen \S+ \S+, matched \S+ ", by_id)


def test_explain_says_why_it_was_quiet(desk: Desk, monitor: Run) -> None:
    desk.publish(1, "Soldiers arrive in Alpha")
    quiet = desk.publish(2, "A library opens in Alpha")
    assert "NOT TOLD (no_match)" in monitor("explain", quiet)[1]
    assert "not even nearly: soldiers-arrive" in monitor("explain", quiet)[1]
    code, text = monitor("explain", "https://elsewhere.example/1")
    assert code == 1
    assert "no feed that is watched has shown" in text


def test_a_silence_keeps_quiet_until_its_end_and_says_who_wanted_it(desk: Desk, monitor: Run) -> None:
    code, text = monitor("silence", "add", "rule", "soldiers-arrive", "--for", "2h", "--why", "exercise", "--by", "Ana")
    assert code == 0
    url = desk.publish(1, "Soldiers arrive in Alpha")
    assert desk.phone.messages == []
    reason = monitor("explain", url)[1]
    assert "NOT TOLD (silenced): silenced by Ana" in reason
    assert "exercise" in reason
    listed = monitor("silence", "list")[1]
    assert "Ana" in listed
    assert monitor("silence", "end", text.split()[1].rstrip(":"))[0] == 0
    assert "Nothing is silenced" in monitor("silence", "list")[1]
    desk.publish(2, "Soldiers arrive in Omega at the river mouth, three hundred of them")
    assert len(desk.phone.messages) == 1


def test_a_silence_of_something_unknown_is_refused_with_a_hint(desk: Desk, monitor: Run) -> None:
    code, text = monitor("silence", "add", "rule", "soldier-arrives")
    assert code == 1
    assert "soldiers-arrive" in text
    assert monitor("silence", "add", "story", "#zzzzzz")[0] == 1
    assert monitor("silence", "add", "feed", "x")[0] == 1
    assert monitor("silence", "end", "abc")[0] == 1


def test_what_a_channel_refused_is_sent_again_on_demand(desk: Desk, monitor: Run) -> None:
    refused = SendResult(ok=False, temporary=False, detail="HTTP 404 Not Found")
    desk.phone.answers = [refused, refused]
    desk.publish(1, "Soldiers arrive in Alpha")
    desk.cycle()
    assert "phone refused for good" in monitor("alerts")[1]
    assert "1 message is queued again" in monitor("resend", "phone")[1]
    desk.cycle()
    assert len(desk.phone.messages) == 1
    assert "1 message is queued again" in monitor("resend", short_id(desk))[1]
    assert "1 message is waiting already, and tried now" in monitor("resend", "phone")[1]
    code, text = monitor("resend", "phome")
    assert code == 1
    assert "no channel “phome”. did you mean “phone”?" in text


def test_who_has_seen_a_story_is_known_to_all(desk: Desk, monitor: Run) -> None:
    desk.publish(1, "Soldiers arrive in Alpha")
    assert "seen by Ana" in monitor("ack", short_id(desk), "--by", "Ana")[1]
    assert "was seen before, by Ana" in monitor("ack", short_id(desk), "--by", "Ben")[1]
    assert "seen by Ana" in monitor("alerts")[1]


def test_stories_are_listed_shown_and_changed_by_hand(desk: Desk, monitor: Run) -> None:
    assert "since 30d" in monitor("stories", "--since", "2040-01-01")[1]
    desk.publish(1, "Soldiers arrive in Alpha")
    desk.publish(2, "Soldiers arrive in Omega at the river mouth, 300 soldiers")
    desk.publish(3, "Soldiers arrive in Omega at the river mouth, 300 soldiers")
    listed = json.loads(monitor("stories", "--json")[1])
    omega, alpha = (line["id"][:6] for line in listed)
    assert [(line["copies"], line["alerts"]) for line in listed] == [(1, 1), (0, 1)]
    assert "Soldiers arrive in Alpha" in monitor("stories")[1]
    assert "library" in monitor("stories", "--all")[1]
    shown = monitor("story", omega)[1]
    assert "TOLD HIGH, first report" in shown
    assert "copy " in shown
    assert "300 soldier" in shown
    assert "merged into" in monitor("story", "merge", alpha, f"#{omega}", "--by", "Ana")[1]
    shown = monitor("story", "https://north.example/2")[1]  # by an address, and under the new name
    assert f"Ana: #{omega} merged into #{alpha} (change 1)" in shown
    assert shown.count("TOLD") == 2
    assert "Ana: " in monitor("explain", f"#{omega}")[1]
    assert f"#{omega} merged into #{alpha} by Ana" in monitor("explain", "https://north.example/2")[1]
    assert "split off" in monitor("story", "split", alpha, "https://north.example/2")[1]
    assert monitor("story", "undo", "1")[0] == 1
    assert "undone" in monitor("story", "undo")[1]
    assert "undone" in monitor("story", "undo")[1]
    assert len(json.loads(monitor("stories", "--json")[1])) == 2
    assert monitor("story", "zzzzzz")[0] == 1


def test_beside_a_daemon_the_daemon_does_it_through_a_socket_only_its_owner_can_open(desk: Desk, monitor: Run) -> None:
    desk.publish(1, "Soldiers arrive in Alpha")
    path = socket_path(desk.settings)
    with desk.store.lock("daemon"):
        control = Control(desk.store, path)
        try:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert "seen by Ana" in monitor("ack", short_id(desk), "--by", "Ana")[1]
            assert monitor("ack", "#zzzzzz")[0] == 1
        finally:
            control.close()
        assert not path.exists()
        code, text = monitor("ack", short_id(desk))
        assert code == 1
        assert "already works on this database" in text
    assert "was seen before" in monitor("ack", short_id(desk))[1]


def test_the_socket_works_however_deep_its_folder_is(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("deeper" * 10)
    control = Control(desk.store, folder / "monitor.db.socket")
    control.close()
