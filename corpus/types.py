"""The shared vocabulary: frozen values that flow from file to hit.

Offsets count characters (Python code points). Pages are physical indexes from 0;
what is printed on them is a label. Boxes are in PDF points from the top left of the
page as it is displayed, y downwards.
"""

from dataclasses import dataclass
from typing import Literal

SLIDE = "Folie "
"""Begins the label of a slide: "Folie 3" stands where a page would be "3"."""

Kind = Literal["text", "list", "table", "box", "caption", "footnote"]
Status = Literal["belegt", "angekündigt", "unbekannt"]
Concealment = Literal[
    "weiß auf weiß",
    "winzig",
    "außerhalb der Seite",
    "unsichtbar gesetzt",
    "ausgeblendet",
    "gelöschte Änderung",
    "Kommentar",
    "Steuerzeichen",
]


@dataclass(frozen=True, slots=True)
class WordBox:
    """Where a word stands on its page; a word broken over two lines has two of them."""

    start: int
    end: int
    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Workshop:
    """An entry of a collection's catalogue. Unknown fields are empty, never guessed."""

    number: int
    theme: str = ""
    town: str = ""
    date: str = ""
    """ISO 8601 day, or empty."""
    status: Status = "unbekannt"
    source: str = ""
    """Address the entry rests on, or empty."""


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text that nobody sees who looks at the file: left out, and reported."""

    concealment: Concealment
    text: str
    """Its beginning; for display only."""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """A page whose text comes from character recognition."""

    page: int
    confidence: float
    """Mean over its words, 0 to 100, as the recognition itself states it."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came out when a file was read: plain facts, judged elsewhere."""

    reader: str = ""
    """Version of the reader."""
    format: str = ""
    """German name of the file's format: PDF, Word, Webseite …"""
    stated: tuple[tuple[str, str], ...] = ()
    """What the file says of itself, by German key; the catalogue and the editor overrule it."""
    unreadable_pages: tuple[int, ...] = ()
    """Pages that show something but yielded no words."""
    recognised_pages: tuple[RecognisedPage, ...] = ()
    could_recognise: bool = False
    """Whether character recognition was at hand; where it wasn't, reading again may help."""
    hidden: tuple[HiddenText, ...] = ()
    mended_hyphens: int = 0
    words: int = 0
    unknown_words: int = 0
    """Words that are in no German word list and come only once in the file."""
    headings: int = 0
    tables: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one file, as it was read in."""

    id: str
    """Stable over versions: the name used on the command line."""
    version: str
    """SHA-256 of the file's bytes, hexadecimal."""
    key: str
    """Names this reading: changes with the bytes, the metadata or the reader's version."""
    file: str
    """Name of the file; for display only, never used as a path."""
    source: str
    """Path it was read from."""
    collection: str
    """Folder it was read in with; its catalogue applies."""
    title: str
    category: str = "Dokument"
    """What sort of document: Werkstatt, Themenheft, Sammelband, Katalog, Dokument."""
    workshop: int | None = None
    origin: str = ""
    """Note shown beside each citation when the text isn't an original, else empty."""
    date: str = ""
    """State of the text: ISO 8601 year, month or day, or empty when unknown."""
    page_labels: tuple[str, ...] = ()
    """Printed label of each page; empty for formats without pages."""
    valid_from: str = ""
    valid_until: str = ""
    """Last day, month or year the text holds; ISO 8601, or empty when unlimited."""
    replaced_by: str = ""
    """Id of the document that stands in its place, or empty."""
    corrections: tuple[tuple[str, str], ...] = ()
    """What the editor corrected, by German key; survives when the file is read anew."""
    extraction: Extraction = Extraction()

    @property
    def has_page_images(self) -> bool:
        """Tell whether its pages can be shown as they look."""
        return bool(self.page_labels) and self.extraction.format in ("", "PDF")


@dataclass(frozen=True, slots=True)
class Section:
    """The part of a document under one heading, up to the next heading of any rank."""

    ordinal: int
    path: tuple[str, ...]
    """Headings from the top down to this one; empty before the first heading."""
    start: int
    end: int
    workshop: int | None = None
    workshop_title: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is indexed, shown and cited: a slice of its document's text."""

    id: str
    document: str
    """Id of the document."""
    ordinal: int
    """Position in the document, from 0."""
    section: tuple[str, ...]
    kind: Kind
    start: int
    """Offset in the document's text; ``text == document_text[start:end]``."""
    end: int
    text: str
    """Table rows are lines, their cells separated by tabs."""
    sentences: tuple[Span, ...]
    """Citable units in order: sentences, list items or table rows; offsets in ``text``."""
    boxes: tuple[WordBox, ...] = ()
    """Offsets in ``text``; empty for formats without pages."""
    pages: tuple[int, ...] = ()
    workshop: int | None = None
    workshop_title: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that reading one file yields. Passages in order; together they cover the sections."""

    document: Document
    text: str
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search is limited to: a passage has to fit every field. Empty ones don't limit."""

    workshop: int | None = None
    document: str | None = None
    workshops: tuple[int, ...] = ()
    """Any of these, in ascending order."""
    documents: tuple[str, ...] = ()
    """Ids; any of these, in ascending order."""

    def __bool__(self) -> bool:
        named = self.workshop is not None or self.document is not None
        return named or bool(self.workshops or self.documents)


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage. Higher is better; compare scores only within one ranking."""

    passage: Passage
    score: float
    rank: int
    """From 1."""
