"""Generated feeds, pages and rules, whole and mutilated: what has to hold of any bytes whatever holds of these.

`FUZZ_EXAMPLES=5000 pytest -n 0 tests/fuzz` looks longer; the coverage-guided fuzzers beside this file look deeper.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.rules_desk import MARKS, RULE, SCORE, WORDS, PlainVocabulary
from what_holds import feed_to_articles, page_to_article, text_to_rules, text_to_yaml

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
some = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES < 100,
    suppress_health_check=list(HealthCheck),
)

# --- feeds --------------------------------------------------------------------------------------------------------

ODD = st.sampled_from(
    "&#xD800; &#0; &#x1F; &j; <![CDATA[ ]]> <!-- --> \0 \x1b[31m \u202e \ufeff \ud83d <script>alert(1)</script> "
    "@everyone {{7*7}} javascript:alert(1) data:text/html,x //h/p ?#: http://[::1 2026-02-30 9999-12-31T23:59Z".split()
)
TEXT = st.lists(st.one_of(ODD, st.text(max_size=12), st.sampled_from(["Војска", "ushtria", "Šta?", "  "])), max_size=6)
WORDS_OF_A_FIELD = TEXT.map(" ".join)
FIELDS = ("title", "link", "guid", "pubDate", "description", "content:encoded", "author", "dc:date", "media:title")
ITEM = st.dictionaries(st.sampled_from(FIELDS), WORDS_OF_A_FIELD, max_size=6).map(
    lambda fields: "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in fields.items()) + "</item>"
)
ENCODINGS = st.sampled_from(["utf-8", "windows-1251", "utf-16", "iso-8859-2", "punycode", "undefined", "utf-7", "x"])
SPACES = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def written(encoding: str, items: list[str], honest: bool) -> bytes:
    """A feed's bytes, in the encoding that it declares or in another one."""
    rows = "".join(items)
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss {SPACES}><channel><title>N</title>{rows}</channel></rss>'
    try:
        return text.encode(encoding if honest else "utf-8", "replace")
    except (LookupError, UnicodeError):
        return text.encode("utf-8", "replace")


FEEDS = st.builds(written, ENCODINGS, st.lists(ITEM, max_size=5), st.booleans())


@st.composite
def mutilated(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Cut off, or with bytes in the middle that do not belong there, or with a part of it twice."""
    body = draw(whole)
    at = draw(st.integers(0, len(body)))
    return draw(
        st.sampled_from(
            [body, body[:at], body[:at] + draw(st.binary(max_size=9)) + body[at:], body[:at] + body[at // 2 :]]
        )
    )


@some
@given(mutilated(FEEDS), st.sampled_from(["text/xml", "application/json", "", "text/html; x"]), ENCODINGS)
def test_any_feed_is_articles_or_an_error_in_words(body: bytes, content_type: str, charset: str) -> None:
    feed_to_articles(body, content_type, charset)


def test_bytes_that_name_a_file_are_no_feed_and_the_file_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes(written("utf-8", ["<item><title>secret</title></item>"], True))
    for body in (str(secret).encode(), f"file://{secret}".encode(), b"/dev/zero", b"http://127.0.0.1:1/feed"):
        assert feed_to_articles(body) == ()


# --- pages --------------------------------------------------------------------------------------------------------

TAGS = st.sampled_from("div p a article script style table td h1 li br svg math iframe template noscript form".split())
PAGES = st.recursive(
    WORDS_OF_A_FIELD,
    lambda inner: st.builds(
        lambda tag, attributes, parts: f"<{tag} {attributes}>{''.join(parts)}</{tag}>",
        TAGS,
        st.sampled_from(["", "class=x", 'lang="sr"', "href='//h'", 'style="display:none"', "onload=x ", '"']),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
).map(lambda body: f"<html lang=sr><body>{body}<p>{'Vode ima dosta. ' * 20}</p></body>".encode("utf-8", "replace"))


@some
@given(mutilated(PAGES), ENCODINGS)
def test_any_page_is_an_article(body: bytes, charset: str) -> None:
    page_to_article(body, charset)


# --- rules --------------------------------------------------------------------------------------------------------

FILES = (WORDS, WORDS + RULE.replace("\nversion: 1\n", "") + SCORE + MARKS, RULE)
PIECES = st.one_of(
    st.sampled_from(
        ["[", "]", "{", "}", ": ", "- ", "#", "&a ", "*a", "<<: ", "!!x ", "|\n", "? ", "\t", "---\n", "'"]
    ),
    st.sampled_from(["no", "12:30", "~", "9" * 30, "within", "any", "-1", "\ufeff", "\0", "ш", "\u2028"]),
    st.text(max_size=6),
)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """A file of rules after a few slips of the hand."""
    text = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(0, 4))):
        at, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        end = min(end, at + 40)
        text = draw(st.sampled_from([text[:at] + draw(PIECES) + text[end:], text[:end] + text[at:]]))
    return text


@some
@given(edited())
def test_any_file_of_rules_is_rules_or_problems_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    text_to_rules(text, tmp_path_factory.mktemp("rules"), PlainVocabulary)


@some
@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_yaml_or_problems_with_a_place(text: str) -> None:
    text_to_yaml(text)
