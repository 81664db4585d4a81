"""From a decision to an alert: everything a message needs, in one value. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts.digest_words import digest_words
from monitor.alerts.plain import one_line
from monitor.model import (
    Alert,
    Article,
    BacklogItem,
    Decision,
    DevelopmentKind,
    Outlet,
    Placement,
    Quote,
    Severity,
    Told,
    Verdict,
    Voices,
)

OPERATOR = "operator"


def compose(
    decision: Decision,
    article: Article,
    fired: Sequence[Verdict],
    placement: Placement,
    told: Told,
    voices: Voices,
    quotes: Sequence[Quote],
    *,
    story: str,
    places: Collection[str],
    language: str,
    rule_set: str,
    now: datetime,
    outlet: str = "",
    headline: str = "",
) -> Alert:
    """The alert for a decision to speak.

    `fired` are the verdicts that fire; `places` the ids of concepts that are places; `language` is the reader's: an
    article in it gives its own headline as the title, any other `headline`, that of an earlier article in the reader's
    language, or else the title of the leading rule, which says in the reader's words what happened. `outlet` is the
    name of the article's.
    """
    order = {rule: position for position, rule in enumerate(decision.rules)}
    heard = sorted((v for v in fired if v.rule in order), key=lambda verdict: order[verdict.rule])
    evidence = [item for verdict in heard for item in verdict.evidence]
    number = max(told.developments, told.number)
    disputed = _disputing(article, heard)
    return Alert(
        id=f"{story}-{number}",
        story=story,
        development=number,
        kind=decision.development or DevelopmentKind.FIRST_REPORT,
        severity=decision.severity or Severity.INFO,
        title=(one_line(article.title) if article.language == language else headline) or heard[0].title,
        place=next((item.words for item in evidence if item.concept in places), ""),
        outlets=voices.owners,
        rules=tuple((verdict.rule, verdict.title) for verdict in heard),
        concepts=tuple(dict.fromkeys(item.label for item in evidence)),
        quotes=_unsaid(quotes, disputed),
        marks=_marks(heard, voices, disputed, outlet),
        published=article.published,
        seen=article.first_seen,
        made=now,
        rule_set=rule_set,
        notes=_notes(placement),
        article=article.id,
        link=article.url,
        languages=len(voices.languages),
        copies=voices.copies,
    )


def _disputing(article: Article, heard: Sequence[Verdict]) -> str:
    """The sentence that disputes what is reported, "" when none does."""
    marks = [mark for verdict in heard for mark in verdict.marks if mark.kind == "disputed"]
    texts = {sentence.index: sentence.text for sentence in article.sentences}
    return texts.get(marks[0].sentence, marks[0].words) if marks else ""


def _unsaid(quotes: Sequence[Quote], disputed: str) -> tuple[Quote, ...]:
    """The quotes without the sentence that disputes, which has a line of its own; unless nothing else is left."""
    return tuple(quote for quote in quotes if quote.text != disputed) or tuple(quotes)


def _marks(heard: Sequence[Verdict], voices: Voices, disputed: str, outlet: str) -> tuple[str, ...]:
    """What limits our trust: disputed (the sentence that disputes, and where it stands), unverified, one side only."""
    lines = []
    if disputed:
        lines.append(f"disputed: “{disputed}”" + (f" — {outlet}" if outlet else ""))
    unverified = next((mark.words for verdict in heard for mark in verdict.marks if mark.kind == "unverified"), "")
    if unverified:
        lines.append(f"unverified: “{unverified}”")
    if side := _one_side(voices):
        lines.append(f"only {side} report this")
    return tuple(lines)


def _one_side(voices: Voices) -> str:
    """The kind that all who report are of: "state_affiliated", "XK sq", a country or a language; "" when they differ.

    A single outlet is of one kind by itself: that it is alone stands in the first line, with its language. Only that it
    belongs to a state is worth a word.
    """
    if voices.owners < 2 and voices.only != "state_affiliated":
        return ""
    if voices.only.isupper() and len(voices.languages) == 1:
        return f"{voices.only} {voices.languages[0]}"
    return voices.only


def _notes(placement: Placement) -> tuple[str, ...]:
    if not placement.related:
        return ()
    return ("may continue " + ", ".join(f"#{story[:6]}" for story in placement.related),)


def compose_digest(
    items: Sequence[BacklogItem], outlets: Mapping[str, Outlet], now: datetime, rule_set: str, language: str = "en"
) -> Alert:
    """One alert for everything that the feeds' first windows would have said, gravest and newest first.

    It holds every line; how many of them fit a message is the renderer's business.
    `items` must not be empty. Raises ValueError if it is.
    """
    lines = digest_lines(items, outlets, language)
    title = digest_words(language).backlog.format(len(lines))
    return _plain("digest", title, lines, max(item.severity for item in items), now, rule_set)


def digest_lines(items: Sequence[BacklogItem], outlets: Mapping[str, Outlet], language: str = "en") -> list[str]:
    """What a digest says of each match, gravest and newest first."""
    ordered = sorted(items, key=lambda item: (-item.severity, -item.published.timestamp(), item.article_id))
    lines = []
    for item in ordered:
        name = outlets[item.outlet].name if item.outlet in outlets else item.outlet
        severity = digest_words(language).severity(item.severity)
        lines.append(f"{severity} · {item.title} — {name}, {item.published:%d %b %H:%M} UTC\n{item.url}")
    return lines


def compose_waiting(
    why: str,
    shown: Sequence[Alert],
    *,
    channel: str,
    since: datetime,
    count: int,
    critical: int,
    zone: ZoneInfo,
    now: datetime,
    rule_set: str,
    language: str,
) -> Alert:
    """One message for alerts that waited for a channel from `since` on: `count` of them, `shown` are listed.

    `why` they did is part of the title, in the reader's language.
    """
    words = digest_words(language)
    lines = []
    for alert in shown:
        link = alert.quotes[0].url if alert.quotes else ""
        lines.append(f"{words.severity(alert.severity)} · {alert.title} {alert.short_id}\n{link}".rstrip())
    title = f"{_local(since, now, zone)}–{now.astimezone(zone):%H:%M} {why}: {words.alerts(count, critical)}"
    if count > len(shown):
        lines.append(words.all_of_them.format(f"monitor alerts --since {since.astimezone(zone):%Y-%m-%dT%H:%M}"))
    severity = max((alert.severity for alert in shown), default=Severity.INFO)
    return _plain("digest", title, lines, severity, now, rule_set, f"{channel} {now.isoformat()}")


def _local(time: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The hour in the reader's zone, with the day when it is another one than `now`'s."""
    local, today = time.astimezone(zone), now.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local.day}.{local.month}. {local:%H:%M}"


