"""Query -> fused hits: words and 4-grams, joined with vectors."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from assistant.fuse import fuse
from corpus.generation import Generation
from corpus.types import Hit, Scope

# Candidates of each ranking before fusion; the right passage is in the first 30 of the
# lexical one for 78-98 % of questions (retrieval.md, section 6).
POOL = 100


class QueryEmbedder(Protocol):
    """What retrieval needs of an embedder."""

    def embed_query(self, text: str) -> np.ndarray:
        """Return a unit vector, float32, shape (dim,)."""
        ...


class Retriever:
    """Hybrid search over one generation."""

    def __init__(self, generation: Generation, embedder: QueryEmbedder) -> None:
        self._generation = generation
        self._embedder = embedder

    def retrieve(self, query: str, k: int, scope: Scope = Scope()) -> list[Hit]:  # noqa: B008
        """Return at most ``k`` hits, best first; the same query always gives the same hits."""
        generation = self._generation
        lexical = dict(generation.lexical.search(generation.analyser.analyse(query), POOL, scope))
        vector = self._embedder.embed_query(query)
        allowed = generation.library.passage_ids(generation.id, scope) if scope else None
        nearest = generation.dense.search(vector, POOL, allowed)
        candidates = sorted({*lexical, *(id for id, _ in nearest)})
        scores = generation.dense.scores(vector, candidates).tolist()
        dense = dict(zip(candidates, scores, strict=True))
        return self._hits(fuse(lexical, dense)[:k])

    def _hits(self, ranking: Sequence[tuple[str, float]]) -> list[Hit]:
        passages = self._generation.passages([id for id, _ in ranking])
        scores = [score for _, score in ranking]
        return [
            Hit(passage, score, rank)
            for rank, (passage, score) in enumerate(zip(passages, scores, strict=True), start=1)
        ]
