"""Looking back: the alerts of a time, and why people heard, or did not hear, of an article or a story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.articles.urls import url_key
from monitor.errors import MonitorError
from monitor.model import Alert, Article, Delivery, DeliveryState, Override, Verdict
from monitor.rules.explain import say_why
from monitor.rules.match import match
from monitor.rules.ruleset import RuleSet
from monitor.service.control import find_alerts
from monitor.store import Transaction

_STATES = {
    DeliveryState.PENDING: "waiting",
    DeliveryState.SENT: "sent",
    DeliveryState.DEAD: "refused for good",
    DeliveryState.DIGESTED: "told in a digest",
}


def alert_lines(tx: Transaction, alerts: Sequence[Alert], zone: ZoneInfo) -> list[tuple[str, str, str, str, str]]:
    """For each alert: when, id, severity, what happened, and what became of it on each channel."""
    seen = tx.silences.acknowledged([alert.story for alert in alerts])
    rows = []
    for alert in alerts:
        channels = "; ".join(f"{item.channel} {_state(item)}" for item in tx.outbox.of_alert(alert.id))
        if alert.story in seen:
            channels += f"; seen by {seen[alert.story]}"
        update = f" (update {alert.development})" if alert.development else ""
        when = _when(alert.made, zone)
        rows.append((when, alert.short_id, alert.severity.label, alert.title + update, channels or "no channel"))
    return rows


def _state(item: Delivery) -> str:
    """Where a message stands; of one that is not taken, why."""
    why = item.state in (DeliveryState.PENDING, DeliveryState.DEAD) and item.last_error
    return _STATES[item.state] + (f" ({why})" if why else "")


def explain_story(tx: Transaction, target: str, zone: ZoneInfo) -> str:
    """What is known of a story and what was told of it. `target` is `#k7f3q2` or an alert's id."""
    alerts = find_alerts(tx, target)
    lines = [f"story {alerts[0].short_id} ({alerts[0].story})"]
    if author := tx.silences.acknowledged([alerts[0].story]).get(alerts[0].story):
        lines.append(f"seen by {author}")
    for alert in alerts:
        lines += ["", f"{_when(alert.made, zone)} {alert.severity.label}, {alert.kind}: {alert.title}"]
        lines += [f"  because of {rule}: {title}" for rule, title in alert.rules]
        if alert.article:
            times = (("published", alert.published), ("first seen", alert.seen), ("matched", alert.made))
            lines.append("  " + ", ".join(f"{what} {_when(time, zone)}" for what, time in times))
        lines += _deliveries(tx, alert, zone)
    if not alerts[0].article:
        return "\n".join(lines)
    story = _story_now(tx, alerts[0])
    lines += ["", *_overrides(tx.overrides.of(story=alerts[0].story), zone), f"articles of the story #{story[:6]}:"]
    for member in tx.stories.report(story).members if story else ():
        decision = tx.decisions.of_article(member.article)
        why = decision.reason if decision else "no decision is kept"
        heard = "told" if decision and decision.speaks else "quiet"
        lines += [f"  {_when(member.published, zone)} {member.outlet}: {member.title}", f"    {member.url}"]
        lines.append(f"    {member.role.value}, {heard}: {why}")
    return "\n".join(lines)


def explain_article(tx: Transaction, url: str, rules: RuleSet, zone: ZoneInfo) -> str:
    """Why people heard, or did not hear, of the article at an address: what each rule said, the story, the decision,
    and what became of every message. `rules` are those of today: they say what nearly matches."""
    id = tx.articles.id_by_url(url_key(url))
    article = tx.articles.get(id) if id else None
    if article is None:
        return _explain_entry(tx, url, zone)
    lines = [article.title, f"{article.outlet}, {article.language}, read from {article.origin}"]
    lines.append(f"published {_when(article.published, zone)}, first seen {_when(article.first_seen, zone)}")
    decision = tx.decisions.of_article(article.id)
    if decision is None:
        lines.append("no decision is kept: it is past its retention")
    else:
        lines.append(f"{'TOLD' if decision.speaks else 'NOT TOLD'} ({decision.code.value}): {decision.reason}")
    lines += [f"changed {_when(one.at, zone)}: {one.why}" for one in tx.revisions.of(article.id)]
    verdicts = tx.matches.of(article.id)
    lines += ["", *(say_why(verdict) for verdict in verdicts), *_quiet_rules(rules, article, verdicts)]
    lines += _story_of(tx, article, zone)
    return "\n".join(lines)


