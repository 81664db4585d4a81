"""Reading an article with a compiled vocabulary."""

import pickle
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from monitor.model import Article, Sentence
from monitor.rules.definitions import ANY, Actor, Concept, DatedRole, Kind, Surname, Term
from monitor.rules.reading import ACTORS, Reading
from monitor.rules.vocabulary import Vocabulary, compile_vocabulary, forms_of
from monitor.yamlfile import Place

HERE = Place("test.yaml", 1, 1)
NOW = datetime(2024, 3, 22, 18, 22, tzinfo=UTC)


def term(text: str) -> Term:
    return Term(text.lstrip("="), HERE, exact=text.startswith("="))


def terms(words: Mapping[str, str]) -> dict[str, tuple[Term, ...]]:
    return {language: tuple(term(one) for one in text.split(", ")) for language, text in words.items()}


def concept(
    name: str,
    words: Mapping[str, str] | None = None,
    *,
    kind: Kind = "thing",
    names: str = "",
    includes: tuple[str, ...] = (),
    cancelled_by: Mapping[str, str] | None = None,
) -> Concept:
    spellings = tuple(term(one) for one in names.split(", ")) if names else ()
    return Concept(
        name,
        HERE,
        kind,
        words=terms(words or {}),
        names=(spellings,) if spellings else (),
        includes=includes,
        cancelled_by=terms(cancelled_by or {}),
    )


def actor(
    name: str,
    names: str,
    surname: Surname = "alone",
    *,
    kind: Kind = "person",
    roles: tuple[DatedRole, ...] = (),
    cancelled_by: str = "",
) -> Actor:
    return Actor(
        name,
        HERE,
        tuple(term(one) for one in names.split(", ")),
        kind,
        surname,
        roles,
        cancelled_by=tuple(term(one) for one in cancelled_by.split(", ") if one),
    )


CONCEPTS = [
    concept(
        "troops",
        {
            "en": "troop, tank, unit, Serbian Army, Serbia's army",
            "sq": "forcë e armatosur, trupë, ushtar",
            "sr": "vojska, oružane snage, Vojska Srbije",
            "mk": "војник, вооружени сили",
        },
        cancelled_by={"en": "think tank", "sr": "Vojska spasa"},
    ),
    concept("long_ago", {"sr": "pre .. godina", "en": "years ago"}),
    concept("line", {"en": "=ABL, administrative line"}),
    concept("attack", {"en": "attack, open fire", "sq": "sulmoj", "sr": "napasti", "mk": "нападне"}, kind="action"),
    concept("drones", {ANY: "dron"}),
    concept("kosovo", kind="place", names="Kosovo, Kosovë"),
    concept("usa", kind="organisation", names="SAD, SHBA"),
    concept("police", kind="organisation", names="Kosovska policija, Policia e Kosovës"),
    concept("north", kind="place", names="Severna Mitrovica"),
    concept("kfor_north", {"sq": "KFOR-i në veri"}),
    concept("everything", includes=("troops", "attack", "petkovic"), cancelled_by={"en": "attack of flu"}),
    concept("loop", includes=("everything", "loop")),
]
ACTORS_GIVEN = [
    actor(
        "kurti",
        "Albin Kurti",
        roles=(DatedRole(terms({"en": "Kosovo Prime Minister", "sr": "kosovski premijer"}), since=date(2021, 3, 22)),),
        cancelled_by="Kurt Cobain",
    ),
    actor(
        "haradinaj",
        "Ramush Haradinaj",
        "after",
        roles=(DatedRole(terms({"sr": "kosovski premijer"}), since=date(2017, 9, 9), until=date(2020, 2, 3)),),
    ),
    actor("vucic", "Aleksandar Vučić, Vuçiq"),
    actor("petkovic", "Petar Petković", "after", roles=(DatedRole(terms({"sr": "direktor kancelarije"})),)),
    actor("hill", "Christopher Hill", "never"),
    actor("leyen", "Ursula von der Leyen"),
    actor("kfor", "KFOR", kind="organisation"),
]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return compile_vocabulary(CONCEPTS, ACTORS_GIVEN)


def article(language: str, *sentences: str, certain: bool = True, published: datetime = NOW) -> Article:
    told = tuple(
        Sentence(index, text, "body" if index else "title", min(index, 1)) for index, text in enumerate(sentences)
    )
    return Article("a", "", "o", sentences[0], told, language, published, published, certain)


def hits(reading: Reading, name: str) -> list[str]:
    """The words that stand for a concept, over the whole article."""
    return [sentence.words(hit) for sentence in reading.sentences for hit in sentence.hits_of([name])]


