"""The commands as a person types them: what they print, what they leave behind, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.cli import contents, shell

RULES = """\
version: 1
concepts:
  soldiers: {label: Soldiers, words: {en: [soldier]}}
  arriving: {kind: action, label: Arrival, words: {en: [arrive]}}
  town: {kind: place, label: A town, names: [[Alpha], [Omega]]}
rules:
  - id: soldiers-arrive
    title: Soldiers arrive
    status: live
    severity: high
    find: {within: sentence, all: [soldiers, arriving, town]}
    tests:
      - {it: fires, lang: en, published: 2026-03-02, title: Soldiers arrive in Alpha, text: "x", expect: {fires: true}}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "rules.yaml").write_text(RULES)
    (tmp_path / "monitor.yaml").write_text("version: 1\npack: ./pack\ndatabase: monitor.db\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_help_lists_every_command_by_use_on_one_page(monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    ran = monitor("--help")
    assert ran.code == 0
    commands = [*shell.app.registered_commands, *shell.app.registered_groups]
    shown = [line for line in ran.out.splitlines() if "│ " in line and "--" not in line]
    listed = [line.strip("│ ").split()[0] for line in shown]
    assert set(listed) == {contents.name_of(info) for info in commands}  # each on one line, each in its place
    assert listed[0] == "demo"
    assert len(ran.out.splitlines()) <= 60


def test_init_writes_a_desk_once_and_touches_nothing_the_second_time(monitor, tmp_path: Path) -> None:
    assert monitor("init", str(tmp_path / "desk")).code == 0
    (tmp_path / "desk" / "monitor.yaml").write_text("mine")
    again = monitor("init", str(tmp_path / "desk"))
    assert again.code == 1
    assert "nothing was written" in again.err
    assert (tmp_path / "desk" / "monitor.yaml").read_text() == "mine"


def test_check_counts_what_it_loaded(monitor, desk: Path) -> None:
    ran = monitor("check")
    assert ran.code == 0
    assert "1 rules, 1 tests" in ran.out


def test_check_prints_every_problem_at_its_place_and_exits_1(monitor, desk: Path) -> None:
    (desk / "pack" / "rules.yaml").write_text(
        RULES.replace("severity: high", "severity: hihg").replace("town]", "twon]")
    )
    ran = monitor("check")
    assert ran.code == 1
    assert "rules.yaml:10:15: error[R304]" in ran.err
    assert "did you mean “town”?" in ran.err
    assert "2 errors" in ran.err


def test_check_fails_when_a_rules_own_test_fails(monitor, desk: Path) -> None:
    (desk / "pack" / "rules.yaml").write_text(RULES.replace("{fires: true}", "{fires: false}"))
    ran = monitor("check")
    assert ran.code == 1
    assert "soldiers-arrive" in ran.err


def test_check_refuses_a_mistyped_channel_by_name(monitor, desk: Path) -> None:
    with (desk / "monitor.yaml").open("a") as config:
        config.write('channels: {night-phone: {url: "tgarm://123:abc/1"}}\n')
    ran = monitor("check")
    assert ran.code == 78
    assert "night-phone" in ran.err
    assert "abc" not in ran.err


def test_try_says_what_fires_and_on_which_words(monitor, desk: Path) -> None:
    ran = monitor("try", "Forty soldiers arrived in Omega today.")
    assert ran.code == 0
    assert "soldiers-arrive" in ran.out
    assert "would alert: high" in ran.out


def test_try_names_the_part_that_is_missing(monitor, desk: Path) -> None:
    ran = monitor("try", "Forty soldiers arrived in Berlin today.", "--published", "2026-03-02T10:00", "--lang", "en")
    assert "stays quiet" in ran.out
    assert "town" in ran.out


def test_try_reads_standard_input_and_files(monitor, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "text.txt").write_text("Forty soldiers arrived in Omega today.")
    assert "would alert" in monitor("try", "text.txt").out


def test_replay_tells_an_event_once_and_gives_a_reason_for_every_line(monitor, desk: Path) -> None:
    text = "Forty soldiers arrived in Omega on Monday. " + "They came by road from the south with nine lorries. " * 3
    rows = [
        {"id": "b", "title": "Soldiers in Omega", "text": text, "published": "2026-03-02T09:00Z", "outlet": "two"},
        {"id": "a", "title": "Soldiers in Omega", "text": text, "published": "2026-03-02T08:00Z", "outlet": "one"},
        {"id": "c", "title": "Harvest fair", "text": "The fair opens.", "published": "2026-03-02T10:00Z"},
    ]
    (desk / "articles.jsonl").write_text("".join(json.dumps(row | {"language": "en"}) + "\n" for row in rows))
    first, again = monitor("replay", "articles.jsonl", "--json"), monitor("replay", "articles.jsonl", "--json")
    lines = [json.loads(line) for line in first.out.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b", "c"]
    assert [line["alert"] for line in lines] == [True, False, False]
    assert [line["severity"] for line in lines] == ["high", None, None]
    assert lines[1]["role"] == "copy"
    assert lines[0]["story"] == lines[1]["story"] != lines[2]["story"]
    assert all(line["reason"] for line in lines)
    assert {item["concept"] for item in lines[0]["evidence"]} == {"soldiers", "arriving", "town"}
    assert first.out == again.out


def test_replay_names_the_line_that_is_no_article(monitor, desk: Path) -> None:
    (desk / "articles.jsonl").write_text('{"title": "x"}\n{"title": \n')
    ran = monitor("replay", "articles.jsonl")
    assert ran.code == 1
    assert "articles.jsonl:2:" in ran.err


def test_replay_without_anything_to_replay_is_wrong_usage(monitor, desk: Path) -> None:
    assert monitor("replay").code == 2


def test_status_before_the_first_run_says_how_to_begin(monitor, desk: Path) -> None:
    ran = monitor("status")
    assert ran.code == 1
    assert "monitor run" in ran.err


def test_once_without_feeds_ends_and_status_shows_it(monitor, desk: Path) -> None:
    assert monitor("once").code == 0
    shown = json.loads(monitor("status", "--json").out)
    assert shown["rule_set"]
    assert shown["feeds"] == []


def test_a_channel_can_be_tested_and_an_unknown_one_is_named(monitor, desk: Path) -> None:
    with (desk / "monitor.yaml").open("a") as config:
        config.write(f'channels: {{box: {{url: "mailbox://{desk}/box"}}}}\n')
    assert monitor("test-channel", "box").code == 0
    assert list((desk / "box").glob("*.txt"))
    ran = monitor("test-channel", "bx")
    assert ran.code == 1
    assert "box" in ran.err