def compose_operator(title: str, lines: Sequence[str], now: datetime, rule_set: str) -> Alert:
    """An alert about the program itself. The same words on the same day give the same alert id."""
    return _plain(OPERATOR, title, lines, Severity.HIGH, now, rule_set, f"{now:%Y-%m-%d}")


def compose_canary(way: str, channel: str, by_hand: bool, now: datetime, rule_set: str, code: str) -> Alert:
    """The daily test of the whole chain, for one channel; `way` says what it went through.

    `by_hand`: only a person can tell that it arrived. `code` is random, so that nobody can guess the alert's id.
    """
    ask = f"Only you can tell that this arrives. Seen it? Say so: monitor canary seen {channel}"
    lines = (way, ask if by_hand else f"That it arrives on {channel} is checked.")
    return _plain("test", "[canary] The daily test came through", lines, Severity.INFO, now, rule_set, code)


def compose_quiet(line: str, lines: Sequence[str], now: datetime, rule_set: str) -> Alert:
    """The one line a day that says how quiet it was, and what is said below it."""
    return _plain(OPERATOR, line, lines, Severity.INFO, now, rule_set, f"{now:%Y-%m-%d}")


def compose_test(channel: str, now: datetime) -> Alert:
    """A message that says it is a test."""
    lines = (f"If you read this, channel {channel} works.",)
    return _plain("test", "Test message", lines, Severity.INFO, now, "", now.isoformat())


def _plain(
    kind: str, title: str, lines: Sequence[str], severity: Severity, now: datetime, rule_set: str, salt: str = ""
) -> Alert:
    digest = hashlib.blake2b("\n".join((kind, title, *lines, salt)).encode(), digest_size=10).digest()
    identity = base64.b32encode(digest).decode().lower()[:10]
    return Alert(
        id=f"{kind}-{identity}",
        story=identity,
        development=0,
        kind=kind,  # type: ignore[arg-type]
        severity=severity,
        title=title,
        place="",
        outlets=0,
        rules=(),
        concepts=(),
        quotes=(),
        marks=(),
        published=now,
        seen=now,
        made=now,
        rule_set=rule_set,
        notes=tuple(lines),
    )
