"""Numbers in running text, with what they count: digits and words, in five languages. Pure.

Units are language-independent classes ("soldier", "vehicle", "hour"), so "pesë ushtarë" is "5 soldiers".
Years, days of a month and clock times are not numbers here (dates are read by monitor.text.dates).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.text.tokens import Token, tokenise

# Beginnings of folded words. A class is what may be compared across languages: figures of one class can contradict.
_UNITS = """
soldier: soldier troop serviceman servicemen peacekeep ushtar trupa trupat trupave paqeruajt vojnik vojnic
    vojsk mirovnjak mirovnjac pripadnik voin
police: police policeman policemen officer polic policaj policist zyrtar sluzbenik oficer
attacker: gunm attacker assailant sulmues napadac napagjac
killed: killed dead death fatalit die vrar vdekur viktim ubijen poginul zrtav ubien zagin
wounded: wounded injured hurt injur plagos lendua lenduar ranjen povredjen povreden povrijed ranet raneti
arrested: arrest detain suspect arrestua dyshuar uhapsen priveden osumnjicen apsen osomnicen
person: people person civilian man men woman women child resident citizen protester njerez persona qytetar
    protestues burra femij ljud osob osoba lica gradjan gradan demonstrant zena muskar dec deca dete lugje
    luge gragjan zeni serb srb migrant azil student worker punetor radnik putnik pasagjer passenger
vehicle: vehicle truck lorr tank car carrier bus automjet mjete kamion makin tenk vozil automobil autobus
    transporter
aircraft: aircraft drone helicopter plane jet dron helikopter avion aeroplan letelic
weapon: rifle weapon gun pistol launcher missile rocket grenade mine pushk armes armet granatahedhes raket
    granat pusk pusak oruzj bacac bomb oruzje
round: round bullet cartridge fishek municion metak metk metci municij kursum
kilogram: kilogram kilo kg kilos
tonne: tonne ton tons tonel tona
metre: metre meter metra metri metar
kilometre: kilometre kilometer km kilomet
house: house home shtepi kuc kukj building ndertes zgrad objek apartment banes
time: second minute hour day week month year sekond minut ore oresh dite dit jave muaj muajsh vit vjet vjec
    sat cas dan dana nedelj sedmic mesec mjesec godin sekund vec den dena nedel weeks
