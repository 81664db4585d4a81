"""One article from its verdicts to the messages in the outbox: place, decide, compose, queue.

The middle of the path, shared by the pipeline and by replays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts.compose import compose
from monitor.alerts.decide import decide
from monitor.alerts.render import render
from monitor.alerts.route import channels_for
from monitor.alerts.silence import quieten
from monitor.config.settings import Settings
from monitor.desk import Desk
from monitor.model import (
    Alert,
    Article,
    Decision,
    Delivery,
    DeliveryState,
    Fact,
    Membership,
    Placement,
    Quote,
    ReasonCode,
    Role,
    StoryReport,
    Told,
    Verdict,
    Voices,
)
from monitor.store import Transaction
from monitor.stories.corroborate import voices
from monitor.stories.features import features
from monitor.stories.figures import contradictions
from monitor.stories.group import place
from monitor.stories.summarise import summarise

QUOTES = 3  # of what changed
OTHERS = 12  # articles of a story, beside the one that speaks, that a message is made from


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one article."""

    decision: Decision
    story: str
    placement: Placement
    alert: Alert | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """How an article changed that was judged before."""

    mark: str  # for people: "changed: 40 → 60 soldiers", "gone: HTTP 410"; "" when only its page could not be read
    role: Role  # what the new version is to the story: a correction, an update, or no news
    sentences: tuple[int, ...] = ()  # that say it
    facts: tuple[Fact, ...] = ()  # figures that are new
    fires_anew: bool = False  # no rule fired on it before


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
    if not fired:
        placement = _aside(tx, placement)
    if pinned is not None:
        seat = {"story": pinned.story, "role": pinned.role, "copy_of": pinned.copy_of, "why": pinned.why}
        placement = replace(placement, **seat)  # type: ignore[arg-type]
    story = tx.stories.save(article, signature, placement)
    tx.matches.save(article.id, verdicts, desk.rules.version)
    report, told, heard = _known(tx, desk, story)
    decision = decide(verdicts, placement, told, heard, backlog=backlog)
    decision = quieten(decision, tx.silences.current(now), story, _tags(desk, article))
    tx.decisions.save(article.id, story, decision, now, desk.rules.version)
    if not decision.speaks:
        return Judgement(decision, story, placement)
    texts = _texts(tx, article, report)
    quotes = _quotes(desk, article, fired, texts, told)
    alert = _compose(desk, decision, article, fired, placement, told, heard, quotes, texts, story=story, now=now)
    alert = replace(alert, figures=_figures(desk, texts), marks=(*filter(None, (late,)), *alert.marks))
    _send(tx, desk, alert, fired)
    return Judgement(decision, story, placement, alert)


def _aside(tx: Transaction, placement: Placement) -> Placement:
    """An article on which no rule fires is background to a story that rules match: nobody is told of it, so what it
    says is still news when another says it."""
    joins = placement.role not in (Role.FOUNDER, Role.COPY)
    if not joins or not tx.memberships.matched(placement.story):
        return placement
    return replace(placement, role=Role.BACKGROUND, why=f"{placement.why}; no rule fires on it", new_facts=())


def judge_edit(
    tx: Transaction, desk: Desk, article: Article, verdicts: Sequence[Verdict], edit: Edit, now: datetime
) -> Judgement | None:
    """Decide whether people hear that a placed article changed; None when its story is forgotten.

    `article` and `verdicts` are the new version and what the rules say of it; of an article that is gone, the old ones.
    """
    story = tx.stories.story_of(article.id)
    if story is None:
        return None
    report, told, heard = _known(tx, desk, story)
    known = {fact.value for fact in report.facts}
    role = edit.role
    if edit.facts and all(fact.value in known for fact in edit.facts):
        role = Role.CORROBORATION  # others of the story have said it
    name = _name(desk, article)
    why = f"{name}: {edit.mark or 'the page can be read now'}"
    placement = Placement(story, role, why, new_facts=edit.facts)
    fired = [verdict for verdict in verdicts if verdict.fires]
    decision = decide(verdicts, placement, told, heard)
    if not told.developments and not edit.fires_anew:
        decision = replace(decision, speaks=False, code=ReasonCode.REPEAT, reason="changed, and nobody was told of it")
    decision = replace(decision, reason=f"{placement.why}; {decision.reason}")
    decision = quieten(decision, tx.silences.current(now), story, _tags(desk, article))
    tx.memberships.add_facts(story, article.id, edit.facts)
    if not decision.speaks:
        return Judgement(decision, story, placement)
    tx.decisions.save(article.id, story, decision, now, desk.rules.version, version=edit.mark)
    quotes = tuple(_quote(article, index, name) for index in edit.sentences[:QUOTES])
    texts = _texts(tx, article, report)
    alert = _compose(desk, decision, article, fired, placement, told, heard, quotes, texts, story=story, now=now)
    # What is told is the change: the article itself was published, seen and told long before.
    alert = replace(alert, marks=(*filter(None, (edit.mark,)), *alert.marks), published=now, seen=now)
    _send(tx, desk, alert, fired)
    return Judgement(decision, story, placement, alert)


