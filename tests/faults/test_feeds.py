"""Rows F51 to F78: what a feed may hold, what its poll ends with, and that the news in it still comes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from faults.cases import rows
from faults.faulty_world import NEWS, OTHER_NEWS, OTHER_TEXT, QUIET, World, feed, item
from hostile_site import answer

from monitor.model import FeedHealth

pytestmark = pytest.mark.slow
GOOD = feed(item(guid="news"))
ENTITIES = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
LAUGHS = f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY e0 'ha'>{ENTITIES}]>"
QUADRATIC = f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a '{'a' * 100_000}'>]>"
ODD = ("undefined", "punycode", "utf-7", "x9")
DATES = ("Sat, 01 Jan 0000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -1200", "0000-00-00", "Mon, 02 Mar 2099 8:00")


def declared(encoding: str) -> str:
    return f"<?xml version='1.0' encoding='{encoding}'?>"


@pytest.mark.parametrize(
    ("body", "error_class"),
    rows(
        [
            ("F51", b"", "empty"),
            ("F51", b" \r\n\0", "empty"),
            ("F52", b"<!doctype html><html><body><h1>Just a moment...</h1></body></html>", "not_a_feed"),
            ("F53", b'{"error": "rate limited"}', "not_a_feed"),
            ("F66", b"/etc/passwd", "not_a_feed"),
            ("F66", b"/dev/zero", "not_a_feed"),
            ("F66", b"http://127.0.0.1/feed", "not_a_feed"),
        ]
    ),
)
def test_what_is_no_feed_has_its_class_and_costs_nothing_that_comes_later(
    world: World, body: bytes, error_class: str
) -> None:
    world.serve(answer(body=body))
    assert world.turn().error_class == error_class
    world.serve(answer(body=GOOD))
    world.turn()
    assert len(world.told) == 1


@pytest.mark.fault("F58")
def test_fifty_megabytes_are_too_many(world: World) -> None:
    world.serve(answer(body=GOOD + b" " * 50_000_000))
    assert world.turn().error_class == "too_large"


@pytest.mark.fault("F66")
def test_a_body_that_names_a_pipe_does_not_make_us_wait_for_it(world: World, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    world.serve(answer(body=str(tmp_path / "pipe").encode()))
    assert world.turn().error_class == "not_a_feed"


@pytest.mark.parametrize(
    "body",
    rows(
        [
            ("F54", GOOD[: GOOD.index(b"</item>") + 20]),
            ("F55", feed(item(guid="news"), prolog=LAUGHS).replace(QUIET.encode(), b"&e11;")),
            ("F55", feed(item(guid="news"), prolog=QUADRATIC).replace(QUIET.encode(), b"&a;" * 1000)),
            ("F61", feed(item("\0Soldiers\x01 arrive\x1b at\x7f the bridge\x02 of Zvečan", guid="news"))),
            ("F62", feed(item(guid="news"), *(item(f"x{n}") for n in range(49)), item("y").replace("y", "&#xD800;"))),
            *[("F63", feed(item(guid="n"), prolog=declared(name))) for name in ODD],
            ("F64", feed(item(guid="news")).decode().encode("cp1250")),
            ("F64", feed(item(guid="news"), prolog=declared("windows-1251"))),
            ("F65", feed(item(guid="news")).decode().encode("utf-16")),
            *[("F72", feed(item(guid="n", more=f"<pubDate>{date}</pubDate>"))) for date in DATES],
            ("F74", feed(item(NEWS + " x" * 500_000, guid="news"))),
            ("F74", feed(item("", guid="n", text=f"{NEWS}, the town hall said on Monday morning in a statement."))),
            ("F74", feed(item("<b></b>", guid="n", text=f"{NEWS}, the town hall said on Monday in a statement."))),
        ]
    ),
)  # fmt: skip
def test_the_news_in_a_damaged_feed_is_told_in_the_right_words(world: World, body: bytes) -> None:
    world.serve(answer(body=body))
    assert world.turn().error_class == ""
    [message] = world.told
    assert NEWS in message
    assert not [character for character in message if ord(character) < 32 and character != "\n"]


@pytest.mark.parametrize("content_type", rows([("F77", kind) for kind in ("text/html", "image/png", "x", "")]))
def test_the_content_type_is_not_believed(world: World, content_type: str) -> None:
    world.serve(answer(body=GOOD, Content_Type=content_type))
    world.turn()
    assert len(world.told) == 1


@pytest.mark.fault("F56")
def test_external_entities_are_not_opened(world: World, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Soldiers arrive with the secret")
    kinds = f"<!ENTITY f SYSTEM 'file://{tmp_path}/secret'><!ENTITY h SYSTEM '{world.site.url('/entity')}'>"
    prolog = f"<?xml version='1.0'?><!DOCTYPE rss [{kinds}<!ENTITY % d SYSTEM '{world.site.url('/dtd')}'> %d;]>"
    world.serve(answer(body=feed(item(guid="news"), prolog=prolog).replace(QUIET.encode(), b"&f; &h;")))
    world.turn()
    [message] = world.told
    assert "secret" not in message
    assert not [request for request in world.site.requests if "/entity" in request or "/dtd" in request]


@pytest.mark.parametrize(
    "body",
    rows(
        [
            ("F59", b"<rss version='2.0'><channel>" + b"<a>" * 1_000_000),
            ("F60", b"<rss version='2.0'><channel><item " + b"".join(b"a%d='1' " % n for n in range(100_000)) + b"/>"),
        ]
    ),
)
def test_a_feed_that_would_take_minutes_is_stopped_and_read_when_it_is_well(
    world: World, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.pipeline.PARSE_SECONDS", 2.0)
    world.serve(answer(body=body))
    assert world.turn().health in (FeedHealth.FAILING, FeedHealth.PARTIAL)
    world.serve(answer(body=GOOD))
    world.turn()
    assert len(world.told) == 1


@pytest.mark.fault("F67")
def test_one_id_with_two_links_is_two_articles(world: World) -> None:
    world.serve(answer(body=feed(item(guid="1", link="http://127.0.0.1/a", text=TALK))))
    world.turn()
    world.serve(
        answer(
            body=feed(
                item(guid="1", link="http://127.0.0.1/a"),
                item(OTHER_NEWS, guid="1", link="http://127.0.0.1/b", text=OTHER_TEXT),
            )
        )
    )
    world.turn()
    assert [NEWS in world.told[0], OTHER_NEWS in world.told[1]] == [True, True]


TALK = "The mayor spoke on the radio about nothing else for an hour, and the market closed at noon. "


@pytest.mark.parametrize("number", rows([("F68", 0)]))
def test_another_id_on_every_poll_is_one_alert(world: World, number: int) -> None:
    for guid in range(3):
        world.serve(answer(body=feed(item(guid=f"new-{guid}", link="http://127.0.0.1/a"))))
        world.turn()
    assert len(world.told) == 1


@pytest.mark.parametrize("guid", rows([("F69", ""), ("F69", " "), ("F69", "x" * 1_000_000)]))
def test_any_id_is_told_once(world: World, guid: str) -> None:
    for title in ("one", "two"):
        world.serve(answer(body=feed(item(guid=guid), item(title, guid="other"))))
        world.turn()
    assert len(world.told) == 1


@pytest.mark.fault("F70")
def test_a_move_of_the_whole_archive_is_no_storm(world: World) -> None:
    places = "Zvečan Leposavić Zubin Jarinje Brnjak Raška Ribarić Gazivode".split()
    verbs = "praised painted repaired counted sold moved opened closed".split()

    def archive(host: str) -> bytes:
        return feed(
            *(
                item(
                    f"Soldiers arrive in {place} and the {verb} wall",
                    guid=f"{host}-{place}",
                    link=f"http://{host}/{place}",
                    text=f"In {place} the baker {verb} {number + 2} carts and the priest {verb} the bell. " * 3,
                )
                for number, (place, verb) in enumerate(zip(places, verbs, strict=True))
            )
        )

    world.serve(answer(body=archive("127.0.0.1")))
    world.turn()
    before = len(world.told)
    assert before >= 1
    world.serve(answer(body=archive("127.0.0.2")))
    world.turn()
    assert len(world.told) - before <= 1


@pytest.mark.fault("F71")
def test_entries_in_another_order_with_new_dates_are_not_new(world: World) -> None:
    def dated(day: int, *titles: str) -> bytes:
        date = f"<pubDate>Mon, {day:02} Mar 2026 08:00:00 GMT</pubDate>"
        return answer(body=feed(*(item(title, guid=title, more=date) for title in titles)))

    world.serve(dated(1, NEWS, "Two", "Three"))
    world.turn()
    world.serve(dated(2, "Three", NEWS, "Two"))
    state = world.turn()
    assert state.last_new is not None
    assert state.last_new < world.clock.now()
    assert len(world.told) == 1


@pytest.mark.parametrize(
    ("link", "home"),
    rows(
        [
            *[("F73", link, "") for link in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd")],
            *[("F78", "/x", home) for home in ("javascript:alert(1)//", "data:text/html,", "file:///etc/")],
        ]
    ),
)
def test_a_hostile_link_is_none_and_its_news_is_told(world: World, link: str, home: str) -> None:
    world.serve(answer(body=feed(item(guid="news", link=link), site=home)))
    world.turn()
    [message] = world.told
    assert not [scheme for scheme in ("javascript:", "data:", "file:") if scheme in message]


@pytest.mark.fault("F75")
def test_an_edited_title_is_not_told_again(world: World) -> None:
    for title in (NEWS, NEWS + " (updated)"):
        world.serve(answer(body=feed(item(title, guid="news"))))
        world.turn()
    assert len(world.told) == 1


@pytest.mark.fault("F76")
def test_a_feed_that_shrinks_says_so_once(world: World) -> None:
    world.serve(answer(body=feed(*(item(f"Number {n}", guid=str(n)) for n in range(20)))))
    world.turn()
    world.serve(answer(body=feed()))
    assert (world.turn().health, world.turn().health) == (FeedHealth.PARTIAL, FeedHealth.OK)


@pytest.mark.fault("F57")
def test_of_a_hundred_thousand_entries_the_newest_are_read_and_the_others_counted(world: World) -> None:
    fillers = [f"<item><title>x{n}</title></item>" for n in range(100_000)]
    world.serve(answer(body=feed(*fillers[:1999], item(guid="news"), *fillers[1999:])))
    state = world.poll()
    assert state.health is FeedHealth.PARTIAL
    assert "98,002 entries" in state.error
    world.read(at_most=1)  # the oldest first
    world.clock.turn(120)  # a feed that has so much to say is given a moment to say it all
    world.read(at_most=1)
    assert len(world.told) == 1
