"""How well stories are formed: B-cubed, pairs, fragmentation and over-merge on labelled sets, beside two baselines.

    python tests/bench/stories.py --data DIR [--only gate,ecb,...] [--why]

DIR holds the sets, third-party text that is not part of this repository: story_gate.json, seeds/, ntrex_docs_even,
ecbplus_topics_1_35, allsides_even, headlines_2026_story_labels. One fixed setting for all sets; the baselines (words
and names, tests/bench/story_baselines.py) have one each. Pair F: of pairs of articles in one story. Fragmentation: of
the labelled stories with two articles or more, the share that is split. Over-merge: of the found stories with two or
more, the share that mixes labelled ones.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from story_baselines import by_names, by_words
from story_sets import SETS, START, Labelled, seeds

from monitor.model import Role
from monitor.store.schema import metadata
from monitor.store.stories import Stories
from monitor.stories.features import features
from monitor.stories.group import place


def by_product(items: Sequence[Labelled], why: bool = False) -> tuple[dict[str, str], list[float], list[float], int]:
    """Story of each article, milliseconds to look up and to place, and how many were called copies."""
    found: dict[str, str] = {}
    look_up, placing, copies = [], [], 0
    engine = create_engine("sqlite://")
    with engine.begin() as conn:
        metadata.create_all(conn)
        stories = Stories(conn)
        for item in items:
            begun = time.process_time()
            signature = features(item.article)
            made = time.process_time()
            candidates = stories.candidates(signature, item.article.published)
            looked = time.process_time()
            placement = place(signature, item.article, candidates)
            placed = time.process_time()
            story = stories.save(item.article, signature, placement)
            found[item.article.id] = story
            look_up.append((looked - made) * 1000)
            placing.append((made - begun + placed - looked) * 1000)
            copies += placement.role is Role.COPY
            if why:
                words = f"{placement.role:13} {placement.why} | {item.article.title[:60]}"
                print(f"{item.story:14} {story} {item.article.language} {words}")
    return found, look_up, placing, copies


@dataclass(frozen=True)
class Scores:
    """How a grouping compares with the labels; all in [0, 1]."""

    precision: float
    recall: float
    f: float
    pairs: float
    fragmentation: float
    over_merge: float


def scores(items: Sequence[Labelled], found: dict[str, str]) -> Scores:
    gold: dict[str, set[str]] = defaultdict(set)
    made: dict[str, set[str]] = defaultdict(set)
    for item in items:
        gold[item.story].add(item.article.id)
        made[found[item.article.id]].add(item.article.id)
    precision = recall = 0.0
    for item in items:
        right, mine = gold[item.story], made[found[item.article.id]]
        precision += len(right & mine) / len(mine) / len(items)
        recall += len(right & mine) / len(right) / len(items)
    both = Counter((item.story, found[item.article.id]) for item in items)
    shared, labelled, grouped = (
        sum(n * (n - 1) / 2 for n in counts)
        for counts in (both.values(), map(len, gold.values()), map(len, made.values()))
    )
    split = [len({found[id_] for id_ in ids}) > 1 for ids in gold.values() if len(ids) > 1]
    story_of = {item.article.id: item.story for item in items}
    mixed = [len({story_of[id_] for id_ in ids}) > 1 for ids in made.values() if len(ids) > 1]
    return Scores(
        precision,
        recall,
        2 * precision * recall / (precision + recall),
        2 * shared / max(1.0, labelled + grouped),
        sum(split) / max(1, len(split)),
        sum(mixed) / max(1, len(mixed)),
    )


def row(name: str, way: str, result: Scores, more: str = "") -> str:
    return (
        f"{name:13} {way:8} P {result.precision:.3f} R {result.recall:.3f} F {result.f:.3f}  pair F {result.pairs:.3f}"
        f"  fragmentation {result.fragmentation:.3f}  over-merge {result.over_merge:.3f}{more}"
    )


def spread(milliseconds: Sequence[float]) -> str:
    return f"p50 {p(milliseconds, 50):.1f} p95 {p(milliseconds, 95):.1f} ms"


def p(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else values[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", default=",".join(SETS), help=f"of {', '.join(SETS)}")
    parser.add_argument("--why", action="store_true", help="print every placement")
    options = parser.parse_args()
    for name in options.only.split(","):
        items = sorted(SETS[name](options.data), key=lambda item: (item.article.published, item.article.id))
        found, look_up, placing, copied = by_product(items, options.why)
        labelled = len({item.story for item in items})
        print(
            row(name, "monitor", scores(items, found)),
            f"  {len(items)} articles, {len(set(found.values()))}/{labelled} stories, {copied} copies,"
            f" look-up p95 {p(look_up, 95):.1f} ms, place p95 {p(placing, 95):.1f} ms",
            sep="",
        )
        print(row("", "words", scores(items, by_words(items))))
        print(row("", "names", scores(items, by_names(items))), flush=True)
    for label, both in (("seeds, real dates:", seeds(options.data)), ("seeds, one day:", seeds(options.data, START))):
        print(label, "two stories" if len(set(by_product(both)[0].values())) == 2 else "ONE STORY")


if __name__ == "__main__":
    main()
