"""Albanian words and their forms. Pure.

Nouns take case endings with and without article; ë is written, written as e, or left out: `spellings` gives all three.
"""

from __future__ import annotations

from itertools import combinations

from monitor.rules.definitions import Kind
from monitor.rules.forms.paradigm import by_first, inflect, irregular, paradigm, row

# --- nouns and adjectives ---------------------------------------------------------------------------------------

_MASCULINE_I = "i it in"
_PLURAL_E = "e et eve esh"
_PLURAL_Ë = "ë ët ëve ësh"

NOUNS = (
    paradigm(
        r"jë$",  # shtëpjë, Jarinjë
        row(r"ë$", "a ën ës e at ave ash ët ëve"),
    ),
    paradigm(
        r"ë$",  # forcë -> forca, forcës
        row(r"ë$", "a ën ës e at ave ash ët ëve ësh en es"),
    ),
    paradigm(
        r".{3}je$",  # vrasje -> vrasja, vrasjes
        row(r"e$", "a en es et eve esh eje"),
    ),
    paradigm(
        r"ër$",  # letër -> letra, numër -> numri
        row(r"ër$", "ra rën rës re rat rave rash ri rin rit"),
    ),
    paradigm(
        r"ëm$",  # terrorizëm -> terrorizmi
        row(r"ëm$", "mi min mit ma mat mave me met meve"),
    ),
    paradigm(
        r"(im|um)$",  # kërcënim -> kërcënimet
        row(r"$", f"{_MASCULINE_I} {_PLURAL_E}"),
    ),
    paradigm(
        r"(ues|ës)$",  # sulmues -> sulmuesit; feminine sulmuese
        row(r"$", "i it in ve e ja en es et eve sh"),
    ),
    paradigm(
        r"^kufi$|^kalli$|^dru$",  # kufi -> kufiri, kufij
        row(r"$", "ri rin rit j jtë jve nj njtë njve jsh rë jtë jt jet"),
    ),
    paradigm(
        r"i$",  # ushtri -> ushtria, ushtrisë
        row(r"$", "a në së e të ve sh ja es"),
        row(r"ci$", "cja cjes cjen"),
    ),
    paradigm(
        r"(or|ak|ik|tar|ar|er|an|as|ist|ant|ent|et|it|ot|on)$",  # persons and adjectives: ushtarak, polic, ushtar
        row(r"$", f"{_MASCULINE_I} {_PLURAL_Ë} {_PLURAL_E}"),
        row(r"[kg]$", "ku kut kun"),
        row(r"r$", "rja res ren"),
    ),
    paradigm(
        r"[kgh]$",  # bllok -> bllokut
        row(r"$", f"u ut un a at ave {_PLURAL_Ë} {_PLURAL_E}"),
    ),
    paradigm(
        r"[eao]$",  # depo -> depoja, depos
        row(r"$", "ja s n jes në së t ve sh jën jës"),
    ),
    paradigm(r"[uy]$", row(r"$", "a në së n t ve sh ja")),
    paradigm(
        r"[^aeiouyë]$",  # sulm, polic
        row(r"$", f"{_MASCULINE_I} {_PLURAL_Ë} {_PLURAL_E} a at ave"),
    ),
)

ADJECTIVES = (
    paradigm(
        r"(or|ak|ik|ar|an|iv|al|ist|ant|ent|ez|bl|nd|uar|yer|ur|ër)$", row(r"$", "e ë a it i ët ave et eve in ën")
    ),
    paradigm(r"ë$", row(r"ë$", "a e at ave ët ëve ës ën")),
    paradigm(r"[ea]$", row(r"[ea]$", "- e a ë ët at ave et eve")),  # in agreement: blinduara, serbe
)

# --- verbs ------------------------------------------------------------------------------------------------------

