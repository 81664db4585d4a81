"""Lints of rules: what they may say but hardly mean. Warnings only. Pure.

Each was found the hard way. Loading does not lint: `monitor check` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monitor.errors import Problem
from monitor.rules.condition import Condition, Group, Leaf
from monitor.rules.definitions import ANY, Concept
from monitor.rules.examples import judge_test
from monitor.rules.forms.words import LANGUAGES
from monitor.rules.lint_words import Book, Commonness, lint_words
from monitor.rules.ruleset import Rule, RuleSet

_EVERY = frozenset(LANGUAGES)


def lint(rule_set: RuleSet, commonness: Commonness, book: Book) -> tuple[Problem, ...]:
    """Every warning about a rule set that loaded. `book` keeps what was found out about words: see `lint_words`."""
    return (*lint_rules(rule_set), *lint_tests(rule_set), *lint_words(rule_set, commonness, book))


def lint_tests(rule_set: RuleSet) -> tuple[Problem, ...]:
    """Warnings about tests that pass for any reason: three of the first 27 were quiet for another than was meant."""
    found = []
    for rule in rule_set.rules:
        for test in rule.tests:
            if not test.expect.fires and not test.expect.because:
                because = judge_test(rule, test, rule_set).because
                what = f"test “{test.it}” of {rule.id} passes whatever keeps the rule quiet."
                hint = f"now it is {because}; if that is what you mean, write {{fires: false, because: {because}}}"
                found.append(test.place.problem("W605", what, hint, warning=True))
    return tuple(found)


def lint_rules(rule_set: RuleSet) -> tuple[Problem, ...]:
    """Warnings about rules that can never fire and exclusions that never work."""
    return tuple(dict.fromkeys((*_rules(rule_set), *_exclusions(rule_set))))


# --- rules ------------------------------------------------------------------------------------------------------


def _rules(rule_set: RuleSet) -> Iterator[Problem]:
    speaks = _languages(rule_set)
    used = {language for one in rule_set.concepts.values() for language in one.words} & _EVERY
    for rule in rule_set.rules:
        wanted = used & rule.outlets.languages if rule.outlets.languages else used
        can = _can_hold(rule.find, speaks)
        if silent := sorted(wanted - can):
            never = "can never fire" if not wanted & can else f"can never fire in {', '.join(silent)}"
            what = f"rule “{rule.id}” {never}: there are no words for {_lacking(rule.find, silent[0], speaks)}."
            hint = "add words in that language, or say from: {languages: [...]}"
            yield rule.place.problem("W703", what, hint, warning=True)
        if _is_scattered(rule.find):
            what = f"what rule “{rule.id}” looks for may stand anywhere in the article, far apart."
            hint = "write within: sentence in its find, or within: article if you mean it"
            yield rule.place.problem("W708", what, hint, warning=True)


def _is_scattered(condition: Condition) -> bool:
    """Are several parts looked for with no word on how near they have to be? At the distance of a sentence 3 of 3
    articles were right, at that of an article 3 of 49."""
    if isinstance(condition, Leaf) or condition.within is not None or condition.fields:
        return False
    parts = [*condition.all, *([Group(any=condition.any)] if condition.any else [])]
    near = (isinstance(part, Group) and (part.within is not None or bool(part.fields)) for part in parts)
    return sum(not one for one in near) > 1


def _languages(rule_set: RuleSet) -> Mapping[str, frozenset[str]]:
    """In which languages a concept can be found at all; what is not written there (names, actors) in every one."""
    own = {id: _own_languages(one) for id, one in rule_set.concepts.items()}
    found: dict[str, frozenset[str]] = {}

    def whole(id: str, seen: frozenset[str]) -> frozenset[str]:
        parts = (part for part in rule_set.concepts[id].includes if part in own and part not in seen)
        return own[id].union(*(whole(part, seen | {part}) for part in parts))

    for id in own:
        found[id] = whole(id, frozenset({id}))
    return found


def _own_languages(concept: Concept) -> frozenset[str]:
    return _EVERY if concept.names or concept.words.get(ANY) else frozenset(concept.words) & _EVERY


def _can_hold(condition: Condition, speaks: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The languages in which a condition has words for everything it needs."""
    if isinstance(condition, Leaf):
        return speaks.get(condition.concept, _EVERY)
    can = _EVERY
    for part in condition.all:
        can &= _can_hold(part, speaks)
    for several in (condition.any, condition.of):
        if several:
            can &= frozenset().union(*(_can_hold(part, speaks) for part in several))
    return can


def _lacking(condition: Condition, language: str, speaks: Mapping[str, frozenset[str]]) -> str:
    """The first part of a condition that has no words in a language, as the analyst wrote it."""
    if isinstance(condition, Leaf):
        return condition.shown
    for part in condition.all:
        if language not in _can_hold(part, speaks):
            return _lacking(part, language, speaks)
    return _lacking((condition.any or condition.of)[0], language, speaks)


# --- exclusions -------------------------------------------------------------------------------------------------


def _exclusions(rule_set: RuleSet) -> Iterator[Problem]:
    for rule in rule_set.rules:
        for id in rule.unless:
            keep_if = rule_set.exclusions[id].keep_if
            if keep_if is not None and _always_keeps(rule, keep_if):
                what = (
                    f"the exclusion “{id}” never works for rule “{rule.id}”: what the rule finds is what keep_if keeps."
                )
                hint = "make keep_if narrower: in: title, or two things within a sentence"
                yield rule.place.problem("W704", what, hint, warning=True)


def _always_keeps(rule: Rule, keep_if: Condition) -> bool:
    """Does whatever the rule finds also make `keep_if` true?"""
    kept = _any_of(keep_if)
    needs = rule.find.all if isinstance(rule.find, Group) else (rule.find,)
    return bool(kept) and any((some := _any_of(part)) and some <= kept for part in needs)


def _any_of(condition: Condition) -> frozenset[str]:
    """The concepts each of which makes a condition true wherever it stands; empty when it asks for more."""
    if isinstance(condition, Leaf):
        return frozenset({condition.concept})
    if condition.fields or condition.times > 1 or condition.none or condition.of:
        return frozenset()
    parts: Iterable[Condition] = condition.any if not condition.all else ()
    if len(condition.all) == 1 and not condition.any:
        parts = condition.all
    each = [_any_of(part) for part in parts]
    return frozenset().union(*each) if all(each) else frozenset()
