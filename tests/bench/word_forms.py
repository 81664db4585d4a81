"""Measures word forms: `python tests/bench/word_forms.py FOLDER` prints recall and wrong hits per language and script.

FOLDER holds sq.tsv, sr.tsv, mk.tsv (columns type, count, term: the dictionary form a word type belongs to, empty when
none of the terms means it) and names.tsv (columns serbian, albanian, variant). A term is compiled as an analyst would
write it: one dictionary form, a name with its kind, and one alias. Recall is counted over running words; a wrong hit is
a running word that belongs to no term and is hit. Two hits on unlabelled words are no mistakes and are counted apart:
a compound is read as its parts (Kosovë-Serbi), and a word means its ijekavian spelling too (prelazu, prijelazu).
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.model import Article, Sentence
from monitor.rules.definitions import Concept, Kind, Term
from monitor.rules.vocabulary import compile_vocabulary, forms_of
from monitor.text.folding import fold, to_latin
from monitor.yamlfile import Place

NOWHERE = Place("bench", 1, 1)
PLACES = frozenset("Kosovë Serbi Mitrovicë Prishtinë Banjskë Beograd Kosovo Priština Srbija Британија Русија".split())
ALIASES = {"Kosovë": "Kosovo"}
LABELS_MISSED = {("mk", "уби"): "убие"}  # "killed": the labels of the corpus overlook these four
CYRILLIC = {
    "lj": "љ",
    "nj": "њ",
    "dž": "џ",
    "Lj": "Љ",
    "Nj": "Њ",
    "Dž": "Џ",
    "LJ": "Љ",
    "NJ": "Њ",
    "DŽ": "Џ",
    **dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True)),
    **dict(zip("ABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠ", "АБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШ", strict=True)),
}


def term(text: str) -> Term:
    return Term(text, NOWHERE)


def article(words: Iterable[str], language: str) -> Article:
    """An article with one word a sentence."""
    now = datetime(2024, 1, 1, tzinfo=UTC)
    sentences = tuple(Sentence(index, word, "body", 1) for index, word in enumerate(words))
    return Article("0", "", "bench", "", sentences, language, now, now)


def cyrillic(word: str) -> str:
    """A Serbian word in Cyrillic letters."""
    for latin, letter in CYRILLIC.items():
        word = word.replace(latin, letter)
    return word


def ascii_only(word: str) -> str:
    """A word as typed on a keyboard without our letters; đ becomes dj."""
    return "".join(fold(letter) if letter.islower() else fold(letter).capitalize() for letter in to_latin(word))


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def measure_words(folder: Path, language: str, script: str, rewrite: Callable[[str], str]) -> None:
    labelled = [
        (word, int(count), of or LABELS_MISSED.get((language, word), ""))
        for word, count, of in rows(folder / f"{language}.tsv")
    ]
    types = [(rewrite(word), count, of) for word, count, of in labelled]
    known = {(fold(word), of) for word, _, of in types if of}
    vocabulary = compile_vocabulary([concept(of, language) for of in sorted({of for _, _, of in types if of})], [])
    reading = vocabulary.read(article((word for word, _, _ in types), language))
    found, all_of, apart = 0, sum(count for _, count, of in labelled if of), 0
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for (word, count, of), sentence in zip(types, reading.sentences, strict=True):
        hits = {hit.concept: sentence.words(hit) for hit in sentence.hits}
        if of in hits:
            found += count
        elif of:
            missed[f"{word} ({of})"] += count
        elif hits and all(is_apart(word, words, of, language, known) for of, words in hits.items()):
            apart += count
        elif hits:
            wrong[f"{word} ({', '.join(sorted(hits))})"] += count
    figures = f"recall {found / all_of:.4f} of {all_of}, wrong hits {sum(wrong.values())}"
    print(f"{language} {script:9} {figures} (compounds and ijekavian {apart})")
    show("missed", missed)
    show("wrong", wrong)


def concept(text: str, language: str) -> Concept:
    """A term as an analyst writes it: a thing or action in its language, a name with its alias in all."""
    if text[0].islower():
        return Concept(text, NOWHERE, "thing", words={language: (term(text),)})
    spellings = (term(text), term(ALIASES[text])) if text in ALIASES else (term(text),)
    kind: Kind = "place" if text in PLACES else "organisation" if text.isupper() else "person"
    return Concept(text, NOWHERE, kind, names=(spellings,))


def is_apart(word: str, hit: str, of: str, language: str, known: Collection[tuple[str, str]]) -> bool:
    """Is the hit a part of a compound labelled with this term, or an ijekavian spelling of one of its forms?"""
    if hit != word:
        return (fold(hit), of) in known
    latin = fold(word)
    ekavian = {latin.replace("ije", "e"), latin.replace("je", "e")} - {latin}
    return language == "sr" and bool(ekavian & forms_of(term(of), "sr", "thing")[0])


def measure_names(folder: Path) -> None:
    variants: dict[tuple[str, str], list[str]] = defaultdict(list)
    for serbian, albanian, variant in rows(folder / "names.tsv"):
        variants[serbian, albanian].append(variant)
    concepts = [
        Concept(serbian, NOWHERE, "person", names=((term(serbian), term(albanian)),)) for serbian, albanian in variants
    ]
    vocabulary = compile_vocabulary(concepts, [])
    missed: Counter[str] = Counter()
    total = 0
    for (serbian, _), spellings in variants.items():
        reading = vocabulary.read(article(spellings, "sr"))
        total += len(spellings)
        for spelling, sentence in zip(spellings, reading.sentences, strict=True):
            if serbian not in {hit.concept for hit in sentence.hits}:
                missed[f"{spelling} ({serbian})"] += 1
    print(f"names, two spellings: recall {1 - sum(missed.values()) / total:.4f} of {total}")
    show("missed", missed)
    others: Counter[str] = Counter()
    listed = {spelling for spellings in variants.values() for spelling in spellings}
    for language in ("sq", "sr", "mk"):
        types = [(word, int(count)) for word, count, _ in rows(folder / f"{language}.tsv") if word[0].isupper()]
        reading = vocabulary.read(article((word for word, _ in types), language))
        for (word, count), sentence in zip(types, reading.sentences, strict=True):
            for hit in sentence.hits:
                if sentence.words(hit) not in listed:
                    others[f"{word} ({hit.concept})"] += count
    print(
        f"names, hits on words of the corpora that are not in names.tsv (to be judged by eye): {sum(others.values())}"
    )
    show("hit", others)


def show(what: str, words: Counter[str], limit: int = 40) -> None:
    if words:
        print(f"  {what}: " + "; ".join(f"{word} x{count}" for word, count in words.most_common(limit)))


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    began = time.perf_counter()
    measure_words(folder, "sq", "native", str)
    measure_words(folder, "sq", "ASCII", ascii_only)
    measure_words(folder, "sr", "native", str)
    measure_words(folder, "sr", "ASCII", ascii_only)
    measure_words(folder, "sr", "Cyrillic", cyrillic)
    measure_words(folder, "mk", "native", str)
    measure_words(folder, "mk", "ASCII", ascii_only)
    measure_names(folder)
    print(f"{time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