_PARTICIPLE = "uar uara uari uarit uarin uarve uarën uarat uarët"
VERBS = (
    paradigm(
        r"oj$",  # sulmoj
        row(r"oj$", "oj on ojmë oni ojnë ojë osh o ova ove oi uam uat uan ua oje onte onim onit onin"),
        row(r"oj$", "ohet ohem ohesh ohemi oheni ohen ohej oheshin oheshim ohu ofsha oftë ofshin"),
        row(r"oj$", _PARTICIPLE),
    ),
    paradigm(
        r"(j)ej$|uaj$|yej$",  # kthej, rrethuaj, thyej
        row(r"ej$", "ej en ejmë eni ejnë ejë esh eva eve eu yem yet yen yer yera eja ente enin ehet ehen ehej"),
        row(r"uaj$", "uaj uan uajmë uani uajnë ova ove oi uam uat uar uhet uhen"),
    ),
    paradigm(
        r"ej$", row(r"ej$", "ej en ejmë eni ejnë ejë esh eva eve eu yem yet yen yer yera eja ente enin ehet ehen")
    ),
    paradigm(r"ij$", row(r"ij$", "ij in ijmë ini ijnë ijë isha inte inin iva ive iu imë itë inë irë ihet ihen ihej")),
    paradigm(r"yj$", row(r"yj$", "yj yn yjmë yni yjnë yjë yra yre yri ymë ytë ynë yrë ynte ynin yhet yhen")),
    paradigm(
        r"[^aeiouyë]$",  # vendos, plagos
        row(r"$", "im ni in ë a e i ëm ët ën ur ura urit urve et en em ej eshin te nin ja je nte"),
    ),
    paradigm(r"$", row(r"$", "-")),
)

FUNCTION_WORDS = frozenset(
    "në nga me për pa pas para mbi nën te tek tej drejt kundër afër pranë përgjatë gjatë deri prej ndër ndaj rreth mes"
    " midis dhe ose por që se si kur nuk s' mos një ky kjo këtë ai ajo këto këta atë tij saj tyre do po u ka kanë"
    " kishte është janë ishte ishin jam jemi më ma ia ua im ynë jonë disa çdo".split()
)
LINKING = frozenset("i e të së".split())  # the article between a noun and its attribute: any stands for any


def nouns(word: str) -> set[str]:
    """All cases of a noun, singular and plural, with and without article."""
    return by_first(word, NOUNS) | irregular("albanian_plurals").get(word, frozenset())


def adjectives(word: str) -> set[str]:
    """All genders and numbers of an adjective; the word alone when it does not look like one."""
    return by_first(word, ADJECTIVES)


def verbs(word: str) -> set[str]:
    """All forms of a verb from its first person singular."""
    return set(irregular("albanian_verbs").get(word, ())) or by_first(word, VERBS)


def looks_like_verb(word: str) -> bool:
    return word in irregular("albanian_verbs") or (word.endswith(("oj", "ej", "ij", "yj", "uaj")) and len(word) > 3)


def plural_definite(word: str) -> set[str]:
    """The cases of a word given in the definite plural: Shtetet -> Shteteve, Forcat -> Forcave."""
    return inflect(word, (row(r"([eaë])t$", r"\1t \1ve \1 \1sh"),))


def spellings(form: str) -> set[str]:
    """The form with any of its ë left out; the form itself (whose ë folding turns into e) is not among them."""
    places = [place for place, letter in enumerate(form) if letter in "ëË"][:3]
    chosen = (set(some) for count in range(1, len(places) + 1) for some in combinations(places, count))
    return {"".join(letter for place, letter in enumerate(form) if place not in some) for some in chosen}


# --- proper names -----------------------------------------------------------------------------------------------

_MAN_IN_I = paradigm(r"[iy]$", row(r"$", "t n u ut un it in"))  # Kurti, Kurtit
_LAND_IN_I = paradigm(r"[iy]$", row(r"$", "a në së e"))  # Serbi, Serbisë
_EITHER_IN_I = paradigm(r"[iy]$", *_MAN_IN_I.rows, *_LAND_IN_I.rows)
NAMES = (
    paradigm(
        r"([^aeiou]|[aeo])ia$|ja$",  # a name written with its article: Policia, Lëvizja
        row(r"ia$", "i ia ie inë isë"),
        row(r"ja$", "je ja jen jes jën jës"),
    ),
    paradigm(r"[ëa]$", row(r"[ëa]$", "a ë e ën ës en es at ave")),  # Kosovë, Sveçla
    paradigm(r"e$", row(r"e$", "e ja en es ën ës eja")),  # Merdare
    paradigm(r"o$", row(r"$", "ja s n t")),
    paradigm(r"u$", row(r"$", "t n a ja")),
    paradigm(r"aj$", row(r"$", "t n i it in")),  # Haradinaj
    paradigm(r"[kgh]$", row(r"$", "u ut un i it in")),
    paradigm(r"$", row(r"$", "i it in u")),
)


def names(word: str, kind: Kind = "thing") -> set[str]:
    """All cases of a proper name; persons and places in -i are declined differently."""
    in_i = {"person": _MAN_IN_I, "place": _LAND_IN_I}.get(kind, _EITHER_IN_I)
    return by_first(word, (in_i, *NAMES)) | inflect(word, (row(r"c$", "ci cit cin"),))
