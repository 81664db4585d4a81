"""Articles made from tests/data/events.yaml: every kind of event at every place, in two wordings and more languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from monitor.model import Article, Sentence
from monitor.text.sentences import split_sentences

START = datetime(2026, 3, 10, 8, tzinfo=UTC)
LANGUAGES = ("en", "en2", "sq", "sr", "sr-Cyrl", "mk")
_DIGRAPHS = {"dž": "џ", "lj": "љ", "nj": "њ", "Dž": "Џ", "Lj": "Љ", "Nj": "Њ"}
_LETTERS = dict(
    zip(
        "abvgdđežzijklmnoprstćufhcčšABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠ",
        "абвгдђежзијклмнопрстћуфхцчшАБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШ",
        strict=True,
    )
)


@dataclass(frozen=True)
class Told:
    """An article and the event that it tells."""

    event: str
    article: Article


def make_article(
    id_: str,
    title: str,
    body: str = "",
    language: str = "en",
    published: datetime = START,
    outlet: str = "",
) -> Article:
    """An article from a title and a text, its paragraphs one a line."""
    sentences = [Sentence(0, title, "title", 0)]
    for paragraph, line in enumerate(body.split("\n"), 1):
        for text in split_sentences(line):
            index = len(sentences)
            sentences.append(Sentence(index, text, "lead" if index <= 2 else "body", paragraph))
    return Article(
        id_,
        f"https://{outlet or id_}.example/{id_}",
        outlet or id_,
        title,
        tuple(sentences),
        language[:2],
        published,
        published,
    )


def to_cyrillic(text: str) -> str:
    for latin, cyrillic in _DIGRAPHS.items():
        text = text.replace(latin, cyrillic)
    return "".join(_LETTERS.get(char, char) for char in text)


def events(step: timedelta = timedelta(minutes=1)) -> tuple[Told, ...]:
    """All articles, in order of publication: tellings of different events alternate."""
    data = yaml.safe_load((Path(__file__).parent / "data" / "events.yaml").read_text(encoding="utf-8"))
    made = []
    for number, language in enumerate(LANGUAGES):
        for kind_number, (kind, texts) in enumerate(data["events"].items()):
            for place_number, place in enumerate(data["places"]):
                title, body = _texts(texts, language)
                slots = _slots(data, language, kind_number, place, place_number)
                title, body = title.format(**slots), body.format(**slots)
                if language == "sr-Cyrl":
                    title, body = to_cyrillic(title), to_cyrillic(body)
                id_ = f"{kind}-{place['en'].lower()}-{language.lower()}"
                at = START + step * len(made)
                article = make_article(id_, title, body, language, at, f"outlet{number}")
                made.append(Told(f"{kind}-{place['en'].lower()}", article))
    return tuple(made)


def _texts(texts: dict[str, list], language: str) -> tuple[str, str]:
    if language.startswith("en"):
        title, body = texts["en"][1 if language == "en2" else 0]
    else:
        title, body = texts[language[:2]]
    return title, body


def _slots(data: dict, language: str, kind: int, place: dict[str, str], place_number: int) -> dict[str, str]:
    person = data["people"][(kind + place_number) % len(data["people"])]
    code = language[:2]
    return {
        "p": place.get(code, place["en"]),
        "loc": place["loc"],
        "gen": place["gen"],
        "n": str(11 + (7 * kind + 13 * place_number) % 60),
        "m": str(3 + (5 * kind + 3 * place_number) % 23),
        "o": person.get(code, person["en"]),
    }
