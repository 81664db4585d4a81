"""The fixed words of a message in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.model import DevelopmentKind, Severity


@dataclass(frozen=True, slots=True)
class Labels:
    """Everything in a message that does not come from a feed or a rule."""

    severities: tuple[str, str, str, str, str]  # in the order of model.Severity
    outlet: str
    outlets_few: str  # two to four, as the Slavic languages count
    outlets: str
    new: str
    update: str
    kinds: Mapping[DevelopmentKind, str]
    late: str  # told late because nobody watched
    disputed: str
    unverified: str
    changed: str  # the article says something else now
    gone: str  # the article, or what it said, is not there any more
    only_state: str  # one kind of outlet alone reports
    only_from: str  # … from the country {}
    only_in: str  # … in the language {}
    only_both: str  # … in the language {} from the country {}
    since: str  # stands above what is told for the first time
    also: str  # others that report
    tongues: tuple[str, str, str]  # language: one, two to four, more
    why: str
    published: str
    seen: str
    sent: str
    copies: str
    continues: str
    more: str
    operator: str
    digest: str
    test: str
    languages: Mapping[str, str]
    countries: Mapping[str, str]

    def severity(self, severity: Severity) -> str:
        return self.severities[severity]

    def count(self, outlets: int) -> str:
        """The number of outlets in words that agree with it: 1 medij, 2 medija, 5 medija."""
        return _counted(outlets, (self.outlet, self.outlets_few, self.outlets))

    def count_languages(self, languages: int) -> str:
        """The number of languages in words that agree with it: 1 jezik, 2 jezika."""
        return _counted(languages, self.tongues)

    def only_of(self, kind: str) -> str:
        """That only one kind of outlet reports: "state_affiliated", a language, a country, or both: "XK sq"."""
        if kind == "state_affiliated":
            return self.only_state
        country, _, language = kind.partition(" ")
        if language:
            return self.only_both.format(self.languages.get(language, language), self.countries.get(country, country))
        if kind in self.languages:
            return self.only_in.format(self.languages[kind])
        return self.only_from.format(self.countries.get(kind, kind))


def _counted(number: int, forms: tuple[str, str, str]) -> str:
    few = number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)
    return f"{number} {forms[0] if number == 1 else forms[1] if few else forms[2]}"


def labels(language: str) -> Labels:
    """The words in a language (en, sq, sr, mk); English for any other."""
    return _LABELS.get(language, _LABELS["en"])


def _kinds(fact: str, severity: str, corroboration: str, correction: str, denial: str) -> dict[DevelopmentKind, str]:
    return {
        DevelopmentKind.NEW_FACT: fact,
        DevelopmentKind.HIGHER_SEVERITY: severity,
        DevelopmentKind.CORROBORATION: corroboration,
        DevelopmentKind.CORRECTION: correction,
        DevelopmentKind.DENIAL: denial,
    }


_LABELS = {
    "en": Labels(
        severities=("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"),
        outlet="outlet",
        outlets_few="outlets",
        outlets="outlets",
        new="new",
        update="update",
        kinds=_kinds("new fact", "more severe", "confirmed by others", "figures differ", "denied"),
        late="LATE",
        disputed="disputed",
        unverified="unverified",
        changed="changed",
        gone="no longer there",
        only_state="only state-affiliated media report this",
        only_from="only media from {} report this",
        only_in="only {}-language media report this",
        only_both="only {}-language media from {} report this",
        since="New since the last alert",
        also="also",
        tongues=("language", "languages", "languages"),
        why="Why",
        published="published",
        seen="seen",
        sent="sent",
        copies="copies",
        continues="may continue",
        more="and {} more",
        operator="OPERATOR",
        digest="DIGEST",
        test="TEST",
        languages={"en": "English", "sq": "Albanian", "sr": "Serbian", "mk": "Macedonian"},
        countries={"XK": "Kosovo", "RS": "Serbia", "MK": "North Macedonia", "AL": "Albania", "ME": "Montenegro"},
    ),
    "sq": Labels(
        severities=("INFO", "E ULËT", "MESATARE", "E LARTË", "KRITIKE"),
        outlet="medium",
        outlets_few="mediume",
        outlets="mediume",
        new="e re",
        update="përditësimi",
        kinds=_kinds("fakt i ri", "më e rëndë", "e konfirmuar nga të tjerë", "shifrat ndryshojnë", "e mohuar"),
        late="ME VONESË",
        disputed="e kontestuar",
        unverified="e paverifikuar",
        changed="e ndryshuar",
        gone="nuk është më",
        only_state="e raportojnë vetëm mediume të lidhura me shtetin",
        only_from="e raportojnë vetëm mediume nga {}",
        only_in="e raportojnë vetëm mediume në {}",
        only_both="e raportojnë vetëm mediume në {} nga {}",
        since="E re që nga njoftimi i fundit",
        also="edhe",
        tongues=("gjuhë", "gjuhë", "gjuhë"),
        why="Pse",
        published="botuar",
        seen="parë",
        sent="dërguar",
        copies="kopje",
        continues="mund të vazhdojë",
        more="dhe {} të tjera",
        operator="OPERATORI",
        digest="PËRMBLEDHJE",
        test="PROVË",
        languages={"en": "anglisht", "sq": "shqip", "sr": "serbisht", "mk": "maqedonisht"},
        countries={"XK": "Kosova", "RS": "Serbia", "MK": "Maqedonia e Veriut", "AL": "Shqipëria", "ME": "Mali i Zi"},
    ),
    "sr": Labels(
        severities=("INFO", "NISKO", "SREDNJE", "VISOKO", "KRITIČNO"),
        outlet="medij",
        outlets_few="medija",
        outlets="medija",
        new="novo",
        update="dopuna",
        kinds=_kinds("nova činjenica", "ozbiljnije", "potvrđeno od drugih", "brojke se razlikuju", "demantovano"),
        late="SA ZAKAŠNJENJEM",
        disputed="osporeno",
        unverified="nepotvrđeno",
        changed="izmenjeno",
        gone="više ne stoji",
        only_state="javljaju samo mediji povezani s državom",
        only_from="javljaju samo mediji, zemlja: {}",
        only_in="javljaju samo mediji, jezik: {}",
        only_both="javljaju samo mediji, jezik: {}, zemlja: {}",
        since="Novo od poslednje poruke",
        also="još",
        tongues=("jezik", "jezika", "jezika"),
        why="Zašto",
        published="objavljeno",
        seen="viđeno",
        sent="poslato",
        copies="kopija",
        continues="možda nastavak",
        more="i još {}",
        operator="OPERATER",
        digest="PREGLED",
        test="PROBA",
        languages={"en": "engleski", "sq": "albanski", "sr": "srpski", "mk": "makedonski"},
        countries={"XK": "Kosovo", "RS": "Srbija", "MK": "Severna Makedonija", "AL": "Albanija", "ME": "Crna Gora"},
    ),
    "mk": Labels(
        severities=("ИНФО", "НИСКО", "СРЕДНО", "ВИСОКО", "КРИТИЧНО"),
        outlet="медиум",
        outlets_few="медиуми",
        outlets="медиуми",
        new="ново",
        update="дополнување",
        kinds=_kinds("нов факт", "посериозно", "потврдено од други", "бројките се разликуваат", "демантирано"),
        late="СО ЗАДОЦНУВАЊЕ",
        disputed="оспорено",
        unverified="непотврдено",
        changed="изменето",
        gone="веќе не стои",
        only_state="јавуваат само медиуми поврзани со државата",
        only_from="јавуваат само медиуми, земја: {}",
        only_in="јавуваат само медиуми, јазик: {}",
        only_both="јавуваат само медиуми, јазик: {}, земја: {}",
        since="Ново од последната порака",
        also="уште",
        tongues=("јазик", "јазици", "јазици"),
        why="Зошто",
        published="објавено",
        seen="видено",
        sent="испратено",
        copies="копии",
        continues="можно продолжение",
        more="и уште {}",
        operator="ОПЕРАТОР",
        digest="ПРЕГЛЕД",
        test="ПРОБА",
        languages={"en": "англиски", "sq": "албански", "sr": "српски", "mk": "македонски"},
        countries={"XK": "Косово", "RS": "Србија", "MK": "Северна Македонија", "AL": "Албанија", "ME": "Црна Гора"},
    ),
}
