"""The compiled vocabulary: which words stand for which concept, and reading an article with it. Pure.

Compiling turns every term into patterns; reading looks every token up once and follows the patterns that begin there,
so an article costs the same however many rules there are. Everything in a Vocabulary is plain data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.model import Article, Sentence
from monitor.rules.builder import FormBook, WordIndexBuilder, term_pieces, term_word_forms
from monitor.rules.definitions import Actor, Concept, Kind, Term
from monitor.rules.forms.dictionary import forget
from monitor.rules.forms.names import given_name_keys, title_forms
from monitor.rules.patterns import Match, WordIndex
from monitor.rules.people import People, person, spellings
from monitor.rules.reading import ACTORS, Hit, Reading, SentenceReading
from monitor.text.tokens import written_words

Span = tuple[int, int]  # first and last token, inclusive
_GIVEN_NAMES, _TITLES = ("given names",), ("titles",)  # in the book of forms
_BESIDE_SURNAMES = {_GIVEN_NAMES: given_name_keys, _TITLES: title_forms}
_BACKS_UP = {"sr": ("sr", "mk"), "mk": ("mk", "sr")}  # when the article's language is uncertain


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All concepts and actors, ready to read with."""

    index: WordIndex
    included_by: Mapping[str, tuple[str, ...]]  # concept or actor -> the concepts that include it
    people: People
    actors: frozenset[str]
    actions: frozenset[str]  # concepts that are something done or said

    def read(self, article: Article) -> Reading:
        """The article with everything that was found in it."""
        certain = article.language_certain
        languages = (article.language,) if certain else _BACKS_UP.get(article.language, (article.language,))
        introduced: set[str] = set()
        today = article.published.date()
        sentences = [self._read(sentence, today, languages, introduced) for sentence in article.sentences]
        if introduced and article.sentences[0].field == "title":
            # A headline names by surname whom the text then names in full.
            sentences[0] = self._read(article.sentences[0], today, languages, introduced)
        return Reading(article, tuple(sentences))

    def _read(
        self, sentence: Sentence, today: date, languages: tuple[str, ...], introduced: set[str]
    ) -> SentenceReading:
        matches = self.index.find(written_words(sentence.text), languages)
        if not matches:
            return SentenceReading(sentence)
        uses = {match.pattern.use for match in matches}
        if "role" in uses:
            matches = [match for match in matches if match.pattern.holds_on(today)]
        if "name" in uses or "surname" in uses:
            surnames = self.people.surnames_that_count(matches, sentence.text, introduced)
            matches = [match for match in matches if match.pattern.use != "surname"] + surnames
        return SentenceReading(sentence, self._hits(matches))

    def _hits(self, matches: Sequence[Match]) -> tuple[Hit, ...]:
        found: dict[str, set[Span]] = defaultdict(set)
        cancelled: dict[str, dict[int, int]] = defaultdict(dict)  # by concept: token -> length of the phrase over it
        names = _names(matches)
        for match in matches:
            if match.pattern.use == "cancel":
                _cancel(cancelled[match.pattern.owner], match)
            elif match.pattern.owner in self.actions and not names.isdisjoint(range(match.first, match.last + 1)):
                continue  # nobody states anything in "United States"
            else:
                found[match.pattern.owner].add((match.first, match.last))
        everything: dict[str, set[Span]] = defaultdict(set)
        for concept, spans in found.items():
            self._spread(concept, spans, cancelled, everything, frozenset())
        for actor in self.actors & everything.keys():
            everything[ACTORS] |= everything[actor]
        hits = (Hit(concept, *span) for concept, spans in everything.items() for span in _longest(spans))
        return tuple(sorted(hits, key=lambda hit: (hit.first, hit.last, hit.concept)))

    def _spread(
        self,
        concept: str,
        spans: set[Span],
        cancelled: Mapping[str, Mapping[int, int]],
        everything: dict[str, set[Span]],
        on_the_way: frozenset[str],
    ) -> None:
        """Give the spans that are not cancelled to the concept and to every concept that includes it."""
        phrases = cancelled.get(concept, {})
        kept = {span for span in spans if not phrases or not _is_cancelled(span, phrases)}
        if not kept:
            return
        everything[concept] |= kept
        for parent in self.included_by.get(concept, ()):
            if parent not in on_the_way:
                self._spread(parent, kept, cancelled, everything, on_the_way | {concept})


