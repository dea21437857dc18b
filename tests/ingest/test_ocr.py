"""Scans are read by character recognition, page by page, laid out and marked like text."""

import os
import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corpus.errors import FileRefusedError
from ingest import ocr
from ingest.loaders.pdf import load_pdf
from ingest.ocr import RecognisedLine, RecognisedWord
from ingest.pdf.glyphs import MAX_PIXELS, opened, picture, read_pages
from ingest.pdf.page import Page
from ingest.pdf.recognised import Recognition, Typography, examined, is_blank
from tests.conftest import ROOT
from tests.ingest.raw_pdf import A4, image, joined, rendered, text, write_raw
from tests.ingest.truth import TESTDOCS, found_in, loaded, sentences, truth

TRICKY = TESTDOCS / "tricky"
needs_tesseract = pytest.mark.skipif(not ocr.is_available(), reason="Tesseract mit deu fehlt")
# File -> its truth, the pages it shows, the least share of words, and sentences lost at most.
SCANS = {
    "t09_scan_200dpi": ("w2_zweispaltig", (5,), 0.95, 2),
    "t10_scan_150dpi_schief": ("w2_zweispaltig", (6,), 0.95, 2),
    "t12_text_als_pfade": ("w1_einspaltig", (9,), 0.99, 0),
    "t02_ohne_tounicode": ("w1_einspaltig", (3, 4), 0.97, 3),
    "t03_tounicode_verschoben": ("w1_einspaltig", (3, 4), 0.97, 3),
}


def words(blocks):
    """Count the words of blocks, of the truth or read."""
    texts = (b["text"] if isinstance(b, dict) else b.text for b in blocks)
    return Counter(word for each in texts for word in re.findall(r"[^\W_]+", each.lower()))


@needs_tesseract
@pytest.mark.parametrize("name", SCANS)
def test_scans_are_read_like_text(name):
    """Words, sentences in one block and headings come out; the page says how sure it is."""
    known, pages, least_words, most_lost = SCANS[name]
    file = loaded(f"tricky/{name}")
    on_pages = [b for b in truth(known) if b["page"] in pages and b["page_end"] in pages]
    expected, found = words(on_pages), words(file.blocks)
    lost = [s for s, _ in sentences(on_pages) if not found_in(file.blocks, s)]

    assert sum((expected & found).values()) >= least_words * sum(expected.values())
    assert len(lost) <= most_lost
    headings = [b.text for b in file.blocks if b.kind == "heading"]
    assert headings == [b["text"] for b in on_pages if b["type"] in ("h1", "h2")]
    recognised = file.extraction.recognised_pages
    assert [page.page for page in recognised] == list(range(len(pages)))
    assert all(85 < page.confidence <= 100 for page in recognised)
    assert file.extraction.unreadable_pages == ()


def boxes_of(blocks, sentence):
    """Return the boxes of a sentence's words, in order."""
    block, at = found_in(blocks, sentence)
    return [box for box in block.boxes if box.start < at + len(sentence) and box.end > at]


@needs_tesseract
@pytest.mark.parametrize(
    ("name", "slope"), [("t09_scan_200dpi", 0.0), ("t10_scan_150dpi_schief", -0.0227)]
)
def test_words_of_a_scan_are_marked_where_they_stand(name, slope):
    """Boxes agree with those of the page the scan was made of, turned as far as it lies askew."""
    known, (page,), *_ = SCANS[name]
    scan, original = loaded(f"tricky/{name}").blocks, loaded(known).blocks
    askew = Page(0, *A4, skew=float(np.arctan(slope)))
    compared = 0
    for sentence, block in sentences(truth(known)):
        if (block["page"], block["page_end"]) != (page, page) or not found_in(scan, sentence):
            continue
        read, printed = boxes_of(scan, sentence), boxes_of(original, sentence)
        for one, other in ((read[0], printed[0]), (read[-1], printed[-1])):
            expected = askew.shown((other.x0, other.y0, other.x1, other.y1))
            assert (one.x0, one.y0, one.x1, one.y1) == pytest.approx(expected, abs=4), sentence
            compared += 1

    assert compared > 20


