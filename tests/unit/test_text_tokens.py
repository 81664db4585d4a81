"""Tokens of a text."""

import time

import pytest

from monitor.text.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kosovo-Serbia border", ["Kosovo", "Serbia", "border"]),
        ("NATO-s, KFOR-it, САД-а", ["NATO", "-s", "KFOR", "-it", "САД", "-а"]),
        ("US-led, u-tërhoq", ["US", "led", "u", "tërhoq"]),
        ("Serbia’s army", ["Serbia", "’s", "army"]),
        ("SERBIA'S ARMY", ["SERBIA", "'S", "ARMY"]),
        ("James O'Brien’s", ["James", "O'Brien", "’s"]),
        ("s'ka", ["s'ka"]),
        ("„Граница“, рекао је.", ["Граница", "рекао", "је"]),
        ("13.3.2024", ["13", "3", "2024"]),
        ("cafe\u0301 gra\u00adnica", ["cafe\u0301", "gra\u00adnica"]),
        (" \n\t…!", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert [token.text for token in tokenise(text)] == words


def test_tokens_know_their_place_and_their_folded_form() -> None:
    text = "Kod sela Јариње, juče"
    for token in tokenise(text):
        assert text[token.start : token.end] == token.text
    assert [token.folded for token in tokenise(text)] == ["kod", "sela", "jarinje", "juce"]


@pytest.mark.parametrize("hostile", ["a'" * 50_000, "-" * 100_000, "a\u0301" * 50_000, "'s" * 50_000, "a" * 100_000])
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    began = time.process_time()
    tokenise(hostile)
    assert time.process_time() - began < 5
