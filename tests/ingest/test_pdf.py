"""PDF files with known ground truth: text, order, headings, lists, tables, notes, pages."""

import re
from itertools import pairwise

import pytest

from ingest.loaders.pdf import load_pdf
from ingest.sections import outline
from tests.ingest.truth import ALL, TESTDOCS, found_in, loaded, plain, sentences, truth

TAGGED = "w4_fliessend_zweispaltig_getaggt"


def texts(file, kind):
    return [plain(block.text) for block in file.blocks if block.kind == kind]


@pytest.mark.parametrize(("name", "known"), ALL.items())
def test_sentences_come_out_verbatim(name, known):
    """Sentences stand word for word in one block, whatever the order of the content stream."""
    expected = sentences(truth(known))
    found = [sentence for sentence, _ in expected if found_in(loaded(name).blocks, sentence)]

    assert len(expected) > 100
    assert len(found) >= 0.99 * len(expected)


@pytest.mark.parametrize(("name", "known"), ALL.items())
def test_each_sentence_is_on_its_page(name, known):
    """The boxes of a sentence lie on the pages it was printed on."""
    for sentence, block in sentences(truth(known)):
        found, at = found_in(loaded(name).blocks, sentence)
        end = at + len(sentence)
        pages = {box.page for box in found.boxes if box.start < end and box.end > at}

        assert pages
        assert pages <= set(range(block["page"] - 1, block["page_end"])), sentence


@pytest.mark.parametrize(("name", "known"), ALL.items())
def test_no_header_or_footer_is_left(name, known):
    """What repeats at the page's edges is no text; the chapters' names are no doubles."""
    for block in loaded(name).blocks:
        assert "| Seite" not in block.text
        assert block.kind != "paragraph" or not re.match(r"\d\. Werkstatt: ", block.text)


@pytest.mark.parametrize(("name", "known"), [*ALL.items(), (TAGGED, "w4_fliessend_zweispaltig")])
def test_headings_have_their_rank(name, known):
    """Every heading is found, those of chapters one rank above those of sections."""
    ranks = {plain(b.text): b.level for b in loaded(name).blocks if b.kind == "heading"}

    for block in truth(known):
        if block["type"] in ("h1", "h2"):
            assert ranks[block["text"]] == int(block["type"][1]), block["text"]
    real = sum(block["type"] in ("h1", "h2") for block in truth(known))
    assert len(ranks) <= real + 1  # the title's second line in the shuffled stream


@pytest.mark.parametrize(("name", "known"), ALL.items())
@pytest.mark.parametrize(
    ("kind", "type_"), [("item", "li"), ("caption", "caption"), ("footnote", "footnote")]
)
def test_lists_captions_and_notes_are_told_apart(name, known, kind, type_):
    """Items lose their bullet and keep their number; captions and notes are blocks of their own."""
    expected = [
        (f"{b['marker']} " if b.get("marker", "•") != "•" else "") + b["text"]
        for b in truth(known)
        if b["type"] == type_
    ]

    assert sorted(texts(loaded(name), kind)) == sorted(expected)


@pytest.mark.parametrize(("name", "known"), ALL.items())
def test_an_info_box_is_one_block_with_its_title(name, known):
    """The title is the first line, the text follows."""
    blocks = truth(known)
    titles = [b["text"] for b in blocks if b["type"] == "box_title"]
    bodies = [b["text"] for b in blocks if b["type"] == "box"]
    boxes = [block.text for block in loaded(name).blocks if block.kind == "box"]

    assert boxes == [f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)]


@pytest.mark.parametrize(("name", "known"), ALL.items())
def test_tables_come_row_by_row_behind_their_captions(name, known):
    """Cells are parted by tabs, broken words in them mended, the head row is first."""
    blocks = loaded(name).blocks
    expected = [[b["header"], *b["rows"]] for b in truth(known) if b["type"] == "table"]
    tables = [at for at, block in enumerate(blocks) if block.kind == "table"]

    found = [[row.split("\t") for row in blocks[at].text.split("\n")] for at in tables]
    assert found == expected
    assert all(blocks[at - 1].kind == "caption" for at in tables)


@pytest.mark.parametrize("name", ["w1_einspaltig", "w2_zweispaltig", "w4_fliessend_zweispaltig"])
def test_a_contents_list_is_no_evidence(name):
    """Its entries are blocks of their own, without the dots that lead to the page."""
    expected = [b["text"] for b in truth(name) if b["type"] in ("toc_heading", "toc")]

    assert texts(loaded(name), "contents") == expected


