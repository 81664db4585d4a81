"""Finds the weights of the pair model in monitor/stories/nearness.py, and shows how they do on sets they never saw.

    python tests/bench/fit_stories.py --data DIR

Logistic regression on pairs of articles of half of ECB+, AllSides and NTREX, half of our own events, and the headlines
alone of the AllSides and NTREX halves; the other halves, the gate and the gate on one day are held out. Pairs that a
veto catches are left to the veto. Positive pairs weigh 45 % of a set, all sets weigh the same. The gap in days is fixed
at -1 (AllSides' gaps are artificially short) and so is the weight of rule concepts, which these sets do not have. Needs
DIR of tests/bench/stories.py; two minutes.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from story_sets import Labelled, allsides, ecb, events, gate, gate_one_day, headlines_only, ntrex

from monitor.stories.features import features
from monitor.stories.nearness import JOIN_INPUTS, compare, inputs

POSITIVE = 0.45
RIDGE = 1e-3
FIXED = {"gap": -1.0, "concepts": 0.5}
WINDOW = 7 * 86_400
NAMES = (*JOIN_INPUTS, "bias")

Row = tuple[bool, list[float], int]  # same event, inputs and 1 for the bias, vetoes


def pairs(items: Sequence[Labelled], most: int, rng: random.Random) -> list[Row]:
    """All pairs of one event, and up to `most` of different events that share look-up keys."""
    signed = [(item.story, features(item.article)) for item in items]
    keys = [{key for key, _ in signature.story_keys} for _, signature in signed]
    same, others = [], []
    for i, (story, first) in enumerate(signed):
        for j in range(i):
            second = signed[j][1]
            if abs(first.time - second.time) > WINDOW or first.content == second.content:
                continue
            shared = len(keys[i] & keys[j])
            if signed[j][0] == story:
                same.append((i, j))
            elif shared >= 2 or (shared and rng.random() < 0.3):
                others.append((i, j))
    rng.shuffle(others)
    rows = []
    for number, (i, j) in enumerate(same + others[:most]):
        pair = compare(signed[i][1], signed[j][1])
        given = inputs(pair)
        rows.append((number < len(same), [*(given[name] for name in JOIN_INPUTS), 1.0], len(pair.vetoes)))
    return rows


def halves(items: Sequence[Labelled], first: Callable[[str], bool]) -> tuple[list[Labelled], list[Labelled]]:
    return [i for i in items if first(i.story)], [i for i in items if not first(i.story)]


def fit(sets: Sequence[Sequence[Row]]) -> list[float]:
    """Weights by Newton's method on the weighted log loss with a small ridge."""
    rows: list[tuple[bool, list[float], float]] = []
    for one in sets:
        kept = [row for row in one if not row[2]]
        positive = sum(same for same, *_ in kept)
        for same, x, _ in kept:
            share = POSITIVE / positive if same else (1 - POSITIVE) / (len(kept) - positive)
            rows.append((same, x, share / len(sets)))
    weights = [FIXED.get(name, 0.0) for name in NAMES]
    free = [index for index, name in enumerate(NAMES) if name not in FIXED]
    for _ in range(12):
        gradient = [RIDGE * weights[i] * (NAMES[i] != "bias") for i in free]
        hessian = [[RIDGE * (i == j) * (NAMES[i] != "bias") for j in free] for i in free]
        for same, x, share in rows:
            p = chance(weights, x)
            error, curve = share * (p - same), share * p * (1 - p)
            for a, i in enumerate(free):
                if x[i]:
                    gradient[a] += error * x[i]
                    scaled = curve * x[i]
                    row = hessian[a]
                    for b in range(a + 1):
                        row[b] += scaled * x[free[b]]
        for a in range(len(free)):
            for b in range(a):
                hessian[b][a] = hessian[a][b]
        for i, step in zip(free, solve(hessian, gradient), strict=True):
            weights[i] -= step
    return weights


def chance(weights: Sequence[float], x: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x, strict=True))))


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            for k in range(column, size + 1):
                rows[row][k] -= factor * rows[column][k]
    found = [0.0] * size
    for row in range(size - 1, -1, -1):
        rest = sum(rows[row][k] * found[k] for k in range(row + 1, size))
        found[row] = (rows[row][size] - rest) / rows[row][row]
    return found


def report(name: str, rows: Sequence[Row], weights: Sequence[float]) -> None:
    scored = [(same, chance(weights, x) * 0.35**vetoes >= 0.40) for same, x, vetoes in rows]
    positive = [called for same, called in scored if same]
    negative = [called for same, called in scored if not same]
    print(f"{name:16} of {len(positive)} pairs called one event {sum(positive) / len(positive):.3f}", end=", ")
    print(f"of {len(negative)} look-alike pairs {sum(negative) / len(negative):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    rng = random.Random(1)
    even = {story for number, story in enumerate(sorted({i.story for i in ntrex(data)})) if number % 2 == 0}
    sides = allsides(data)
    first_sides = {item.story for item in sides[: len(sides) // 2]}
    sets = {
        "ecb": halves(ecb(data), lambda story: int(story.split("ecb")[1].removeprefix("plus")) % 2 == 0),
        "allsides": halves(sides, lambda story: story in first_sides),
        "ntrex": halves(ntrex(data), lambda story: story in even),
        "events": halves(events(data), lambda story: story.split("-")[0] in {"bus", "strike", "drugs", "mayor"}),
    }
    sets |= {f"{name} headlines": tuple(map(headlines_only, sets[name])) for name in ("allsides", "ntrex")}
    rows = {name: tuple(pairs(half, 6000, rng) for half in both) for name, both in sets.items()}
    weights = fit([first for first, _ in rows.values()])
    print({name: round(weight, 2) for name, weight in zip(NAMES, weights, strict=True)})
    for name, (_, held_out) in rows.items():
        report(name + " held out", held_out, weights)
    report("gate", pairs(gate(data), 6000, rng), weights)
    report("gate-one-day", pairs(gate_one_day(data), 6000, rng), weights)


if __name__ == "__main__":
    main()
