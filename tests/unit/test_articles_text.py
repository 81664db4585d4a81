"""From an entry and its page to the sentences of an article."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.articles.text import Furniture, clean_title, effective_time, line_keys, read_article
from monitor.model import Article, Entry, Outlet, PageText

SEEN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OUTLET = Outlet("radio", "Radio Drina", languages=("en",))
FURNITURE = Furniture(
    drop_starts=("Read also", "Related", "Latest news", "Pročitajte i"),
    drop_ends=("...", "…"),
    stop_after=("Latest news", "Најново"),
)
FIRST = "The patrol reached the crossing at dawn. It found the barrier closed, a spokesman said."
SECOND = "Two vehicles were parked on the road. Nobody answered when the officers called out."
THIRD = "The crossing was opened again in the afternoon, after talks in the town hall."


def entry(title: str = "Patrol finds crossing closed", **fields: object) -> Entry:
    return Entry("id", "https://radio.example/1?utm_source=rss", title, **fields)  # type: ignore[arg-type]


def page(*paragraphs: str, **fields: str) -> PageText:
    return PageText(paragraphs or (FIRST, SECOND, THIRD), **fields)


def read(of: Entry | None = None, found: PageText | None = None, repeated: frozenset[str] = frozenset()) -> Article:
    return read_article(of or entry(), found, OUTLET, SEEN, FURNITURE, repeated)


def body_lines(*paragraphs: str, repeated: frozenset[str] = frozenset()) -> list[str]:
    return read(found=page(*paragraphs), repeated=repeated).text.split("\n")


def test_the_title_is_sentence_0_and_the_lead_the_two_after_it():
    article = read(found=page())
    assert [(s.index, s.field, s.paragraph) for s in article.sentences] == [
        *[(0, "title", 0), (1, "lead", 1), (2, "lead", 1)],
        *[(3, "body", 2), (4, "body", 2), (5, "body", 3)],
    ]
    assert article.sentences[0].text == article.title == "Patrol finds crossing closed"
    assert article.sentences[2].text == "It found the barrier closed, a spokesman said."


def test_without_a_title_the_first_sentence_is_the_title():
    article = read(entry(title=""), page())
    assert article.title == "The patrol reached the crossing at dawn."
    assert article.sentences[1].text == "It found the barrier closed, a spokesman said."


def test_without_a_title_a_doubled_line_near_the_top_is_the_title():
    article = read(
        entry(title=""), page("Drina", "Patrol finds crossing closed", "Patrol finds crossing closed", FIRST)
    )
    assert article.title == "Patrol finds crossing closed"
    assert article.text == FIRST


def test_an_entry_without_anything_is_an_article_without_sentences():
    article = read(Entry("id", "", ""), None)
    assert (article.title, article.text, len(article.id)) == ("", "", 32)


# --- which text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "found", "origin"),
    [
        ({"summary": "Short."}, page(), "page"),
        ({"summary": "Short."}, None, "feed"),
        ({"text": " ".join([FIRST] * 20)}, page(), "feed"),
        ({"summary": "Short."}, PageText((), suspect="nothing extracted"), "feed"),
        ({"summary": "Short."}, page("We use cookies on this site. Accept all.", suspect="cookie wall"), "feed"),
        ({"summary": ""}, page("We use cookies on this site. Accept all.", suspect="cookie wall"), "feed"),
        ({"summary": FIRST}, page("Home", suspect="too short"), "feed"),
        ({"summary": "Short."}, page(FIRST, suspect="too short"), "page"),
    ],
)
def test_the_page_is_believed_unless_the_feed_has_more_or_the_page_is_no_article(
    fields: dict[str, str], found: PageText | None, origin: str
):
    article = read(entry(**fields), found)
    assert article.origin == origin
    assert "cookies" not in article.text


# --- furniture ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Read also: KFOR, a short history of the mission", id="label"),
        pytest.param("READ ALSO", id="label alone"),
        pytest.param("Procitajte i: KFOR, kratka istorija", id="without accents"),
        pytest.param("Patrol finds crossing closed", id="the title again"),
        pytest.param("Radio Drina", id="outlet"),
        pytest.param("Radio Drina/agencies", id="outlet and agencies"),
        pytest.param("2 March 2026 - 18:22", id="date"),
        pytest.param("02.03.2026. 18:22", id="date in figures"),
        pytest.param("Ponedeljak, 2. mart 2026. | 18:22 >", id="date in Serbian"),
        pytest.param("E hënë, 2 mars 2026, 18:22", id="date in Albanian"),
        pytest.param("March 2, 2026 at 6:22 pm", id="date in English"),
        pytest.param("2026-03-02T18:22:00Z", id="timestamp"),
        pytest.param("By Jane Roe", id="byline"),
        pytest.param("Latest newsletter:", id="label before nothing"),
        pytest.param("Autor: N. N.", id="byline in Serbian"),
        pytest.param("Извор: Агенција", id="source in Macedonian"),
        pytest.param("The post Patrol finds crossing closed appeared first on Radio Drina.", id="feed plugin"),
    ],
)
def test_a_line_that_is_not_the_article_is_dropped(line: str):
    assert body_lines(FIRST, line, THIRD) == [FIRST, THIRD]


@pytest.mark.parametrize(
    "line",
    [
        "Related parties to the talks said on Monday that they would meet again.",
        "Nga Prishtina u nis konvoji.",
        "By Monday evening two more patrols had arrived at the crossing.",
        "On 2 March 2026 the crossing was closed for the first time.",
        "“We waited, and waited, and then…”",
        "Radio Drina reported on Monday that the crossing was closed.",
        "Latest news from the crossing is that it is open.",
        "2023",
    ],
)
def test_a_line_that_only_looks_like_furniture_stays(line: str):
    assert body_lines(FIRST, line, THIRD) == [FIRST, line, THIRD]


def test_teasers_that_break_off_are_dropped_where_several_stand_together():
    teasers = [
        "As the country prepares for its elections, the oppos...",
        "In 1988 he became the director of the flotati...",
    ]
    assert body_lines(FIRST, SECOND, *teasers) == [FIRST, SECOND]


def test_everything_after_latest_news_goes_when_only_teasers_follow():
    assert body_lines(FIRST, "Latest news:", "Ten recipes for autumn", "KFOR football cup begins") == [FIRST]
    assert body_lines(FIRST, "Најново", "Десет рецепти за есен") == [FIRST]


def test_what_follows_latest_news_stays_when_it_is_the_article():
    long = "The spokesman said at length what had been said before, and more, " * 3
    assert body_lines(FIRST, "Latest news", long) == [FIRST, long.strip()]


def test_lines_that_an_outlet_prints_on_every_page_are_dropped():
    promise = "Get the morning briefing in your inbox, 7 days a week"
    repeated = frozenset(line_keys([promise]))
    assert body_lines(FIRST, promise.upper().replace("7", "6"), THIRD, repeated=repeated) == [FIRST, THIRD]


def test_a_first_sentence_that_begins_like_the_title_stays_whole():
    assert body_lines("Patrol finds crossing closed at dawn, a spokesman said.") == [
        "Patrol finds crossing closed at dawn, a spokesman said."
    ]


def test_a_text_that_the_outlet_published_again_is_not_furniture():
    assert body_lines(FIRST, SECOND, repeated=frozenset(line_keys([FIRST, SECOND]))) == [FIRST, SECOND]


def test_a_page_that_came_as_one_line_loses_its_heading():
    assert body_lines(f"Patrol finds crossing closed {FIRST}") == [FIRST]


# --- titles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "outlet", "clean"),
    [
        ("Patrol finds crossing closed - Radio Drina", "Radio Drina", "Patrol finds crossing closed"),
        ("Patrol finds crossing closed | RadioDrina.net", "Radio Drina", "Patrol finds crossing closed"),
        ("Patrola u zoru – N1", "N1", "Patrola u zoru"),
        ("Patrulla në kufi | Koha.net", "Koha", "Patrulla në kufi"),
        ("Patrulla në kufi | Koha.net", "Koha.net", "Patrulla në kufi"),
        ("Patrol finds crossing closed (VIDEO)", "Radio", "Patrol finds crossing closed"),
        ("Patrola u zoru (FOTO/VIDEO)", "Radio", "Patrola u zoru"),
        ("Патрола у зору (ВИДЕО)", "Radio", "Патрола у зору"),
        ("[VIDEO] Patrol finds crossing closed", "Radio", "Patrol finds crossing closed"),
        ("VIDEO: Patrol finds crossing closed", "Radio", "Patrol finds crossing closed"),
        ("FOTO | Patrola u zoru", "Radio", "Patrola u zoru"),
        ("Patrola u zoru / VIDEO", "Radio", "Patrola u zoru"),
        ("Patrol – crossing closed", "Radio Drina", "Patrol – crossing closed"),
        ("Kosovo - Serbia", "Serbia", "Kosovo - Serbia"),
        ("Video of the patrol published", "Radio", "Video of the patrol published"),
        ("Radio Drina: crossing closed", "Radio Drina", "Radio Drina: crossing closed"),
        ("", "Radio", ""),
    ],
)
def test_titles_lose_the_outlets_name_and_words_about_pictures(title: str, outlet: str, clean: str):
    assert clean_title(title, outlet) == clean


# --- time, address, language -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "believed"),
    [
        (timedelta(0), True),
        (timedelta(days=-29), True),
        (timedelta(days=-31), False),
        (timedelta(minutes=59), True),
        (timedelta(hours=2), False),
        (timedelta(days=365), False),
    ],
)
def test_a_date_is_believed_between_thirty_days_before_and_an_hour_after_it_was_seen(
    published: timedelta, believed: bool
):
    assert effective_time(SEEN + published, SEEN) == (SEEN + published if believed else SEEN)


def test_an_article_without_a_date_is_from_when_it_was_seen():
    assert read().published == SEEN


def test_the_address_is_the_pages_own_or_the_entrys_without_tracking():
    assert read(found=page()).url == "https://radio.example/1"
    assert read(found=page(canonical="https://radio.example/one")).url == "https://radio.example/one"


def test_one_address_makes_one_article_whatever_its_text():
    assert read(found=page()).id == read(entry(title="Edited"), page(FIRST)).id


def test_without_an_address_the_words_make_the_article():
    first, second = (read(Entry("id", "", title), None) for title in ("One", "Two"))
    assert first.id != second.id
    assert first.id == read(Entry("other", "", "One"), None).id


def test_the_language_is_read_from_the_text_and_what_feed_page_and_outlet_say():
    article = read(entry(title="Patrola zatekla spuštenu rampu", language="en"), page("Niko nije odgovorio na pozive."))
    assert (article.language, article.language_certain) == ("sr", True)


@pytest.mark.parametrize("text", ["\ud800 one", "x" * 200_000, "a. " * 20_000, "… " * 20_000, "<b>" * 5000])
def test_strange_text_is_still_an_article(text: str):
    assert read(entry(summary=text), None).sentences
