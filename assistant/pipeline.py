"""Question -> answer: the whole path in one place."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant import clarify, gate
from assistant.age import valid_first, valid_last
from assistant.cite import cite
from assistant.contradict import differing, other_statement
from assistant.explain import Explanation
from assistant.plain import definitions, explained
from assistant.question import Query, understand
from assistant.rerank import Reranker
from assistant.retrieve import QueryEmbedder, Retriever
from assistant.said import unsaid
from assistant.select import select, weigh
from assistant.terms import terms
from assistant.types import Answer, Refusal, Turn
from assistant.units import Run
from corpus.catalogue import Glossary
from corpus.errors import UnknownItemError
from corpus.generation import Generation
from corpus.types import Hit, Passage, Scope

if TYPE_CHECKING:
    from assistant.generate.writer import Writer

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
        reranker: Reranker | None = None,
        writer: "Writer | None" = None,
    ) -> None:
        """Open the way from question to answer; ``threshold`` is the gate's own by default."""
        self.generation = generation
        self._embedder = embedder
        self._glossary = glossary
        self._threshold = threshold
        self._reranker = reranker
        self._writer = writer
        self._retriever = Retriever(generation, embedder, reranker)

    def with_threshold(self, threshold: float) -> "Assistant":
        """Return an assistant over the same generation whose gate opens elsewhere."""
        return Assistant(
            *(self.generation, self._embedder, self._glossary, threshold),
            *(self._reranker, self._writer),
        )

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        *,
        plain: bool = False,
    ) -> Answer:
        """Answer with cited sentences, or refuse with a reason and a hint.

        ``plain`` prefers simple sentences and explains short forms.

        Raises QuestionError when there is nothing to ask, UnknownItemError when the scope
        names a document or workshop that isn't there.
        """
        *_, answer = self.ask_stream(question, history, scope, plain=plain)
        return answer

    def ask_stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        *,
        plain: bool = False,
    ) -> Iterator[Answer]:
        """Yield ever longer answers, the last of which counts; only one without a chat model.

        Every sentence is complete and checked. Closing it ends the model's work. Raises as
        ``ask`` does.
        """
        answer, hits = self._extract(question, history, scope, plain=plain)
        if plain:
            answer = self._explained(answer)
        if not (self._writer and answer.segments):
            yield answer
            return
        with closing(self._writer.stream(answer, hits, self.generation.documents)) as steps:
            for step in steps:
                yield self._explained(step) if plain else step

    def _extract(
        self, question: str, history: Sequence[Turn], scope: Scope | None, *, plain: bool
    ) -> tuple[Answer, list[Hit]]:
        """Answer with verbatim sentences, or refuse; with the hits that were looked through."""
        timings: dict[str, float] = {}
        with _timed(timings, "gesamt"):
            with _timed(timings, "verstehen"):
                query = self.understand(question, history, scope)
            if refusal := self._premise(query):
                return self._answer(query, timings, refusal=refusal), []
            if asked_back := self._unclear(query):
                refusal, questions = asked_back
                answer = self._answer(query, timings, refusal=refusal, questions=questions)
                return replace(answer, status="clarify"), []
            with _timed(timings, "suchen"):
                hits = self._retrieve(query)
            with _timed(timings, "auswählen"):
                asked = terms(query, self.generation.analyser, self._glossary)
                analyser, documents = self.generation.analyser, self.generation.documents
                today = date.today().isoformat()
                units = unsaid(weigh(query, asked, hits, documents, analyser), query.said)
                units = valid_first(units, documents, today)
                runs = select(query, units, plain=plain)
                best = units[0].cover if units else 0.0
                found = gate.evidence(query, asked, best, runs, documents, analyser)
                confidence = gate.confidence(found) if runs else 0.0
            if not runs or confidence < self.threshold:
                refusal = gate.refuse(asked, found, hits)
                return self._answer(query, timings, refusal=refusal, hits=hits), hits
            if other := other_statement(asked, runs, units, analyser):
                runs = [*runs, Run(other.passage, other.index, other.index, other.score)]
            runs = valid_last(runs, documents, today)
            pairs = differing(asked, runs, analyser)
            if plain:
                runs += definitions(runs, self._glossary_passages(), analyser, self._glossary)
            segments, citations = cite(runs, self.generation.documents)
            gap = gate.gap(found)
        answer = Answer(
            status="partial" if gap else "answered",
            question=query.question,
            query=query.text,
            scope=query.scope,
            understood=query.understood,
            segments=segments,
            citations=citations,
            differing=tuple((citations[one].key, citations[two].key) for one, two in pairs),
            refusal=gap,
            confidence=confidence,
            generation=self.generation.id,
            timings_ms=timings,
        )
        return answer, hits

    def search(self, query: str, k: int = 10, scope: Scope | None = None) -> list[Hit]:
        """Return ranked passages for a query, at most ``k``."""
        understood = self.understand(query, (), scope)
        return self._retriever.retrieve(understood.text, k, scope or Scope(), understood.expansion)

    def explain(self, query: str, k: int = 10, scope: Scope | None = None) -> list[Explanation]:
        """Return what ``search`` returns, each hit with what made its score."""
        understood = self.understand(query, (), scope)
        return self._retriever.explain(understood.text, k, scope or Scope(), understood.expansion)

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
            tuple(generation.documents.values()),
        )

    def _retrieve(self, query: Query) -> list[Hit]:
        return self._retriever.retrieve(query.text, TOP_K, query.scope, query.expansion)

    def _explained(self, answer: Answer) -> Answer:
        return explained(answer, self.generation.analyser, self._glossary)

    def _glossary_passages(self) -> list[Passage]:
        """Return the passages of the collection's own glossaries."""
        generation = self.generation
        ids = (d.id for d in generation.documents.values() if d.category == "Glossar")
        scopes = [Scope(document=id) for id in ids]
        found = (generation.library.passage_ids(generation.id, scope) for scope in scopes)
        return [passage for ids in found for passage in generation.passages(ids)]

    def _premise(self, query: Query) -> Refusal | None:
        """Refuse what can't be answered whatever is found."""
        workshops = self.generation.workshops
        if query.missing_workshop is not None:
            return gate.refuse_missing_workshop(query.missing_workshop, workshops)
        workshop = next((w for w in workshops if w.number == query.scope.workshop), None)
        if workshop and workshop.status == "unbekannt" and not self._documented(workshop.number):
            return gate.refuse_unknown_workshop(workshop)
        return None

    def _unclear(self, query: Query) -> tuple[Refusal, tuple[str, ...]] | None:
        """Return what to ask back, and the questions to choose from, where two things are meant."""
        workshops = self.generation.workshops
        if asked_back := clarify.reading_meant(query):
            return asked_back
        if reference := clarify.reference_open(query, self.generation.analyser):
            return reference, ()
        if not clarify.leaves_workshop_open(query):
            return None
        return clarify.workshop_meant(query, [w for w in workshops if self._documented(w.number)])

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
        questions: tuple[str, ...] = (),
    ) -> Answer:
        return Answer(
            status="refused",
            question=query.question,
            query=query.text,
            scope=query.scope,
            understood=query.understood,
            refusal=refusal,
            suggestions=questions or gate.nearest(hits, self.generation.documents),
            generation=self.generation.id,
            timings_ms=timings,
        )


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[stage] = round((time.perf_counter() - started) * 1000, 2)
