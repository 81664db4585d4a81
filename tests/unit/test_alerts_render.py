"""The text of a message: what stands where, what is left out when it is too long, and what is made harmless."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.labels import labels
from monitor.alerts.plain import cut, link_line, one_line, safe_link, shorten
from monitor.alerts.render import render
from monitor.model import Alert, DevelopmentKind, Quote, Severity

ZONE = ZoneInfo("Europe/Belgrade")
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)  # 12:00 in Belgrade
QUOTES = (
    Quote(
        "Oko 60 vojnika razapelo je šatore pored puta.",
        "Glas Kopaonika",
        NOON,
        "sr",
        "https://glas.example/vojska?id=7&x=1",
    ),
    Quote(
        "KFOR said its patrols had seen the vehicles.",
        "Ibar Valley Post",
        NOON - timedelta(hours=1),
        "en",
        "https://post.example/n/1",
    ),
)
ALERT = Alert(
    id="k7f3q2abcd-0",
    story="k7f3q2abcd",
    development=0,
    kind=DevelopmentKind.FIRST_REPORT,
    severity=Severity.MEDIUM,
    title="Troops or military movements near the line",
    place="Jarinje",
    outlets=3,
    rules=(("troops-near-border", "Troops near the border"), ("kfor-event", "KFOR does something")),
    concepts=("Soldiers, units", "Border"),
    quotes=QUOTES,
    marks=("disputed: “Nije tačno.”", "only state_affiliated report this"),
    published=NOON - timedelta(minutes=4),
    seen=NOON - timedelta(minutes=1),
    made=NOON,
    rule_set="v1",
    notes=("may continue #abcdef",),
    languages=2,
    copies=2,
    figures=(("60 vojnika", "Glas Kopaonika"), ("80 soldiers", "Ibar Valley Post")),
)


def test_a_message_reads_as_designed():
    subject, body = render(ALERT, "en", ZONE)

    assert subject == "MEDIUM · Troops or military movements near the line · Jarinje (3 outlets)"
    assert body.splitlines() == [
        "new · disputed: “Nije tačno.” · only state-affiliated media report this",
        "“Oko 60 vojnika razapelo je šatore pored puta.” — Glas Kopaonika, 12:00, Serbian",
        "https://glas.example/vojska?id=7&x=1",
        "“KFOR said its patrols had seen the vehicles.” — Ibar Valley Post, 11:00, English",
        "https://post.example/n/1",
        "figures differ: “60 vojnika” Glas Kopaonika / “80 soldiers” Ibar Valley Post",
        "also: 1 outlet, 2 languages; copies: 2",
        "Why: Troops near the border; KFOR does something · Soldiers, units; Border",
        "may continue #abcdef",
        "[#k7f3q2] published 11:56 → seen 11:59 → sent 12:00",
    ]


@pytest.mark.parametrize(
    ("language", "first", "second", "why"),
    [
        ("sq", "MESATARE · ", "përditësimi 2: fakt i ri · e kontestuar", "Pse: "),
        ("sr", "SREDNJE · ", "dopuna 2: nova činjenica · osporeno", "Zašto: "),
        ("mk", "СРЕДНО · ", "дополнување 2: нов факт · оспорено", "Зошто: "),
        ("xx", "MEDIUM · ", "update 2: new fact · disputed", "Why: "),
    ],
)
def test_labels_are_in_the_readers_language(language, first, second, why):
    subject, body = render(replace(ALERT, development=2, kind=DevelopmentKind.NEW_FACT), language, ZONE)

    assert subject.startswith(first)
    assert body.startswith(second)
    assert f"\n{why}" in body


def test_without_a_headline_in_the_readers_language_what_was_found_comes_before_the_quotes():
    found = replace(ALERT, title="Troops near the border")

    assert render(found, "en", ZONE)[1].splitlines()[1] == "Why: KFOR does something · Soldiers, units; Border"


def test_a_place_that_the_headline_names_is_not_named_again():
    named = replace(ALERT, title="Blast near Zvecan", place="Звечана")

    assert render(named, "en", ZONE)[0] == "MEDIUM · Blast near Zvecan (3 outlets)"


def test_an_update_says_that_what_follows_is_new():
    body = render(replace(ALERT, development=1, kind=DevelopmentKind.NEW_FACT), "en", ZONE)[1]

    assert body.splitlines()[1] == "New since the last alert:"


def test_an_update_that_has_nothing_new_to_quote_still_links_to_the_article():
    bare = replace(ALERT, development=1, quotes=(), link="https://post.example/n/2")

    assert "https://post.example/n/2" in render(bare, "en", ZONE)[1].splitlines()


@pytest.mark.parametrize(
    ("outlets", "language", "words"),
    [
        (1, "en", "1 outlet"),
        (2, "en", "2 outlets"),
        (1, "sr", "1 medij"),
        (3, "sr", "3 medija"),
        (12, "sr", "12 medija"),
        (1, "mk", "1 медиум"),
        (4, "mk", "4 медиуми"),
        (5, "sq", "5 mediume"),
    ],
)
def test_outlets_are_counted_as_the_language_counts(outlets, language, words):
    assert render(replace(ALERT, outlets=outlets), language, ZONE)[0].endswith(f"({words})")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("state_affiliated", "only state-affiliated media report this"),
        ("RS", "only media from Serbia report this"),
        ("GB", "only media from GB report this"),
        ("sq", "only Albanian-language media report this"),
        ("XK sr", "only Serbian-language media from Kosovo report this"),
    ],
)
def test_a_one_sided_story_says_which_side(kind, words):
    assert words in render(replace(ALERT, marks=(f"only {kind} report this",)), "en", ZONE)[1]


def test_sentences_of_one_article_share_their_origin_and_link():
    more = replace(QUOTES[0], text="Druga rečenica.")
    lines = render(replace(ALERT, quotes=(QUOTES[0], more, QUOTES[1])), "en", ZONE)[1].splitlines()

    assert lines[1:4] == [
        "“Oko 60 vojnika razapelo je šatore pored puta.”",
        "“Druga rečenica.” — Glas Kopaonika, 12:00, Serbian",
        "https://glas.example/vojska?id=7&x=1",
    ]
    assert sum(line.startswith("https://") for line in lines) == 2


def test_every_language_has_every_label():
    for language in ("en", "sq", "sr", "mk"):
        words = labels(language)
        assert set(words.kinds) == set(DevelopmentKind) - {DevelopmentKind.FIRST_REPORT}
        assert set(words.languages) == {"en", "sq", "sr", "mk"}
        assert len(set(words.severities)) == 5
        assert "{}" in words.more
        assert "{}" in words.only_from
        assert "{}" in words.only_in


def test_times_of_another_day_carry_the_day_and_of_another_year_the_year():
    old = replace(ALERT, published=NOON - timedelta(days=3), quotes=())
    older = replace(ALERT, published=NOON - timedelta(days=300), quotes=())

    assert "published 27.2. 12:00" in render(old, "en", ZONE)[1]
    assert "published 6.5.2025 13:00" in render(older, "en", ZONE)[1]


def test_a_place_that_the_title_names_is_not_said_twice():
    assert render(replace(ALERT, title="Shots at Jarinje"), "en", ZONE)[0] == "MEDIUM · Shots at Jarinje (3 outlets)"


def test_a_long_title_is_cut_and_place_and_count_stay():
    subject, _ = render(replace(ALERT, title="word " * 60), "en", ZONE)

    assert len(subject) <= 120
    assert subject.endswith("… [cut] · Jarinje (3 outlets)")


def long(number: int, length: int = 400, link: int = 40) -> Quote:
    return Quote(
        f"Fact {number}: " + "and more " * (length // 9), "Outlet", NOON, "en", "https://e.example/" + "p" * link
    )


@pytest.mark.parametrize("quotes", [(), tuple(long(n) for n in range(4)), (long(0, 2000),), (long(0, 100, 460),)])
@pytest.mark.parametrize("notes", [(), tuple(f"note {n} " * 8 for n in range(6))])
def test_a_message_is_never_longer_than_900_characters_and_keeps_id_and_first_link(quotes, notes):
    marks = tuple(f"disputed: {'words ' * 40}" for _ in range(3))
    alert = replace(ALERT, quotes=quotes, notes=notes, marks=marks, title="title " * 40, concepts=("concept",) * 60)
    subject, body = render(alert, "mk", ZONE)

    assert len(subject) + 1 + len(body) <= 900
    assert "[#k7f3q2]" in body.splitlines()[-1]
    if quotes:
        assert quotes[0].url in body.splitlines()


def test_a_sentence_that_is_shortened_says_so():
    assert "… [cut]”" in render(replace(ALERT, quotes=(long(0, 2000),)), "en", ZONE)[1]


def test_links_stand_alone_on_their_line_and_only_http_is_a_link():
    quotes = (replace(QUOTES[0], url="javascript:alert(1)"), replace(QUOTES[1], url="HTTPS://E.example/a b"))
    body = render(replace(ALERT, quotes=quotes), "en", ZONE)[1]

    assert "javascript" not in body
    assert "https://E.example/a%20b" in body.splitlines()


# --- digests and the program's own alerts


def test_a_digest_shows_ten_lines_and_how_many_more_there_are():
    notes = tuple(f"MEDIUM · title {n} — Outlet, 02 Mar 10:00 UTC\nhttps://e.example/{n}" for n in range(23))
    subject, body = render(
        replace(ALERT, kind="digest", title="Already there", outlets=0, place="", notes=notes), "en", ZONE
    )

    assert subject == "DIGEST · Already there"
    assert "https://e.example/9" in body.splitlines()
    assert len(subject) + 1 + len(body) <= 1900
    assert body.splitlines()[-1].startswith("[#k7f3q2]")
    shown = body.count("https://")
    assert f"… and {23 - shown} more" in body


def test_an_operator_alert_tells_what_is_wrong_line_by_line():
    alert = replace(ALERT, kind="operator", title="A feed is failing", outlets=0, place="", notes=("a: dns", "b: tls"))
    subject, body = render(alert, "sr", ZONE)

    assert subject == "OPERATER · A feed is failing"
    assert body.splitlines()[:2] == ["a: dns", "b: tls"]


def test_a_test_alert_says_that_it_is_one():
    assert render(replace(ALERT, kind="test", title="Nothing happened", outlets=0), "en", ZONE)[0].startswith("TEST · ")


# --- what feeds may contain

HOSTILE = [
    ("@everyone look", "@everyone"),
    ("@here", "@here"),
    ("＠channel", "@channel"),
    ("hello @room", "@room"),
    ("<!channel> now", "<!channel>"),
    ("＜!here＞", "<!here"),
    ("<@U123ABC>", "<@U"),
    ("<#C123|general>", "<#C"),
    ("[free money](https://evil.example)", "](http"),
    ("<https://evil.example|click>", "<http"),
    ("javascript:alert(1)", "javascript:a"),
    ("tg://resolve?domain=x", "tg://"),
    ("steam://run/1", "steam://"),
]


@pytest.mark.parametrize(("text", "active"), HOSTILE)
def test_mentions_and_masked_links_are_broken_also_after_normalising(text, active):
    assert active not in one_line(text)
    assert active not in unicodedata.normalize("NFKC", one_line(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Title\r\nBcc: a@b.example", "Title Bcc: a@\u2060b.example"),
        ("a\x00b\x1b[31mred\x07", "a b [31mred"),
        ("left \u202egnp.exe\u202c right", "left gnp.exe right"),
        ("zero\u200bwidth\ufeff\u00ad", "zerowidth"),
        ("{{7*7}} ${HOME} %0a", "{{7*7}} ${HOME} %0a"),
        ("Z\u0300\u0301\u0302\u0303\u0304\u0305", "Z\u0300\u0301\u0302"),
        ("line\u2028separator", "line separator"),
        ("Đorđević, Ćuprija; Љубав — „navod“", "Đorđević, Ćuprija; Љубав — „navod“"),
        ("at 5 @ 3, price < 4 and > 2", "at 5 @ 3, price < 4 and > 2"),
        ("see https://example.org/a: ok", "see https://example.org/a: ok"),
        ("Izjava:„Ne“, 12:30, odnos 3:2", "Izjava:„Ne“, 12:30, odnos 3:2"),
        ("\ud800 surrogate", "surrogate"),
    ],
)
def test_what_is_dangerous_goes_and_what_is_text_stays(text, plain):
    assert one_line(text) == plain


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=c&d=%20#e", "https://example.org/a?b=c&d=%20#e"),
        ("HTTP://example.org", "http://example.org"),
        ("https://example.org/вести/1", "https://example.org/вести/1"),
        ("https://example.org:8443/x", "https://example.org:8443/x"),
        ("http://[::1]/x", "http://[::1]/x"),
        ("https://example.org/@user/<b>\"'", "https://example.org/%40user/%3Cb%3E%22'"),
        ("https://example.org/a\nb", "https://example.org/a%0Ab"),
        ("https://example.org/\u202efdp", "https://example.org/%E2%80%AEfdp"),
        ("https://user:pw@example.org/", ""),
        ("https://example.org\\@evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org/x", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("https://exa mple.org/", ""),
        ("http://[bad/", ""),
        ("", ""),
        ("https://example.org/" + "a" * 600, ""),
    ],
)
def test_only_honest_web_addresses_become_links(url, link):
    assert safe_link(url) == link


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("https://раураl.com/a", "https://раураl.com/a (xn--l-7sba6dbr.com)"),
        ("https://gооgle.com/a", "https://gооgle.com/a (xn--ggle-55da.com)"),
        ("https://googḷe.com/a", "https://googḷe.com/a (xn--googe-gj1b.com)"),
        ("https://вести.срб/1", "https://вести.срб/1"),
        ("https://čačak.rs/1", "https://čačak.rs/1"),
        ("https://example.org/вести", "https://example.org/вести"),
        ("https://xn--ggle-55da.com/a", "https://xn--ggle-55da.com/a"),
        ("https://" + "ж" * 70 + ".com/", ""),  # no name server knows such a name
        ("javascript:alert(1)", ""),
    ],
)
def test_a_host_that_looks_like_another_is_shown_as_it_is_written(url, line):
    assert link_line(url) == line


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=60))
def test_no_text_of_a_feed_breaks_a_message(title, sentence, name):
    alert = replace(ALERT, title=title, place=name, quotes=(replace(QUOTES[0], text=sentence, outlet=name, url=title),))
    subject, body = render(alert, "en", ZONE)

    assert len(subject) <= 120
    assert "\n" not in subject
    assert len(subject) + 1 + len(body) <= 900
    allowed = {"\n", "\u2060"}
    assert not [
        c for c in subject + body if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c not in allowed
    ]
    assert "@everyone" not in unicodedata.normalize("NFKC", body)


# --- cutting for a channel


def test_a_message_that_is_too_long_for_a_channel_is_cut_once_and_keeps_its_id():
    text = "\n".join(render(ALERT, "en", ZONE))
    short = cut(text, 160)

    assert len(short) <= 160
    assert short.endswith("… [cut] [#k7f3q2]")
    assert short.startswith("MEDIUM · Troops")
    assert cut(text, 5000) == text


@pytest.mark.parametrize("limit", [0, 1, 5, 7, 8, 20, 59, 60, 100])
def test_a_cut_is_never_longer_than_asked(limit):
    text = "word " * 100 + "[#k7f3q2] published"

    assert len(cut(text, limit)) <= limit
    assert len(shorten(text, limit)) <= limit
