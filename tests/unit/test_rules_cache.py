"""Compiled rules kept on disk: never another answer than compiling would give."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.rules.cache import load_cached

RULES = """\
version: 1
concepts: {bridge: {words: {en: [bridge]}}}
rules:
  - {id: bridge, title: Bridge, severity: low, find: bridge}
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "r.yaml").write_text(RULES)
    return tmp_path / "rules", tmp_path / "cache"


def test_the_second_time_gives_the_same_rule_set_and_warnings(folders: tuple[Path, Path]) -> None:
    rules, cache = folders
    first, second = load_cached([rules], None, cache), load_cached([rules], None, cache)
    assert first.rule_set is not None
    assert second.rule_set is not None
    assert second.rule_set.version == first.rule_set.version
    assert second.problems == first.problems != ()


def test_a_changed_file_is_seen(folders: tuple[Path, Path]) -> None:
    rules, cache = folders
    load_cached([rules], None, cache)
    (rules / "r.yaml").write_text(RULES.replace("severity: low", "severity: lwo"))
    assert load_cached([rules], None, cache).rule_set is None
    (rules / "r.yaml").write_text(RULES.replace("[bridge]", "[bridge, viaduct]"))
    changed = load_cached([rules], None, cache).rule_set
    assert changed is not None
    assert len(changed.concepts["bridge"].words["en"]) == 2


def test_a_damaged_copy_or_a_folder_that_cannot_be_written_changes_nothing(folders: tuple[Path, Path]) -> None:
    rules, cache = folders
    load_cached([rules], None, cache)
    for copy in cache.glob("*.pickle"):
        copy.write_bytes(b"damaged")
    assert load_cached([rules], None, cache).rule_set is not None
    assert load_cached([rules], None, rules / "r.yaml" / "no-folder").rule_set is not None
