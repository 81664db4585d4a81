"""Changing the rules of a running desk: mistakes never silence it, and every alert says which rules made it."""

from __future__ import annotations

from pathlib import Path

from small_desk import RULES, Desk

from monitor.service.reload import Reload

MISTAKE = RULES.replace("within: sentence", "witihn: sentence")
CALMER = RULES.replace("severity: high", "severity: medium")


def test_a_mistake_keeps_the_rules_from_before_and_both_it_and_its_end_are_told(tmp_path: Path) -> None:
    desk, file = Desk(tmp_path), tmp_path / "pack" / "rules.yaml"
    before = desk.pipeline.desk.rules.version
    reload = Reload(desk.pipeline, ())
    file.write_text(MISTAKE)
    for _ in range(2):
        reload.if_changed()
    desk.publish(1, "Soldiers arrive in Alpha")
    told, alert = desk.phone.messages
    assert "the rules from before are still running" in told.subject
    line = 1 + next(number for number, line in enumerate(MISTAKE.splitlines()) if "witihn" in line)
    assert f"rules.yaml:{line}:12: error" in told.body
    assert "witihn" in told.body
    assert "HIGH" in alert.subject
    file.write_text(CALMER)
    reload.if_changed()
    desk.publish(2, "Three hundred soldiers arrive in Omega from the far west of the country", "They are many. " * 40)
    _, _, good, calmer = desk.phone.messages
    assert "without mistakes again" in good.subject
    assert "MEDIUM" in calmer.subject
    with desk.store.read() as tx:
        made = {alert.severity.label: alert.rule_set for alert in tx.alerts.recent(9) if alert.article}
    assert made == {"high": before, "medium": desk.pipeline.desk.rules.version}
    assert before != desk.pipeline.desk.rules.version


def test_a_signal_loads_the_rules_although_no_file_looks_changed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    reload, running = Reload(desk.pipeline, ()), desk.pipeline.desk
    reload.if_changed()
    assert desk.pipeline.desk is running
    reload.soon()
    reload.if_changed()
    assert desk.pipeline.desk is not running
