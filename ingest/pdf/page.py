"""A PDF page as its reader hands it on: glyphs, ruled lines, painted frames.

All coordinates are in points of the *reading frame*: the page turned by quarter turns so that
most of its text stands upright, origin at the top left, y downwards. ``Page.shown`` turns a
box into the frame of the displayed page, which /Rotate may have turned otherwise.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from corpus.types import Concealment

Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1 with x0 <= x1 and y0 <= y1."""

Colour = tuple[int, int, int]
"""Red, green, blue, each 0 to 255."""

ASCENT, DESCENT = 0.78, 0.22
"""Share of the font size above and below the baseline that a word's box covers. Font boxes
differ from line to line in Type 1 fonts (parsing.md, 3), so they aren't used."""


GUESSED = -1
"""``order`` of a space that isn't in the file: the reader guessed it from a gap."""


class Glyph(NamedTuple):
    """A character on the page; white space stands for a word's or line's end only."""

    text: str
    x0: float = 0.0
    x1: float = 0.0
    baseline: float = 0.0
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    order: int = 0
    """Position in the content stream."""
    source: int = 0
    """Number of the drawing operation, which often is a line, a word or a table cell."""
    raised: bool = False
    """The sign itself is drawn as a superscript digit."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical ruled line."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_horizontal(self) -> bool:
        """Tell the direction; a rule is as long as its longer side."""
        return self.x1 - self.x0 >= self.y1 - self.y0


class Hidden(NamedTuple):
    """A stretch of text on a page that nobody sees."""

    concealment: Concealment
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``index`` counts from 0."""

    index: int
    width: float
    height: float
    turns: int = 0
    """Clockwise quarter turns from the reading frame to the displayed page."""
    glyphs: tuple[Glyph, ...] = ()
    """In the order of the content stream."""
    rules: tuple[Rule, ...] = ()
    frames: tuple[Rect, ...] = ()
    """Filled or outlined rectangles, rounded ones too."""
    dots: tuple[Rect, ...] = ()
    """Small filled shapes, as browsers draw bullets."""
    is_pictured: bool = False
    """Holds an image or so many paths that missing text is a lack, not an empty page."""
    is_covered: bool = False
    """Images cover nearly all of it: it may be a scan."""
    hidden: tuple[Hidden, ...] = ()
    """What was left out of the glyphs."""
    skew: float = 0.0
    """Radians by which a scan's lines fall to the right; the reading frame has them level."""

    def levelled(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the skewed page in the reading frame."""
        return self._turned(x, y, -self.skew)

    def shown(self, box: Rect) -> Rect:
        """Return a box of the reading frame in points of the displayed page."""
        width, height = self.width, self.height
        x0, y0, x1, y1 = self._skewed(box) if self.skew else box
        for _ in range(self.turns % 4):
            x0, y0, x1, y1 = height - y1, x0, height - y0, x1
            width, height = height, width
        return x0, y0, x1, y1

    def _skewed(self, box: Rect) -> Rect:
        """Move a box, as large as it is: a word's ends hardly differ in height."""
        x0, y0, x1, y1 = box
        middle = (x0 + x1) / 2, (y0 + y1) / 2
        x, y = self._turned(*middle, self.skew)
        right, down = x - middle[0], y - middle[1]
        return x0 + right, y0 + down, x1 + right, y1 + down

    def _turned(self, x: float, y: float, angle: float) -> tuple[float, float]:
        """Turn a point about the page's middle, clockwise."""
        right, down = x - self.width / 2, y - self.height / 2
        cos, sin = math.cos(angle), math.sin(angle)
        return (
            self.width / 2 + right * cos - down * sin,
            self.height / 2 + right * sin + down * cos,
        )


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark. ``level`` counts from 1, ``page`` from 0."""

    level: int
    title: str
    page: int | None


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF says of itself."""

    outline: tuple[OutlineEntry, ...] = ()
    labels: tuple[str, ...] = ()
    """Page labels stated in the file, one per page; empty where it states none."""
    title: str = ""
    keywords: str = ""
