"""Where sentences end."""

import time

import pytest

from monitor.text.sentences import split_sentences

ONE_SENTENCE = [
    "Mr. Kirby met Gen. J. O'Neil of the U.S. Army near St. Paul.",
    "It cost 3.5 million on Sept. 29, see No. 5.",
    "Dana 29. maja 2023. godine vojska je stigla u selo.",
    "Dr. Jović i gđa. Petra, tzv. posmatrači, bili su u ul. Cara Dušana br. 5.",
    "Било је то 5. 5. 2021. у Нишу, каже г. Јовић.",
    "Средбата со д-р Петров беше на 12. мај.",
    "Z. Hoti dhe znj. Krasniqi folën p.sh. për kufirin në orën 12.30.",
    '"Stop! Do not move. We are the police," he shouted.',
    "„Nećemo otići. Ovde smo“, rekao je komandant.",
    "«Jemi këtu. Nuk ikim», tha ai.",
    "The convoy (seven trucks. All empty.) went back.",
    "The site example.com wrote about version 2.0 of it.",
    "M. P. iz Niša je uhapšen.",
    "Headline without an end",
    "Yahoo! reported nothing.",
    "Otvoren je 27. Međunarodni sajam u gradu.",
    "Дојде 11. Бригада од север.",
]

TWO_SENTENCES = [
    ("The army left.", "The police stayed."),
    ("Da li je granica zatvorena?", "Nije!"),
    ("Kufiri është mbyllur…", "Askush nuk e di pse."),
    ("„Idemo odavde.“", "Tako je rekao."),
    ('He said: "We are leaving."', "Then he left."),
    ("Povređeno je 12 vojnika.", "Niko nije uhapšen."),
    ("It happened in 2023.", "The border was closed."),
    ("He lives in the U.S.", "The visit was short."),
    ("Vojska je stigla.", "„Sve je mirno“, javljaju iz sela."),
    ("Полицијата дојде.", "Никој не е повреден."),
    ("Rritja ishte 3 për qind.", "1.200 persona u larguan."),
]


@pytest.mark.parametrize("text", ONE_SENTENCE)
def test_a_mark_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert split_sentences(text) == (text,)


@pytest.mark.parametrize("sentences", TWO_SENTENCES)
def test_two_sentences_are_split(sentences: tuple[str, str]) -> None:
    assert split_sentences(" ".join(sentences)) == sentences


def test_a_missing_space_is_forgiven() -> None:
    assert split_sentences("Ai u kthye në fund.Askush nuk foli.") == ("Ai u kthye në fund.", "Askush nuk foli.")
    assert split_sentences("Ai u kthye në fund.“Nuk flas”, tha.") == ("Ai u kthye në fund.", "“Nuk flas”, tha.")
    assert split_sentences("Tha “jo”.Ai u kthye.") == ("Tha “jo”.", "Ai u kthye.")


def test_a_quote_that_never_closes_hides_nothing() -> None:
    assert len(split_sentences('"It began so. Then it went on. Nobody closed it.')) == 3


def test_a_long_speech_is_split_into_its_sentences() -> None:
    speech = "“" + " ".join(["We will stay where we are until the last day."] * 12) + "”"
    assert len(split_sentences(speech)) == 12


def test_nothing_but_white_space_is_lost() -> None:
    text = "  One. Two!  „Three.“ Four (five. six) seven…  Eight"
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


def test_an_empty_paragraph_has_no_sentences() -> None:
    assert split_sentences(" \n ") == ()


@pytest.mark.parametrize("hostile", ["“" * 50_000, ". " * 50_000, "A. " * 50_000, '"' * 50_000, "((." * 30_000])
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    began = time.process_time()
    split_sentences(hostile)
    assert time.process_time() - began < 10
