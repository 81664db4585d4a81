"""Articles that matched are read again: what matters in their changes is told in their story, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from small_desk import FEED, Desk

from monitor import log
from monitor.articles.urls import url_key
from monitor.gap import note_restored
from monitor.model import Entry
from monitor.reread import SLOW_DOWN
from monitor.views.chronicle import chronicle, in_words
from monitor.views.lookup import explain_article

URL = "https://north.example/1"
TITLE = "Soldiers arrive in Alpha"
BODY = (
    "About 40 soldiers arrive in Alpha this morning, the town hall of the district said on Monday.",
    "Residents said that the vehicles came from the south before dawn and stopped beside the market square.",
    "The mayor asked people to stay at home until the afternoon and promised to speak to reporters again at noon.",
)
SHOTS = ("The soldiers opened fire on a house at the river after they had arrived, residents told our reporter.",)
QUARTER, HOUR, DAY = 15 * 60, 3600, 24 * 3600


class Edited(Desk):
    """A desk that has told of one article, whose page and headline can change."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.page(*BODY)
        self.feed(TITLE)
        self.cycle()
        assert len(self.phone.messages) == 1

    def feed(self, title: str, summary: str = "") -> None:
        what = f"<title>{title}</title><link>{URL}</link><guid>1</guid><description>{summary}</description>"
        self.web.put(
            FEED, f"<rss version='2.0'><channel><title>N</title><item>{what}</item></channel></rss>", "text/xml"
        )

    def page(self, *lines: str) -> None:
        body = "".join(f"<p>{line}</p>" for line in lines)
        self.web.put(URL, f"<html><body><nav>Home</nav><article>{body}</article></body></html>")

    def later(self, seconds: float) -> list[str]:
        """What people are told after that time, as the second line of each message."""
        before = len(self.phone.messages)
        self.clock.turn(seconds)
        self.work()
        return [message.body.splitlines()[0] for message in self.phone.messages[before:]]

    def again(self) -> None:
        """Begin the plan anew."""
        with self.store.write() as tx:
            item = tx.revisions.planned(tx.articles.id_by_url(url_key(URL)) or "")
            assert item is not None
            tx.revisions.save(replace(item, step=0, began=self.clock.now(), next_try=self.clock.now()))

    def asked(self) -> int:
        """How often the page was asked for."""
        return sum(request.url == URL for request in self.web.requests)

    def versions(self) -> list[str]:
        with self.store.read() as tx:
            return [revision.why for revision in tx.revisions.of(tx.articles.id_by_url(url_key(URL)) or "")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Edited]:
    log.configure("critical")
    made = Edited(tmp_path)
    yield made
    made.store.close()


def test_a_changed_figure_is_one_correction_in_the_same_story(desk: Edited) -> None:
    desk.page(BODY[0].replace("40", "60"), *BODY[1:])
    [second] = desk.later(QUARTER)
    assert second.startswith("update 1 · changed: 40 → 60 soldiers")
    first, message = desk.phone.messages
    assert message.story == first.story
    assert "About 60 soldiers arrive" in message.body
    assert "HIGH" in message.subject
    assert desk.later(HOUR) == []
    assert desk.versions() == ["40 → 60 soldiers"]
    with desk.store.read() as tx:
        told = in_words(chronicle(tx, message.story, {}), desk.settings.zone)
        explained = explain_article(tx, URL, desk.pipeline.desk.rules, desk.settings.zone)
    assert "40 → 60 soldiers" in told
    assert "40 → 60 soldiers" in explained


def test_an_added_fact_is_one_update_and_a_later_article_with_it_is_no_news(desk: Edited) -> None:
    desk.page(*BODY, "Two soldiers were wounded when they arrive in Alpha, a doctor said.")
    [second] = desk.later(QUARTER)
    assert second.startswith("update 1 · changed: + Two soldiers")
    with desk.store.read() as tx:
        [story] = {seat.story for seat in tx.memberships.of([tx.articles.id_by_url(url_key(URL)) or ""])}
        assert "2 soldier" in {fact.value for fact in tx.stories.report(story).facts}  # no news any more


NO_NEWS = (
    (BODY[0].replace("morning", "mornnig"), *BODY[1:]),
    (*BODY, "Read also: the library opens again after the summer, with more rooms than before."),
    (*BODY, "Updated 2 March 2026, 10:45 — 134 comments on this article so far."),
    ("We use cookies. Accept all cookies to read on.",),
    (BODY[0], "Subscribe to continue reading."),
    (),
)


def test_a_typo_a_teaser_and_a_wall_are_no_news(desk: Edited) -> None:
    for lines in NO_NEWS:
        desk.page(*lines)
        desk.again()
        assert desk.later(QUARTER) == []


def test_after_a_wall_the_article_is_compared_with_what_it_was_before(desk: Edited) -> None:
    desk.page("We use cookies. Accept all cookies to read on.")
    assert desk.later(QUARTER) == []
    desk.page(BODY[0].replace("40", "60"), *BODY[1:])
    assert len(desk.later(HOUR)) == 1


