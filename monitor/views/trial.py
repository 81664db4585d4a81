"""`monitor trial`: what rules on trial would have sent, from what was recorded when their articles came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.model import Article, Verdict
from monitor.store import Transaction


def trial_report(tx: Transaction, since: datetime, rules: Collection[str], zone: ZoneInfo) -> str:
    """For each of the rules (ids, on trial now): the first article of every story it fired on since then, and how many
    more of the story; in words. A story that a live rule told is marked: people heard of it anyway."""
    found: dict[str, list[tuple[str, Verdict]]] = {rule: [] for rule in rules}
    for article, verdict in tx.matches.fired_since(since):
        if verdict.rule in found and not verdict.live:
            found[verdict.rule].append((article, verdict))
    return "\n\n".join(_of_rule(tx, rule, fired, zone) for rule, fired in found.items())


def _of_rule(tx: Transaction, rule: str, fired: Sequence[tuple[str, Verdict]], zone: ZoneInfo) -> str:
    stories: dict[str, list[tuple[str, Verdict]]] = {}
    seats = {seat.article: seat.story for seat in tx.memberships.of([article for article, _ in fired])}
    for article, verdict in fired:
        stories.setdefault(seats.get(article, article), []).append((article, verdict))
    if not stories:
        return f"{rule}: did not fire."
    lines = [f"{rule}: would have told {len(stories)} {'stories' if len(stories) > 1 else 'story'}"]
    for story, members in stories.items():
        first = tx.articles.get(members[0][0])
        if first is not None:
            told = tx.alerts.heard_of(story)
            lines += _of_story(first, members[0][1], len(members) - 1, told[0].title if told else "", zone)
    return "\n".join(lines)


def _of_story(article: Article, verdict: Verdict, more: int, told: str, zone: ZoneInfo) -> list[str]:
    when = f"{article.first_seen.astimezone(zone):%Y-%m-%d %H:%M}"
    lines = [f"  {when} {verdict.severity.label.upper()} {article.title} ({article.outlet})", f"    {article.url}"]
    words = ", ".join(dict.fromkeys(one.words for one in verdict.evidence))
    lines.append(f"    because of: {words}")
    if more:
        lines.append(f"    and {more} more article{'s' * (more > 1)} of the story")
    if told:
        lines.append(f"    told anyway, by a live rule: {told}")
    return lines
