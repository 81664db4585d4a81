"""Rows F100 to F105: files that people edit, with mistakes and without end."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults.cases import rows
from faults.faulty_world import RULES, World, feed, item
from hostile_site import answer

from monitor.desk import load_desk
from monitor.model import Article, SendResult, Sentence
from monitor.rules.load import load
from monitor.rules.match import match
from monitor.yamlfile import read_yaml

pytestmark = pytest.mark.slow
BOMB = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}' if n else '*a'] * 10)}]\n" for n in range(9))
MERGE = "a: &a {x: 1}\n" + "".join(f"b{n}: {{<<: [{', '.join(['*a'] * 500)}]}}\n" for n in range(100))


@pytest.mark.parametrize(
    ("text", "says"),
    rows(
        [
            ("F100", "a: 1\na: 2\n", "stands here twice"),
            ("F100", "a:\n\tb: 1\n", "a tab cannot indent"),
            ("F100", BOMB, "an alias"),
            ("F100", MERGE, "an alias"),
            ("F100", "a: " + "[" * 100_000, "nested too deeply"),
            ("F100", "\n".join("  " * n + f"k{n}:" for n in range(400)), "nested too deeply"),
            ("F100", "", "is empty"),
            ("F100", "# nothing\n", "is empty"),
            ("F100", "a: 1\n---\nb: 2\n", "more than one document"),
            ("F100", "a: " + "x" * 1_000_001, "longer than 1,000,000 bytes"),
            ("F100", "a: !!python/object/apply:os.system [id]\n", "a tag"),
        ]
    ),
)
def test_a_hostile_file_is_refused_at_once_with_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "file.yaml").write_text(text)
    began = time.monotonic()
    _, problems = read_yaml(tmp_path / "file.yaml")
    assert time.monotonic() - began < 20
    assert any(says in problem.what for problem in problems), problems


@pytest.mark.fault("F100")
@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa: NO\r\nb: 22:22\r\n", b"a: NO\nb: 22:22\n"])
def test_marks_line_ends_and_words_are_read_as_written(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "file.yaml").write_bytes(raw)
    node, problems = read_yaml(tmp_path / "file.yaml")
    assert node is not None
    assert problems == []
    assert [value.text for _, value in node] == ["NO", "22:22"]


@pytest.mark.fault("F104")
def test_of_five_thousand_rules_the_right_one_fires(tmp_path: Path) -> None:
    names = [f"{first}{second}{third}n" for first in "BDFGKLMNPRSTVZ" for second in "aeiou" for third in LAST][:5000]
    for start in range(0, 5000, 500):  # a file may have a megabyte
        lines = [
            f"  - {{id: r-{name.lower()}, title: About {name}, severity: low, find: {{all: [{{say: {name}}}]}}}}"
            for name in names[start : start + 500]
        ]
        (tmp_path / f"rules{start}.yaml").write_text("\n".join(["version: 1", "rules:", *lines]) + "\n")
    loaded = load([tmp_path])
    assert loaded.rule_set is not None, loaded.problems[:3]
    assert len(loaded.rule_set.rules) == 5000
    now = datetime(2026, 3, 2, tzinfo=UTC)
    title = f"A letter about {names[4321]} was found"
    article = Article("a", "", "wire", title, (Sentence(0, title, "title", 0),), "en", now, now)
    assert [verdict.rule for verdict in match(loaded.rule_set, article, now) if verdict.fires] == [
        f"r-{names[4321].lower()}"
    ]


LAST = [f"{one}{two}{three}" for one in "bdklmrtv" for two in "aeiou" for three in "dlrst"]


@pytest.mark.fault("F105")
def test_the_message_of_a_rule_that_was_deleted_is_still_delivered(world: World) -> None:
    world.phone.answers = [SendResult(ok=False, detail="503")]
    world.serve(answer(body=feed(item(guid="news"))))
    world.turn()
    assert world.told == []
    settings = world.pipeline.desk.settings
    (settings.pack / "rules.yaml").write_text(RULES.replace("soldiers-arrive", "other").replace("[soldiers,", "["))
    desk, problems = load_desk(settings)
    assert desk is not None, problems
    world.pipeline.desk = desk
    world.turn()
    assert len(world.told) == 1
