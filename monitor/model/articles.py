"""Readable texts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Field = Literal["title", "lead", "body"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article. Sentence 0 is the title; the lead is the first two sentences after it."""

    index: int
    text: str
    field: Field
    paragraph: int  # 0 = the title, then 1, 2, ...


@dataclass(frozen=True, slots=True)
class Article:
    """The readable text behind an entry, cleaned of page furniture."""

    id: str  # hex, from the canonical URL (or from outlet, title and text where there is none)
    url: str
    outlet: str
    title: str
    sentences: tuple[Sentence, ...]
    language: str  # two-letter code; sr covers bs, hr and cnr
    published: datetime  # effective: the feed's date when plausible, else first_seen
    first_seen: datetime
    language_certain: bool = True  # False: feed, script and detector disagree or are all silent
    origin: Literal["page", "feed", "given"] = "page"  # where the text came from

    @property
    def text(self) -> str:
        """The body: sentences joined by spaces, paragraphs by newlines; without the title."""
        paragraphs: dict[int, list[str]] = {}
        for sentence in self.sentences:
            if sentence.field != "title":
                paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
        return "\n".join(" ".join(texts) for _, texts in sorted(paragraphs.items()))


@dataclass(frozen=True, slots=True)
class Revision:
    """A later version of an article; without sentences when the page was taken down."""

    article: str
    at: datetime  # when we saw it
    title: str
    sentences: tuple[Sentence, ...]
    why: str  # what is different, and what came of it: "40 → 60 soldiers", "wording only"
    alert: str = ""  # that told it, "" when nothing was told


@dataclass(frozen=True, slots=True)
class PageText:
    """What extraction found in a page. Plain values, so that it can leave a worker process."""

    paragraphs: tuple[str, ...]
    language: str = ""  # the page's own declaration
    canonical: str = ""  # the page's own canonical address
    suspect: str = ""  # why this may not be an article ("cookie wall", "too short"), "" = looks like one
