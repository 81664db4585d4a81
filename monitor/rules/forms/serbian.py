"""Serbian, Bosnian, Montenegrin and Croatian words and their forms, in Latin letters (folding covers Cyrillic). Pure.

Tables, most particular first; forms that do not exist do no harm, forms that are other words do, so rare endings that
collide are left out.
"""

from __future__ import annotations

import re

from monitor.rules.forms.paradigm import Row, by_first, inflect, irregular, paradigm, row

_SOFT = "(?:ć|č|š|ž|đ|lj|nj|j|c|dž)"

# --- nouns ------------------------------------------------------------------------------------------------------

_ZERO_PLURAL = row(r"([^aeiou])([^aeiou])$", r"\1a\2a")  # incident -> incidenata, most -> mostova too
_MASCULINE = (
    row(r"$", "a u i ima e"),
    row(rf"({_SOFT})$", r"\1em"),
    row(r"$", "om"),
    row(r"k$", "ci cima če"),  # vojnik -> vojnici
    row(r"g$", "zi zima že"),
    row(r"h$", "si sima še"),
    row(r"([^aeiou])([^aeiou])$", r"\1a\2a"),  # incident -> incidenata
)
_LONG_PLURAL = (  # rat -> ratovi, puč -> pučevi
    row(rf"^(.*{_SOFT})$", r"\1evi \1eva \1eve \1evima"),
    row(r"$", "ovi ova ove ovima"),
)

NOUNS = (
    paradigm(
        r"[aeiou]lac$",  # rukovodilac -> rukovodioca
        row(r"lac$", "oca ocu ocem oče oci ocima oce laca"),
    ),
    paradigm(
        r".ac$",  # policajac -> policajca
        row(r"ac$", "ca cu cem če ci cima ce aca"),
    ),
    paradigm(
        r"zak$",  # prelazak -> prelaska
        row(r"zak$", "ska sku skom sci scima ske zaka"),
    ),
    paradigm(
        r"[tndl]ak$",  # sastanak -> sastanka, početak -> počeci, but also junak -> junaka
        row(r"ak$", "ka ku kom ke aka aku akom aci acima ake"),
        row(r"[td]?ak$", "ci cima"),
        row(r"dak$", "tka tku tkom tke"),
    ),
    paradigm(
        r"zam$",  # terorizam -> terorizma
        row(r"zam$", "zma zmu zmom zmi zmima zme"),
    ),
    paradigm(
        r"[^aeiou]tar$",  # ministar -> ministra, but also sekretar -> sekretara
        row(r"tar$", "tra tru trom tri trima tre tara taru tarom tari tarima tare"),
    ),
    paradigm(
        r"anin$",  # građanin -> građani
        row(r"in$", "in ina inu inom ine i a ima e"),
    ),
    paradigm(
        r"ost$",  # bezbednost -> bezbednošću
        row(r"$", "i ima"),
        row(r"st$", "šću"),
    ),
    paradigm(
        r"a$",
        row(r"a$", "e i u o om ama"),
        row(r"ka$", "ci"),  # vojska -> vojsci
        row(r"ga$", "zi"),
        row(r"ha$", "si"),
        row(r"([^aeiou])([^aeiour]|r)a$", r"\1a\2a"),  # bomba has bombi, vežba vežbi, pretnja pretnji; sestra sestara
    ),
    paradigm(
        r"me$",  # vreme -> vremena
        row(r"me$", "mena menu menom mena menima"),
    ),
    paradigm(
        r"e$",
        row(r"e$", "a u em ima"),
    ),
    paradigm(
        r"o$",
        row(r"o$", "a u om ima"),
        row(r"([^aeiou])([^aeiou])o$", r"\1a\2a"),  # ubistvo -> ubistava
    ),
    paradigm(r"[iu]$", row(r"i$", "ija iju ijem iji ijima ije"), row(r"u$", "ua uu uom ui uima ue")),
    paradigm(r"^[^aeiou]*[aeiou][^aeiou]+$", *_MASCULINE, *_LONG_PLURAL),
    paradigm(r"[^aeiou]$", *_MASCULINE),
)

