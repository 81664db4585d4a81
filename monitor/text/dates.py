"""Dates that are written out in a text, in English, Albanian, Serbian with its neighbours, and Macedonian. Pure.

A date is a span of days: "29 September" is one day, "in May" a month, "2023" a year. Without a year the latest one
that is not in the future is meant. Relative days ("yesterday", "last week") are no dates.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from monitor.text.tokens import Token, fold_word, tokenise, written_words


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: first and last day, both inclusive, and its place as character offsets."""

    day: date
    until: date
    start: int
    end: int


# --- what the languages call it, folded -------------------------------------------------------------------------

# January to December, every form of each.
_ENGLISH = "january|february|march|april|may|june|july|august|september|october|november|december"
_ENGLISH_SHORT = "jan|feb|mar|apr||jun|jul|aug|sep sept|oct|nov|dec"  # only beside a day
_ALBANIAN_STEMS = "janar shkurt mars prill maj qershor korrik gusht shtator tetor nentor dhjetor".split()
_ALBANIAN_ENDINGS = ["", "i", "it", "in", "u", "ut", "un"]
_SERBIAN = (
    "januar januara januaru januarom|februar februara februaru februarom|mart marta martu martom"
    "|april aprila aprilu aprilom|maj maja maju majem|jun juna junu junom juni|jul jula julu julom juli"
    "|avgust avgusta avgustu avgustom august augusta augustu augustom|septembar septembra septembru septembrom"
    "|oktobar oktobra oktobru oktobrom|novembar novembra novembru novembrom|decembar decembra decembru decembrom"
)
_CROATIAN = (
    "sijecanj sijecnja sijecnju sijecnjem|veljaca veljace veljaci veljacu veljacom|ozujak ozujka ozujku ozujkom"
    "|travanj travnja travnju travnjem|svibanj svibnja svibnju svibnjem|lipanj lipnja lipnju lipnjem"
    "|srpanj srpnja srpnju srpnjem|kolovoz kolovoza kolovozu kolovozom|rujan rujna rujnu rujnom"
    "|listopad listopada listopadu listopadom|studeni studenog studenoga studenom studenome studenomu"
    "|prosinac prosinca prosincu prosincem"
)
_MACEDONIAN = "januari|fevruari|mart|april|maj|juni|juli|avgust|septemvri|oktomvri|noemvri|dekemvri"


def _months(*tables: str) -> dict[str, int]:
    return {
        form: number
        for table in tables
        for number, forms in enumerate(table.split("|"), start=1)
        for form in forms.split()
    }


_SOUTH_SLAVIC = _months(_MACEDONIAN, _CROATIAN, _SERBIAN)
_ALBANIAN = {
    stem + ending: number for number, stem in enumerate(_ALBANIAN_STEMS, start=1) for ending in _ALBANIAN_ENDINGS
}
_MONTHS = {"en": _months(_ENGLISH), "sq": _ALBANIAN, "sr": _SOUTH_SLAVIC, "mk": _SOUTH_SLAVIC}
_ENGLISH_MONTHS = frozenset(_MONTHS["en"]) - frozenset(_SOUTH_SLAVIC)
_SHORT_MONTHS = {"en": _months(_ENGLISH_SHORT)}

# A month without day and year is a date only behind one of these: "may" and "maja" (also Maja) are other words too.
_BEFORE_MONTH = {
    "en": frozenset("in since last until till by from during early late mid of this between".split()),
    "sq": frozenset("ne gjate qysh deri prej muajin muajit muaj nga fund fillim mes".split()),
    "sr": frozenset("u od do tokom krajem pocetkom sredinom polovinom tijekom mesecu mjesecu za prosle prosli".split()),
    "mk": frozenset("vo od do kon kraj pocetok na sredinata mesec".split()),
}
_LINKS_TO_YEAR = frozenset("of te vitit viti vit vitin this godine".split())  # 24 shtator të vitit 2023
_DAY_ENDINGS = frozenset("ti vi ri mi og st nd rd th of".split())  # 29-ти мај, 29th of May
_YEAR_WORDS = frozenset(
    "in since year years of until by during vit viti vitin vitit godine godina godinu godini godinata"
    " u od do vo".split()
)
_QUANTITY_WORDS = frozenset(
    "over about around nearly almost than some rreth mbi afro oko preko skoro okolu nad".split()
)
_UNITS = frozenset(
    "euro euros eur dollars usd metres meters metra metara km kilometra kilometara kg soldiers troops people persons"
    " men ushtare trupa veta persona vojnika ljudi osoba vojnici luge denari dinara sati".split()
)

