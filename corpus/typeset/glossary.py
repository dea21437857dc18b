"""The glossary as a booklet: Glossary -> Markdown. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from corpus.catalogue import Abbreviation, Glossary
from corpus.typeset.front_matter import State

GLOSSARY_NAME = "glossar"

_HEAD = """\
---
titel: "Glossar: Abkürzungen und Begriffe"
untertitel: Kurzformen und Suchvarianten der sozialraumorientierten Arbeit
art: Glossar
herkunft: Text dieses Projekts, nicht die Originaldokumentation
stand: {state}
---

Das Glossar schreibt {abbreviations} Abkürzungen aus, die in Texten zur sozialraumorientierten \
Stadtentwicklung vorkommen, und nennt für mehrdeutige Kurzformen weitere Bedeutungen. Das \
letzte Kapitel führt zu {terms} Begriffen die Wörter auf, unter denen sie in Akten, Förderanträgen \
und Gesprächen sonst noch zu finden sind.
"""


def glossary_markdown(glossary: Glossary, state: State) -> str:
    """Return the glossary as a source of the collection, one sentence-like entry a list item.

    Every entry stands alone as a quotation. ``state`` is printed and dates the PDF.
    """
    entries = sorted(glossary.abbreviations, key=lambda entry: _sort_key(entry.short_forms[0]))
    chapters = [
        _chapter(f"Abkürzungen mit {initial}", [abbreviation_entry(entry) for entry in group])
        for initial, group in groupby(entries, key=_initial)
    ]
    terms = sorted(glossary.synonyms, key=lambda group: _sort_key(group[0]))
    if terms:
        chapters.append(_chapter("Begriffe und ihre Varianten", map(synonym_entry, terms)))
    head = _HEAD.format(state=state.iso, abbreviations=len(entries), terms=len(terms))
    return "\n".join((head, *chapters))


def abbreviation_entry(entry: Abbreviation) -> str:
    """Return "IHK bedeutet …", with the readings outside the field named as such."""
    first, *more = map(_escape, entry.short_forms)
    also = f" (auch {enumeration(more, 'und')})" if more else ""
    sentence = f"**{first}**{also} bedeutet {_escape(entry.long_form)}."
    if not entry.other_readings:
        return sentence
    others = enumeration([_escape(reading) for reading in entry.other_readings], "oder")
    return f"{sentence} Außerhalb des Fachgebiets steht {first} auch für {others}."


def synonym_entry(group: Sequence[str]) -> str:
    """Return "Zu … gehören als Suchvarianten …" for a term and its variants."""
    term, *variants = map(_escape, group)
    verb = "gehört als Suchvariante" if len(variants) == 1 else "gehören als Suchvarianten"
    return f"Zu **{term}** {verb} {enumeration(variants, 'und')}."


def enumeration(words: Sequence[str], conjunction: str) -> str:
    """Return "a, b und c"."""
    *front, last = words
    return f"{', '.join(front)} {conjunction} {last}" if front else last


def _chapter(title: str, entries: Iterable[str]) -> str:
    return "\n".join((f"## {title}", "", *(f"- {entry}" for entry in entries), ""))


def _initial(entry: Abbreviation) -> str:
    return _sort_key(entry.short_forms[0])[0].upper()


def _sort_key(word: str) -> str:
    """Order as in a German dictionary: umlauts beside their vowels, capitals ignored."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _escape(text: str) -> str:
    """Return text in which Markdown sees no markup."""
    return re.sub(r"([\\`*_\[\]<>&])", r"\\\1", text)
