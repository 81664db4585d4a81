"""What it costs to place an article in its story, and how that grows with what is stored.

    python tests/bench/story_scale.py --data DIR [--stored 20000,1000000,10000000] [--per-day 20000] [--file PATH]

For each number of stored articles a database is generated in bulk: every article has its row; those of the last 14 days
(the retention) have features and look-up keys. Features are those of real posts (bih_posts of DIR). How often a key
comes is Zipf's law (Mandelbrot's form), and how many keys there are Heaps' law, both fitted on the keys of these posts;
two of five articles join a story of the last days. Then new articles with keys of the same law go the product's way:
features, look-up, placement, saving. CPU times are what counts on a machine that is shared; wall times stand beside.

The file needs 10 GB at ten million and is deleted afterwards. PATH: monitor-scale.db in the temporary folder.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from story_sets import Labelled, posts

from monitor.model import Features
from monitor.store import Store
from monitor.store.schema import dump
from monitor.stories.features import features
from monitor.stories.group import place

DAYS = 14  # retention of features and keys
NOW = datetime(2026, 6, 1, tzinfo=UTC)
JOINS = 0.4  # of articles belong to a story of the last days
COMMON_COPY_KEYS = 3  # of an article's copy keys are sentences that many texts have
QUERIES = 400
INDEXES = {
    "ix_story_member_story": "story_member (story, published, article, role)",
    "ix_story_member_published": "story_member (published)",
    "ix_story_member_features": "story_member (published) WHERE features IS NOT NULL",
}


@dataclass(frozen=True)
class Law:
    """The key of rank r is in a share of c / (r + b) ** s of the articles; n articles have k * n ** heaps keys."""

    s: float
    b: float
    c: float
    heaps: float
    k: float

    def ranks(self, rng: np.random.Generator, size: int, vocabulary: int) -> np.ndarray:
        """Ranks drawn by inverting the law's integral; from 0."""
        low, high = self.b ** (1 - self.s), (vocabulary + self.b) ** (1 - self.s)
        return ((low + rng.random(size) * (high - low)) ** (1 / (1 - self.s)) - self.b).astype(np.int64)


