"""Blocks -> the document's text and its sections."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.types import Section
from ingest.blocks import Block

# A note of which more than this share is addresses is a list of sources, not evidence.
MAX_ADDRESS_SHARE = 0.4
_ADDRESS = re.compile(r"https?://|www\.")


@dataclass(frozen=True, slots=True)
class Placed:
    """A block that is part of the document's text, and where it stands in it."""

    block: Block
    start: int
    section: int
    """Ordinal of its section."""

    @property
    def end(self) -> int:
        """Offset behind the block's last character."""
        return self.start + len(self.block.text)


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's text without its headings, cut into sections."""

    text: str
    sections: tuple[Section, ...]
    placed: tuple[Placed, ...]


def outline(blocks: Sequence[Block]) -> Outline:
    """Join the blocks to one text and cut it at every heading."""
    text = ""
    placed: list[Placed] = []
    sections: list[Section] = []
    open_headings: list[tuple[int, str]] = []
    start = 0

    def close() -> None:
        path = tuple(heading for _, heading in open_headings)
        sections.append(Section(len(sections), path, start, len(text)))

    for block in blocks:
        if block.kind == "heading":
            if open_headings or len(text) > start:
                close()
            open_headings = [h for h in open_headings if h[0] < block.level]
            open_headings.append((block.level, block.text))
            start = len(text)
        elif is_evidence(block):
            text += _separator(text, placed, block)
            if not placed or placed[-1].section != len(sections):
                start = len(text)
            placed.append(Placed(block, len(text), len(sections)))
            text += block.text
    close()
    return Outline(text, tuple(sections), tuple(placed))


def is_evidence(block: Block) -> bool:
    """Tell whether a block can prove anything: contents pages and lists of addresses can't."""
    if block.kind == "contents" or not block.text.strip():
        return False
    # Word by word: one pattern for whole words takes quadratic time on long ones.
    addresses = sum(len(word) for word in block.text.split() if _ADDRESS.search(word))
    return addresses <= MAX_ADDRESS_SHARE * len(block.text)


def _separator(text: str, placed: Sequence[Placed], block: Block) -> str:
    if not text:
        return ""
    before = placed[-1].block.kind
    close_pair = (before, block.kind) in (("item", "item"), ("caption", "table"))
    return "\n" if close_pair else "\n\n"
