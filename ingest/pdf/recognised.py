"""What was recognised in a page's picture -> glyphs, so that scans are laid out like text. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count

import numpy as np
import numpy.typing as npt
from PIL import Image

from ingest.ocr import RecognisedLine
from ingest.pdf.page import Glyph, Page

# Capitals and ascenders are .69-.80 of the font's size in serif and sans (t09, t10).
_ASCENT_SHARE = 0.72
_SAME_SIZE = 0.08  # the heights of one font's lines differ so much as they are measured
_SIZE_STEP = 0.5  # points; text size is stated in half points elsewhere too
_LEAST_SKEW = 0.002  # radians; 2 points over a page's width
# Strokes of bold lines as large as the body are 1.35-1.65 times as thick as its own, which scatter
# from .91 to 1.10 (t09, t10, t12); of smaller print it can't be told.
_BOLD_STROKES = 1.22
_BOLD_SIZE = 0.95
_ENOUGH_LINES = 5  # to know the body's strokes
# Ink is what differs from the paper by so many of 256 greys. A page number covers .00004 of an A4
# page at 200 dpi, the word "Anhang" in 24 points .001, a line of text .0015.
_INK_CONTRAST = 48
_BLANK_SHARE = 0.0005
_MARGIN = 0.03  # of the picture: the scanner's shadow
# Share of right words by stated confidence, t09 at falling resolution and sharpness: 94: .96,
# 82: .88, 70: .70, 52: .57; upside down or handwritten 17-35.
_LEAST_CONFIDENCE = 60.0
_LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was recognised in an upright picture of a page, and what is kept of the picture."""

    lines: tuple[RecognisedLine, ...] = ()
    strokes: tuple[float, ...] = ()
    """For each line how thick its strokes are, in shares of its ascent."""
    turns: int = 0
    """Clockwise quarter turns that set the picture upright."""
    is_blank: bool = False
    """Beside the words recognised there is nothing in it."""

    @property
    def confidence(self) -> float:
        """Mean over the words by their length, 0 to 100; 0 without words."""
        words = [word for line in self.lines for word in line.words]
        letters = sum(len(word.text) for word in words)
        return sum(word.confidence * len(word.text) for word in words) / max(letters, 1)

    @property
    def is_legible(self) -> bool:
        """Tell text from what is read into photographs, handwriting and pictures upside down.

        Fewer than three words are text only where nothing else is on the page.
        """
        words = sum(len(line.words) for line in self.lines)
        enough = words >= _LEAST_WORDS or (words > 0 and self.is_blank)
        return enough and self.confidence >= _LEAST_CONFIDENCE


def examined(lines: Sequence[RecognisedLine], picture: Image.Image, turns: int) -> Recognition:
    """Measure what the words alone don't tell: the thickness of strokes, and what else is there.

    ``picture`` is grey and as it was recognised; ``turns`` clockwise quarter turns set it upright.
    """
    pixels = np.asarray(picture)
    strokes = tuple(_stroke(line, pixels) for line in lines)
    rest = picture.copy()
    paper = _paper(picture)
    for word in (word for line in lines for word in line.words):
        rest.paste(paper, (word.x0, word.y0, word.x1, word.y1))
    return Recognition(tuple(lines), strokes, turns, is_blank(rest))


def is_blank(picture: Image.Image) -> bool:
    """Tell an empty page's picture, but for specks and the shadow at its edges."""
    right, down = (round(_MARGIN * side) for side in picture.size)
    inner = picture.crop((right, down, picture.width - right, picture.height - down))
    greys, paper = inner.histogram(), _paper(inner)
    ink = sum(greys[: max(paper - _INK_CONTRAST, 0)]) + sum(greys[paper + _INK_CONTRAST + 1 :])
    return ink <= _BLANK_SHARE * sum(greys)


def _paper(picture: Image.Image) -> int:
    """Return the grey in the middle of all."""
    seen = list(accumulate(picture.histogram()))
    return bisect_left(seen, seen[-1] / 2)


