"""The house rules that no linter knows."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = {"pyproject.toml", "README.md", "LICENSE", "monitor", "rules", "tests", "deploy"}
BUILT = {"build", "dist"}
MODULES = sorted(ROOT.joinpath("monitor").rglob("*.py"))


def test_the_top_level_is_what_was_agreed() -> None:
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert {name for name in names - TOP - BUILT if not name.endswith(".egg-info")} == set()


def test_no_module_is_a_drawer_for_anything() -> None:
    assert [path for path in MODULES if path.stem in ("utils", "util", "helpers", "common", "misc", "base")] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_first_what_it_is(path: Path) -> None:
    if text := path.read_text(encoding="utf-8"):
        assert text.startswith('"""')
