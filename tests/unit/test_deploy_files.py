"""The example dashboard and alert rules ask only for figures that the program has, and are well formed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from fakes import FakeClock

from monitor.store import Store
from monitor.watch.latency import STAGES
from monitor.watch.metrics import Metrics
from monitor.watch.vitals import Limits, Vitals

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text(encoding="utf-8"))
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Names of all figures on the page."""
    with Store.open("sqlite://", durable=False) as store:
        clock = FakeClock()
        page = Metrics(store, clock, Vitals(clock, Limits(), [], []), []).page().decode()
    names = set(re.findall(r"^# TYPE (\S+)", page, re.MULTILINE))
    return names | {f"{name}_bucket" for name in names}


def expressions() -> list[str]:
    found = [rule["expr"] for group in RULES["groups"] for rule in group["rules"]]
    return found + [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_asks_for_figures_that_there_are(expression: str, known: set[str]) -> None:
    assert set(re.findall(r"\bnewsmonitor_\w+", expression)) <= known
    promql_parser.parse(expression)  # Prometheus' own grammar; ValueError for what it would refuse
    for stage in re.findall(r'stage="(\w+)"', expression):
        assert stage in STAGES


def test_every_rule_says_what_is_wrong_and_how_grave_it_is() -> None:
    rules: list[dict[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        assert rule["annotations"]["summary"]


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed: rules were only parsed")
def test_prometheus_own_checker_takes_the_rules() -> None:
    command = ["promtool", "check", "rules", str(DEPLOY / "prometheus-alerts.yml")]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_dashboards_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_the_service_waits_for_our_word() -> None:
    unit = (DEPLOY / "newsmonitor.service").read_text(encoding="utf-8")
    assert "Type=notify" in unit
    assert "WatchdogSec=60" in unit
    assert "AF_UNIX" in unit
