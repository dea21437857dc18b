"""Query -> hits: words and 4-5-grams, joined with vectors, reranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.query.search_terms import SearchTerm, search_terms, weighted
from assistant.search.explain import Explanation, explain
from assistant.search.fuse import fuse, shares
from assistant.search.rerank import DEPTH, Candidate, Reranker, rerank
from corpus.generation import Generation
from corpus.lexical import entry_of, occurrences
from corpus.types import Hit, Scope

# Candidates of each ranking before fusion; the right passage is in the first 30 of the
# lexical one for 78-98 % of questions (retrieval.md, section 6).
POOL = 100
# Candidates that are looked at again; 50 gave the same figures (golden questions, dev).
RERANKED = 30

_CACHED_SCOPES = 64


class QueryEmbedder(Protocol):
    """What retrieval needs of an embedder."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return a unit vector, float32, shape (dim,)."""
        ...


@dataclass(frozen=True, slots=True)
class _Ranking:
    """What a search found, and by which scores."""

    terms: tuple[SearchTerm, ...]
    lexical: Mapping[str, float]
    dense: Mapping[str, float]
    candidates: tuple[Candidate, ...]


class Retriever:
    """Hybrid search over one generation. Safe to use from several threads."""

    def __init__(
        self, generation: Generation, embedder: QueryEmbedder, reranker: Reranker | None = None
    ) -> None:
        """Search a generation; a cross-encoder, if there is one, has a say in the order."""
        self._generation = generation
        self._embedder = embedder
        self._reranker = reranker
        # A generation never changes; looking through 10,000 passages takes 70 ms (measured).
        self._within = lru_cache(_CACHED_SCOPES)(
            lambda scope: frozenset(generation.library.passage_ids(generation.id, scope))
        )

    def retrieve(
        self,
        query: str,
        k: int,
        scope: Scope = Scope(),  # noqa: B008  # frozen
        expansion: str = "",
    ) -> list[Hit]:
        """Return at most ``k`` hits, best first; the same query always gives the same hits.

        ``expansion`` holds other words for what the query names; they count less.
        """
        return self._hits(self._rank(query, k, scope, expansion).candidates)

    def explain(
        self,
        query: str,
        k: int,
        scope: Scope = Scope(),  # noqa: B008  # frozen
        expansion: str = "",
    ) -> list[Explanation]:
        """Return the hits of ``retrieve``, each with what made its score."""
        generation = self._generation
        ranking = self._rank(query, k, scope, expansion)
        hits = self._hits(ranking.candidates)
        points = shares(ranking.lexical, ranking.dense, generation.dense_weight)
        found = generation.lexical.contributions(
            weighted(ranking.terms), [hit.passage.id for hit in hits]
        )
        return [
            explain(
                hit,
                ranking.terms,
                points[hit.passage.id],
                found[hit.passage.id],
                occurrences(
                    entry_of(generation.documents[hit.passage.document], hit.passage),
                    generation.analyser,
                ),
                candidate.steps,
            )
            for hit, candidate in zip(hits, ranking.candidates, strict=True)
        ]

    def _rank(self, query: str, k: int, scope: Scope, expansion: str) -> _Ranking:
        generation = self._generation
        terms = search_terms(query, expansion, generation.analyser)
        # Measured: with the expansion recall@5 +0.003 [0.000, +0.008], MRR@10 +0.004
        # [-0.002, +0.010] (golden questions, dev).
        vector = self._embedder.embed_query(f"{query} {expansion}".strip())
        lexical, dense = self._scores(terms, vector, max(POOL, k), scope)
        fused = fuse(lexical, dense, generation.dense_weight)[: max(RERANKED, k + DEPTH)]
        outlines = generation.library.outlines([id for id, _ in fused])
        candidates = [
            Candidate(outline, score) for outline, (_, score) in zip(outlines, fused, strict=True)
        ]
        ranked = rerank(query, candidates, self._reranker)
        return _Ranking(terms, lexical, dense, tuple(ranked[: max(k, 0)]))

    def _scores(
        self, terms: Sequence[SearchTerm], vector: NDArray[np.float32], pool: int, scope: Scope
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return the scores by words and by vectors of all that either of them finds.

        Each also scores what only the other found: else, on 600 headings of laws, recall@10
        was 0.005 [0.000, 0.010] lower.
        """
        generation = self._generation
        allowed = self._within(scope) if scope else None
        nearest = [id for id, _ in generation.dense.search(vector, pool, allowed)]
        lexical = dict(generation.lexical.search(weighted(terms), pool, scope, nearest))
        candidates = sorted({*lexical, *nearest})
        cosines = generation.dense.scores(vector, candidates).tolist()
        return lexical, dict(zip(candidates, cosines, strict=True))

    def _hits(self, candidates: Sequence[Candidate]) -> list[Hit]:
        passages = self._generation.passages([c.outline.id for c in candidates])
        return [
            Hit(passage, candidate.score, rank)
            for rank, (passage, candidate) in enumerate(
                zip(passages, candidates, strict=True), start=1
            )
        ]
