"""What is searched besides the words of a question: long and short forms, other words for it.

Everything added is kept with the word it stands for, so that the reader can see it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from assistant.query.english import terms_in
from assistant.types import Addition, Reading
from corpus.catalogue import Abbreviation, Glossary
from corpus.german import Analyser, Token
from corpus.word_list import is_listed

# A short form in small letters has at least so many, else it is too often something else.
MIN_SMALL = 3
# The reading of this field is sure where the collection has it so many times as often.
SURE = 3
# Texts that may have a word which is widened all the same: a glossary, or a stray mention. For
# 0 / 2 / 10 texts recall@10 on dev is 0.952 / 0.962 / 0.962, RR@10 0.799 / 0.801 / 0.789; with
# questions whose word is replaced by a synonym, recall@10 0.849 / 0.885 / 0.885.
MAX_TEXTS = 2
# Other words it gets at most. 3 and 6 lost 0.003 and 0.006 of recall@10, the first is the term.
MAX_SYNONYMS = 2

_SHORT = re.compile(r"\w[\w.-]*\w\.?(?: (?:NRW|[IVX]+)\b)?", re.IGNORECASE)
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
        start=2,
    )
}
# A number after these names one of them and counts nothing.
_NUMBERED = ("werkstatt", "nr", "nummer", "seite", "kapitel", "teil", "artikel", "absatz", "stufe")
_WORDS = {digits: word for word, digits in _NUMBERS.items()}


def expand(
    text: str, analyser: Analyser, glossary: Glossary
) -> tuple[tuple[Addition, ...], tuple[Reading, ...]]:
    """Return what is searched besides the text, and how its ambiguous short forms are read."""
    found = list(short_forms(text, analyser, glossary))
    readings = tuple(
        read(typed, entry, text, analyser) for typed, entry in found if entry.other_readings
    )
    taken = {reading.short_form: reading.taken for reading in readings}
    long_forms = [
        Addition(typed, form, "Langform")
        for typed, entry in found
        if (form := taken.get(typed, entry.long_form))
    ]
    short = [
        Addition(entry.long_form, form, "Kurzform")
        for entry in _written_out(text, analyser, glossary)
        for form in entry.short_forms
    ]
    others = [*_synonyms(text, analyser, glossary), *_numbers(text, analyser)]
    english = _translations(text, analyser, glossary)
    return _new(text, [*long_forms, *short, *others, *english]), readings


def short_forms(
    text: str, analyser: Analyser, glossary: Glossary
) -> Iterator[tuple[str, Abbreviation]]:
    """Yield the known short forms in a text, as typed, each with its entry."""
    seen: set[str] = set()
    for match in _SHORT.finditer(text):
        first = match[0].split()[0]
        for typed in dict.fromkeys((match[0], first, *first.split("-"))):
            entry = glossary.abbreviation(typed)
            if entry and typed not in seen and _is_meant(typed, entry, analyser):
                seen.add(typed)
                yield typed, entry
                break


def read(short_form: str, entry: Abbreviation, text: str, analyser: Analyser) -> Reading:
    """Decide how an ambiguous short form is read, by the question and by the collection.

    A question that names another reading itself ("IHK, ist das die Handelskammer?") is left
    as it is.
    """
    readings = (entry.long_form, *entry.other_readings)
    asked = set(analyser.analyse(text).words)
    named = [r for r in readings if asked & _own_carriers(r, readings, analyser)]
    if named:
        taken = entry.long_form if named == [entry.long_form] else ""
        others = tuple(r for r in readings if r != taken)
        return Reading(short_form, taken, others, is_sure=len(named) == 1)
    support = {r: _support(r, analyser) for r in readings}
    taken = max(readings, key=lambda r: support[r] if r != entry.long_form else SURE * support[r])
    if not support[taken]:
        return Reading(short_form, "", readings, is_sure=False)
    others = tuple(r for r in readings if r != taken)
    is_sure = all(support[taken] >= SURE * support[r] for r in others)
    return Reading(short_form, taken, others, is_sure)


def _is_meant(typed: str, entry: Abbreviation, analyser: Analyser) -> bool:
    """Tell a short form from a word that is written alike: "lag" is rarely the LAG."""
    if typed in entry.short_forms or typed in map(str.upper, entry.short_forms):
        return True
    written = analyser.written(typed)
    if written is not None:
        return written in entry.short_forms
    return len(typed) >= MIN_SMALL and not is_listed(typed)


def _carriers(reading: str, analyser: Analyser) -> frozenset[str]:
    """Stems of a reading's words that tell it from others."""
    words = [word for word in re.findall(r"\w+", reading) if len(word) >= 5]
    return frozenset(analyser.analyse(" ".join(words)).words)


