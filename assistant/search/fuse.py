"""Scores by words and by vectors -> one ranking, by a normalised weighted sum. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

DIGITS = 6
"""Decimals of a score. What differs by less is a tie, settled by id: the libraries add up
32-bit numbers in an order that isn't always the same."""


class Shares(NamedTuple):
    """The points an id gets from each ranking; their sum is its score."""

    words: float
    vectors: float


def fuse(
    lexical: Mapping[str, float], dense: Mapping[str, float], weight: float
) -> list[tuple[str, float]]:
    """Return every id with its score (0 to 1), best first, ties by id.

    Each ranking is divided by its maximum, so 1 means best in both; an id that a ranking
    lacks, or scores below zero, gets nothing from it. ``weight`` is the dense share. Rank
    fusion is no option: with a weaker partner it cost 0.04 to 0.17 MRR@10.
    """
    scores = {id: round(sum(s), DIGITS) for id, s in shares(lexical, dense, weight).items()}
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))


def shares(
    lexical: Mapping[str, float], dense: Mapping[str, float], weight: float
) -> dict[str, Shares]:
    """Return what each ranking contributes to every id's score; see ``fuse``."""
    words, vectors = _scaled(lexical), _scaled(dense)
    return {
        id: Shares((1 - weight) * words.get(id, 0.0), weight * vectors.get(id, 0.0))
        for id in words.keys() | vectors.keys()
    }


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    best = max(scores.values(), default=0.0)
    return {id: max(0.0, float(s) / best) if best > 0 else 0.0 for id, s in scores.items()}
