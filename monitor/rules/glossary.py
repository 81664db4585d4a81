"""What rules can be written with: the concepts, actors and exclusions of a rule set, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from monitor.rules.definitions import Concept
from monitor.rules.forms.words import LANGUAGES
from monitor.rules.given import given_article
from monitor.rules.reading import ACTORS
from monitor.rules.ruleset import RuleSet
from monitor.text.folding import fold

_SHOWN = 4  # words of a concept
_SOME_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)


def glossary(rule_set: RuleSet, word: str = "") -> str:
    """Everything by id; with a word, what finds it in an article of any language, and ids and labels that hold it."""
    wanted = _that_find(rule_set, word) if word else None
    blocks = []
    for title, lines in (
        ("concepts", _concepts(rule_set)),
        ("actors (“actors” stands for them all)", _actors(rule_set)),
        ("exclusions, for “unless”", _exclusions(rule_set)),
    ):
        kept = [line for id, line in lines if wanted is None or id in wanted or fold(word) in fold(line)]
        if kept:
            blocks.append("\n".join([f"{title}:", *kept]))
    nothing = f"Nothing finds “{word}”. Write a concept with it: its endings are found by themselves."
    return "\n\n".join(blocks) or nothing


def _that_find(rule_set: RuleSet, word: str) -> frozenset[str]:
    found: set[str] = set()
    for language in LANGUAGES:
        for text in (word, word.capitalize()):
            reading = rule_set.vocabulary.read(given_article("", f"{text}.", language, _SOME_DAY))
            found |= {hit.concept for sentence in reading.sentences for hit in sentence.hits}
    return frozenset(found - {ACTORS})


def _concepts(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    for id, concept in sorted(rule_set.concepts.items()):
        yield id, f"  {id} ({concept.kind}): {concept.label or id}. {_some_words(concept)}"


def _some_words(concept: Concept) -> str:
    words = [term.text for terms in concept.words.values() for term in terms[:1]]
    words += [thing[0].text for thing in concept.names]
    parts = [", ".join(words[:_SHOWN]) + (" …" if len(words) > _SHOWN else "")] if words else []
    if concept.includes:
        parts.append("all of " + ", ".join(concept.includes))
    return "; ".join(parts)


def _actors(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    for id, actor in sorted(rule_set.actors.items()):
        yield id, f"  {id} ({actor.kind}): {actor.names[0].text}"


def _exclusions(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    for id, exclusion in sorted(rule_set.exclusions.items()):
        yield id, f"  {id}: {exclusion.why}"
