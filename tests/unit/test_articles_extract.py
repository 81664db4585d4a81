"""Pages as bytes, good and hostile."""

from __future__ import annotations

import time

import pytest

from monitor.articles.extract import extract_page
from monitor.model import PageText

URL = "https://radio.example/news/patrol"
PARAGRAPHS = (
    "The patrol reached the crossing at dawn and found the barrier closed, a spokesman said on Monday.",
    "Two vehicles were parked on the road, and nobody answered when the officers called out to them.",
    "The crossing was opened again in the afternoon, after talks between the two sides in the town hall.",
    "Traffic is normal now, the spokesman said, and the patrols along the road will go on this week.",
)


def page(*paragraphs: str, lang: str = "en", head: str = "", before: str = "", after: str = "") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or PARAGRAPHS)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Patrol</title>{head}</head><body>'
        f"<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>{before}"
        f"<article><h1>Patrol</h1><div class='article-body'>{text}</div></article>{after}"
        "<footer><p>All rights reserved.</p></footer></body></html>"
    ).encode()


def extract(body: bytes, charset: str = "utf-8") -> PageText:
    return extract_page(body, charset, URL)


def test_the_paragraphs_of_an_article_come_out_without_what_surrounds_them():
    found = extract(page())
    assert found.paragraphs[-4:] == PARAGRAPHS
    assert not any("rights" in paragraph or "Sport" in paragraph for paragraph in found.paragraphs)
    assert (found.language, found.suspect) == ("en", "")


def test_a_paragraph_that_is_only_a_link_is_a_teaser():
    teaser = '<p><strong><a href="/kfor">KFOR: a short history of the mission</a></strong></p>'
    body = page().replace(b"<p>Two", teaser.encode() + b"<p>Two")
    assert extract(body).paragraphs[-4:] == PARAGRAPHS


def test_a_link_inside_a_sentence_stays():
    linked = PARAGRAPHS[1].replace("two vehicles", '<a href="/x">Two vehicles</a>')
    assert PARAGRAPHS[1] in extract(page(PARAGRAPHS[0], linked, *PARAGRAPHS[2:])).paragraphs


@pytest.mark.parametrize(
    ("lang", "code"), [("sq", "sq"), ("sr-Latn-RS", "sr"), ("bs", "sr"), ("en_US", "en"), ("", ""), ("x-klingon", "")]
)
def test_the_language_is_the_one_the_page_declares(lang: str, code: str):
    assert extract(page(lang=lang)).language == code


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        (
            '<link rel="canonical" href="https://www.radio.example/news/patrol?utm_source=x">',
            "https://www.radio.example/news/patrol",
        ),
        ("<link href='/news/patrol-1?a=1&amp;b=2' rel='canonical'>", "https://radio.example/news/patrol-1?a=1&b=2"),
        ('<link rel="canonical" href="https://other.example/news">', ""),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('<link rel="canonical" href="http://[">', ""),
        ('<link rel="alternate" href="https://radio.example/feed">', ""),
    ],
)
def test_the_canonical_address_is_believed_on_its_own_site_only(link: str, canonical: str):
    assert extract(page(head=link)).canonical == canonical


@pytest.mark.parametrize(
    ("body", "suspect"),
    [
        pytest.param(b"", "empty page", id="empty"),
        pytest.param(b"%PDF-1.7 " + b"<" * 500, "not a web page", id="PDF"),
        pytest.param(b"\x89PNG\r\n" + bytes(range(256)) * 20, "not a web page", id="image"),
        pytest.param(b"\x1f\x8b\x08" + bytes(range(256)) * 20, "not a web page", id="gzip"),
        pytest.param(b"just words", "not a web page", id="words"),
        pytest.param(page(PARAGRAPHS[0]), "too short", id="stub"),
        pytest.param(
            b"<html><body><div id='root'></div><script src='/app.js'></script></body></html>",
            "nothing extracted",
            id="shell",
        ),
    ],
)
def test_what_is_no_article_is_suspect(body: bytes, suspect: str):
    assert extract(body).suspect == suspect


@pytest.mark.parametrize(
    "words",
    [
        "We and our 412 partners store cookies on your device. By clicking Accept you agree to advertising.",
        "Ne dhe partnerët tanë ruajmë kuki në pajisjen tuaj. Duke klikuar Pranoj ju pajtoheni me përdorimin e tyre.",
        "Mi i naših 412 partnera čuvamo kolačiće na vašem uređaju. Klikom na Prihvatam pristajete na njihovu upotrebu.",
        "Ми и наших 412 партнера чувамо колачиће на вашем уређају. Кликом на Прихватам пристајете на њихову употребу.",
        "Ние и нашите партнери чуваме колачиња на вашиот уред. Со клик на Прифати се согласувате со нивната употреба.",
        "Please enable JavaScript to continue reading. This site needs it to show you the article.",
        "Samo za pretplatnike. Ovaj tekst mogu da čitaju samo oni koji su se prijavili i platili za mesec dana.",
    ],
)
def test_a_cookie_wall_is_not_taken_for_the_article(words: str):
    assert (
        extract(page(words, "You can change your choice at any time in the settings of this site.")).suspect
        == "cookie wall"
    )


def test_a_long_article_about_cookies_is_an_article():
    text = "The commission decided on Monday that sites must ask before they store cookies."
    assert (
        extract(page(*[f"{text} Point {number} of the decision was disputed." for number in range(12)])).suspect == ""
    )


@pytest.mark.parametrize(
    ("charset", "really"), [("", "cp1251"), ("utf-8", "cp1251"), ("windows-1251", "cp1251"), ("windows-1251", "utf-8")]
)
def test_a_wrong_charset_does_not_garble_the_words(charset: str, really: str):
    words = "Патрола је у зору стигла до прелаза и затекла спуштену рампу, рекао је портпарол у понедељак."
    paragraphs = [f"{words} Рекао је то {number}. пут." for number in range(5)]
    body = page(*paragraphs).replace(b'<meta charset="utf-8">', b"").decode().encode(really)
    assert paragraphs[0] in "\n".join(extract(body, charset).paragraphs)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(page(before="<div>" * 300, after="</div>" * 300), id="300 divs"),
        pytest.param(page(before="<div>" * 100_000), id="100,000 divs"),
        pytest.param(page("x" * 10_500_000), id="10 MB in a paragraph"),
        pytest.param(b"\x00" * 100_000 + page(), id="zeros"),
    ],
)
def test_what_cannot_be_read_comes_back_with_next_to_nothing_and_says_so(body: bytes):
    started = time.monotonic()
    found = extract(body)
    assert sum(map(len, found.paragraphs)) < 20
    assert found.suspect
    assert time.monotonic() - started < 40


def test_metadata_with_endless_quotes_is_not_looked_at():
    started = time.monotonic()
    head = '<script type="application/ld+json">{"a": "' + '\\"' * 40_000 + '"}</script>'
    assert extract(page(head=head)).paragraphs[-4:] == PARAGRAPHS
    assert time.monotonic() - started < 15
