"""An alert in words, for any channel: what happened, who says so, why we think so. Pure.

Line 1, the subject: `SEVERITY · what · place (n outlets)`, at most 120 characters. Then what kind of news it is and
what limits our trust; up to four quotes, each article with its link on a line of its own; figures that disagree; who
else reports; the reason; the id with the times. The whole has at most 900 characters; digests and the program's own
alerts may be twice as long.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts.labels import Labels, labels
from monitor.alerts.plain import link_line, one_line, shorten
from monitor.model import Alert, DevelopmentKind, Quote
from monitor.text.folding import fold

SUBJECT = 120  # characters
WHOLE = 900
WHOLE_LIST = 1900  # below the smallest limit of a large chat service (2,000)
QUOTES = 4
SENTENCE = 260  # of one quote
OUTLET = 60
MARK = 160
WHY = 200
LIST_LINES = 10
_AROUND = ' "“”„»«–—-'  # of a sentence that is a quotation or an item of a list


def render(alert: Alert, language: str, zone: ZoneInfo, sent: datetime | None = None) -> tuple[str, str]:
    """Subject and body of an alert: labels in `language` (en, sq, sr, mk), times in `zone`.

    `sent` is when it goes out (None: when it was made); a message that had to wait says so.

    The body does not repeat the subject. Everything that comes from a feed is text: no mention, markup, control or
    bidi character in it is active, and links are http(s) or left out.
    """
    words = labels(language)
    alert = replace(alert, made=sent or alert.made)
    subject = _subject(alert, words)
    if isinstance(alert.kind, DevelopmentKind):
        return subject, _story_body(alert, words, zone, WHOLE - len(subject) - 1)
    return subject, _list_body(alert, words, zone, WHOLE_LIST - len(subject) - 1)


def shortest(subject: str, body: str) -> tuple[str, str]:
    """A message cut to what matters, for a channel that refused the whole: its subject, first link and id."""
    lines = body.splitlines()
    link = next((line for line in lines if line.startswith(("http://", "https://"))), "")
    identity = next((line.partition("]")[0] + "]" for line in reversed(lines) if line.startswith("[#")), "")
    return shorten(subject, SUBJECT), "\n".join(filter(None, (link, identity)))


def _subject(alert: Alert, words: Labels) -> str:
    names = {"digest": words.digest, "operator": words.operator, "test": words.test}
    first = names.get(alert.kind) or words.severity(alert.severity)
    count = f" ({words.count(alert.outlets)})" if alert.outlets else ""
    place = one_line(alert.place)
    title = one_line(alert.title)
    where = f" · {shorten(place, 40)}" if place and not _names(title, place) else ""
    room = SUBJECT - len(first) - len(" · ") - len(where) - len(count)
    return f"{first} · {shorten(title, room)}{where}{count}"


def _names(title: str, place: str) -> bool:
    """Does a headline name this place, in any script and case? Zveçan, Zvečanu and Звечана are one."""
    begin = fold(place)
    return begin[: max(4, len(begin) - 2)] in fold(title)


def _story_body(alert: Alert, words: Labels, zone: ZoneInfo, room: int) -> str:
    """The fullest text that fits. What is left out first: the fourth and third quote, the reason, related stories,
    the second quote."""
    alert = replace(alert, quotes=alert.quotes[:QUOTES])
    bare = replace(alert, rules=(), concepts=(), notes=())
    tries = (alert, _quoting(alert, 3), _quoting(alert, 2), _quoting(bare, 2), _quoting(bare, 1))
    for shorter in tries:
        body = _lay_out(shorter, words, zone)
        if len(body) <= room:
            return body
    return _tight(alert, words, zone, room)


def _quoting(alert: Alert, most: int) -> Alert:
    return replace(alert, quotes=alert.quotes[:most])


def _lay_out(alert: Alert, words: Labels, zone: ZoneInfo) -> str:
    quotes = alert.quotes
    why, foreign = _why(alert, words), alert.rules and alert.title == alert.rules[0][1]
    # When no headline could be read, what was found says more than the quotes do.
    lines = [_second_line(alert, words), why if foreign else "", _since(alert, words)]
    for position, quote in enumerate(quotes, 1):
        if position < len(quotes) and quotes[position].url == quote.url:  # one origin for all of an article
            lines.append(_sentence(quote))
        else:
            lines += [_quote(quote, alert.made, words, zone), link_line(quote.url)]
    if not quotes:
        lines.append(link_line(alert.link))
    lines += [_disagreement(alert, words), _also(alert, words), "" if foreign else why]
    lines += [*(_note(note, words) for note in alert.notes), _last_line(alert, words, zone)]
    return "\n".join(line for line in lines if line)


def _tight(alert: Alert, words: Labels, zone: ZoneInfo, room: int) -> str:
    """What must not be missing, the long parts of it shortened: kind of news, one quote, its link, the id."""
    quotes = alert.quotes
    link = link_line(quotes[0].url if quotes else alert.link)
    last = _last_line(alert, words, zone)
    left = room - len(link) - len(last) - 3  # line ends
    second = shorten(_second_line(alert, words), max(left // 2, left - SENTENCE) if quotes else left)
    quote = shorten(_quote(quotes[0], alert.made, words, zone), left - len(second)) if quotes else ""
    return "\n".join(line for line in (second, quote, link, last) if line)


def _since(alert: Alert, words: Labels) -> str:
    """On an update: that what follows was not told yet."""
    new = alert.development and alert.kind not in (DevelopmentKind.CORROBORATION, DevelopmentKind.FIRST_REPORT)
    return f"{words.since}:" if new and alert.quotes else ""


def _disagreement(alert: Alert, words: Labels) -> str:
    """Figures that contradict each other, side by side, each as it stands and with its outlet."""
    if not alert.figures:
        return ""
    said = " / ".join(f"“{one_line(figure)}” {shorten(one_line(outlet), OUTLET)}" for figure, outlet in alert.figures)
    return f"{words.kinds[DevelopmentKind.CORRECTION]}: {said}"


def _also(alert: Alert, words: Labels) -> str:
    """Who else reports, beyond those that are quoted: "also: 5 outlets, 3 languages; copies: 6"."""
    others = alert.outlets - len({quote.outlet for quote in alert.quotes} or {alert.link})
    parts = []
    if others > 0:
        many = f", {words.count_languages(alert.languages)}" if alert.languages > 1 else ""
        parts.append(f"{words.also}: {words.count(others)}{many}")
    if alert.copies:
        parts.append(f"{words.copies}: {alert.copies}")
    return "; ".join(parts)


def _second_line(alert: Alert, words: Labels) -> str:
    parts = [words.new]
    if alert.development and alert.kind is not DevelopmentKind.FIRST_REPORT:  # people may have moved what was told
        kind = words.kinds.get(alert.kind, "") if isinstance(alert.kind, DevelopmentKind) else ""
        if alert.marks and alert.marks[0].startswith(("changed:", "gone:")):
            kind = ""  # the mark says it better
        parts = [f"{words.update} {alert.development}" + (f": {kind}" if kind else "")]
    return " · ".join([*parts, *(shorten(_mark(mark, words), MARK) for mark in alert.marks)])


def _mark(mark: str, words: Labels) -> str:
    """A mark in the reader's language; what follows its first word stays as it was said."""
    text = one_line(mark)
    for english, local in (
        *(("late", words.late), ("disputed", words.disputed), ("unverified", words.unverified)),
        *(("changed", words.changed), ("gone", words.gone)),
    ):
        if text == english or text.startswith((english + ":", english + " ")):
            return local + text[len(english) :]
    if text.startswith("only ") and text.endswith(" report this"):
        kind = text[len("only ") : -len(" report this")]
        return words.only_of(kind)
    return text