@needs_tesseract
def test_a_scan_among_pages_of_text_is_read_in_its_place():
    """Only the page without text is recognised; text pages stay as the file has them."""
    file = loaded("tricky/t11_gemischt_text_scan")
    first = {box.page for block in file.blocks for box in block.boxes}

    assert [page.page for page in file.extraction.recognised_pages] == [1]
    assert file.extraction.unreadable_pages == ()
    assert first == {0, 1}
    as_text = [b for b in truth("w1_einspaltig") if b["page"] == b["page_end"] == 3]
    assert [s for s, _ in sentences(as_text) if not found_in(file.blocks, s)] == []
    headings = [b.text for b in file.blocks if b.kind == "heading"]
    assert headings.index("Vorwort") < headings.index("2.1 Anlass und Zielsetzung")


@needs_tesseract
@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("stated", [False, True])
def test_turned_scans_are_read(tmp_path, turns, stated):
    """A scan laid in sideways or upside down is set upright, whether the file says so or not."""
    upright = rendered(TESTDOCS / "w1_einspaltig.pdf", 8, dpi=150)
    scan = upright.rotate(90 * turns, expand=True)  # counter-clockwise
    size = A4 if turns == 2 else A4[::-1]
    path = write_raw(
        tmp_path / "scan.pdf",
        image("Im0", width=size[0], height=size[1]),
        images=[scan],
        size=size,
        page=f"/Rotate {90 * turns}" if stated else "",
    )
    blocks = load_pdf(path).blocks
    on_page = [b for b in truth("w1_einspaltig") if b["page"] == b["page_end"] == 9]

    assert [s for s, _ in sentences(on_page) if not found_in(blocks, s)] == []
    shown = A4 if stated else size
    for box in (box for block in blocks for box in block.boxes):
        assert -1 <= box.x0 < box.x1 <= shown[0] + 1
        assert -1 <= box.y0 < box.y1 <= shown[1] + 1
    heights = [box.y0 for block in blocks for box in block.boxes]
    falls = heights[0] < heights[-1]
    if stated:
        assert falls
    elif turns == 2:
        assert not falls


def scribbled():
    """Return a picture of lines that look like handwriting."""
    chance = np.random.default_rng(1)
    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for y in range(150, 1600, 60):
        for x in range(120, 1100, 130):
            steps = np.arange(40)
            wave = 14 * np.sin(steps * 0.9 + chance.random()) + chance.normal(0, 2, 40)
            sway = 8 * np.sin(steps * 1.1) + chance.normal(0, 4, 40)
            draw.line(list(zip(x + 2.4 * steps + sway, y + wave, strict=True)), 20, 3)
    return page


@needs_tesseract
def test_pages_without_words_are_named_and_blank_ones_not(tmp_path):
    """Photographs and handwriting count as unreadable, white pages don't; text stays."""
    photo = Image.radial_gradient("L").resize((800, 1100))
    paper = Image.effect_noise((800, 1100), 6).point(lambda grey: min(grey + 110, 255))
    parts = [write_raw(tmp_path / "text.pdf", text("Die Werkstatt war gut besucht."))]
    for name, seen in (("foto", photo), ("leer", paper), ("hand", scribbled())):
        parts.append(write_raw(tmp_path / f"{name}.pdf", image("Im0"), images=[seen]))
    file = load_pdf(joined(tmp_path / "alle.pdf", *parts))

    assert file.extraction.unreadable_pages == (1, 3)
    assert file.extraction.recognised_pages == ()
    assert [block.text for block in file.blocks] == ["Die Werkstatt war gut besucht."]