def _story_now(tx: Transaction, alert: Alert) -> str:
    """The story that an alert's article is in now: people may have moved it since."""
    seats = tx.memberships.of([alert.article])
    return seats[0].story if seats else ""


def _overrides(changes: Sequence[Override], zone: ZoneInfo) -> list[str]:
    return [
        f"{_when(item.at, zone)} {item.author}: {item.words}"
        + (f"; undone {_when(item.undone_at, zone)} by {item.undone_by}" if item.undone_at else "")
        for item in changes
    ]


def _quiet_rules(rules: RuleSet, article: Article, verdicts: Sequence[Verdict]) -> list[str]:
    """The rules of which no verdict was stored: what each lacks, and those that lack more than one thing."""
    outlet = next((one for one in rules.outlets if one.id == article.outlet), None)
    judged = match(rules, article, article.first_seen, outlet, near=True)
    nearly = [one for one in judged if one.missing and one.rule not in {verdict.rule for verdict in verdicts}]
    known = {one.rule for one in (*verdicts, *nearly)}
    far = [rule.id for rule in rules.rules if rule.id not in known]
    return [say_why(one) for one in nearly] + ([f"not even nearly: {', '.join(far)}"] if far else [])


def _story_of(tx: Transaction, article: Article, zone: ZoneInfo) -> list[str]:
    seats = tx.memberships.of([article.id])
    if not seats:
        return []
    lines = ["", f"story #{seats[0].story[:6]}, {seats[0].role.value}: {seats[0].why}"]
    lines += [f"  {text}" for text in _overrides(tx.overrides.of(article=article.id), zone)]
    for alert in tx.alerts.heard_of(seats[0].story):
        by = "this article" if alert.article == article.id else "another article"
        lines.append(f"  {_when(alert.made, zone)} {alert.severity.label}, {alert.kind}, from {by}: {alert.title}")
        lines += _deliveries(tx, alert, zone)
    return lines


def _deliveries(tx: Transaction, alert: Alert, zone: ZoneInfo) -> list[str]:
    lines = []
    for item in tx.outbox.of_alert(alert.id):
        state = _STATES[item.state]
        if item.state is DeliveryState.PENDING:
            state += f", next try {_when(item.next_try, zone)}"
        if item.told_in:
            digest = tx.alerts.get(item.told_in)
            of_it = [own for own in tx.outbox.of_alert(item.told_in) if own.channel == item.channel]
            state += f" {digest.short_id if digest else item.told_in}"
            state += "".join(f", which is {_STATES[own.state]}" for own in of_it)
        lines.append(f"  {item.channel}: {state}")
        for attempt in tx.outbox.attempts(item.id):
            lines.append(f"    {attempt.number}. {_when(attempt.at, zone)} {attempt.detail}")
    return lines or ["  no channel takes it: see routes, min_severity and languages in monitor.yaml"]


def _explain_entry(tx: Transaction, url: str, zone: ZoneInfo) -> str:
    """An address that led to no article of its own."""
    found = tx.entries.find(url)
    if found is None:
        raise MonitorError(
            f"no feed that is watched has shown {url}, or longer ago than we remember; see: monitor status",
            temporary=False,
        )
    seen = f"seen {_when(found.seen, zone)} in {found.feed}"
    if found.waiting:
        return f"{seen}: not read yet, {found.attempts} tries. {found.error}".strip()
    if found.article:
        article = tx.articles.get(found.article)
        of = f" as {article.url}" if article else ""
        return f"{seen}: the same article was known{of} ({found.outcome})"
    return f"{seen}: {found.outcome}"


def _when(time: datetime, zone: ZoneInfo) -> str:
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M}"
