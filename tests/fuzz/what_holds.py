"""What has to hold of any bytes whatever: shared by the fuzzers and by the generated tests of the quick suite."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from monitor.articles.extract import MAX_PARAGRAPHS, extract_page
from monitor.articles.text import Furniture, line_keys, read_article
from monitor.errors import Problem
from monitor.feeds.parse import MAX_ENTRIES, MAX_TEXT, MAX_TITLE, FeedError, parse_feed
from monitor.model import Article, Entry, Outlet, ParsedFeed
from monitor.rules.load import Loaded
from monitor.rules.load import load as load_rules
from monitor.yamlfile import MAX_DEPTH, Node, parse_yaml

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ADDRESS = "https://north.example/feed"
OUTLET = Outlet("north", "North Wire", languages=("en", "sr", "sq"))
FURNITURE = Furniture(("Read also",), ("…",), ("Latest news",))
# What a terminal, a chat or a database would act upon: C0 and C1 controls, and marks that turn the writing direction.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def feed_to_articles(body: bytes, content_type: str = "text/xml", charset: str = "") -> tuple[Article, ...]:
    """A feed's bytes become articles, or a FeedError says why not; nothing else, and nothing unbounded."""
    try:
        parsed = parse_feed(body, content_type, charset, ADDRESS)
    except FeedError:
        return ()
    return articles_of(parsed)


def articles_of(parsed: ParsedFeed) -> tuple[Article, ...]:
    assert len(parsed.entries) <= MAX_ENTRIES
    assert len({entry.identity for entry in parsed.entries}) == len(parsed.entries)
    articles = []
    for entry in parsed.entries:
        _fits(entry)
        article = read_article(entry, None, OUTLET, NOW, FURNITURE, frozenset())
        assert abs((article.published - NOW).days) <= 31, "a feed's date is believed only when it is plausible"
        articles.append(article)
    return tuple(articles)


def _fits(entry: Entry) -> None:
    assert entry.title or entry.url or entry.summary or entry.text
    assert len(entry.title) <= MAX_TITLE
    assert max(len(entry.summary), len(entry.text)) <= MAX_TEXT
    for text in (entry.title, entry.summary, entry.text, entry.url):
        assert not _CONTROLS.search(text), f"{text!r} holds what is no text"
    assert not entry.url or (urlsplit(entry.url).scheme in ("http", "https") and urlsplit(entry.url).hostname)


def page_to_article(body: bytes, charset: str = "") -> Article:
    """A page's bytes always become an article, if only one with nothing but a title."""
    page = extract_page(body, charset, "https://north.example/1")
    assert len(page.paragraphs) <= MAX_PARAGRAPHS
    line_keys(page.paragraphs)
    entry = Entry("e", "https://north.example/1", "Soldiers arrive in Alpha", published=NOW)
    article = read_article(entry, page, OUTLET, NOW, FURNITURE, frozenset())
    assert article.sentences[0].text, "the title is there whatever the page holds"
    return article


def text_to_yaml(text: str) -> Node | None:
    """Any text is one document of values with places, or problems that say where; never both missing."""
    node, problems = parse_yaml(text, "rules.yaml")
    assert node is not None or problems
    _have_places(problems)
    if node is not None:
        _flat_enough(node, 0)
    return node


def text_to_rules(text: str, folder: Path, compiler: object) -> Loaded:
    """Any text as a file of rules is a rule set, or problems with a place each."""
    (folder / "rules.yaml").write_bytes(text.encode("utf-8", "replace"))
    loaded = load_rules([folder], compiler=compiler)  # type: ignore[arg-type]
    _have_places(loaded.problems)
    wrong = any(problem.severity == "error" for problem in loaded.problems)
    assert (loaded.rule_set is None) == wrong, "a set without an error is used, one with an error is not"
    return loaded


def _have_places(problems: tuple[Problem, ...] | list[Problem]) -> None:
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.what
        str(problem)


def _flat_enough(node: Node, depth: int) -> None:
    assert depth <= MAX_DEPTH
    for inner in (*(node.value if isinstance(node.value, tuple) else ()), *node.map.values()):
        _flat_enough(inner, depth + 1)
