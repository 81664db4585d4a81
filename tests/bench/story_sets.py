"""Labelled sets of articles for the benches of stories: real and synthetic news in five languages.

DIR (`--data`) holds third-party text that is not part of this repository; see tests/bench/stories.py for its files.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitor.model import Article, Sentence
from monitor.text.sentences import split_sentences

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


def headlines_only(items: Sequence[Labelled]) -> list[Labelled]:
    """The same articles without their texts: many feeds give nothing else."""
    return [replace(item, article=replace(item.article, sentences=item.article.sentences[:1])) for item in items]


def posts(data: Path) -> list[Labelled]:
    """Every post of 48 outlets in nine days, unlabelled."""
    found = []
    for row in lines(data / "bih_posts_2022-09-12_20.jsonl"):
        body = "\n".join(filter(None, (row.get("description"), row.get("message"))))
        when = datetime.fromisoformat(row["published"].replace("Z", "+00:00"))
        title = row.get("title") or body[:80]
        found.append(Labelled("", article(f"b{row['id']}", title, body, "sr", when, row["outlet"])))
    return found


SETS = {
    "events": events,
    "gate": gate,
    "gate-one-day": gate_one_day,
    "ntrex": ntrex,
    "ecb": ecb,
    "allsides": allsides,
    "headlines": headlines,
}
