"""The form dictionary: simplemma's word lists, read from the dictionary form to its forms.

Used while a vocabulary is compiled and never while an article is read. Never ask it about a name in lower case: Buš
(Bush) would become biti (to be).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from monitor.text.folding import fold

_CODES = {"en": "en", "sq": "sq", "sr": "hbs", "mk": "mk"}  # hbs holds Serbian, Bosnian and Croatian in both scripts

_FIRST_CYRILLIC = "\u0400".encode()  # Serbian is looked up in Latin letters


class FormDictionary:
    """One language's words, both ways: form to dictionary form, and back."""

    def __init__(self, language: str) -> None:
        self._base: Mapping[str, str] = DefaultDictionaryFactory(cache_max_size=1).get_dictionary(_CODES[language])
        self._forms: dict[bytes, list[bytes]] = {}
        all_letters = language == "mk"
        for form, base in _encoded(self._base).items():
            if all_letters or form < _FIRST_CYRILLIC:
                if base in self._forms:
                    self._forms[base].append(form)
                else:
                    self._forms[base] = [form]

    def base(self, form: str) -> str:
        """The dictionary form of a word, "" when the word is not known."""
        return self._base.get(form) or ""

    def forms(self, base: str) -> frozenset[str]:
        """All forms listed under a dictionary form; empty when it is not one."""
        return frozenset(form.decode() for form in self._forms.get(base.encode(), ()))

    def folded(self, wanted: Collection[str]) -> dict[str, set[str]]:
        """The dictionary forms of all words that, folded, are one of these; goes through the whole dictionary."""
        pairs = [(base, form) for base, forms in self._forms.items() for form in forms]
        folded = fold(b"\n".join(form for _, form in pairs).decode()).split("\n")
        found: dict[str, set[str]] = {}
        for (base, _), form in zip(pairs, folded, strict=True):
            if form in wanted:
                found.setdefault(form, set()).add(base.decode())
        return found


def _encoded(words: Mapping[str, str]) -> Mapping[bytes, bytes]:
    """The words in UTF-8, as simplemma keeps them: to ask its mapping for one after the other takes five times as long
    (1.7 s for all four languages, of 5 s for the whole pack)."""
    kept = getattr(words, "_dict", None)
    if isinstance(kept, dict):
        return kept
    return {form.encode(): words[form].encode() for form in words}


@lru_cache(maxsize=4)
def form_dictionary(language: str) -> FormDictionary:
    """The dictionary of en, sq, sr or mk; read once (half a second for Serbian), forgotten by `forget`."""
    return FormDictionary(language)


def forget() -> None:
    """Give the memory of all dictionaries back (some 200 MB) once a vocabulary is compiled."""
    form_dictionary.cache_clear()
