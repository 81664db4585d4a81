"""Feeds as they come: every format, and every kind of damage."""

from __future__ import annotations

import json
import pickle
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.feeds.parse import FeedError, entry_identity, parse_feed
from monitor.model import Entry, ParsedFeed

URL = "https://radio.example/feeds/all.xml"
LONG = "The patrol reached the crossing at dawn and found the barrier closed. " * 10


def parse(
    body: bytes | str, content_type: str = "application/rss+xml", charset: str = "", **more: object
) -> ParsedFeed:
    return parse_feed(body.encode() if isinstance(body, str) else body, content_type, charset, URL, **more)  # type: ignore[arg-type]


def rss(*items: str, declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return (
        f'{declaration}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Radio</title><link>https://radio.example/</link><language>sr-Latn-RS</language>{''.join(items)}"
        "</channel></rss>"
    )


def item(number: int, **fields: str) -> str:
    fields = {"title": f"Report {number}", "link": f"https://radio.example/{number}", "guid": f"id-{number}"} | fields
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in fields.items() if text) + "</item>"


def only(parsed: ParsedFeed) -> Entry:
    assert len(parsed.entries) == 1
    return parsed.entries[0]


def refused(body: bytes | str, **how: str) -> str:
    with pytest.raises(FeedError) as caught:
        parse(body, **how)
    return caught.value.error_class


# --- formats ----------------------------------------------------------------------------------------------------