FOUND = [
    ("en", "The tanks and troops came.", "troops", ["tanks", "troops"]),
    ("en", "The United States and a unit.", "troops", ["unit"]),
    ("en", "The Serbian Army came, a serbian army.", "troops", ["Serbian Army"]),
    ("en", "It is Serbia's army.", "troops", ["Serbia's army"]),
    ("en", "A think tank and a tank.", "troops", ["tank"]),
    ("en", "They opened fire and attacked.", "attack", ["opened fire", "attacked"]),
    ("en", "The ABL, an able line.", "line", ["ABL"]),
    (
        "sq",
        "Forcat e armatosura dhe forcave të armatosura.",
        "troops",
        ["Forcat e armatosura", "forcave të armatosura"],
    ),
    ("sq", "Trupat, trupave, TRUPAT; trupi i njeriut.", "troops", ["Trupat", "trupave", "TRUPAT"]),
    ("sq", "Ushtaret u sulmuan.", "troops", ["Ushtaret"]),
    ("sr", "Oružanih snaga i oružanim snagama.", "troops", ["Oružanih snaga", "oružanim snagama"]),
    ("sr", "Оружане снаге и војсци.", "troops", ["Оружане снаге", "војсци"]),
    ("sr", "Oruzanim snagama.", "troops", ["Oruzanim snagama"]),
    ("sr", "Vojsku Srbije hvale.", "troops", ["Vojsku Srbije"]),
    ("sr", "Vojska spasa deli hranu.", "troops", []),
    ("sr", "Pre dvadeset i nešto godina, pre godinu.", "long_ago", ["Pre dvadeset i nešto godina", "pre godinu"]),
    ("sr", "Pre jedan dva tri četiri godina.", "long_ago", []),
    ("mk", "Војниците и вооружените сили.", "troops", ["Војниците", "вооружените сили"]),
    ("mk", "Вооружени сили.", "troops", ["Вооружени сили"]),
    ("sq", "Dronët fluturojnë.", "drones", ["Dronët"]),
    ("sr", "Dronovi lete.", "drones", ["Dronovi"]),
    ("sr", "Na Kosovu i Косова.", "kosovo", ["Kosovu", "Косова"]),
    ("sq", "Kosovës, Kosoves, KOSOVËN.", "kosovo", ["Kosovës", "Kosoves", "KOSOVËN"]),
    ("en", "A Kosovo-Serbia line, Kosovo’s border.", "kosovo", ["Kosovo", "Kosovo"]),
    ("en", "The kosovo of lower case.", "kosovo", []),
    ("sr", "Sad je dosta, kažu u SAD i САД.", "usa", ["SAD", "САД"]),
    ("sq", "Policisë së Kosovës, policia e Kosovës.", "police", ["Policisë së Kosovës"]),
    ("sr", "Kosovske policije i Косовској полицији.", "police", ["Kosovske policije", "Косовској полицији"]),
    ("sr", "U Severnoj Mitrovici.", "north", ["Severnoj Mitrovici"]),
    ("sr", "KFOR-a, Kfora i Кфора.", "kfor", ["KFOR", "Kfora", "Кфора"]),
    ("sq", "Forcat e KFOR-it në veri.", "kfor_north", ["KFOR-it në veri"]),
    ("sr", "Snage KFOR-a i Kfora.", "kfor", ["KFOR", "Kfora"]),
    ("de", "Die KFOR im Kosovo.", "kosovo", ["Kosovo"]),
]


@pytest.mark.parametrize(("language", "text", "name", "words"), FOUND)
def test_a_concept_is_found(vocabulary: Vocabulary, language: str, text: str, name: str, words: list[str]) -> None:
    assert hits(vocabulary.read(article(language, text)), name) == words


def test_words_of_another_language_do_not_count(vocabulary: Vocabulary) -> None:
    assert hits(vocabulary.read(article("sq", "The tanks and vojska.")), "troops") == []


def test_serbian_and_macedonian_back_each_other_up_when_uncertain(vocabulary: Vocabulary) -> None:
    text = "Војниците и војскама."
    assert hits(vocabulary.read(article("sr", text, certain=False)), "troops") == ["Војниците", "војскама"]
    assert hits(vocabulary.read(article("sr", text)), "troops") == ["војскама"]


def test_albanian_and_english_never_back_each_other_up(vocabulary: Vocabulary) -> None:
    assert hits(vocabulary.read(article("sq", "The tanks.", certain=False)), "troops") == []


def test_a_concept_has_the_hits_of_what_it_includes(vocabulary: Vocabulary) -> None:
    reading = vocabulary.read(article("en", "Tanks attacked."))
    assert hits(reading, "everything") == hits(reading, "loop") == ["Tanks", "attacked"]


def test_a_phrase_cancels_only_for_the_concept_that_says_so(vocabulary: Vocabulary) -> None:
    reading = vocabulary.read(article("en", "An attack of flu."))
    assert hits(reading, "attack") == ["attack"]
    assert hits(reading, "everything") == []


def test_the_longest_words_win_inside_a_concept(vocabulary: Vocabulary) -> None:
    assert hits(vocabulary.read(article("en", "The administrative line ABL")), "line") == ["administrative line", "ABL"]
    assert hits(vocabulary.read(article("sr", "Vojska Srbije")), "troops") == ["Vojska Srbije"]


