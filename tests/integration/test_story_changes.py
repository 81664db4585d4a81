"""What people change about stories: it is kept, it binds what comes later and replays, and it can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from event_texts import START, events, make_article
from story_room import HOUR, Room, make_desk, told

from monitor import regroup
from monitor.alerts.render import render
from monitor.desk import Desk
from monitor.errors import MonitorError
from monitor.model import Article, Membership, ReasonCode, Role
from monitor.replay import replay_into
from monitor.store import Store


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def room(desk: Desk) -> Iterator[Room]:
    with Store.open("sqlite://", durable=False) as store:
        yield Room(desk, store)


def test_a_merge_puts_all_articles_in_one_story_and_later_ones_join_it(room: Room) -> None:
    room.read(told("a", "Rahovec"))
    room.read(told("b", "Malisheva", "8", 1))
    before = room.stories()
    first, second = before["a" * 8], before["b" * 8]
    assert first != second
    answer = room.ask("merge stories", story=f"#{first[:6]}", other=second[:6])
    assert "monitor story undo 1" in answer
    assert set(room.stories().values()) == {first}
    later = room.read(told("c", "Malisheva", "8", 3))
    assert later.story == first
    with room.store.read() as tx:
        roles = {member.article[0]: member.role for member in tx.stories.report(first).members}
        assert regroup.find_story(tx, second[:6]) == first  # the old id still leads there
    assert (roles["a"], roles["b"]) == (Role.FOUNDER, Role.CORROBORATION)


def test_alerts_keep_their_ids_and_what_they_told_is_not_told_again(room: Room) -> None:
    alerts = [room.read(told("a", "Rahovec")).alert, room.read(told("b", "Malisheva", "8", 1)).alert]
    assert all(alerts)
    first, second = (alert.story for alert in alerts if alert)
    room.ask("merge stories", story=first, other=second)
    with room.store.read() as tx:
        assert [alert.id for alert in tx.alerts.heard_of(first)] == [alert.id for alert in alerts if alert]
    again = room.read(told("c", "Malisheva", "8", 2))
    assert not again.decision.speaks
    more = room.read(told("d", "Malisheva", "9", 3))
    assert more.alert is not None
    assert more.alert.id == f"{first}-2"  # the third thing that people hear of it
    room.ask("undo")
    with room.store.read() as tx:
        assert (tx.alerts.told(first).developments, tx.alerts.told(first).number) == (1, 3)  # no id comes twice


def test_an_event_that_was_swallowed_by_another_story_is_told_once_it_is_split_off(room: Room) -> None:
    story = room.read(told("a", "Rahovec")).story
    mistake = Membership("b" * 8, story, Role.CORROBORATION, "", "taken for the same event")
    assert not room.read(told("b", "Malisheva", hours=1), pinned=mistake).decision.speaks
    room.ask("split story", story=story, articles="bbbbbbbb")
    body = "Residents of Malisheva heard a blast on Friday and saw 3 wounded soldiers, they told a reporter."
    title = "Explosion wounds soldiers in Malisheva"
    later = room.read(make_article("c" * 8, title, body, "en", START + 2 * HOUR, "gamma"))
    assert later.story == room.stories()["b" * 8] != story
    assert later.decision.code is ReasonCode.FIRST_REPORT


def test_what_is_left_when_the_article_that_spoke_is_moved_away_speaks_anew_under_a_new_number(room: Room) -> None:
    story = room.read(told("a", "Rahovec")).story
    mistake = Membership("b" * 8, story, Role.CORROBORATION, "", "taken for the same event")
    assert not room.read(told("b", "Malisheva", hours=1), pinned=mistake).decision.speaks
    room.ask("split story", story=story, articles="aaaaaaaa")
    body = "Residents of Malisheva heard a blast on Friday and saw 3 wounded soldiers, they told a reporter."
    title = "Explosion wounds soldiers in Malisheva"
    later = room.read(make_article("c" * 8, title, body, "en", START + 2 * HOUR, "gamma"))
    assert later.alert is not None
    assert later.alert.id == f"{story}-1"  # the first was told of the article that went
    assert render(later.alert, "en", ZoneInfo("UTC"))[1].startswith("new")


def test_a_split_founds_a_story_that_later_articles_may_join(room: Room) -> None:
    room.read(told("a", "Rahovec"))
    room.read(told("b", "Malisheva", "8", 1))
    story = room.stories()["a" * 8]
    room.ask("merge stories", story=story, other=room.stories()["b" * 8])
    room.read(told("c", "Malisheva", "8", 2))
    copy = told("d", "Malisheva", "8", 3)
    assert room.read(copy).placement.role is Role.COPY
    room.ask("split story", story=story, articles="bbbbbbbb cccccccc")
    found = room.stories()
    assert found["a" * 8] == story
    assert found["b" * 8] == found["c" * 8] == found["d" * 8] != story  # the copy goes with its original
    assert room.read(told("e", "Malisheva", "8", 4)).story == found["b" * 8]
    with pytest.raises(MonitorError, match="nothing would be left"):
        room.ask("split story", story=story, articles="aaaaaaaa")
    with pytest.raises(MonitorError, match="is not in"):
        room.ask("split story", story=story, articles="bbbbbbbb")


def test_what_is_undone_is_as_it_was_and_what_came_since_goes_with_its_nearest(room: Room) -> None:
    room.read(told("a", "Rahovec"))
    room.read(told("b", "Malisheva", "8", 1))
    before = room.everything()
    first, second = room.stories()["a" * 8], room.stories()["b" * 8]
    room.ask("merge stories", story=first, other=second)
    room.ask("undo")
    assert room.everything() == before
    room.ask("merge stories", story=first, other=second)
    room.read(told("c", "Malisheva", "8", 2))
    room.ask("undo", number="2")
    assert room.stories()["c" * 8] == second
    with pytest.raises(MonitorError, match="no change"):
        room.ask("undo")


def test_changes_are_undone_in_order_where_they_meet(room: Room) -> None:
    for name, place, count in (("a", "Rahovec", "3"), ("b", "Malisheva", "8"), ("c", "Gjilan", "5")):
        room.read(told(name, place, count))
    found = room.stories()
    room.ask("merge stories", story=found["a" * 8], other=found["b" * 8])
    room.ask("move article", article="cccccccc", story=found["a" * 8])
    with pytest.raises(MonitorError, match="undo change 2 first"):
        room.ask("undo", number="1")
    room.ask("undo")
    room.ask("undo")
    assert room.stories() == found


def test_mistakes_are_answered_with_what_to_do(room: Room) -> None:
    room.read(told("a", "Rahovec"))
    story = room.stories()["a" * 8]
    for do, arguments, words in (
        ("merge stories", {"story": story, "other": story}, "both are"),
        ("merge stories", {"story": story, "other": "zzzzzz"}, "monitor stories"),
        ("move article", {"article": "zzz", "story": story}, "shows the ids"),
        ("move article", {"article": "aaaa", "story": story}, "already"),
        ("move article", {"article": "https://x.example/1", "story": story}, "monitor explain"),
    ):
        with pytest.raises(MonitorError, match=words):
            room.ask(do, **arguments)


def _busy_day(room: Room) -> list[Article]:
    """Many events in several languages, with changes by people in between."""
    articles = [item.article for item in events()[:44]]
    articles.sort(key=lambda article: article.published)
    for number, article in enumerate(articles):
        room.now = max(room.now, article.published)
        room.read(article)
        names = sorted(set(room.stories().values()))
        if number == 20:
            room.ask("merge stories", story=names[0], other=names[1])
        if number == 30:
            big = max(names, key=lambda name: sum(story == name for story in room.stories().values()))
            room.ask(
                "split story", story=big, articles=[id for id, s in sorted(room.stories().items()) if s == big][-1]
            )
        if number == 36:
            room.ask("undo", number="2")
            room.ask("move article", article=article.id, story=names[3])
    return articles


@pytest.mark.slow
def test_a_replay_with_the_same_changes_ends_with_the_same_stories_bit_for_bit(room: Room, desk: Desk) -> None:
    articles = _busy_day(room)
    with room.store.read() as tx:
        overrides = tx.overrides.all()
    assert len(overrides) == 3
    assert sum(item.undone_at is not None for item in overrides) == 1
    with Store.open("sqlite://", durable=False) as other:
        for _ in replay_into(other, desk, articles, overrides):
            pass
        assert Room(desk, other).everything() == room.everything()
    with Store.open("sqlite://", durable=False) as other:
        for _ in replay_into(other, desk, articles, ()):
            pass
        assert Room(desk, other).stories() != room.stories()


def test_a_change_binds_an_article_that_a_replay_knows_only_later(room: Room, desk: Desk) -> None:
    room.read(told("a", "Rahovec"))
    room.read(told("b", "Malisheva", "8", 1))
    found = room.stories()
    room.now = START - HOUR  # the change was made before the articles' own dates
    room.ask("merge stories", story=found["a" * 8], other=found["b" * 8])
    with room.store.read() as tx:
        overrides = tx.overrides.all()
        articles = list(tx.articles.since(datetime.min.replace(tzinfo=START.tzinfo)))
    with Store.open("sqlite://", durable=False) as other:
        list(replay_into(other, desk, articles, overrides))
        assert Room(desk, other).stories() == room.stories()


def test_a_change_that_fails_halfway_changes_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room.read(told("a", "Rahovec"))
    room.read(told("b", "Malisheva", "8", 1))
    before = room.everything()
    first, second = sorted(set(room.stories().values()))
    monkeypatch.setattr("monitor.store.overrides.Overrides.add", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        room.ask("merge stories", story=first, other=second)
    assert room.everything() == before


def test_both_databases_keep_changes_alike(store: Store, desk: Desk) -> None:
    room = Room(desk, store)
    for name, place, count in (("a", "Rahovec", "3"), ("b", "Malisheva", "8"), ("c", "Malisheva", "8")):
        room.read(told(name, place, count))
    before = room.everything()
    found = room.stories()
    room.ask("merge stories", story=found["a" * 8], other=found["b" * 8])
    room.ask("split story", story=found["a" * 8], articles="cccccccc")
    with store.read() as tx:
        made = tx.overrides.all()
        assert [item.kind for item in made] == ["merge", "split"]
        assert tx.overrides.of(article="c" * 8) == made
    room.ask("undo")
    room.ask("undo")
    assert room.everything() == before
