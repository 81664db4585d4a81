"""One event, one story: copies, rewordings and translations come together, look-alike events stay apart."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
from event_texts import START, events, make_article, to_cyrillic

from monitor.model import Article, Candidates, CandidateStory, Features, Member, Placement, Role
from monitor.stories.features import features
from monitor.stories.group import place


class Archive:
    """Stories in memory: every story that shares a key is a candidate."""

    def __init__(self) -> None:
        self.members: dict[str, list[tuple[Features, Placement]]] = defaultdict(list)

    def add(self, article: Article, concepts: tuple[str, ...] = ()) -> Placement:
        signature = features(article, concepts)
        placement = place(signature, article, self._candidates({key for key, _ in signature.story_keys}))
        self.members[placement.story or f"story-{article.id}"].append((signature, placement))
        return placement

    def _candidates(self, keys: set[int]) -> Candidates:
        stories = []
        copies = []
        for story, rows in self.members.items():
            if not any(keys & {key for key, _ in signature.story_keys} for signature, _ in rows):
                continue
            kept = [(signature, placed) for signature, placed in rows if placed.role is not Role.COPY]
            copies += [(story, Member(signature, placed.role, placed.copy_of)) for signature, placed in rows]
            stories.append(
                CandidateStory(
                    story,
                    tuple(Member(signature, placed.role) for signature, placed in kept[:8]),
                    len(kept),
                    tuple(fact.value for _, placed in kept for fact in placed.new_facts if fact.kind != "name"),
                    max(s.time for s, p in kept if p.role in (Role.FOUNDER, Role.UPDATE, Role.CORRECTION)),
                )
            )
        return Candidates(tuple(copies), tuple(stories))


ARREST = (
    "Police arrest 4 men after shooting in Gracanica",
    "Police said on Monday that they had arrested 4 men after a shooting in Gracanica in which 2 people were wounded. "
    "The suspects were found in a house outside the town. The prosecutor, Drita Hoxhaj, asked for 30 days of custody.",
)


def told(id_: str, title: str, body: str, language: str = "en", hours: float = 0, outlet: str = "") -> Article:
    return make_article(id_, title, body, language, START + timedelta(hours=hours), outlet)


def test_the_first_report_founds_a_story() -> None:
    placement = Archive().add(told("a", *ARREST))
    assert placement.role is Role.FOUNDER
    assert placement.story == ""
    assert placement.why == "first report"


def test_every_telling_of_an_event_joins_it_and_no_other_event_does() -> None:
    """32 events, each told six times: two wordings, three other languages, Cyrillic."""
    archive = Archive()
    stories = defaultdict(set)
    for item in events():
        placement = archive.add(item.article)
        stories[placement.story or f"story-{item.article.id}"].add(item.event)
    assert [sorted(mixed) for mixed in stories.values() if len(mixed) > 1] == []
    assert len(stories) == 32


@pytest.mark.parametrize(
    "title", [ARREST[0], "Gunfire in town: suspects in custody", "Prosecutor wants month of custody after shooting"]
)
def test_the_same_text_under_any_headline_is_a_copy(title: str) -> None:
    archive = Archive()
    archive.add(told("a", *ARREST))
    placement = archive.add(told("b", title, ARREST[1], hours=1))
    assert (placement.role, placement.copy_of, placement.story) == (Role.COPY, "a", "story-a")
    assert "same text" in placement.why


def test_the_other_script_of_a_text_is_a_copy() -> None:
    archive = Archive()
    title = "Uhapšena četvorica posle pucnjave"
    body = "Policija je u ponedeljak uhapsila četvoricu muškaraca posle pucnjave u Gračanici. Ranjene su dve osobe."
    archive.add(told("a", title, body, "sr"))
    assert archive.add(told("b", to_cyrillic(title), to_cyrillic(body), "sr")).role is Role.COPY


def test_a_copy_of_a_copy_names_the_first() -> None:
    archive = Archive()
    archive.add(told("a", *ARREST))
    archive.add(told("b", "Other headline", ARREST[1], hours=1))
    assert archive.add(told("c", "Third headline", ARREST[1], hours=2)).copy_of == "a"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a dateline", "GRACANICA (Agency) - " + ARREST[1]),
        ("furniture", ARREST[1] + " Read more on our page. Subscribe to the newsletter of the week."),
        ("one sentence less", ARREST[1][: ARREST[1].rindex("The prosecutor")]),
    ],
)
def test_small_edits_do_not_hide_a_copy(name: str, body: str) -> None:
    archive = Archive()
    archive.add(told("a", *ARREST))
    assert archive.add(told("b", "Another headline altogether", body, hours=1)).role is Role.COPY, name


def test_a_police_report_filled_in_again_is_another_event() -> None:
    archive = Archive()
    archive.add(told("a", *ARREST))
    again = [
        text.replace("Gracanica", "Suva Reka").replace("4 men", "3 men").replace("2 people", "5 people")
        for text in ARREST
    ]
    placement = archive.add(told("b", *again, hours=2))
    assert placement.role is Role.FOUNDER
    assert "another place" in placement.why


FIRE = (
    "Fire destroys warehouse in Gracanica",
    "A fire destroyed a warehouse full of tyres in Gracanica on Monday. 12 firefighters fought the flames.",
)
MOVE = (
    "Armoured column sent towards the boundary near Brnjak",
    "The army has sent a column of 14 armoured vehicles towards the boundary near Brnjak, officials said on Monday.",
)
READY = (
    "Highest readiness ordered after tension in Brnjak",
    "The president ordered the highest readiness after tension in Brnjak on Monday. 3,000 men lost their leave.",
)
READY_SQ = (
    "Gatishmëri e plotë pas tensioneve në Bërnjak",
    "Presidenti urdhëroi gatishmëri të plotë pas tensioneve në Bërnjak të hënën. U anuluan pushimet e 3.000 vetave.",
)


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [(ARREST, FIRE, "en"), (MOVE, READY, "en"), (MOVE, READY_SQ, "sq"), (READY, MOVE, "en")],
)
def test_another_event_at_the_same_place_minutes_later_is_another_story(
    first: tuple[str, str], second: tuple[str, str], language: str
) -> None:
    archive = Archive()
    archive.add(told("a", *first))
    placement = archive.add(told("b", *second, language=language, hours=0.1))
    assert placement.role is Role.FOUNDER, placement.why


STATEMENT = "Use of force would be a grave mistake, {who} says"
BODY = (
    "{who}, {job}, said on Friday that any use of force near the border would be a grave mistake. "
    "The remarks follow the ambush of last year in which a police sergeant was killed."
)


def test_two_officials_who_say_alike_things_are_two_stories() -> None:
    archive = Archive()
    for id_, who, job in (
        ("a", "Mark Ellison", "an American envoy"),
        ("b", "Petra Lindqvist", "a European commissioner"),
    ):
        placement = archive.add(told(id_, STATEMENT.format(who=who), BODY.format(who=who, job=job)))
        assert placement.role is Role.FOUNDER, placement.why


def test_a_new_figure_is_an_update() -> None:
    archive = Archive()
    archive.add(told("a", *ARREST))
    placement = archive.add(
        told(
            "b",
            "Police find 9 rifles after Gracanica shooting",
            "Police searching for evidence after the shooting in Gracanica found 9 rifles in a garage. "
            "Drita Hoxhaj, the prosecutor, said that the four arrested men had rented it.",
            hours=5,
        )
    )
    assert placement.role is Role.UPDATE
    assert ("number", "9 weapon") in {(fact.kind, fact.value) for fact in placement.new_facts}


def test_a_figure_that_contradicts_an_earlier_one_is_a_correction() -> None:
    archive = Archive()
    archive.add(
        told(
            "a",
            "Blast wounds 3 soldiers near Rahovec",
            "An explosion near Rahovec wounded 3 soldiers, the mission said.",
        )
    )
    placement = archive.add(
        told(
            "b",
            "Blast near Rahovec wounded 5 soldiers",
            "The explosion near Rahovec wounded 5 soldiers, the mission now says.",
            hours=1,
        )
    )
    assert placement.role is Role.CORRECTION
    assert [fact.value for fact in placement.new_facts if fact.kind == "number"] == ["5 soldier"]


def test_a_part_of_a_told_figure_is_no_news() -> None:
    archive = Archive()
    archive.add(told("a", "Blast wounds 5 soldiers near Rahovec", "An explosion near Rahovec wounded 5 soldiers."))
    body = (
        "Of the 5 soldiers wounded in the explosion near Rahovec 2 soldiers are in a serious condition, doctors said."
    )
    assert archive.add(told("b", "Rahovec blast: two soldiers badly hurt", body, hours=1)).role is Role.CORROBORATION


def test_a_translation_brings_nothing_new() -> None:
    archive = Archive()
    archive.add(
        told("a", "Blast wounds 3 soldiers near Rahovec", "An explosion near Rahovec on Monday wounded 3 soldiers.")
    )
    placement = archive.add(
        told(
            "b",
            "Shpërthimi afër Rahovecit plagos 3 ushtarë",
            "Një shpërthim afër Rahovecit të hënën plagosi tre ushtarë.",
            "sq",
            1,
        )
    )
    assert placement.role is Role.CORROBORATION


def test_an_article_older_than_the_last_development_does_not_speak() -> None:
    archive = Archive()
    archive.add(told("a", *ARREST, hours=3))
    body = "Police found 9 rifles after a shooting in Gracanica in which 2 people were wounded, the prosecutor said."
    placement = archive.add(told("b", "9 rifles found after Gracanica shooting", body))
    assert placement.story == "story-a"
    assert placement.role is Role.CORROBORATION


def test_what_a_slow_feed_counts_first_is_news_and_what_it_counts_differently_is_not() -> None:
    archive = Archive()
    archive.add(told("a", *ARREST, hours=0.5))
    rifles = "Police found 9 rifles after a shooting in Gracanica in which 2 people were wounded, the prosecutor said."
    assert archive.add(told("b", "9 rifles found after Gracanica shooting", rifles)).role is Role.UPDATE
    blast = Archive()
    title, body = "Blast near Rahovec wounded {} soldiers", "An explosion near Rahovec wounded {} soldiers, it said."
    blast.add(told("a", title.format(5), body.format(5), hours=0.5))
    assert blast.add(told("b", title.format(3), body.format(3))).role is Role.CORROBORATION


def test_an_anniversary_is_not_the_event() -> None:
    archive = Archive()
    archive.add(told("a", *ARREST))
    title = "Vigil marks anniversary of Gracanica shooting"
    body = "Hundreds lit candles in Gracanica a year after 2 people were wounded in a shooting."
    assert archive.add(told("b", title, body, hours=24 * 365)).role is Role.FOUNDER


def test_the_reason_names_figures() -> None:
    archive = Archive()
    archive.add(told("a", *ARREST))
    joined = archive.add(
        told(
            "b",
            "Four held after Gracanica shooting",
            "Drita Hoxhaj asked for custody of four men held after the shooting in Gracanica.",
            hours=2,
        )
    )
    assert joined.why.startswith("joined because ")
    assert "2 h apart" in joined.why
    assert "threshold .40" in joined.why


@pytest.mark.parametrize("text", ["", "   ", "...", "12", "🙂"])
def test_empty_and_strange_texts_are_placed_alone(text: str) -> None:
    archive = Archive()
    archive.add(told("a", *ARREST))
    archive.add(told("b", "Other", text))
    assert archive.add(told("c", "Another", text, hours=1)).role is Role.FOUNDER
