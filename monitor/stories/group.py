"""Which story an article belongs to, what it is to that story, and why. Pure.

An article is compared with the founder and members of candidate stories, never with a centroid and never transitively;
existing stories are never merged (STORIES.md 3.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.model import Article, Candidates, CandidateStory, Fact, Features, Member, Placement, Role
from monitor.stories.copies import is_copy
from monitor.stories.corroborate import cited
from monitor.stories.figures import EXACT
from monitor.stories.nearness import Pair, compare, probability, units_of

JOIN = 0.40
RELATED = 0.20
FAR = 0.05  # below this two articles have nothing to do with each other
WINDOW_DAYS = 7
MEMBERS = 8  # compared per story
LATE = 3600  # seconds that an article with news may be older than the last development: feeds are asked that rarely
_SOFT = frozenset({"time", "percent", "metre", "kilometre"})  # figures that are no news by themselves
_GUARDS = ((30, 0.10), (10, 0.05))  # larger stories must convince more: they would swallow everything


def place(features: Features, article: Article, candidates: Candidates) -> Placement:
    """Where the article belongs: a copy, a member of a story or the founder of a new one, with the reason in words."""
    cites = cited(article)
    if copy := _as_copy(features, candidates):
        return copy
    judged = sorted(
        (_judge(features, story) for story in candidates.stories),
        key=lambda verdict: (-verdict.score, verdict.candidate.story),
    )
    best = judged[0] if judged else None
    if best is not None and best.score >= best.threshold:
        return _joined(features, best, cites)
    related = tuple(verdict.candidate.story for verdict in judged if verdict.score >= RELATED)[:3]
    return Placement(
        story="",
        role=Role.FOUNDER,
        why=f"first report; nearest is story {best.candidate.story}: {_words(best)}" if best else "first report",
        score=1.0,
        nearest=best.nearest if best else "",
        related=related,
        new_facts=features.facts,
        cites=cites,
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    candidate: CandidateStory
    score: float
    threshold: float
    nearest: str
    pair: Pair


def _as_copy(features: Features, candidates: Candidates) -> Placement | None:
    members = [*candidates.copies, *((s.story, m) for s in candidates.stories for m in s.members)]
    found = []
    for story, member in members:
        if member.features.article != features.article and (why := is_copy(features, member.features)):
            found.append((member.features.time, member.features.article, story, why, member))
    if not found:
        return None
    _, nearest, story, why, member = min(found, key=lambda item: (item[0], item[1]))
    return Placement(
        story=story, role=Role.COPY, why=f"copy: {why}", nearest=nearest, copy_of=member.copy_of or nearest
    )


def _judge(features: Features, story: CandidateStory) -> _Judged:
    """Half the best member, half the mean: pure max chains events together, pure mean tears them apart.

    A story of many articles is asked by its founder and its newest first; when neither is near, that is the answer.
    """
    probes = (story.members[0], story.members[-1]) if len(story.members) > 2 else story.members
    pairs = [_near(features, member) for member in probes]
    if len(probes) < len(story.members) and max(pair[0] for pair in pairs) >= FAR:
        pairs = [pairs[0], *(_near(features, member) for member in story.members[1:-1]), pairs[1]]
    best = max(pairs, key=lambda item: (item[0], item[1]))
    score = round(0.5 * best[0] + 0.5 * sum(item[0] for item in pairs) / len(pairs), 6)
    threshold = JOIN + next((more for size, more in _GUARDS if story.size > size), 0.0)
    return _Judged(story, score, threshold, best[1], best[2])


def _near(features: Features, member: Member) -> tuple[float, str, Pair]:
    pair = compare(features, member.features)
    return probability(pair), member.features.article, pair


def _joined(features: Features, best: _Judged, cites: str) -> Placement:
    # What only background says, nobody was told.
    members = [member.features for member in best.candidate.members if member.role is not Role.BACKGROUND]
    said = [value for member in members for value in (*member.names, *member.numbers)]
    new = _new_facts(features.facts, (*best.candidate.facts, *said))
    role = _role(features, best.candidate, new)
    return Placement(
        story=best.candidate.story,
        role=role,
        why=f"joined because {_words(best)}; threshold {_two(best.threshold)}",
        score=best.score,
        nearest=best.nearest,
        new_facts=new,
        cites=cites,
    )


def _role(features: Features, story: CandidateStory, new: tuple[Fact, ...]) -> Role:
    """What the article is to the story that it joins, by the figures of its lead that nobody has told yet.

    A figure contradicts when its unit was told with other values and the article repeats none of them; when it does
    repeat one, the new figure is a part of it ("5 hurt, 2 of them badly") and no news. An article a little older than
    the last development, of a feed that is asked rarely, can still count what nobody has counted; it puts nothing
    right.
    """
    late = features.time < story.last_development
    if features.time < story.last_development - LATE:
        return Role.CORROBORATION
    told: dict[str, set[str]] = defaultdict(set)
    for value, unit in map(_split, story.facts):
        told[unit].add(value)
    lead = {_split(number) for number in features.lead_numbers}
    fresh = [_split(fact.value) for fact in new if fact.kind == "number"]
    fresh = [(value, unit) for value, unit in fresh if unit and unit not in _SOFT]
    contradicts = any(
        unit in EXACT and told[unit] and not any((v, unit) in lead for v in told[unit]) for _, unit in fresh
    )
    if contradicts and not late:
        return Role.CORRECTION
    adds = any(not told[unit] or (unit not in EXACT and not late) for _, unit in fresh)
    return Role.UPDATE if adds else Role.CORROBORATION


def _split(number: str) -> tuple[str, str]:
    """("23", "soldier") of "23 soldier"."""
    value, _, unit = number.partition(" ")
    return value, unit


def _new_facts(facts: Iterable[Fact], told: Iterable[str]) -> tuple[Fact, ...]:
    known = set(told)
    units = units_of(value for value in known if value[:1].isdigit())
    return tuple(
        fact
        for fact in facts
        if fact.value not in known and not (fact.kind == "number" and _same_figure(fact.value, units))
    )


def _same_figure(number: str, told: Mapping[str, set[str]]) -> bool:
    """Was this figure told, of the same things or of we know not what?"""
    value, _, unit = number.partition(" ")
    return value in told and (not unit or unit in told[value] or "" in told[value])


def _words(judged: _Judged) -> str:
    """The comparison with the nearest member, in words and figures."""
    pair = judged.pair
    names = len(pair.shared_names)
    parts = [
        f"{names} name{'' if names == 1 else 's'}" + (f" ({', '.join(pair.shared_names[:3])})" if names else ""),
        f"{len(pair.shared_numbers)} number{'' if len(pair.shared_numbers) == 1 else 's'}",
        f"wording {_two(pair.wording)}"
        if not pair.other_language
        else f"other language, cognates {_two(pair.cognates)}",
        f"{pair.days * 24:.0f} h apart" if pair.days < 3 else f"{pair.days:.0f} days apart",
        *pair.vetoes,
    ]
    return ", ".join(parts) + f"; score {_two(judged.score)}"


def _two(value: float) -> str:
    return f"{value:.2f}".lstrip("0") or "0"
