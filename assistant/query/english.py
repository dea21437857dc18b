"""English questions -> German words, by the glossary's English terms. Pure.

Nothing is translated but the terms of the field and the words that make a question; the rest
stays as typed, and the reader sees what was made of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from corpus.catalogue import Glossary
from corpus.stopwords import STOP_WORDS

# A question is English with so many words that are no German ones, if German ones aren't more.
MIN_ENGLISH = 2
# Words of the longest term that is looked for.
LONGEST = 8

_FRAME = {
    "what does": "was", "what do": "was", "what did": "was", "what is": "was ist",
    "what are": "was sind", "what was": "was war", "what were": "was waren", "what": "was",
    "how many": "wie viele", "how much": "wie viel", "how long": "wie lange", "how": "wie",
    "when": "wann", "where": "wo", "who": "wer", "why": "warum", "which": "welche",
    "what means": "was bedeutet", "mean": "bedeuten", "means": "bedeutet", "define": "Definition",
    "difference between": "Unterschied", "and": "und", "or": "oder", "with": "mit",
    "from": "von", "about": "über", "by": "von", "on": "zu", "to": "", "of": "", "for": "für",
    "the": "", "a": "", "an": "", "is": "", "are": "", "was": "", "were": "", "do": "",
    "does": "", "did": "", "can": "", "could": "", "should": "", "would": "", "will": "",
    "there": "", "be": "", "been": "", "has": "", "have": "", "had": "", "it": "", "its": "",
    "this": "", "that": "", "these": "", "those": "", "you": "", "we": "", "i": "", "me": "",
    "us": "", "our": "", "your": "", "they": "", "their": "", "please": "", "tell": "",
    "explain": "", "used": "", "between": "", "at": "", "as": "",
}  # fmt: skip
_FRAME |= dict(
    zip(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"),
        strict=True,
    )
)
# "What does ISEK stand for" asks for a meaning; in German the verb comes first.
_MEANING = re.compile(r"\bwhat (?:does|do|did) (.+?) (?:mean|stand for)\b", re.IGNORECASE)
_SHARED = frozenset(word for word in _FRAME if word in STOP_WORDS)
_ENGLISH = frozenset(word for word in _FRAME if " " not in word) - _SHARED
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SPELLINGS = (("neighborhood", "neighbourhood"), ("organiz", "organis"), ("programme", "program"))


def is_english(text: str) -> bool:
    """Tell whether a question is English by the small words it has."""
    words = [word.lower() for word in _WORD.findall(text)]
    english = sum(word in _ENGLISH for word in words)
    german = sum(word in STOP_WORDS and word not in _FRAME for word in words)
    return english >= MIN_ENGLISH and english > german


def in_german(text: str, glossary: Glossary) -> str:
    """Return the question with the field's terms and its question words in German.

    "What is neighbourhood management?" -> "Was ist Quartiersmanagement?"
    """
    asked = _MEANING.sub(r"what means \1", text)
    words = [match[0] for match in re.finditer(r"[\w'’-]+|[^\w\s]", asked)]
    said = " ".join(
        german for _, german in _pieces(words, {**_FRAME, **_terms(glossary)}) if german
    )
    said = re.sub(r"\s+([,.;:?!])", r"\1", said)
    return said[:1].upper() + said[1:]


def terms_in(text: str, glossary: Glossary) -> Iterator[tuple[str, str]]:
    """Yield the English terms of the field in any text, as typed, each with the German one."""
    words = _WORD.findall(text)
    for typed, german in _pieces(words, _terms(glossary)):
        if typed != german:
            yield typed, german


def _pieces(words: Sequence[str], known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the longest known phrases with their German, and all other words as they are."""
    at = 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            typed = " ".join(words[at : at + size])
            phrase = _spelt(typed)
            german = known.get(phrase, known.get(_singular(phrase)))
            if german is not None or size == 1:
                yield typed, typed if german is None else german
                at += size
                break


# A glossary never changes.
@lru_cache(maxsize=4)
def _terms(glossary: Glossary) -> dict[str, str]:
    return {_spelt(term): german for term, german in glossary.english}


def _spelt(term: str) -> str:
    """Return a term in lower case and one of its spellings (British and American are many)."""
    term = term.lower().replace("-", " ").replace("’", "'")
    for one, other in _SPELLINGS:
        term = term.replace(other, one)
    return term


def _singular(phrase: str) -> str:
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    return phrase.removesuffix("s")