def _names(matches: Iterable[Match]) -> set[int]:
    """The tokens that are part of a name of several words."""
    return {
        token
        for match in matches
        if match.pattern.use == "name" and match.last > match.first
        for token in range(match.first, match.last + 1)
    }


def _cancel(phrases: dict[int, int], match: Match) -> None:
    for token in range(match.first, match.last + 1):
        phrases[token] = max(phrases.get(token, 0), match.last - match.first + 1)


def _is_cancelled(span: Span, phrases: Mapping[int, int]) -> bool:
    """Does a phrase at least as long overlap these words?"""
    first, last = span
    return any(phrases.get(token, 0) >= last - first + 1 for token in range(first, last + 1))


def _longest(spans: Collection[Span]) -> list[Span]:
    """Of overlapping spans, the longest; of equal ones, the first."""
    if len(spans) == 1:
        return list(spans)
    kept: list[Span] = []
    taken: set[int] = set()
    for first, last in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        words = range(first, last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append((first, last))
    return kept


# --- compiling --------------------------------------------------------------------------------------------------


def compile_vocabulary(
    concepts: Iterable[Concept], actors: Iterable[Actor], book: FormBook | None = None
) -> Vocabulary:
    """Generate every form of every term. Takes seconds, most of them for reading the form dictionaries; a fraction of
    one when the forms of all words stand in `book`, to which those of new words are added."""
    book = {} if book is None else book
    builder = WordIndexBuilder(book)
    included_by: dict[str, list[str]] = defaultdict(list)
    concepts, actors = tuple(concepts), tuple(actors)
    for concept in concepts:
        _add_concept(builder, concept)
        for part in concept.includes:
            included_by[part].append(concept.id)
    for actor in actors:
        _add_actor(builder, actor)
    persons = {actor.id: person(actor) for actor in actors}
    beside = {key: _kept(book, key, make) if persons else frozenset[str]() for key, make in _BESIDE_SURNAMES.items()}
    forget()
    return Vocabulary(
        index=builder.build(),
        included_by={part: tuple(whole) for part, whole in included_by.items()},
        people=People(persons, beside[_GIVEN_NAMES], beside[_TITLES]),
        actors=frozenset(actor.id for actor in actors),
        actions=frozenset(concept.id for concept in concepts if concept.kind == "action"),
    )


def _kept(book: FormBook, key: tuple[str], make: Callable[[], frozenset[str]]) -> frozenset[str]:
    if key not in book:
        book[key] = make()
    return book[key]


def _add_concept(builder: WordIndexBuilder, concept: Concept) -> None:
    for language, terms in concept.words.items():
        for term in terms:
            builder.add_term(term, language, concept.id, "concept", kind=concept.kind)
    for language, terms in concept.cancelled_by.items():
        for term in terms:
            builder.add_term(term, language, concept.id, "cancel", kind=concept.kind)
    for thing in concept.names:
        for term in thing:
            builder.add_name(term_pieces(term.text), concept.id, "name", kind=concept.kind, exact=term.exact)


def _add_actor(builder: WordIndexBuilder, actor: Actor) -> None:
    if actor.kind == "person":
        _add_person(builder, actor)
    else:
        for name in actor.names:
            builder.add_name(term_pieces(name.text), actor.id, "name", exact=name.exact)
    for term in actor.cancelled_by:
        builder.add_name(term_pieces(term.text), actor.id, "cancel", exact=term.exact)
    for role in actor.roles:
        for language, terms in role.words.items():
            for term in terms:
                builder.add_term(term, language, actor.id, "role", kind="person", since=role.since, until=role.until)


def _add_person(builder: WordIndexBuilder, actor: Actor) -> None:
    given_names, surnames = spellings(actor.names)
    for surname in surnames:
        for given in given_names:
            builder.add_name((*given, *surname), actor.id, "name", kind="person")
        if not given_names:
            builder.add_name(surname, actor.id, "name", kind="person")
        elif actor.surname != "never":
            builder.add_name(surname, actor.id, "surname", kind="person")


def forms_of(term: Term, language: str, kind: Kind) -> tuple[frozenset[str], ...]:
    """The folded forms of each word of a term, in order; a gap has none."""
    pieces = term_pieces(term.text)
    return tuple(
        frozenset()
        if piece == ".."
        else term_word_forms(piece, language, term.part, kind, in_phrase=len(pieces) > 1, exact=term.exact)
        for piece in pieces
    )
