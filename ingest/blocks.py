"""What a loader makes of a file: blocks in reading order, before sections and passages."""

from dataclasses import dataclass, field
from typing import Literal

from corpus.types import Extraction, WordBox

BlockKind = Literal[
    "heading", "paragraph", "item", "table", "box", "caption", "footnote", "contents"
]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item, table … with its hyphens mended.

    ``text`` of a table: rows are lines, cells are separated by tabs, head row first.
    ``text`` of an item keeps its marker out, but for numbers and letters ("1. …", "a) …").
    A block that runs over columns or pages is one block; its boxes say where its words are.
    """

    kind: BlockKind
    text: str
    level: int = 0
    """Rank of a heading, 1 is the highest; 0 for all other kinds."""
    boxes: tuple[WordBox, ...] = ()
    """Offsets in ``text``; in reading order. Empty for formats without pages."""
    page: int | None = None
    """Physical page on which the block begins; None for formats without pages."""


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file as its loader read it.

    ``metadata`` holds what the file says of itself, under the keys of front matter
    (``corpus.catalogue.DOCUMENT_KEYS``); what a file doesn't say is absent.
    """

    blocks: tuple[Block, ...]
    metadata: dict[str, str] = field(default_factory=dict)
    page_labels: tuple[str, ...] = ()
    """Printed label of each page, or number of each slide; empty for formats without pages."""
    extraction: Extraction = field(default_factory=Extraction)
    """What the loader knows of it: format, pages, hidden text; the rest is counted later."""
