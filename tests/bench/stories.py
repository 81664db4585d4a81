"""How well stories are formed: B-cubed on labelled sets, recall of copies, time an article, beside a TF-IDF baseline.

    python tests/bench/stories.py --data DIR [--only gate,ecb,...] [--why]

DIR holds the sets, third-party text that is not part of this repository: story_gate.json, seeds/, ntrex_docs_even,
ecbplus_topics_1_35, allsides_even, headlines_2026_story_labels, albanian_kosovo_2020_to_07-19, bih_posts_2022-09-12_20.
One fixed setting for all sets.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import create_engine

from monitor.model import Article, Role, Sentence
from monitor.store.schema import metadata
from monitor.store.stories import Stories
from monitor.stories.features import features
from monitor.stories.group import place
from monitor.stories.nearness import is_copy
from monitor.stories.rarity import language_class, stem
from monitor.text.sentences import split_sentences
from monitor.text.tokens import tokenise

START = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Labelled:
    story: str
    article: Article


def article(
    id_: str, title: str, body: str, language: str, published: datetime, outlet: str, paragraphs: Sequence[str] = ()
) -> Article:
    sentences = [Sentence(0, title, "title", 0)]
    for number, paragraph in enumerate(paragraphs or body.split("\n"), 1):
        for text in split_sentences(paragraph):
            index = len(sentences)
            sentences.append(Sentence(index, text, "lead" if index <= 2 else "body", number))
    return Article(id_, f"https://x.example/{id_}", outlet, title, tuple(sentences), language[:2], published, published)


def lines(path: Path) -> Iterable[dict]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


# --- the sets ---------------------------------------------------------------------------------------------------


def gate(data: Path) -> list[Labelled]:
    rows = json.loads((data / "story_gate.json").read_text(encoding="utf-8"))
    return [
        Labelled(
            row["story"],
            article(row["id"], row["title"], row["body"], row["lang"], _when(row["ts"]), row["owner"]),
        )
        for row in rows
    ] + seeds(data)


def seeds(data: Path, at: datetime | None = None) -> list[Labelled]:
    spec = (
        (
            "seed-b",
            "S1",
            "004_*.txt",
            "The US asks Serbia to withdraw military troops from the border with Kosovo",
            "2023-09-30T08:00",
        ),
        (
            "seed-a",
            "S3",
            "000_*.txt",
            "US tracking Serbian military movements near Kosovo, O'Brien says",
            "2024-03-22T18:22",
        ),
    )
    skip = (
        "Flash News",
        "Kosova",
        "Latest news",
        "The US asks Serbia to withdraw",
        "22 March 2024",
        "As Kosovo prepares",
    )
    found = []
    for id_, story, pattern, title, when in spec:
        text = next((data / "seeds").glob(pattern)).read_text(encoding="utf-8")
        kept = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(skip)]
        found.append(Labelled(story, article(id_, title, "", "en", at or _when(when), id_, kept)))
    return found


def gate_one_day(data: Path) -> list[Labelled]:
    """The gate with all dates on one day: time does not help."""
    return [
        replace(item, article=replace(item.article, published=START + timedelta(minutes=number)))
        for number, item in enumerate(sorted(gate(data), key=lambda item: (item.article.published, item.article.id)))
    ]


def ntrex(data: Path) -> list[Labelled]:
    """Every translation of an article is the same story; all on one day, languages one after another."""
    codes = {"eng": "en", "sqi": "sq", "mkd": "mk", "alb": "sq", "mac": "mk"}
    rows = list(lines(data / "ntrex_docs_even.jsonl"))
    return [
        Labelled(
            row["story"],
            article(
                f"{row['story']}-{row['lang']}",
                row["title"],
                row["text"],
                codes.get(row["lang"].split("-")[0].split("_")[0], "sr"),
                START + timedelta(minutes=number),
                row["lang"],
            ),
        )
        for number, row in enumerate(rows)
    ]


def ecb(data: Path) -> list[Labelled]:
    """Two look-alike events a topic, undated; page headers removed, the first line is the title."""
    found = []
    for number, row in enumerate(lines(data / "ecbplus_topics_1_35.jsonl")):
        text = [line for line in row["text"].split("\n") if not line.startswith("http :")] or [""]
        text = [line.replace(" ,", ",").replace(" .", ".").replace(" 's", "'s") for line in text]
        found.append(
            Labelled(
                row["event"] + str(row["topic"]),
                article(row["id"], text[0], "\n".join(text[1:]), "en", START + timedelta(seconds=number), row["id"]),
            )
        )
    order = random.Random(5)
    order.shuffle(found)
    return [
        replace(item, article=replace(item.article, published=START + timedelta(minutes=number)))
        for number, item in enumerate(found)
    ]


def allsides(data: Path) -> list[Labelled]:
    found = []
    for row in lines(data / "allsides_even.jsonl"):
        when = datetime.fromisoformat(row["date"]).astimezone(UTC)
        for number, news in enumerate(row["news"]):
            id_ = f"{row['id']}-{number}"
            found.append(
                Labelled(str(row["id"]), article(id_, news["title"], news["body"], "en", when, news["outlet"]))
            )
    return found


def headlines(data: Path) -> list[Labelled]:
    found = []
    for row in lines(data / "headlines_2026_story_labels.jsonl"):
        when = datetime.fromisoformat(row["commit_first"]).astimezone(UTC)
        found.append(
            Labelled(row["story"], article(f"h{row['row']}", row["title"], "", row["lang_guess"], when, row["outlet"]))
        )
    return found


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def events(data: Path) -> list[Labelled]:
    """Our own: eight kinds of event at four places, in two wordings, three other languages and Cyrillic."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from event_texts import events as made

    return [Labelled(told.event, told.article) for told in made()]