def _quote(quote: Quote, made: datetime, words: Labels, zone: ZoneInfo) -> str:
    language = words.languages.get(quote.language, quote.language)
    outlet = shorten(one_line(quote.outlet), OUTLET)
    when = _when(quote.published, made, zone)
    return f"{_sentence(quote)} — {outlet}, {when}, {language}"


def _sentence(quote: Quote) -> str:
    """The sentence in one pair of quotation marks, without the dash or marks that it may stand in itself."""
    text = one_line(quote.text)
    bare = text.strip(_AROUND) if text[:1] in _AROUND or text[-1:] in _AROUND else text
    return f"“{shorten(bare or text, SENTENCE)}”"


def _why(alert: Alert, words: Labels) -> str:
    """The rules, but not the one whose title is the subject, and what they found: as many words as fit, none cut."""
    titles = [one_line(title) for _, title in alert.rules if one_line(title) != one_line(alert.title)]
    labels = [one_line(label) for label in alert.concepts]
    if not titles and not labels:
        return ""
    line, joint = f"{words.why}: ", ""
    for number, part in enumerate(titles + labels, 1):
        if len(line) + len(joint) + len(part) > WHY:
            break
        line, joint = f"{line}{joint}{part}", " · " if number == len(titles) else "; "
    return line if joint else shorten(line + (titles + labels)[0], WHY)


def _note(note: str, words: Labels) -> str:
    text = one_line(note)
    english = "may continue "
    return f"{words.continues} {text[len(english) :]}" if text.startswith(english) else text


def _last_line(alert: Alert, words: Labels, zone: ZoneInfo) -> str:
    published = _when(alert.published, alert.made, zone)
    seen, sent = (_when(time, alert.made, zone) for time in (alert.seen, alert.made))
    return f"[{_identity(alert)}] {words.published} {published} → {words.seen} {seen} → {words.sent} {sent}"


def _identity(alert: Alert) -> str:
    return alert.short_id if alert.story else f"#{alert.id[:6]}"


def _when(time: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Local time; with the day when it is another one than `now`'s, with the year when that differs too."""
    local, today = time.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    day = f"{local.day}.{local.month}." + (f"{local.year}" if local.year != today.year else "")
    return f"{day} {local:%H:%M}"


def _list_body(alert: Alert, words: Labels, zone: ZoneInfo, room: int) -> str:
    """A digest or an alert of the program's own: lines, as many as fit, and how many more there are."""
    last = f"[{_identity(alert)}] {words.sent} {_when(alert.made, alert.made, zone)}"
    shown: list[str] = []
    for position, note in enumerate(alert.notes):
        item = "\n".join(filter(None, (_list_line(line) for line in note.splitlines())))
        left = len(alert.notes) - position
        more = f"… {words.more.format(left)}"
        used = sum(len(line) + 1 for line in [*shown, item, more, last])
        if position >= LIST_LINES or used > room:
            shown.append(more)
            break
        shown.append(item)
    return "\n".join(filter(None, [*shown, last]))


def _list_line(line: str) -> str:
    link = link_line(line) if "://" in line[:9] else ""
    return link or shorten(one_line(line), 200)