@needs_tesseract
def test_a_stamp_on_a_scan_hides_no_page(tmp_path):
    """Where an image covers the page and its text is a stamp's, the image is read."""
    scan = rendered(TESTDOCS / "w1_einspaltig.pdf", 8, dpi=150)
    stamp = text("Eingegangen am 12. März 2018, Drucksache 17/1234", y=820, size=8)
    path = write_raw(tmp_path / "vorlage.pdf", image("Im0") + stamp, images=[scan])
    file = load_pdf(path)
    on_page = [b for b in truth("w1_einspaltig") if b["page"] == b["page_end"] == 9]

    assert [page.page for page in file.extraction.recognised_pages] == [0]
    assert [s for s, _ in sentences(on_page) if not found_in(file.blocks, s)] == []


@needs_tesseract
def test_several_scans_keep_their_order(tmp_path):
    """Pages are recognised side by side and come out in the file's order."""
    source = TESTDOCS / "w1_einspaltig.pdf"
    parts = []
    for page in (8, 2, 8, 2):
        scan = rendered(source, page, dpi=120)
        path = tmp_path / f"{len(parts)}.pdf"
        parts.append(write_raw(path, image("Im0"), images=[scan]))
    file = load_pdf(joined(tmp_path / "alle.pdf", *parts))

    assert [page.page for page in file.extraction.recognised_pages] == [0, 1, 2, 3]
    headings = [(b.text, b.page) for b in file.blocks if b.kind == "heading"]
    chapters = [pair for pair in headings if pair[0] in ("Ausblick", "Vorwort")]
    assert chapters == [("Ausblick", 0), ("Vorwort", 1), ("Ausblick", 2), ("Vorwort", 3)]


