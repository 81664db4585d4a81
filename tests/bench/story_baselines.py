"""Two plain ways to form stories, to compare the product with: by words and by names. Each has one fixed setting.

Both take articles one by one and join the most similar earlier article of the last three days when the cosine of the
TF-IDF vectors reaches a threshold; else a story begins. Inverse frequencies are those of the set itself. The thresholds
are those with the best mean F over the labelled sets, so the baselines have seen what they are measured on.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta

from story_sets import Labelled

from monitor.model import Article
from monitor.stories.rarity import language_class, stem
from monitor.text.names import find_names
from monitor.text.tokens import tokenise

WINDOW = timedelta(days=3)
WORDS_THRESHOLD = 0.18
NAMES_THRESHOLD = 0.21


def words(article: Article) -> Counter[str]:
    """The stems of title and lead, told apart by language."""
    language = language_class(article.language)
    text = " ".join(sentence.text for sentence in article.sentences[:4])
    return Counter(f"{language}:{stem(token.folded, language)}" for token in tokenise(text))


def names(article: Article) -> Counter[str]:
    """The name keys of the whole article: they are the same in all languages."""
    language = language_class(article.language)
    return Counter(
        min(keys)
        for sentence in article.sentences
        for name in find_names(sentence.text, language)
        for keys in name.keys
    )


def one_pass(items: Sequence[Labelled], terms: Callable[[Article], Counter[str]], threshold: float) -> dict[str, str]:
    """The story of each article; items in order of time."""
    vectors = _weighed({item.article.id: terms(item.article) for item in items})
    found: dict[str, str] = {}
    postings: dict[str, list[Labelled]] = defaultdict(list)
    for item in items:
        scores: dict[str, float] = defaultdict(float)
        for term, value in vectors[item.article.id].items():
            for other in postings[term]:
                if abs(item.article.published - other.article.published) <= WINDOW:
                    scores[other.article.id] += value * vectors[other.article.id][term]
            postings[term].append(item)
        scores.pop(item.article.id, None)
        best = max(scores.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0.0))
        found[item.article.id] = found[best[0]] if best[1] >= threshold else item.article.id
    return found


def _weighed(counts: dict[str, Counter[str]]) -> dict[str, dict[str, float]]:
    """TF-IDF vectors of length 1."""
    documents = Counter(term for vector in counts.values() for term in vector)
    vectors = {}
    for identity, vector in counts.items():
        weights = {
            term: (1 + math.log(count)) * math.log(len(counts) / documents[term] + 0.01)
            for term, count in vector.items()
        }
        norm = math.sqrt(sum(value**2 for value in weights.values())) or 1.0
        vectors[identity] = {term: value / norm for term, value in weights.items()}
    return vectors


def by_words(items: Sequence[Labelled]) -> dict[str, str]:
    return one_pass(items, words, WORDS_THRESHOLD)


def by_names(items: Sequence[Labelled]) -> dict[str, str]:
    return one_pass(items, names, NAMES_THRESHOLD)
