"""How well copies of a text are recognised after what outlets do to it, and whether other texts are left alone.

    python tests/bench/copies.py --data DIR

Articles of at least 1,500 characters of the Albanian set and of NTREX (seven languages and scripts) are stored; then
every edit of every article goes the product's own way: look-up, then placement. Recall: the share that is called a copy
of its original (or of what the original was called a copy of). False copies: stored articles of two stories, and
articles of two outlets on one event (AllSides), called a copy although less than 30 % of the shorter one's runs of five
words stand in the other, counted exactly. Needs DIR of tests/bench/stories.py; a minute and a half of CPU.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

from sqlalchemy import create_engine
from story_sets import START, Labelled, allsides, article, lines, ntrex

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from event_texts import to_cyrillic

from monitor.model import Article, Placement, Role
from monitor.store.schema import metadata
from monitor.store.stories import Stories
from monitor.stories.copies import is_copy
from monitor.stories.features import features
from monitor.stories.group import place
from monitor.text.folding import to_latin
from monitor.text.tokens import tokenise

LEAST = 1500  # characters
SAME = 0.3  # of the runs of five words of the shorter text
FURNITURE = {
    "sq": (
        ("Lexoni më shumë në faqen tonë dhe na ndiqni.", "Regjistrohuni për buletinin e mëngjesit."),
        ("Të gjitha të drejtat janë të rezervuara nga botuesi.", "Lajme të ngjashme: moti, horoskopi, sporti."),
    ),
    "sr": (
        ("Pratite nas i na društvenim mrežama.", "Prijavite se na jutarnji bilten redakcije."),
        ("Sva prava zadržana, prenošenje uz navođenje izvora.", "Povezane vesti: vreme, horoskop, sport."),
    ),
    "en": (
        ("Read more on our page and follow us.", "Sign up for our morning newsletter today."),
        ("All rights reserved by the publisher of this page.", "Related: weather, horoscope, sport."),
    ),
}
Edit = Callable[[Article, "World"], Article | None]


class World:
    """Everything an edit may draw from; the same draw for the same article."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.titles = [item.title for item in articles]
        self.words = {
            language: sorted({t.text for a in articles if a.language == language for t in tokenise(text_of(a))})
            for language in {item.language for item in articles}
        }

    def draw(self, item: Article, edit: str) -> random.Random:
        return random.Random(f"{item.id} {edit}")


def text_of(item: Article) -> str:
    return " ".join(sentence.text for sentence in item.sentences[1:])


def paragraphs(item: Article) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for sentence in item.sentences[1:]:
        found.setdefault(sentence.paragraph, []).append(sentence.text)
    return list(found.values())


def edited(item: Article, title: str, texts: Sequence[str]) -> Article:
    return article(item.id, title, "", item.language, item.published, "another outlet", texts)


def boilerplate(item: Article, world: World) -> Article:
    before, after = FURNITURE.get(item.language, FURNITURE["en"])
    return edited(item, item.title, [*before, *map(" ".join, paragraphs(item)), *after])


def new_headline(item: Article, world: World) -> Article:
    title = world.draw(item, "headline").choice(world.titles)
    texts = [" ".join(p) for p in paragraphs(item)]
    return edited(item, title, ["PRISHTINË, 14 mars (Agjencia) – " + texts[0], *texts[1:]])


def cut(item: Article, world: World) -> Article:
    words = text_of(item).split()
    return edited(item, item.title, [" ".join(words[: int(len(words) * 0.6)])])


