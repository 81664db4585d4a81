"""Articles from plain text at hand, for tests of rules, for trying a text and for replay. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from monitor.model import Article, Field, Sentence
from monitor.text.sentences import split_sentences

LEAD = 2  # sentences
_LONGEST_TITLE = 200  # characters
_SENTENCE_END = re.compile(r"[.!?…:;]['\"”“’»)]*$")


def given_article(
    title: str, text: str, language: str, published: datetime, outlet: str = "", url: str = "", id: str = ""
) -> Article:
    """An article as if it had come from a feed. Every line of `text` is a paragraph.

    Without a title, a short first line that does not end like a sentence is the title. Where there is none, the first
    sentence stands in for it by name, but stays a sentence of the lead: nobody wrote it as a headline.
    A first line that only repeats the title is dropped.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title = " ".join(title.split())
    if not title and len(lines) > 1 and len(lines[0]) <= _LONGEST_TITLE and not _SENTENCE_END.search(lines[0]):
        title = lines.pop(0)
    while title and lines and lines[0] == title:
        lines.pop(0)
    sentences: list[Sentence] = [Sentence(0, title, "title", 0)] if title else []
    lead_ends = len(sentences) + LEAD
    for paragraph, line in enumerate(lines, start=1):
        for sentence in split_sentences(line):
            field: Field = "lead" if len(sentences) < lead_ends else "body"
            sentences.append(Sentence(len(sentences), sentence, field, paragraph))
    shown = title or (sentences[0].text if sentences else "")
    made = hashlib.sha256("\0".join((outlet, url, title, *lines)).encode()).hexdigest()[:32]
    return Article(
        id or made,
        url,
        outlet,
        shown,
        tuple(sentences),
        language,
        published,
        first_seen=published,
        origin="given",
    )