# --- adjectives -------------------------------------------------------------------------------------------------

_ADJECTIVE = "i a o e og oga om ome omu oj u im ima ih"
ADJECTIVES = (
    paradigm(r"(sk|šk|čk|ćk|n|v|[aeiou][ctr]|š|lj)i$", row(r"i$", _ADJECTIVE)),  # vojni, kosovski, granični
    paradigm(r"(sk|šk|čk|n|v)[aoe]$", row(r".$", _ADJECTIVE)),  # the same in agreement: oružane, kopnena
)

# --- verbs ------------------------------------------------------------------------------------------------------

_PARTICIPLE = "a o e i og oga om ome omu oj u im ima ih"


def _passive(pattern: str, stem: str) -> Row:
    return row(pattern, " ".join(stem + ending for ending in ("", *_PARTICIPLE.split())))


_SOFTENED = (  # the stem before -en: iskoristiti -> iskorišćen, upozoriti -> upozoren
    *(("st", "šć"), ("st", "št"), ("zd", "žđ"), ("t", "ć"), ("d", "đ"), ("s", "š"), ("z", "ž"), ("k", "č"), ("c", "č")),
    *(("p", "plj"), ("b", "blj"), ("v", "vlj"), ("m", "mlj"), ("n", "nj"), ("l", "lj"), ("b", "bjelj")),
)
_ALL_VERBS = (
    row(r"i$", "-"),  # infinitive before će: napast će
    row(r"ti$", "ću ćeš će ćemo ćete"),
    row(r"([aiu])ti$", r"\1o \1la \1lo \1li \1le \1vši"),
)
VERBS = (
    paradigm(
        r"ovati$",  # okupirovati, protestovati -> protestuju
        *_ALL_VERBS,
        row(r"ovati$", "ujem uješ uje ujemo ujete uju uj ujte ujući"),
        _passive(r"ovati$", "ovan"),
        row(r"ovati$", "ovanje ovanja ovanju ovanjem"),
    ),
    paradigm(
        r"[ia]vati$",  # povređivati, razmatrati
        *_ALL_VERBS,
        row(r"ivati$", "ujem uješ uje ujemo ujete uju ujući"),
        row(r"avati$", "avam avaš ava avamo avate avaju avajući ajem aje aju"),
        _passive(r"ti$", "n"),
        row(r"ti$", "nje nja nju njem"),
    ),
    paradigm(
        r"ati$",
        *_ALL_VERBS,
        row(r"ati$", "am aš a amo ate aju aj ajte ajući"),
        _passive(r"ati$", "an"),
        row(r"ati$", "anje anja anju anjem"),
    ),
    paradigm(
        r"iti$",
        *_ALL_VERBS,
        row(r"iti$", "im iš i imo ite e eći"),
        *(_passive(rf"{hard}iti$", f"{soft}en") for hard, soft in _SOFTENED),
        _passive(r"([rčšžjćđ]|lj|nj)iti$", r"\1en"),
    ),
    paradigm(
        r"nuti$",
        *_ALL_VERBS,
        row(r"nuti$", "nem neš ne nemo nete nu ni nite"),
        _passive(r"nuti$", "nut"),
    ),
    paradigm(r"$", row(r"i$", "-")),
)

# Verbs no table knows, with the ijekavian forms that the neighbours write.
FUNCTION_WORDS = frozenset(
    "i u na za od do iz sa s k ka o po pri uz niz kroz pre prije posle poslije nakon pod nad pred preko protiv bez kod"
    " među oko duž blizu pored radi zbog tokom kao da se je su bi ne ni će li koji što šta to taj ta tom toj tim te ti"
    " ovaj ova ove ovo ovog nije nisu biti bio bila bilo ili ali a pa već svih svoj svoje svojih"
    " lane danas juče tada sada".split()
)


def nouns(word: str) -> set[str]:
    """All cases and numbers of a noun from its nominative."""
    return by_first(word, NOUNS)


