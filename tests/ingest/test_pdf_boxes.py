"""Where words stand: boxes cover the text and hold exactly it, on turned pages too."""

import unicodedata
from functools import cache

import pypdfium2 as pdfium
import pytest

from tests.ingest.truth import TESTDOCS, loaded

NAMES = [
    *("w1_einspaltig", "w2_zweispaltig", "w2s_gemischt", "w3_dreispaltig_quer"),
    *("w4_fliessend_zweispaltig", "tricky/t01_kodierung", "tricky/t04_rotate_attribut"),
    *("tricky/t05_text_seitlich", "tricky/t08_druckbogen"),
]


@pytest.mark.parametrize("name", NAMES)
def test_boxes_cover_every_sign_once(name):
    """Every character but white space lies in exactly one box, in tables and boxes too."""
    for block in loaded(name).blocks:
        covered = [at for box in block.boxes for at in range(box.start, box.end)]

        assert covered == [at for at, char in enumerate(block.text) if not char.isspace()]
        assert block.page == block.boxes[0].page


@pytest.mark.parametrize("name", NAMES)
def test_a_box_holds_exactly_its_word(name):
    """PDFium finds the word's letters, and no others, inside its box on the displayed page."""
    document = pages(name)
    wrong = []
    for block in loaded(name).blocks:
        for box in block.boxes:
            page, text_page = document[box.page]
            sideways = page.get_rotation() % 180 == 90 or name.endswith("seitlich")
            word = block.text[box.start : box.end]
            inside = text_inside(page, text_page, box, sideways)
            if letters(inside) != letters(word):
                wrong.append((word, inside))

    assert wrong == []


def test_a_word_broken_over_two_lines_has_two_boxes():
    """Its parts follow each other in the text and stand on different lines."""
    block = next(b for b in loaded("w2_zweispaltig").blocks if "Menschen nach" in b.text)
    start = block.text.index("Menschen nach")
    parts = [b for b in block.boxes if start <= b.start < start + len("Menschen")]

    assert [block.text[part.start : part.end] for part in parts] == ["Men", "schen"]
    assert parts[0].y1 <= parts[1].y0 + 2
    assert parts[0].x0 > parts[1].x0


@cache
def pages(name):
    document = pdfium.PdfDocument(TESTDOCS / f"{name}.pdf")
    return [(page := document[index], page.get_textpage()) for index in range(len(document))]


def letters(text):
    """Return the signs in a fixed order: PDFium may hold a sign from another font elsewhere."""
    text = unicodedata.normalize("NFKC", text)
    return sorted(char for char in text if not char.isspace() and char not in "-\xad\ufffe\x02")


def text_inside(page, text_page, box, sideways):
    """Return the text in a box of the displayed page, made a little smaller on all sides."""
    inset_x, inset_y = 0.4, 0.05 * (box.y1 - box.y0)
    if sideways:
        inset_x, inset_y = 0.05 * (box.x1 - box.x0), 0.4
    corners = [(box.x0 + inset_x, box.y0 + inset_y), (box.x1 - inset_x, box.y1 - inset_y)]
    (ax, ay), (bx, by) = (on_paper(page, x, y) for x, y in corners)
    return text_page.get_text_bounded(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def on_paper(page, x, y):
    """Return a displayed point in PDF page space, whose origin is the lower left corner."""
    left, bottom, right, top = page.get_bbox()
    match page.get_rotation():
        case 0:
            return left + x, top - y
        case 90:
            return left + y, bottom + x
        case 180:
            return right - x, bottom + y
        case _:
            return right - y, top - x
