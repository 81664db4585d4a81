"""Which changes of an article matter, and which do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.articles.revisions import change, unreadable
from monitor.articles.text import Furniture, read_article
from monitor.model import Article, Entry, Outlet, PageText

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TITLE = "Soldiers close the bridge in Zvečan"
BODY = (
    "About 40 soldiers closed the bridge in Zvečan on Monday morning, the town hall said.",
    "Residents said the vehicles came from the south before dawn and stopped beside the market square.",
    "The mayor asked people to stay at home until the afternoon and promised to speak to reporters again at noon.",
)


def version(title: str = TITLE, body: tuple[str, ...] = BODY, language: str = "en") -> Article:
    entry = Entry("1", "https://north.example/1", title, published=NOW, language=language)
    outlet = Outlet("north", "North Wire", languages=(language,))
    return read_article(entry, PageText(body), outlet, NOW, Furniture(), frozenset())


def edited(old: str, new: str) -> Article:
    return version(TITLE.replace(old, new), tuple(line.replace(old, new) for line in BODY))


@pytest.mark.parametrize(
    ("new", "kind", "words"),
    [
        (edited("40 soldiers", "60 soldiers"), "figure", "40 → 60 soldiers"),
        (version("60 soldiers close the bridge in Zvečan"), "fact", "+ 60 soldiers"),
        (version(TITLE, (*BODY, "Two soldiers were wounded near the bridge in Zvečan.")), "fact", "+ Two soldiers"),
        (version(TITLE, (*BODY, "The army denied that soldiers closed the bridge in Zvečan.")), "denial", "denied"),
        (version("Report of soldiers on the bridge in Zvečan was false"), "denial", "false"),
        # what does not matter
        (version(), None, ""),
        (edited("morning", "mornnig"), None, ""),  # a typo
        (edited("40 soldiers", "forty-odd soldiers"), None, ""),
        (version(TITLE + " (VIDEO)"), None, ""),
        (version("Bridge in Zvečan closed by soldiers"), None, ""),  # the same in other words
        (version(TITLE, BODY[:2]), None, ""),  # a shorter text
        (version(TITLE, (BODY[1], BODY[0], BODY[2])), None, ""),  # another order
        (version(TITLE, (*BODY, "Updated: 2 March 2026 at 10:45")), None, ""),
        (version(TITLE, (*BODY, "Comments: 134")), None, ""),
        (
            version(TITLE, (*BODY, "Read it in 3 minutes, and listen to the 2 hours of the evening programme.")),
            None,
            "",
        ),
        (version(TITLE, (*BODY, "In other news 12 people won the lottery in Novi Sad on Sunday evening.")), None, ""),
        (version(TITLE, (*BODY, "The bridge in Zvečan was closed by soldiers, about 40 of them.")), None, ""),
    ],
)
def test_only_what_is_said_anew_matters(new: Article, kind: str | None, words: str) -> None:
    found = change(version(), new)
    assert (found.kind if found else None) == kind
    assert found is None or words in found.words


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sr", "U eksploziji je ranjeno {} vojnika kod Leposavića."),
        ("sr", "У експлозији је рањено {} војника код Лепосавића."),
        ("sq", "Në shpërthim u plagosën {} ushtarë afër Leposaviqit."),
        ("mk", "Во експлозијата се ранети {} војници кај Лепосавиќ."),
    ],
)
def test_a_figure_is_seen_in_all_languages(language: str, text: str) -> None:
    old, new = (version(text.format(count), (text.format(count),), language) for count in (3, 5))
    found = change(old, new)
    assert found is not None
    assert found.words.startswith("3 → 5 ")


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("sr", "Vojnici su ranjeni kod Leposavića.", "Vojska demantuje da su vojnici ranjeni kod Leposavića."),
        ("sr", "Војници су рањени код Лепосавића.", "Војска негира да су војници рањени код Лепосавића."),
        ("sq", "Ushtarët u plagosën afër Leposaviqit.", "Ushtria mohon se ushtarët u plagosën afër Leposaviqit."),
        ("mk", "Војници се ранети кај Лепосавиќ.", "Војската демантира дека војници се ранети кај Лепосавиќ."),
    ],
)
def test_a_denial_is_seen_in_all_languages(language: str, old: str, new: str) -> None:
    found = change(version(old, (old,), language), version(new, (new,), language))
    assert found is not None
    assert found.kind == "denial"


def test_the_sentences_that_say_it_are_named() -> None:
    new = version(TITLE, (*BODY, "Two soldiers were wounded near the bridge in Zvečan."))
    found = change(version(), new)
    assert found is not None
    assert [new.sentences[index].text for index in found.sentences] == [
        "Two soldiers were wounded near the bridge in Zvečan."
    ]
    assert [fact.value for fact in found.facts] == ["2 soldier"]


@pytest.mark.parametrize(
    ("page", "more", "why"),
    [
        (PageText(BODY), {}, ""),
        (PageText((), suspect="nothing extracted"), {}, "nothing extracted"),
        (PageText(("We use cookies.",), suspect="cookie wall"), {}, "cookie wall"),
        (PageText(BODY[:1]), {}, "most of the text is missing"),  # the beginning, and a wall behind it
        (PageText(BODY), {"moved": True}, "leads elsewhere"),
        (PageText(BODY), {"partial": True}, "cut off"),
    ],
)
def test_a_wall_a_stub_or_a_front_page_is_no_version_of_the_article(page: PageText, more: dict, why: str) -> None:
    assert unreadable(PageText(BODY), page, **{"moved": False, "partial": False, **more}) == why