SETS = {
    "events": events,
    "gate": gate,
    "gate-one-day": gate_one_day,
    "ntrex": ntrex,
    "ecb": ecb,
    "allsides": allsides,
    "headlines": headlines,
}


# --- two ways to form stories -----------------------------------------------------------------------------------


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


def by_words(items: Sequence[Labelled], threshold: float = 0.18) -> dict[str, str]:
    """The baseline: cosine of TF-IDF of title and lead with the best member, 7-day window, one pass."""
    vectors: dict[str, dict[str, float]] = {}
    documents: Counter[str] = Counter()
    for item in items:
        language = language_class(item.article.language)
        text = " ".join(s.text for s in item.article.sentences[:4])
        vectors[item.article.id] = Counter(f"{language}:{stem(t.folded, language)}" for t in tokenise(text))
        documents.update(vectors[item.article.id].keys())
    for vector in vectors.values():
        for word in vector:
            vector[word] = (1 + math.log(vector[word])) * math.log(len(items) / documents[word] + 0.01)
        norm = math.sqrt(sum(value**2 for value in vector.values())) or 1.0
        for word in vector:
            vector[word] /= norm
    found: dict[str, str] = {}
    postings: dict[str, list[Labelled]] = defaultdict(list)
    for item in items:
        scores: dict[str, float] = defaultdict(float)
        for word, value in vectors[item.article.id].items():
            for other in postings[word]:
                if abs(item.article.published - other.article.published) <= timedelta(days=7):
                    scores[other.article.id] += value * vectors[other.article.id][word]
        best = max(scores.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0.0))
        found[item.article.id] = found[best[0]] if best[1] >= threshold else item.article.id
        for word in vectors[item.article.id]:
            postings[word].append(item)
    return found


def b_cubed(items: Sequence[Labelled], found: dict[str, str]) -> tuple[float, float, float]:
    gold: dict[str, set[str]] = defaultdict(set)
    made: dict[str, set[str]] = defaultdict(set)
    for item in items:
        gold[item.story].add(item.article.id)
        made[found[item.article.id]].add(item.article.id)
    precision = recall = 0.0
    for item in items:
        right, mine = gold[item.story], made[found[item.article.id]]
        precision += len(right & mine) / len(mine)
        recall += len(right & mine) / len(right)
    precision, recall = precision / len(items), recall / len(items)
    return precision, recall, 2 * precision * recall / (precision + recall)


# --- copies -----------------------------------------------------------------------------------------------------


def edits(item: Article, other: Article, rng: random.Random) -> dict[str, Article]:
    """The same text as other outlets would print it; every edit keeps what was said."""
    body = [s.text for s in item.sentences[1:]]
    words = " ".join(body).split()
    changed = [w if rng.random() > 0.06 else "ndryshe" for w in words]
    kept = [s for s in body if rng.random() > 0.25] or body
    order = body[:]
    rng.shuffle(order)
    variants = {
        "same text, other title": body,
        "furniture added": ["Read more on our page and subscribe now.", *body, "All rights reserved by the publisher."],
        "new headline, dateline": ["PRISHTINA (Agency) - " + body[0], *body[1:]],
        "cut to 60 %": [" ".join(words[: int(len(words) * 0.6)])],
        "cut to 30 %": [" ".join(words[: int(len(words) * 0.3)])],
        "quarter of sentences gone": kept,
        "shuffled": order,
        "6 % of words changed": [" ".join(changed)],
    }
    return {
        name: article(item.id + name, other.title, "", item.language, item.published, "copy", texts)
        for name, texts in variants.items()
    }


