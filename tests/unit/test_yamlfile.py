"""Files that people edit, and files that look like them: what is read, what is refused, and where it says so."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from monitor.config.settings import load_settings
from monitor.errors import BadConfiguration
from monitor.yamlfile import MAX_BYTES, MAX_DEPTH, parse_yaml, read_yaml

pytestmark = pytest.mark.fault("F100")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: NO", "NO"),
        ("a: 22:22", "22:22"),
        ("a: 2026-02-30", "2026-02-30"),
        ("a: 0o17", "0o17"),
        ("a: ~", "~"),
        ("a: .inf", ".inf"),
        ("a: 'x'\r\nb: y\r\n", "x"),
    ],
)
def test_what_is_written_arrives_as_written(text: str, value: str) -> None:
    node, problems = parse_yaml(text, "x.yaml")
    assert problems == []
    assert node is not None
    assert node.map["a"].text == value


def test_a_mark_at_the_beginning_of_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfversion: 1\n")
    node, problems = read_yaml(tmp_path / "x.yaml")
    assert problems == []
    assert node is not None
    assert node.map["version"].text == "1"


BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE = "a: &a {x: y}\n" + "".join(f"m{number}: {{<<: *a}}\n" for number in range(3))


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "R007"),
        ("# nothing\n", 1, "R007"),
        ("a: 1\nb: 2\na: 3\n", 3, "R010"),
        ("a:\n\t- b\n", 2, "R004"),
        ("a: 1\n---\nb: 2\n", 2, "R005"),
        ("a: !!python/object/apply:os.system [id]\n", 1, "R013"),
        ("a: b\nc: !secret d\n", 2, "R013"),
        ("a: 'open\n", 2, "R005"),
        ("? [a, b]\n: c\n", 1, "R009"),
        (BOMB, 1, "R008"),  # the place of what the alias stands for
        (MERGE, 1, "R008"),
        ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), 1, "R006"),
        pytest.param("[" * 100_000, 1, "R006", marks=pytest.mark.slow),  # a second
        ("- " * 20_000 + "a", 1, "R006"),
    ],
    ids=lambda value: str(value)[:24] if isinstance(value, str) else None,
)
def test_what_is_refused_is_named_with_its_place_and_at_once(text: str, line: int, code: str) -> None:
    began = time.process_time()
    _, problems = parse_yaml(text, "x.yaml")
    assert time.process_time() - began < 5
    assert (problems[0].line, problems[0].code) == (line, code)


def test_a_file_is_small_text(tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_bytes(b"a: " + b"x" * MAX_BYTES)
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: šta\n".encode("iso-8859-2"))
    assert read_yaml(tmp_path / "long.yaml")[1][0].code == "R002"
    assert (read_yaml(tmp_path / "latin.yaml")[1][0].line, read_yaml(tmp_path / "latin.yaml")[1][0].code) == (2, "R003")
    assert read_yaml(tmp_path)[1][0].code == "R001"
    assert read_yaml(Path("/dev/zero"))[1][0].code == "R002", "whatever it is, no more than a megabyte is read"


def test_the_loader_in_c_that_deep_nesting_crashes_is_never_used() -> None:
    source = Path(parse_yaml.__code__.co_filename).read_text(encoding="utf-8")
    assert not re.search(r"\bC(Base|Safe|Full)?Loader\b", source)
    assert "yaml.BaseLoader" in source


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("channels: &c {a: {url: 'terminal://'}}\nroutes: *c\n", "an alias"),
        ("language: en\nlanguage: sq\n", "twice"),
        ("chanels: {}\n", "did you mean “channels”"),
        ("channels: {a: {url_file: /dev/zero}}\n", "longer than"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path: Path, more: str, words: str) -> None:
    (tmp_path / "monitor.yaml").write_text(f"version: 1\n{more}", encoding="utf-8")
    with pytest.raises(BadConfiguration, match=words):
        load_settings(tmp_path / "monitor.yaml", {})
