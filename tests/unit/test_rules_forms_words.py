"""Word forms: one dictionary form, everything a journalist may write."""

from collections.abc import Iterable

import pytest

from monitor.rules.definitions import Kind, Part
from monitor.rules.forms.names import name_form_keys
from monitor.rules.forms.words import word_forms
from monitor.text.folding import fold, marked_name_keys


def folded(words: str) -> set[str]:
    return {fold(word) for word in words.split()}


def missing(words: str, forms: Iterable[str]) -> set[str]:
    return folded(words) - set(forms)


FORMS = [
    # Albanian
    ("sq", "forcë", "forca forcën forcës forcat forcave force"),
    ("sq", "ushtri", "ushtria ushtrinë ushtrisë ushtritë ushtrive ushtrise ushtris"),
    ("sq", "vrasje", "vrasja vrasjen vrasjes vrasjet vrasjeve"),
    ("sq", "kërcënim", "kërcënimi kërcënimit kërcënimet kërcënimeve kercenimeve"),
    ("sq", "kufi", "kufiri kufirin kufirit kufij kufijtë kufijve"),
    ("sq", "ushtar", "ushtari ushtarin ushtarë ushtarët ushtarëve"),
    ("sq", "ushtarak", "ushtarake ushtaraku ushtarakë ushtarakëve"),
    ("sq", "sulm", "sulmi sulmit sulmin sulme sulmet sulmeve sulmesh"),
    ("sq", "sulmoj", "sulmon sulmoi sulmuan sulmuar sulmohet sulmojnë"),
    ("sq", "vras", "vret vrau vranë vrarë vritet vrasin vriste"),
    ("sq", "tërheq", "tërhiqet tërhoqi tërhequr tërheqin terhiqen"),
    ("sq", "terrorizëm", "terrorizmi terrorizmit terrorizmin"),
    ("sq", "person", "personi personit persona personat personave"),
    ("sq", "letër", "letra letrën letrës letrat"),
    # Serbian
    ("sr", "terorizam", "terorizma terorizmu terorizmom"),
    ("sr", "sastanak", "sastanka sastanku sastanci sastancima"),
    ("sr", "napredak", "napretka napretku"),
    ("sr", "vojska", "vojske vojsci vojsku vojskom"),
    ("sr", "vojnik", "vojnika vojniku vojnikom vojnici vojnicima vojnike"),
    ("sr", "ministar", "ministra ministru ministrom ministri ministara"),
    ("sr", "policajac", "policajca policajci policajaca policajcima"),
    ("sr", "rat", "rata ratu ratom ratovi ratova ratovima"),
    ("sr", "granica", "granice granici granicu granicom granicama"),
    ("sr", "granični", "granična graničnog graničnom graničnim graničnih"),
    ("sr", "bezbednost", "bezbednosti bezbednošću bezbjednosti bezbjednost"),
    ("sr", "ubistvo", "ubistva ubistvom ubistava"),
    ("sr", "prelazak", "prelaska prelasku prelasci"),
    ("sr", "napasti", "napao napala napadnut napadnuti napadnu"),
    ("sr", "povući", "povukao povukli povuku povučeni"),
    ("sr", "pretiti", "preti prete pretio prijeti prijete"),
    ("sr", "upozoriti", "upozorio upozorila upozoren upozorena"),
    ("sr", "rasporediti", "rasporedio rasporedila raspoređen raspoređeni"),
    ("sr", "žandarm", "жандарми жандарма zandarmi"),
    ("sr", "brigada", "brigade brigadi brigadu brigadom"),  # the dictionary knows it only as itself
    ("sr", "hapšenje", "hapšenja hapšenju hapšenjem"),
    ("sr", "zatvaranje", "zatvaranja zatvaranju"),
    ("sr", "novinarka", "novinarke novinarki novinarku"),
    ("sr", "spaljen", "spaljena spaljeno spaljenih spaljenog spaljenim"),  # a participle is declined as an adjective
    ("sr", "nepotvrđen", "nepotvrđeno nepotvrđenih nepotvrdjenim"),
    ("sr", "nenajavljen", "nenajavljeno nenajavljenih"),
    ("sr", "maskiran", "maskirano maskiranih maskiranim"),
    ("mk", "запален", "запалена запалени запалените запаленото"),
    ("mk", "закани", "заканите"),  # given in the plural
    ("sr", "ograđen", "ograđen ogradjen ograden"),
    # Macedonian
    ("mk", "тероризам", "тероризмот"),
    ("mk", "војска", "војската војски војските"),
    ("mk", "војник", "војникот војници војниците"),
    ("mk", "полицаец", "полицаецот полицајци полицајците"),
    ("mk", "министер", "министерот министри министрите"),
    ("mk", "нападне", "нападна нападнаа нападнал нападнат нападнати напаѓа"),
    ("mk", "изјави", "изјавија изјавил изјавиле изјавува"),
    ("mk", "повлече", "повлекоа повлекол повлечат повлекуваат"),
    ("mk", "граничен", "гранична граничниот граничната граничните"),
    ("mk", "убие", "убиле убиен убиени убија убиваат"),
]


