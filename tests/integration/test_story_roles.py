"""What an article is to its story, as people are told of it."""

from __future__ import annotations

from pathlib import Path

from event_texts import START, make_article
from story_room import HOUR, Room, make_desk, told

from monitor.model import ReasonCode, Role
from monitor.store import Store


def test_what_only_background_says_is_news_when_a_rule_fires_on_it(tmp_path: Path) -> None:
    houses = "The explosion near Rahovec: police searched 40 houses in the town on Friday, {}."
    aside = make_article(
        "b" * 8, "Police search 40 houses near Rahovec after explosion", houses.format("the mayor said"), "en",
        START + HOUR, "beta",
    )  # fmt: skip
    news = make_article(
        "c" * 8, "Explosion near Rahovec wounded soldiers, 40 houses searched", houses.format("a spokesman told us"),
        "en", START + 2 * HOUR, "gamma",
    )  # fmt: skip
    with Store.open("sqlite://", durable=False) as store:
        room = Room(make_desk(tmp_path), store)
        first = room.read(told("a", "Rahovec"))
        background = room.read(aside)
        assert background.story == first.story
        assert background.placement.role is Role.BACKGROUND
        assert "no rule fires on it" in background.placement.why
        update = room.read(news)
        assert update.story == first.story
        assert update.decision.code is ReasonCode.NEW_FACT
        with store.read() as tx:
            facts = {fact.value for fact in tx.stories.report(first.story).facts}
        assert "40 house" in facts
        assert update.alert is not None
        assert update.alert.outlets == 2  # background is no voice
