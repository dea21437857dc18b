"""Hits -> what is quoted, how well it bears an answer, and what it leaves open. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.answer import gate
from assistant.answer import sides as beside
from assistant.answer.age import valid_first, valid_last
from assistant.answer.contradict import differing, other_statement
from assistant.answer.forms import wanted
from assistant.answer.gate import Evidence, Part
from assistant.answer.said import unsaid
from assistant.answer.select import PASSAGES, select, weigh
from assistant.answer.sides import Side, Sides
from assistant.answer.terms import Term
from assistant.answer.units import Run
from assistant.query.question import Query
from assistant.types import Refusal
from corpus.german import Analyser
from corpus.types import Document, Hit


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for a question, best first."""

    asked: tuple[Term, ...]
    """The question's content words."""
    hits: list[Hit]
    sides: Sides | None
    of_sides: list[Hit]
    """Hits of each side, searched by itself."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a question."""

    runs: tuple[Run, ...]
    """To be quoted, in reading order."""
    evidence: Evidence
    confidence: float
    """How well the runs bear an answer, 0 to 1."""
    gap: Refusal | None = None
    """What they leave open."""
    lead: str = ""
    """Where an overview found something, counted."""
    differing: tuple[tuple[int, int], ...] = ()
    """Places of runs that give different figures for the same thing."""
    compared: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Columns to set beside each other: heading, places of runs."""

    @property
    def open_parts(self) -> tuple[Part, ...]:
        """Which of several questions within the question aren't answered."""
        parts = self.evidence.parts
        return tuple(p for p in parts if not p.is_answered) if len(parts) > 1 else ()

    def completed(self, answers: Mapping[Part, "Findings"], threshold: float) -> "Findings":
        """Add what answers its open parts; what bears nothing by itself goes."""
        runs = list(self.runs) if self.confidence >= threshold else []
        for answer in answers.values():
            first = answer.runs[:1]  # enough to answer a part
            runs += [run for run in first if not any(_overlap(run, other) for other in runs)]
        parts = tuple(Part(p.wording) if p in answers else p for p in self.evidence.parts)
        evidence = replace(self.evidence, parts=parts)
        weakest = min(answer.confidence for answer in answers.values())
        return replace(
            self if self.confidence >= threshold else Findings((), evidence, 0.0),
            runs=tuple(runs),
            evidence=evidence,
            confidence=max(self.confidence, weakest),
            gap=gate.gap(evidence),
        )


def _overlap(run: Run, other: Run) -> bool:
    same = run.passage.id == other.passage.id
    return same and run.first <= other.last and other.first <= run.last


def find(
    query: Query,
    searched: Searched,
    documents: Mapping[str, Document],
    analyser: Analyser,
    today: str,
    *,
    plain: bool,
) -> Findings:
    """Choose what answers; ``documents`` by id, ``today`` ISO 8601.

    Each side has its say, out of the hits of the question or its own. In ``plain`` language
    simpler sentences come first.
    """
    asked, hits, sides = searched.asked, searched.hits, searched.sides
    read = {hit.passage.id for hit in hits[:PASSAGES]}
    units = unsaid(weigh(query, asked, hits[:PASSAGES], documents, analyser), query.said)
    units = valid_first(units, documents, today)
    runs = select(query, units, plain=plain)
    heard: dict[Side, Run] = {}
    if sides:
        further = {hit.passage.id: hit for hit in searched.of_sides if hit.passage.id not in read}
        known = [*units, *weigh(query, asked, list(further.values()), documents, analyser)]
        known.sort(key=lambda u: (-u.score, u.passage.id, u.index))
        heard = beside.answers(sides, known, wanted(query), analyser)
        runs = beside.joined(sides, heard, runs, analyser)
    best = units[0].cover if units else 0.0
    evidence = gate.evidence(query, asked, best, runs, documents, analyser)
    confidence = gate.confidence(evidence) if runs else 0.0
    gap = gate.gap(evidence)
    if sides and sides.kind != "words" and heard and not evidence.exact:
        # Each piece has been checked for what is asked of its workshop.
        confidence, gap = max(confidence, beside.MATTER_SHARE), None
    if other := other_statement(asked, runs, units, analyser):
        runs = [*runs, Run(other.passage, other.index, other.index, other.score)]
    runs = valid_last(runs, documents, today)
    return Findings(
        runs=tuple(runs),
        evidence=evidence,
        confidence=confidence,
        gap=(beside.lacking(sides, heard) if sides else None) or gap,
        lead=beside.lead(sides, heard) if sides else "",
        differing=tuple(differing(asked, runs, analyser)),
        compared=beside.columns(sides, runs, analyser) if sides else (),
    )
