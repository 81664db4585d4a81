"""Secrets in the addresses of feeds: filled in on the way out, taken out on the way back, never in a file of rules."""

from __future__ import annotations

import pytest

from monitor.fetch.secrets import fill_in, take_out
from monitor.model import FetchResult
from monitor.rules.load_outlets import read_outlet
from monitor.yamlfile import Node, Place

ENVIRON = {"USER_NAME": "desk", "PASSWORD": "p@ss/w:rd", "KEY": "k3y-of-0urs"}


def test_names_are_filled_in_so_that_no_character_changes_the_address() -> None:
    address = "https://${USER_NAME}:${PASSWORD}@feeds.example/rss?key=${KEY}"
    assert fill_in(address, ENVIRON) == "https://desk:p%40ss%2Fw%3Ard@feeds.example/rss?key=k3y-of-0urs"
    assert fill_in("https://feeds.example/rss?a=$b", ENVIRON) == "https://feeds.example/rss?a=$b"
    with pytest.raises(ValueError, match="no variable OTHER"):
        fill_in("https://feeds.example/${OTHER}", ENVIRON)


def test_an_answer_that_repeats_a_secret_holds_its_name_instead() -> None:
    address = "https://feeds.example/rss?key=${KEY}"
    answer = FetchResult(
        address,
        final_url="https://feeds.example/new?key=k3y-of-0urs",
        permanent_url="https://feeds.example/k3y-of-0urs",
        error="no such key: k3y-of-0urs",
        etag='"k3y-of-0urs"',
    )
    found = take_out(answer, address, ENVIRON)
    assert "k3y" not in repr(found)
    assert found.final_url == "https://feeds.example/new?key=${KEY}"
    assert found.permanent_url == ""  # a stranger's word is never filled in


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://desk:hush-hush@feeds.example/rss", "name and password in plain sight"),
        ("https://hush-hush@feeds.example/rss", "name and password in plain sight"),
        ("ftp://desk:hush-hush@feeds.example/rss", "not the address of a feed"),
        ("https://feeds.example/rss?token=hush-hush", "looks like a secret"),
        ("https://${USER_NAME}:${PASSWORD}@feeds.example/rss?token=${KEY}", ""),
        ("https://feeds.example/rss?page=2", ""),
    ],
)
def test_a_secret_in_plain_sight_is_a_problem_that_does_not_repeat_it(url: str, says: str) -> None:
    place = Place(file="feeds.yaml", line=3, column=1, excerpt=f"url: {url}")
    problems: list = []
    feed = Node((Node(url, place, {}),), place, {})
    read_outlet("glas", Node({"feeds": feed}, place, {}), problems)
    text = "\n".join(map(str, problems))
    assert (says in text) if says else not text
    assert "hush-hush" not in text
