"""Measures how fast rules are loaded and matched: `python tests/bench/rule_speed.py [--articles FILE.jsonl]`.

Prints the CPU time (of this process, on one core) to load the bundled pack with nothing kept, with the words known, and
with nothing changed; to check it; and to match an article of 600 words, with the pack's rules and with 1,000 and 5,000
more: they cost what they find. Those are made of the pack's own concepts, three or four of them within a sentence or in
the article. Without --articles the articles are everyday sentences, in which every fourth article has the text of one
of the rules' own tests.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitor.articles.language import detect_language
from monitor.model import Article
from monitor.rules.cache import lint_cached, load_cached
from monitor.rules.condition import ARTICLE, SENTENCE, Group, Leaf
from monitor.rules.examples import run_examples
from monitor.rules.given import given_article
from monitor.rules.load import load
from monitor.rules.match import match
from monitor.rules.ruleset import Rule, RuleSet

PACK = Path(__file__).resolve().parents[2] / "rules" / "kosovo-serbia"
SOME_DAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORDS = 600  # of the article that times are given for
ROUNDS = 5  # the best counts: what else the machine does only adds
EVERYDAY = {
    "en": """
The municipality of Gjilan will repair the roof of its library before the winter, the mayor said on Tuesday.
About 300 visitors came to the opening of the exhibition, among them guests from Skopje and Tirana.
"We have waited for this for ten years," said Arta Krasniqi, who teaches at the music school.
The government in Pristina approved a budget of 2.4 million euros for new school buses in March 2025.
Farmers expect a poor harvest of peppers, because it has hardly rained since the middle of July.
""",
    "sq": """
Komuna e Gjilanit do ta rinovojë çatinë e bibliotekës para dimrit, tha të martën kryetari i komunës.
Rreth 300 vizitorë erdhën në hapjen e ekspozitës, mes tyre edhe mysafirë nga Shkupi dhe Tirana.
“Kemi pritur dhjetë vjet për këtë”, tha Arta Krasniqi, e cila jep mësim në shkollën e muzikës.
Qeveria në Prishtinë miratoi në mars 2025 një buxhet prej 2.4 milionë eurosh për autobusë të rinj shkollorë.
Bujqit presin rendiment të dobët të specave, sepse nga mesi i korrikut pothuajse nuk ka rënë shi.
""",
    "sr": """
Opština Vranje obnoviće krov biblioteke pre zime, rekao je u utorak predsednik opštine.
Oko 300 posetilaca došlo je na otvaranje izložbe, među njima i gosti iz Skoplja i Tirane.
„Čekali smo ovo deset godina“, rekla je Milica Jovanović, koja predaje u muzičkoj školi.
Vlada u Beogradu odobrila je u martu 2025. budžet od 2,4 miliona evra za nove školske autobuse.
Poljoprivrednici očekuju slab rod paprike, jer od sredine jula gotovo da nije bilo kiše.
""",
    "mk": """
Општина Куманово ќе го обнови покривот на библиотеката пред зимата, рече во вторникот градоначалникот.
Околу 300 посетители дојдоа на отворањето на изложбата, меѓу нив и гости од Приштина и Тирана.
„Го чекавме ова десет години“, рече Билјана Петрова, која предава во музичкото училиште.
Владата во Скопје во март 2025 одобри буџет од 2,4 милиони евра за нови училишни автобуси.
Земјоделците очекуваат слаб род на пиперки, бидејќи од средината на јули речиси и немаше дожд.
""",
}


def cpu(work: Callable[[], Any]) -> float:
    """Seconds of CPU time that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def articles_in(file: Path) -> Iterator[Article]:
    """The articles of a file with a JSON object a line: title, text, and when given published and language."""
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        title, text = row.get("title") or "", row.get("text") or row.get("body") or ""
        text = "\n".join(text) if isinstance(text, list) else text
        language = row.get("language") or row.get("lang") or detect_language(f"{title}\n{text}", ())[0]
        if title or text:
            yield given_article(title, text, language, SOME_DAY)


def everyday_articles(rules: RuleSet) -> Iterator[Article]:
    """Articles of 600 words of everyday sentences; every fourth has the text of one of the rules' own tests."""
    chance = random.Random(7)
    tests = [test for rule in rules.rules for test in rule.tests if test.language in EVERYDAY]
    for number in range(120):
        test = tests[number % len(tests)]
        sentences = EVERYDAY[test.language].strip().splitlines()
        text: list[str] = [test.title, test.text] if number % 4 == 0 else []
        while sum(len(line.split()) for line in text) < WORDS:
            text.append(" ".join(chance.sample(sentences, 3)))
        yield given_article("", "\n".join(text), test.language, test.published)


def with_more_rules(rules: RuleSet, count: int) -> RuleSet:
    """The rule set with so many rules more, each of three or four concepts of the pack that are found in articles."""
    chance = random.Random(7)
    concepts = sorted(rules.concepts)

    def made(number: int) -> Rule:
        chosen = chance.sample(concepts, chance.choice((3, 4)))
        parts = tuple(Leaf(one, one) for one in chosen)
        within = SENTENCE if chance.random() < 0.8 else ARTICLE
        find = Group(all=parts[:2], any=parts[2:], within=within)
        return replace(rules.rules[0], id=f"made-{number}", find=find, score=None, unless=(), tests=())

    return replace(rules, rules=(*rules.rules, *map(made, range(count))))


def milliseconds(rules: RuleSet, articles: Sequence[Article]) -> float:
    """CPU time to match an article of WORDS words, in ms; the first round, in which words are met, does not count."""
    words = sum(len(sentence.text.split()) for article in articles for sentence in article.sentences)

    def work() -> None:
        for article in articles:
            match(rules, article, article.published)

    work()
    return min(cpu(work) for _ in range(ROUNDS)) / words * WORDS * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, help="a file of articles (JSON lines); default: the rules' own tests")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        print(f"load, nothing kept         {cpu(lambda: load([PACK])):6.2f} s   (limit 5)")
        load_cached([PACK], None, cache)
        for kept in cache.glob("rules-*"):
            kept.unlink()
        print(f"load, words known          {cpu(lambda: load_cached([PACK], None, cache)):6.2f} s   (after an edit)")
        print(f"load, nothing changed      {cpu(lambda: load_cached([PACK], None, cache)):6.2f} s   (limit 0.5)")
        rules = load_cached([PACK], None, cache).rule_set
        assert rules is not None
        print(f"lints, no word known       {cpu(lambda: lint_cached(rules, lambda *_: 0, cache)):6.2f} s")
        print(f"lints, words known         {cpu(lambda: lint_cached(rules, lambda *_: 0, cache)):6.2f} s")
    tests = sum(len(rule.tests) for rule in rules.rules)
    print(f"the rules' own {tests} tests   {cpu(lambda: run_examples(rules)):6.2f} s")
    articles = list(articles_in(options.articles) if options.articles else everyday_articles(rules))
    for more in (0, 1000, 5000):
        some = with_more_rules(rules, more)
        found = sum(len(match(some, article, article.published)) for article in articles) / len(articles)
        spent = milliseconds(some, articles)
        print(f"match, {len(some.rules):5} rules         {spent:6.2f} ms  (limit 2; {found:.1f} verdicts an article)")


if __name__ == "__main__":
    main()
