"""Text from strangers as plain characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.text.cleaning import clean_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("ǈudi, ǌegoš, ǆezva", "Ljudi, njegoš, džezva"),
        ("Ｖｏｊｎｉｃｉ ①②③ 𝐯𝐨𝐣𝐧𝐢𝐜𝐢 Ⅳ ﬁlm", "Vojnici 123 vojnici IV film"),
        ("vo\u200bjni\u00adci \u2066na\u2069 \u202eutsom\u202c mostu\ufeff", "vojnici na utsom mostu"),
        ("a\x00b\x1b[31mc\x9bd\x7f", "a b [31mc d "),
        ("one\r\ntwo\rthree\u2028four\x85five\tsix", "one\ntwo\nthree\nfour\nfive\tsix"),
        ("Vuc\u030cic\u0301", "Vučić"),
        ("Đorđe, Љубав, “½ km²…” – s´është №5 ™", "Đorđe, Љубав, “½ km²…” – s´është №5 ™"),
        ("half \ud800 a pair", "half   a pair"),
        ("Z" + "\u0489" * 500 + "o", "Z\u0489\u0489\u0489o"),
        ("plain", "plain"),
    ],
)
def test_what_it_shows_is_what_it_says(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_clean_text_is_clean_and_holds_no_control(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert not [one for one in once if unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t"]
