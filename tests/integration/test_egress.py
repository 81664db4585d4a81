"""Whom we speak to: counted where it leaves, kept without addresses, bounded, and shown with what is still to come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_desk import Desk
from store_values import NOW

from monitor.alerts.channels import hosts_of
from monitor.config.settings import load_settings
from monitor.outgoing import Contact
from monitor.views.egress import read_egress


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("tgram://123456789:ABCdefghijklmnopqrstuvwxyzabcdefghi/1234", ("api.telegram.org",)),
        ("discord://123456789012345678/abcdefghijklmnopqrstuvwxyz", ("discord.com",)),
        ("mailtos://u:p@example.org?smtp=smtp.example.net&to=a@example.org", ("smtp.example.net",)),
        ("jsons://hook.example:8443/secret/path", ("hook.example",)),
        ("ntfys://ntfy.example/topic", ("ntfy.example",)),
        ("pover://user@tokentokentokentokentokentoken12", ("api.pushover.net",)),
    ],
)
def test_the_host_of_a_channel_is_shown_and_no_key_of_its_address(url: str, hosts: tuple[str, ...]) -> None:
    assert hosts_of(url) == hosts


def test_the_list_names_what_was_asked_and_what_will_be(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.publish(1, "Soldiers arrive in Alpha")
    with desk.file.open("a") as config:
        config.write('heartbeat: {url: "https://pulse.example/secret", every: 2m}\n')
    settings = load_settings(desk.file)
    with desk.store.write() as tx:
        tx.egress.add([Contact("north.example", "feed", 7, NOW, NOW), Contact("cdn.example", "page", 2, NOW, NOW)])
    lines = {(line.host, line.why): line for line in read_egress(settings, desk.pipeline.desk)}
    assert lines["north.example", "feed"].count == 7
    assert lines["north.example", "feed"].often == "every 1 min at most"
    assert lines["cdn.example", "page"].often == "articles of its feeds"
    assert (lines["pulse.example", "heartbeat"].count, lines["pulse.example", "heartbeat"].often) == (0, "every 2 min")
    assert len(lines) == 3, "a terminal is no host"
    desk.store.close()
    assert "secret" not in json.dumps(list(map(str, lines.values())))
