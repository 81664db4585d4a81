"""Lints: what the files of rules may say but hardly mean. Warnings only. Pure.

Each was found the hard way. `=` before a word or its part of speech behind it (noun) says “I mean it”, and ends the
question. Loading does not lint: the dictionaries take seconds. `monitor check` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monitor.errors import Problem
from monitor.rules.builder import term_pieces
from monitor.rules.condition import Condition, Group, Leaf
from monitor.rules.definitions import ANY, Concept, Term
from monitor.rules.forms.dictionary import forget, form_dictionary
from monitor.rules.forms.words import FUNCTION_WORDS, LANGUAGES
from monitor.rules.ruleset import Rule, RuleSet
from monitor.rules.vocabulary import forms_of
from monitor.text.folding import fold, to_latin

_STEM = 3  # letters
_MANY = 3  # forms in common with one other word
_EVERY = frozenset(LANGUAGES)


def lint(rule_set: RuleSet) -> tuple[Problem, ...]:
    """Every warning about a rule set that loaded."""
    return (*lint_rules(rule_set), *lint_words(rule_set))


def lint_rules(rule_set: RuleSet) -> tuple[Problem, ...]:
    """Warnings about rules that can never fire and exclusions that never work."""
    return tuple(dict.fromkeys((*_rules(rule_set), *_exclusions(rule_set))))


def lint_words(rule_set: RuleSet) -> tuple[Problem, ...]:
    """Warnings about words that are other words, too. Reads the dictionaries of all languages in use: seconds."""
    found: list[Problem] = []
    for language in LANGUAGES:  # one dictionary after the other: together they take 200 MB
        found += _words(rule_set.concepts.values(), language)
        forget()
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.file, one.line, one.column, one.code)))


# --- words ------------------------------------------------------------------------------------------------------


def _words(concepts: Iterable[Concept], language: str) -> Iterator[Problem]:
    """Warnings about the single words of one language that are written without saying what they are."""
    terms = [
        (term, forms_of(term, language, concept.kind)[0])
        for concept in concepts
        for term in concept.words.get(language, ())
        if len(term_pieces(term.text)) == 1 and not term.exact and not term.part
    ]
    if not terms:
        return
    words = form_dictionary(language)
    others = words.folded(frozenset().union(*(forms for _, forms in terms)))
    for term, forms in terms:
        yield from _everyday(term, forms, language)
        written = to_latin(term.text) if language == "sr" else term.text
        base = words.base(written)
        if len(forms) == 1 and base not in ("", written) and fold(base) not in forms:
            what = f"the dictionary knows “{term.text}” as a form of “{base}”; only “{term.text}” itself will be found."
            yield term.place.problem("W701", what, f"write {base} for all its forms, or ={term.text}", warning=True)
        elif not written[0].isupper():
            yield from _another(term, forms, others)


def _everyday(term: Term, forms: frozenset[str], language: str) -> Iterator[Problem]:
    common = sorted(forms & {fold(word) for word in FUNCTION_WORDS[language]} - {fold(term.text)})
    if common:
        what = f"“{term.text}” has forms that are also everyday words: {', '.join(common)}."
        yield term.place.problem("W702", what, f"write a phrase, or ={term.text} for this form alone", warning=True)


def _another(term: Term, forms: frozenset[str], others: Mapping[str, set[str]]) -> Iterator[Problem]:
    """A warning when many forms are also those of one other word; with the same stem it is mostly a relative."""
    shared: dict[str, list[str]] = {}
    for form in sorted(forms):
        for base in others.get(form, ()):
            if fold(base) not in forms and fold(base)[:_STEM] != fold(term.text)[:_STEM]:
                shared.setdefault(base, []).append(form)
    for base, same in shared.items():
        if len(same) >= _MANY:
            what = f"“{term.text}” shares forms with “{base}”: {', '.join(same)}. All of them will be found."
            yield term.place.problem("W701", what, f"write a phrase with it, or {term.text} (noun)", warning=True)


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
