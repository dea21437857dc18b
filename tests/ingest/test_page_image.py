"""Pictures of pages with marked words."""

import io

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from corpus.errors import FileRefusedError, UnknownItemError
from ingest.page_image import merged, render
from tests.ingest.truth import TESTDOCS, loaded

PAPER, YELLOW = (255, 255, 255), (255, 235, 59)


def picture(name, page, marks, **options):
    return np.asarray(
        Image.open(io.BytesIO(render(TESTDOCS / f"{name}.pdf", page, marks, **options)))
    )


def boxes_of(name, text):
    """Return page and boxes of a stretch of text."""
    block = next(b for b in loaded(name).blocks if text in b.text)
    start = block.text.index(text)
    end = start + len(text)
    found = [b for b in block.boxes if b.start < end and b.end > start]
    return found[0].page, [(b.x0, b.y0, b.x1, b.y1) for b in found]


@pytest.mark.parametrize(
    "name", ["w2_zweispaltig", "tricky/t04_rotate_attribut", "tricky/t05_text_seitlich"]
)
def test_marked_words_turn_yellow_and_stay_readable(name):
    """The paper under the quote is yellow, its ink stays dark, and nothing else changes."""
    page, marks = boxes_of(name, "Ein Vertreter des Migrationsbeirats wies darauf")
    before, after = picture(name, page, []), picture(name, page, marks)
    with pdfium.PdfDocument(TESTDOCS / f"{name}.pdf") as document:
        scale = 900 / document[page].get_width()

    inside = np.zeros(before.shape[:2], dtype=bool)
    for x0, y0, x1, y1 in merged(marks):
        inside[int(y0 * scale) : int(y1 * scale), int(x0 * scale) : int(x1 * scale)] = True
    around = np.zeros_like(inside)
    for x0, y0, x1, y1 in merged(marks):
        top, bottom = int((y0 - 2) * scale), int((y1 + 2) * scale)
        around[top:bottom, int((x0 - 2) * scale) : int((x1 + 2) * scale)] = True
    paper, ink = (before == PAPER).all(axis=2), before.sum(axis=2) < 200
    assert (after[inside & paper] == YELLOW).all()
    assert (inside & ink).sum() > 100
    assert (after[inside & ink].sum(axis=1) < 200).all()
    assert (after[~around] == before[~around]).all()


def test_the_picture_has_the_width_asked_for():
    """A page is as wide as asked, as high as its shape wants."""
    shape = picture("w1_einspaltig", 0, [], width_px=400).shape

    assert shape[1] == 400
    assert shape[0] == pytest.approx(400 * 841.89 / 595.3, abs=1)


def test_words_of_a_line_become_one_mark():
    """Neighbours are joined; another line, and another column on the same height, are not."""
    words = [(50, 100, 80, 110), (83, 100, 120, 110), (50, 112, 90, 122), (300, 112, 340, 122)]

    assert merged(words) == [(50, 100, 120, 110), (50, 112, 90, 122), (300, 112, 340, 122)]


def test_a_page_that_isnt_there_is_named():
    """The message says how many pages there are."""
    with pytest.raises(UnknownItemError, match="keine Seite 11, nur 9"):
        render(TESTDOCS / "w1_einspaltig.pdf", 10, [])


def test_a_file_that_cant_be_opened_is_refused():
    """A locked file yields no picture."""
    with pytest.raises(FileRefusedError, match="passwortgeschützt"):
        render(TESTDOCS / "tricky" / "t06_passwort_geheim.pdf", 0, [])
