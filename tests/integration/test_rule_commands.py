"""The commands for people who write rules, as they type them: what they print and what they leave behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_desk import Desk as SmallDesk

Command = Callable[..., Any]
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
      - {it: fires, lang: en, published: 2026-03-02, title: Soldiers arrive in Alpha, expect: {fires: true}}
"""
NAMED = """\
  - id: soldiers-named
    title: Soldiers are named
    status: live
    severity: low
    find: soldiers
    tests: [{it: fires, lang: en, title: Soldiers, expect: {fires: true}}]
"""
ARTICLES = [
    ("1", "2026-03-02", "Soldiers arrive in Alpha", "Forty soldiers arrived in Alpha on Monday."),
    ("2", "2026-03-02", "Choir sings in Omega", "The choir of the soldiers sang for the children of the school."),
    ("3", "2026-03-04", "Soldiers arrive in Omega", "Three hundred soldiers arrived in Omega from the west."),
    ("4", "2026-03-05", "Harvest fair", "The fair opens with music."),
]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a desk, another set of rules beside it, and four articles."""
    for folder, rules in (("pack", RULES), ("other", RULES.replace("Omega", "Gamma") + NAMED)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rules.yaml").write_text(rules)
    (tmp_path / "monitor.yaml").write_text("version: 1\npack: ./pack\ndatabase: monitor.db\n")
    keys = ("id", "published", "title", "text")
    rows = [{**dict(zip(keys, row, strict=True)), "language": "en"} for row in ARTICLES]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_replay_shows_the_alerts_and_a_bar_for_each_day(monitor: Command, desk: Path) -> None:
    lines = monitor("replay", "articles.jsonl").out.splitlines()
    assert "Soldiers arrive in Alpha" in lines[0]
    assert lines[2:] == ["4 articles, 2 alerts.", "", "Alerts a day:", "2026-03-02    1 █", "2026-03-04    1 █"]


def test_replay_against_other_rules_lists_what_they_would_change(monitor: Command, desk: Path) -> None:
    lines = monitor("replay", "articles.jsonl", "--against", "other").out.splitlines()
    assert lines[0] == "2 alerts, with the other rules 3: 1 gained, 0 lost."
    assert "+ 2026-03-02 low Choir sings in Omega  (soldiers-named)" in lines
    assert "~ 2026-03-04 high -> low Soldiers arrive in Omega" in lines
    assert lines[lines.index("2026-03-02    1 █") + 1] == "              2 ░░"
    assert monitor("replay", "articles.jsonl", "--against", "pack").out.startswith("2 alerts, with the other rules 2")
    assert monitor("replay", "articles.jsonl", "--against", "nowhere").code == 2


def test_overlap_shows_which_rules_fire_together_and_which_never_do(monitor: Command, desk: Path) -> None:
    (desk / "pack" / "rules.yaml").write_text(RULES + NAMED)
    assert "soldiers-arrive and soldiers-named (100% of soldiers-arrive)" in monitor("overlap", "articles.jsonl").out
    (desk / "pack" / "rules.yaml").write_text(RULES.replace("Alpha", "Beta").replace("Omega", "Gamma"))
    assert "never: soldiers-arrive" in monitor("overlap", "articles.jsonl").out


def test_schema_names_what_this_desk_has(monitor: Command, desk: Path) -> None:
    assert monitor("schema", "--output", "rules.schema.json").code == 0
    written = (desk / "rules.schema.json").read_text()
    assert json.loads(written) == json.loads(monitor("schema").out)
    for name in ("soldiers", "town", "terminal"):
        assert f'"{name}"' in written


def test_a_new_test_from_a_file_passes_when_it_is_pasted_below_its_rule(monitor: Command, desk: Path) -> None:
    (desk / "page.txt").write_text("Soldiers in Omega\nIt rained. Sixty soldiers arrived in Omega at noon.")
    ran = monitor("new-test", "page.txt", "--published", "2026-03-03", "--lang", "en")
    assert "soldiers-arrive" in ran.err
    (desk / "pack" / "rules.yaml").write_text(RULES + ran.out)
    assert "1 rules, 2 tests" in monitor("check").out
    assert monitor("new-test", "page.txt", "--rule", "soldier-arrives").code == 2


def test_forms_shows_every_form_and_refuses_a_language_it_does_not_know(monitor: Command, desk: Path) -> None:
    assert "soldier: 2 forms" in monitor("forms", "soldier", "--lang", "en").out
    ran = monitor("forms", "soldier", "--lang", "fr")
    assert (ran.code, "en, sq, sr, mk" in ran.err) == (2, True)


@pytest.mark.slow  # examines every word of the bundled pack
def test_check_shows_its_own_warnings_and_only_counts_those_of_the_bundled_pack(
    monitor: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor("init", str(tmp_path / "desk"))
    monkeypatch.chdir(tmp_path / "desk")
    rules = tmp_path / "desk" / "overlay" / "rules.yaml"
    rules.write_text(rules.read_text().replace("en: [bridge]", "en: [birdge]"))
    ran = monitor("check")
    assert "W707" in ran.err
    assert "did you mean “bridge”" in ran.err
    assert "overlay/rules.yaml:" in ran.err
    assert "places.yaml" not in ran.err
    assert "kosovo_places (place)" in monitor("concepts", "Prizrenit").out


def test_rules_on_trial_record_what_they_would_have_sent(
    monitor: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = SmallDesk(tmp_path)
    small.publish(1, "Soldiers of the northern brigade sing", "The choir of the soldiers sang for the school. " * 5)
    small.publish(2, "Soldiers arrive in Alpha", "Forty soldiers arrived in Alpha on Monday. " * 5)
    monkeypatch.chdir(tmp_path)
    said = monitor("trial").out
    assert "soldiers-named: would have told 2 stories" in said
    assert "LOW Soldiers of the northern brigade sing (north)" in said
    assert "told anyway, by a live rule: Soldiers arrive" in said
    assert ["HIGH" in message.subject for message in small.phone.messages] == [True]
    later = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%d")
    assert "soldiers-named: did not fire." in monitor("trial", "--since", later).out
    ran = monitor("trial", "--rule", "soldiers-arrive")
    assert (ran.code, "is live" in ran.err) == (2, True)