class Typography:
    """Makes one document's recognised pages: keeps its font sizes, so that they agree."""

    def __init__(self) -> None:
        self._sizes: list[float] = []

    def page(self, page: Page, found: Recognition, dpi: float) -> Page:
        """Return the page with glyphs of its words, in Tesseract's reading order.

        ``page`` is framed as the upright picture; each line has one size and one baseline.
        """
        scale = 72 / dpi
        page = replace(page, skew=_skew(found.lines))
        sizes = self._snapped(found.lines, scale)
        bold = _bold(found.strokes, sizes, found.lines)
        order = count()
        glyphs = [
            glyph
            for line, size, is_bold in zip(found.lines, sizes, bold, strict=True)
            for glyph in _glyphs(line, page, scale, size, is_bold, order)
        ]
        return replace(page, glyphs=tuple(glyphs))

    def _snapped(self, lines: Sequence[RecognisedLine], scale: float) -> list[float]:
        """Return the font size of each line, in points; measured ones scatter."""
        measured = [line.ascent / _ASCENT_SHARE * scale for line in lines]
        weights = [sum(len(word.text) for word in line.words) for line in lines]
        sizes = [0.0] * len(lines)
        left = set(range(len(lines)))
        while left:
            near = {at: [i for i in left if _is_near(measured[i], measured[at])] for at in left}
            group = max(near.values(), key=lambda its: (sum(weights[i] for i in its), -min(its)))
            middle = sorted(measured[i] for i in group for _ in range(weights[i]))
            size = self._known(middle[len(middle) // 2])
            for i in group:
                sizes[i] = size
            left -= set(group)
        return sizes

    def _known(self, size: float) -> float:
        """Return a size met before if it is nearly the same."""
        nearest = min(self._sizes, key=lambda known: abs(known - size), default=None)
        if nearest is not None and _is_near(size, nearest):
            return nearest
        new = max(round(size / _SIZE_STEP) * _SIZE_STEP, _SIZE_STEP)
        self._sizes.append(new)
        return new


def _is_near(size: float, other: float) -> bool:
    return abs(size - other) <= _SAME_SIZE * other


def _skew(lines: Sequence[RecognisedLine]) -> float:
    """Return the slope of most text."""
    slopes = sorted(line.slope for line in lines for word in line.words for _ in word.text)
    middle = slopes[len(slopes) // 2] if slopes else 0.0
    return float(np.arctan(middle)) if abs(middle) >= _LEAST_SKEW else 0.0


def _bold(
    strokes: Sequence[float], sizes: Sequence[float], lines: Sequence[RecognisedLine]
) -> list[bool]:
    """Tell the lines in bold print by the body's strokes."""
    letters: dict[float, int] = {}
    for size, line in zip(sizes, lines, strict=True):
        letters[size] = letters.get(size, 0) + sum(len(word.text) for word in line.words)
    body = max(letters, key=lambda size: letters[size], default=0.0)
    usual = [its for its, size in zip(strokes, sizes, strict=True) if size == body]
    if len(usual) < _ENOUGH_LINES:
        return [False] * len(sizes)
    least = _BOLD_STROKES * float(np.median(usual))
    return [
        its >= least and size >= _BOLD_SIZE * body for its, size in zip(strokes, sizes, strict=True)
    ]


def _stroke(line: RecognisedLine, pixels: npt.NDArray[np.uint8]) -> float:
    """Return how wide a line's strokes are: its ink, by the edges met from left to right."""
    ink = edges = 0.0
    for word in line.words:
        box = pixels[word.y0 : word.y1, word.x0 : word.x1].astype(np.float32)
        if box.size:
            ink += float((255 - box).sum())
            edges += float(np.abs(np.diff(box, axis=1)).sum()) / 2
    return ink / max(edges, 1.0) / max(line.ascent, 1.0)


def _glyphs(
    line: RecognisedLine,
    page: Page,
    scale: float,
    size: float,
    bold: bool,
    order: Iterator[int],
) -> Iterator[Glyph]:
    """Yield a line's letters, spread evenly over their words' boxes, on one level baseline."""
    middle = (line.words[0].x0 + line.words[-1].x1) / 2
    _, baseline = page.levelled(middle * scale, line.baseline * scale)
    for number, word in enumerate(line.words):
        if number:
            yield Glyph(" ", order=next(order))
        at = (word.x0 + word.x1) / 2
        height = line.baseline + line.slope * (at - middle)
        centre, _ = page.levelled(at * scale, height * scale)
        width = (word.x1 - word.x0) * scale
        step = width / len(word.text)
        source = next(order)  # each word's own: cells of a table stand on one line
        for place, letter in enumerate(word.text):
            x0 = centre - width / 2 + place * step
            yield Glyph(
                *(letter, x0, x0 + step, baseline, size, bold, False), source + place, source
            )
        for _ in word.text[1:]:
            next(order)
    yield Glyph("\n")
