"""Which sentences tell a story: verbatim, none twice, nothing that was told before, background last. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.model import Article, Sentence, Verdict
from monitor.stories.rarity import commonness, language_class, name_weight, stem
from monitor.text.folding import fold
from monitor.text.names import find_names
from monitor.text.numbers import find_numbers
from monitor.text.tokens import tokenise

MAX_CHARACTERS = 700  # of all quotes together
SAME_WORDS = 0.60  # of the content words of the shorter sentence
SAME_FACTS = 0.75  # of names and numbers, for sentences in different languages
MIN_WORDS = 5
_OTHER_ARTICLES = 8

_PRONOUNS = frozenset(
    "he she it they this that these those his her their its there but and however"  # en
    " ai ajo ata ato ky kjo keto kete kesaj por dhe ndersa gjithashtu"  # sq
    " on ona ono oni one to taj ta ovaj ova ovo njegov njegova njihov ali i medjutim tom tome time"  # sr
    " toj taa toa tie ova ovaa ovoj negov nejzin no megjutoa".split()  # mk
)
_BACKGROUND = re.compile(
    "|".join(
        (
            r"\b(?:in|since|of|ne|nga|u|od|vo|na)\s+(?:\w+\s+){0,2}(?:19|20)\d\d\b",
            r"\b(?:last|a) (?:year|month|week)s? ago\b|\bearlier (?:this|in)\b|\bfollows\b",
            r"\bvite me pare\b|\bvitin e kaluar\b",
            r"\bprosle godine\b|\bpre \w+ godin|\bminatata godina\b|\bpred \w+ godini\b",
        )
    )
)
_CUT_OFF = ("...", "…")  # by a feed that gives only the beginning
_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))


@dataclass(frozen=True, slots=True)
class _Choice:
    article: Article
    sentence: Sentence
    score: float
    words: frozenset[str]  # content stems
    facts: frozenset[str]  # name keys and figures


def summarise(
    article: Article,
    verdicts: Sequence[Verdict],
    articles: Mapping[str, Article],
    told: Sequence[str] = (),
    limit: int = 4,
) -> tuple[tuple[str, int], ...]:
    """The best sentences as (article id, sentence index), most important first.

    `article` is the one that speaks now; sentences that its verdicts rest on lead. `articles`: all of the story by id.
    `told`: sentences quoted in earlier alerts; none is quoted again. At most `limit` sentences of 700 characters
    together; the first is kept however long it is.
    """
    evidence = {number for verdict in verdicts if verdict.fires for number in verdict.sentences}
    others = sorted(
        (a for a in articles.values() if a.id != article.id), key=lambda a: (a.published, a.id), reverse=True
    )
    choices = [choice for item in (article, *others[:_OTHER_ARTICLES]) for choice in _choices(item, article, evidence)]
    found = [c for c in choices if c.article is article and c.sentence.index in evidence]
    choices = [c for c in choices if c.article is not article or _belongs(c, found)]
    choices.sort(key=lambda choice: (-choice.score, choice.article.id, choice.sentence.index))
    before = [_content(text, article.language) for text in told]
    chosen: list[_Choice] = []
    for choice in choices:
        if len(chosen) == limit:
            break
        room = MAX_CHARACTERS - sum(len(c.sentence.text) for c in chosen)
        if chosen and (len(choice.sentence.text) > room or choice.score <= 0):
            continue
        if choice.sentence.text in (*told, *(other.sentence.text for other in chosen)):
            continue
        if any(_same(choice, other.words, other.facts, other.article.language) for other in chosen):
            continue
        if any(_same(choice, words, facts, "") for words, facts in before):
            continue
        chosen.append(choice)
    if not chosen:  # all of it was told in other words: the best of the article that speaks, unless it stood there
        chosen = [choice for choice in choices if choice.article is article and choice.sentence.text not in told][:1]
    return tuple((choice.article.id, choice.sentence.index) for choice in chosen)


def _choices(item: Article, speaking: Article, evidence: set[int]) -> list[_Choice]:
    choices = []
    body = [s for s in item.sentences if s.field != "title"]
    enough = any(len(s.text.split()) >= MIN_WORDS for s in body)
    # A text that says nothing of what the rules found is the outlet's own furniture: then the headline is quoted.
    enough = enough and not (item is speaking and evidence and evidence <= {s.index for s in item.sentences[:1]})
    for sentence in item.sentences:
        if (sentence.field == "title" and enough) or len(sentence.text.split()) < MIN_WORDS:
            continue
        words, facts = _content(sentence.text, item.language)
        score = _score(item, speaking, sentence, facts, evidence)
        choices.append(_Choice(item, sentence, score, words, facts))
    first = next((sentence for sentence in item.sentences if tokenise(sentence.text)), None)
    if not choices and item is speaking and first:
        choices.append(_Choice(item, first, 1.0, *_content(first.text, item.language)))
    return choices


def _score(item: Article, speaking: Article, sentence: Sentence, facts: frozenset[str], evidence: set[int]) -> float:
    """Evidence and the lead first; sentences with figures and names; pronouns, open quotes and background last."""
    own = item is speaking
    folded = fold(sentence.text)
    opening = re.match(r"\W*(\w+)", folded)
    score = 1.0 / (1 + max(0, sentence.index - 1)) + 0.12 * min(5, len(facts))
    score += 2.0 * (own and sentence.index in evidence) + 0.5 * own + 0.5 * (item.language == speaking.language)
    if opening and opening[1] in _PRONOUNS:
        score -= 1.0
    if sentence.text.translate(_QUOTES).count('"') % 2:
        score -= 0.5
    if sentence.text.rstrip(' "“”»)]').endswith(_CUT_OFF):
        score -= 2.0
    if sentence.index > 2 and _BACKGROUND.search(folded):
        score -= 1.2
    return score


def _content(text: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    klass = language_class(language)
    words = frozenset(
        word
        for token in tokenise(text)
        if len(token.folded) > 2 and commonness(word := stem(token.folded, klass), klass) < 5
    )
    names = {min(keys) for name in find_names(text, klass) for keys in name.keys if name_weight(min(keys)) > 0.2}
    return words, frozenset(names | {number.value for number in find_numbers(text, klass)})


def _belongs(choice: _Choice, found: Sequence[_Choice]) -> bool:
    """Is the sentence about what the rules found? What stands before it in a round-up is about other things."""
    return (
        not found
        or choice.sentence.index >= min(other.sentence.index for other in found)
        or any(len(choice.words & other.words) >= 2 or choice.facts & other.facts for other in found)
    )


def _same(choice: _Choice, words: frozenset[str], facts: frozenset[str], language: str) -> bool:
    """Do two sentences tell the same? By words in one language, by names and figures across languages."""
    fewest = min(len(choice.words), len(words))
    if fewest and len(choice.words & words) / fewest > SAME_WORDS:
        return True
    if language == choice.article.language:
        return False
    few = min(len(choice.facts), len(facts))
    return few >= 2 and len(choice.facts & facts) / few >= SAME_FACTS