def _own_carriers(reading: str, readings: tuple[str, ...], analyser: Analyser) -> frozenset[str]:
    others = (_carriers(other, analyser) for other in readings if other != reading)
    return _carriers(reading, analyser).difference(*others)


def _support(reading: str, analyser: Analyser) -> int:
    """Return how many texts of the collection may have a reading."""
    carriers = _carriers(reading, analyser)
    return min((analyser.document_frequency(stem) for stem in carriers), default=0)


def _written_out(text: str, analyser: Analyser, glossary: Glossary) -> list[Abbreviation]:
    """Return the entries whose long form the text has, in whatever case.

    Only those that the collection knows by the short form alone; else the short form found
    nothing more, and cost 0.016 of recall@5 where questions name long forms.
    """
    stems = set(analyser.analyse(text).words)
    return [
        entry
        for entry, carriers in _long_forms(glossary, analyser)
        if carriers
        and carriers <= stems
        and not min(map(analyser.document_frequency, carriers))
        and any(map(analyser.frequency, entry.short_forms))
    ]


def _synonyms(text: str, analyser: Analyser, glossary: Glossary) -> list[Addition]:
    """Other words for words that the collection doesn't have."""
    groups = _groups(glossary, analyser)
    return [
        Addition(text[token.start : token.end], form, "Synonym")
        for token in analyser.tokens(text)
        if token.kind == "word" and not _occurs(token, analyser)
        for form in groups.get(token.stem, ())
    ]


def _occurs(token: Token, analyser: Analyser) -> bool:
    if analyser.document_frequency(token.stem) > MAX_TEXTS:
        return True
    return bool(token.parts) and all(map(analyser.document_frequency, token.parts))


def _translations(text: str, analyser: Analyser, glossary: Glossary) -> list[Addition]:
    """German words for English terms that the collection doesn't have."""
    return [
        Addition(typed, german, "Übersetzung")
        for typed, german in terms_in(text, glossary)
        if not all(map(analyser.document_frequency, analyser.analyse(typed).words))
    ]


def _numbers(text: str, analyser: Analyser) -> list[Addition]:
    """Small numbers in words and in figures, where they count something."""
    found: list[Addition] = []
    tokens = analyser.tokens(text)
    before = ""
    for token, following in pairwise(tokens):
        typed = text[token.start : token.end].lower()
        other = _NUMBERS.get(typed) or _WORDS.get(typed)
        counts = following.kind == "word" and text[token.end : following.start].isspace()
        if other and counts and before not in _NUMBERED:
            found.append(Addition(typed, other, "Zahl"))
        before = typed
    return found


def _new(text: str, additions: list[Addition]) -> tuple[Addition, ...]:
    """Leave out what the text has already, and what comes twice."""
    said = text.casefold()
    kept: dict[str, Addition] = {}
    for addition in additions:
        form = addition.form.casefold()
        if not re.search(rf"(?<!\w){re.escape(form)}(?!\w)", said):
            kept.setdefault(form, addition)
    return tuple(kept.values())


# Both depend on the collection's analysis alone, which a generation never changes.
@lru_cache(maxsize=4)
def _long_forms(
    glossary: Glossary, analyser: Analyser
) -> tuple[tuple[Abbreviation, frozenset[str]], ...]:
    return tuple(
        (entry, frozenset(analyser.analyse(" ".join(entry.carriers)).words))
        for entry in glossary.abbreviations
    )


@lru_cache(maxsize=4)
def _groups(glossary: Glossary, analyser: Analyser) -> dict[str, tuple[str, ...]]:
    """Other words of the collection for each stem of the glossary's groups."""
    found: dict[str, tuple[str, ...]] = {}
    for variants in glossary.synonyms:
        for word in variants:
            (stem, *more) = analyser.analyse(word).words or ("",)
            others = [v for v in variants if v != word and _support(v, analyser)]
            if stem and not more:
                found.setdefault(stem, tuple(others[:MAX_SYNONYMS]))
    return found
