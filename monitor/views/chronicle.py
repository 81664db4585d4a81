"""Stories as people read them: the list of those of late, and how one of them went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.feeds.health import span_words
from monitor.model import Alert, DeliveryState, Outlet, Override, Role, Severity, StoryMember, StoryReport
from monitor.store import Transaction
from monitor.stories.corroborate import voices

MOST = 500  # stories in a list
CONTINUES = timedelta(days=14)  # after a story, in which others may continue it


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story in one line. `owners` counts independent voices among the articles that a rule fires on."""

    id: str
    first: datetime
    last: datetime
    what: str
    articles: int
    outlets: int
    owners: int
    languages: tuple[str, ...]
    copies: int
    alerts: int
    severity: Severity | None
    quiet: str  # why nobody was told, "" when somebody was


@dataclass(frozen=True, slots=True)
class Told:
    """An alert of a story and what became of it on each channel."""

    at: datetime
    id: str
    severity: Severity
    kind: str
    title: str
    channels: tuple[tuple[str, str, datetime | None], ...]  # channel, state, when it was sent
    article: str


@dataclass(frozen=True, slots=True)
class Joined:
    """An article of a story, and what it brought."""

    at: datetime
    id: str
    outlet: str
    title: str
    url: str
    language: str
    role: Role
    why: str
    heard: str  # what was decided: "told" or why not
    facts: tuple[str, ...] = ()
    cites: str = ""
    copies: tuple[tuple[datetime, str, str, str], ...] = ()  # when, id, outlet, url: of the copies of this one


@dataclass(frozen=True, slots=True)
class Edited:
    """A later version of an article of the story."""

    at: datetime
    id: str
    outlet: str
    title: str
    why: str  # what is different: "40 → 60 soldiers", "wording only"
    alert: str  # that told it, "" for none


@dataclass(frozen=True, slots=True)
class Chronicle:
    """How a story went. `articles` are in order of publication, copies with their original."""

    line: StoryLine
    articles: tuple[Joined, ...]
    edits: tuple[Edited, ...]
    told: tuple[Told, ...]
    changes: tuple[Override, ...]
    may_continue: tuple[str, ...]
    continued_by: tuple[str, ...]


def story_lines(
    tx: Transaction, outlets: Mapping[str, Outlet], since: datetime, *, everything: bool = False
) -> list[StoryLine]:
    """The latest stories with an article published since then; all kinds of them, or those a rule fires on."""
    stories = tx.memberships.active_since(since, MOST, matched=not everything)
    return [_line(tx, tx.stories.report(story), outlets) for story in stories]


def chronicle(tx: Transaction, story: str, outlets: Mapping[str, Outlet]) -> Chronicle:
    """How a story went. Raises LookupError when there is none of that id."""
    report = tx.stories.report(story)
    here = {member.article for member in report.members}
    facts = tx.memberships.facts(story)
    articles = [
        _joined(tx, member, report.members, facts.get(member.article, ()), outlets)
        for member in report.members
        if not (member.role is Role.COPY and member.copy_of in here)
    ]
    return Chronicle(
        _line(tx, report, outlets),
        tuple(articles),
        tuple(edit for member in report.members for edit in _edits(tx, member, outlets)),
        tuple(_told(tx, alert) for alert in tx.alerts.heard_of(story)),
        tuple(tx.overrides.of(story=story)),
        report.related,
        tuple(tx.memberships.continued_by(story, report.first - CONTINUES)),
    )


def _line(tx: Transaction, report: StoryReport, outlets: Mapping[str, Outlet]) -> StoryLine:
    matching = tx.matches.matching([member.article for member in report.members])
    heard = voices([member for member in report.members if member.article in matching], outlets)
    alerts = tx.alerts.heard_of(report.story)
    founder = next((member for member in report.members if member.role is Role.FOUNDER), report.members[0])
    return StoryLine(
        id=report.story,
        first=report.first,
        last=report.last,
        what=alerts[0].title if alerts else founder.title,
        articles=len(report.members),
        outlets=len({member.outlet for member in report.members}),
        owners=heard.owners,
        languages=tuple(sorted({member.language for member in report.members})),
        copies=sum(member.role is Role.COPY for member in report.members),
        alerts=len(alerts),
        severity=max((alert.severity for alert in alerts), default=None),
        quiet="" if alerts else _why_quiet(tx, founder.article),
    )


def _why_quiet(tx: Transaction, article: str) -> str:
    decision = tx.decisions.of_article(article)
    return decision.reason if decision else "no decision is kept"


def _joined(
    tx: Transaction,
    member: StoryMember,
    members: Sequence[StoryMember],
    facts: Sequence[str],
    outlets: Mapping[str, Outlet],
) -> Joined:
    decision = tx.decisions.of_article(member.article)
    heard = "told" if decision and decision.speaks else (decision.reason if decision else "no decision is kept")
    copies = [other for other in members if other.role is Role.COPY and other.copy_of == member.article]
    return Joined(
        at=member.published,
        id=member.article,
        outlet=_name(member.outlet, outlets),
        title=member.title,
        url=member.url,
        language=member.language,
        role=member.role,
        why=member.why,
        heard=heard,
        facts=tuple(facts),
        cites=member.cites,
        copies=tuple((other.published, other.article, _name(other.outlet, outlets), other.url) for other in copies),
    )


