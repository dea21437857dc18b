"""Blocks become one text, cut into sections."""

from ingest.blocks import Block
from ingest.sections import is_evidence, outline


def heading(text, level):
    """Return a heading block."""
    return Block("heading", text, level=level)


def paragraph(text):
    """Return a paragraph block."""
    return Block("paragraph", text)


def test_text_holds_the_blocks_where_they_are_placed():
    """Every placed block is the slice of the text at its place; contents pages are left out."""
    blocks = [
        Block("contents", "Einleitung … 3"),
        heading("Einleitung", 1),
        paragraph("Erster."),
        Block("item", "eins"),
        Block("item", "zwei"),
    ]
    found = outline(blocks)

    assert found.text == "Erster.\n\neins\nzwei"
    for placed in found.placed:
        assert found.text[placed.start : placed.end] == placed.block.text


def test_lists_of_addresses_prove_nothing():
    """A note that is mostly an address isn't evidence; one with a sentence is."""
    assert not is_evidence(Block("footnote", "https://www.soziale-stadt-nrw.de/news/abschluss"))
    assert is_evidence(Block("footnote", "Siehe dazu die Handreichung des Landes von 2015."))
