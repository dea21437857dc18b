"""Blocks become one text, cut into sections that know their workshop."""

import pytest

from corpus.types import Workshop
from ingest.attribution import workshop_of_heading
from ingest.blocks import Block
from ingest.sections import is_evidence, outline

CATALOGUE = (
    Workshop(2, "Generationengerechte Quartiersentwicklung"),
    Workshop(3, "Sicherheit und Kriminalprävention"),
)


def heading(text, level):
    """Return a heading block."""
    return Block("heading", text, level=level)


def paragraph(text):
    """Return a paragraph block."""
    return Block("paragraph", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3. Werkstatt: Sicherheit", (3, "Sicherheit und Kriminalprävention")),
        ("Werkstatt 3 – Sicherheit", (3, "Sicherheit und Kriminalprävention")),
        ("Werkstatt 7: Kultur", (7, "Kultur")),
        ("Sicherheit und Kriminalprävention", (3, "Sicherheit und Kriminalprävention")),
        ("Werkstattreihe im Überblick", None),
        ("12. März 2018", None),
        ("Querschnitt: Beteiligung", None),
    ],
)
def test_headings_that_open_a_workshop(text, expected):
    """Numbers in either form and themes word for word are recognised, nothing else."""
    assert workshop_of_heading(text, CATALOGUE) == expected


def test_workshop_holds_until_the_next_chapter_of_its_rank():
    """Sections below a workshop's chapter belong to it; the next chapter doesn't."""
    blocks = [
        paragraph("Vorwort."),
        heading("2. Werkstatt: Alter", 1),
        heading("Ergebnisse", 2),
        paragraph("Zwei."),
        heading("3. Werkstatt: Sicherheit", 1),
        heading("Ergebnisse", 2),
        paragraph("Drei."),
        heading("Querschnitt", 1),
        paragraph("Alle."),
    ]
    found = outline(blocks, CATALOGUE, None, "")
    by_text = {found.text[s.start : s.end]: s for s in found.sections if s.end > s.start}

    assert by_text["Vorwort."].workshop is None
    assert by_text["Zwei."].workshop == 2
    assert by_text["Drei."].workshop == 3
    assert by_text["Drei."].path == ("3. Werkstatt: Sicherheit", "Ergebnisse")
    assert by_text["Alle."].workshop is None


def test_document_workshop_is_the_fallback():
    """Without a chapter of its own a section belongs to the document's workshop."""
    found = outline([heading("Ablauf", 1), paragraph("Text.")], (), 3, "Sicherheit")

    assert (found.sections[-1].workshop, found.sections[-1].workshop_title) == (3, "Sicherheit")


def test_text_holds_the_blocks_where_they_are_placed():
    """Every placed block is the slice of the text at its place; contents pages are left out."""
    blocks = [
        Block("contents", "Einleitung … 3"),
        heading("Einleitung", 1),
        paragraph("Erster."),
        Block("item", "eins"),
        Block("item", "zwei"),
    ]
    found = outline(blocks, (), None, "")

    assert found.text == "Erster.\n\neins\nzwei"
    for placed in found.placed:
        assert found.text[placed.start : placed.end] == placed.block.text


def test_lists_of_addresses_prove_nothing():
    """A note that is mostly an address isn't evidence; one with a sentence is."""
    assert not is_evidence(Block("footnote", "https://www.soziale-stadt-nrw.de/news/abschluss"))
    assert is_evidence(Block("footnote", "Siehe dazu die Handreichung des Landes von 2015."))
