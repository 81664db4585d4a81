"""Numbers in running text, and what they count."""

from __future__ import annotations

import pytest

from monitor.text.numbers import find_numbers, unit_of


def read(text: str, language: str) -> list[tuple[str, str]]:
    return [(number.value, number.unit) for number in find_numbers(text, language) if number.known_unit]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Five soldiers were hurt", [("5", "soldier")]),
        ("sq", "Pesë ushtarë u plagosën", [("5", "soldier")]),
        ("sr", "Povređeno je pet vojnika", [("5", "soldier")]),
        ("sr", "Povređena su petorica vojnika", [("5", "soldier")]),
        ("sr", "Повређено је пет војника", [("5", "soldier")]),
        ("mk", "Повредени се пет војници", [("5", "soldier")]),
        ("en", "twenty-five rifles", [("25", "weapon")]),
        ("sq", "njëzet e pesë pushkë", [("25", "weapon")]),
        ("sr", "dvadeset i pet pušaka", [("25", "weapon")]),
        ("en", "23 heavily armed Serbian soldiers", [("23", "soldier")]),
        ("sq", "dy mijë ushtarë", [("2000", "soldier")]),
        ("en", "2.5 million euros", [("2500000", "money")]),
        ("sr", "2,5 miliona evra", [("2500000", "money")]),
        ("en", "up by 20 %", [("20", "percent")]),
        ("en", "five hundred people", [("500", "person")]),
    ],
)
def test_figures_and_words_mean_the_same_in_every_language(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert read(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "8,350 troops", "8350"),
        ("sr", "8.350 vojnika", "8350"),
        ("sq", "8.350 ushtarë", "8350"),
        ("sr", "8 350 vojnika", "8350"),
        ("en", "3.5 tonnes", "3.5"),
        ("sr", "3,50 tona", "3.5"),
        ("en", "1,234,567 people", "1234567"),
    ],
)
def test_separators_follow_the_language(language: str, text: str, value: str) -> None:
    assert [number.value for number in find_numbers(text, language)] == [value]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "in 2023"),
        ("en", "on 24 September"),
        ("en", "September 24, 2023"),
        ("sr", "29. maja"),
        ("sr", "13.3.2024. u 18:30"),
        ("sr", "oko 2.35 časova"),
        ("sq", "më 24 shtator"),
        ("mk", "на 24 септември 2023"),
        ("sr", "što je rekao"),
        ("en", "KFOR, N1 and B92"),
    ],
)
def test_dates_clock_times_and_names_are_no_numbers(language: str, text: str) -> None:
    assert find_numbers(text, language) == ()


def test_the_place_of_a_number_is_its_place_in_the_text() -> None:
    (number,) = find_numbers("Around 1,000 more soldiers will come", "en")
    assert "Around 1,000 more soldiers will come"[number.start : number.end] == "1,000"


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("serbian", ""),
        ("lekar", ""),
        ("carinik", ""),
        ("gradova", ""),
        ("vojnicima", "soldier"),
        ("policaje", "police"),
    ],
)
def test_units_are_not_seen_in_other_words(word: str, unit: str) -> None:
    assert unit_of(word) == unit


def test_a_long_row_of_digits_is_passed_over() -> None:
    assert find_numbers("9" * 5000, "en") == ()
