"""Files that are damaged, locked, scanned, turned or strangely encoded."""

import re
from typing import get_args

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from corpus.errors import FileRefusedError
from ingest import ocr
from ingest.loaders.pdf import load_pdf
from ingest.refusals import RefusalCode, refuse
from tests.ingest.truth import TESTDOCS, found_in, loaded, plain, sentences, truth

PAGES = {  # pages of w1 that a tricky file holds, from 1
    "t04_rotate_attribut": (3, 4, 5),
    "t05_text_seitlich": (4,),
    "t07_nur_besitzerpasswort": (3, 4),
    "t08_druckbogen": (3, 4, 5, 6, 7, 8),
    "t14_xref_kaputt": (3, 4),
}


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("t02_ohne_tounicode", "ERR_FILE_NO_TEXT", "Zeichentabelle"),
        ("t03_tounicode_verschoben", "ERR_FILE_NO_TEXT", "Zeichentabelle"),
        ("t06_passwort_geheim", "ERR_FILE_PASSWORD", "passwortgeschützt"),
        ("t09_scan_200dpi", "ERR_FILE_NO_TEXT", "Scans"),
        ("t10_scan_150dpi_schief", "ERR_FILE_NO_TEXT", "Scans"),
        ("t12_text_als_pfade", "ERR_FILE_NO_TEXT", "Bilder"),
        ("t13_abgeschnitten", "ERR_FILE_DAMAGED", "beschädigt"),
        ("t15_leer", "ERR_FILE_EMPTY", "leer"),
        ("t16_html_als_pdf", "ERR_FILE_TYPE", "kein PDF"),
    ],
)
def test_what_cant_be_read_is_refused_by_name(monkeypatch, name, code, word):
    """The message names file, reason and remedy in German; the code is one of the closed list.

    Scans, and text with broken character maps, can't where there is no character recognition.
    """
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    with pytest.raises(FileRefusedError) as refusal:
        load_pdf(TESTDOCS / "tricky" / f"{name}.pdf")

    assert refusal.value.code == code
    assert f"{name}.pdf" in str(refusal.value)
    assert word in str(refusal.value)
    assert str(refusal.value).count(".") >= 3  # in the name, behind reason and remedy


def test_a_missing_file_is_refused(tmp_path):
    """A file that vanished is refused by name."""
    with pytest.raises(FileRefusedError, match=r"„weg\.pdf“ lässt sich nicht lesen") as refusal:
        load_pdf(tmp_path / "weg.pdf")
    assert refusal.value.code == "ERR_FILE_ACCESS"


def test_a_file_too_large_is_refused_unopened(tmp_path):
    """The size is checked before anything is read."""
    path = tmp_path / "riese.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(201 * 2**20)

    with pytest.raises(FileRefusedError) as refusal:
        load_pdf(path)
    assert refusal.value.code == "ERR_FILE_TOO_LARGE"


@pytest.mark.parametrize("code", get_args(RefusalCode))
def test_every_refusal_names_file_reason_and_remedy(code):
    """The closed list has a German sentence each for what is wrong and what helps."""
    error = refuse(code, "heft.pdf")

    assert error.code == code
    assert str(error).startswith("„heft.pdf“ ")
    assert str(error).count(".") >= 3
    assert re.search(r"\. [A-ZÄÖÜ]\w+n Sie\b", str(error))


@pytest.mark.parametrize(("name", "numbers"), PAGES.items())
def test_turned_spread_locked_and_repaired_pages_are_read(name, numbers):
    """All sentences of the pages are there, verbatim and in one block each."""
    blocks = loaded(f"tricky/{name}").blocks
    on_pages = [
        b for b in truth("w1_einspaltig") if b["page"] in numbers and b["page_end"] in numbers
    ]
    expected = sentences(on_pages)

    assert expected
    assert [s for s, _ in expected if not found_in(blocks, s)] == []
    headings = [b["text"] for b in on_pages if b["type"] in ("h1", "h2")]
    assert [b.text for b in blocks if b.kind == "heading"] == headings


def test_decomposed_umlauts_soft_hyphens_and_ligatures_are_mended():
    """Text is composed (NFC), without soft hyphens and ligature signs."""
    file = loaded("tricky/t01_kodierung")
    expected = [plain(b["text"]) for b in truth("tricky/t01_kodierung") if b["type"] == "p"]

    assert [b.text for b in file.blocks if b.kind == "paragraph"] == expected


def test_a_page_without_text_is_named_and_the_rest_read(monkeypatch):
    """Without character recognition a scan among text pages is recorded by its index."""
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    file = load_pdf(TESTDOCS / "tricky" / "t11_gemischt_text_scan.pdf")

    assert file.extraction.unreadable_pages == (1,)
    assert {block.page for block in file.blocks} == {0}
    assert loaded("w1_einspaltig").extraction.unreadable_pages == ()


def test_a_spread_bears_both_printed_numbers():
    """Two printed pages on one of the file give it two numbers."""
    assert loaded("tricky/t08_druckbogen").page_labels == ("3–4", "5–6", "7–8")


@pytest.mark.parametrize(
    "name", ["w2_zweispaltig", "w4_fliessend_zweispaltig", "w3_dreispaltig_quer"]
)
def test_spreads_are_read_page_after_page(tmp_path, name):
    """A cover, then two pages on each of the file: all columns in order, both numbers known."""
    single = pdfium.PdfDocument(TESTDOCS / f"{name}.pdf")
    count = len(single)
    wide, high = single[0].get_size()
    inside = pdfium.PdfDocument.new()
    inside.import_pages(single, list(range(1, count)))
    spreads = pdfium.PdfDocument(raw.FPDF_ImportNPagesToOne(inside, 2 * wide, high, 2, 1))
    bound = pdfium.PdfDocument.new()
    bound.import_pages(single, [0])
    bound.import_pages(spreads)
    bound.save(tmp_path / "bogen.pdf")

    file = load_pdf(tmp_path / "bogen.pdf")
    text = " ".join(plain(block.text) for block in file.blocks)
    expected = sentences(truth(name))
    running = [text.find(s) for s, block in expected if block["type"] in ("p", "li")]
    assert [s for s, _ in expected if not found_in(file.blocks, s)] == []
    assert running == sorted(running)
    assert file.page_labels[:3] == ("1", "2–3", "4–5")
    assert not any("| Seite" in block.text for block in file.blocks)
