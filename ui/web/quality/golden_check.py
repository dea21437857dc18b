"""What „Prüfen“ does: the rules of the golden set for one item, and the question asked now."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation import lint
from assistant.evaluation.find_evidence import one_line
from assistant.evaluation.golden import GoldenSet, Item
from assistant.evaluation.matching import mentions
from assistant.evaluation.metrics import nugget_hits
from assistant.evaluation.observe import one, wordings
from assistant.evaluation.self_test import self_test
from assistant.evaluation.source import GenerationSource, Source, relevance
from assistant.evaluation.types import Observation
from assistant.pipeline import Assistant
from corpus.types import Document, Passage

SHOWN_HITS = 10
"""As many as the primary measure of retrieval counts."""

# The rules speak of fields as the files name them; the form's words instead. Longer ones first.
_WORDS = (
    ("weder evidence noch nuggets noch reference_answer", "weder Belege noch Aussagen noch eine "
     "Musterantwort"),
    ("(evidence mit grade: 2)", "(Rang „antwortet“)"),
    ("(nugget mit importance: vital)", "(Gewicht „unverzichtbar“)"),
    ("history und standalone", "frühere Beiträge und eine ausgeschriebene Frage"),
    ("none_reason und none_hint", "einen Grund und einen Hinweis"),
    ("keinen none_reason", "keinen Grund für eine Ablehnung"),
    ("reference_answer", "Musterantwort"),
    ("die Wörter in match", "die Wörter unter „Woran man sie erkennt“"),
    ("Bitte status: retired setzen", "Bitte den Stand „stillgelegt“ setzen"),
)  # fmt: skip


_ID = re.compile(r"[a-z0-9]+-\d{3}")


@dataclass(frozen=True, slots=True)
class Found:
    """A hit, and the evidence of the item that it holds."""

    passage: Passage
    document: Document
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came back when the item's question was asked."""

    item: Item
    seen: Observation
    hits: tuple[Found, ...]
    nuggets: Mapping[str, bool]
    """By id: whether the answer has it."""
    forbidden: tuple[str, ...]
    """Ids of the forbidden statements that the answer makes."""


def faults(item: Item, golden: GoldenSet, source: Source) -> tuple[str, ...]:
    """Return in German what the rules of the set find wrong with an item among the others."""
    others = [i for i in golden.items if i.status == "active" and i.id != item.id]
    before = tuple(i for i in golden.items if i.id == item.id)
    found = [
        *lint.answer([item]),
        *lint.privacy([item]),
        *lint.quotes([item], _Cited(source, item)),
        *lint.reused(GoldenSet(before, {}), GoldenSet((item,), {})),
        *(f for f in lint.twice([*others, item]) if f.item == item.id),
        *(f for f in self_test([item, *others]) if f.item == item.id),
    ]
    return tuple((*(_worded(f.message) for f in found), *_written(item)))


def trial(item: Item, assistant: Assistant) -> Trial:
    """Ask the item's question now. A question that can't be processed is a result too."""
    source = GenerationSource(assistant.generation)
    seen = one(assistant, next(wordings(item)))
    held = relevance(item, _Cited(source, item))
    passages = assistant.generation.passages([hit.passage for hit in seen.hits[:SHOWN_HITS]])
    documents = assistant.generation.documents
    said = [segment.text for segment in seen.segments]
    return Trial(
        item,
        seen,
        tuple(Found(p, documents[p.document], tuple(sorted(held.get(p.id, ())))) for p in passages),
        nugget_hits(seen.segments, item),
        tuple(f.id for f in item.forbidden if mentions(said, f.match)),
    )


class _Cited:
    """Only the documents an item quotes: the whole collection needn't be read for it."""

    def __init__(self, source: Source, item: Item) -> None:
        self._source = source
        self.documents: Mapping[str, Document] = {
            id: source.documents[id] for id in item.documents if id in source.documents
        }

    def text(self, document: str) -> str:
        """Return a document's whole text."""
        return self._source.text(document)

    def passages(self, document: str) -> Sequence[Passage]:
        """Return a document's passages in order."""
        return self._source.passages(document)


def _written(item: Item) -> Iterator[str]:
    """Rules of the set's README on how an item is written."""
    most = lint.QUOTE_WORDS[1]
    for each in item.evidence:
        if (count := len(one_line(each.quote).split())) > most:
            yield f"{each.id}: Das Zitat hat {count} Wörter; es sollen höchstens {most} sein."
    if not _ID.fullmatch(item.id):
        yield "Die Kennung soll aus Thema und drei Ziffern bestehen, zum Beispiel wohnen-012."


def _worded(message: str) -> str:
    for field, word in _WORDS:
        message = message.replace(field, word)
    return message


def expected(trial: Trial) -> Iterator[tuple[bool, str]]:
    """Say in German what was to be expected of the answer, each with whether it came."""
    answered = trial.seen.status in ("answered", "partial")
    if trial.item.answerable == "none":
        yield (
            not answered,
            "Die Frage wird abgelehnt"
            if not answered
            else ("Die Frage müsste abgelehnt werden, wird aber beantwortet"),
        )
    else:
        yield (
            answered,
            "Die Frage wird beantwortet"
            if answered
            else ("Die Frage müsste beantwortet werden, wird aber abgelehnt"),
        )
    for name, group in trial.item.groups.items():
        ids = {evidence.id for evidence in group}
        ranks = [rank for rank, hit in enumerate(trial.hits, 1) if ids & set(hit.evidence)]
        where = f"auf Rang {ranks[0]}" if ranks else f"nicht unter den ersten {SHOWN_HITS}"
        yield bool(ranks), f"Beleg der Gruppe {name} gefunden: {where}"
    for nugget in trial.item.nuggets:
        weight = "" if nugget.importance == "vital" else " (ergänzend)"
        yield trial.nuggets[nugget.id], f"{nugget.id}{weight}: {nugget.text}"
    for forbidden in trial.item.forbidden:
        said = forbidden.id in trial.forbidden
        yield not said, f"{forbidden.id}, verboten: {forbidden.text}"
