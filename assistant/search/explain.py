"""A hit -> why it stands where it stands: every word, the vectors, every step. Pure.

The points of an explanation add up to the hit's score.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.query.search_terms import SearchTerm
from assistant.search.fuse import Shares
from assistant.search.rerank import Step
from corpus.lexical import QUERY_PART_WEIGHT, Field, Source, TermScore
from corpus.types import Hit

Occurrences = Mapping[Field, Mapping[Source, Counter[str]]]
"""How often each term of a passage counts, by field and by where it comes from."""


@dataclass(frozen=True, slots=True)
class TermShare:
    """What one word of the query brought a hit in one field."""

    typed: str
    field: Field
    searched: tuple[str, ...]
    """What of it the passage has: a stem, or character 4-5-grams."""
    weight: float
    """What the word counts in the query: less than 1 for parts, other words than nouns, and
    words that were added."""
    is_added: bool
    sources: tuple[tuple[Source, float], ...]
    """Points by where in the passage it stands, most first; they add up to ``points``."""

    @property
    def points(self) -> float:
        """What it adds to the hit's score."""
        return sum(points for _, points in self.sources)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What made a hit's score."""

    hit: Hit
    terms: tuple[TermShare, ...]
    """Most points first."""
    vectors: float
    """Points for being near to the query by the embedding model."""
    steps: tuple[Step, ...]
    """What reranking did, in order."""

    @property
    def total(self) -> float:
        """Sum of all points: the hit's score."""
        words = sum(share.points for share in self.terms)
        return words + self.vectors + sum(step.points for step in self.steps)


def explain(
    hit: Hit,
    terms: Sequence[SearchTerm],
    points: Shares,
    found: Sequence[TermScore],
    occurrences: Occurrences,
    steps: Sequence[Step],
) -> Explanation:
    """Share a hit's points among the words of the query.

    ``points`` are what words and vectors brought in the fused sum, ``found`` what each indexed
    term brought in the lexical index. A term that several words of the query stand for is
    shared by their weights, one that stands in several places by how often it counts there.
    """
    scale = points.words / (sum(score for _, _, score in found) or 1.0)
    shares: dict[tuple[int, Field, str], TermShare] = {}
    for field, indexed, score in found:
        owners = _owners(terms, field, indexed)
        total = sum(weight for _, weight in owners)
        for at, weight in owners:
            sources = _sources(occurrences[field], indexed, score * scale * weight / total)
            # All grams of a word are told together: singly they say nothing to anybody.
            key = (at, field, indexed if field == "words" else "")
            fresh = _share(terms[at], field, indexed, sources)
            shares[key] = _joined(shares[key], fresh) if key in shares else fresh
    ordered = sorted(shares.items(), key=lambda item: (-item[1].points, item[0]))
    return Explanation(hit, tuple(share for _, share in ordered), points.vectors, tuple(steps))


def _owners(terms: Sequence[SearchTerm], field: Field, indexed: str) -> list[tuple[int, float]]:
    """Return which words of the query are searched as this term, with their weights."""
    found = []
    for at, term in enumerate(terms):
        if field == "grams":
            count: float = term.analysis.grams.count(indexed)
        else:
            count = term.analysis.words.count(indexed)
            count += term.analysis.parts.count(indexed) * QUERY_PART_WEIGHT
        if count:
            found.append((at, count * term.weight))
    return found


def _share(
    term: SearchTerm, field: Field, indexed: str, sources: tuple[tuple[Source, float], ...]
) -> TermShare:
    is_part = field == "words" and indexed not in term.analysis.words
    weight = term.weight * (QUERY_PART_WEIGHT if is_part else 1.0)
    return TermShare(term.typed, field, (indexed,), weight, term.is_added, sources)


def _sources(
    counts: Mapping[Source, Counter[str]], indexed: str, points: float
) -> tuple[tuple[Source, float], ...]:
    places = {source: found[indexed] for source, found in counts.items() if found[indexed]}
    total = sum(places.values())
    return _ordered({source: points * count / total for source, count in places.items()})


def _joined(one: TermShare, other: TermShare) -> TermShare:
    points = dict(one.sources)
    for source, more in other.sources:
        points[source] = points.get(source, 0.0) + more
    searched = (*one.searched, *other.searched)
    return replace(one, searched=searched, sources=_ordered(points))


def _ordered(points: Mapping[Source, float]) -> tuple[tuple[Source, float], ...]:
    return tuple(sorted(points.items(), key=lambda item: (-item[1], item[0])))
