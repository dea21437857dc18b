"""Marks on the page: exactly the quoted letters, over line, column and page ends too.

Both sides of each comparison are independent of our reading: the quote comes from the ground
truth, the letters under its mark from PDFium.
"""

import io
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from PIL import Image

from ingest.blocks import Block
from ingest.loaders.markdown import load_markdown
from ingest.page_image import merged, render
from ingest.passages import boxes_of, passages
from ingest.sections import outline
from tests.ingest.test_pdf_boxes import letters, on_paper
from tests.ingest.truth import TESTDOCS, loaded, plain, sentences, truth

FILES = {
    "w1_einspaltig": "w1_einspaltig",
    "w2_zweispaltig": "w2_zweispaltig",
    "w3_dreispaltig_quer": "w3_dreispaltig_quer",
    "w4_fliessend_zweispaltig": "w4_fliessend_zweispaltig",
    "tricky/t04_rotate_attribut": "w1_einspaltig",
    "tricky/t05_text_seitlich": "w1_einspaltig",
}
PADDING = 1.0  # points, as drawn
REFERENCE_SIZE = 0.8  # of the line's: raised numbers between words are covered with them
WIDTH_PX = 1500
AROUND_END = 3  # words on either side of a line's end


class Quote(NamedTuple):
    """A quote from the ground truth and where we say it stands."""

    text: str
    boxes: tuple


@pytest.mark.parametrize(("name", "known"), FILES.items())
def test_a_mark_covers_the_quoted_letters_and_no_others(name, known):
    """PDFium finds the letters of the quote under its marks, and none of the page's others."""
    found = quotes(name, known)
    wrong = [(quote.text, covered(name, quote)) for quote in found if not is_exact(name, quote)]

    assert len(found) > 30
    assert len(wrong) <= 0.01 * len(found), wrong


def test_quotes_over_all_ends_are_among_them():
    """The comparison above meets quotes over line, column and page ends, and mended hyphens."""
    every = [quote for name, known in FILES.items() for quote in quotes(name, known)]

    assert sum(is_over_lines(quote) for quote in every) > 1000
    assert sum(is_over_columns(quote) for quote in every) > 30
    assert sum(len({box.page for box in quote.boxes}) > 1 for quote in every) > 5
    assert sum(has_mended_hyphen(quote) for quote in every) > 100


@pytest.mark.parametrize(("name", "known"), FILES.items())
def test_the_drawn_picture_shows_the_same(name, known):
    """Signs whose paper turned yellow are those of the quote, on every page it touches."""
    some = [quote for quote in quotes(name, known) if is_over_lines(quote)][::40]

    for quote in some:
        shown = "".join(
            drawn_over(name, page, quote) for page in sorted({b.page for b in quote.boxes})
        )
        assert letters(shown) == letters(quote.text)


def test_a_format_without_boxes_shows_no_mark(tmp_path):
    """There is nothing to draw, and nothing is drawn."""
    path = tmp_path / "heft.md"
    path.write_text("# Heft\n\nEin Satz steht hier.\n", encoding="utf-8")
    (passage,) = passages(outline(load_markdown(path).blocks))

    assert boxes_of(passage, 0, len(passage.text)) == ()
    assert merged([]) == []


# ---- quotes


@cache
def quotes(name, known):
    """Return all sentences of the truth, and stretches around every line's end."""
    blocks = loaded(name).blocks
    found = []
    for sentence, _ in sentences(truth(known)):
        block = next((b for b in blocks if sentence in plain(b.text)), None)
        if block is not None:
            found += [quote_of(block, sentence), *around_ends(block, sentence)]
    return found


def quote_of(block: Block, text: str):
    start = plain(block.text).index(text)
    end = start + len(text)
    return Quote(text, tuple(b for b in block.boxes if b.start < end and b.end > start))


def around_ends(block: Block, sentence: str):
    """Yield some words before and after each place where the sentence leaves its line."""
    start = plain(block.text).index(sentence)
    words = sentence.split()
    ends = np.cumsum([len(word) + 1 for word in words]) + start
    boxes = quote_of(block, sentence).boxes
    for a, b in pairwise(boxes):
        if not is_next_line(a, b):
            continue
        at = int(np.searchsorted(ends, a.start, side="right"))
        some = words[max(0, at - AROUND_END) : at + AROUND_END]
        text = " ".join(some)
        if sentence.count(text) == 1:
            inside = start + sentence.index(text)
            yield Quote(
                text,
                tuple(x for x in boxes if x.start < inside + len(text) and x.end > inside),
            )


