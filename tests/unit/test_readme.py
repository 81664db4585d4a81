"""What README shows is what the program takes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from monitor.config.folders import cache_folder
from monitor.config.settings import load_settings
from monitor.rules.cache import compiler
from monitor.rules.examples import run_examples
from monitor.rules.load import load
from monitor.rules.load_concepts import ACTOR_KEYS, CONCEPT_KEYS
from monitor.rules.load_conditions import KEYS
from monitor.rules.load_rules import EVENT_KEYS, RULE_KEYS
from monitor.starter import RULES_YAML, write_starter

WORDS = compiler(cache_folder(os.environ))  # forms that were generated before, for the same code
NOT_SHOWN = {"about", "owner", "type", "codes", "wide", "side", "note", "name", "known_by"}
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def yaml_block(containing: str) -> str:
    [block] = [block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if containing in block]
    return block


def test_the_rule_in_the_readme_loads_over_the_pack_and_passes_its_own_test(tmp_path: Path) -> None:
    concepts = RULES_YAML[: RULES_YAML.index("rules:")].replace("version: 1\n", "")
    (tmp_path / "rules.yaml").write_text(yaml_block("bridge-closed") + concepts, encoding="utf-8")
    loaded = load((load_settings(None, {}).pack, tmp_path), compiler=WORDS)
    assert loaded.rule_set is not None, "\n".join(map(str, loaded.problems))
    [rule] = [rule for rule in loaded.rule_set.rules if rule.id == "bridge-closed"]
    assert rule.live
    assert [problem for problem in run_examples(loaded.rule_set) if "bridge" in problem.what] == []


def test_the_channels_in_the_readme_are_a_monitor_yaml(tmp_path: Path) -> None:
    (tmp_path / "monitor.yaml").write_text(yaml_block("telegram:"), encoding="utf-8")
    environ = {"TELEGRAM_URL": "tgram://1:a/2", "MAIL_URL": "mailtos://u:p@smtp.example.org?to=d@example.org"}
    assert [c.name for c in load_settings(tmp_path / "monitor.yaml", environ).channels] == ["telegram", "mail"]


def test_the_rules_that_init_writes_load_and_pass(tmp_path: Path) -> None:
    write_starter(tmp_path)
    settings = load_settings(tmp_path / "monitor.yaml", {})
    loaded = load(settings.folders, compiler=WORDS)
    assert loaded.rule_set is not None, "\n".join(map(str, loaded.problems))
    assert [problem for problem in run_examples(loaded.rule_set) if problem.file.endswith("overlay/rules.yaml")] == []


def test_the_example_of_all_that_a_rule_can_say_loads_and_passes_its_own_tests(tmp_path: Path) -> None:
    write_starter(tmp_path / "desk")
    [example] = re.findall(r"```yaml\n(.*?)```", (tmp_path / "desk" / "overlay" / "RULES.md").read_text(), re.DOTALL)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.yaml").write_text(example, encoding="utf-8")
    loaded = load([tmp_path / "rules"], compiler=WORDS)
    assert loaded.rule_set is not None, "\n".join(map(str, loaded.problems))
    assert not loaded.problems
    assert not run_examples(loaded.rule_set)
    said = set(re.findall(r"\w+(?=:)", example))
    assert said >= {*RULE_KEYS, *CONCEPT_KEYS, *ACTOR_KEYS, *KEYS, *EVENT_KEYS} - NOT_SHOWN
