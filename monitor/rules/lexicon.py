"""The lexicon of a load: which ids conditions may name, and the concepts that rules' own words become. Pure.

Words in rules (`say`), places in rules (`name`) and time words are compiled as concepts of their own, so that an
article is read once, with one vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from monitor.rules.definitions import ANY, Actor, Concept, Term
from monitor.rules.reading import ACTORS
from monitor.rules.values import Problems
from monitor.text.folding import fold, name_keys
from monitor.yamlfile import Node, did_you_mean

_PART = re.compile(r"(.+?)\s+\((\w+)\)")
_PARTS = ("noun", "verb", "adj", "name")


class Lexicon:
    """Known ids, and the concepts made on the way (`made`)."""

    def __init__(self, concepts: Mapping[str, Concept], actors: Mapping[str, Actor]) -> None:
        self.made: dict[str, Concept] = {}
        self._ids = {*concepts, *actors, ACTORS}
        self._names: dict[frozenset[str], str] = {}  # key of a spelling -> concept or actor id
        self._spellings: list[str] = []
        self._lines: dict[str, Concept] = {}  # pseudo concepts of places, made when asked for
        for actor in actors.values():
            self._add_names((name.text for name in actor.names), actor.id)
        for concept in concepts.values():
            for line in concept.names:
                made = Concept(
                    f"name:{line[0].text}", line[0].place, kind=concept.kind, label=line[0].text, names=(line,)
                )
                self._lines[made.id] = made
                self._add_names((name.text for name in line), made.id)

    def _add_names(self, spellings: Iterable[str], target: str) -> None:
        for spelling in spellings:
            self._spellings.append(spelling)
            self._names.setdefault(_key(spelling), target)

    def __contains__(self, id: str) -> bool:
        return id in self._ids or id in self.made

    def concept(self, node: Node, problems: Problems) -> str | None:
        """The concept or actor that a word of a condition names."""
        if node.text in self._ids:
            return node.text
        hint = did_you_mean(node.text, sorted(self._ids))
        if not hint or node.quoted:
            to_say = f'to look for these words write {{say: "{node.text}"}}'
            hint = f"{hint} {to_say}".strip()
        problems.append(node.place.problem("R201", f"there is no concept or actor called “{node.text}”.", hint))
        return None

    def say(self, node: Node, problems: Problems) -> str | None:
        """The concept of some words written in a rule: they match in every language, in any form."""
        term = read_term(node, problems)
        if term is None:
            return None
        made = Concept(f"say:{node.text}", node.place, label=f"“{term.text}”", words={ANY: (term,)})
        self.made.setdefault(made.id, made)
        return made.id

    def name(self, node: Node, problems: Problems) -> str | None:
        """The place or actor with this spelling, whichever of its spellings it is."""
        target = self._names.get(_key(node.text)) if node.text else None
        if target is None:
            hint = did_you_mean(node.text, self._ids) or _nearest(node.text, self._spellings)
            problems.append(node.place.problem("R201", f"no place or actor is called “{node.text}”.", hint))
            return None
        if target in self._lines:
            self.made.setdefault(target, self._lines[target])
        return target


@dataclass(frozen=True)
class World:
    """What rules may refer to, by id."""

    lexicon: Lexicon
    outlets: Collection[str]
    exclusions: Collection[str]
    channels: Collection[str] | None  # None: not known here, not checked


def _key(name: str) -> frozenset[str]:
    """Spellings of one name share it: the smaller name key of each of its words."""
    return frozenset(f"{number}:{min(name_keys(word))}" for number, word in enumerate(name.split()))


def _nearest(name: str, spellings: list[str]) -> str:
    folded = {fold(spelling).replace(" ", "_"): spelling for spelling in spellings}
    hint = did_you_mean(fold(name), folded)
    key = hint.partition("“")[2].partition("”")[0]
    return f"did you mean “{folded[key]}”?" if key in folded else ""


def read_term(node: Node, problems: Problems) -> Term | None:
    """A term: `vojska`, `oružane snage`, `pre .. godina`, `unit (noun)`, `=ABL`."""
    if not node.is_text:
        hint = "“accents: keep” is not part of the language yet: write the word, or a longer phrase" if node.map else ""
        problems.append(node.place.problem("R303", "a term has to be a text.", hint))
        return None
    written, exact, part = node.text.strip(), False, ""
    if written.startswith("="):
        written, exact = written[1:].strip(), True
    if found := _PART.fullmatch(written):
        written, part = found[1], found[2]
        if part not in _PARTS:
            hint = did_you_mean(part, _PARTS) or "write noun, verb, adj or name"
            problems.append(node.place.problem("R304", f"“{part}” is not a part of speech.", hint))
            return None
    if "*" in written:
        hint = "write the dictionary form: endings are automatic"
        problems.append(
            node.place.problem("R401", f"“{written}”: beginnings of words (*) cannot be searched for.", hint)
        )
        return None
    if not any(char.isalnum() for char in written):
        problems.append(node.place.problem("R303", f"“{node.text}” has no word in it."))
        return None
    return Term(written, node.place, part, exact)  # type: ignore[arg-type]
