"""From search words to the evidence of a golden item: passages, their sentences, the quote.

Everything an item says of a place comes from the library by the rules of the evaluation's own
citations, so that what is taken over here passes its lint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.evaluation.golden import Evidence
from assistant.evaluation.lint import QUOTE_WORDS
from corpus.errors import SozialraumError
from corpus.types import Document, Hit, Passage

CANDIDATES = 10
"""Passages offered for one search: as many as retrieval is measured by."""


class EvidenceError(SozialraumError):
    """The chosen sentences don't make a quote; the message says why."""

    code = "ERR_EVIDENCE"


class Searched(Protocol):
    """Who is searched; ``assistant.pipeline.Assistant`` for one."""

    def search(self, query: str, k: int) -> list[Hit]:
        """Return the passages found for a query, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage found, and the document it is of."""

    passage: Passage
    document: Document

    @property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences, list items or table rows, each in one line."""
        text = self.passage.text
        return tuple(one_line(text[s.start : s.end]) for s in self.passage.sentences)


def candidates(
    searched: Searched, documents: Mapping[str, Document], words: str
) -> tuple[Candidate, ...]:
    """Search the collection, best first; ``documents`` are the collection's, by id."""
    hits = searched.search(words, CANDIDATES)
    return tuple(Candidate(hit.passage, documents[hit.passage.document]) for hit in hits)


def evidence(
    found: Candidate, chosen: Sequence[int], *, id: str, group: str = "A", grade: int = 2
) -> Evidence:
    """Make evidence of chosen sentences, by their places from 0.

    Raises EvidenceError when they don't follow one another or are too many words for a quote.
    A single short sentence is allowed: it is whole.
    """
    places = sorted(chosen)
    if not places or not 0 <= places[0] <= places[-1] < len(found.passage.sentences):
        raise EvidenceError("Bitte wählen Sie zuerst die Sätze, die antworten.")
    if places != list(range(places[0], places[-1] + 1)):
        raise EvidenceError(
            "Die gewählten Sätze stehen nicht hintereinander. Bitte machen Sie aus jedem einen "
            "eigenen Beleg."
        )
    start = found.passage.sentences[places[0]].start
    end = found.passage.sentences[places[-1]].end
    quote = one_line(found.passage.text[start:end])
    if (count := len(quote.split())) > QUOTE_WORDS[1]:
        raise EvidenceError(
            f"Das sind {count} Wörter; ein Zitat hat höchstens {QUOTE_WORDS[1]}. Bitte wählen Sie "
            "weniger Sätze oder machen Sie mehrere Belege daraus."
        )
    return Evidence(
        id=id,
        group=group,
        doc=found.document.id,
        workshop=found.passage.workshop,
        section=found.passage.section,
        pages=labels(found, start, end),
        quote=quote,
        grade=grade,
        doc_sha256=found.document.version,
    )


def labels(found: Candidate, start: int, end: int) -> tuple[str, ...]:
    """Return what is printed on the pages a stretch of the passage stands on.

    The first of them is the one a citation of the same words names: the page of its first
    word, or the passage's first page where there are no boxes.
    """
    boxes = [box for box in found.passage.boxes if box.end > start and box.start < end]
    pages = [box.page for box in sorted(boxes, key=lambda box: box.start)]
    printed = found.document.page_labels
    named = [printed[page] for page in pages or found.passage.pages[:1] if page < len(printed)]
    return tuple(dict.fromkeys(label for label in named if label))


def one_line(text: str) -> str:
    """Return the text on one line, cells of a table parted by a space."""
    return " ".join(text.split())