PEOPLE = [
    ("sr", ["Vučić je rekao."], "vucic", ["Vučić"]),
    ("sr", ["Sa Aleksandrom Vučićem, pa sa Vučićem."], "vucic", ["Aleksandrom Vučićem", "Vučićem"]),
    ("sq", ["Presidenti Vuçiq dhe Aleksandër Vuqiqi."], "vucic", ["Vuçiq", "Vuqiqi"]),
    ("sr", ["Andrej Vučić, Tamara Vučić i Luka Vučić."], "vucic", []),
    ("sr", ["Najzad Andrej Vučić."], "vucic", []),
    ("sr", ["Milica Petković je pevala."], "petkovic", []),
    ("sr", ["Petković je rekao."], "petkovic", []),
    ("sr", ["Petar Petković je stigao.", "Petković je rekao."], "petkovic", ["Petar Petković", "Petković"]),
    ("sr", ["Petar Petković je stigao.", "Milica Petković nije."], "petkovic", ["Petar Petković"]),
    ("sr", ["Petković ćuti.", "Petar Petković ne ćuti."], "petkovic", ["Petković", "Petar Petković"]),  # a headline
    ("sr", ["Sastanak.", "Petković ćuti.", "Petar Petković ne ćuti."], "petkovic", ["Petar Petković"]),
    ("sr", ["Pevala je Milica Petković.", "Petar Petković ćuti."], "petkovic", ["Petar Petković"]),
    (
        "sr",
        ["Direktor kancelarije Petković.", "Petković ide."],
        "petkovic",
        ["Direktor kancelarije", "Petković", "Petković"],
    ),
    ("en", ["Christopher Hill spoke.", "Hill left."], "hill", ["Christopher Hill"]),
    ("en", ["Ms von der Leyen and Ursula von der Leyen."], "leyen", ["von der Leyen", "Ursula von der Leyen"]),
    ("en", ["Kurt Cobain sang."], "kurti", []),
    ("en", ["Prime Minister Kurti, Premier Kurti and Kurti’s men."], "kurti", ["Kurti", "Kurti", "Kurti"]),
    ("en", ["PRIME MINISTER KURTI SPEAKS"], "kurti", ["KURTI"]),
    ("en", ["Adelina Kurti sings."], "kurti", []),
    ("en", ["Kosovo’s Prime Minister speaks."], "kurti", ["Kosovo’s Prime Minister"]),
    ("sq", ["Kurtit i tha Kurti; Qeveria Kurti."], "kurti", ["Kurtit", "Kurti", "Kurti"]),
    ("sr", ["kurti je mala reč"], "kurti", []),
]


@pytest.mark.parametrize(("language", "sentences", "name", "words"), PEOPLE)
def test_a_person_is_told_from_namesakes(
    vocabulary: Vocabulary, language: str, sentences: list[str], name: str, words: list[str]
) -> None:
    reading = vocabulary.read(article(language, *sentences))
    assert hits(reading, name) == words
    assert hits(reading, ACTORS) == words


def test_a_role_means_who_held_it_that_day(vocabulary: Vocabulary) -> None:
    text = "Kosovski premijer je govorio."
    then = datetime(2018, 5, 1, tzinfo=UTC)
    between = datetime(2020, 9, 1, tzinfo=UTC)
    assert hits(vocabulary.read(article("sr", text)), "kurti") == ["Kosovski premijer"]
    assert hits(vocabulary.read(article("sr", text, published=then)), "haradinaj") == ["Kosovski premijer"]
    assert hits(vocabulary.read(article("sr", text, published=between)), ACTORS) == []


def test_every_actor_is_also_an_actor(vocabulary: Vocabulary) -> None:
    reading = vocabulary.read(article("en", "KFOR met Albin Kurti."))
    assert hits(reading, ACTORS) == ["KFOR", "Albin Kurti"]


def test_hits_know_their_place(vocabulary: Vocabulary) -> None:
    (sentence,) = vocabulary.read(article("en", "Near Kosovo’s border.")).sentences
    (hit,) = sentence.hits
    assert sentence.place(hit) == (5, 11)
    assert (hit.first, hit.last) == (1, 1)


def test_an_article_without_text_reads_as_nothing(vocabulary: Vocabulary) -> None:
    assert vocabulary.read(article("en", "")).sentences[0].hits == ()


def test_a_vocabulary_is_plain_data(vocabulary: Vocabulary) -> None:
    told = article("sr", "Vojska Srbije i KFOR na Kosovu, kaže Vučić.")
    again: Vocabulary = pickle.loads(pickle.dumps(vocabulary))
    assert again.read(told) == vocabulary.read(told)


def test_forms_can_be_shown_word_by_word() -> None:
    first, gap, second = forms_of(term("para .. vit"), "sq", "thing")
    assert (first, gap) == ({"para"}, frozenset())
    assert second >= {"vit", "viti", "vite"}


def test_hostile_text_takes_linear_time(vocabulary: Vocabulary) -> None:
    hostile = article("sr", "pre " * 20_000, "Vučić " * 20_000, "vojska spasa " * 5_000)
    began = time.process_time()
    vocabulary.read(hostile)
    assert time.process_time() - began < 8