money: euro dollar pound dinar million milion milijard denar evr dolar
percent: percent percentage perqind odst posto procent otsto
vote: vote votes vota glas
"""
# Beginnings that may only be followed by two letters more: they are also the beginning of other words.
_SHORT = frozenset("ton car die gun men man jet bus kg km cas sat dan dit den ore vit serb srb dec gra".split())
_WORDS: dict[int, str] = {
    2: "two dy dva dve dvije dvojica dvoje",
    3: "three tre tri trojica troje trojca",
    4: "four kater cetiri cetvorica cetvoro cetvorica",
    5: "five pese pet petorica petoro",
    6: "six gjashte sest sestorica sestoro shest",
    7: "seven shtate sedam sedmorica sedmoro sedum",
    8: "eight tete osam osmorica osmoro osum",
    9: "nine nente devet devetorica devetoro",
    10: "ten dhjete deset desetorica desetoro",
    11: "eleven njembedhjete jedanaest edinaeset",
    12: "twelve dymbedhjete dvanaest dvanaeset",
    13: "thirteen trembedhjete trinaest trinaeset",
    14: "fourteen katermbedhjete cetrnaest cetirinaeset",
    15: "fifteen pesembedhjete petnaest petnaeset",
    16: "sixteen gjashtembedhjete sesnaest sesnaeset",
    17: "seventeen shtatembedhjete sedamnaest sedumnaeset",
    18: "eighteen tetembedhjete osamnaest osumnaeset",
    19: "nineteen nentembedhjete devetnaest devetnaeset",
    20: "twenty njezet dvadeset dvaeset",
    30: "thirty tridhjete trideset trieset",
    40: "forty dyzet cetrdeset cetirieset",
    50: "fifty pesedhjete pedeset",
    60: "sixty gjashtedhjete sezdeset seeset",
    70: "seventy shtatedhjete sedamdeset sedumdeset",
    80: "eighty tetedhjete osamdeset osumdeset",
    90: "ninety nentedhjete devedeset",
    100: "njeqind stotinu",
    200: "dyqind dvesta dvjesta dvesta",
}
_SCALES: dict[int, str] = {
    100: "hundred qind stotina",
    1_000: "thousand mije hiljada hiljade hiljadu tisuca iljadi iljada",
    1_000_000: "million milion milione milijun milijuna miliona milioni",
    1_000_000_000: "billion miliard miliarde milijarda milijarde milijardi milijardu",
}
# Words that are numbers in one language and something else in another.
_ONLY_IN = {
    "pet": "sr mk",
    "die": "en",
    "tre": "sq",
    "dy": "sq",
    "ten": "en",
    "six": "en",
    "seven": "en",
}

_WORD_VALUE = {word: value for value, words in _WORDS.items() for word in words.split()}
_SCALE_VALUE = {word: value for value, words in _SCALES.items() for word in words.split()}
_UNIT_STARTS = {
    stem: unit
    for unit, _, stems in (line.partition(":") for line in re.sub(r"\n +", " ", _UNITS).strip().splitlines())
    for stem in stems.split()
}

_FIGURE = re.compile(r"(?<![\w.,:/-])\d{1,3}(?:[., \u00a0]\d{3})+(?!\d)|(?<![\w:/.,])\d+(?:[.,]\d+)?(?![.,/]?\d)")
_CLOCK = re.compile(
    r"\d{4}-\d\d-\d\dT?[\d:]*|\d{1,2}:\d{2}|\b\d{1,2}\.\d{2}(?=\s*(?:h\b|časova|sati|часа|часова))", re.IGNORECASE
)
_HOUR_BEFORE = frozenset("ores ora orën oren oko around about at".split())
_MONTHS = (
    "jan feb mar apr maj may jun jul aug avg sep sept oct okt nov dec dek shkurt prill qershor korrik gusht "
    "shtator tetor  nentor dhjetor sijec ozujk travanj svibanj lipanj srpanj kolovoz rujan rujna listopad "
    "studen prosin mart august januar  februar"
).split()
_LOOK_AHEAD = 4  # words between a figure and what it counts: "23 heavily armed Serbian soldiers"


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a text. `value` is normalised digits; `unit` a class, or the folded next word's stem, or ""."""

    value: str
    unit: str
    known_unit: bool
    start: int
    end: int


def unit_of(folded: str) -> str:
    """The unit class of a folded word, "" when it is none."""
    for length in range(min(len(folded), 14), 1, -1):
        stem = folded[:length]
        unit = _UNIT_STARTS.get(stem)
        if unit and (stem not in _SHORT or len(folded) <= length + 2):
            return unit
    return ""


def find_numbers(text: str, language: str, tokens: tuple[Token, ...] | None = None) -> tuple[FoundNumber, ...]:
    """The numbers of one sentence in order. `language`, a two-letter code, decides what . and , mean in figures.

    `tokens`: those of the text, when the caller has them.
    """
    tokens = tokenise(text) if tokens is None else tokens
    clocks = [(found.start(), found.end()) for found in _CLOCK.finditer(text)]
    places = {token.start: index for index, token in enumerate(tokens)}
    found = []
    for figure in _FIGURE.finditer(text):
        index = places.get(figure.start())
        if index is None or any(start <= figure.start() < end for start, end in clocks):
            continue
        after = index
        while after < len(tokens) and tokens[after].start < figure.end():
            after += 1
        value = _value(figure[0], language)
        if value and not _is_date(figure[0], text, figure.end(), tokens, index, after):
            found.append(_counted(value, figure.start(), figure.end(), text, tokens, after))
    index = 0
    while index < len(tokens):
        if _spells_number(tokens[index], language):
            number, index = _words(text, tokens, index)
            found.append(number)
        else:
            index += 1
    return tuple(sorted(found, key=lambda number: (number.start, number.end)))


