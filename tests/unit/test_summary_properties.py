"""What holds of the summary of any story, whatever its articles say: nothing invented, nothing twice, not too long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.alerts.compose import compose
from monitor.alerts.plain import CUT, cut, one_line
from monitor.alerts.render import render
from monitor.model import (
    Alert,
    Article,
    Decision,
    DevelopmentKind,
    Mark,
    Placement,
    Quote,
    ReasonCode,
    Role,
    Sentence,
    Severity,
    Told,
    Verdict,
    Voices,
)
from monitor.stories.figures import contradictions
from monitor.stories.rarity import commonness, language_class, stem
from monitor.stories.summarise import SAME_WORDS, summarise
from monitor.text.tokens import tokenise

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MANY = settings(FEW, max_examples=150)
WORDS = """3 5 12 soldiers soldier killed wounded vojnika vozila të vrarë ushtarë police near Zvečan Zveçan Брњак Kosovo
KFOR said army exploded the that demantuje not 😀 👮🏽‍♀️
עזה كوسوفو ‮abc‬ @everyone <b> [x](http://y.example) CRITICAL · „ ” " … - 60 %""".split()
TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.text(max_size=40),
    st.lists(st.sampled_from(WORDS), min_size=200, max_size=200).map(lambda words: " ".join(words * 8)[:10_000]),
)


@st.composite
def articles(draw: st.DrawFn, number: int) -> Article:
    texts = draw(st.lists(TEXTS, min_size=1, max_size=6))
    fields = ("title", "lead", "lead", "body", "body", "body")
    sentences = tuple(Sentence(i, text, fields[i], i) for i, text in enumerate(texts))  # type: ignore[arg-type]
    language = draw(st.sampled_from(["en", "sq", "sr", "mk", "de"]))
    when = NOON - timedelta(minutes=draw(st.integers(0, 90)))
    return Article(
        f"a{number}", f"https://o{number}.example/n", f"o{number}", texts[0], sentences, language, when, when
    )


STORIES = st.integers(1, 4).flatmap(lambda count: st.tuples(*(articles(number) for number in range(count))))


@dataclass(frozen=True)
class Summary:
    """A story, what was chosen of it, and the message."""

    story: tuple[Article, ...]
    chosen: tuple[tuple[str, int], ...]
    alert: Alert
    subject: str
    body: str


def summary(story: tuple[Article, ...], evidence: int, told: tuple[str, ...] = ()) -> Summary:
    """As the program makes it: quotes and figures of the articles, composed and rendered."""
    speaking = story[0]
    index = evidence % len(speaking.sentences)
    marks = (Mark("disputed", index, "demantuje"),) if evidence % 3 == 0 else ()
    verdict = Verdict("rule", "Troops near the line", True, "fires", Severity.HIGH, sentences=(index,), marks=marks)
    texts = {article.id: article for article in story}
    chosen = summarise(speaking, [verdict], texts, told)
    quotes = [
        Quote(texts[id_].sentences[i].text, id_, texts[id_].published, texts[id_].language, texts[id_].url)
        for id_, i in chosen
    ]
    kind = DevelopmentKind.NEW_FACT if told else DevelopmentKind.FIRST_REPORT
    alert = compose(
        Decision(True, ReasonCode.FIRST_REPORT, "", kind, Severity.HIGH, ("rule",)),
        speaking,
        [verdict],
        Placement("k7f3q2abcd", Role.UPDATE, "why", related=("abcdefgh",)),
        Told(1 if told else 0),
        Voices(len(story) + 4, ("en", "sq"), 3, only="XK"),
        quotes,
        story="k7f3q2abcd",
        places=(),
        language="en",
        rule_set="v1",
        now=NOON,
        outlet="o0",
    )
    alert = replace(alert, figures=tuple((f.words, f.article) for f in contradictions(story)))
    return Summary(story, chosen, alert, *render(alert, "en", ZoneInfo("Europe/Belgrade")))


def sentences_of(story: tuple[Article, ...]) -> set[str]:
    return {sentence.text for article in story for sentence in article.sentences}


def content_words(text: str, language: str) -> frozenset[str]:
    kind = language_class(language)
    stems = (stem(token.folded, kind) for token in tokenise(text) if len(token.folded) > 2)
    return frozenset(word for word in stems if commonness(word, kind) < 5)


def holds(story: tuple[Article, ...], evidence: int) -> None:
    first = summary(story, evidence)
    told = tuple(quote.text for quote in first.alert.quotes)
    update = summary(story, evidence, told)
    assert not {quote.text for quote in update.alert.quotes} & set(told), "what was told is told again"
    for made in (first, update):
        quotes_are_verbatim_and_differ(made)
        figures_stand_in_the_articles(made)
        it_fits_a_phone_and_the_first_line_says_it(made)


def quotes_are_verbatim_and_differ(made: Summary) -> None:
    assert {quote.text for quote in made.alert.quotes} <= sentences_of(made.story)
    assert len(made.alert.quotes) <= 4
    languages = {article.id: article.language for article in made.story}
    quoted = [content_words(quote.text, languages[quote.outlet]) for quote in made.alert.quotes]
    for one, other in combinations(quoted, 2):
        assert len(one & other) <= SAME_WORDS * max(1, min(len(one), len(other)))


def figures_stand_in_the_articles(made: Summary) -> None:
    assert len(made.alert.figures) != 1
    assert all(any(words in text for text in sentences_of(made.story)) for words, _ in made.alert.figures)


def it_fits_a_phone_and_the_first_line_says_it(made: Summary) -> None:
    severity, _, what = made.subject.partition(" · ")
    assert severity == "HIGH"
    assert one_line(what.partition(" (")[0])
    assert len(made.subject) <= 120
    assert "\n" not in made.subject
    assert len(made.subject) + 1 + len(made.body) <= 900
    assert made.body.splitlines()[-1].startswith("[#k7f3q2]")
    assert "https://o" in made.body
    short = cut(f"{made.subject}\n{made.body}", 160)
    assert len(short) <= 160
    assert short.startswith("HIGH · ")
    assert CUT in short
    assert short.endswith("[#k7f3q2]")


@FEW
@given(STORIES, st.integers(0, 5))
def test_a_summary_invents_nothing_repeats_nothing_and_fits(story: tuple[Article, ...], evidence: int) -> None:
    holds(story, evidence)


@pytest.mark.slow
@MANY
@given(STORIES, st.integers(0, 5))
def test_a_summary_of_many_more_stories_holds_too(story: tuple[Article, ...], evidence: int) -> None:
    holds(story, evidence)