DATE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sq"><title>Radio</title><id>x</id>
<link href="https://radio.example/"/><entry>
<title type="html">Report &amp;lt;b&gt;one&amp;lt;/b&gt;</title><id>id-1</id>
<link rel="alternate" href="https://radio.example/1"/><published>2026-03-02T10:30:00+01:00</published>
<updated>2026-03-03T00:00:00Z</updated><summary>Short.</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://radio.example/"><title>Radio</title>
<link>https://radio.example/</link><dc:language>sq</dc:language></channel>
<item rdf:about="https://radio.example/1"><title>Report one</title>
<link>https://radio.example/1</link><description>Short.</description><dc:date>2026-03-02T09:30:00Z</dc:date></item></rdf:RDF>"""
RSS = rss(item(1, title="Report one", pubDate="Mon, 02 Mar 2026 09:30:00 GMT", description="&lt;p&gt;Short.&lt;/p&gt;"))
RSS091 = """<rss version="0.91"><channel><title>Radio</title><link>https://radio.example/</link><language>al</language>
<item><title>Report one</title><link>https://radio.example/1</link><description>Short.</description></item></channel></rss>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Radio",
        "home_page_url": "https://radio.example/",
        "language": "sq",
        "items": [
            {
                "id": 1,
                "url": "/1",
                "title": "Report one",
                "summary": "Short.",
                "date_published": "2026-03-02T10:30:00+01:00",
            },
        ],
    }
)


@pytest.mark.parametrize(
    ("body", "language", "date"),
    [
        pytest.param(RSS, "sr", DATE, id="RSS 2.0"),
        pytest.param(RSS091, "sq", None, id="RSS 0.91"),
        pytest.param(RDF, "sq", DATE, id="RDF"),
        pytest.param(ATOM, "sq", DATE, id="Atom"),
        pytest.param(JSON, "sq", DATE, id="JSON Feed"),
    ],
)
def test_every_format_gives_the_same_entry(body: str, language: str, date: datetime | None):
    parsed = parse(body)
    entry = only(parsed)
    assert (parsed.title, parsed.language, parsed.damage, parsed.dropped) == ("Radio", language, "", 0)
    assert (entry.title, entry.url, entry.summary) == ("Report one", "https://radio.example/1", "Short.")
    assert (entry.published, entry.language, entry.text) == (date, language, "")


# --- what is no feed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"  \n\t ", b"\0\0\0"])
def test_an_empty_answer_is_a_failure_and_not_a_feed_without_news(body: bytes):
    assert refused(body) == "empty"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<!doctype html><html><body><h1>Just a moment...</h1></body></html>", id="challenge page"),
        pytest.param(
            b"<html><head><link rel=alternate href=/feed></head><body><item>x</item></body></html>", id="page"
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, id="image"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 20, id="PDF"),
        pytest.param(b'{"error": "rate limited"}', id="JSON"),
        pytest.param(b'{"items": [{"id": 1}]}', id="JSON with items"),
        pytest.param(b"[1, 2", id="broken JSON"),
        pytest.param(b"[" * 200_000, id="deep JSON"),
        pytest.param(b"Service temporarily unavailable", id="words"),
        pytest.param(b"<?xml version='1.0'?><sitemap><loc>https://radio.example/</loc></sitemap>", id="other XML"),
        pytest.param(b"https://radio.example/feed.xml", id="an address"),
        pytest.param(b"/dev/zero", id="a path"),
    ],
)
def test_what_is_no_feed_is_refused_as_such(body: bytes):
    assert refused(body, content_type="application/rss+xml") == "not_a_feed"


def test_a_body_that_is_the_path_of_a_feed_is_not_opened(tmp_path: Path):
    secret = tmp_path / "feed.xml"
    secret.write_text(rss(item(1)))
    assert refused(str(secret)) == "not_a_feed"


def test_a_feed_without_entries_is_a_feed():
    assert parse(rss()).entries == ()


def test_a_feed_error_crosses_process_borders():
    error = pickle.loads(pickle.dumps(FeedError("not_a_feed", "an image")))
    assert (error.error_class, error.temporary, str(error)) == ("not_a_feed", True, "an image")


# --- damage ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("\n\n   " + rss(item(1, title="Report one")), id="space before the declaration"),
        pytest.param("\ufeff" + rss(item(1, title="Report one")), id="byte order mark"),
        pytest.param(rss(item(1, title="Report one"), declaration=""), id="no declaration"),
        pytest.param(rss(item(1, title="Report&#xD800; one")), id="lone surrogate"),
        pytest.param(rss(item(1, title="Report&#0;&#1; one")), id="references to controls"),
        pytest.param(rss(item(1, title="Report\x00\x01 one")), id="controls"),
        pytest.param(rss(item(1, title="Report\u202e one")), id="reversed text"),
        pytest.param(rss(item(1, title="Report one", link="https://radio.example/1?a=1&b=2")), id="bare ampersand"),
        pytest.param(rss(item(1, title="Report&nbsp;one")), id="HTML entity"),
        pytest.param(rss(item(1, title="Report&amp;nbsp;one")), id="escaped twice"),
        pytest.param(rss(item(1, title="&lt;b&gt;Report&lt;/b&gt; one")), id="markup in the title"),
        pytest.param(rss(item(1, title="<![CDATA[<b>Report</b> one]]>")), id="markup in CDATA"),
        pytest.param(
            rss(item(1, title="Report one"), declaration='<?xml version="1.0" encoding="undefined"?>'), id="undefined"
        ),
        pytest.param(
            rss(item(1, title="Report one"), declaration='<?xml version="1.0" encoding="punycode"?>'), id="punycode"
        ),
        pytest.param(
            rss(item(1, title="Report one"), declaration='<?xml version="1.0" encoding="utf-7"?>'), id="utf-7"
        ),
        pytest.param(
            rss(item(1, title="Report one"), declaration='<?xml version="1.0" encoding="wat"?>'), id="unknown"
        ),
    ],
)
def test_small_damage_is_mended_and_loses_nothing(body: str):
    parsed = parse(body)
    assert only(parsed).title == "Report one"
    assert parsed.damage == ""


def test_one_bad_character_reference_does_not_cost_the_other_fifty_entries():
    items = [item(number) for number in range(50)]
    assert len(parse(rss(item(99, title="Bad &#xDFFF; one"), *items)).entries) == 51


WORDS = "Šćućurena žena đaka čeka"
CYRILLIC = "Војска је на граници, каже Љиљана Ђурић"


@pytest.mark.parametrize(
    ("declared", "really", "server", "title"),
    [
        ("utf-8", "cp1250", "", WORDS),
        ("utf-8", "cp1250", "utf-8", WORDS),
        ("utf-8", "cp1251", "", CYRILLIC),
        ("iso-8859-1", "utf-8", "", CYRILLIC),
        ("windows-1251", "cp1251", "", CYRILLIC),
        ("windows-1251", "utf-8", "windows-1251", CYRILLIC),
        ("", "cp1251", "windows-1251", CYRILLIC),
        ("utf-8", "utf-16", "utf-8", CYRILLIC),
        ("utf-16", "utf-16", "", WORDS),
        ("utf-16", "utf-8", "", WORDS),
        ("undefined", "utf-8", "", WORDS),
    ],
)
def test_the_words_are_right_whatever_encoding_is_declared(declared: str, really: str, server: str, title: str):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = rss(*(item(number, title=title) for number in range(8)), declaration=declaration).encode(really)
    parsed = parse(body, charset=server)
    assert {entry.title for entry in parsed.entries} == {title}


def test_a_guessed_encoding_is_said():
    assert "cp1251" in parse(rss(*(item(n, title=CYRILLIC) for n in range(8))).encode("cp1251")).damage


@pytest.mark.parametrize("share", [0.4, 0.7, 0.95])
def test_a_feed_that_is_cut_off_gives_what_is_there_and_says_so(share: float):
    whole = rss(*(item(number) for number in range(40)))
    parsed = parse(whole[: int(len(whole) * share)])
    assert len(parsed.entries) >= int(40 * share) - 3
    assert "cut off" in parsed.damage


def test_tags_that_do_not_match_cost_some_entries_at_most():
    parsed = parse(rss(*(item(number) for number in range(20))).replace("</item>", "</itm>", 2))
    assert len(parsed.entries) >= 17
    assert "not well-formed" in parsed.damage


def test_external_entities_and_entity_bombs_are_not_followed(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("PASSWORD")
    doctype = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    )
    parsed = parse(rss(item(1, title="One &x; &b;"), declaration=f'<?xml version="1.0"?>{doctype}'))
    assert "PASSWORD" not in only(parsed).title
    assert only(parsed).title.startswith("One")


# --- size --------------------------------------------------------------------------------------------------------


def test_a_huge_title_and_text_are_cut():
    entry = only(parse(rss(item(1, title="word " * 100_000, description="word " * 500_000))))
    assert len(entry.title) <= 1000
    assert len(entry.summary) + len(entry.text) <= 1_000_000


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_too_many_entries_the_newest_2000_are_kept_and_the_rest_counted(newest_first: bool):
    days = range(2500) if newest_first else range(2499, -1, -1)
    items = [item(n, pubDate=f"Mon, 02 Mar {2026 - n // 30} 10:00:{n % 30:02} GMT") for n in days]
    parsed = parse(rss(*items))
    assert (len(parsed.entries), parsed.dropped) == (2000, 500)
    assert {"Report 0", "Report 1999"} <= {entry.title for entry in parsed.entries}
    assert parsed.damage == "500 entries beyond the newest 2,000 were left out"


def test_a_feed_of_20_megabytes_is_bounded():
    started = time.monotonic()
    body = b'<rss version="2.0"><channel><title>T</title>' + b"<item><title>" + b"x" * 65_500 + b"</title></item>"
    parsed = parse(body + (b"<item><title>" + b"x" * 65_500 + b"</title></item>") * 300)
    assert all(len(entry.title) <= 1000 for entry in parsed.entries)
    assert time.monotonic() - started < 30


# --- links, dates, identities ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://radio.example/a", "https://radio.example/a"),
        ("/a", "https://radio.example/a"),
        ("a/b", "https://radio.example/a/b"),
        ("//other.example/a", "https://other.example/a"),
        ("<![CDATA[ https://radio.example/a?x=1&y=2 ]]>", "https://radio.example/a?x=1&y=2"),
        ("https://radio.example/&#xD800;a\x00b", "https://radio.example/ab"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("vbscript:x", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("https://radio.example/" + "a" * 3000, ""),
    ],
)
def test_links_are_absolute_http_addresses_or_nothing(link: str, url: str):
    assert only(parse(rss(item(1, link=link)))).url == url


def test_a_relative_link_keeps_the_port_of_the_feed():
    body = rss(item(1, link="/a")).replace("https://radio.example/<", "http://radio.example/<")
    assert (
        only(parse_feed(body.encode(), "", "", "http://radio.example:8080/feed.xml")).url
        == "http://radio.example:8080/a"
    )


def test_a_hostile_base_does_not_make_relative_links_hostile():
    body = rss(item(1, link="a")).replace("<link>https://radio.example/</link>", "<link>javascript:x</link>")
    assert only(parse(body)).url == "https://radio.example/feeds/a"


def test_an_id_is_a_link_only_when_it_is_an_address():
    assert only(parse(rss(item(1, link="", guid="12345")))).url == ""
    assert only(parse(rss(item(1, link="", guid="https://radio.example/1")))).url == "https://radio.example/1"


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 0001 00:00:00 +1200",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "0000-00-00",
        "yesterday",
        "",
        "1970-01-01T00:00:00Z",
    ],
)
def test_impossible_dates_are_no_dates(date: str):
    assert only(parse(rss(item(1, pubDate=date)))).published is None


def test_a_date_in_the_future_is_passed_on():
    assert only(parse(rss(item(1, pubDate="Mon, 02 Mar 2026 09:30:00 GMT")))).published == DATE


def test_entries_with_one_id_and_different_links_are_two():
    parsed = parse(rss(item(1, guid="same"), item(2, guid="same")))
    assert len({entry.identity for entry in parsed.entries}) == 2


def test_a_json_feed_with_surrogates_gives_text_that_can_be_stored():
    hostile = (
        '{"id": "\\ud800", "url": "https://radio.example/\\ud800", "title": "A\\ud800B", "content_html": "\\udfff"}'
    )
    body = '{"version": "https://jsonfeed.org/version/1", "title": "\\ud800", "items": [' + hostile + "]}"
    entry = only(parse(body))
    "".join((entry.identity, entry.url, entry.title, entry.summary, entry.text)).encode()


def test_an_entry_that_stands_twice_is_one():
    assert len(parse(rss(item(1), item(1))).entries) == 1


@pytest.mark.parametrize(
    "changed", [{"title": "Edited"}, {"pubDate": "Mon, 02 Mar 2026 09:30:00 GMT"}, {"description": "More"}]
)
def test_editing_an_entry_does_not_make_it_another(changed: dict[str, str]):
    before, after = (only(parse(rss(item(1, **fields)))) for fields in ({}, changed))
    assert before.identity == after.identity


def test_without_ids_the_link_tells_entries_apart_and_without_links_the_title_and_date():
    by_link = parse(rss(item(1, guid="", title="Same"), item(2, guid="", title="Same")))
    by_title = parse(rss(item(1, guid="", link=""), item(2, guid="", link="")))
    assert len({entry.identity for entry in by_link.entries}) == 2
    assert len({entry.identity for entry in by_title.entries}) == 2


def test_identities_do_not_depend_on_the_order_of_a_feed():
    forward, backward = (parse(rss(*items)) for items in ([item(1), item(2)], [item(2), item(1)]))
    assert {entry.identity for entry in forward.entries} == {entry.identity for entry in backward.entries}


@pytest.mark.parametrize("guid", ["x" * 1_000_000, "javascript:alert(1)", "\ud800", "žuto"])
def test_any_id_makes_an_identity_of_ordinary_length(guid: str):
    assert len(entry_identity(guid, "", "", None)) == 32


def test_entries_seen_before_are_left_out():
    first = parse(rss(item(1), item(2)))
    again = parse(rss(item(1), item(2), item(3)), seen=frozenset(entry.identity for entry in first.entries))
    assert [entry.title for entry in again.entries] == ["Report 3"]


# --- the whole article in the feed -------------------------------------------------------------------------------


def test_long_content_is_the_whole_article_in_paragraphs():
    content = f"<![CDATA[<p>{LONG}</p><script>track()</script><ul><li>One</li><li>Two</li></ul>]]>"
    entry = only(parse(rss(item(1, description="Short.", **{"content:encoded": content}))))
    assert entry.summary == "Short."
    assert entry.text == f"{LONG.strip()}\nOne\nTwo"


@pytest.mark.parametrize(
    "content", ["Short too.", LONG[:380], LONG + " […]", LONG + "..."], ids=["short", "almost", "broken off", "dots"]
)
def test_content_that_is_not_the_whole_article_is_a_summary(content: str):
    entry = only(parse(rss(item(1, description="Short.", **{"content:encoded": content}))))
    assert entry.text == ""
    assert entry.summary


def test_content_hardly_longer_than_the_summary_is_a_summary():
    assert only(parse(rss(item(1, description=LONG, **{"content:encoded": LONG + " More."})))).text == ""


def test_what_is_not_seen_in_a_link_is_shown_as_what_it_is() -> None:
    body = "<rss><channel><item><title>t</title><link>https://north.example/\u202egpj.exe\u200b</link></item></channel></rss>"
    [entry] = parse_feed(body.encode(), "text/xml", "utf-8", "https://north.example/feed").entries
    assert entry.url == "https://north.example/%E2%80%AEgpj.exe%E2%80%8B"
