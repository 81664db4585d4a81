"""The timeline: news, history, retellings, and what goes on from an old sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rules_desk import PUBLISHED, WORDS, desk, story

from monitor.rules.condition import index_of
from monitor.rules.ruleset import DAY, TimeRule
from monitor.rules.timeline import SentenceTime, timeline, why_ignored

NEWS = "Serbia moved tanks. The border is open. "  # two sentences of lead, so that what follows is body


def times(folder: Path, text: str, title: str = "Tanks", published: datetime = PUBLISHED) -> tuple[SentenceTime, ...]:
    rule_set = desk(folder, WORDS)
    reading = rule_set.vocabulary.read(story(text, title, published))
    return timeline(reading, index_of(reading), rule_set.known_events, {"vucic"})


def reasons(folder: Path, text: str, title: str = "Tanks") -> list[str]:
    return [why_ignored(when, TimeRule(), PUBLISHED) for when in times(folder, text, title)]


BANJSKA = "Banjska attack, 24 September 2023"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Serbia moved tanks.", ""),
        ("The attack in Banjska was condemned.", f"retells {BANJSKA}"),
        ("Afrim Bunjaku was a policeman.", f"retells {BANJSKA}"),
        ("It happened on 24 September 2023.", "dated 2023-09-24, 180 days before"),
        ("It happened in September 2023.", "dated 2023-09, 174 days before"),
        ("It happened in 2021.", "dated 2021, 812 days before"),
        ("It happened on 20 March.", ""),
        ("It happened on 14 March.", "dated 2024-03-14, 8 days before"),
        ("After the exercise of 2021, tanks moved on 20 March 2024.", ""),  # the latest date counts
        ("It was the largest since September 2021.", ""),
        ("From 20 April tanks will move.", ""),  # April of last year would be eleven months ago
        ("Elections will be held on 9 May 2024.", ""),
        ("A similar situation was seen.", "background: “similar situation”"),
        ("Today is the anniversary.", ""),  # a cue of now beats a cue of background
    ],
)
def test_a_sentence_gets_its_time_from_what_it_says(sentence: str, reason: str, tmp_path: Path) -> None:
    assert reasons(tmp_path, NEWS + "\n" + sentence)[3] == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a paragraph goes on with the time of its old sentence …
        ("A similar situation was seen. Tanks moved.", ["background", "goes on from sentence 3"]),
        ("In 2021 tanks moved. The army stayed. Nobody knew.", ["dated", "goes on", "goes on"]),
        # … until a cue of now or a date says otherwise, and not before the old sentence
        ("In 2021 tanks moved. Today they moved again. Nobody knew.", ["dated", "", ""]),
        ("In 2021 tanks moved. On 20 March tanks moved.", ["dated", ""]),
        ("Tanks moved. In 2021 they did.", ["", "dated"]),
        # … nor for ever: a text without paragraphs is no paragraph
        ("In 2021 tanks moved. One. Two. Three. Four.", ["dated", "goes on", "goes on", "", ""]),
        # the next paragraph is news again, unless it opens with a carry word
        ("In 2021 tanks moved.\nThe army stayed.", ["dated", ""]),
        ("In 2021 tanks moved.\nThen the army stayed.", ["dated", "goes on from sentence 3"]),
        ("The attack in Banjska shook all.\nDuring the clashes three died.", ["retells", "goes on from sentence 3"]),
        ("Tanks moved.\nThen the army stayed.", ["", ""]),
    ],
)
def test_an_old_sentence_takes_along_what_goes_on_from_it(text: str, expected: list[str], tmp_path: Path) -> None:
    found = reasons(tmp_path, NEWS + "\n" + text)[3:]
    assert len(found) == len(expected)
    for reason, start in zip(found, expected, strict=True):
        assert (start in reason) if start else reason == ""


def test_title_and_lead_never_go_on_from_an_old_sentence(tmp_path: Path) -> None:
    assert reasons(tmp_path, "In 2021 tanks moved. The army stayed. Nobody knew.", title="Years ago")[:3] == [
        "background: “Years ago”",
        "dated 2021, 812 days before",
        "",
    ]


@pytest.mark.parametrize(
    ("title", "lead", "ignored"),
    [
        ("Attack in Banjska: one killed", "Police were attacked in Banjska this morning.", [False, False]),
        ("Attack in Banjska today", "Police said that the attack in Banjska was grave.", [False, False]),
        ("Attack in Banjska still unsolved", "The attack in Banjska was in all minds.", [True, True]),
        # a cue in a sentence that does not speak of the event says nothing about it
        ("Attack in Banjska still unsolved", "The president travels today.", [True, False]),
    ],
)
def test_a_cue_of_now_shields_title_and_lead_from_known_events(
    title: str, lead: str, ignored: list[bool], tmp_path: Path
) -> None:
    assert [bool(reason) for reason in reasons(tmp_path, lead, title)] == ignored


@pytest.mark.parametrize(
    ("lead", "ignored"),
    [
        ("Vučić said today that the attack in Banjska was wrong.", True),
        ("Vučić said on Friday that the attack in Banjska was wrong.", True),
        ("Vučić said that the attack in Banjska today was wrong.", False),
        ("Vučić spoke today of the attack in Banjska.", False),
        ("Police said today that one was killed in an attack in Banjska.", False),  # nobody by name: a report
        ("Today that attack in Banjska is in all minds, Vučić said.", False),
        ("One was killed in an attack in Banjska this morning, Vučić said today that all is well.", False),
    ],
)
def test_a_cue_that_times_a_persons_words_does_not_shield(lead: str, ignored: bool, tmp_path: Path) -> None:
    assert bool(reasons(tmp_path, lead)[1]) == ignored


def test_the_date_of_an_event_that_a_cue_of_now_has_beaten_says_nothing(tmp_path: Path) -> None:
    lead = "Police today arrested a man for the attack of 24 September 2023 in Banjska."
    assert reasons(tmp_path, lead)[1] == ""
    other = "Police today arrested a man for the attack of 3 May 2022 in Banjska."
    assert "dated 2022-05-03" in reasons(tmp_path, other)[1]


def test_a_cue_of_now_in_the_body_does_not_shield(tmp_path: Path) -> None:
    assert reasons(tmp_path, NEWS + "\nToday the attack in Banjska was remembered.")[3] == f"retells {BANJSKA}"


def test_an_event_is_news_itself_while_it_is_fresh(tmp_path: Path) -> None:
    text = "Police were attacked in Banjska."
    fresh = datetime(2023, 9, 26, 12, tzinfo=UTC)
    assert times(tmp_path, text, published=fresh)[1].is_now
    assert times(tmp_path, text, published=fresh.replace(day=28))[1].event == BANJSKA
    assert times(tmp_path, text, published=fresh.replace(year=2022))[1].is_now


@pytest.mark.parametrize(
    ("when", "rule", "reason"),
    [
        (SentenceTime(event="X"), TimeRule(known_events=True), ""),
        (SentenceTime(background="lately"), TimeRule(background=True), ""),
        (SentenceTime(until=date(2024, 3, 19)), TimeRule(event_within=3 * DAY), ""),
        (SentenceTime(until=date(2024, 3, 18)), TimeRule(event_within=3 * DAY), "dated 2024-03-18, 4 days before"),
        (
            SentenceTime(event="X", until=date(2023, 9, 24)),
            TimeRule(known_events=True),
            "dated 2023-09-24, 180 days before",
        ),
        (
            SentenceTime(since=date(2024, 1, 5), until=date(2024, 1, 9)),
            TimeRule(),
            "dated 2024-01-05 to 2024-01-09, 73 days before",
        ),
    ],
)
def test_a_rule_decides_what_is_too_old_for_it(when: SentenceTime, rule: TimeRule, reason: str) -> None:
    assert why_ignored(when, rule, PUBLISHED) == reason


# --- known_by: what marks the old event where a place and an attack may be the next attack

KNOWN_BY = WORDS.replace(
    'about: {any: [{all: [{name: Banjské}, incident]}, {say: "Afrim Bunjaku"}]}',
    'about: {any: [{all: [{name: Banjské}, incident]}, {say: "Afrim Bunjaku"}]}\n'
    '    known_by: {any: [bunjaku, {say: "years since"}]}',
)


@pytest.mark.parametrize(
    ("title", "lead", "ignored"),
    [
        ("Shots in Banjska", "One was killed in Banjska.", [False, False]),
        ("Shots in Banjska", "In Banjska Afrim Bunjaku was killed.", [False, True]),
        (
            "Attack in Banjska: three years since",
            "One was killed in Banjska.",
            [True, True],
        ),  # the title marks the lead
        ("Shots in Banjska", "The attack in Banjska was on 24 September 2023.", [False, True]),  # its day is a mark
        # a cue of now before the mark is the time of a new attack, one behind it or beside a verb of saying is not
        ("Tanks", "Today one was killed in Banjska, as Afrim Bunjaku was.", [False, False]),
        ("Tanks", "In Banjska, where Afrim Bunjaku was killed, all is well today.", [False, True]),
        ("Tanks", "Police said today that Afrim Bunjaku was killed in Banjska.", [False, True]),
    ],
)
def test_title_and_lead_retell_an_event_only_with_one_of_its_marks(
    title: str, lead: str, ignored: list[bool], tmp_path: Path
) -> None:
    rule_set = desk(tmp_path, KNOWN_BY)
    reading = rule_set.vocabulary.read(story(lead, title, PUBLISHED))
    assert [
        bool(one.event) for one in timeline(reading, index_of(reading), rule_set.known_events, {"vucic"})
    ] == ignored


@pytest.mark.parametrize(
    ("sentence", "retold"),
    [
        ("One was killed in Banjska.", True),  # in the body a place and an attack are mostly the old ones
        ("On Friday one was killed in Banjska.", False),
        ("Vučić said on Friday that the attack in Banjska was wrong.", True),
    ],
)
def test_in_the_body_only_a_cue_of_now_makes_it_a_new_event(sentence: str, retold: bool, tmp_path: Path) -> None:
    rule_set = desk(tmp_path, KNOWN_BY)
    reading = rule_set.vocabulary.read(story(NEWS + "\n" + sentence, "Tanks", PUBLISHED))
    found = timeline(reading, index_of(reading), rule_set.known_events, {"vucic"})
    assert bool(found[3].event) == retold


def test_the_day_of_a_retold_event_does_not_date_its_aftermath(tmp_path: Path) -> None:
    when = times(tmp_path, NEWS + "\nA man was charged over the attack in Banjska on 24 September 2023.")[3]
    assert why_ignored(when, TimeRule(known_events=True), PUBLISHED) == ""
    other = times(tmp_path, NEWS + "\nOn 3 May 2022 a man spoke of the attack in Banjska.")[3]
    assert "dated 2022-05-03" in why_ignored(other, TimeRule(known_events=True), PUBLISHED)
