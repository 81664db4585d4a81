"""Compiled rule sets and vocabularies kept on disk, so that only what changed is compiled again.

A key is a hash of everything the value depends on: the files as they are, and the code that compiles them. A value that
cannot be read back is compiled anew; a folder that cannot be written to costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from monitor.rules.definitions import Actor, Concept
from monitor.rules.load import Loaded, load, rule_files
from monitor.rules.vocabulary import Vocabulary, compile_vocabulary
from monitor.yamlfile import Place

KEPT = 6  # files; the oldest beyond are deleted


def load_cached(folders: Sequence[Path], channels: Collection[str] | None, folder: Path) -> Loaded:
    """As `load`, in a fraction of the time when nothing changed since. `folder` is made when missing."""
    key = _key("rules", *_contents(folders), *sorted(channels or ()))
    known = _get(folder, key)
    if isinstance(known, Loaded):
        return known
    loaded = load(folders, channels, compiler=partial(_compile, folder))
    if loaded.rule_set is not None:
        _put(folder, key, loaded)
    return loaded


def _contents(folders: Sequence[Path]) -> Iterable[bytes | str]:
    for folder in folders:
        yield str(folder)
        for path in rule_files(folder):
            yield str(path.relative_to(folder))
            with suppress(OSError):  # `load` will say what is wrong with it
                yield path.read_bytes()


def _compile(folder: Path, concepts: Iterable[Concept], actors: Iterable[Actor]) -> Vocabulary:
    concepts, actors = tuple(concepts), tuple(actors)
    key = _key("vocabulary", _without_places((concepts, actors)))
    known = _get(folder, key)
    if isinstance(known, Vocabulary):
        return known
    vocabulary = compile_vocabulary(concepts, actors)
    _put(folder, key, vocabulary)
    return vocabulary


def _without_places(value: object) -> str:
    """What the vocabulary says, wherever in the files it stands."""
    if hasattr(value, "__dataclass_fields__"):
        parts = (getattr(value, name) for name in value.__dataclass_fields__)
        return "[" + ",".join(_without_places(part) for part in parts if not isinstance(part, Place)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_without_places(value[key])}" for key in value) + "}"
    if isinstance(value, tuple):
        return "(" + ",".join(map(_without_places, value)) + ")"
    return repr(value)


def _key(kind: str, *parts: bytes | str) -> str:
    digest = hashlib.blake2b(_code(), digest_size=12)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return f"{kind}-{digest.hexdigest()}"


@cache
def _code() -> bytes:
    """A hash of the code and the dictionaries that values are made with."""
    digest = hashlib.blake2b(version("simplemma").encode(), digest_size=16)
    here = Path(__file__).parent
    for path in sorted([*here.rglob("*.py"), *here.parent.glob("text/*.py"), *here.parent.glob("*.py")]):
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
        by_age = sorted(folder.glob("*.pickle"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in by_age[KEPT:]:
            path.unlink(missing_ok=True)
