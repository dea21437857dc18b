"""Runs -> segments and citations. Every segment is a verbatim slice; every quote resolves."""

from collections.abc import Sequence

from assistant.answer.units import Run
from assistant.types import Citation, Located, Segment
from corpus.dates import german_date
from corpus.types import Document, Passage, WordBox

RECOGNISED = "Seite mit Texterkennung gelesen: bitte am Seitenbild prüfen."


def cite(
    runs: Sequence[Run], documents: dict[str, Document]
) -> tuple[tuple[Segment, ...], tuple[Citation, ...]]:
    """Make a citation of each run and a segment of each of its units."""
    segments: list[Segment] = []
    citations: list[Citation] = []
    for number, run in enumerate(runs, start=1):
        citation = _citation(number, run, documents[run.passage.document])
        citations.append(citation)
        segments.extend(Segment(text, (citation.key,), "verbatim") for text in _segment_texts(run))
    return tuple(segments), tuple(citations)


def _segment_texts(run: Run) -> list[str]:
    """A table stays one segment, so that rows keep their head; all else is cut by unit."""
    passage, spans = run.passage, run.passage.sentences
    if passage.kind == "table":
        return [passage.text[spans[run.first].start : spans[run.last].end]]
    return [passage.text[spans[i].start : spans[i].end] for i in run.indexes]


def _citation(number: int, run: Run, document: Document) -> Citation:
    passage = run.passage
    start, end = passage.sentences[run.first].start, passage.sentences[run.last].end
    boxes = [box for box in passage.boxes if box.start < end and box.end > start]
    page = boxes[0].page if boxes else next(iter(passage.pages), None)
    labels = document.page_labels
    return Citation(
        key=f"z{number}",
        number=number,
        document=document.id,
        title=document.title,
        workshop=passage.workshop,
        workshop_title=passage.workshop_title,
        section=passage.section,
        page_index=page,
        page_label=labels[page] if page is not None and page < len(labels) else "",
        quote=passage.text[start:end],
        located=_located(passage, boxes, start, end, page),
        version=document.version,
        origin=_remarks(document, page),
        passage=passage.id,
        start=start,
        end=end,
        date=document.date,
    )


def _remarks(document: Document, page: int | None) -> str:
    """Say what a reader has to know of the source before relying on it."""
    recognised = {p.page for p in document.extraction.recognised_pages}
    validity = (document.valid_from, document.valid_until)
    parts = (
        document.origin,
        f"Gültig ab {german_date(validity[0])}." if validity[0] else "",
        f"Gültig bis {german_date(validity[1])}." if validity[1] else "",
        f"Ersetzt durch „{document.replaced_by}“." if document.replaced_by else "",
        RECOGNISED if page in recognised else "",
    )
    return " · ".join(part for part in parts if part)


def _located(
    passage: Passage, boxes: Sequence[WordBox], start: int, end: int, page: int | None
) -> Located:
    """The passage is marked exactly only when every letter of the quote has its box."""
    if page is None:
        return "document"
    covered = {i for box in boxes for i in range(box.start, box.end)}
    letters = (i for i in range(start, end) if not passage.text[i].isspace())
    return "exact" if all(i in covered for i in letters) else "page"
