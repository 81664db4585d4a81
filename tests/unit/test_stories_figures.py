"""Figures side by side: only where two outlets count the same thing and do not agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from event_texts import make_article

from monitor.stories.figures import contradictions


def words(*said: tuple[str, str, str]) -> list[str]:
    """What is set side by side of (outlet, language, headline), in the order of reading."""
    articles = [
        replace(make_article(str(number), title, "", language), outlet=outlet)
        for number, (outlet, language, title) in enumerate(said)
    ]
    return [figure.words for figure in contradictions(articles)]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (("en", "3 soldiers wounded in blast"), ("sr", "U eksploziji ranjeno 5 vojnika"), ["3 soldiers", "5 vojnika"]),
        (("sq", "Tre policë u plagosën në Zveçan"), ("en", "Three officers wounded in Zvečan"), []),
        (("en", "60 soldiers set up tents"), ("en", "Two soldiers were injured"), []),
        (("en", "60 soldiers set up tents"), ("sr", "Nije tačno da je raspoređeno 250 vojnika"), []),
        (("en", "60 soldiers set up tents"), ("sq", "Nuk janë vendosur 250 ushtarë"), []),
        (("en", "60 soldiers set up tents"), ("mk", "Не се распоредени 250 војници"), []),
        (("en", "60 soldiers set up tents"), ("sq", "Rreth 80 ushtarë ngritën tenda"), ["60 soldiers", "80 ushtarë"]),
    ],
)
def test_two_outlets(one: tuple[str, str], other: tuple[str, str], differ: list[str]) -> None:
    assert words(("north", *one), ("south", *other)) == differ


def test_an_outlet_that_corrects_itself_contradicts_nobody() -> None:
    assert words(("north", "en", "60 soldiers set up tents"), ("north", "en", "80 soldiers set up tents")) == []
    assert (
        words(
            ("north", "en", "60 soldiers set up tents"),
            ("south", "en", "80 soldiers set up tents"),
            ("north", "en", "Now 80 soldiers are in tents"),
        )
        == []
    )
