"""Which language a text is in."""

from __future__ import annotations

import pytest

from monitor.articles.language import detect_language

TEXTS = [
    ("The patrol reached the border crossing at dawn and found it closed.", "en"),
    ("Patrulla arriti në pikën kufitare në agim dhe e gjeti të mbyllur.", "sq"),
    ("Patrulla arriti ne piken kufitare ne agim dhe e gjeti te mbyllur.", "sq"),
    ("Patrola je u zoru stigla do prelaza i zatekla spuštenu rampu.", "sr"),
    ("Patrola je u zoru stigla do prelaza i zatekla spustenu rampu.", "sr"),
    ("Патрола је у зору стигла до прелаза и затекла спуштену рампу.", "sr"),
    ("Ophodnja je u zoru stigla do prijelaza i zatekla spuštenu rampu.", "sr"),
    ("Патролата стигна на преминот во зори и ја затекна спуштена рампата.", "mk"),
    ("Die Streife erreichte den Grenzübergang im Morgengrauen.", "de"),
    ("Патруль прибыл на рассвете и увидел, что пункт закрыт.", "ru"),
]


@pytest.mark.parametrize(("text", "code"), TEXTS)
def test_a_sentence_is_enough(text: str, code: str):
    assert detect_language(text, ())[0] == code


@pytest.mark.parametrize(("text", "code"), TEXTS)
def test_a_wrong_declaration_does_not_win_over_an_article(text: str, code: str):
    wrong = "en" if code != "en" else "sq"
    assert detect_language(" ".join([text] * 8), (wrong,)) == (code, True)


@pytest.mark.parametrize("prior", ["sr", "bs", "hr-HR", "sr-Latn-RS", "cnr"])
def test_a_short_headline_is_read_as_its_feed_says(prior: str):
    assert detect_language("Kfor na Jarinju", (prior,)) == ("sr", True)


def test_letters_of_one_language_decide_for_it():
    assert detect_language("Ѓорче", ("sr",)) == ("mk", True)
    assert detect_language("Ђаци", ("mk",)) == ("sr", True)


@pytest.mark.parametrize("text", ["", "  ", "12:30 – 5!", "…"])
def test_without_letters_the_feed_is_taken_at_its_word_without_certainty(text: str):
    assert detect_language(text, ("mk", "sq")) == ("mk", False)
    assert detect_language(text, ()) == ("", False)


def test_a_single_name_is_not_certain():
    assert detect_language("Bill", ())[1] is False


def test_hostile_text_is_read_like_any_other():
    assert detect_language("\ud800\u0000" * 5000, ("sq",))[0]