def _spells_number(token: Token, language: str) -> bool:
    return token.folded in _WORD_VALUE and language in _ONLY_IN.get(token.folded, language)


def _words(text: str, tokens: Sequence[Token], index: int) -> tuple[FoundNumber, int]:
    """A number written in words ("twenty five", "dvadeset i pet", "njëzet e pesë"), and the index of the next token."""
    value, after = _WORD_VALUE[tokens[index].folded], index + 1
    joint = after + 1 if after < len(tokens) and tokens[after].folded in {"i", "e", "and"} else after
    if value >= 20 and joint < len(tokens):
        ones = _WORD_VALUE.get(tokens[joint].folded, 0)
        if 0 < ones < (10 if value < 100 else 100):
            value, after = value + ones, joint + 1
    number = _counted(str(value), tokens[index].start, tokens[after - 1].end, text, tokens, after)
    while after < len(tokens) and tokens[after].start < number.end:
        after += 1
    return number, after


def _value(figure: str, language: str) -> str:
    """Digits without separators; a decimal part after a point; "" for figures no one compares (over 15 digits)."""
    spaced = figure.replace("\u00a0", " ").replace(" ", "")
    point = "." if language == "en" else ","
    thousands = "," if language == "en" else "."
    groups = re.split(r"[.,]", spaced)
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and (len(groups) > 2 or thousands in spaced):
        spaced = "".join(groups)
    else:
        spaced = (
            spaced.replace(thousands if point in spaced else "", "")
            if point in spaced and thousands in spaced
            else spaced
        )
        spaced = spaced.replace(",", ".")
    if "." in spaced:
        spaced = spaced.rstrip("0").rstrip(".")
    return spaced.lstrip("0") if len(spaced) <= 15 else ""


def _is_date(figure: str, text: str, end: int, tokens: Sequence[Token], index: int, after: int) -> bool:
    """Is this a year, a day of a month or an hour rather than a count?"""
    following = tokens[after].folded if after < len(tokens) else ""
    before = tokens[index - 1].folded if index else ""
    if figure.isdigit() and len(figure) == 4 and figure[:2] in {"19", "20"}:
        return not unit_of(following) or text[end : end + 1] in ".,)" or unit_of(following) == "time"
    if figure.isdigit() and len(figure) <= 2:
        if following and following.startswith(tuple(_MONTHS)) and int(figure) <= 31:
            return True
        month_before = before not in {"may", "maj"} and before.startswith(tuple(_MONTHS))
        if month_before and not (index > 1 and tokens[index - 2].text.isdigit()):
            return True
        if following[:2] in {"am", "pm"} and len(following) == 2:
            return True
        return text[end : end + 1] == "." and text[end + 1 : end + 3].strip()[:1].isdigit()
    return before in _HOUR_BEFORE and "." in figure and len(figure) <= 5 and not unit_of(following)


def _counted(value: str, start: int, end: int, text: str, tokens: Sequence[Token], after: int) -> FoundNumber:
    if after < len(tokens) and (scale := _SCALE_VALUE.get(tokens[after].folded)):
        value = str(round(float(value) * scale))
        end, after = tokens[after].end, after + 1
    if text[end : end + 2].strip().startswith("%"):
        return FoundNumber(value, "percent", True, start, end)
    if text[end : end + 2].strip()[:1] in {"€", "$", "£"} or text[start - 1 : start] in {"€", "$", "£"}:
        return FoundNumber(value, "money", True, start, end)
    for token in tokens[after : after + _LOOK_AHEAD]:
        if re.search(r"[.;:!?()]", text[end : token.start]):
            break
        if unit := unit_of(token.folded):
            return FoundNumber(value, unit, True, start, end)
    stem = tokens[after].folded[:5] if after < len(tokens) and tokens[after].start - end == 1 else ""
    return FoundNumber(value, stem, False, start, end)
