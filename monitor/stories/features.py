"""What of an article is compared when stories are formed: words, names, numbers, places, speakers, copies' keys. Pure.

Features are small, serialisable and stable: they are stored, and a replay must find the same ones. Change `VERSION`
when what is computed changes.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.model import Article, Fact, Features, Sentence
from monitor.stories.keys import SHORT_TEXT, copy_keys, hash63, story_keys
from monitor.stories.meaning import meaning_weight, meanings_of
from monitor.stories.rarity import commonness, language_class, name_weight, stem, word_weight
from monitor.text.names import FoundName, find_names
from monitor.text.numbers import find_numbers
from monitor.text.tokens import Token, tokenise

VERSION = 1

LEAD_SENTENCES = 3  # of the body; a wire lead and what follows it
SHINGLE = 5  # words
SKETCH_SIZE = 192  # shingles kept to measure overlap: its error is about .035 at the threshold


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence taken apart once."""

    sentence: Sentence
    tokens: tuple[Token, ...]
    names: tuple[FoundName, ...]


def _read(sentence: Sentence, language: str) -> _Read:
    tokens = tokenise(sentence.text)
    return _Read(sentence, tokens, find_names(sentence.text, language, tokens))


def features(article: Article, concepts: Sequence[str] = ()) -> Features:
    """The features of an article. `concepts`: ids of the concepts that rules matched in it, in any order."""
    language = language_class(article.language)
    reads = [_read(sentence, language) for sentence in article.sentences]
    head = [read for read in reads if read.sentence.field == "title"]
    body = [read for read in reads if read.sentence.field != "title"]
    lead = head + body[:LEAD_SENTENCES]
    known = _accepted_names(reads, language)
    places = [found for read in lead for found in _places(read, known, language)]
    numbers = {read.sentence.index: _numbers(read, language) for read in reads}
    words = [
        token.folded
        for read in (body if sum(len(r.tokens) for r in body) >= SHORT_TEXT else reads)
        for token in read.tokens
    ]
    sketch, shingles = _sketch(words)
    found = Features(
        article=article.id,
        outlet=article.outlet,
        language=language,
        time=int(article.published.timestamp()),
        title=_stems(head, language),
        lead=_stems(lead, language),
        cognates=_cognates(lead, language),
        meanings=_sorted(m for read in lead for m in _meanings(read, language)),
        acts=_acts(head, body, language),
        names=_sorted(key for read in reads for key in _keys(read, known)),
        lead_names=_sorted(key for read in lead for key in _keys(read, known)),
        title_names=_title_names(head, body, known),
        places=_sorted(key for found in places for key in found),
        first_place=_sorted(places[0] if places else ()),
        speakers=_sorted(_speakers(head + body[:1], known)),
        numbers=_sorted(value for found in numbers.values() for value, _ in found),
        lead_numbers=_sorted(value for read in lead for value, _ in numbers[read.sentence.index]),
        concepts=_sorted(concepts),
        facts=_facts(lead, numbers, known, concepts),
        size=sum(len(read.tokens) for read in reads),
        content=hash63("content", *words),
        sentences=_sorted_ints(
            hash63("sentence", *(t.folded for t in read.tokens)) for read in reads if len(read.tokens) >= 6
        ),
        sketch=sketch,
        shingles=shingles,
        copy_keys=(),
        story_keys=(),
    )
    return replace(found, copy_keys=copy_keys(found), story_keys=story_keys(found))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _sorted_ints(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(values)))


# --- words ------------------------------------------------------------------------------------------------------


def _stems(reads: Iterable[_Read], language: str) -> tuple[str, ...]:
    stems = {stem(token.folded, language) for read in reads for token in read.tokens if not token.folded.isdigit()}
    return tuple(sorted(word for word in stems if word_weight(word, language) > 0.1))


def _cognates(reads: Iterable[_Read], language: str) -> tuple[str, ...]:
    """Beginnings of long, not too common words: eksplozija, eksplozion, explosion and експлозија share "eksplo"."""
    found = set()
    for read in reads:
        for token in read.tokens:
            if (
                len(token.folded) >= 6
                and token.folded.isalpha()
                and commonness(stem(token.folded, language), language) < 5
            ):
                spelled = (
                    token.folded.replace("x", "ks")
                    .replace("ph", "f")
                    .replace("c", "k")
                    .replace("q", "k")
                    .replace("y", "i")
                )
                found.add(spelled.replace("kk", "k").replace("ll", "l").replace("ss", "s")[:5])
    return tuple(sorted(found))


def _meanings(read: _Read, language: str) -> set[str]:
    return {meaning for token in read.tokens for meaning in meanings_of(token.folded, language)}


def _acts(head: Sequence[_Read], body: Sequence[_Read], language: str) -> tuple[str, ...]:
    """What the headline says was done, whatever the language; the first sentence, when the headline says nothing."""
    for reads in (head, body[:1]):
        found = {meaning for read in reads for meaning in _meanings(read, language) if meaning_weight(meaning) > 0.5}
        if found:
            return tuple(sorted(found))
    return ()


def _sketch(words: Sequence[str]) -> tuple[tuple[int, ...], int]:
    """The smallest hashes of the runs of five words, and how many different runs there are.

    Two texts with Jaccard overlap J share each of the smallest with probability J: the first 24 as look-up keys find a
    copy at J = .4 with probability over .9999, for one hash a word, where 21 x 3 MinHash bands need 63.
    """
    hashes = {zlib.crc32(" ".join(words[i : i + SHINGLE]).encode()) for i in range(len(words) - SHINGLE + 1)}
    return tuple(sorted(hashes)[:SKETCH_SIZE]), len(hashes)