WITHOUT = """
import sys
from pathlib import Path
from ingest.loaders.pdf import load_pdf
from corpus.errors import FileRefusedError
try:
    print(load_pdf(Path(sys.argv[1])).extraction.unreadable_pages)
except FileRefusedError as refusal:
    print(refusal.code, refusal)
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("t09_scan_200dpi", "ERR_FILE_NO_TEXT"),
        ("t02_ohne_tounicode", "ERR_FILE_NO_TEXT"),
        ("t11_gemischt_text_scan", "(1,)"),
    ],
)
def test_without_tesseract_the_command_that_helps_is_named(tmp_path, name, said):
    """In a real process that finds no Tesseract: pages are named, a file of scans is refused."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(TRICKY / f"{name}.pdf")],
        env={**os.environ, "PATH": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith(said)
    if said.startswith("ERR"):
        assert "apt install tesseract-ocr tesseract-ocr-deu" in done.stdout


def test_a_scan_nobody_can_read_is_refused_with_a_remedy(monkeypatch, tmp_path):
    """Where recognition is there and finds nothing, a better scan is advised, no installation."""
    monkeypatch.setattr(ocr, "is_available", lambda: True)
    monkeypatch.setattr(ocr, "_run", lambda *_, **__: None)  # failed, killed or too slow
    path = write_raw(tmp_path / "hand.pdf", image("Im0"), images=[scribbled()])

    with pytest.raises(FileRefusedError, match=r"hand\.pdf.*Texterkennung.*300 dpi") as refusal:
        load_pdf(path)
    assert refusal.value.code == "ERR_FILE_NO_TEXT"
    assert "apt install" not in str(refusal.value)


def test_a_large_scans_picture_is_bounded(tmp_path):
    """A3 at 600 dpi, and a page of many metres, yield a picture of 25 million pixels at most."""
    scan = Image.new("1", (7016, 9921), 1)
    a3 = write_raw(
        tmp_path / "a3.pdf", image("Im0", 0, 0, 842, 1191), images=[scan], size=(842, 1191)
    )
    plan = write_raw(tmp_path / "plan.pdf", text("Plan"), size=(14000, 14000))
    for path, least_dpi in ((a3, 299), (plan, 20)):
        with opened(path) as document:
            page = next(iter(read_pages(document, path.name)))
            found, dpi = picture(document, page)
        assert found.width * found.height <= MAX_PIXELS
        assert least_dpi < dpi <= 300


def line(words, ascent=20.0, baseline=100.0, slope=0.0):
    """Return a recognised line of words 60 pixels wide."""
    found = tuple(
        RecognisedWord(word, 100 + 80 * at, 80, 160 + 80 * at, 105, 90.0)
        for at, word in enumerate(words.split())
    )
    return RecognisedLine(found, slope, baseline, ascent)


def test_lines_of_one_font_get_one_size():
    """Heights scatter as they are measured; body text has one size, over all pages."""
    typography = Typography()
    body = [line("ein Satz von vielen", 20 + scatter) for scatter in (0, 0.7, -0.7, 0.4)]
    for _ in range(2):
        found = Recognition((*body, line("Titel", 33.0)), (0.1,) * 5)
        page = typography.page(Page(0, *A4), found, dpi=200)
        sizes = {glyph.size for glyph in page.glyphs if glyph.text.strip()}
        assert sizes == {10.0, 16.5}


def test_a_line_askew_is_levelled_and_shown_where_it_was():
    """A skewed line has one baseline in the reading frame, and its box lies on the skewed page."""
    lines = [line("schief liegt sie da", slope=0.02, baseline=1000.0)]
    page = Typography().page(Page(0, *A4), Recognition(tuple(lines), (0.1,)), dpi=72)
    inked = [glyph for glyph in page.glyphs if glyph.text.strip()]

    assert len({glyph.baseline for glyph in inked}) == 1
    first = page.shown((inked[0].x0, inked[0].baseline, inked[0].x1, inked[0].baseline))
    assert first[0] == pytest.approx(100, abs=1)
    assert first[1] == pytest.approx(1000 - 0.02 * 145, abs=1)


def test_confidence_weighs_long_words_more():
    """The mean is over letters, so that specks don't decide."""
    two = (
        RecognisedWord("Stadtteilkonferenz", 0, 0, 9, 9, 90.0),
        RecognisedWord("ı", 0, 0, 9, 9, 10.0),
    )
    found = Recognition((RecognisedLine(two, 0.0, 9.0, 9.0),))

    assert found.confidence == pytest.approx((18 * 90 + 10) / 19)


def test_a_divider_page_of_one_word_is_legible():
    """Few words are text where nothing else is on the page, and a picture's noise elsewhere."""
    words = (RecognisedWord("Anhang", 300, 300, 500, 340, 95.0),)
    lines = [RecognisedLine(words, 0.0, 340.0, 30.0)]
    page = Image.new("L", (800, 1100), 250)
    ImageDraw.Draw(page).rectangle((300, 300, 499, 339), fill=10)
    photo = page.copy()
    ImageDraw.Draw(photo).rectangle((100, 500, 700, 900), fill=90)

    assert examined(lines, page, 0).is_legible
    assert not examined(lines, photo, 0).is_legible
    assert not is_blank(page)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("$ 171e BauGB", "§ 171e BauGB"),
        ("$$ 22 bis 25", "§§ 22 bis 25"),
        ("$9 Abs. 1", "§9 Abs. 1"),
        ("100 $ im Jahr", "100 $ im Jahr"),
    ],
)
def test_section_signs_are_told_from_dollars(monkeypatch, words, expected):
    """Tesseract reads § as $; before a number it is the section sign."""
    spans = "".join(
        f"<span class='ocrx_word' title='bbox 0 0 9 9; x_wconf 90'>{word}</span>"
        for word in words.split()
    )
    hocr = (
        "<html><span class='ocr_line' title='bbox 0 0 90 9; baseline 0 0; x_size 9; "
        f"x_descenders 2; x_ascenders 2'>{spans}</span></html>"
    )
    monkeypatch.setattr(ocr, "_run", lambda *_, **__: hocr.encode())
    (found,) = ocr.recognise(Image.new("L", (90, 9)), 200)

    assert " ".join(word.text for word in found.words) == expected
