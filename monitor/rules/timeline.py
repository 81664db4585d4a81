"""The timeline: which sentences of an article are news and which are history. Pure.

A sentence gets its time in this order: it retells a known event; it carries a date; a background cue says so; it goes
on from an old sentence; otherwise it is now. The title and the lead never go on from anything, and a cue of now in
them ("this morning") shields them from known events: a new attack in the old place is news.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from monitor.rules.condition import Index, bits, find
from monitor.rules.reading import Hit, Reading, SentenceReading
from monitor.rules.ruleset import CUE_BACKGROUND, CUE_CARRY, CUE_NOW, DAY, KnownEvent, TimeRule
from monitor.text.dates import FoundDate, find_dates
from monitor.text.folding import fold

# "Kurti said today that the attack …": a cue of now right before these words times the saying, not the attack.
SAYING = {"en": ("that",), "sq": ("se",), "sr": ("da", "kako"), "mk": ("deka",)}  # folded
# Verbs that a cue of now may time instead of the attack; folded, all languages.
SAID = frozenset(
    "said says told wrote stated accused accuses urged urges called calls demanded demands warned warns"
    " condemned blamed denied tha thane thote deklaroi shkroi theksoi kerkoi akuzoi fajesoi denoi paralajmeroi"
    " mohoi rekao rekla kazao kazala izjavio izjavila porucio porucila naveo navela istakao istakla optuzio"
    " optuzila optuzili zatrazio zatrazila pozvao pozvala upozorio upozorila osudio osudila negirao negirala"
    " rece izjavi poraca poruci istakna obvini pobara povika predupredi osudi negira".split()
)
# "the first since September 2023" lasts until now. Folded; a bare sr/mk "od" also dates a thing ("the act of 3 May").
SINCE = re.compile(
    r"\b(since|ever since|qe nga|qysh nga|qe prej|prvi put od|najvec\w* od|jos od|prv pat od|uste od)\s+$"
)
LONG_PAST = 300  # days: a day without a year that long ago is rather the one to come ("from 1 July", in June)
_YEAR = re.compile(r"(19|20)\d\d")
CARRY_REACH = 2  # sentences of one paragraph that an old one takes along: a text without paragraphs is no paragraph


@dataclass(frozen=True, slots=True)
class SentenceTime:
    """What is known of one sentence's time; several may hold at once, `why_ignored` weighs them for a rule."""

    event: str = ""  # label of the known event it retells
    since: date | None = None  # the latest date in it, as a span of days
    until: date | None = None
    background: str = ""  # the words that say so
    goes_on: int | None = None  # the sentence that this one has its time from

    @property
    def is_now(self) -> bool:
        return not self.event and self.until is None and not self.background


def timeline(
    reading: Reading, index: Index, events: Sequence[KnownEvent], people: Collection[str] = ()
) -> tuple[SentenceTime, ...]:
    """The time of every sentence. `people` are the ids of actors who are persons."""
    dates = [_dates(number, reading) for number in range(len(reading.sentences))]
    retold, shielded = _retold(reading, index, dates, events, people)
    times: list[SentenceTime] = []
    reach = 0
    for number, sentence in enumerate(reading.sentences):
        # The day of an event says how old the event is, not how old what follows from it.
        of_events = [event.day for event, mask in (*retold, *shielded) if mask >> number & 1]
        own = _own_time(number, reading, index, [one for one in dates[number] if not _any_within(one, of_events)])
        event = next((event.label for event, mask in retold if mask >> number & 1), "")
        own = replace(own, event=event)
        reach = reach + 1 if own.is_now else 0
        open_to_carry = own.is_now and sentence.sentence.field == "body" and not _has(index, CUE_NOW, number)
        if open_to_carry and times and not times[-1].is_now and _goes_on(reading, number, reach):
            came_from = times[-1].goes_on
            own = replace(times[-1], goes_on=number - 1 if came_from is None else came_from)
        times.append(own)
    return tuple(times)


def _retold(
    reading: Reading,
    index: Index,
    dates: Sequence[Sequence[FoundDate]],
    events: Sequence[KnownEvent],
    people: Collection[str],
) -> tuple[list[tuple[KnownEvent, int]], list[tuple[KnownEvent, int]]]:
    """Known events with the sentences (bits) that retell them, and with those in which a cue of now shields them."""
    head = index.fields.get("title", 0) | index.fields.get("lead", 0)
    retold: list[tuple[KnownEvent, int]] = []
    shielded: list[tuple[KnownEvent, int]] = []
    for event in events:
        happened = datetime.combine(event.day, time(tzinfo=UTC))
        if reading.article.published <= happened + timedelta(seconds=event.live_for):
            continue
        found = find(event.about, index)
        if found is None:
            continue
        known = _known(event, index, dates)
        cues = index.masks.get(CUE_NOW, 0) & found.sentences
        now = sum(1 << number for number in bits(cues) if _is_new(reading, number, people, known.get(number)))
        # One cue speaks for title and lead together: a headline seldom says "today", its lead does.
        shield = found.sentences & head if found.sentences & head & now else 0
        fresh = 0 if event.known_by is None else (head | now) & ~sum(1 << number for number in known)
        shielded.append((event, shield))
        retold.append((event, found.sentences & ~shield & ~fresh))
    return retold, shielded


