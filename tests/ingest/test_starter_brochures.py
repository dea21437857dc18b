"""Our own brochures, read back: what their Markdown sources say comes out of the PDF whole."""

from functools import cache
from pathlib import Path

import pytest

from ingest.loaders.markdown import load_markdown
from ingest.loaders.pdf import load_pdf
from ingest.sentences import split

CORPUS = Path(__file__).parents[2] / "corpus"
NAMES = sorted(path.stem for path in (CORPUS / "sources").glob("*.md"))


@cache
def brochure(name):
    return load_pdf(CORPUS / "documents" / f"{name}.pdf")


@cache
def source(name):
    return load_markdown(CORPUS / "sources" / f"{name}.md")


def texts(file, *kinds):
    return [block.text for block in file.blocks if block.kind in kinds]


@pytest.mark.parametrize("name", NAMES)
def test_all_sentences_come_back(name):
    """Every sentence stands verbatim within one block of the PDF."""
    read = [block.text for block in brochure(name).blocks]
    sentences = [
        line[span.start : span.end]
        for text in texts(source(name), "paragraph", "item", "box", "caption")
        for line in text.split("\n")
        for span in split(line)
    ]

    assert len(sentences) > 30
    assert [s for s in sentences if not any(s in text for text in read)] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["item", "box"])
def test_lists_and_boxes_are_what_they_were(name, kind):
    """Items and boxes come back one by one, with all their text and nothing else."""
    assert texts(brochure(name), kind) == texts(source(name), kind)


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_what_they_were(name):
    """Each table comes back row by row, also where it was broken over pages."""
    expected = sorted(texts(source(name), "table"))

    assert sorted(texts(brochure(name), "table")) == expected


@pytest.mark.parametrize("name", NAMES)
def test_chapters_and_sections_have_their_rank(name):
    """Headings come in order; the sources the typesetter adds stand last."""
    expected = [(b.text, b.level - 1) for b in source(name).blocks if b.kind == "heading"]
    found = [(b.text, b.level) for b in brochure(name).blocks if b.kind == "heading"]

    assert found == [*expected, ("Quellen", 1)]


@pytest.mark.parametrize("name", NAMES)
def test_sources_are_notes_with_whole_addresses(name):
    """Every address is there unbroken, in a note of its own."""
    notes = texts(brochure(name), "footnote")
    addresses = set(texts(source(name), "footnote"))

    assert {note.split(". ", 1)[1] for note in notes} == addresses
    assert len(notes) == len(addresses)


@pytest.mark.parametrize("name", NAMES)
def test_front_matter_comes_back_from_the_keywords(name):
    """Title, sort, workshop, origin and date survive the PDF; the title page is no evidence."""
    file = brochure(name)

    assert file.metadata == source(name).metadata
    for block in file.blocks:
        if block.kind in ("paragraph", "heading"):
            assert "nicht die Originaldokumentation" not in block.text
            assert block.text not in (file.metadata["titel"], "Sozialraum-Assistent")


@pytest.mark.parametrize("name", NAMES)
def test_page_labels_are_those_printed(name):
    """A front page is numbered in roman, the text from 1."""
    labels = brochure(name).page_labels
    count = len(labels) - (labels[0] == "i")

    assert labels[-count:] == tuple(str(number + 1) for number in range(count))
