"""The shortlist: whatever a rule asks for, leaving it out unasked never loses what it would have found."""

from __future__ import annotations

from random import Random

from rules_desk import PUBLISHED

from monitor.model import Article, Sentence
from monitor.rules.condition import Condition, Group, Index, Leaf, Unit, bits, find, index_of
from monitor.rules.reading import Hit, Reading, SentenceReading
from monitor.rules.shortlist import needs, shortlist

UNITS = (None, None, Unit("sentence"), Unit("paragraph"), Unit("words", 3), Unit("sentences", 2), Unit("article"))


def condition(chance: Random, depth: int = 3) -> Condition:
    """Any condition an analyst might write, with up to three parts in each list."""
    if depth == 0 or chance.random() < 0.3:
        concept = chance.choice("abcdefgh")
        return Leaf(concept, concept)

    def some(share: float) -> tuple[Condition, ...]:
        return (
            tuple(condition(chance, depth - 1) for _ in range(chance.randint(1, 3))) if chance.random() < share else ()
        )

    several = some(0.2)
    return Group(
        all=some(0.7),
        any=some(0.4),
        none=some(0.1),
        of=several,
        least=chance.randint(1, len(several)) if several else 0,
        within=chance.choice(UNITS),
        fields=frozenset({chance.choice(("title", "lead", "body"))}) if chance.random() < 0.1 else frozenset(),
        times=2 if chance.random() < 0.1 else 1,
    )


def index(chance: Random) -> Index:
    """An article of five sentences with a few concepts in each."""
    article = Article("", "", "", "", (), "en", PUBLISHED, PUBLISHED)
    sentences = []
    for number in range(5):
        hits = tuple(Hit(chance.choice("abcdefgh"), place, place) for place in range(chance.randint(0, 5)))
        field = "title" if number == 0 else "lead" if number < 3 else "body"
        sentences.append(SentenceReading(Sentence(number, "", field, number // 2), hits))
    return index_of(Reading(article, tuple(sentences)))


def test_what_a_rule_finds_is_never_left_unasked_and_most_of_the_rest_is() -> None:
    chance = Random(7)
    conditions = [condition(chance) for _ in range(200)]
    asked = in_vain = 0
    rules = shortlist(conditions)
    for _ in range(30):
        article = index(chance)
        listed = set(bits(rules.of(article)))
        found = {number for number, one in enumerate(conditions) if find(one, article) is not None}
        assert found <= listed
        asked += len(listed)
        in_vain += len(listed - found)
    assert in_vain < 0.35 * asked


def test_what_a_condition_forbids_it_does_not_need() -> None:
    border, sport, army = (Leaf(name, name) for name in ("border", "sport", "army"))
    either = Group(all=(border,), any=(army, Group(all=(sport, army))), none=(sport,))
    assert needs(either) == (frozenset({"border"}), frozenset({"army", "sport"}))
    assert needs(Group(none=(sport,))) == ()