_NUMERIC = re.compile(
    r"(?<![\d.,/-])(?:(\d{1,2})([./-]) ?(\d{1,2})\2 ?((?:19|20)\d\d)|((?:19|20)\d\d)-(\d\d)-(\d\d))(?!\d)"
)
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DECADE = re.compile(r"((?:19|20)\d)0s")
_GLUE = re.compile(r"[\s.–-]{0,3}")
_YEAR_GLUE = re.compile(r"[\s.,]{1,3}")
_DASH = re.compile(r"\s?[–-]\s?")
_IN_A_NUMBER = re.compile(r"[$€£#]\s?$|\d[.,/:]$")
_DIGIT = re.compile(r"\d")
_OF_A_NUMBER = re.compile(r"\s?[%€$]|[.,/:]\d")
_TOMORROW = timedelta(days=1)  # a dateline east of us may be a day ahead


def find_dates(
    text: str, language: str, published: date, tokens: Sequence[Token] | None = None
) -> tuple[FoundDate, ...]:
    """The dates in `text` in order of place; `published` is the day by which missing years are found.

    An unknown language is read with the month names of all four. `tokens` are those of `text`, if they are at hand.
    """
    words = _words_of(language)
    has_month = not words.names.isdisjoint(map(fold_word, written_words(text)))
    has_digit = _DIGIT.search(text) is not None
    if not has_month and not has_digit:
        return ()
    tokens = tokenise(text) if tokens is None else tokens
    spans = [*_with_months(text, tokens, words, published)] if has_month else []
    if not has_digit:
        return tuple(spans)
    spans += _numeric(text)
    taken = {place for span in spans for place in range(span.start, span.end)}
    spans += [year for year in _years(text, tokens) if year.start not in taken]
    return tuple(sorted(spans, key=lambda found: (found.start, found.end)))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words for months in one language, or in all."""

    months: dict[str, int]
    short: dict[str, int]
    names: frozenset[str]  # all of both
    before: frozenset[str]
    day_may_follow: bool  # September 29


@lru_cache(maxsize=8)
def _words_of(language: str) -> _Words:
    codes = (language,) if language in _MONTHS else tuple(_MONTHS)
    months = {form: month for code in codes for form, month in _MONTHS[code].items()}
    short = {form: month for code in codes for form, month in _SHORT_MONTHS.get(code, {}).items()}
    return _Words(
        months,
        short,
        frozenset((*months, *short)),
        frozenset(word for code in codes for word in _BEFORE_MONTH[code]),
        day_may_follow="en" in codes,
    )


def _numeric(text: str) -> Iterator[FoundDate]:
    """13.3.2024, 13/03/2024, 29. 5. 2023. and 2024-03-13; the day comes first unless it cannot."""
    for found in _NUMERIC.finditer(text):
        first, _, second, year, iso_year, iso_month, iso_day = found.groups()
        if iso_year:
            day = _day(int(iso_year), int(iso_month), int(iso_day))
        else:
            day = _day(int(year), int(second), int(first)) or _day(int(year), int(first), int(second))
        if day:
            yield FoundDate(day, day, found.start(), found.end())


def _with_months(text: str, tokens: Sequence[Token], words: _Words, published: date) -> Iterator[FoundDate]:
    """Dates around the name of a month."""
    for place, token in enumerate(tokens):
        month = words.months.get(token.folded)
        if not month and token.folded not in words.short:
            continue
        days, first = _days_before(text, tokens, place)
        last = place
        if not days and words.day_may_follow:
            days, last = _days_after(text, tokens, place)
        if days and not month:
            month = words.short.get(token.folded)
        if not month or (token.folded in _ENGLISH_MONTHS and token.text[0].islower()):
            continue
        year, last = _year_after(text, tokens, last, comma=bool(days))
        if not days and not year and not _stands_alone(tokens, place, words):
            continue
        span = _span(month, days, year, published)
        if span:
            yield FoundDate(*span, tokens[first].start, tokens[last].end)


def _days_before(text: str, tokens: Sequence[Token], place: int) -> tuple[tuple[int, ...], int]:
    """The days in "29. maja", "29th of May", "24-25 shtator", and the token they begin at; () without any."""
    at = place - 1
    if at > 0 and tokens[at].folded in _DAY_ENDINGS:
        at -= 1
    if at < 0 or not (day := _as_day(tokens[at])) or not _GLUE.fullmatch(text, tokens[at].end, tokens[at + 1].start):
        return (), place
    if at > 0 and (first := _as_day(tokens[at - 1])) and _DASH.fullmatch(text, tokens[at - 1].end, tokens[at].start):
        return (first, day), at - 1
    return (day,), at


def _days_after(text: str, tokens: Sequence[Token], place: int) -> tuple[tuple[int, ...], int]:
    """The day in "September 29", and the token it ends at."""
    at = place + 1
    if (
        at >= len(tokens)
        or not (day := _as_day(tokens[at]))
        or not _GLUE.fullmatch(text, tokens[place].end, tokens[at].start)
    ):
        return (), place
    if (
        at + 1 < len(tokens)
        and (last := _as_day(tokens[at + 1]))
        and _DASH.fullmatch(text, tokens[at].end, tokens[at + 1].start)
    ):
        return (day, last), at + 1
    return (day,), at


def _year_after(text: str, tokens: Sequence[Token], place: int, *, comma: bool) -> tuple[int, int]:
    """The year that follows the month or day, and the token it is; 0 without one."""
    at = place + 1
    while at < len(tokens) and at <= place + 2 and tokens[at].folded in _LINKS_TO_YEAR:
        at += 1
    glue = _YEAR_GLUE if comma else _GLUE
    if (
        at < len(tokens)
        and _YEAR.fullmatch(tokens[at].text)
        and glue.fullmatch(text, tokens[at - 1].end, tokens[at].start)
    ):
        return int(tokens[at].text), at
    return 0, place


def _stands_alone(tokens: Sequence[Token], place: int, words: _Words) -> bool:
    """Is a month without day and year meant as one? Only English writes it with a capital: Maja is a person."""
    written = tokens[place].folded in _ENGLISH_MONTHS or tokens[place].text[0].islower()
    return written and place > 0 and tokens[place - 1].folded in words.before


def _span(month: int, days: tuple[int, ...], year: int, published: date) -> tuple[date, date] | None:
    """The first and last day that are meant; None for a day that does not exist."""
    years = [year] if year else [published.year, *range(published.year - 1, published.year - 9, -1)]
    for candidate in years:
        first = _day(candidate, month, days[0] if days else 1)
        last = _day(candidate, month, days[-1] if days else monthrange(candidate, month)[1])
        if first and last and first <= last and (year or first <= published + _TOMORROW):
            return first, last
    return None


def _years(text: str, tokens: Sequence[Token]) -> Iterator[FoundDate]:
    """Years and decades that stand alone: in 1999, 2023. godine, the 1990s."""
    for place, token in enumerate(tokens):
        if not token.text[0].isdigit():
            continue
        if decade := _DECADE.fullmatch(token.text):
            start = int(decade[1]) * 10
            yield FoundDate(date(start, 1, 1), date(start + 9, 12, 31), token.start, token.end)
        elif _YEAR.fullmatch(token.text) and _is_year(text, tokens, place):
            yield FoundDate(date(int(token.text), 1, 1), date(int(token.text), 12, 31), token.start, token.end)


def _is_year(text: str, tokens: Sequence[Token], place: int) -> bool:
    before = tokens[place - 1].folded if place else ""
    after = tokens[place + 1].folded if place + 1 < len(tokens) else ""
    token = tokens[place]
    if _IN_A_NUMBER.search(text, max(0, token.start - 2), token.start) or _OF_A_NUMBER.match(text, token.end):
        return False
    if before in _YEAR_WORDS or after in _YEAR_WORDS:
        return after not in _UNITS
    return before not in _QUANTITY_WORDS and after not in _UNITS and token.text != "2000"


def _as_day(token: Token) -> int:
    found = _DAY.fullmatch(token.folded)
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else 0


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
