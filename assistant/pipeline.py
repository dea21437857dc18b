"""Question -> answer: the whole path in one place."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assistant import gate
from assistant.cite import cite
from assistant.question import Query, understand
from assistant.retrieve import QueryEmbedder, Retriever
from assistant.select import select, weigh
from assistant.terms import terms
from assistant.types import Answer, Refusal, Turn
from corpus.catalogue import Glossary
from corpus.errors import UnknownItemError
from corpus.generation import Generation
from corpus.types import Hit, Scope

# Passages fetched for an answer; sentences are taken from the first of them.
TOP_K = 20


class Assistant:
    """Answers from one generation. Safe to use from several threads."""

    def __init__(
        self,
        generation: Generation,
        embedder: QueryEmbedder,
        glossary: Glossary,
        threshold: float | None = None,
    ) -> None:
        """Open the way from question to answer; ``threshold`` is the gate's own by default."""
        self.generation = generation
        self._embedder = embedder
        self._glossary = glossary
        self._threshold = threshold
        self._retriever = Retriever(generation, embedder)

    def with_threshold(self, threshold: float) -> "Assistant":
        """Return an assistant over the same generation whose gate opens elsewhere."""
        return Assistant(self.generation, self._embedder, self._glossary, threshold)

    def ask(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Answer:
        """Answer with verbatim, cited sentences, or refuse with a reason and a hint.

        Raises QuestionError when there is nothing to ask, UnknownItemError when the scope
        names a document or workshop that isn't there.
        """
        timings: dict[str, float] = {}
        with _timed(timings, "gesamt"):
            with _timed(timings, "verstehen"):
                query = self.understand(question, history, scope)
            if refusal := self._premise(query):
                return self._answer(query, timings, refusal=refusal)
            with _timed(timings, "suchen"):
                hits = self._retrieve(query)
            with _timed(timings, "auswählen"):
                asked = terms(query, self.generation.analyser, self._glossary)
                analyser, documents = self.generation.analyser, self.generation.documents
                units = weigh(query, asked, hits, documents, analyser)
                runs = select(query, units)
                best = units[0].cover if units else 0.0
                found = gate.evidence(query, asked, best, runs, documents, analyser)
                confidence = gate.confidence(found) if runs else 0.0
            if not runs or confidence < self.threshold:
                refusal = gate.refuse(asked, found, hits)
                return self._answer(query, timings, refusal=refusal, hits=hits)
            segments, citations = cite(runs, self.generation.documents)
        return Answer(
            status="answered",
            question=query.question,
            query=query.text,
            scope=query.scope,
            segments=segments,
            citations=citations,
            confidence=confidence,
            generation=self.generation.id,
            timings_ms=timings,
        )

    def search(self, query: str, k: int = 10, scope: Scope | None = None) -> list[Hit]:
        """Return ranked passages for a query, at most ``k``."""
        understood = self.understand(query, (), scope)
        return self._retriever.retrieve(
            _searched(understood), k, scope if scope is not None else Scope()
        )

    @property
    def threshold(self) -> float:
        """Least confidence that is answered."""
        return gate.THRESHOLD if self._threshold is None else self._threshold

    def understand(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Query:
        """Make the standalone query that is searched for a question."""
        self._check(scope)
        generation = self.generation
        return understand(
            question,
            history,
            scope or Scope(),
            generation.workshops,
            self._glossary,
            generation.analyser,
        )

    def _retrieve(self, query: Query) -> list[Hit]:
        return self._retriever.retrieve(_searched(query), TOP_K, query.scope)

    def _premise(self, query: Query) -> Refusal | None:
        """Refuse what can't be answered whatever is found."""
        workshops = self.generation.workshops
        if query.missing_workshop is not None:
            return gate.refuse_missing_workshop(query.missing_workshop, workshops)
        workshop = next((w for w in workshops if w.number == query.scope.workshop), None)
        if workshop and workshop.status == "unbekannt" and not self._documented(workshop.number):
            return gate.refuse_unknown_workshop(workshop)
        return None

    def _documented(self, workshop: int) -> bool:
        """Tell whether anything but the catalogue speaks of the workshop."""
        scope = Scope(workshop=workshop)
        ids = self.generation.library.passage_ids(self.generation.id, scope)
        passages = self.generation.passages(ids)
        documents = self.generation.documents
        return any(documents[p.document].category != "Katalog" for p in passages)

    def _check(self, scope: Scope | None) -> None:
        if scope is None:
            return
        if scope.document is not None:
            self.generation.document(scope.document)
        if scope.workshop is not None and not self.generation.library.passage_ids(
            self.generation.id, Scope(workshop=scope.workshop)
        ):
            raise UnknownItemError(
                f"Zur Werkstatt {scope.workshop} ist nichts eingelesen. Bitte wählen Sie eine "
                "andere Werkstatt oder die ganze Sammlung."
            )

    def _answer(
        self,
        query: Query,
        timings: dict[str, float],
        *,
        refusal: Refusal,
        hits: Sequence[Hit] = (),
    ) -> Answer:
        return Answer(
            status="refused",
            question=query.question,
            query=query.text,
            scope=query.scope,
            refusal=refusal,
            suggestions=gate.nearest(hits, self.generation.documents),
            generation=self.generation.id,
            timings_ms=timings,
        )


def _searched(query: Query) -> str:
    return f"{query.text} {query.expansion}".strip()


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[stage] = round((time.perf_counter() - started) * 1000, 2)