def test_an_article_that_is_taken_down_is_told_when_it_is_said_twice(desk: Edited) -> None:
    kept = desk.web.pages.pop(URL)
    assert desk.later(QUARTER) == []
    desk.web.pages[URL] = kept  # back again: it was a hiccup
    assert desk.later(300) == []
    del desk.web.pages[URL]
    assert desk.later(HOUR) == []
    [second] = desk.later(300)
    assert second.startswith("update 1 · no longer there: HTTP 404")
    assert desk.later(DAY) == []


def test_what_the_rule_fired_on_is_withdrawn(desk: Edited) -> None:
    desk.page("The report of this morning could not be confirmed, the town hall of the district said.", *BODY[1:])
    desk.feed("What is known of the morning in Alpha")
    [second] = desk.later(QUARTER)
    assert "no longer there: “" in second


def test_a_feed_that_says_something_else_is_looked_at_at_once(desk: Edited) -> None:
    desk.feed("60 soldiers arrive in Alpha")
    [second] = desk.later(120)
    assert "changed: + 60 soldiers" in second
    desk.feed("Soldiers: sixty arrive in Alpha (VIDEO)")
    assert desk.later(120) == []
    desk.feed(TITLE)  # back to what it was
    assert desk.later(120) == []


def test_a_new_headline_on_an_article_that_did_not_match_is_a_first_report(desk: Edited) -> None:
    desk.publish(2, "What happened in Beta")
    desk.web.put(
        FEED, desk.web.pages[FEED].replace(b"What happened in Beta", b"300 soldiers arrive in Beta"), "text/xml"
    )
    assert [line.partition(" ")[0] for line in desk.later(120)] == ["new"]


def test_pages_are_asked_four_times_and_politely(desk: Edited) -> None:
    before = desk.asked()
    for seconds in [QUARTER] * 5 + [HOUR] * 26:
        desk.later(seconds)
    assert desk.asked() - before == 4
    last = [request for request in desk.web.requests if request.url == URL][-1]
    assert last.etag != ""  # so that an unchanged page is a 304
    with desk.store.read() as tx:
        assert tx.revisions.waiting() == 0


def test_what_is_new_comes_first(desk: Edited) -> None:
    with desk.store.write() as tx:
        many = [Entry(f"new-{number}", "", f"Title {number}") for number in range(SLOW_DOWN + 1)]
        tx.entries.add(FEED, many, desk.clock.now(), backlog=False)
    desk.clock.turn(QUARTER)
    assert desk.pipeline.rereader.due(2, frozenset()) == []
    desk.work()
    assert desk.pipeline.rereader.due(2, frozenset({"north.example"})) == []


def test_a_page_that_fails_is_tried_again_soon_and_then_left_until_the_next_time(desk: Edited) -> None:
    before = desk.asked()
    desk.web.errors[URL] = ("timeout", "no answer within 30 s")
    for _ in range(8):
        assert desk.later(300) == []
    assert desk.asked() - before == 3
    del desk.web.errors[URL]
    desk.page(BODY[0].replace("40", "60"), *BODY[1:])
    assert len(desk.later(HOUR)) == 1


def test_a_page_that_could_not_be_read_at_first_is_told_of_when_it_says_graver_things(desk: Edited) -> None:
    url = "https://north.example/7"
    desk.web.errors[url] = ("timeout", "no answer within 30 s")
    before = len(desk.phone.messages)
    desk.publish(7, "Soldiers arrive in Omega, dozens of them")
    assert len(desk.phone.messages) == before + 1  # by its headline
    desk.web.put(
        url,
        "<html><body><article>" + "".join(f"<p>{line}</p>" for line in (*BODY, *SHOTS)) + "</article></body></html>",
    )
    del desk.web.errors[url]
    [update] = desk.later(QUARTER)
    assert update.startswith("update 1: more severe")
    assert "CRITICAL" in desk.phone.messages[-1].subject
    assert desk.later(HOUR) == []


def test_what_changed_before_a_backup_was_put_back_is_kept_and_not_told(desk: Edited) -> None:
    desk.clock.turn(60)
    with desk.store.write() as tx:
        note_restored(tx, desk.clock.now())
    desk.page(BODY[0].replace("40", "60"), *BODY[1:])
    assert [line for line in desk.later(QUARTER) if "changed" in line] == []
    assert "before a backup" in desk.versions()[0]
    desk.page(BODY[0].replace("40", "80"), *BODY[1:])
    assert [line.partition(" · ")[2] for line in desk.later(HOUR) if "changed" in line] == ["changed: 60 → 80 soldiers"]


def test_many_pages_gone_at_once_are_a_moved_site_and_no_news(desk: Edited) -> None:
    for number in range(2, 6):
        desk.publish(number, f"{number * 11} soldiers arrive in Beta{number}")
    before = len(desk.phone.messages)
    gone = [url for url in desk.web.pages if url != FEED]
    for url in gone:
        del desk.web.pages[url]
    for seconds in (QUARTER, 300, 300, HOUR, 300):
        desk.later(seconds)
    assert len(desk.phone.messages) == before