def quarter_dropped(item: Article, world: World) -> Article:
    rng = world.draw(item, "drop")
    texts = [s.text for s in item.sentences[1:]]
    gone = set(rng.sample(range(len(texts)), len(texts) // 4))
    return edited(item, item.title, [text for number, text in enumerate(texts) if number not in gone])


def shuffled(item: Article, world: World) -> Article:
    parts = [" ".join(p) for p in paragraphs(item)]
    parts = parts if len(parts) > 3 else [s.text for s in item.sentences[1:]]
    world.draw(item, "shuffle").shuffle(parts)
    return edited(item, item.title, parts)


def words_changed(item: Article, world: World) -> Article:
    rng = world.draw(item, "words")
    vocabulary = world.words[item.language]
    texts = [
        " ".join(rng.choice(vocabulary) if rng.random() < 0.06 else word for word in " ".join(p).split())
        for p in paragraphs(item)
    ]
    return edited(item, item.title, texts)


def other_script(item: Article, world: World) -> Article | None:
    if item.language not in ("sr", "mk"):
        return None
    cyrillic = any("а" <= letter <= "я" for letter in item.title.lower())
    if item.language == "mk" and not cyrillic:
        return None
    convert = to_latin if cyrillic else to_cyrillic
    return edited(item, convert(item.title), [convert(" ".join(p)) for p in paragraphs(item)])


EDITS: dict[str, Edit] = {
    "boilerplate added": boilerplate,
    "new headline and dateline": new_headline,
    "cut to 60 %": cut,
    "a quarter of the sentences dropped": quarter_dropped,
    "paragraphs shuffled": shuffled,
    "6 % of the words changed": words_changed,
    "other script": other_script,
}


def long_articles(data: Path) -> list[Labelled]:
    rows = [row for row in lines(data / "albanian_kosovo_2020_to_07-19.jsonl") if len(row["text"]) >= LEAST]
    found = [
        Labelled(f"sq-{row['id']}", article(f"sq-{row['id']}", row["title"], row["text"], "sq", START, row["domain"]))
        for row in rows
    ]
    found += [item for item in ntrex(data) if len(text_of(item.article)) >= LEAST]
    return [
        replace(item, article=replace(item.article, published=START + timedelta(minutes=number)))
        for number, item in enumerate(found)
    ]


def five_words(item: Article) -> set[tuple[str, ...]]:
    words = [token.folded for sentence in item.sentences[1:] for token in tokenise(sentence.text)]
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    items = long_articles(data)
    engine = create_engine("sqlite://")
    with engine.begin() as conn:
        metadata.create_all(conn)
        stories = Stories(conn)
        placed = {item.article.id: put(stories, item.article) for item in items}
        false = false_copies(items, placed)
        world = World([item.article for item in items])
        print(f"{len(items)} articles of at least {LEAST} characters")
        for name, edit in EDITS.items():
            tried, right, missed = 0, 0, []
            for item in items:
                copy = edit(item.article, world)
                if copy is None:
                    continue
                tried += 1
                origin = placed[item.article.id].copy_of or item.article.id
                placement = look(stories, replace(copy, id="edited", published=START + timedelta(days=2)))
                ok = placement.role is Role.COPY and placement.copy_of == origin
                right += ok
                missed += [] if ok else [f"{item.article.id} {placement.copy_of}"]
            print(f"recall {right / tried:.3f}  {name} ({tried})", *missed[:4], sep="  ")
    print(f"false copies among different articles: {len(false)}", *false, sep="\n    ")
    pairs, called = other_outlets(data)
    print(f"false copies among {pairs} pairs of outlets on the same event: {len(called)}", *called, sep="\n    ")


def look(stories: Stories, item: Article) -> Placement:
    signature = features(item)
    return place(signature, item, stories.candidates(signature, item.published))


def put(stories: Stories, item: Article) -> Placement:
    signature = features(item)
    placement = place(signature, item, stories.candidates(signature, item.published))
    stories.save(item, signature, placement)
    return placement


def false_copies(items: Sequence[Labelled], placed: dict[str, Placement]) -> list[str]:
    """Called a copy, but neither of one story (translations into kin languages are) nor of the same words."""
    known = {item.article.id: item for item in items}
    copies = [(item, placed[item.article.id]) for item in items if placed[item.article.id].role is Role.COPY]
    return [
        f"{item.article.id} {placement.why} of {placement.nearest}"
        for item, placement in copies
        if item.story != known[placement.nearest].story
        and shared(item.article, known[placement.nearest].article) < SAME
    ]


def shared(first: Article, second: Article) -> float:
    """The share of the shorter one's runs of five words that stand in the other."""
    mine, other = five_words(first), five_words(second)
    return len(mine & other) / max(1, min(len(mine), len(other)))


def other_outlets(data: Path) -> tuple[int, list[str]]:
    groups: dict[str, list[Article]] = {}
    for item in allsides(data):
        groups.setdefault(item.story, []).append(item.article)
    pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
    called = [
        f"{first.id} {second.id} {why}"
        for first, second in pairs
        if (why := is_copy(features(second), features(first))) and shared(first, second) < SAME
    ]
    return len(pairs), called


if __name__ == "__main__":
    main()
