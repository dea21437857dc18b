"""Which printed words of a PDF page are in none of its passages: running heads, contents, numbers.

Shown to the editor beside what was read, so that a column lost by the layout can't go unseen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import FileRefusedError
from ingest.pdf.glyphs import opened, read_pages
from ingest.pdf.headings import bare
from ingest.pdf.lines import Word, lines_of
from ingest.pdf.page import Rect

_TOLERANCE = 1.0  # points around a box of a read word
_LEAST_LETTERS = 4  # of a heading's line; a page's number is no part of "3. Werkstatt"


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line, or a column's piece of one, in points of the displayed page."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Return the words as printed."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Rect:
        """Return the box around all words."""
        left, upper, right, lower = zip(*(word.box for word in self.words), strict=True)
        return min(left), min(upper), max(right), max(lower)


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The text a PDF states for a page, and the page's size in points."""

    width: float
    height: float
    lines: tuple[PrintedLine, ...] = ()


def printed_page(path: Path, page: int) -> PrintedPage | None:
    """Return what is printed on a page (index from 0), or None where the file doesn't tell."""
    try:
        with opened(path) as document:
            found = next(iter(read_pages(document, path.name, (page,))))
    except FileRefusedError:
        return None
    lines = tuple(
        PrintedLine(tuple(Word(word.text, found.shown(word.box)) for word in line.words))
        for line in lines_of(found)
    )
    _, _, width, height = found.shown((0.0, 0.0, found.width, found.height))
    return PrintedPage(width, height, lines)


def left_out(
    page: PrintedPage, read: Sequence[Rect], headings: Iterable[str]
) -> tuple[PrintedLine, ...]:
    """Return what of the page isn't covered by ``read``, from top to bottom.

    Headings are read as well, but have no boxes: a line that is part of one isn't returned.
    """
    known = [bare(heading) for heading in headings]
    found = []
    for line in page.lines:
        words = tuple(word for word in line.words if not _is_covered(word.box, read))
        letters = bare(" ".join(word.text for word in words))  # a bullet has none
        if letters and not _is_heading(letters, known):
            found.append(PrintedLine(words))
    return tuple(sorted(found, key=lambda line: (line.box[1], line.box[0])))


def _is_covered(box: Rect, read: Sequence[Rect]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(
        x0 - _TOLERANCE <= x <= x1 + _TOLERANCE and y0 - _TOLERANCE <= y <= y1 + _TOLERANCE
        for x0, y0, x1, y1 in read
    )


def _is_heading(line: str, headings: Sequence[str]) -> bool:
    return any(
        line == heading or (len(line) >= _LEAST_LETTERS and line in heading) for heading in headings
    )