def _edits(tx: Transaction, member: StoryMember, outlets: Mapping[str, Outlet]) -> list[Edited]:
    name = _name(member.outlet, outlets)
    versions = tx.revisions.of(member.article)
    return [Edited(one.at, one.article, name, one.title, one.why, one.alert) for one in versions]


def _told(tx: Transaction, alert: Alert) -> Told:
    channels = [
        (item.channel, str(item.state), _sent_at(tx, item.id) if item.state is DeliveryState.SENT else None)
        for item in tx.outbox.of_alert(alert.id)
    ]
    kind = str(alert.kind) + (f", update {alert.development}" if alert.development else "")
    return Told(alert.made, alert.short_id, alert.severity, kind, alert.title, tuple(channels), alert.article)


def _sent_at(tx: Transaction, delivery: str) -> datetime | None:
    return max((attempt.at for attempt in tx.outbox.attempts(delivery)), default=None)


def _name(outlet: str, outlets: Mapping[str, Outlet]) -> str:
    return outlets[outlet].name if outlet in outlets else outlet


# --- in words ---------------------------------------------------------------------------------------------------------


def in_words(story: Chronicle, zone: ZoneInfo) -> str:
    """A story as a timeline for people: a line for each thing that happened, what it was, and what it brought."""
    line = story.line
    lines = [f"#{line.id[:6]}  {line.what}", summary(line, zone), ""]
    happened = [(item.at, 0, _article_lines(item, story.line.first, zone)) for item in story.articles]
    happened += [(item.at, 1, _edit_lines(item, zone)) for item in story.edits]
    happened += [(item.at, 2, _told_lines(item, zone)) for item in story.told]
    happened += [(item.at, 3, _change_lines(item, zone)) for item in story.changes]
    for _, _, texts in sorted(happened, key=lambda thing: thing[:2]):
        lines += texts
    if not story.told:
        lines.append(f"Nobody was told: {line.quiet}")
    for label, others in (("May continue", story.may_continue), ("May be continued by", story.continued_by)):
        if others:
            lines.append(f"{label}: {', '.join(f'#{other[:6]}' for other in others)} (monitor story ID)")
    return "\n".join(lines)


def summary(line: StoryLine, zone: ZoneInfo) -> str:
    """Since when, by how many, in which languages, how often told."""
    articles = "1 article" if line.articles == 1 else f"{line.articles} articles"
    voices_ = "1 independent voice" if line.owners == 1 else f"{line.owners} independent voices"
    copies = f", {line.copies} of them copies" if line.copies else ""
    told = f"told {line.alerts}×, highest {line.severity.label.upper()}" if line.severity is not None else "not told"
    span = (
        f"{_when(line.first, zone)} to {_when(line.last, zone)}" if line.last > line.first else _when(line.first, zone)
    )
    return f"{span} · {articles}{copies} · {voices_} · {', '.join(line.languages)} · {told}"


def _article_lines(item: Joined, first: datetime, zone: ZoneInfo) -> list[str]:
    after = f", {span_words(item.at - first)} after the first" if item.at - first >= timedelta(minutes=1) else ""
    cites = f", citing {item.cites}" if item.cites else ""
    lines = [f"{_when(item.at, zone)}  {item.outlet} ({item.language}): {item.role.value}{after}{cites}"]
    lines += [f"    {item.title}", f"    {item.url}" if item.url else "", f"    {item.id[:8]}, {item.why}"]
    if item.facts:
        lines.append(f"    told first here: {', '.join(item.facts[:8])}{' …' if item.facts[8:] else ''}")
    lines += [f"    copy {id[:8]}: {outlet}, {_when(at, zone)} {url}" for at, id, outlet, url in item.copies]
    if item.heard != "told":
        lines.append(f"    quiet: {item.heard.removesuffix(f': {item.why}')}")
    return [*(line for line in lines if line), ""]


def _edit_lines(item: Edited, zone: ZoneInfo) -> list[str]:
    head = f"{_when(item.at, zone)}  {item.outlet} changed {item.id[:8]}: {item.why}"
    return [head, f"    {item.title}", ""]


def _told_lines(item: Told, zone: ZoneInfo) -> list[str]:
    states = {"pending": "waiting", "dead": "refused for good", "digested": "told in a digest"}
    channels = [
        f"{name} {f'sent {_when(sent, zone)}' if sent else states.get(state, state)}"
        for name, state, sent in item.channels
    ]
    head = f"{_when(item.at, zone)}  TOLD {item.severity.label.upper()}, {item.kind} [{item.id}]"
    return [head, f"    {item.title}", f"    {'; '.join(channels) or 'no channel'}", ""]


def _change_lines(item: Override, zone: ZoneInfo) -> list[str]:
    lines = [f"{_when(item.at, zone)}  {item.author}: {item.words} (change {item.id})"]
    if item.undone_at:
        lines.append(f"    undone {_when(item.undone_at, zone)} by {item.undone_by}")
    return [*lines, ""]


def _when(time: datetime, zone: ZoneInfo) -> str:
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M}"
