"""The fault matrix as a report: `pytest -m fault` runs every row's tests and says of each row what came of it.

A test belongs to a row because it says so (`@pytest.mark.fault("F23")`) or because the row names it (`matrix.py`).
A row that has neither a test nor a reason fails the run, and so does a row one of whose tests did not run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from faults.matrix import ROWS
from faults.row import Row

_KEY = "fault"
_OUTCOMES = {"passed": "passed", "failed": "failed", "error": "failed", "skipped": "skipped"}


@pytest.hookimpl(tryfirst=True)  # before -m looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rows_of: dict[str, list[str]] = defaultdict(list)  # each test that a row names
    for row in ROWS:
        for proof in row.proofs:
            rows_of[proof].append(row.id)
    for item in items:
        for name in _names(item.nodeid) & rows_of.keys():
            for row in rows_of[name]:
                item.add_marker(pytest.mark.fault(row))
        item.user_properties += [(_KEY, row) for mark in item.iter_markers("fault") for row in mark.args]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if "fault" not in config.option.markexpr.split() or config.option.collectonly:
        return
    results = list(_results(terminalreporter, _whole(config)))
    terminalreporter.section("fault matrix")
    for row, verdict, note in results:
        terminalreporter.write_line(
            f"{row.id:5}{verdict:8}{row.fault} -> {row.expected}" + (f"  [{note}]" if note else "")
        )
    verdicts = [verdict for _, verdict, _ in results]
    counts = ", ".join(f"{verdicts.count(kind)} {kind}" for kind in ("passed", "FAILED", "skipped", "MISSING"))
    tried = verdicts.count("passed") + verdicts.count("FAILED")
    terminalreporter.write_line(f"{len(verdicts)} rows, {tried} tried: {counts}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not _whole(session.config) or session.config.option.collectonly:
        return
    if any(verdict == "MISSING" for _, verdict, _ in _results(reporter, True)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _whole(config: pytest.Config) -> bool:
    """Was everything asked for, so that what is missing is missing?"""
    return (
        config.option.markexpr == "fault"
        and not config.option.keyword
        and config.args_source is config.ArgsSource.TESTPATHS
        and not hasattr(config, "workerinput")  # one of several processes
    )


def _names(nodeid: str) -> set[str]:
    """A test as rows may name it: with its parameters, or all of them together."""
    name = nodeid.removeprefix("tests/")
    return {name, name.partition("[")[0]}


def _results(reporter: Any, whole: bool) -> Iterator[tuple[Row, str, str]]:
    """Of every row: what came of it, and why."""
    came: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    ran: set[str] = set()
    for kind, outcome in _OUTCOMES.items():
        for report in reporter.stats.get(kind, ()):
            ran |= _names(report.nodeid)
            what = report.longrepr[2].removeprefix("Skipped: ") if outcome == "skipped" else report.nodeid
            for row in {value for key, value in report.user_properties if key == _KEY}:
                came[row][outcome].append(what)
    for row in ROWS:
        yield row, *_verdict(row, came[row.id], [proof for proof in row.proofs if whole and proof not in ran])


def _verdict(row: Row, came: dict[str, list[str]], absent: list[str]) -> tuple[str, str]:
    if came["failed"]:
        return "FAILED", ", ".join(came["failed"])
    if absent:
        return "MISSING", "did not run: " + ", ".join(absent)
    skipped = "; ".join(dict.fromkeys(came["skipped"]))
    if came["passed"]:
        tests = f"{len(came['passed'])} tests" if len(came["passed"]) > 1 else ""
        return "passed", tests + (f", skipped: {skipped}" if skipped else "")
    if skipped or row.reason:
        return "skipped", skipped or row.reason
    return "MISSING", "no test ran"
