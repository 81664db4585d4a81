"""Explanations: an article sentence by sentence, with what every rule made of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Article, Verdict
from monitor.rules.match import Seen
from monitor.rules.ruleset import RuleSet
from monitor.rules.timeline import SentenceTime

_REASONS = {
    "find": "it does not find what it looks for",
    "score": "it has too few points",
    "time": "what it finds is not news",
    "max_age": "the article is too old",
    "from": "it does not look at this outlet",
}


def explain(rule_set: RuleSet, article: Article, verdicts: Sequence[Verdict]) -> str:
    """Plain text: the verdicts, then every sentence with its time and the words that were found in it."""
    seen = Seen(rule_set, rule_set.vocabulary.read(article))
    blocks = [say_why(verdict) for verdict in verdicts] or ["No rule finds anything here, nor nearly."]
    return "\n\n".join([*blocks, "\n".join(_sentences(seen, verdicts))]) + "\n"


def _sentences(seen: Seen, verdicts: Sequence[Verdict]) -> list[str]:
    lines = []
    for number, sentence in enumerate(seen.reading.sentences):
        place = sentence.sentence
        lines.append(f"s{number} {place.field} · {_time(seen.times[number])} · {place.text}")
        words: dict[str, list[str]] = {}
        for hit in sentence.hits:
            words.setdefault(hit.concept, []).append(sentence.words(hit))
        shown = (f"[{id}] " + ", ".join(dict.fromkeys(found)) for id, found in words.items())
        lines += [f"     {one}" for one in shown]
        counted = [verdict.rule for verdict in verdicts if number in verdict.sentences]
        if counted:
            lines.append(f"     counts for {', '.join(counted)}")
    return lines


def _time(when: SentenceTime) -> str:
    if when.is_now:
        return "now"
    said = [f"retells {when.event}"] if when.event else []
    if when.until is not None:
        said.append(f"dated {when.until}" if when.since == when.until else f"dated {when.since} to {when.until}")
    if when.background:
        said.append(f"background: “{when.background}”")
    return ", ".join(said) + (f" (goes on from s{when.goes_on})" if when.goes_on is not None else "")


def say_why(verdict: Verdict) -> str:
    """One verdict in a few lines: whether and why, the score, the words, what was not counted, what is missing."""
    state = "FIRES" if verdict.fires else "quiet"
    head = f"{state}  {verdict.severity.label}  {verdict.rule}: {verdict.title}"
    if verdict.fires and not verdict.live:
        head += "  (on trial: recorded, not sent)"
    lines = [head]
    if not verdict.fires:
        why = verdict.excluded_why or _REASONS.get(verdict.because, "")
        lines.append(f"  because of {verdict.because}" + (f": {why}" if why else ""))
    if verdict.score is not None:
        added = " · ".join(f"{point.add:+} {point.why}{_numbers(point.sentences)}" for point in verdict.points)
        lines.append(f"  {verdict.score} of {verdict.need} points" + (f": {added}" if added else ""))
    for number in verdict.sentences:
        words = (f"{one.words} [{one.concept}]" for one in verdict.evidence if one.sentence == number)
        lines.append(f"  s{number}  " + " · ".join(dict.fromkeys(words)))
    lines += [f"  {mark.kind}: “{mark.words}” (s{mark.sentence})" for mark in verdict.marks]
    lines += [f"  not counted: s{one.sentence} {one.reason}" for one in verdict.ignored]
    if verdict.missing:
        lines.append("  nearly: only this is missing: " + "; or ".join(verdict.missing))
    return "\n".join(lines)


def _numbers(sentences: tuple[int, ...]) -> str:
    return f" ({', '.join(f's{number}' for number in sentences)})" if sentences else ""
