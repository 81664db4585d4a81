"""Folding, Latin letters and name keys."""

import pickle
import unicodedata

import pytest

from monitor.text.folding import fold, name_keys, to_latin


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Vučić", "vucic"),
        ("ВУЧИЋ", "vucic"),
        ("Đurić", "djuric"),
        ("Ђурић", "djuric"),
        ("Kosovës", "kosoves"),
        ("Његош и џез", "njegos i dzez"),
        ("ќе ѓубре ѕвезда", "kje gjubre dzvezda"),
        ("O’Brien", "o'brien"),
        ("Özkan Ulutaş", "ozkan ulutas"),
        ("Sørensen", "sorensen"),
        ("gra\u00adnica", "granica"),
        ("日本", "日本"),
        ("", ""),
    ],
)
def test_folding_makes_scripts_accents_and_case_equal(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_decomposed_letters_fold_like_composed_ones() -> None:
    for word in ("Vučić", "ќерка", "Kosovë", "йод"):
        assert fold(unicodedata.normalize("NFD", word)) == fold(word)


def test_folding_twice_changes_nothing() -> None:
    for word in ("Đurić", "Ђоковић", "Çmimi", "’s"):
        assert fold(fold(word)) == fold(word)


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Љубиша Ђурић", "Ljubiša Đurić"),
        ("ЊЕГОШ", "NJEGOŠ"),
        ("Џон", "Džon"),
        ("Скопје, ќе", "Skopje, kje"),
        ("plain ASCII", "plain ASCII"),
    ],
)
def test_latin_letters_keep_accents_and_case(cyrillic: str, latin: str) -> None:
    assert to_latin(cyrillic) == latin


@pytest.mark.parametrize(
    "spellings",
    [
        "Vučić Вучић Vuçiq Vuqiq Вучиќ Vucic Vuçiç",
        "Đurić Ђурић Gjuriq Djuric Ѓуриќ Xhuriq",
        "Hodžaj Хоџај Hoxhaj",
        "Radoičić Radojičić Radoiçiq",
        "Brnjak Bërnjak Брњак",
        "Bernjak Bërnjak",
        "Mojsilović Mojsilloviq",
        "Svečlja Sveçla Свечља",
        "Kirby Kirbi Кирби",
    ],
)
def test_the_spellings_of_a_name_share_a_key(spellings: str) -> None:
    first, *others = (name_keys(word) for word in spellings.split())
    assert all(first & keys for keys in others)


@pytest.mark.parametrize(("one", "other"), [("Vučić", "Vučević"), ("Brnabić", "Babić"), ("Blinken", "LinkedIn")])
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert not name_keys(one) & name_keys(other)


def test_keys_are_plain_values() -> None:
    assert pickle.loads(pickle.dumps(name_keys("Bërnjak"))) == {"bernak", "brnak"}
