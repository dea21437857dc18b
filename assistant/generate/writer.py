"""Extractive answer + hits -> the same answer written by a model, as far as it is proven."""

import re
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.answer.cite import cite
from assistant.answer.units import Run
from assistant.generate.claims import MAX_CHARS, SCHEMA, Claim, Collector
from assistant.generate.model import PULSE, PULSE_S, ChatModel, ModelFault, fits, was_cut
from assistant.generate.prompt import Message, Source, messages, repair, sources
from assistant.generate.verify import Proof, verify
from assistant.types import Answer, Segment
from corpus.types import Document, Hit, Passage

Unproven = Literal["drop", "mark"]

# Passages shown to the model; small models lose the thread in more.
PASSAGES = 8
# Of a reply that couldn't be read, so much is shown to the model again.
MAX_REPAIRED_CHARS = 2800
EXTRACTIVE = "Die Antwort besteht deshalb aus wörtlichen Fundstellen."
VOID = "Das Sprachmodell hat keinen belegbaren Satz geschrieben."
DECLINED = "Das Sprachmodell fand in den Abschnitten keine Antwort."
CUT_SHORT = "Das Sprachmodell kam nicht zum Ende; gezeigt ist, was bis dahin belegt war."
# No address, markup or citation mark of the model's own ever reaches the reader.
_FOREIGN = re.compile(r"https?:|www\.|\b\w+://|[<>\[\]{}|`*#\\]|javascript:|data:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of the model with what the gate found."""

    text: str
    passage: Passage | None
    """None where no passage bears the code."""
    proof: Proof

    @property
    def run(self) -> Run | None:
        """The units that prove the sentence."""
        if self.passage is None or self.proof.support == "none":
            return None
        return Run(self.passage, self.proof.first, self.proof.last, 0.0)


@dataclass(slots=True)
class _Reply:
    """What is known of a reply once it has been read."""

    pieces: list[str] = field(default_factory=list)
    finish: str = ""
    understood: bool = False
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes answers with one model. Safe to use from several threads."""

    model: ChatModel
    unproven: Unproven = "drop"
    """Whether a sentence that fails the gate is left out or shown as unproven."""

    def write(
        self, extractive: Answer, hits: Sequence[Hit], documents: dict[str, Document]
    ) -> Answer:
        """Return the written answer, or the extractive one with a note why."""
        *_, answer = self.stream(extractive, hits, documents)
        return answer

    def stream(
        self, extractive: Answer, hits: Sequence[Hit], documents: dict[str, Document]
    ) -> Generator[Answer, None, None]:
        """Yield ever longer answers, each sentence complete and checked; the last one counts.

        Never raises on the model's account. Closing the generator ends the request; while the
        model is silent, what stands so far (at first the extractive answer) is yielded again,
        so that it can be closed at any time.
        """
        checked, reply = list[Checked](), _Reply()
        so_far = extractive
        try:
            with closing(self._checked(extractive, hits, documents, reply)) as found:
                for one in found:
                    if one is None:
                        yield so_far
                        continue
                    if one.run is None and self.unproven == "drop":
                        continue
                    checked.append(one)
                    if any(c.run for c in checked):
                        so_far = _answer(extractive, checked, documents)
                        yield so_far
        except ModelFault as fault:
            yield replace(extractive, note=f"{fault} {EXTRACTIVE}")
            return
        if not any(one.run for one in checked):
            yield replace(extractive, note=f"{DECLINED if reply.declined else VOID} {EXTRACTIVE}")
            return
        note = CUT_SHORT if reply.finish == "length" else ""
        yield replace(_answer(extractive, checked, documents), note=note)

    def _checked(
        self,
        extractive: Answer,
        hits: Sequence[Hit],
        documents: dict[str, Document],
        reply: "_Reply",
    ) -> Generator[Checked | None, None, None]:
        """Ask the model, once more where its form can't be read; check each sentence.

        None stands for a silence.
        """
        given, asked = self._fitting(extractive, hits, documents)
        by_code = {source.code: source for source in given}
        seen = set[str]()
        for _ in range(2):
            for claim in self._claims(asked, by_code, reply):
                if claim is None:
                    yield None
                elif claim.text not in seen:
                    seen.add(claim.text)
                    yield _check(claim, by_code)
            if reply.understood:
                return
            asked = repair(asked, "".join(reply.pieces)[:MAX_REPAIRED_CHARS])

    def _claims(
        self, asked: Sequence[Message], by_code: dict[str, Source], reply: "_Reply"
    ) -> Generator[Claim | None, None, None]:
        """Yield each claim once it is complete, None while none is for ``PULSE_S`` seconds.

        Raises ModelFault when the prompt was cut.
        """
        collector = Collector(by_code)
        heard = time.monotonic()
        with closing(self.model.stream(asked, SCHEMA)) as pieces:
            for piece in pieces:
                # A model may be silent, or go on and on without ending a sentence.
                if piece is PULSE or time.monotonic() - heard >= PULSE_S:
                    heard = time.monotonic()
                    yield None
                if piece is PULSE:
                    continue
                reply.pieces.append(piece.text)
                reply.finish = piece.finish or reply.finish
                if was_cut(asked, piece.prompt_tokens):
                    raise ModelFault("Das Sprachmodell hat nur einen Teil der Abschnitte gelesen.")
                yield from collector.feed(piece.text)
                if collector.full:
                    break
        yield from collector.close()
        reply.understood, reply.declined = collector.understood, collector.declined

    def _fitting(
        self, extractive: Answer, hits: Sequence[Hit], documents: dict[str, Document]
    ) -> tuple[tuple[Source, ...], tuple[Message, ...]]:
        """Leave out whole passages from the end until the prompt fits the model's context."""
        passages, context = [hit.passage for hit in hits[:PASSAGES]], self.model.context()
        question = extractive.query
        given = sources(question, passages, documents)
        while given:
            asked = messages(question, given, plain=extractive.plain)
            if fits(asked, context):
                return given, asked
            given = given[:-1]
        raise ModelFault("Die Abschnitte sind zu lang für das Sprachmodell.")


def _check(claim: Claim, by_code: dict[str, Source]) -> Checked:
    source = by_code.get(claim.code)
    text = _without_codes(claim.text, by_code)
    if source is None:
        return Checked(text, None, Proof("none", ("kein Abschnitt trägt diesen Code",)))
    if _FOREIGN.search(text) or not len(text) <= MAX_CHARS:
        return Checked("", None, Proof("none", ("keine reine Aussage",)))
    return Checked(text, source.passage, verify(text, claim.quote, source.passage, source.around))


def _without_codes(text: str, codes: dict[str, Source]) -> str:
    """Take out marks a model puts into its sentence though it shouldn't."""
    for code in codes:
        text = text.replace(f"[{code}]", "").replace(f"({code})", "").replace(code, "")
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))


def _answer(
    extractive: Answer, checked: Sequence[Checked], documents: dict[str, Document]
) -> Answer:
    """Put sentences and citations together; one citation for each stretch that proves any."""
    runs = list(dict.fromkeys(one.run for one in checked if one.run is not None))
    _, citations = cite(runs, documents)
    keys = {run: citation.key for run, citation in zip(runs, citations, strict=True)}
    segments = tuple(
        Segment(one.text, (keys[one.run],) if one.run else (), one.proof.support)
        for one in checked
        if one.text
    )
    return replace(
        extractive,
        mode="generative",
        segments=segments,
        citations=citations,
        # Both name citations that the written answer doesn't have.
        differing=(),
        compared=(),
    )
