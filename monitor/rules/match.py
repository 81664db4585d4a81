"""Matching: what every rule says of one article, with everything needed to explain it. Pure.

The article is read once. Most rules find nothing in most articles, so only those whose words occur are asked, and the
timeline is made only when one finds something.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from monitor.model import Article, Evidence, Ignored, Mark, Outlet, Point, Severity, Verdict
from monitor.rules.condition import Found, Index, bits, find, index_of
from monitor.rules.near import missing_parts
from monitor.rules.reading import ACTORS, Hit, Reading
from monitor.rules.ruleset import Rule, RuleSet, TimeRule
from monitor.rules.timeline import SentenceTime, timeline, why_ignored


def match(
    rule_set: RuleSet, article: Article, now: datetime, outlet: Outlet | None = None, *, near: bool = False
) -> tuple[Verdict, ...]:
    """What the rules say of the article, the highest severity first, rules that fire before those that keep quiet.

    A rule that finds nothing is left out, unless `near` asks for near misses too and it nearly does: that takes twice
    the time. `outlet` is asked by `from:`; None holds nothing back.
    """
    seen = Seen(rule_set, rule_set.vocabulary.read(article))
    rules = rule_set.rules
    asked = rules if near else [rules[number] for number in bits(rule_set.shortlist.of(seen.index))]
    verdicts = [verdict for rule in asked if (verdict := judge(rule, seen, now, outlet, near=near)) is not None]
    return tuple(sorted(verdicts, key=lambda one: (not one.fires, -one.severity, one.rule)))


@dataclass
class Seen:
    """An article as the rules see it: its reading, and what is worked out from it only when a rule asks."""

    rule_set: RuleSet
    reading: Reading

    @cached_property
    def index(self) -> Index:
        return index_of(self.reading)

    @cached_property
    def times(self) -> tuple[SentenceTime, ...]:
        people = [actor.id for actor in self.rule_set.actors.values() if actor.kind == "person"]
        return timeline(self.reading, self.index, self.rule_set.known_events, frozenset(people))

    @cached_property
    def _ignored(self) -> dict[TimeRule, dict[int, str]]:
        return {}

    def ignored(self, rule: TimeRule) -> dict[int, str]:
        """The sentences that do not count for a rule, each with its reason."""
        if rule not in self._ignored:
            published = self.reading.article.published
            reasons = ((number, why_ignored(when, rule, published)) for number, when in enumerate(self.times))
            self._ignored[rule] = {number: reason for number, reason in reasons if reason}
        return self._ignored[rule]

    def evidence(self, hits: set[tuple[int, Hit]]) -> tuple[Evidence, ...]:
        """The words behind hits, in the order of the text; an actor by name rather than as any actor."""
        ordered = sorted(hits, key=lambda one: (one[0], one[1].first, one[1].last, one[1].concept))
        return tuple(self._evidence(number, hit) for number, hit in ordered)

    def _evidence(self, number: int, hit: Hit) -> Evidence:
        sentence = self.reading.sentences[number]
        concept = hit.concept
        if concept == ACTORS:
            same = (one.concept for one in sentence.hits if (one.first, one.last) == (hit.first, hit.last))
            concept = next((id for id in same if id in self.rule_set.actors), ACTORS)
        start, end = sentence.place(hit)
        label = self.rule_set.labels.get(concept, concept)
        return Evidence(concept, label, sentence.words(hit), number, sentence.sentence.field, start, end)


def judge(rule: Rule, seen: Seen, now: datetime, outlet: Outlet | None = None, *, near: bool) -> Verdict | None:
    """What one rule says, or None when it has nothing to say. `near`: also what it nearly finds."""
    anywhere = find(rule.find, seen.index)
    missing = missing_parts(rule.find, seen.index, seen.index.everything) if near and anywhere is None else ()
    if anywhere is None and not missing:
        return None
    ignored = seen.ignored(rule.time)
    live = seen.index.everything & ~sum(1 << number for number in ignored)
    found = find(rule.find, seen.index, live) if ignored else anywhere
    left_out = _left_out(anywhere, found, ignored)
    verdict = Verdict(rule.id, rule.title, False, "find", rule.severity, rule.live, ignored=left_out, send=rule.send)
    held_back = _held_back(rule, seen.reading.article, now, outlet)
    if found is not None:
        verdict = _judge_found(rule, seen, verdict, found, live)
        return replace(verdict, fires=False, because=held_back) if held_back else verdict
    if held_back or left_out:
        return replace(verdict, because=held_back or "time") if left_out else None
    if near and ignored:
        missing = missing_parts(rule.find, seen.index, live)
    return replace(verdict, missing=missing) if missing else None


def _held_back(rule: Rule, article: Article, now: datetime, outlet: Outlet | None) -> str:
    """Why the rule does not look at this article at all, "" when it does."""
    if not rule.outlets.lets_through(article, outlet):
        return "from"
    return "max_age" if (now - article.published).total_seconds() > rule.time.max_age else ""


def _left_out(anywhere: Found | None, found: Found | None, ignored: dict[int, str]) -> tuple[Ignored, ...]:
    """The sentences that would have counted, were they not old."""
    if anywhere is None:
        return ()
    counted = found.sentences if found is not None else 0
    return tuple(
        Ignored(number, ignored[number]) for number in bits(anywhere.sentences & ~counted) if number in ignored
    )


def _judge_found(rule: Rule, seen: Seen, verdict: Verdict, found: Found, live: int) -> Verdict:
    """The verdict of a rule whose `find` holds in live sentences."""
    points, hits = _points(rule, seen.index, found, live)
    score = sum(point.add for point in points) if rule.score else None
    because, why = _excluded(rule, seen, live)
    if not because and rule.score and score is not None and score < rule.score.need:
        because = "score"
    return replace(
        verdict,
        fires=not because,
        because=because or "fires",
        severity=_severity(rule, seen.index, live),
        score=score,
        need=rule.score.need if rule.score else None,
        points=tuple(points),
        sentences=tuple(bits(found.sentences)),
        evidence=seen.evidence(hits),
        marks=_marks(rule, seen, found, live),
        excluded_why=why,
        by_story=rule.by_story,
    )


def _points(rule: Rule, index: Index, found: Found, live: int) -> tuple[list[Point], set[tuple[int, Hit]]]:
    """The lines of the score that gave points, and the words behind them and behind `find`."""
    points: list[Point] = []
    hits = set(found.hits)
    counted = 0  # sentences that a line has given points for
    for line in rule.score.points if rule.score else ():
        here = found if line.when is None else find(line.when, index, live)
        if here is None:
            continue
        sentences = here.sentences & ~counted if line.each else here.sentences
        times = sentences.bit_count() if line.each else 1
        add = line.add * times
        if line.most is not None:
            add = max(-line.most, min(line.most, add))
        if times:
            points.append(Point(add, line.why, tuple(bits(sentences))))
            hits |= {hit for hit in here.hits if sentences >> hit[0] & 1}
        if line.add > 0:
            counted |= here.sentences
    return points, hits


def _excluded(rule: Rule, seen: Seen, live: int) -> tuple[str, str]:
    """The first exclusion that holds, with its reason. It is about the whole article, also what is old in it; what
    keeps the article has to be news."""
    for id in rule.unless:
        exclusion = seen.rule_set.exclusions[id]
        if find(exclusion.when, seen.index) is None:
            continue
        if exclusion.keep_if is None or find(exclusion.keep_if, seen.index, live) is None:
            return id, exclusion.why
    return "", ""


def _severity(rule: Rule, index: Index, live: int) -> Severity:
    """The rule's severity as the text changes it: what raises it wins over what lowers it."""
    raised = [change.to for change in rule.escalate if find(change.when, index, live) is not None]
    if raised and max(raised) > rule.severity:
        return max(raised)
    lowered = [change.to for change in rule.lower if find(change.when, index, live) is not None]
    return min([rule.severity, *lowered])


def _marks(rule: Rule, seen: Seen, found: Found, live: int) -> tuple[Mark, ...]:
    """Labels whose words stand near a counted sentence, one for each sentence that says so."""
    marks: list[Mark] = []
    for mark in rule.marks:
        near = live if mark.near is None else live & _around(found.sentences, mark.near)
        said = find(mark.when, seen.index, near)
        for number in bits(said.sentences) if said else ():
            words = ", ".join(
                dict.fromkeys(seen.reading.sentences[number].words(hit) for at, hit in said.hits if at == number)  # type: ignore[union-attr]
            )
            marks.append(Mark(mark.kind, number, words))
    return tuple(marks)


def _around(sentences: int, distance: int) -> int:
    """These sentences (bits) and those at most `distance` away."""
    near = sentences
    for _ in range(distance):
        near |= near << 1 | near >> 1
    return near