def copies(data: Path) -> None:
    rng = random.Random(3)
    rows = [r for r in lines(data / "albanian_kosovo_2020_to_07-19.jsonl") if len(r["text"].split()) >= 60][:150]
    texts = [article(r["id"], r["title"], r["text"], "sq", START, r["domain"]) for r in rows]
    texts += [i.article for i in allsides(data)[:150] if len(i.article.sentences) > 3]
    hits: Counter[str] = Counter()
    for number, item in enumerate(texts):
        original = features(item)
        for name, edited in edits(item, texts[number - 1], rng).items():
            signature = features(edited)
            findable = set(signature.copy_keys) & set(original.copy_keys)
            hits[name] += bool(findable and is_copy(signature, original))
    print("copies  recall: " + ", ".join(f"{name} {count / len(texts):.3f}" for name, count in hits.items()))
    pairs = false = 0
    groups: dict[str, list[Article]] = defaultdict(list)
    for labelled in allsides(data):
        groups[labelled.story].append(labelled.article)
    for group in groups.values():
        signed = [features(item) for item in group]
        for i, first in enumerate(signed):
            for second in signed[i + 1 :]:
                pairs += 1
                why = is_copy(second, first)
                false += bool(why)
                if why:
                    print("  other outlet, called a copy:", first.article, second.article, why)
    print(f"copies  {false} of {pairs} pairs of other outlets on the same event called copies")


def stream(data: Path, limit: int) -> None:
    """A real stream of nine days: time per article with many stored."""
    items = []
    for row in lines(data / "bih_posts_2022-09-12_20.jsonl"):
        body = "\n".join(filter(None, (row.get("description"), row.get("message"))))
        when = datetime.fromisoformat(row["published"].replace("Z", "+00:00"))
        items.append(
            Labelled("", article(f"b{row['id']}", row.get("title") or body[:80], body, "sr", when, row["outlet"]))
        )
    items = items[:limit]
    begun = time.process_time()
    found, look_up, placing, copied = by_product(items)
    seconds = time.process_time() - begun
    last = max(1, len(items) // 10)
    sizes = Counter(found.values())
    print(
        f"stream  {len(items)} posts in {seconds:.0f} s, {len(sizes)} stories, {copied} copies, largest story "
        f"{max(sizes.values())}; of the last tenth: look-up {spread(look_up[-last:])}, "
        f"features and place {spread(placing[-last:])}"
    )


def spread(milliseconds: Sequence[float]) -> str:
    return f"p50 {p(milliseconds, 50):.1f} p95 {p(milliseconds, 95):.1f} ms"


def p(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else values[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", default=",".join([*SETS, "copies", "stream"]))
    parser.add_argument("--why", action="store_true", help="print every placement")
    parser.add_argument("--posts", type=int, default=4000, help="how much of the stream to run")
    options = parser.parse_args()
    wanted = options.only.split(",")
    for name, load in SETS.items():
        if name not in wanted:
            continue
        items = sorted(load(options.data), key=lambda item: (item.article.published, item.article.id))
        found, look_up, placing, copied = by_product(items, options.why)
        scores = b_cubed(items, found)
        base = b_cubed(items, by_words(items))
        print(
            f"{name:13} P {scores[0]:.3f} R {scores[1]:.3f} F {scores[2]:.3f}"
            f" | words P {base[0]:.3f} R {base[1]:.3f} F {base[2]:.3f}"
            f" | {len(items)} articles, {len(set(found.values()))}/{len({i.story for i in items})} stories,"
            f" {copied} copies, look-up p95 {p(look_up, 95):.1f} ms, place p95 {p(placing, 95):.1f} ms"
        )
    both = seeds(options.data, START)
    told = by_product(both)[0]
    print("seeds on one day:", "two stories" if len(set(told.values())) == 2 else "ONE STORY")
    if "copies" in wanted:
        copies(options.data)
    if "stream" in wanted:
        stream(options.data, options.posts)


if __name__ == "__main__":
    main()