def adjectives(word: str) -> set[str]:
    """All genders, cases and numbers of an adjective; the word alone when it does not look like one."""
    return by_first(word, ADJECTIVES)


def participles(word: str) -> set[str]:
    """All genders, cases and numbers of a passive participle: spaljen, napadnut."""
    return inflect(word, (row(r"$", _PARTICIPLE),))


def looks_like_participle(word: str) -> bool:
    return len(word) > 4 and word.endswith(("en", "an", "ut", "et", "at"))


def verbs(word: str) -> set[str]:
    """All forms of a verb from its infinitive."""
    return set(irregular("serbian_verbs").get(word, ())) or by_first(word, VERBS)


def looks_like_verb(word: str) -> bool:
    return bool(re.search(r"[aeiou](ti|ći)$|sti$", word)) and len(word) > 3


_PREFIX = re.compile(r"(iz|is|po|na|za|od|ot|do|u|raz|ras|pre|pri|pro|ob|o|s)(?=[^aeiou]{1,3}[aeiou].*iti$)")


def is_prefixed(verb: str) -> bool:
    """Does the verb begin with a prefix, which makes it perfective (izjaviti, upozoriti)?"""
    return _PREFIX.match(verb) is not None


def present(verb: str) -> set[str]:
    """The forms of the present (and imperative) of a verb in -iti that may be other words: izjavi, izjave."""
    return inflect(verb, (row(r"iti$", "i e"),)) - {verb}


def ijekavian(word: str) -> set[str]:
    """Spellings of an ekavian word with one e (or two) as je or ije, most of them no words: bezbednost, bezbjednost."""
    places = [place for place, letter in enumerate(word) if letter == "e"]
    return {word[:place] + sound + word[place + 1 :] for place in places for sound in ("je", "ije")}


def plural_agreement(word: str) -> set[str]:
    """The cases of a word given in the plural: Države -> Državama, Sjedinjene -> Sjedinjenih."""
    return inflect(word, (row(r"[eia]$", "a ama ima ih im e i"),))


# --- proper names -----------------------------------------------------------------------------------------------

_POSSESSIVE_NAME = "- a o e i u og oga om oj ih im ima"


def _possessive(pattern: str, suffix: str) -> Row:
    return row(pattern, " ".join(suffix + ending for ending in ("", *_POSSESSIVE_NAME.split()[1:])))


NAMES = (
    paradigm(r"(sk|čk|šk)i$", row(r"i$", _ADJECTIVE)),  # Kosovski
    paradigm(
        r"[aë]$",  # Raška -> Raškoj, Svečlja -> Svečljin; an Albanian -ë is declined as -a
        row(r"[aë]$", "e i u o om oj"),
        row(r"ka$", "ci"),
        row(r"ga$", "zi"),
        _possessive(r"[aë]$", "in"),
    ),
    paradigm(r"ac$", row(r"ac$", "ca cu cem če"), _possessive(r"ac$", "čev")),
    paradigm(  # Aleksandar -> Aleksandra, but also Gašpar -> Gašpara
        r"[^aeiou]ar$",
        row(r"ar$", "ra ru rom re ara aru arom are"),
        _possessive(r"ar$", "rov"),
        _possessive(r"$", "ov"),
    ),
    paradigm(r"[oe]$", row(r"[oe]$", "a u om em")),
    paradigm(
        r"[iy]$",  # Kurti -> Kurtijem
        row(r"[iy]$", "ija iju ijem ije ijom"),
        _possessive(r"[iy]$", "ijev"),
    ),
    paradigm(r"u$", row(r"u$", "ua uu uom uem"), _possessive(r"u$", "uov")),
    paradigm(
        r"$",
        row(r"$", "a u om em e"),
        _possessive(r"$", "ov"),
        _possessive(r"$", "ev"),
    ),
)


def names(word: str) -> set[str]:
    """All cases of a proper name, and its possessive adjective (Vučićeva)."""
    forms = by_first(word, NAMES)
    return forms | inflect(word, (row(r"([iu])$", r"\1ja \1ju"),))
