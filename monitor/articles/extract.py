"""A page's bytes to the readable text in it. Pure. The only module that knows trafilatura.

Meant to run in a worker process: a page of 2 MB can take 12 s, and one of deep markup the whole address space.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

from monitor.articles.urls import canonical_url, same_site
from monitor.model import PageText
from monitor.text.cleaning import clean_text
from monitor.text.languages import language_code

MAX_BYTES = 5_000_000  # of a page; beyond it extraction takes minutes and finds nothing (measured)
MAX_PARAGRAPHS = 2000
SHORT = 250  # characters below which a text is hardly an article
_HEAD = 200_000  # bytes in which a page declares its language and its address
_NO_HTML = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"\x1f\x8b", b"\x00\x00\x00")
_LANGUAGE = re.compile(rb"""<html\b[^>]{0,1000}?\slang\s*=\s*["']?([A-Za-z_-]{2,20})""", re.IGNORECASE)
_LINK = re.compile(rb"<link\b([^<>]{0,2000})>", re.IGNORECASE)
_CANONICAL = re.compile(rb"""\brel\s*=\s*["']?canonical\b""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s<>]{1,2000})""", re.IGNORECASE)
# Phrases that stand where the article should be, in the five languages. Only a short text is judged by them: an
# article about privacy law is an article.
_WALL = re.compile(
    r"cookie|kolačić|kolacic|колачић|колачињ|\bkuki(?:t|ve|sh)?\b|javascript|checking your browser|just a moment"
    r"|verify (?:that )?you are (?:a )?human|ad ?block|subscribe to (?:read|continue)"
    r"|pretplat\w+ (?:se )?da (?:bi|nast)|(?:samo za|само за) (?:pretplatnike|претплатнике|претплатници)"
    r"|vetëm për abonent",
    re.IGNORECASE,
)
_WALL_LENGTH = 1200  # characters
# A paragraph that is nothing but a link leads to another article; its words are not this one's.
_LINK_ONLY = "//p[.//a][string-length(normalize-space(.)) = string-length(normalize-space(.//a))]"


def extract_page(body: bytes, charset: str, url: str) -> PageText:
    """The paragraphs of the article in a page, with what the page says of its language and address.

    `charset` is the server's word and is used only when the bytes agree. Never raises: a page without text comes back
    empty, and `suspect` says why it may not be an article.
    """
    if not body.strip():
        return PageText((), suspect="empty page")
    if body.startswith(_NO_HTML) or b"<" not in body[:_HEAD]:
        return PageText((), suspect="not a web page")
    if len(body) > MAX_BYTES:
        return PageText((), suspect="too large")
    head = body[:_HEAD]
    found = _LANGUAGE.search(head)
    paragraphs = _paragraphs(_decoded(body, charset), url)
    return PageText(
        paragraphs,
        language=language_code(found[1].decode("ascii")) if found else "",
        canonical=_canonical(head, url),
        suspect=_suspect(paragraphs),
    )


def _decoded(body: bytes, charset: str) -> str | bytes:
    """Text where the server's charset fits; otherwise the bytes, which trafilatura judges well by itself."""
    if charset and charset not in ("utf-8", "utf8"):
        try:
            return body.decode(charset)
        except (UnicodeError, LookupError):
            return body
    return body


def _paragraphs(page: str | bytes, url: str) -> tuple[str, ...]:
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every empty page as an error
    found = trafilatura.bare_extraction(page, url=url, fast=True, include_comments=False, prune_xpath=_LINK_ONLY)
    text: str = (getattr(found, "text", "") or "") if found is not None else ""
    # Bars are what is left of the cells of a layout table.
    lines = (" ".join(line.split()).strip("| ") for line in clean_text(text).split("\n"))
    return tuple(line for line in lines if line)[:MAX_PARAGRAPHS]


def _suspect(paragraphs: tuple[str, ...]) -> str:
    length = sum(map(len, paragraphs))
    if length == 0:
        return "nothing extracted"
    if length < _WALL_LENGTH and _WALL.search("\n".join(paragraphs[:3])):
        return "cookie wall"
    return "too short" if length < SHORT else ""


def _canonical(head: bytes, url: str) -> str:
    """The page's own address, if it is on the same site: another site's would let a page pass for that site's."""
    for link in _LINK.finditer(head):
        if _CANONICAL.search(link[1]) and (href := _HREF.search(link[1])):
            try:
                address = canonical_url(urljoin(url, html.unescape(href[1].decode("utf-8", "replace"))))
            except ValueError:
                return ""
            return address if same_site(address, url) else ""
    return ""