def fitted(signed: list[Features]) -> Law:
    """The laws of the posts' story keys."""
    counts = Counter(key for item in signed for key, _ in item.story_keys)
    shares = np.array(sorted(counts.values(), reverse=True)) / len(signed)
    ranks = np.unique(np.geomspace(1, np.searchsorted(-shares, -3 / len(signed)), 60).astype(int))
    best = (float("inf"), 1.01, 1.0, 1.0)
    for b in np.geomspace(0.5, 400, 40):
        slope, start = np.polyfit(np.log(ranks + b), np.log(shares[ranks - 1]), 1)
        error = float(np.square(np.log(shares[ranks - 1]) - slope * np.log(ranks + b) - start).sum())
        best = min(best, (error, float(-slope), float(b), float(np.exp(start))))
    half = len({key for item in signed[: len(signed) // 2] for key, _ in item.story_keys})
    heaps = float(np.log2(len(counts) / half))
    return Law(*best[1:], heaps, len(counts) / len(signed) ** heaps)


@dataclass(frozen=True)
class World:
    """What generated articles are made of."""

    law: Law
    texts: list[str]  # features of real posts as stored
    signed: list[Features]

    def keys(self, rng: np.random.Generator, articles: int, recent: int) -> np.ndarray:
        """Story keys, 28 an article, of a vocabulary of `recent` articles: numbers that are scattered like hashes."""
        vocabulary = int(self.law.k * recent**self.law.heaps)
        ranks = self.law.ranks(rng, articles * 28, vocabulary).astype(np.uint64)
        return scattered(ranks).reshape(articles, 28)


def scattered(numbers: np.ndarray) -> np.ndarray:
    mixed = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return (mixed * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(1)).astype(np.int64)


def world_of(data: Path, limit: int = 6000) -> World:
    items: list[Labelled] = posts(data)[:limit]
    signed = [features(item.article) for item in items]
    return World(fitted(signed), [dump(Features, item) for item in signed], signed)


def build(path: Path, stored: int, per_day: int, world: World) -> float:
    """Fill a fresh database; seconds it took. Rows go in in the order of their keys, indexes come after."""
    begun = time.monotonic()
    Store.open(str(path), durable=False).close()
    conn = sqlite3.connect(path)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        conn.execute("PRAGMA " + pragma)
    for index in INDEXES:
        conn.execute("DROP INDEX " + index)
    rng = np.random.default_rng(7)
    ids = np.sort(rng.integers(0, 2**63, stored, dtype=np.uint64))
    age = rng.permutation(stored) / per_day  # days
    at = (NOW.timestamp() - age * 86_400).astype(np.int64)
    founder = np.arange(stored)
    order = np.argsort(at)
    place_of = np.empty(stored, dtype=np.int64)
    place_of[order] = np.arange(stored)
    joins = np.flatnonzero(rng.random(stored) < JOINS)
    back = (rng.exponential(0.5 * per_day, len(joins)) + 1).astype(np.int64)  # how many articles earlier
    founder[joins] = order[np.maximum(0, place_of[joins] - back)]
    founder[joins] = founder[founder[joins]]
    conn.executemany(
        "INSERT INTO story_member VALUES (" + ",".join("?" * 15) + ")", members(ids, at, age, founder, world)
    )
    recent = np.flatnonzero(age < DAYS)
    keys = world.keys(rng, len(recent), len(recent))
    rows = sorted_rows(keys, at[recent], recent)
    conn.executemany(
        "INSERT OR IGNORE INTO story_key VALUES (?, ?, ?, ?)",
        ((k, t, f"{ids[i]:032x}", story(ids[founder[i]])) for k, t, i in rows),
    )
    unique = rng.integers(0, 2**63, (len(recent), 36), dtype=np.int64)
    common = world.keys(rng, len(recent), len(recent))[:, :COMMON_COPY_KEYS] ^ np.int64(1)
    rows = sorted_rows(np.hstack([unique, common]), at[recent], recent)
    conn.executemany("INSERT OR IGNORE INTO copy_key VALUES (?, ?, ?)", ((k, t, f"{ids[i]:032x}") for k, t, i in rows))
    for name, columns in INDEXES.items():
        conn.execute(f"CREATE INDEX {name} ON {columns}")
    conn.commit()
    conn.execute("ANALYZE")
    conn.close()
    return time.monotonic() - begun


def story(number: np.uint64) -> str:
    return f"{number:016x}"[:10]


def members(
    ids: np.ndarray, at: np.ndarray, age: np.ndarray, founder: np.ndarray, world: World
) -> Iterator[tuple[object, ...]]:
    """Rows of `story_member` in the order of its columns."""
    why = "joined because 3 names (zvkn, ksv, vkk), 1 number, wording .34, 2 h apart; score .81; threshold .40"
    for i, number in enumerate(ids):
        text = world.texts[i % len(world.texts)] if age[i] < DAYS else None
        identity = f"{number:032x}"
        if text:
            begin = text.index('"outlet"')
            text = f'{{"article":"{identity}",' + text[begin:]
        own = founder[i] == i
        row = (identity, story(ids[founder[i]]), "founder" if own else "corroboration", "", "", 1.0, why, "", "[]")
        yield (
            *row,
            f"outlet-{i % 300}",
            "sr",
            int(at[i]) * 1_000_000,
            f"https://o.example/{number:x}",
            "A headline",
            text,
        )


def sorted_rows(keys: np.ndarray, at: np.ndarray, articles: np.ndarray) -> Iterator[tuple[int, int, int]]:
    flat = keys.ravel()
    order = np.lexsort((np.repeat(articles, keys.shape[1]), np.repeat(at, keys.shape[1]), flat))
    columns = flat[order], np.repeat(at, keys.shape[1])[order], np.repeat(articles, keys.shape[1])[order]
    for start in range(0, len(flat), 1_000_000):
        yield from zip(*(column[start : start + 1_000_000].tolist() for column in columns), strict=True)


def measure(
    path: Path, stored: int, per_day: int, data: Path, world: World
) -> dict[str, tuple[list[float], list[float]]]:
    """CPU and wall milliseconds of each step, for new articles."""
    rng = np.random.default_rng(11)
    items = posts(data)[7000 : 7000 + QUERIES]
    keys = world.keys(rng, len(items), min(stored, DAYS * per_day))
    spent: dict[str, tuple[list[float], list[float]]] = {
        name: ([], []) for name in ("features", "look-up", "placement", "saving", "in all")
    }
    with Store.open(str(path), durable=False) as store:
        for number, item in enumerate(items):
            when = NOW + timedelta(seconds=number)
            article = replace(item.article, id=f"query{number:027x}", published=when, first_seen=when)
            marks = [(time.thread_time(), time.perf_counter())]

            def mark(marks: list[tuple[float, float]] = marks) -> None:
                marks.append((time.thread_time(), time.perf_counter()))

            signature = features(article)
            weights = [weight for _, weight in signature.story_keys]
            signature = replace(signature, story_keys=tuple(zip(keys[number].tolist(), weights, strict=False)))
            mark()
            with store.write() as tx:
                candidates = tx.stories.candidates(signature, when)
                mark()
                placement = place(signature, article, candidates)
                mark()
                tx.stories.save(article, signature, placement)
            mark()
            for step, first, last in zip(spent, (0, 1, 2, 3, 0), (1, 2, 3, 4, 4), strict=True):
                for kind in (0, 1):
                    spent[step][kind].append((marks[last][kind] - marks[first][kind]) * 1000)
    return spent


def p(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--stored", default="20000,1000000,10000000")
    parser.add_argument("--per-day", type=int, default=20_000)
    parser.add_argument("--file", type=Path, default=Path(tempfile.gettempdir()) / "monitor-scale.db")
    options = parser.parse_args()
    world = world_of(options.data)
    law = world.law
    print(f"keys of {len(world.signed)} posts: share = {law.c:.3f} / (rank + {law.b:.1f}) ** {law.s:.2f},", end=" ")
    print(f"{law.k:.1f} * articles ** {law.heaps:.2f} different keys; {options.per_day} articles a day")
    for stored in map(int, options.stored.split(",")):
        try:
            seconds = build(options.file, stored, options.per_day, world)
            size = options.file.stat().st_size / 1e9
            spent = measure(options.file, stored, options.per_day, options.data, world)
        finally:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{options.file}{suffix}").unlink(missing_ok=True)
        print(f"{stored} stored, built in {seconds:.0f} s, {size:.2f} GB")
        for step, (cpu, wall) in spent.items():
            figures = f"CPU p50 {p(cpu, 50):.1f} p95 {p(cpu, 95):.1f} max {max(cpu):.1f} ms"
            print(f"    {step:10} {figures}; wall p50 {p(wall, 50):.1f} p95 {p(wall, 95):.1f} ms", flush=True)


if __name__ == "__main__":
    main()
