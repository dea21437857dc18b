"""Ask the questions of the golden set, and keep what came back. The one edge of an evaluation."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.evaluation.golden import Item
from assistant.evaluation.types import Form, Observation, Retrieved
from assistant.types import Answer, Turn
from corpus.errors import SozialraumError
from corpus.generation import Progress
from corpus.types import Hit, Scope

TOP = 20
"""Hits that are kept."""
REPEATS = 5
SAMPLE = 20
"""Questions that are asked five times: an extractive answer is always the same."""


class Asked(Protocol):
    """Who is asked; ``assistant.pipeline.Assistant`` for one."""

    def ask(
        self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None
    ) -> Answer:
        """Answer a question. Raises SozialraumError."""
        ...

    def search(self, query: str, k: int = 10, scope: Scope | None = None) -> list[Hit]:
        """Return the passages found for a query, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to ask an item."""

    item: str
    number: int
    form: Form
    question: str
    history: tuple[Turn, ...] = ()


def wordings(item: Item) -> Iterator[Wording]:
    """Yield the question, its paraphrases, and what stands without the history."""
    history = tuple(Turn(turn.role, turn.text) for turn in item.history)
    yield Wording(item.id, 0, "question", item.question, history)
    for number, question in enumerate(item.paraphrases, start=1):
        yield Wording(item.id, number, "paraphrase", question, history)
    if item.standalone is not None:
        yield Wording(item.id, len(item.paraphrases) + 1, "standalone", item.standalone)


def observe(
    asked: Asked, items: Sequence[Item], progress: Progress, sample: int = SAMPLE
) -> tuple[Observation, ...]:
    """Ask every wording of every item once, and a ``sample`` of the questions five times."""
    questions = [wording for item in items for wording in wordings(item)]
    repeated = _sample(items, sample)
    if questions:
        one(asked, questions[0])  # the first question pays for what is loaded late
    seen = []
    for done, wording in enumerate(questions):
        progress("Fragen stellen", done, len(questions))
        observation = one(asked, wording)
        if wording.number == 0 and wording.item in repeated:
            observation = _repeated(asked, wording, observation)
        seen.append(observation)
    progress("Fragen stellen", len(questions), len(questions))
    return tuple(seen)


def one(asked: Asked, wording: Wording, top: int = TOP) -> Observation:
    """Ask once, and search for the first ``top`` hits, at 0 for none.

    A question that can't be processed is an observation too.
    """
    try:
        answer = asked.ask(wording.question, wording.history)
    except SozialraumError as fault:
        return Observation(
            item=wording.item,
            wording=wording.number,
            form=wording.form,
            question=wording.question,
            query="",
            scope=Scope(),
            status="error",
            reason=fault.code,
            hint=str(fault),
        )
    return Observation(
        item=wording.item,
        wording=wording.number,
        form=wording.form,
        question=wording.question,
        query=answer.query,
        scope=answer.scope,
        status=answer.status,
        reason=answer.refusal.reason if answer.refusal else "",
        hint=answer.refusal.hint if answer.refusal else "",
        mode=answer.mode,
        segments=answer.segments,
        citations=answer.citations,
        hits=_hits(asked, answer, top) if top else (),
        confidence=answer.confidence,
        timings_ms=dict(answer.timings_ms),
    )


def _hits(asked: Asked, answer: Answer, top: int) -> tuple[Retrieved, ...]:
    """Search for what was searched. Where the scope is one that isn't there, nothing is found."""
    try:
        found = asked.search(answer.query, top, answer.scope)
    except SozialraumError:
        return ()
    return tuple(
        Retrieved(
            passage=hit.passage.id,
            document=hit.passage.document,
            workshop=hit.passage.workshop,
            section=hit.passage.section,
            pages=hit.passage.pages,
            text_sha256=hashlib.sha256(hit.passage.text.encode()).hexdigest(),
            score=hit.score,
        )
        for hit in found
    )


def _repeated(asked: Asked, wording: Wording, first: Observation) -> Observation:
    again = [one(asked, wording) for _ in range(REPEATS - 1)]
    stable = all(_without_times(other) == _without_times(first) for other in again)
    return replace(first, repeats=REPEATS, stable=stable)


def _without_times(seen: Observation) -> Observation:
    return replace(seen, timings_ms={})


def _sample(items: Sequence[Item], size: int) -> frozenset[str]:
    """Take items evenly from the whole set."""
    step = max(1, len(items) // max(1, size))
    return frozenset(item.id for item in items[::step][:size])
