"""The Word file, read with python-docx and as the package of XML files that it is."""

import io
import re
import zipfile

from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings

from tests.ui.answers import make_answer, make_citation
from tests.ui.export.nasty import records, squeezed
from tests.ui.records import make_record
from ui.export.memo import memo
from ui.export.word import docx


def opened(record):
    """Return the file of a record as python-docx reads it, and its bytes."""
    content = docx(memo(record))
    return Document(io.BytesIO(content)), content


def outline(document):
    """Return the headings as pairs of style and text."""
    return [
        (p.style.name, p.text)
        for p in document.paragraphs
        if p.style.name.startswith(("Head", "Tit"))
    ]


def test_it_has_real_headings():
    """By which Word and screen readers find their way."""
    document, _ = opened(make_record())

    assert outline(document) == [
        ("Title", "Vermerk"),
        ("Heading 1", "Frage"),
        ("Heading 1", "Antwort"),
        ("Heading 1", "Wörtliche Zitate"),
        ("Heading 2", "[1] Dokumentation der dritten Werkstatt"),
        ("Heading 1", "Verzeichnis der Quellen"),
        ("Heading 1", "Angaben zur Abfrage"),
        ("Heading 1", "Hinweise"),
    ]


def test_it_says_all_that_a_file_needs():
    """Question, answer with its number, quote, page, version, state, moment, collection."""
    cited = make_citation(quote="Sie war in Bochum.", date="2017-11")
    answer = make_answer("Sie war in Bochum.", citations=[cited], generation="g-7")
    document, _ = opened(make_record(answer))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)

    for words in (
        *("Wo war die Werkstatt?", "Sie war in Bochum.\u00a0[1]", "„Sie war in Bochum.“"),
        *("Seite: S.\u00a012", "Fassung: abababababab", "Stand der Unterlage: November 2017"),
        *("Sammlung: g-7", "23. November 2026, 9:07 Uhr (UTC+1)", "wörtlich"),
    ):
        assert words in text
    quote = next(p for p in document.paragraphs if p.style.name == "Quote")
    assert quote.text == "„Sie war in Bochum.“"


def test_the_sources_are_a_table_with_a_head():
    """Its first row is the head, repeated on each page."""
    document, _ = opened(make_record())
    (table,) = document.tables

    assert [cell.text for cell in table.rows[0].cells] == [
        *("Nr.", "Unterlage", "Seite", "Stand", "Fassung")
    ]
    assert [cell.text for cell in table.rows[1].cells][:2] == [
        *("[1]", "Dokumentation der dritten Werkstatt")
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_it_is_german_and_says_whose_it_is():
    """Language of the text and of the properties; no name of the machine's user."""
    document, content = opened(make_record())
    styles = zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml").decode()

    assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', styles)) == {"de-DE"}
    facts = document.core_properties
    assert (facts.title, facts.language, facts.author) == (
        *("Vermerk", "de-DE", "Sozialraum-Assistent"),
    )
    assert facts.subject == "Wo war die Werkstatt?"
    assert facts.created.isoformat() == "2026-11-23T08:07:00+00:00"


def test_it_asks_for_nothing_from_outside():
    """No part of the package lies elsewhere, and nothing runs."""
    _, content = opened(make_record(make_answer("https://example.org <a href='//x'>")))
    package = zipfile.ZipFile(io.BytesIO(content))

    for name in package.namelist():
        assert "vba" not in name.casefold()
        if name.endswith(".rels"):
            assert b"TargetMode" not in package.read(name), name


def test_a_table_of_the_answer_stays_one():
    """Cells are cells."""
    document, _ = opened(make_record(make_answer("Angebot\tKosten\nCafé\t12 €")))

    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
        *(["Angebot", "Kosten"], ["Café", "12 €"])
    ]


@settings(max_examples=40, deadline=None)
@given(records())
def test_any_text_arrives_as_it_is(record):
    """Whatever the sources say, the file opens, and quote and question stand in it."""
    told = memo(record)
    document, _ = opened(record)
    text = squeezed("".join(paragraph.text for paragraph in document.paragraphs))

    assert squeezed(told.question) in text
    assert squeezed(told.sources[0].quote) in text
    headings = [style for style, _ in outline(document)]
    assert headings.count("Title") == 1
    assert headings.count("Heading 1") == 6
