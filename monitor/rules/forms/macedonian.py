"""Macedonian words and their forms, in Cyrillic. Pure.

Nouns have no cases but three definite articles (-от, -ов, -он); verbs are listed by their third person singular.
"""

from __future__ import annotations

from monitor.rules.forms.paradigm import Row, by_first, inflect, paradigm, row

# --- nouns and adjectives ---------------------------------------------------------------------------------------

NOUNS = (
    paradigm(
        r"ија$",  # полиција -> полиции
        row(r"$", "та ва на"),
        row(r"ја$", "и ите иве ине"),
    ),
    paradigm(
        r"а$",
        row(r"$", "та ва на"),
        row(r"а$", "и ите иве ине"),
    ),
    paradigm(
        r"ец$",  # полицаец -> полицајци
        row(r"$", "от ов он"),
        row(r"([аеиоу])ец$", r"\1јци \1јците"),
        row(r"([^аеиоу])ец$", r"\1ци \1ците"),
    ),
    paradigm(
        r"[аеиоу][рл]?ар$|ер$|ел$",  # министер -> министри
        row(r"$", "от ов он и ите"),
        row(r"([^аеиоу])[ае]([рл])$", r"\1\2и \1\2ите"),
    ),
    paradigm(
        r"[њј]е$",  # повлекување -> повлекувања
        row(r"$", "то во но"),
        row(r"е$", "а ата"),
    ),
    paradigm(
        r"[ео]$",
        row(r"$", "то во но"),
        row(r"[ео]$", "а ата"),
    ),
    paradigm(r"и$", row(r"$", "те ве не")),  # given in the plural: закани -> заканите
    paradigm(
        r"зам$",  # тероризам -> тероризмот
        row(r"зам$", "змот зми змите"),
    ),
    paradigm(
        r"ост$",
        row(r"$", "а та и ите"),
    ),
    paradigm(
        r"[^аеиоу]$",
        row(r"$", "от ов он и ите иве ине"),
        row(r"т$", "тта"),  # смрт, feminine
        row(r"к$", "ци ците"),
        row(r"г$", "зи зите"),
        row(r"х$", "си сите"),
        row(r"^([^аеиоу]*[аеиоу][^аеиоу]+)$", r"\1ови \1овите"),
    ),
)

ADJECTIVES = (
    paradigm(r"(ск|чк|шк)и$", row(r"и$", "и а о иот ата ото ите")),  # српски
    paradigm(r"(ск|чк|шк)[ао]$", row(r".$", "и а о иот ата ото ите")),
    paradigm(
        r"[^аеиоу]ен$",  # граничен -> гранична
        row(r"ен$", "на но ни ниот ната ното ните"),
    ),
    paradigm(r"оен$", row(r"ен$", "ена ено ени ениот ената еното ените")),  # воен -> воена
    paradigm(r"[нвтлрд]$", row(r"$", "а о и иот ата ото ите")),
    paradigm(r"[нвтлрд]и$", row(r"и$", "а о и иот ата ото ите -")),  # in agreement: вооружени
    paradigm(r"[нвтлрд]а$", row(r"а$", "а о и иот ата ото ите -")),  # безбедносна
)

# --- verbs ------------------------------------------------------------------------------------------------------

_PARTICIPLE = "- а о и иот ата ото ите"


def _participle(pattern: str, stem: str) -> Row:
    return row(pattern, " ".join(stem + ending for ending in ("", *_PARTICIPLE.split()[1:])))


VERBS = (
    paradigm(
        r"а$",  # напаѓа
        row(r"$", "м ш ме те ат в вме вте ше а л ла ло ле ј јте јќи"),
        _participle(r"$", "н"),
    ),
    paradigm(
        r"и$",  # изјави; its imperfective in -ува counts as the same word
        row(r"и$", "ам иш име ите ат ив ивме ивте ија еше еа ил ила ило иле ел ела еле ејќи и ете"),
        _participle(r"и$", "ен"),
        row(r"и$", "ува увам уваш уваме увате уваат уваше увал увала увало увале увајќи уваа"),
        row(r"[дт]и$", "дува дуваат дуваше"),
    ),
    paradigm(
        r"не$",  # нападне
        row(r"не$", "нам неш неме нете нат на нав навме навте наа нал нала нало нале неше неа нејќи ни нете нел неле"),
        _participle(r"не$", "нат"),
        row(r"адне$", "аѓа аѓаат аѓаше аѓаа аѓал аѓала аѓале аѓајќи"),  # its imperfective напаѓа
    ),
    paradigm(
        r"[аеиоу]е$",  # убие
        row(r"е$", "- јам еш еме ете јат в вме вте ја л ла ло ле еше еја"),
        _participle(r"е$", "ен"),
        row(r"е$", "ва ваат ваше вал вала вало вале вајќи ваа"),
    ),
    paradigm(
        r"че$",  # повлече -> повлекол, повлекува
        row(r"че$", "чам чеш чеме чете чат ков кол кла кло кле коа чеше"),
        _participle(r"че$", "чен"),
        row(r"че$", "кува куваат куваше кувал кувала кувале кувајќи"),
    ),
    paradigm(
        r"[шж]е$",  # напише -> напиша
        row(r"е$", "ам еш еме ете ат а ав авме авте аа ал ала ало але еше"),
        _participle(r"е$", "ан"),
    ),
    paradigm(
        r"е$",
        row(r"е$", "ам еш еме ете ат е ов овме овте оа ол ла ло ле еше"),
        _participle(r"е$", "ен"),
    ),
)

FUNCTION_WORDS = frozenset(
    "и во на за од до со со о по при низ кон пред под над преку против без кај меѓу околу долж близу покрај поради зад"
    " како дека да се е сум сме сте беше беа не ни ќе ли кој која кое кои што тоа тој таа тие овој оваа ова овие или"
    " но а ја го ги му ѝ им ме те сите свој своја свои".split()
)


def nouns(word: str) -> set[str]:
    """Singular and plural with all three articles."""
    return by_first(word, NOUNS)


def adjectives(word: str) -> set[str]:
    """All genders with and without article; the word alone when it does not look like an adjective."""
    return by_first(word, ADJECTIVES)


def participles(word: str) -> set[str]:
    """All genders, numbers and articles of a passive participle: запален, ранет."""
    return inflect(word, (row(r"$", _PARTICIPLE),))


def looks_like_participle(word: str) -> bool:
    return word.endswith(("ен", "ан", "ет", "ат"))


def looks_like_adjective(word: str) -> bool:
    return word.endswith(("ски", "чки", "шки", "ен"))


def verbs(word: str) -> set[str]:
    """All forms of a verb from its third person singular, with the imperfective that the press uses for it."""
    return by_first(word, VERBS)


# --- proper names -----------------------------------------------------------------------------------------------

NAMES = (  # in Latin letters, because names are compared across scripts
    paradigm(r"(sk|čk|šk)i$", row(r"i$", "i a o iot ata oto ite")),
    paradigm(r"(sk|čk|šk|n)[ao]$", row(r".$", "i a o iot ata oto ite")),
    paradigm(r"a$", row(r"$", "ta")),
    paradigm(r"[eo]$", row(r"$", "to")),
    paradigm(r"[^aeiou]$", row(r"$", "ot")),
)


def names(word: str) -> set[str]:
    """A proper name, in Latin letters, with its article."""
    return by_first(word, NAMES)
