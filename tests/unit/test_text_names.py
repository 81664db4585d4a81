"""Names, and the key under which their spellings meet."""

from __future__ import annotations

from itertools import combinations

import pytest

from monitor.text.names import find_names, name_key


@pytest.mark.parametrize(
    "spellings",
    [
        "Zvečan:sr Zvečanu:sr Zveçanit:sq Zveçan:sq Zvecan:en Звечану:sr",
        "Vučić:sr Vučićem:sr Vuçiq:sq Vuçiqit:sq Вучиќ:mk Vucic:en",
        "Leposavić:sr Leposaviću:sr Leposaviq:sq Leposavic:en",
        "Brnjak:sr Brnjaka:sr Bërnjak:sq Brnjak:en",
        "Kirby:en Kirbi:sr Кирби:mk Kirby:sq",
        "O'Brien:en O’Brajen:sr О’Брајан:mk",
        "Kurti:en Kurtijem:sr Kurtit:sq Курти:mk",
        "Banjska:en Banjskoj:sr Banjskë:sq Бањска:mk",
        "Kocani:en Kočanima:sr Koçan:sq Кочани:mk",
        "Stoltenberg:en Stoltenbergom:sr Столтенберг:mk",
        "KFOR:en Kfora:sr KFOR:sq КФОР:mk",
        "US:en SAD:sr SHBA:sq САД:mk",
        "Washington:en Vašington:sr Uashingtoni:sq Вашингтон:mk",
        "Zubin:en Zubinom:sr Zubinog:sr Zubin:sq",
    ],
)
def test_spellings_and_cases_of_a_name_share_a_key(spellings: str) -> None:
    keys = {spelling: name_key(*spelling.split(":")) for spelling in spellings.split()}
    apart = [(a, b) for a, b in combinations(keys, 2) if not keys[a] & keys[b]]
    assert apart == []


@pytest.mark.parametrize("pair", ["Kurti Kirby", "Zvečan Leposavić", "Vučić Vučević", "Rama Rim", "Jarinje Rudare"])
def test_other_names_have_other_keys(pair: str) -> None:
    first, second = pair.split()
    assert not name_key(first, "sr") & name_key(second, "sr")


def test_names_are_runs_of_capitalised_words() -> None:
    found = find_names("Yesterday Milan Radoicic met Xhelal Svecla in North Mitrovica.", "en")
    assert [name.text for name in found] == ["Yesterday Milan Radoicic", "Xhelal Svecla", "North Mitrovica"]
    assert [name.opens for name in found] == [True, False, False]


def test_a_comma_ends_a_name() -> None:
    assert [name.text for name in find_names("u Zvečanu, Leposaviću i Zubinom Potoku", "sr")] == [
        "Zvečanu",
        "Leposaviću",
        "Zubinom Potoku",
    ]


def test_a_text_without_capitals_has_no_names() -> None:
    assert find_names("nothing to see here", "en") == ()
    assert find_names("", "sq") == ()
