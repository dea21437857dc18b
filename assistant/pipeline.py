"""Question -> answer: the whole path in one place."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.answer import clarify, gate, nearby
from assistant.answer.cite import cite
from assistant.answer.findings import Findings, Searched, find
from assistant.answer.plain import definitions, explained
from assistant.answer.sides import PER_SIDE, sides
from assistant.answer.terms import terms
from assistant.query.question import Query, understand
from assistant.search.explain import Explanation
from assistant.search.rerank import Reranker
from assistant.search.retrieve import QueryEmbedder, Retriever
from assistant.types import Answer, Progress, Refusal, Turn
from corpus.catalogue import Glossary
from corpus.errors import UnknownItemError
from corpus.generation import Generation
from corpus.library import Outline
from corpus.types import Hit, Passage, Scope

if TYPE_CHECKING:
    from assistant.generate.writer import Writer

# Passages fetched for an answer; sentences are taken from the first of them.
TOP_K = 20

VERBATIM = "Die Quellen widersprechen sich; gezeigt sind deshalb ihre eigenen Worte."


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
        with closing(self.progress(question, history, scope, plain=plain)) as steps:
            for step in steps:
                if step.answer is not None:
                    yield step.answer

    def progress(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        *,
        plain: bool = False,
    ) -> Generator[Progress, None, None]:
        """Yield what is being done and, as it grows, the answer; the last step has it whole.

        While a model writes there is a step at least every quarter of a second, be it the same
        as before, so that closing ends the model's work soon. Raises as ``ask`` does.
        """
        yield Progress("search")
        answer, hits = yield from self._extract(question, history, scope, plain=plain)
        if plain:
            answer = self._explained(answer)
        if self._writer and answer.segments:
            answer = yield from self._written(answer, hits, self._writer)
        yield Progress("done", self._with_nearby(answer, hits))

    def _written(
        self, answer: Answer, hits: Sequence[Hit], writer: "Writer"
    ) -> Generator[Progress, None, Answer]:
        """Let the model write; what contradicts or counts stays in the sources' own words."""
        if answer.differing:
            return replace(answer, note=VERBATIM)
        if answer.lead:
            return answer
        timings = answer.timings_ms
        with (
            _timed(timings, "formulieren"),
            closing(writer.stream(answer, hits, self.generation.documents)) as steps,
        ):
            for step in steps:
                written = step.mode == "generative"
                answer = self._explained(step) if written and step.plain else step
                yield Progress("write", answer if written else None)
        timings["gesamt"] += timings["formulieren"]
        return answer

    def extracts(self, question: str) -> bool:
        """Tell whether sentences of the collection answer a question. No model is asked."""
        *_, last = self.without_writer().progress(question)
        return last.answer is not None and last.answer.status == "answered"

    def without_writer(self) -> "Assistant":
        """Return an assistant over the same generation that answers with verbatim sentences."""
        return Assistant(
            *(self.generation, self._embedder, self._glossary, self._threshold), self._reranker
        )

    def _with_nearby(self, answer: Answer, hits: Sequence[Hit]) -> Answer:
        """Add where to read on, or what comes nearest and whom to ask."""
        documents, passages = self.generation.documents, self.generation.passages
        if answer.citations:
            near = nearby.read_on(answer.citations, hits, documents, self._outlines, passages)
        elif answer.status == "refused":
            near = nearby.nearest(hits, documents)
            near += nearby.contact(hits, documents, self._outlines, passages)
        else:
            near = ()
        return replace(answer, nearby=near)

    def _outlines(self, document: str) -> list[Outline]:
        return self.generation.library.outlines_of(self.generation.document(document).key)

    def _extract(
        self, question: str, history: Sequence[Turn], scope: Scope | None, *, plain: bool
    ) -> Generator[Progress, None, tuple[Answer, list[Hit]]]:
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
                searched = self._search(query)
            yield Progress("select")
            with _timed(timings, "auswählen"):
                found = self._find(query, searched, plain=plain)
                found = self._with_parts(query, found, plain=plain)
            if not found.runs or found.confidence < self.threshold:
                refusal = gate.refuse(searched.asked, found.evidence, searched.hits)
                answer = self._answer(query, timings, refusal=refusal, hits=searched.hits)
                return answer, searched.hits
            runs = list(found.runs)
            if plain:
                glossary = self._glossary_passages()
                runs += definitions(runs, glossary, self.generation.analyser, self._glossary)
            segments, citations = cite(runs, self.generation.documents)
            keys = [citation.key for citation in citations]
        answer = Answer(
            status="partial" if found.gap else "answered",
            question=query.question,
            query=query.text,
            scope=query.scope,
            understood=query.understood,
            segments=segments,
            citations=citations,
            differing=tuple((keys[one], keys[two]) for one, two in found.differing),
            compared=tuple((name, tuple(keys[at] for at in held)) for name, held in found.compared),
            refusal=found.gap,
            lead=found.lead,
            confidence=found.confidence,
            generation=self.generation.id,
            timings_ms=timings,
        )
        return answer, searched.hits

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

    def _search(self, query: Query) -> Searched:
        """Search for the question and, where it asks about several things, for each of them."""
        generation = self.generation
        asked = terms(query, generation.analyser, self._glossary)
        beside = sides(query, asked, generation.workshops, self._documented)
        hits = self._retriever.retrieve(query.text, TOP_K, query.scope, query.expansion)
        of_sides = (
            self._retriever.retrieve(side.text, PER_SIDE, side.scope)
            for side in (beside.sides if beside else ())
        )
        return Searched(asked, hits, beside, [hit for found in of_sides for hit in found])

    def _find(self, query: Query, searched: Searched, *, plain: bool) -> Findings:
        today = date.today().isoformat()
        documents, analyser = self.generation.documents, self.generation.analyser
        return find(query, searched, documents, analyser, today, plain=plain)

    def _with_parts(self, query: Query, found: Findings, *, plain: bool) -> Findings:
        """Ask each open question within the question by itself, and add what answers it."""
        answers = {}
        for part in found.open_parts:
            alone = self.understand(part.wording, (), query.scope)
            if self._premise(alone) or self._unclear(alone):
                continue
            answer = self._find(alone, self._search(alone), plain=plain)
            if answer.confidence >= self.threshold and not answer.gap:
                answers[part] = answer
        return found.completed(answers, self.threshold) if answers else found

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
        named = {query.scope.workshop, *query.several}
        about = [workshop for workshop in workshops if workshop.number in named]
        unknown = [w for w in about if w.status == "unbekannt" and w.number not in self._documented]
        return gate.refuse_unknown_workshop(unknown[0]) if unknown and unknown == about else None

    def _unclear(self, query: Query) -> tuple[Refusal, tuple[str, ...]] | None:
        """Return what to ask back, and the questions to choose from, where two things are meant."""
        workshops = self.generation.workshops
        if asked_back := clarify.reading_meant(query):
            return asked_back
        if reference := clarify.reference_open(query, self.generation.analyser):
            return reference, ()
        if not clarify.leaves_workshop_open(query):
            return None
        return clarify.workshop_meant(query, [w for w in workshops if w.number in self._documented])

    @cached_property
    def _documented(self) -> frozenset[int]:
        """Numbers of the workshops that more than the catalogue speaks of."""
        generation = self.generation
        return frozenset(
            workshop.number
            for workshop in generation.workshops
            if any(
                generation.documents[passage.document].category != "Katalog"
                for passage in generation.passages(
                    generation.library.passage_ids(generation.id, Scope(workshop=workshop.number))
                )
            )
        )

    def _check(self, scope: Scope | None) -> None:
        if scope is None:
            return
        for document in (scope.document, *scope.documents):
            if document is not None:
                self.generation.document(document)
        if scope.workshop is not None and not self.generation.library.passage_ids(
            self.generation.id, Scope(workshop=scope.workshop)
        ):
            raise UnknownItemError(
                f"Zur Werkstatt {scope.workshop} ist nichts eingelesen. Bitte wählen Sie eine "
                "andere Werkstatt oder die ganze Sammlung."
            )
        if scope and not self.generation.library.passage_ids(self.generation.id, scope):
            raise UnknownItemError(
                "Zu dieser Auswahl ist nichts eingelesen. Bitte lassen Sie eine Einschränkung weg "
                "oder wählen Sie die ganze Sammlung."
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
            suggestions=questions
            or tuple(map(nearby.name, nearby.nearest(hits, self.generation.documents))),
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
