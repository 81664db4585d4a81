"""What is slow to work out about the desk's files, kept on disk: whole rule sets, the forms of words, lints of words.

A key is a hash of everything the value depends on: the files as they are, and the code that reads them. A value that
cannot be read back is worked out anew; a folder that cannot be written to costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from monitor.errors import Problem
from monitor.rules.definitions import Actor, Concept
from monitor.rules.lint import lint
from monitor.rules.lint_words import Commonness
from monitor.rules.load import Compile, Loaded, load, rule_files
from monitor.rules.ruleset import RuleSet
from monitor.rules.vocabulary import Vocabulary, compile_vocabulary

KEPT = 6  # files of a kind; the oldest beyond are deleted
_LONGEST_BOOK = 100_000  # words; the bundled pack has 7,000. A longer book is begun anew


def load_cached(folders: Sequence[Path], channels: Collection[str] | None, folder: Path) -> Loaded:
    """As `load`, in a fraction of the time when nothing changed since, and in a third of it when all words are known.

    `folder` is made when missing.
    """
    key = _key("rules", *_contents(folders), *sorted(channels or ()))
    known = _get(folder, key)
    if isinstance(known, Loaded):
        return known
    loaded = load(folders, channels, compiler=compiler(folder))
    if loaded.rule_set is not None:
        _put(folder, key, loaded)
    return loaded


def compiler(folder: Path) -> Compile:
    """Compiles a vocabulary with the forms of words that are kept in `folder`, and keeps those of new words there."""

    def compile_with_book(concepts: Iterable[Concept], actors: Iterable[Actor]) -> Vocabulary:
        with _book(folder, "words") as book:
            return compile_vocabulary(concepts, actors, book)

    return compile_with_book


def lint_cached(rule_set: RuleSet, commonness: Commonness, folder: Path) -> tuple[Problem, ...]:
    """As `lint`, without the dictionaries when all words were seen before."""
    with _book(folder, "lints") as book:
        return lint(rule_set, commonness, book)


@contextmanager
def _book(folder: Path, kind: str) -> Iterator[dict[Any, Any]]:
    """What was worked out of words before; written back when there is more of it at the end."""
    key = _key(kind)
    kept = _get(folder, key)
    book: dict[Any, Any] = kept if isinstance(kept, dict) and len(kept) < _LONGEST_BOOK else {}
    before = len(book)
    yield book
    if len(book) != before:
        _put(folder, key, book)


def _contents(folders: Sequence[Path]) -> Iterable[bytes | str]:
    for folder in folders:
        yield str(folder)
        for path in rule_files(folder):
            yield str(path.relative_to(folder))
            with suppress(OSError):  # `load` will say what is wrong with it
                yield path.read_bytes()


def _key(kind: str, *parts: bytes | str) -> str:
    digest = hashlib.blake2b(_code(kind), digest_size=12)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return f"{kind}-{digest.hexdigest()}"


@cache
def _code(kind: str) -> bytes:
    """A hash of the code, the tables of words and the dictionaries that values of a kind are made with."""
    digest = hashlib.blake2b(version("simplemma").encode(), digest_size=16)
    here, above = Path(__file__).parent, Path(__file__).parents[1]
    of_forms = [here / "builder.py", *(here / "forms").rglob("*.py"), *here.rglob("*.txt"), *above.glob("text/*.py")]
    of_all = [*here.rglob("*.py"), *above.glob("model/*.py"), above / "errors.py", above / "yamlfile.py"]
    for path in sorted(of_forms if kind == "words" else {*of_forms, *of_all}):
        digest.update(path.read_bytes())
    return digest.digest()


def _get(folder: Path, key: str) -> Any:
    try:
        return pickle.loads((folder / f"{key}.pickle").read_bytes())
    except Exception:  # unreadable for whatever reason: it is only a copy
        return None


def _put(folder: Path, key: str, value: object) -> None:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            pickle.dump(value, file, protocol=5)
        Path(file.name).replace(folder / f"{key}.pickle")
        kind = key.partition("-")[0]
        by_age = sorted(folder.glob(f"{kind}-*.pickle"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in by_age[KEPT:]:
            path.unlink(missing_ok=True)
