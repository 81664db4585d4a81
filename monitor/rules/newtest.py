"""A rule's test made of a real article: cut to what matters, expecting what happens now. Pure."""

from __future__ import annotations

import json
from dataclasses import replace

from monitor.model import Article, Outlet, Verdict
from monitor.rules.given import given_article
from monitor.rules.match import match
from monitor.rules.ruleset import RuleSet


def new_test(rule_set: RuleSet, article: Article, rule: str = "", outlet: Outlet | None = None) -> tuple[str, str]:
    """The id of the rule and the YAML of a test for it, to be put below its `tests:`.

    Without `rule` it is the rule that fires with the highest severity, or else the one that came nearest. The text is
    the title, the lead and every sentence with words that counted or would have, if that is judged the same way.
    """
    verdicts = match(rule_set, article, article.published, outlet, near=True)
    chosen = next((one for one in verdicts if rule in ("", one.rule)), None)
    id = rule or (chosen.rule if chosen else "")
    short = _cut(article, _mattering(chosen) if chosen else set())
    if _judged(rule_set, short, id, outlet) != _same(chosen):
        short = _cut(article, set(range(len(article.sentences))))
    known = article.outlet in {one.id for one in rule_set.outlets}
    return id, _yaml(short if known else replace(short, outlet=""), _judged(rule_set, short, id, outlet))


def _mattering(verdict: Verdict) -> set[int]:
    return {
        *verdict.sentences,
        *(one.sentence for one in verdict.evidence),
        *(one.sentence for one in verdict.ignored),
        *(one.sentence for one in verdict.marks),
        *(number for point in verdict.points for number in point.sentences),
    }


def _cut(article: Article, wanted: set[int]) -> Article:
    """The article with its title, its lead and these sentences only, made again from the text that is left."""
    paragraphs: dict[int, list[str]] = {}
    for sentence in article.sentences:
        if sentence.field == "lead" or (sentence.field == "body" and sentence.index in wanted):
            paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
    text = "\n".join(" ".join(sentences) for _, sentences in sorted(paragraphs.items()))
    title = next((one.text for one in article.sentences if one.field == "title"), "")
    made = given_article(title, text, article.language, article.published, article.outlet)
    return replace(made, url=article.url)


Judged = tuple[bool, str, str]  # fires, because, severity


def _same(verdict: Verdict | None) -> Judged:
    return (verdict.fires, verdict.because, verdict.severity.label) if verdict else (False, "find", "")


def _judged(rule_set: RuleSet, article: Article, rule: str, outlet: Outlet | None) -> Judged:
    verdicts = match(rule_set, article, article.published, outlet, near=True)
    return _same(next((one for one in verdicts if one.rule == rule), None))


def _yaml(article: Article, judged: Judged) -> str:
    fires, because, severity = judged
    said = article.title if article.sentences and article.sentences[0].field == "title" else ""
    expect = f"{{fires: true, severity: {severity}}}" if fires else f"{{fires: false, because: {because}}}"
    lines = [
        f"- it: {_quoted(said[:80] or 'say here what this shows')}",
        f"  lang: {article.language}",
        f"  published: {article.published:%Y-%m-%d %H:%M}",
        *([f"  title: {_quoted(said)}"] if said else []),
        f"  text: {_quoted(article.text)}",
        *([f"  outlet: {article.outlet}"] if article.outlet else []),
        f"  expect: {expect}",
    ]
    origin = [f"# from {article.url}"] if article.url else []
    return "\n".join(f"      {line}" for line in (*origin, *lines))


def _quoted(text: str) -> str:
    """A text in double quotes, which YAML reads as JSON does."""
    return json.dumps(text, ensure_ascii=False)
