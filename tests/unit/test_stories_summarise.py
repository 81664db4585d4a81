"""The sentences of an alert: verbatim, none twice, nothing told before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from event_texts import START, make_article

from monitor.model import Article, Severity, Verdict
from monitor.stories.summarise import MAX_CHARACTERS, summarise

BODY = """The mission said on Friday that 3 soldiers were hurt when a device exploded near Rahovec.
He added that the road would stay closed.
Police are searching 12 houses in the village of Hoça for two men seen running away.
In September 2023 a police sergeant was killed in an ambush in the same area.
A helicopter took the wounded to a hospital in Prizren within half an hour."""

ARTICLE = make_article("a", "Blast wounds 3 soldiers near Rahovec", BODY, "en")


def verdict(*sentences: int) -> Verdict:
    return Verdict("rule", "Rule", True, "fires", Severity.HIGH, sentences=sentences)


def texts(chosen: tuple[tuple[str, int], ...], *articles: Article) -> list[str]:
    by_id = {article.id: article for article in articles}
    return [by_id[id_].sentences[index].text for id_, index in chosen]


def test_evidence_comes_first() -> None:
    assert summarise(ARTICLE, [verdict(3)], {"a": ARTICLE})[0] == ("a", 3)


def test_the_title_is_not_quoted_when_there_is_a_text() -> None:
    assert ("a", 0) not in summarise(ARTICLE, [verdict(0, 1)], {"a": ARTICLE})


def test_a_bare_headline_is_quoted() -> None:
    headline = make_article("h", "Blast wounds 3 soldiers near Rahovec")
    assert summarise(headline, [verdict(0)], {"h": headline}) == (("h", 0),)


def test_sentences_that_open_with_a_pronoun_and_background_are_left_out() -> None:
    chosen = texts(summarise(ARTICLE, [verdict(1)], {"a": ARTICLE}, limit=3), ARTICLE)
    assert not any(text.startswith(("He added", "In September 2023")) for text in chosen)


def test_what_was_told_is_not_told_again() -> None:
    first = summarise(ARTICLE, [verdict(1)], {"a": ARTICLE}, limit=1)
    again = summarise(ARTICLE, [verdict(1)], {"a": ARTICLE}, told=texts(first, ARTICLE), limit=1)
    assert again
    assert not set(first) & set(again)


def test_no_two_sentences_say_the_same() -> None:
    other = make_article(
        "b", "Other", "On Friday 3 soldiers were hurt when a device exploded near Rahovec, the mission said.", "en",
        START + timedelta(hours=1),
    )  # fmt: skip
    chosen = summarise(ARTICLE, [verdict(1)], {"a": ARTICLE, "b": other})
    assert ("a", 1) in chosen
    assert ("b", 1) not in chosen


def test_the_same_fact_in_another_language_is_not_repeated() -> None:
    other = make_article(
        "b", "Tjetër", "Misioni KFOR tha të premten se 3 ushtarë u lënduan nga shpërthimi afër Rahovecit.", "sq",
        START + timedelta(hours=1),
    )  # fmt: skip
    chosen = summarise(ARTICLE, [verdict(1)], {"a": ARTICLE, "b": other})
    assert ("b", 1) not in chosen


def test_another_outlet_may_add_what_the_article_lacks() -> None:
    short = make_article("a", "Blast near Rahovec", "A device exploded near Rahovec on Friday and wounded 3 soldiers.")
    other = make_article(
        "b",
        "Search",
        "Prosecutor Drita Hoxhaj asked for the arrest of two brothers from Gjakova.",
        "en",
        START - timedelta(hours=1),
    )
    assert ("b", 1) in summarise(short, [verdict(1)], {"a": short, "b": other})


def test_what_a_round_up_says_before_it_comes_to_the_event_is_not_quoted() -> None:
    round_up = make_article(
        "r",
        "The week in the assembly",
        """Deputies adopted the budget for the repair of local schools on Thursday.
Two officers were wounded when gunmen fired at their patrol outside Rahovec this morning.
The gunmen escaped towards the mountains.""",
        "en",
    )
    chosen = texts(summarise(round_up, [verdict(2)], {"r": round_up}), round_up)
    assert chosen[0].startswith("Two officers")
    assert not any("budget" in text for text in chosen)


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_quotes_are_few_and_short_in_total(limit: int) -> None:
    chosen = summarise(ARTICLE, [verdict(1, 2, 3, 4, 5)], {"a": ARTICLE}, limit=limit)
    assert 1 <= len(chosen) <= limit
    assert sum(len(text) for text in texts(chosen, ARTICLE)) <= MAX_CHARACTERS


def test_a_first_sentence_is_kept_however_long() -> None:
    long = make_article("a", "Long", "The mission said that " + "very " * 300 + "many soldiers were hurt near Rahovec.")
    assert summarise(long, [verdict(1)], {"a": long}) == (("a", 1),)


def test_an_article_without_any_sentence_gives_no_quotes() -> None:
    empty = Article("e", "", "x", "", (), "en", START, START)
    assert summarise(empty, [], {}) == ()


def test_the_order_of_the_articles_given_does_not_matter() -> None:
    others = {
        id_: make_article(id_, "T", f"Prosecutor {name} asked for the arrest of {n} men from Gjakova.", "en", START)
        for id_, name, n in (("b", "Drita Hoxhaj", 2), ("c", "Luan Berisha", 7), ("d", "Ana Petrova", 9))
    }
    forward = summarise(ARTICLE, [verdict(1)], {"a": ARTICLE, **others})
    backward = summarise(ARTICLE, [verdict(1)], dict(reversed({"a": ARTICLE, **others}.items())))
    assert forward == backward


def test_a_headline_is_quoted_when_the_text_is_only_the_outlets_own() -> None:
    bare = make_article(
        "h", "Blast wounds 3 soldiers near Rahovec", "The public service of the region since 1961, with news."
    )
    assert texts(summarise(bare, [verdict(0)], {"h": bare}), bare)[0] == "Blast wounds 3 soldiers near Rahovec"


def test_a_sentence_that_the_feed_cut_off_is_not_quoted() -> None:
    cut = make_article(
        "c", "Blast", "The mission said that 3 soldiers were hurt near Rahovec.\nPolice in Prizren closed the..."
    )
    assert texts(summarise(cut, [verdict(1)], {"c": cut}), cut) == [
        "The mission said that 3 soldiers were hurt near Rahovec."
    ]
