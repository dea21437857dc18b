"""The question's content words, and how well a text covers them."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.query.question import Query
from corpus.catalogue import Glossary
from corpus.german import Analyser

# What a match is worth: the word itself; the word as part of a compound; parts of a
# compound found singly; a form of the same stem; a synonym of the glossary.
IN_COMPOUND = 0.9
BY_PARTS = 0.8
BY_PREFIX = 0.7
BY_SYNONYM = 0.6
MIN_PREFIX = 5
MIN_PREFIX_SHARE = 0.7

# Words that say how an answer should look rather than what it is about.
LIGHT_WEIGHT = 0.15
_LIGHT = (
    "werkstatt thema frage antwort bedeuten heißen stehen stattfinden finden machen tun "
    "geben können sollen müssen dürfen sagen erklären nennen zeigen besprechen behandeln "
    "gehen kommen information beispiel unterschied bekannt wissen laufen funktionieren "
    "einsetzen aufbauen setzen bauen bringen handeln ablaufen kurz genau eigentlich gelten "
    "nehmen spielen rolle aussage text heft sammlung dokument überblick gerade heute aktuell "
    "wichtig gut brauchen bitte begriff abkürzung definition definieren verstehen meinen "
    "liegen gehören jahr stadt kommune unterscheiden vergleichen vergleich ansprechen "
    "erwähnen diskutieren thematisieren art weise konkret allgemein verschieden einzeln "
    "gemeinsam grund ziel anzahl zahl hoch viel lang groß möglich nutzen erfolgen umgehen "
    "angehen vorgehen bestehen beachten"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One content word of the question."""

    word: str
    """As typed."""
    stem: str
    parts: tuple[str, ...]
    synonyms: frozenset[str]
    """Stems that may stand for it."""
    weight: float
    known: bool
    """Whether the collection has it in any form."""
    light: bool


@dataclass(frozen=True, slots=True)
class Bag:
    """The analysed words of a text, for matching."""

    words: frozenset[str]
    parts: frozenset[str]

    def __or__(self, other: "Bag") -> "Bag":
        return Bag(self.words | other.words, self.parts | other.parts)


EMPTY = Bag(frozenset(), frozenset())


def bag(text: str, analyser: Analyser) -> Bag:
    """Analyse a text for matching."""
    analysis = analyser.analyse(text)
    return Bag(frozenset(analysis.words), frozenset(analysis.parts))


def terms(query: Query, analyser: Analyser, glossary: Glossary) -> tuple[Term, ...]:
    """Return the question's content words, each once, in order."""
    groups = _synonym_groups(glossary, analyser)
    light = _light_stems(analyser)
    found: dict[str, Term] = {}
    for token in analyser.tokens(query.text):
        if token.kind == "stop" or token.stem in found:
            continue
        synonyms = frozenset().union(*(g for g in groups if token.stem in g)) - {token.stem}
        synonyms |= _other_forms(query.text[token.start : token.end], analyser, glossary)
        is_light = token.stem in light
        found[token.stem] = Term(
            word=query.text[token.start : token.end],
            stem=token.stem,
            parts=token.parts,
            synonyms=synonyms,
            weight=_weight(token.stem, token.parts, analyser) * (LIGHT_WEIGHT if is_light else 1),
            known=_known(token.stem, token.parts, synonyms, analyser),
            light=is_light,
        )
    return tuple(found.values())


def match(term: Term, text: Bag) -> float:
    """Return how well the text holds the term, 0 to 1."""
    if term.stem in text.words:
        return 1.0
    if term.stem in text.parts:
        return IN_COMPOUND
    every = text.words | text.parts
    best = 0.0
    if term.parts:
        best = BY_PARTS * sum(part in every for part in term.parts) / len(term.parts)
    if term.synonyms & every:
        best = max(best, BY_SYNONYM)
    if best < BY_PREFIX and any(_akin(term.stem, word) for word in text.words):
        best = BY_PREFIX
    return best


def coverage(asked: Sequence[Term], text: Bag, context: Bag = EMPTY, share: float = 0.5) -> float:
    """Return the weighted share of the terms a text covers, 0 to 1.

    What only the context (headings, title) has counts with ``share``.
    """
    total = sum(term.weight for term in asked)
    if not total:
        return 0.0
    got = sum(t.weight * max(match(t, text), share * match(t, context)) for t in asked)
    return got / total


def _weight(stem: str, parts: Sequence[str], analyser: Analyser) -> float:
    """Inverse document frequency; a word nobody knows weighs as much as the rarest."""
    frequencies = [analyser.document_frequency(s) for s in (stem, *parts)]
    frequency = max(frequencies) if frequencies[0] == 0 else frequencies[0]
    size = max(1, analyser.texts)
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))


def _known(stem: str, parts: Sequence[str], synonyms: Iterable[str], analyser: Analyser) -> bool:
    if analyser.document_frequency(stem) or any(map(analyser.document_frequency, synonyms)):
        return True
    if parts and all(map(analyser.document_frequency, parts)):
        return True
    return _has_kin(stem, _in_order(analyser))


def _has_kin(stem: str, words: Sequence[str]) -> bool:
    """Tell whether one of the sorted words is a form of the stem; they begin alike."""
    shared = stem[: max(MIN_PREFIX, math.ceil(MIN_PREFIX_SHARE * len(stem)))]
    at = bisect_left(words, shared)
    while at < len(words) and words[at].startswith(shared):
        if _akin(stem, words[at]):
            return True
        at += 1
    return False


def _akin(stem: str, other: str) -> bool:
    """Tell whether two stems are forms of one word: finanzi-eren, Finanzier-ung."""
    common = 0
    for a, b in zip(stem, other, strict=False):
        if a != b:
            break
        common += 1
    return common >= MIN_PREFIX and common >= MIN_PREFIX_SHARE * max(len(stem), len(other))


def _other_forms(word: str, analyser: Analyser, glossary: Glossary) -> set[str]:
    """Stems of a short form's long form, or of a word's short forms."""
    entry = glossary.abbreviation(word)
    if entry:
        return set(analyser.analyse(entry.long_form).words)
    forms = glossary.short_forms(word)
    return {stem for form in forms for stem in analyser.analyse(form).words}


# These depend on the collection's analysis alone, which a generation never changes.
@lru_cache(maxsize=4)
def _in_order(analyser: Analyser) -> tuple[str, ...]:
    return tuple(sorted(analyser.vocabulary))


@lru_cache(maxsize=4)
def _light_stems(analyser: Analyser) -> frozenset[str]:
    return frozenset(analyser.analyse(_LIGHT).words)


@lru_cache(maxsize=4)
def _synonym_groups(glossary: Glossary, analyser: Analyser) -> list[frozenset[str]]:
    """Groups of stems that may stand for one another; variants of several words are left out."""
    groups = []
    for variants in glossary.synonyms:
        singles = [v for v in variants if not re.search(r"[\s/(-]", v)]
        groups.append(frozenset(w for v in singles for w in analyser.analyse(v).words))
    return groups
