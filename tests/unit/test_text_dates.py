"""Dates written out in a text."""

import time
from datetime import date

import pytest

from monitor.text.dates import find_dates

PUBLISHED = date(2023, 9, 30)

ONE_DAY = [
    ("en", "It happened on 29 September.", date(2023, 9, 29)),
    ("en", "It happened on September 29.", date(2023, 9, 29)),
    ("en", "On the 29th of May 2021 they met.", date(2021, 5, 29)),
    ("en", "On Sept. 24, 2021, they met.", date(2021, 9, 24)),
    ("en", "Since October 5 nothing was heard.", date(2022, 10, 5)),
    ("en", "A log entry of 2023-05-29 says so.", date(2023, 5, 29)),
    ("en", "On 9/24/2023 it was signed.", date(2023, 9, 24)),
    ("en", "They last met on 29 February.", date(2020, 2, 29)),
    ("sq", "Sulmi ndodhi më 24 shtator.", date(2023, 9, 24)),
    ("sq", "Që nga data 24 shtatorit 2022 nuk u pa.", date(2022, 9, 24)),
    ("sq", "Më 3 nentor te vitit 2021 u takuan.", date(2021, 11, 3)),
    ("sr", "Dana 29. maja 2023. godine bilo je mirno.", date(2023, 5, 29)),
    ("sr", "Sastali su se 13.3.2022. u selu.", date(2022, 3, 13)),
    ("sr", "Sastali su se 5. 3. 2022. u selu.", date(2022, 3, 5)),
    ("sr", "Dogodilo se 24. rujna kod sela.", date(2023, 9, 24)),
    ("sr", "Десило се 24. септембра код села.", date(2023, 9, 24)),
    ("mk", "На 29-ти мај 2022 година се сретнаа.", date(2022, 5, 29)),
    ("mk", "Се случи на 24 септември.", date(2023, 9, 24)),
    ("", "Dogodilo se 24. septembra.", date(2023, 9, 24)),
]

SPANS = [
    ("en", "The clashes in May hurt thirty.", date(2023, 5, 1), date(2023, 5, 31)),
    ("en", "It began in late September 2022.", date(2022, 9, 1), date(2022, 9, 30)),
    ("en", "During this incident in 2021 he denied it.", date(2021, 1, 1), date(2021, 12, 31)),
    ("en", "The wars of the 1990s are over.", date(1990, 1, 1), date(1999, 12, 31)),
    ("sq", "Përleshjet në maj lënduan tridhjetë.", date(2023, 5, 1), date(2023, 5, 31)),
    ("sq", "Kështu ishte në vitin 1999 këtu.", date(1999, 1, 1), date(1999, 12, 31)),
    ("sq", "Mes 24-25 shtatorit ishte qetë.", date(2023, 9, 24), date(2023, 9, 25)),
    ("sr", "U maju je povređeno trideset.", date(2023, 5, 1), date(2023, 5, 31)),
    ("sr", "Tijekom studenoga 2022. bilo je mirno.", date(2022, 11, 1), date(2022, 11, 30)),
    ("sr", "Тако је било 1999. године.", date(1999, 1, 1), date(1999, 12, 31)),
    ("mk", "Во мај беа повредени триесет.", date(2023, 5, 1), date(2023, 5, 31)),
    ("en", "In December it was quiet.", date(2022, 12, 1), date(2022, 12, 31)),
]

NO_DATE = [
    ("en", "They may leave, and troops march on."),
    ("en", "He met Theresa May yesterday."),
    ("en", "Some 2000 soldiers came; about 1999 people stayed."),
    ("en", "It cost €2021 or 2,023 dollars."),
    ("en", "On 31 February nothing happened."),
    ("sr", "Maja je rekla da je marta hladno."),
    ("sr", "Oko 2010 vojnika je otišlo, ostalo 30."),
    ("sq", "Rreth 2022 ushtarë ikën."),
    ("sr", "Juče, prošle nedelje i danas."),
    ("mk", "Пред три години."),
]


@pytest.mark.parametrize(("language", "text", "day"), ONE_DAY)
def test_a_day_is_found(language: str, text: str, day: date) -> None:
    assert [(found.day, found.until) for found in find_dates(text, language, PUBLISHED)] == [(day, day)]


@pytest.mark.parametrize(("language", "text", "first", "last"), SPANS)
def test_a_longer_time_is_a_span_of_days(language: str, text: str, first: date, last: date) -> None:
    assert [(found.day, found.until) for found in find_dates(text, language, PUBLISHED)] == [(first, last)]


@pytest.mark.parametrize(("language", "text"), NO_DATE)
def test_what_only_looks_like_a_date_is_none(language: str, text: str) -> None:
    assert find_dates(text, language, PUBLISHED) == ()


def test_dates_come_in_order_with_their_place() -> None:
    text = "From 24 September 2023 back to 1999, and in May."
    found = find_dates(text, "en", PUBLISHED)
    assert [text[one.start : one.end] for one in found] == ["24 September 2023", "1999", "May"]


def test_the_day_after_publication_is_not_last_year() -> None:
    (found,) = find_dates("1 October", "en", PUBLISHED)
    assert found.day == date(2023, 10, 1)


@pytest.mark.parametrize("hostile", ["2023 " * 20_000, "maj " * 20_000, "1." * 50_000, "24 shtator 2023 1999 " * 5_000])
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    began = time.process_time()
    find_dates(hostile, "sq", PUBLISHED)
    assert time.process_time() - began < 5