def _known(event: KnownEvent, index: Index, dates: Sequence[Sequence[FoundDate]]) -> dict[int, int]:
    """The sentences that bear a mark of the old event, with the first word of the mark (-1: the mark is a date, or in
    the title, which speaks for the lead)."""
    if event.known_by is None:
        return {}
    known: dict[int, int] = {}
    marked = find(event.known_by, index)
    for number, hit in marked.hits if marked else ():
        known[number] = min(hit.first, known.get(number, hit.first))
    dated = (number for number, some in enumerate(dates) if any(_any_within(one, [event.day]) for one in some))
    known |= {number: -1 for number in dated if number not in known}
    if any(number in known for number in bits(index.fields.get("title", 0))):
        known |= {number: -1 for number in bits(index.fields.get("lead", 0)) if number not in known}
    return known


def _is_new(reading: Reading, number: int, people: Collection[str], mark: int | None) -> bool:
    """Does a cue of now in this sentence say when something happened, and not only when a person spoke of it?

    What a politician said today is the usual way an old attack is told again; what the police said today is not.
    Of eight retellings of one attack in the lead, six fired as a new one without this and two with it;
    of four new attacks in the same place it lost none. Where the sentence bears a mark of the old event (its first
    word is `mark`), only a cue before the mark counts, and only if it times no saying at all.
    """
    sentence = reading.sentences[number]
    that = SAYING.get(reading.article.language, ())
    first_person = min((hit.first for hit in sentence.hits if hit.concept in people), default=len(sentence.tokens))
    for cue in sentence.hits_of((CUE_NOW,)):
        behind = [token.folded for token in sentence.tokens[cue.last + 1 : cue.last + 3]]
        if first_person < cue.first and any(word in that for word in behind):
            continue
        if mark is not None and (cue.first > mark >= 0 or first_person < cue.first or _times_a_saying(sentence, cue)):
            continue
        return True
    return False


def _times_a_saying(sentence: SentenceReading, cue: Hit) -> bool:
    """Does a verb of saying stand right beside the cue: "said on Monday", "rekao je u ponedeljak"?"""
    beside = (*sentence.tokens[max(0, cue.first - 2) : cue.first], *sentence.tokens[cue.last + 1 : cue.last + 3])
    return any(token.folded in SAID for token in beside)


def _dates(number: int, reading: Reading) -> tuple[FoundDate, ...]:
    """The dates in a sentence that are the time of what it says."""
    article, sentence = reading.article, reading.sentences[number]
    text, published = sentence.sentence.text, article.published.date()
    found = find_dates(text, article.language, published)
    return tuple(one for one in found if _tells_when(text, one, published))


def _any_within(found: FoundDate, days: Sequence[date]) -> bool:
    return any(found.day <= day <= found.until for day in days)


def _own_time(number: int, reading: Reading, index: Index, dates: Sequence[FoundDate]) -> SentenceTime:
    """What the sentence says of its time. The latest date counts."""
    until, since = max(((one.until, one.day) for one in dates), default=(None, None))
    if not _has(index, CUE_BACKGROUND, number) or _has(index, CUE_NOW, number):
        return SentenceTime(since=since, until=until)
    words = reading.sentences[number].words(index.hits[CUE_BACKGROUND][number][0])
    return SentenceTime(since=since, until=until, background=words)


def _tells_when(text: str, found: FoundDate, published: date) -> bool:
    """Is this date the time of what the sentence says, rather than its beginning or a day to come?"""
    if SINCE.search(fold(text[max(0, found.start - 20) : found.start])):
        return False
    return (published - found.until).days <= LONG_PAST or _YEAR.search(text[found.start : found.end]) is not None


def _has(index: Index, cue: str, number: int) -> bool:
    return index.masks.get(cue, 0) >> number & 1 == 1


def _goes_on(reading: Reading, number: int, reach: int) -> bool:
    """Does this sentence go on from the one before: opened by a carry word, or near it in its paragraph?"""
    here, before = reading.sentences[number], reading.sentences[number - 1]
    if any(hit.first == 0 for hit in here.hits_of((CUE_CARRY,))):
        return True
    return here.sentence.paragraph == before.sentence.paragraph and reach <= CARRY_REACH


def why_ignored(when: SentenceTime, rule: TimeRule, published: datetime) -> str:
    """Why a sentence of this time does not count for a rule, in words; "" when it counts."""
    reason = ""
    if when.event and not rule.known_events:
        reason = f"retells {when.event}"
    elif when.until is not None and (age := (published.date() - when.until).days) * DAY > rule.event_within:
        reason = f"dated {_shown(when.since or when.until, when.until)}, {age} days before"
    elif when.background and not rule.background:
        reason = f"background: “{when.background}”"
    return f"{reason} (goes on from sentence {when.goes_on})" if reason and when.goes_on is not None else reason


def _shown(since: date, until: date) -> str:
    """A span of days as short as it can be said: 2023-09-24, 2023-09, 2023."""
    if since == until:
        return since.isoformat()
    first, behind = since.day == 1, (until + timedelta(days=1)).day == 1
    if first and behind and (since.year, since.month) == (until.year, until.month):
        return f"{since:%Y-%m}"
    if first and behind and since.month == 1 and until.month == 12 and since.year == until.year:
        return f"{since:%Y}"
    return f"{since} to {until}"
