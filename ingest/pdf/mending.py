"""Lines -> running text with its hyphens mended, and the boxes of its words. Pure."""

from collections.abc import Container, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.types import WordBox
from ingest.pdf.hyphens import join
from ingest.pdf.lines import Word
from ingest.pdf.page import Page, Rect

# Hundredths of a point: a page image has about one and a half pixels to the point.
_DECIMALS = 2
# Equal numbers are one object: a file has up to a million boxes, but few different offsets
# in a block and places on a page. Boxes take a third of the memory that way.
_offset = lru_cache(maxsize=2**16)(int)
_place = lru_cache(maxsize=2**17)(float)


class Strip(NamedTuple):
    """The words of a line, or of a line's part in a table cell."""

    page: int
    words: Sequence[Word]


class Mended(NamedTuple):
    """Text and its boxes; every sign but white space lies in exactly one of them."""

    text: str
    boxes: tuple[WordBox, ...]
    hyphens: int = 0
    """How many hyphens of line ends were dropped."""


def mend(strips: Sequence[Strip], known: Container[str], pages: Sequence[Page]) -> Mended:
    """Join lines to running text. ``known`` is the document's vocabulary, for hyphens.

    A word broken over two lines has two boxes, which together cover it.
    """
    words = [(strip.page, word) for strip in strips for word in strip.words]
    ends = _line_ends(strips)
    text, token = "", 0  # where the word begins that may have started lines before
    hyphens = 0
    boxes: list[WordBox] = []
    for at, (page, word) in enumerate(words):
        start = len(text)
        text, separator = text + word.text.replace("\u00ad", "-"), " "
        if at in ends and at + 1 < len(words):
            head, separator = join(text[token:start] + word.text, words[at + 1][1].text, known)
            hyphens += token + len(head) < start + len(word.text)
            text = text[:token] + head
        boxes.append(_box(start, len(text), page, pages[page].shown(word.box)))
        if separator:
            text += separator
            token = len(text)
    return Mended(text.rstrip(), tuple(boxes), hyphens)


def chained(parts: Sequence[Mended], separator: str) -> Mended:
    """Put texts one behind the other, empty ones too, and move their boxes along."""
    text = ""
    boxes: list[WordBox] = []
    for at, part in enumerate(parts):
        text += separator if at else ""
        boxes += (moved(box, len(text)) for box in part.boxes)
        text += part.text
    return Mended(text, tuple(boxes), sum(part.hyphens for part in parts))


def moved(box: WordBox, by: int) -> WordBox:
    """Return the box with its offsets moved."""
    return _box(box.start + by, box.end + by, box.page, (box.x0, box.y0, box.x1, box.y1))


def _box(start: int, end: int, page: int, place: Rect) -> WordBox:
    x0, y0, x1, y1 = (_place(round(at, _DECIMALS)) for at in place)
    return WordBox(_offset(start), _offset(end), page, x0, y0, x1, y1)


def _line_ends(strips: Sequence[Strip]) -> set[int]:
    ends, count = set(), 0
    for strip in strips:
        count += len(strip.words)
        ends.add(count - 1)
    return ends