def _known(tx: Transaction, desk: Desk, story: str) -> tuple[StoryReport, Told, Voices]:
    """A story, what people have heard of it, and who reports it."""
    report = tx.stories.report(story)
    # Only articles that say what a rule asks for confirm it; others of the story may be about its edges.
    matching = tx.matches.matching([member.article for member in report.members])
    heard = voices([member for member in report.members if member.article in matching], desk.outlets)
    return report, tx.alerts.told(story), heard


def _compose(
    desk: Desk,
    decision: Decision,
    article: Article,
    fired: Sequence[Verdict],
    placement: Placement,
    told: Told,
    heard: Voices,
    quotes: Sequence[Quote],
    texts: Mapping[str, Article],
    *,
    story: str,
    now: datetime,
) -> Alert:
    language = desk.settings.language
    spoken = sorted((t for t in texts.values() if t.language == language), key=lambda t: (t.published, t.id))
    alert = compose(
        decision,
        article,
        fired,
        placement,
        told,
        heard,
        quotes,
        story=story,
        places=desk.places,
        language=language,
        rule_set=desk.rules.version,
        now=now,
        outlet=_name(desk, article),
        headline=spoken[0].title if spoken else "",  # by it people know the story again
    )
    return replace(alert, tags=_tags(desk, article))


def _send(tx: Transaction, desk: Desk, alert: Alert, fired: Sequence[Verdict]) -> None:
    send = tuple(name for verdict in fired for name in verdict.send)
    queue(tx, desk, alert, channels_for(alert, desk.settings.routes, desk.settings.channels, send))


def _texts(tx: Transaction, article: Article, report: StoryReport) -> dict[str, Article]:
    """The article that speaks and the newest others of its story that tell it themselves."""
    others = [m.article for m in report.members if m.role not in (Role.COPY, Role.BACKGROUND)]
    found = {article.id: article}
    for identity in [other for other in others if other != article.id][-OTHERS:]:
        if stored := tx.articles.get(identity):
            found[identity] = stored
    return found


def _name(desk: Desk, article: Article) -> str:
    outlet = desk.outlets.get(article.outlet)
    return outlet.name if outlet else article.outlet


def _tags(desk: Desk, article: Article) -> tuple[str, ...]:
    outlet = desk.outlets.get(article.outlet)
    return outlet.tags if outlet else ()


def _quotes(
    desk: Desk, article: Article, fired: Sequence[Verdict], texts: Mapping[str, Article], told: Told
) -> tuple[Quote, ...]:
    """The verbatim sentences of a message, chosen over the articles of the story."""
    chosen = summarise(article, fired, texts, told.sentences)
    return tuple(_quote(texts[identity], index, _name(desk, texts[identity])) for identity, index in chosen)


def _figures(desk: Desk, texts: Mapping[str, Article]) -> tuple[tuple[str, str], ...]:
    """The figures on which the articles disagree, and who gives them."""
    return tuple((figure.words, _name(desk, texts[figure.article])) for figure in contradictions(texts.values()))


def _quote(source: Article, index: int, outlet: str) -> Quote:
    return Quote(source.sentences[index].text, outlet, source.published, source.language, source.url)


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
