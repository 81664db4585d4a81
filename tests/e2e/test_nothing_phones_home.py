"""Nothing phones home: in a network where every address answers, only what the desk's files name is asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
HERE = Path(__file__).parent
NAMES = {"wire.test": "1.2.3.4", "pages.test": "1.2.3.5", "hook.test": "5.6.7.8", "pulse.test": "5.6.7.9"}
SENSITIVE = ("heron", "featherstone", "quillon", "čaplja", "wading", "waders")  # terms, names, labels, ids of rules


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What the probe saw."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("NOT TESTED: needs unshare and ip (util-linux, iproute2)")
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    if subprocess.run(["unshare", *as_root, "-n", "-m", "true"], capture_output=True).returncode:
        pytest.skip("NOT TESTED: a network of its own needs root, or user namespaces")
    paths = os.pathsep.join(map(str, (HERE, HERE.parent, HERE.parent / "faults", HERE.parents[1])))
    command = ["unshare", *as_root, "-n", "-m", sys.executable, str(HERE / "egress_probe.py"), json.dumps(NAMES)]
    environ = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        command, env=environ | {"PYTHONPATH": paths}, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["told"], found["log"]
    assert found["codes"] == [0, 0, 0]
    return found


def test_only_hosts_that_the_desk_names_or_its_feeds_link_to_are_looked_up_and_connected_to(
    seen: dict[str, Any],
) -> None:
    assert set(seen["connected"]) == set(NAMES.values())
    assert set(seen["asked"]) == set(NAMES)


def test_no_term_rule_or_name_leaves_in_a_request_except_to_the_channel(seen: dict[str, Any]) -> None:
    others = [sent for host, sent in seen["requests"] if host != "hook.test"]
    assert len(others) > 5
    assert [(word, sent) for sent in others for word in SENSITIVE if word in sent.lower()] == []


def test_servers_of_feeds_and_pages_learn_a_truthful_name_and_no_more(seen: dict[str, Any]) -> None:
    for host, sent in seen["requests"]:
        if host in ("wire.test", "pages.test"):
            request, *lines = sent.strip().splitlines()
            headers = dict(line.split(": ", 1) for line in lines if line)
            assert request.split()[0] == "GET"
            assert headers["User-Agent"].startswith("newsmonitor/")
            assert "desk@newsroom.example" in headers["User-Agent"]
            assert set(headers) <= {
                *("Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"),
                *("If-None-Match", "If-Modified-Since"),
            }


def test_the_list_names_every_host_that_was_connected_to(seen: dict[str, Any]) -> None:
    told = {(line["host"], line["why"]): line["count"] for line in seen["egress"]}
    assert {host for host, _ in told} == set(NAMES)
    for line in (
        ("wire.test", "feed"),
        ("pages.test", "page"),
        ("pages.test", "robots.txt"),
        ("hook.test", "channel hook"),
        ("pulse.test", "heartbeat"),
    ):
        assert told[line] > 0, line
