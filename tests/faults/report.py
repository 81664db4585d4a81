"""The fault matrix as a report: `pytest -m fault` runs every row's tests and says of each row what came of it.

A test belongs to a row because it says so (`@pytest.mark.fault("F23")`) or because the row names it (`matrix.py`).
A row that has neither a test nor a reason fails the run, and so does a row that names a test that is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from faults.matrix import ROWS

_KEY = "fault"


def _asked_for(config: pytest.Config) -> bool:
    return "fault" in config.option.markexpr.split()


def _whole(config: pytest.Config) -> bool:
    """Is everything collected here, so that what is missing is missing?"""
    if hasattr(config, "workerinput"):  # one of several processes; the one that shares out the tests judges
        return False
    return _asked_for(config) and not config.option.keyword and config.args_source is config.ArgsSource.TESTPATHS


@pytest.hookimpl(tryfirst=True)  # before -m looks at the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    rows_of: dict[str, list[str]] = defaultdict(list)  # each test that a row names
    for row in ROWS:
        for proof in row.proofs:
            rows_of[proof].append(row.id)
    found = set()
    for item in items:
        node = item.nodeid.removeprefix("tests/")
        for name in {node, node.partition("[")[0]} & rows_of.keys():
            found.add(name)
            for row in rows_of[name]:
                item.add_marker(pytest.mark.fault(row))
        item.user_properties += [(_KEY, row) for mark in item.iter_markers("fault") for row in mark.args]
    if _whole(config) and (gone := rows_of.keys() - found):
        raise pytest.UsageError("rows of the fault matrix name tests that are gone: " + ", ".join(sorted(gone)))


def _outcomes(reporter: Any) -> dict[str, dict[str, list[str]]]:
    """For each row: the tests that passed, failed, or were skipped (with why)."""
    outcomes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in reporter.stats.get(outcome, ()):
            reason = report.longrepr[2] if outcome == "skipped" else report.nodeid
            kind = "failed" if outcome == "error" else outcome
            for row in {value for key, value in report.user_properties if key == _KEY}:
                outcomes[row][kind].append(str(reason).removeprefix("Skipped: "))
    return outcomes


def _lines(outcomes: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, str]]:
    """Of every row: what came of it, and the line that says so."""
    for row in ROWS:
        came = outcomes[row.id]
        tests = sum(len(names) for kind, names in came.items() if kind != "skipped")
        if came["failed"]:
            verdict, note = "FAILED", ", ".join(came["failed"])
        elif came["passed"]:
            verdict, note = "passed", f"{tests} tests" if tests > 1 else ""
            note += f" ({came['skipped'][0]})" if came["skipped"] else ""
        elif came["skipped"] or row.reason:
            verdict, note = "skipped", came["skipped"][0] if came["skipped"] else row.reason
        else:
            verdict, note = "MISSING", "no test ran"
        yield verdict, f"{row.id}  {verdict:8}{row.fault} -> {row.expected}" + (f"  [{note}]" if note else "")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not _asked_for(config) or config.option.collectonly:
        return
    results = list(_lines(_outcomes(terminalreporter)))
    terminalreporter.section("fault matrix")
    for _, line in results:
        terminalreporter.write_line(line)
    verdicts: Sequence[str] = [verdict for verdict, _ in results]
    counts = ", ".join(f"{verdicts.count(kind)} {kind}" for kind in ("passed", "FAILED", "skipped", "MISSING"))
    tried = len(verdicts) - verdicts.count("skipped") - verdicts.count("MISSING")
    terminalreporter.write_line(f"{len(verdicts)} rows: {tried} tried: {counts}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not _whole(session.config) or session.config.option.collectonly:
        return
    if any(verdict == "MISSING" for verdict, _ in _lines(_outcomes(reporter))):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