def is_next_line(a, b):
    """Tell words of two lines: those of one are equally high, or wide on a page turned aside."""
    return a.page != b.page or ((a.y0, a.y1) != (b.y0, b.y1) and (a.x0, a.x1) != (b.x0, b.x1))


def is_over_lines(quote):
    return any(is_next_line(a, b) for a, b in pairwise(quote.boxes))


def is_over_columns(quote):
    return any(a.page == b.page and b.y1 < a.y0 and b.x0 > a.x1 for a, b in pairwise(quote.boxes))


def has_mended_hyphen(quote):
    return any(a.end == b.start for a, b in pairwise(quote.boxes))


# ---- what PDFium sees


class Sign(NamedTuple):
    """A character of the page, in PDF page space."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float

    @property
    def middle(self):
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@cache
def page_of(name, index):
    document = pdfium.PdfDocument(TESTDOCS / f"{name}.pdf")
    page = document[index]
    text_page = page.get_textpage()
    signs = []
    for at in range(text_page.count_chars()):
        char = text_page.get_text_range(at, 1)
        if char and not char.isspace():
            left, bottom, right, top = text_page.get_charbox(at)
            size = raw.FPDFText_GetFontSize(text_page.raw, at)
            signs.append(Sign(char, left, bottom, right, top, size))
    return document, page, signs


def marks(quote, page):
    return merged([(b.x0, b.y0, b.x1, b.y1) for b in quote.boxes if b.page == page])


def covered(name, quote):
    """Return the signs whose middle lies under the marks as they are drawn."""
    found = []
    for index in sorted({box.page for box in quote.boxes}):
        _, page, signs = page_of(name, index)
        for x0, y0, x1, y1 in marks(quote, index):
            (ax, ay) = on_paper(page, x0 - PADDING, y0 - PADDING)
            (bx, by) = on_paper(page, x1 + PADDING, y1 + PADDING)
            low_x, high_x, low_y, high_y = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
            found += [
                sign
                for sign in signs
                if low_x < sign.middle[0] < high_x and low_y < sign.middle[1] < high_y
            ]
    return without_references(found)


def without_references(signs):
    largest = max((sign.size for sign in signs), default=0)
    return "".join(
        s.text for s in signs if not (s.text.isdigit() and s.size < REFERENCE_SIZE * largest)
    )


def is_exact(name, quote):
    return letters(covered(name, quote)) == letters(quote.text)


def drawn_over(name, index, quote):
    """Return the signs whose paper changed its colour, but for a rim."""
    _, page, signs = page_of(name, index)
    boxes = [(b.x0, b.y0, b.x1, b.y1) for b in quote.boxes if b.page == index]
    before, after = picture(name, index, ()), picture(name, index, tuple(boxes))
    scale = WIDTH_PX / page.get_width()
    paper, changed = (before > 200).all(axis=2), (before != after).any(axis=2)
    yellow = []
    for sign in signs:
        corners = [displayed(page, x, y) for x, y in ((sign.x0, sign.y0), (sign.x1, sign.y1))]
        (ax, ay), (bx, by) = corners
        # A pixel more on every side: a thin letter has no paper inside its box.
        rows = slice(int(min(ay, by) * scale) - 1, int(max(ay, by) * scale) + 2)
        columns = slice(int(min(ax, bx) * scale) - 1, int(max(ax, bx) * scale) + 2)
        inside = paper[rows, columns].sum()
        if inside and changed[rows, columns].sum() > 0.7 * inside:
            yellow.append(sign)
    return without_references(yellow)


@cache
def picture(name, page, boxes):
    png = render(TESTDOCS / f"{name}.pdf", page, list(boxes), width_px=WIDTH_PX)
    return np.asarray(Image.open(io.BytesIO(png)))


def displayed(page, x, y):
    """Return a point of PDF page space on the displayed page, from its top left."""
    left, bottom, right, top = page.get_bbox()
    match page.get_rotation():
        case 0:
            return x - left, top - y
        case 90:
            return y - bottom, x - left
        case 180:
            return right - x, y - bottom
        case _:
            return top - y, right - x