@pytest.mark.parametrize(
    ("name", "trap"),
    [
        ("w2_zweispaltig", "Nord-Süd-Achse"),
        ("w2_zweispaltig", "15-Minuten-Takt"),
        ("w2_zweispaltig", "Sonn- und Feiertagen"),
        ("w2_zweispaltig", "Süd- und Weststadt"),
        ("w2_zweispaltig", "Stadt- und Quartiersentwicklung"),
        ("w2_zweispaltig", "Kinder- und Jugendhilfe"),
        ("w2_zweispaltig", "Bildungspatinnen und -paten"),
        ("w2_zweispaltig", "Bewegungs- und Kulturangebote"),
        ("w2_zweispaltig", "CO₂-Emissionen"),
        ("w2_zweispaltig", "beteiligung@musterhausen.example"),
        ("w2_zweispaltig", "Kita-Jahr"),
        ("w1_einspaltig", "30-Minuten-Takt"),
        ("w1_einspaltig", "6,35 €/m²"),
        ("w4_fliessend_zweispaltig", "Familienzentren 2018"),
    ],
)
def test_hyphen_traps(name, trap):
    """Hyphens of the language stay, those of the line break go."""
    assert any(trap in block.text for block in loaded(name).blocks)


def test_reference_numbers_are_no_text():
    """A raised number behind a sentence is left out, and so is the note's own."""
    text = "\n".join(block.text for block in loaded("w2_zweispaltig").blocks)

    assert "zur Freigabe vorgelegt." in text
    assert not re.search(r"vorgelegt\.\s?1", text)
    assert any(block.text.startswith("Die Freigabe") for block in loaded("w2_zweispaltig").blocks)


def test_title_and_printed_page_numbers():
    """The file's title serves; labels are those printed, also on the unnumbered cover."""
    file = loaded("w2_zweispaltig")

    assert file.metadata == {"titel": "Werkstattreihe Sozialraum gestalten"}
    assert file.page_labels == tuple("123456789")
    assert not any(block.text == file.metadata["titel"] for block in file.blocks)


@pytest.mark.parametrize(("name", "known"), [*ALL.items(), (TAGGED, "w4_fliessend_zweispaltig")])
def test_each_sentence_is_in_its_section(name, known):
    """The headings above a sentence are those of the truth, a footnote's too."""
    outlined = outline(loaded(name).blocks)
    expected = [(s, b) for s, b in sentences(truth(known)) if b.get("path")]
    right = [
        (sentence, block)
        for sentence, block in expected
        for section in outlined.sections
        if sentence in plain(outlined.text[section.start : section.end])
        and list(section.path) == block["path"]
    ]

    assert len(expected) > 100
    assert len(right) >= 0.99 * len(expected)


def test_a_note_stands_in_the_section_that_refers_to_it():
    """Printed at the page's end, below the next chapter's beginning, it belongs to the last."""
    texts_of = [block.text for block in loaded("w4_fliessend_zweispaltig").blocks]
    note = next(i for i, text in enumerate(texts_of) if text.startswith("Die Zählung war"))

    assert texts_of[note - 1].endswith("Zählung der Kundenparkplätze.")
    assert texts_of[note + 1].startswith("5. Werkstatt")


@pytest.mark.parametrize("pages", [1, 2, 4])
def test_a_file_read_in_portions_reads_the_same(monkeypatch, pages):
    """The file is opened anew for every portion, which leaves no trace in the blocks."""
    monkeypatch.setattr("ingest.loaders.pdf._PAGES_AT_ONCE", pages)

    assert load_pdf(TESTDOCS / "w4_fliessend_zweispaltig.pdf") == loaded("w4_fliessend_zweispaltig")


def test_what_came_out_is_stated():
    """Format, and how many hyphens of line ends went; those of the language don't count."""
    extraction = loaded("w2_zweispaltig").extraction
    broken = sum(
        a.end == b.start
        for block in loaded("w2_zweispaltig").blocks
        for a, b in pairwise(block.boxes)
    )

    assert extraction.format == "PDF"
    assert extraction.unreadable_pages == ()
    assert 0 < extraction.mended_hyphens <= broken
    # "Nord-|Süd-Achse", "E-|Mail" and the like keep theirs
    assert broken - extraction.mended_hyphens < 0.1 * broken
