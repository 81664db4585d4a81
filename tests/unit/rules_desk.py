"""A desk made of text, with a plain vocabulary: for tests of what rules mean, apart from how words are inflected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from monitor.model import Article
from monitor.rules.definitions import Actor, Concept
from monitor.rules.given import given_article
from monitor.rules.load import Loaded, RuleSet, load
from monitor.rules.reading import ACTORS, Hit, Reading, SentenceReading
from monitor.text.tokens import tokenise

PUBLISHED = datetime(2024, 3, 22, 18, 22, tzinfo=UTC)

WORDS = """
version: 1
concepts:
  troops: {label: Soldiers, words: {en: [soldiers, troops, army, tanks]}}
  movement: {kind: action, label: Deployment, words: {en: [deploys, deployed, moved, exercise]}}
  border: {label: Border, words: {en: [border]}}
  crossings: {kind: place, names: [[Jarinje], [Banjska, Banjské]]}
  border_places: {kind: place, label: Places at the border, includes: [crossings]}
  side: {kind: place, label: Kosovo or Serbia, names: [[Kosovo], [Serbia]]}
  incident: {kind: action, label: Violence, words: {en: [attack, attacked, killed, shots]}}
  statement: {kind: action, label: Saying, words: {en: [said, says, warned]}}
  denial: {kind: action, label: Denial, words: {en: [denied, lies]}}
  claim: {kind: action, label: Claims, words: {en: [allegedly]}}
  sport: {kind: topic, label: Sport, words: {en: [football, cup, match]}}
actors:
  vucic: {names: [Aleksandar Vučić, Vučić], surname: alone}
  bunjaku: {names: [Afrim Bunjaku, Bunjaku]}
known_events:
  banjska-2023:
    label: Banjska attack, 24 September 2023
    date: 2023-09-24
    live_for: 3d
    about: {any: [{all: [{name: Banjské}, incident]}, {say: "Afrim Bunjaku"}]}
time_words:
  now: {en: [today, "this morning", "on Friday"]}
  background: {en: ["years ago", "=anniversary", "similar situation"]}
  carry: {en: ["during the clashes", then]}
page_furniture: {drop_line_if_starts: [Read also], drop_line_if_ends: ["…"], stop_after: [Latest news]}
exclusions:
  sport: {why: sport story, when: {in: [title, lead], any: [sport]}, keep_if: {in: title, any: [incident]}}
"""

RULE = """
version: 1
rules:
  - id: troops-near-border
    title: Troops near the border
    status: live
    severity: medium
    find: {within: sentence, all: [{any: [troops, movement]}, border, side]}
    tests: [{it: fires, lang: en, text: "Serbia deployed its army at the border.", expect: {fires: true}}]
"""

# more lines of that rule, and sentences it finds
SCORE = """    score:
      need: 5
      points:
        - {add: 4, why: in the headline, when: {in: title, all: [troops, border]}}
        - {add: 3, why: in the lead, when: {in: lead, within: sentence, all: [troops, border]}}
        - {add: 1, each: sentence, max: 2, why: another live sentence, when: find}
        - {add: 1, why: an actor speaks, when: {within: sentence, all: [actors, statement]}}
        - {add: -3, why: sport, when: sport}
"""
MARKS = """    mark: {disputed: {near: 2 sentences, any: [denial]}, unverified: {near: same sentence, any: [claim]}}
"""
ARMY = "Serbia deployed its army at the border."
OLD = "Serbia deployed its army at the border in September 2023."


class PlainVocabulary:
    """Finds the words of concepts exactly as written, folded; names by every word of theirs."""

    def __init__(self, concepts: Iterable[Concept], actors: Iterable[Actor]) -> None:
        self.phrases: list[tuple[str, tuple[str, ...]]] = []
        concepts = list(concepts)
        for concept in concepts:
            terms = [term for several in (*concept.words.values(), *concept.names) for term in several]
            self.phrases += [(concept.id, self._words(term.text)) for term in terms]
        for actor in actors:
            self.phrases += [(id, self._words(name.text)) for name in actor.names for id in (actor.id, ACTORS)]
        self.wholes = [(part, concept.id) for concept in concepts for part in concept.includes]

    def _words(self, phrase: str) -> tuple[str, ...]:
        return tuple(token.folded for token in tokenise(phrase))

    def read(self, article: Article) -> Reading:
        sentences = []
        for sentence in article.sentences:
            tokens = tokenise(sentence.text)
            folded = tuple(token.folded for token in tokens)
            hits = [
                Hit(id, start, start + len(words) - 1)
                for id, words in self.phrases
                for start in range(len(folded))
                if folded[start : start + len(words)] == words
            ]
            hits += [
                Hit(whole, hit.first, hit.last) for hit in hits for part, whole in self.wholes if hit.concept == part
            ]
            hits.sort(key=lambda hit: (hit.first, hit.last, hit.concept))
            sentences.append(SentenceReading(sentence, tuple(dict.fromkeys(hits))))
        return Reading(article, tuple(sentences))


def load_texts(folder: Path, *files: str, channels: Iterable[str] | None = None) -> Loaded:
    """Load texts as the files of one folder."""
    for number, text in enumerate(files):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    return load([folder], None if channels is None else list(channels), compiler=PlainVocabulary)


def desk(folder: Path, *files: str) -> RuleSet:
    """The rule set of these texts, which have to be right."""
    loaded = load_texts(folder, *files)
    assert loaded.rule_set is not None, "\n".join(map(str, loaded.problems))
    return loaded.rule_set


def story(text: str, title: str = "", published: datetime = PUBLISHED) -> Article:
    """An English article."""
    return given_article(title, text, "en", published, outlet="kossev")
