"""Who reports on their own authority, and how many independent voices a story has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from event_texts import START, make_article

from monitor.model import Outlet, Role, StoryMember
from monitor.stories.corroborate import cited, voices


@pytest.mark.parametrize(
    ("language", "body", "agency"),
    [
        ("en", "Two soldiers were hurt near the crossing, Reuters reported on Friday.", "Reuters"),
        ("en", "Two soldiers were hurt, according to the Associated Press.", "AP"),
        ("en", "Citing Balkan Insight, the paper says that two soldiers were hurt.", "BIRN"),
        ("sq", "Dy ushtarë u plagosën, raporton Reuters.", "Reuters"),
        ("sq", "Dy ushtarë u plagosën, citon REL.", "REL"),
        ("sq", "Dy ushtarë u plagosën, njofton agjencia Tanjug.", "Tanjug"),
        ("sr", "Dva vojnika su povređena, prenosi Tanjug.", "Tanjug"),
        ("sr", "Kako prenosi agencija Beta, dva vojnika su povređena.", "Beta"),
        ("sr", "Два војника су повређена, преноси Танјуг.", "Tanjug"),
        ("sr", "Dva vojnika su povređena, javlja Radio Slobodna Evropa.", "REL"),
        ("mk", "Двајца војници се повредени, пренесува МИА.", "MIA"),
    ],
)
def test_a_citation_is_seen_in_every_language(language: str, body: str, agency: str) -> None:
    assert cited(make_article("a", "Headline", body, language)) == agency


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "Two soldiers were hurt, according to the police."),
        ("en", "The minister reported to parliament on Friday."),
        ("sr", "Danas navodi da su dva vojnika povređena, kaže ministar."[6:]),
        ("sr", "On danas piše pismo ministru."),
        ("sq", "Sipas policisë, dy ushtarë u plagosën."),
        ("sr", "Prema navodima policije, povređena su dva vojnika."),
        ("en", ""),
    ],
)
def test_citing_the_police_or_a_minister_is_own_reporting(language: str, body: str) -> None:
    assert cited(make_article("a", "Headline", body, language)) == ""


def test_a_citation_deep_in_the_text_does_not_make_the_article_one() -> None:
    body = " ".join(
        [
            "Two soldiers were hurt near the crossing on Friday.",
            "Our reporter saw a helicopter land.",
            "Last year Reuters reported similar attacks.",
            "The road was closed until the evening.",
        ]
    )
    assert cited(make_article("a", "Headline", body)) == ""


OUTLETS = {
    outlet.id: outlet
    for outlet in (
        Outlet("north", "North News", "RS", ("sr",), "Big Group", state_affiliated="yes"),
        Outlet("east", "East News", "RS", ("sr",), "Big Group", state_affiliated="yes"),
        Outlet("south", "South Daily", "XK", ("sq",), "South", state_affiliated="no"),
        Outlet("west", "West Post", "XK", ("sq",)),
        Outlet("tanjug", "Tanjug", "RS", ("sr",), "Tanjug"),
    )
}


def member(
    id_: str, outlet: str, role: Role = Role.CORROBORATION, cites: str = "", language: str = "sq"
) -> StoryMember:
    published = START + timedelta(hours=ord(id_[0]) - ord("a"))
    return StoryMember(id_, outlet, role, language, published, f"https://{outlet}.example", "Headline", cites)


def test_outlets_of_one_owner_are_one_voice() -> None:
    heard = voices([member("a", "north"), member("b", "east"), member("c", "south")], OUTLETS)
    assert heard.owners == 2


def test_copies_are_counted_apart_and_corroborate_nothing() -> None:
    heard = voices([member("a", "south", Role.FOUNDER), member("b", "west", Role.COPY)], OUTLETS)
    assert (heard.owners, heard.copies) == (1, 1)


def test_an_article_that_cites_a_counted_outlet_adds_nobody() -> None:
    heard = voices([member("a", "tanjug", Role.FOUNDER), member("b", "south", cites="Tanjug")], OUTLETS)
    assert heard.owners == 1


def test_an_agency_that_many_cite_and_nobody_brings_is_one_voice() -> None:
    heard = voices([member("a", "south", cites="Reuters"), member("b", "west", cites="Reuters")], OUTLETS)
    assert heard.owners == 1


def test_own_reporting_beside_a_citation_counts_both() -> None:
    heard = voices([member("a", "north"), member("b", "west", cites="Reuters")], OUTLETS)
    assert heard.owners == 2


def test_one_side_only_is_said() -> None:
    assert voices([member("a", "north"), member("b", "tanjug")], OUTLETS).only == "RS"
    assert voices([member("a", "north"), member("b", "east")], OUTLETS).only == "state_affiliated"
    assert voices([member("a", "north", language="sr"), member("b", "south")], OUTLETS).only == ""


def test_an_unknown_outlet_is_its_own_owner() -> None:
    heard = voices([member("a", "x"), member("b", "y"), member("c", "x")], {})
    assert heard.owners == 2


def test_first_and_last_are_the_earliest_and_latest_publication() -> None:
    heard = voices([member("c", "south"), member("a", "west"), member("b", "north")], OUTLETS)
    assert (heard.first, heard.last) == (START, START + timedelta(hours=2))


def test_kinds_are_counted_by_owner() -> None:
    heard = voices(
        [member("a", "north", language="sr"), member("b", "east", language="sr"), member("c", "south")], OUTLETS
    )
    assert dict(heard.of_kind) == {"RS": 1, "XK": 1, "sq": 1, "sr": 1, "state_affiliated": 1}


def test_no_members_no_voices() -> None:
    heard = voices([], OUTLETS)
    assert (heard.owners, heard.only, heard.first) == (0, "", None)
