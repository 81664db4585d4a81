"""Rows F01, F02 and F41 to F50: no packet leaves for an address that is not public, however it is written or found.

All of it is asked in a network of its own (address_probe.py), where every address answers and every attempt is seen.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from faults.address_forms import answers, hosts

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
PUBLIC = "1.2.3.4"
Facts = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def facts() -> Facts:
    """What the probe saw, by row."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("NOT TESTED: needs unshare and ip (util-linux, iproute2)")
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    if subprocess.run(["unshare", *as_root, "-n", "-m", "true"], capture_output=True).returncode:
        pytest.skip("NOT TESTED: a network of its own needs root, or user namespaces")
    paths = os.pathsep.join(map(str, (HERE, HERE.parent, HERE.parents[1])))
    command = ["unshare", *as_root, "-n", "-m", sys.executable, str(HERE / "address_probe.py")]
    proxy = {"http_proxy": "http://5.6.7.8", "all_proxy": "http://5.6.7.8"}  # which nobody may ask
    environ = os.environ | proxy | {"PYTHONPATH": paths}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: Facts = defaultdict(list)
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            fact = json.loads(line)
            found[fact["row"]].append(fact)
    return found


def test_the_probe_sees_what_is_connected_to(facts: Facts) -> None:
    """Without this, nothing seen would mean nothing."""
    public, private = facts["control"]
    assert (public["connected"], public["error_class"], public["requests"]) == ([PUBLIC], "", 1)
    assert (private["connected"], private["error_class"], private["requests"]) == (["10.0.0.5"], "", 1)
    assert len(hosts()) >= 60
    assert len(answers()) >= 40


@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=pytest.mark.fault(row)) for row in ("F41", "F42", "F43", "F44", "F45", "F49")]
)
def test_an_address_that_is_not_public_gets_no_packet(facts: Facts, row: str) -> None:
    assert facts[row]
    bad = [fact for fact in facts[row] if fact["connected"] or fact["error_class"] not in ("blocked", "dns")]
    assert bad == []


@pytest.mark.fault("F46")
def test_of_mixed_answers_only_the_public_one_is_used(facts: Facts) -> None:
    assert len(facts["F46"]) == len(answers())
    assert [fact for fact in facts["F46"] if fact["connected"] != [PUBLIC] or fact["error_class"]] == []


@pytest.mark.fault("F47")
def test_a_name_that_changes_its_mind_gets_no_packet_where_it_then_points(facts: Facts) -> None:
    first = [fact for fact in facts["F47"] if fact["way"] == "rebinding"]
    again = [fact for fact in facts["F47"] if fact["way"] == "rebinding again"]
    assert len(first) == len(again) == len(answers())
    assert [fact for fact in first if fact["connected"] != [PUBLIC] or fact["error_class"] != "blocked"] == []
    assert [fact for fact in again if fact["connected"] or fact["error_class"] != "blocked"] == []


@pytest.mark.fault("F48")
def test_a_redirect_leads_to_no_address_that_is_not_public(facts: Facts) -> None:
    assert len(facts["F48"]) == len(hosts())
    refused = ("blocked", "dns", "redirect")
    bad = [fact for fact in facts["F48"] if fact["connected"] != [PUBLIC] or fact["error_class"] not in refused]
    assert bad == []


@pytest.mark.fault("F50")
def test_what_a_feed_links_to_is_not_fetched_from_private_addresses_and_its_news_is_told(facts: Facts) -> None:
    [fact] = facts["F50"]
    assert fact["connected"] == [PUBLIC]  # the feed itself
    assert len(fact["told"]) == 1


@pytest.mark.fault("F01", "F02")
def test_names_that_lead_nowhere(facts: Facts) -> None:
    [unknown], [silent] = facts["F01"], facts["F02"]
    assert (unknown["error_class"], silent["error_class"]) == ("dns", "dns")
    assert silent["elapsed"] < 3  # with the limit set to 1.5 s; it is 10


@pytest.mark.fault("F40")
def test_neither_passwords_nor_validators_travel_to_another_host(facts: Facts) -> None:
    [fact] = facts["headers"]
    assert "Authorization: Basic" in fact["at_home"]
    sent = fact["away"].lower()
    assert "host: other.test" in sent
    assert [name for name in ("authorization", "cookie", "if-none-match", "if-modified-since") if name in sent] == []


@pytest.mark.fault("F32")
def test_a_feed_that_moved_for_good_is_asked_at_its_new_place_after_three_polls(facts: Facts) -> None:
    [fact] = facts["F32"]
    assert (fact["counts"], fact["moved_to"], fact["told"]) == ([1, 2, 3], "http://other.test/moved", 2)
    assert fact["connected"] == ["5.6.7.8"]