@pytest.mark.parametrize(("language", "word", "forms"), FORMS)
def test_one_dictionary_form_brings_its_forms(language: str, word: str, forms: str) -> None:
    assert missing(f"{word} {forms}", word_forms(word, language)) == set()


ENGLISH: list[tuple[str, Part, Kind, str, str]] = [
    ("unit", "", "thing", "units", "united uniting"),
    ("army", "", "thing", "armies", "armied"),
    ("gunman", "", "thing", "gunmen", "gunmaned"),
    ("attack", "", "action", "attacks attacked attacking", "attacker"),
    ("withdraw", "", "action", "withdraws withdrew withdrawn withdrawing", "drew"),
    ("deploy", "", "action", "deploys deployed deploying", "deployment"),
    ("flee", "", "action", "flees fled fleeing", "fleed"),
    ("stop", "verb", "thing", "stops stopped stopping", "stoped"),
    ("mass", "noun", "action", "masses", "massed"),
    ("armed", "adj", "thing", "", "armeds"),
]


@pytest.mark.parametrize(("word", "part", "kind", "forms", "others"), ENGLISH)
def test_english_conjugates_actions_only(word: str, part: Part, kind: Kind, forms: str, others: str) -> None:
    found = word_forms(word, "en", part=part, kind=kind)
    assert missing(f"{word} {forms}", found) == set()
    assert not folded(others) & found


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("sq", "trupë", "trup"),  # troops, not body
        ("sq", "premierë", "premier"),
        ("sq", "kufi", "kufizim"),
        ("sr", "izjaviti", "izjave"),  # to state, not statements
        ("sr", "ubiti", "ubice"),  # to kill, not killers
        ("sr", "napad", "nafta"),
        ("mk", "предупреди", "предупредување"),
    ],
)
def test_another_word_is_left_alone(language: str, word: str, other: str) -> None:
    assert fold(other) not in word_forms(word, language)


@pytest.mark.parametrize(
    ("language", "word", "forms"),
    [("sr", "oružane", "oružanih oružanim"), ("sr", "snage", "snaga snagama"), ("sq", "blinduar", "blinduara")],
)
def test_a_phrase_may_be_given_in_agreement(language: str, word: str, forms: str) -> None:
    assert missing(forms, word_forms(word, language, in_phrase=True)) == set()


def test_function_words_are_not_inflected() -> None:
    assert word_forms("në", "sq", in_phrase=True) == {"ne"}
    assert word_forms("u", "sr", in_phrase=True) == {"u"}


NAMES: list[tuple[str, Kind, str]] = [
    ("Vučić", "person", "Vučića Vučiću Vučićem Vučićeva Вучићу Вучиќ Vuçiqit Vuçiqin Vucicev"),
    ("Aleksandar", "person", "Aleksandra Aleksandru Aleksandrom Александра"),
    ("Kurti", "person", "Kurtit Kurtin Kurtija Kurtijem Куртија Kurtijeva"),
    ("Haradinaj", "person", "Haradinajt Haradinajn Haradinaja Харадинају"),
    ("Kosovë", "place", "Kosova Kosovës Kosovën Kosoves Kosov Косова"),
    ("Kosovo", "place", "Kosova Kosovu Kosovom Косово"),
    ("Serbi", "place", "Serbia Serbisë Serbinë Serbise"),
    ("Raška", "place", "Raške Raškoj Rashkë Рашкој"),
    ("Beograd", "place", "Beograda Beogradu Beogradit Beogradi"),
    ("Uroševac", "place", "Uroševca Uroševcu"),
    ("Hodžaj", "person", "Hoxhajt Hodzaj Хоџаја"),
]


@pytest.mark.parametrize(("name", "kind", "forms"), NAMES)
def test_a_name_takes_the_endings_of_every_language(name: str, kind: Kind, forms: str) -> None:
    keys = name_form_keys(name, kind=kind)
    assert [form for form in forms.split() if not marked_name_keys(form) & keys] == []


@pytest.mark.parametrize(
    ("name", "other"), [("Vučić", "Vučević"), ("Kurti", "Kurt"), ("Brnabić", "Babić"), ("Mitrovica", "Mitrovića")]
)
def test_a_name_is_not_its_neighbour(name: str, other: str) -> None:
    assert not name_form_keys(name, kind="person") & marked_name_keys(other)
