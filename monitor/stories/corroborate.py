"""Who reports a story on its own authority, and who only passes on what another said. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from monitor.model import Article, Outlet, Role, StoryMember, Voices
from monitor.text.folding import fold
from monitor.text.tokens import tokenise

# Agencies and outlets that others pass on, as they are written, folded; the value is the name the citation gets.
_SPELLINGS = """
Tanjug: tanjug
Beta: beta
FoNet: fonet
Srna: srna
Fena: fena
Hina: hina
MIA: mia
Reuters: reuters, rojters, rojtersa, reutersi
AP: ap, associated press, asosiejted pres
AFP: afp, frans pres, france presse
dpa: dpa
TASS: tass
RIA: ria novosti
Sputnik: sputnik
Anadolu: anadolu, anadolija
Bloomberg: bloomberg
BBC: bbc
CNN: cnn
REL: rel, rfe/rl, rse, radio free europe, radio evropa e lire, radio slobodna evropa, slobodna evropa
VOA: voice of america, voa, zeri i amerikes, glas amerike
DW: deutsche welle, dw, dojce vele
Koha: koha, koha.net
Telegrafi: telegrafi
Kallxo: kallxo, kallxo.com
RTK: rtk
Klan Kosova: klan kosova
KoSSev: kossev
N1: n1
RTS: rts
B92: b92
Danas: danas
Politika: politika
Blic: blic
Kurir: kurir
Novosti: novosti
BIRN: balkan insight, birn
Euronews: euronews
EO: ekonomia online
KosovaPress: kosovapress
Reporteri: reporteri
Indeksonline: indeksonline
Klix: klix
Politico: politico
Guardian: guardian, the guardian
NYT: new york times
FT: financial times
WP: washington post
Le Monde: le monde
Spiegel: der spiegel
Bild: bild
"""
_AGENCIES = {
    spelling: name
    for name, _, spellings in (line.partition(": ") for line in _SPELLINGS.strip().splitlines())
    for spelling in spellings.split(", ")
}
_ALTERNATIVES = "|".join(sorted((re.escape(name) for name in _AGENCIES), key=lambda name: (-len(name), name)))
_KIND = r"the|agjencia|agencija|agencije|agenciju|agencijata|portali|portal|televizija|rtv"
_NAME = rf"[\"'„“”»«]?(?:(?:{_KIND})\s+)*(?P<name>{_ALTERNATIVES})\b"
_SUFFIX = r"(?:-?[a-z]{1,3})?[\"'“”»«]?"
_ACT = "|".join(
    (
        "prenosi|prenose|prenelo|preneo je|prenela(?: je)?|javljaju?|javio je|javila je|pise|pisu|navodi",
        "objavio je|objavila je|izvestava|izvestio je",  # sr
        "raporton|raportoi|shkruan|shkroi|transmeton|njofton|citon|percjell",  # sq
        "javuva|prenesuva|pisuva|objavi|izvestuva",  # mk
        "(?:has )?reported|reports|writes|wrote|said in a report",  # en
    )
)
_BEFORE = "|".join(
    (
        "citon|citojne|citohet nga|percjell|percjellin|transmeton|sipas|referuar|njofton|shkruan|raporton",  # sq
        "prenosi|prenose|javlja|pise|prema pisanju|prema navodima|pozivajuci se na|izvor",  # sr
        "prenesuva|javuva|pisuva|izvestuva|spored|povikuvajki se na",  # mk
        "reported by|according to|citing|quoted by|quoting|via|source",  # en
    )
)
_PATTERNS = (
    re.compile(rf"\b(?:{_BEFORE})\s*:?\s+{_NAME}{_SUFFIX}(?![\w-])"),
    re.compile(rf"\b{_NAME}{_SUFFIX}\s+(?:{_ACT})\b"),
)
_SOURCE_LINE = re.compile(rf"^\(?(?:izvor|burimi|source|izvor)?\s*[:/(]?\s*{_NAME}{_SUFFIX}\)?\.?$")


def cited(article: Article) -> str:
    """The agency or outlet that the article only passes on, "" when it reports itself.

    Title, lead and last sentence are looked at: that is where an article says whose report it is.
    """
    sentences = article.sentences
    heads = [s for s in sentences if s.field != "body"]
    tail = [s for s in sentences[-1:] if s.field == "body"]
    for sentence in heads + tail:
        folded = fold(sentence.text)
        for pattern in (*_PATTERNS, _SOURCE_LINE):
            match = pattern.search(folded)
            if match and _capitalised(match["name"], sentence.text):
                return _AGENCIES[match["name"]]
    return ""


def _capitalised(name: str, text: str) -> bool:
    """Is the name written as one? "danas" is today, "Danas" may be the paper."""
    first = re.split(r"[\W_]", name)[0]
    return any(token.folded == first and token.text[0].isupper() for token in tokenise(text))


def voices(members: Iterable[StoryMember], outlets: Mapping[str, Outlet]) -> Voices:
    """Count the independent voices of a story: owners, without copies and without articles that only cite another.

    An article that cites an agency which nobody else brings stands for that agency: one voice, however many cite it.
    """
    everyone = list(members)
    kept: dict[str, StoryMember] = {}
    citing: dict[str, StoryMember] = {}
    for member in everyone:
        if member.role is Role.COPY:
            continue
        if member.cites:
            citing.setdefault(fold(member.cites), member)
        else:
            kept.setdefault(_outlet(member, outlets).owner_key, member)
    present = {_plain(name) for member in kept.values() for name in _names(_outlet(member, outlets))}
    for agency, member in citing.items():
        if _plain(agency) not in present and not (kept and _outlet(member, outlets).owner_key in kept):
            kept.setdefault("cited:" + agency, member)
    kinds: Counter[str] = Counter()
    for member in kept.values():
        kinds.update(_kinds(_outlet(member, outlets), member))
    shared = [kind for kind, count in sorted(kinds.items()) if count == len(kept)]
    return Voices(
        owners=len(kept),
        languages=tuple(sorted({member.language for member in kept.values()})),
        copies=sum(1 for member in everyone if member.role is Role.COPY),
        only=min(shared, key=_importance, default=""),
        first=min((member.published for member in everyone), default=None),
        last=max((member.published for member in everyone), default=None),
        of_kind=tuple(sorted(kinds.items())),
    )


def _outlet(member: StoryMember, outlets: Mapping[str, Outlet]) -> Outlet:
    return outlets.get(member.outlet) or Outlet(id=member.outlet, name=member.outlet)


def _names(outlet: Outlet) -> tuple[str, ...]:
    return outlet.id, outlet.name, outlet.owner


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(name))


def _kinds(outlet: Outlet, member: StoryMember) -> set[str]:
    kinds = {member.language}
    if outlet.state_affiliated == "yes":
        kinds.add("state_affiliated")
    if outlet.country != "unknown":
        kinds.add(outlet.country)
    return kinds


def _importance(kind: str) -> tuple[int, str]:
    """State-affiliated says most, then the country, then the language."""
    return (0 if kind == "state_affiliated" else 1 if kind.isupper() else 2), kind
