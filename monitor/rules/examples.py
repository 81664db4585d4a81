"""The rules' own tests: does every rule say of its examples what its author expects? Pure."""

from __future__ import annotations

from dataclasses import replace

from monitor.errors import Problem
from monitor.model import Verdict
from monitor.rules.explain import say_why
from monitor.rules.given import given_article
from monitor.rules.match import Seen, judge
from monitor.rules.ruleset import Expectation, Rule, RuleSet, RuleTest
from monitor.text.folding import fold


def run_examples(rule_set: RuleSet) -> tuple[Problem, ...]:
    """A problem, at the test's place, for every expectation that is not met."""
    return tuple(problem for rule in rule_set.rules for test in rule.tests if (problem := _run(rule, test, rule_set)))


def judge_test(rule: Rule, test: RuleTest, rule_set: RuleSet) -> Verdict:
    """What the rule says of the test's article."""
    article = given_article(test.title, test.text, test.language, test.published, test.outlet)
    outlet = next((one for one in rule_set.outlets if one.id == test.outlet), None)
    seen = Seen(rule_set, rule_set.vocabulary.read(article))
    verdict = judge(rule, seen, test.published, outlet, near=True)
    return verdict or Verdict(rule.id, rule.title, False, "find", rule.severity)


def _run(rule: Rule, test: RuleTest, rule_set: RuleSet) -> Problem | None:
    verdict = judge_test(rule, test, rule_set)
    wrong = _differences(test.expect, verdict)
    if not wrong:
        return None
    what = f"test “{test.it}” of {rule.id}: " + "; ".join(wrong) + "."
    return replace(test.place.problem("R701", what), suggestion=say_why(verdict))


def _differences(expect: Expectation, verdict: Verdict) -> list[str]:
    wrong: list[str] = []
    if expect.fires != verdict.fires:
        wrong.append("it should fire and stays quiet" if expect.fires else "it should stay quiet and fires")
    if expect.because and expect.because != verdict.because:
        wrong.append(f"it should be because of {expect.because} and is because of {verdict.because}")
    if expect.severity is not None and expect.severity != verdict.severity:
        wrong.append(f"it should be {expect.severity.label} and is {verdict.severity.label}")
    marked = {mark.kind for mark in verdict.marks}
    for kind, wanted in (("disputed", expect.disputed), ("unverified", expect.unverified)):
        if wanted is not None and wanted != (kind in marked):
            wrong.append(f"it should {'' if wanted else 'not '}be {kind}")
    wrong += [f"sentence {number} should count" for number in expect.sentences if number not in verdict.sentences]
    wrong += [f"sentence {number} should not count" for number in expect.not_sentences if number in verdict.sentences]
    for concept, words in expect.words.items():
        found = [evidence.words for evidence in verdict.evidence if evidence.concept == concept]
        for word in words:
            if fold(word) not in {fold(one) for one in found}:
                seen = ", ".join(f"“{one}”" for one in dict.fromkeys(found)) or "nothing"
                wrong.append(f"{concept} should find “{word}” and finds {seen}")
    return wrong
