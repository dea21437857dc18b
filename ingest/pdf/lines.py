"""Pieces of lines -> words with their boxes -> lines. Pure."""

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Self, overload

from ingest.pdf.hyphens import HYPHENS
from ingest.pdf.page import ASCENT, DESCENT, Glyph, Page, Rect
from ingest.pdf.pieces import MARK_SIGNS, Piece, is_raised, pieces_of

_DOT_GAP = 2.0  # font sizes between a drawn bullet and its item
_GLUED_NUMBER = re.compile(r"(\d{1,3})[A-ZÄÖÜ][a-zäöüß]")  # LibreOffice: "1Die Freigabe"
_LEADER = re.compile(r"(?:[.·…_] ?){4,}")
_UNITS = re.compile(r"(?:^|[\d/(])(?:mm|cm|dm|m|km)$")
_POWERS = {"2": "²", "3": "³"}
_LIGATURES = {
    **{"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi"},
    **{"\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"},
}
_EMPHASIS_SHARE = 0.95  # of a line's signs: the whole line counts as bold or italic


@dataclass(frozen=True, slots=True)
class Word:
    """A word as printed, a part of it at a broken line's end, and where it stands."""

    text: str
    box: Rect


class Words(Sequence[Word]):
    """Words as they are kept while a whole document is in memory: small.

    A word of it takes about 45 bytes, a ``Word`` 300; a file has up to a million.
    """

    __slots__ = ("_edges", "_texts")

    def __init__(self, words: Iterable[Word]) -> None:
        words = tuple(words)
        self._texts = tuple(sys.intern(word.text) for word in words)
        self._edges = array("d", (edge for word in words for edge in word.box))

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> Word | Self:
        if isinstance(at, slice):
            return type(self)(self._word(index) for index in range(*at.indices(len(self))))
        return self._word(range(len(self))[at])

    def __iter__(self) -> Iterator[Word]:
        return map(self._word, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def _word(self, at: int) -> Word:
        x0, y0, x1, y1 = self._edges[4 * at : 4 * at + 4]
        return Word(self._texts[at], (x0, y0, x1, y1))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one column, or a cell's or heading's piece of one."""

    page: int
    words: Sequence[Word]
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool = False
    italic: bool = False
    starts_bold: bool = False
    order: int = 0
    """Position in the content stream."""
    mark: str = ""
    """The raised number a footnote begins with; no part of the words."""
    references: tuple[str, ...] = ()
    """Raised numbers of footnotes that stand behind its words; no part of them."""
    has_leader: bool = False
    """Dots led to the last word; no part of the words."""
    has_dot: bool = False
    """A bullet was drawn before it, not written."""
    text: str = field(default="", compare=False)

    @property
    def y0(self) -> float:
        """Upper edge."""
        return self.baseline - ASCENT * self.size

    @property
    def y1(self) -> float:
        """Lower edge."""
        return self.baseline + DESCENT * self.size

    @property
    def ends_broken(self) -> bool:
        """Tell whether the last word may go on in the next line."""
        return len(self.text) > 1 and self.text[-1] in HYPHENS and self.text[-2].isalnum()


def lines_of(page: Page) -> tuple[Line, ...]:
    """Return the lines of a page, columns apart, in no order that means anything.

    Raised reference numbers are dropped, but for a line's first, which is kept as its mark.
    """
    lines = (_line(page.index, piece) for piece in pieces_of(page.glyphs))
    return tuple(_with_dot(line, page.dots) for line in lines if line.words)


def _with_dot(line: Line, dots: Sequence[Rect]) -> Line:
    before = any(
        0 < line.x0 - x1 < _DOT_GAP * line.size and line.y0 < (y0 + y1) / 2 < line.y1
        for _, y0, x1, y1 in dots
    )
    return replace(line, has_dot=True) if before else line


def _line(page: int, piece: Piece) -> Line:
    glyphs, has_leader = _without_leader(piece.glyphs)
    mark, glyphs = _without_leading_mark(glyphs, piece)
    groups = [_word(group, piece) for group in _word_groups(glyphs)]
    words = tuple(word for word, _ in groups if word)
    inked = [glyph for glyph in piece.glyphs if not glyph.text.isspace()]
    first = next(_word_groups(glyphs), [])
    return Line(
        page=page,
        words=Words(words),
        x0=words[0].box[0] if words and not mark else piece.x0,
        x1=words[-1].box[2] if words else piece.x1,
        baseline=piece.baseline,
        size=piece.size,
        bold=sum(glyph.bold for glyph in inked) >= _EMPHASIS_SHARE * len(inked),
        italic=sum(glyph.italic for glyph in inked) >= _EMPHASIS_SHARE * len(inked),
        starts_bold=bool(first) and all(glyph.bold for glyph in first),
        order=min(glyph.order for glyph in inked),
        mark=mark,
        references=tuple(reference for _, reference in groups if reference),
        has_leader=has_leader,
        text=" ".join(word.text for word in words),
    )


def _without_leading_mark(glyphs: list[Glyph], piece: Piece) -> tuple[str, list[Glyph]]:
    """Cut the number off that a footnote begins with: raised, or as large as its text."""
    raised = list(takewhile(lambda glyph: is_raised(glyph, piece), glyphs))
    rest = glyphs[len(raised) :]
    if raised and rest:
        return "".join(glyph.text for glyph in raised), rest
    first = "".join(glyph.text for glyph in next(_word_groups(glyphs), []))
    if glued := _GLUED_NUMBER.match(first):
        at = next(i for i, glyph in enumerate(glyphs) if not glyph.text.isspace())
        at += len(glued[1])
        return glued[1], glyphs[at:]
    return "", glyphs


def _word(group: Sequence[Glyph], piece: Piece) -> tuple[Word | None, str]:
    """Return a word, None if there is only a reference number, and the number behind it."""
    raised, plain = "", group
    if not MARK_SIGNS.isdisjoint(glyph.text for glyph in group):
        raised = "".join([glyph.text for glyph in group if is_raised(glyph, piece)])
        plain = [glyph for glyph in group if not is_raised(glyph, piece)]
    text = _spelled(plain)
    if _UNITS.search(text) and raised in _POWERS:
        return Word(text + _POWERS[raised], _box(group, piece)), ""
    return Word(text, _box(plain, piece)) if text else None, raised


def _without_leader(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], bool]:
    """Leave out dots that lead from an entry to its page number."""
    text = "".join([glyph.text[:1] or " " for glyph in glyphs])
    leader = _LEADER.search(text)
    if leader is None:
        return list(glyphs), False
    return [*glyphs[: leader.start()], Glyph(" "), *glyphs[leader.end() :]], True


def _word_groups(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    group: list[Glyph] = []
    for glyph in glyphs:
        if not glyph.text.isspace():
            group.append(glyph)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _spelled(glyphs: Sequence[Glyph]) -> str:
    """Return a word's text: composed (NFC, so "CO₂" stays), without ligatures and soft hyphens.

    A sign that can't be read stays U+FFFD within a word: left out, it would falsify the word.
    """
    text = "".join([_LIGATURES.get(glyph.text, glyph.text) for glyph in glyphs])
    broken = text.endswith("\u00ad")
    text = unicodedata.normalize("NFC", text.replace("\u00ad", ""))
    if not text.strip("\ufffd"):
        return ""
    return text + "\u00ad" if broken else text


def _box(glyphs: Sequence[Glyph], piece: Piece) -> Rect:
    x0 = min([glyph.x0 for glyph in glyphs])
    x1 = max([glyph.x1 for glyph in glyphs])
    return x0, piece.baseline - ASCENT * piece.size, x1, piece.baseline + DESCENT * piece.size