# --- names ------------------------------------------------------------------------------------------------------


ACRONYM = 6  # letters; longer runs of capitals are shouted
_BEFORE_OPENING = frozenset(":!?|")  # what follows one of these may have its capital from there


def _accepted_names(reads: Sequence[_Read], language: str) -> frozenset[str]:
    """Folded words that are names: capitalised inside a sentence, or at its head and never seen in lower case.

    What stands behind a colon is at a head too. A headline in which nearly every word has a capital
    proves nothing about any of them, nor do words that are all capitals.
    """
    lower: set[str] = set()
    inside: Counter[str] = Counter()
    doubtful: set[str] = set()
    for read in reads:
        lower.update(token.folded for token in read.tokens if token.text[:1].islower())
        capitals = all(token.text[:1].isupper() for token in read.tokens if len(token.text) > 3)
        for name in read.names:
            shouted = name.text.isupper() and len(name.text) > ACRONYM
            opens = name.opens or read.sentence.text[: name.start].rstrip()[-1:] in _BEFORE_OPENING
            for place, word in enumerate(name.words):
                if (opens and place == 0) or shouted or capitals:
                    doubtful.add(word)
                else:
                    inside[word] += 1
    fresh = {w for w in doubtful if len(w) > 2 and w not in lower and not commonness(stem(w, language), language)}
    return frozenset(word for word in (*inside, *fresh) if word.isalnum() or "'" in word)


def _keys(read: _Read, known: frozenset[str]) -> list[str]:
    return [
        key
        for name in read.names
        for word, keys in zip(name.words, name.keys, strict=True)
        if word in known
        for key in keys
    ]


def _title_names(head: Sequence[_Read], body: Sequence[_Read], known: frozenset[str]) -> tuple[str, ...]:
    """Names of the headline that are not common, and that the text repeats when there is one."""
    keys = {key for read in head for key in _keys(read, known) if name_weight(key) > 0.5}
    if not body:
        return tuple(sorted(keys))
    return tuple(sorted(keys & {key for read in body for key in _keys(read, known)}))


_LOCATIVE = {
    "en": "in near at outside over opposite toward towards around inside above from",
    "sq": "ne te tek afer prane drejt mbi pikes fshatin fshati qytetin komunen",
    "sr": "u kod na ka iznad blizu nadomak oko prema selu mestu opstini gradu kroz",
    "mk": "vo kaj blizu nad okolu selo seloto opstina gradot kon",
}
_LOCATIVE_WORDS = {language: frozenset(words.split()) for language, words in _LOCATIVE.items()}


def _places(read: _Read, known: frozenset[str], language: str) -> list[list[str]]:
    """Names behind a preposition of place ("near Zvecan", "u Zvečanu"), each as its keys; common names left out."""
    before = _LOCATIVE_WORDS.get(language, frozenset())
    ends = [token.end for token in read.tokens]
    places = []
    for name in read.names:
        previous = bisect_right(ends, name.start) - 1
        if previous >= 0 and _is_locative(read.tokens[previous], before) and not name.text.isupper():
            words = zip(name.words, name.keys, strict=True)
            keys = [key for word, found in words if word in known for key in found if name_weight(key) >= 0.4]
            if keys:
                places.append(keys)
    return places


def _is_locative(token: Token, words: frozenset[str]) -> bool:
    """Albanian "te" is at, "të" is an article: they fold to the same."""
    return token.folded in words and (token.folded != "te" or token.text.lower() == "te")


_SAYING = tuple(
    "said says say told tells warn urge call ask accus blame condemn express announc vow reject den demand"  # en
    " tha thot deklar paralajm kerk akuz fajes denon shpreh njofto mohon"  # sq
    " izjav rekao rekla porucio porucil kaz upozor pozva optuz osud naveo navela saopst tvrd negir"  # sr
    " rece izjav poraca predupred povika obvin osudi soopst negira".split()
)


def _speakers(reads: Sequence[_Read], known: frozenset[str]) -> list[str]:
    """Who speaks, when the headline or first sentence reports a statement: names there, places and bodies left out."""
    speaks = False
    keys: list[str] = []
    for read in reads:
        says = any(token.folded.startswith(_SAYING) for token in read.tokens)
        colon = ":" in read.sentence.text[:40] and read.sentence.field == "title"
        if says or colon:
            speaks = True
            keys.extend(key for key in _keys(read, known) if name_weight(key) > 0.3)
    return keys if speaks else []


# --- numbers and facts ------------------------------------------------------------------------------------------


def _numbers(read: _Read, language: str) -> list[tuple[str, str]]:
    """("23 soldier", "23" as written) of one sentence."""
    text = read.sentence.text
    return [
        (f"{n.value} {n.unit if n.known_unit else ''}".strip(), text[n.start : n.end])
        for n in find_numbers(text, language, read.tokens)
    ]


def _facts(
    lead: Sequence[_Read], numbers: dict[int, list[tuple[str, str]]], known: frozenset[str], concepts: Sequence[str]
) -> tuple[Fact, ...]:
    facts: dict[tuple[str, str], Fact] = {}
    for read in lead:
        index = read.sentence.index
        for value, surface in numbers[index]:
            facts.setdefault(("number", value), Fact("number", value, surface, index))
        for name in read.names:
            for word, keys in zip(name.words, name.keys, strict=True):
                for key in sorted(keys):
                    if word in known and name_weight(key) > 0.3:
                        facts.setdefault(("name", key), Fact("name", key, name.text, index))
    for concept in sorted(set(concepts)):
        facts.setdefault(("concept", concept), Fact("concept", concept, concept, 0))
    return tuple(facts.values())
