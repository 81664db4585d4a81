"""One article from its verdicts to the messages in the outbox: place, decide, compose, queue.

The middle of the path, shared by the pipeline and by replays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts.compose import compose
from monitor.alerts.decide import decide
from monitor.alerts.render import render
from monitor.alerts.route import channels_for
from monitor.alerts.silence import quieten
from monitor.config import Settings
from monitor.desk import Desk
from monitor.model import (
    Alert,
    Article,
    Decision,
    Delivery,
    DeliveryState,
    Membership,
    Placement,
    Quote,
    StoryReport,
    Told,
    Verdict,
)
from monitor.store import Transaction
from monitor.stories.corroborate import voices
from monitor.stories.features import features
from monitor.stories.group import place
from monitor.stories.summarise import summarise


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one article."""

    decision: Decision
    story: str
    placement: Placement
    alert: Alert | None = None


def judge(
    tx: Transaction,
    desk: Desk,
    article: Article,
    verdicts: Sequence[Verdict],
    now: datetime,
    *,
    backlog: bool = False,
    late: str = "",
    pinned: Membership | None = None,
) -> Judgement:
    """Place a stored article in its story, decide whether people hear of it, and put the messages in the outbox.

    `late` is the mark of an alert that comes late because nobody watched; `pinned` is where people have put the
    article, when it is replayed.
    All of it happens in the transaction given, so that the story, the decision and the messages exist together or not
    at all.
    """
    fired = [verdict for verdict in verdicts if verdict.fires]
    concepts = tuple(dict.fromkeys(item.concept for verdict in fired for item in verdict.evidence))
    signature = features(article, concepts)
    placement = place(signature, article, tx.stories.candidates(signature, now))
    if pinned is not None:
        seat = {"story": pinned.story, "role": pinned.role, "copy_of": pinned.copy_of, "why": pinned.why}
        placement = replace(placement, **seat)  # type: ignore[arg-type]
    story = tx.stories.save(article, signature, placement)
    report = tx.stories.report(story)
    told = tx.alerts.told(story)
    tx.matches.save(article.id, verdicts, desk.rules.version)
    # Only articles that say what a rule asks for confirm it; others of the story may be about its edges.
    matching = tx.matches.matching([member.article for member in report.members])
    heard = voices([member for member in report.members if member.article in matching], desk.outlets)
    decision = decide(verdicts, placement, told, heard, backlog=backlog)
    outlet = desk.outlets.get(article.outlet)
    tags = outlet.tags if outlet else ()
    decision = quieten(decision, tx.silences.current(now), story, tags)
    tx.decisions.save(article.id, story, decision, now, desk.rules.version)
    if not decision.speaks:
        return Judgement(decision, story, placement)
    alert = compose(
        decision,
        article,
        fired,
        placement,
        told,
        heard,
        _quotes(tx, desk, article, fired, report, told),
        story=story,
        places=desk.places,
        language=desk.settings.language,
        rule_set=desk.rules.version,
        now=now,
    )
    alert = replace(alert, tags=tags, marks=(late, *alert.marks) if late else alert.marks)
    send = tuple(name for verdict in fired for name in verdict.send)
    queue(tx, desk, alert, channels_for(alert, desk.settings.routes, desk.settings.channels, send))
    return Judgement(decision, story, placement, alert)


def _quotes(
    tx: Transaction, desk: Desk, article: Article, fired: Sequence[Verdict], report: StoryReport, told: Told
) -> tuple[Quote, ...]:
    """The verbatim sentences of a message, chosen over all articles of the story."""
    articles = {article.id: article}
    for member in report.members:
        if member.article not in articles and (stored := tx.articles.get(member.article)):
            articles[member.article] = stored
    quotes = []
    for identity, index in summarise(article, fired, articles, told.sentences):
        source = articles[identity]
        outlet = desk.outlets.get(source.outlet)
        name = outlet.name if outlet else source.outlet
        quotes.append(Quote(source.sentences[index].text, name, source.published, source.language, source.url))
    return tuple(quotes)


def queue(tx: Transaction, desk: Desk, alert: Alert, channels: Sequence[str]) -> None:
    """Store an alert with one delivery for each channel; an alert that is stored already is left as it is."""
    if not tx.alerts.save(alert):
        return
    tx.outbox.add([delivery_of(alert, channel, desk.settings, alert.made) for channel in channels])


def delivery_of(alert: Alert, channel: str, settings: Settings, now: datetime) -> Delivery:
    """The message of an alert for a channel, to be sent from `now` on."""
    subject, body = render(alert, settings.language, settings.zone)
    return Delivery(
        id=f"{alert.id}@{channel}",
        alert=alert.id,
        channel=channel,
        state=DeliveryState.PENDING,
        attempts=0,
        next_try=now,
        severity=alert.severity,
        subject=subject,
        body=body,
        story=alert.story,
    )
