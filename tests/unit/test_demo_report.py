"""The demo's script, and the report at its end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.config.settings import load_settings
from monitor.demo.desk import mailbox, write_desk
from monitor.demo.report import Heard, count, missed, rows
from monitor.demo.script import Item, load_script
from monitor.demo.world import Published
from monitor.text.folding import fold

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def published(name: str, kind: str, story: str = "") -> Published:
    item = Item(name, "site", kind, story, 0.0, name, "", ())  # type: ignore[arg-type]
    return Published(item, f"http://127.0.0.1/{name}", NOON)


WORLD = (
    published("first", "report", "shots"),
    published("second", "report", "shots"),
    published("copy", "copy", "shots"),
    published("deep", "body only", "patrol"),
    published("match", "false friend"),
    published("film", "false friend"),
    published("year", "anniversary"),
)


def heard(**told: float | None) -> dict[str, Heard]:
    """What was heard of each article: seconds until it was told, None = quiet."""
    return {
        f"http://127.0.0.1/{name}": Heard("s", None if wait is None else NOON + timedelta(seconds=wait))
        for name, wait in told.items()
    }


def test_a_good_run_is_counted():
    counts = count(WORLD, heard(first=2.0, second=None, copy=None, deep=4.0, match=None, film=None, year=None))

    assert dict(rows(counts)) == {
        "articles read": "7 of 7",
        "stories told": "2 of 2",
        "messages sent about them": "2",
        "copies collapsed": "1 of 1",
        "false friends kept quiet": "2 of 2",
        "anniversaries kept quiet": "1 of 1",
        "other messages": "0",
        "from publication to message": "3.0 s (longest 4.0 s)",
    }
    assert missed(WORLD, heard(first=2.0, deep=4.0)) == ()


def test_a_bad_run_is_not_made_to_look_good():
    found = heard(second=2.0, copy=3.0, match=1.0, year=1.0)
    lines = dict(rows(count(WORLD, found)))

    assert lines["articles read"] == "4 of 7"
    assert lines["stories told"] == "1 of 2"
    assert lines["copies collapsed"] == "0 of 1"
    assert lines["false friends kept quiet"] == "1 of 2"
    assert lines["anniversaries kept quiet"] == "0 of 1"
    assert lines["other messages"] == "2"
    assert [item.id for item in missed(WORLD, found)] == ["deep"]


def test_a_run_that_heard_nothing_says_so():
    assert dict(rows(count(WORLD, {})))["from publication to message"] == "no message"
    assert [item.id for item in missed(WORLD, {})] == ["first", "deep"]


def test_the_script_holds_what_the_demo_promises():
    script = load_script()
    kinds = Counter(item.kind for item in script.items)
    languages = {site.id: site.language for site in script.sites}

    assert kinds["false friend"] == 3
    assert kinds["copy"] == 2
    assert kinds["background"] >= 20
    assert min(kinds[kind] for kind in ("update", "denial", "body only", "anniversary")) == 1
    assert {languages[item.site] for item in script.items if item.kind == "report"} == {"en", "sq", "sr", "mk"}
    assert {site.feed for site in script.sites} == {"rss", "atom", "json"}
    assert script.length <= 30
    assert len({item.id for item in script.items}) == len(script.items)


def test_the_copies_are_the_same_text_once_in_the_other_script():
    items = {item.id: item for item in load_script().items}

    assert items["deployment-copy-en"].paragraphs == items["deployment-en"].paragraphs
    cyrillic = " ".join(items["deployment-copy-cyrillic"].paragraphs)
    assert fold(cyrillic) == fold(" ".join(items["deployment-sr"].paragraphs))


def test_the_body_only_story_is_said_nowhere_but_deep_in_the_text():
    [item] = [item for item in load_script().items if item.kind == "body only"]

    assert "Merdarë" not in item.title + item.summary + item.paragraphs[0]
    assert "Merdarë" in " ".join(item.paragraphs[3:])


def test_the_desk_of_the_demo_is_a_valid_configuration(tmp_path: Path):
    script = load_script()
    feeds = {site.id: f"http://127.0.0.1:{9000 + n}/feed" for n, site in enumerate(script.sites)}
    settings = load_settings(write_desk(tmp_path, feeds, script), {})

    assert not settings.bundled_feeds
    assert settings.overlay == tmp_path / "overlay"
    assert [channel.url for channel in settings.channels] == ["terminal://", f"mailbox://{mailbox(tmp_path)}"]
    written = (tmp_path / "overlay" / "feeds.yaml").read_text(encoding="utf-8")
    assert all(url in written for url in feeds.values())
