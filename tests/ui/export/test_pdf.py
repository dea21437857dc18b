"""The PDF, read with PDFium and pypdf."""

import pypdfium2
import pytest
from hypothesis import given, settings
from pypdf import PdfReader

from tests.ui.answers import make_answer, make_citation
from tests.ui.export.nasty import PHRASES, records, squeezed
from tests.ui.records import make_record
from ui.export.memo import memo
from ui.export.pdf import pdf


def text_of(content):
    """Return all text without white space."""
    with pypdfium2.PdfDocument(content) as document:
        return squeezed("".join(page.get_textpage().get_text_range() for page in document))


def test_it_says_all_that_a_file_needs():
    """Question, answer with its number, quote, page, version, state, moment, collection."""
    cited = make_citation(quote="Sie war in Bochum.", date="2017-11", origin="Text dieses Projekts")
    answer = make_answer("Sie war in Bochum.", citations=[cited], generation="g-7")
    text = text_of(pdf(memo(make_record(answer))))

    for words in (
        *("Vermerk", "Wo war die Werkstatt?", "Sie war in Bochum. [1]", "„Sie war in Bochum.“"),
        *("Seite: S. 12", "Fassung: abababababab", "Stand der Unterlage: November 2017"),
        *("Sammlung: g-7", "23. November 2026, 9:07 Uhr (UTC+1)", "Herkunft von [1]: Text dieses"),
        "Seite 1 von 1",
    ):
        assert squeezed(words) in text


def test_it_is_accessible(tmp_path):
    """Tagged, German, with a title, declared as PDF/UA-1: no character was missing."""
    content = pdf(memo(make_record()))
    (tmp_path / "vermerk.pdf").write_bytes(content)
    root = PdfReader(tmp_path / "vermerk.pdf").trailer["/Root"]

    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert "Wo war die Werkstatt?" in PdfReader(tmp_path / "vermerk.pdf").metadata.title


@pytest.mark.parametrize("text", [phrase for phrase in PHRASES if phrase.isprintable()])
def test_no_text_is_taken_for_typst(text):
    """It stands there letter by letter, as a question, a sentence, a quote, a title, a cell."""
    cited = make_citation(quote=text, title=text, origin=text)
    answer = make_answer(text, f"{text}\tx\n1\t2", citations=[cited], question=text)
    found = text_of(pdf(memo(make_record(answer))))

    assert found.count(squeezed(text)) >= 4


@settings(max_examples=40, deadline=None)
@given(records())
def test_any_record_becomes_a_pdf(record):
    """Whatever the sources say, there is a file with the fixed parts in it."""
    text = text_of(pdf(memo(record)))

    assert text.startswith("VermerkSozialraum-Assistent")
    assert "AngabenzurAbfrage" in text


def test_a_missing_character_is_owned_up_to():
    """Instead of failing, the file says that a box stands for what its fonts lack."""
    content = pdf(memo(make_record(make_answer("Ein Zeichen: \U00012031"))))

    assert squeezed("Zeichen, die in dieser Datei als Kästchen stehen") in text_of(content)
