"""A document as the page „Unterlagen“ shows it, and a preview of it."""

from dataclasses import replace

from corpus.types import Document, Extraction
from ui.web.documents.inbox import Basis
from ui.web.documents.listing import Row
from ui.web.documents.reading_in import Preview

DOCUMENT = Document(
    *("bericht", "ab" * 32, "k", "bericht.pdf", "/x/bericht.pdf", "/x", "Bericht Nord"),
    page_labels=("1", "2"),
    extraction=Extraction(format="PDF"),
)
ROW = Row(DOCUMENT, "in Ordnung", "gut", (1, 2, 3, 5), 2, 1234, "2026-11-23")


def previewed(report, **fields):
    """A preview of one new document."""
    rows = {DOCUMENT.id: ROW}
    return replace(Preview(report, Basis("g", (), ()), rows, {}, {}), **fields)
