"""Glyphs of a page -> pieces of lines, columns apart. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import pairwise

from ingest.pdf.hyphens import HYPHENS
from ingest.pdf.page import GUESSED, Glyph

# All shares are of the font size; measured on tests/testdocs (parsing.md, 3), on our own
# brochures and on pages printed by a browser.
_SPLIT_GAP = 1.25  # a wider gap in the content stream begins another column or cell
_JUSTIFIED_GAP = 3.0  # ... but for words drawn in one go: a justified line of few words
_SPLIT_BACK = 2.0  # a jump back by more is another line
_SPLIT_RISE = 0.75
_MERGE_GAP = 0.9  # pieces of a line that the stream holds apart; gutters are wider
_MERGE_RISE = 0.3
_SPACE_GAP = 0.13  # words of a tight line stand .18 apart, LibreOffice's hyphens .12
_EVEN = 0.2  # by which gaps of a justified line differ
_WIDEST_SPACE = 15.0
_EDGE = 2.0  # points
_NEIGHBOUR = 3.0  # distance of the line above or below ...
_INDENT = 3.0  # ... that may be indented against it
_MARK_SIZE = 0.86  # footnote marks are smaller than that (browsers: .83) ...
_MARK_RISE = (0.12, 0.65)  # ... and raised that far
_MARK_GAP = 2.0  # a note's text may stand so far behind its number
MARK_SIGNS = frozenset("0123456789*†,()[]")
_ITEM_NUMBER = re.compile(r"\(?\d{1,2}[.)]")


def pieces_of(glyphs: Iterable[Glyph]) -> list["Piece"]:
    """Return the lines of a page, those of two columns on one height as two pieces."""
    pieces = [piece for piece in _pieces(glyphs) if piece.size > 0]
    return _with_stretched_lines(_merged(_with_marks(pieces)))


class Piece:
    """Consecutive glyphs on one line.

    Its size is that of most of its glyphs, reference numbers aside; its baseline is theirs.
    """

    __slots__ = ("baseline", "ends_broken", "glyphs", "size", "x0", "x1")

    def __init__(self, glyphs: Sequence[Glyph], ends_broken: bool = False) -> None:
        self.glyphs = list(glyphs)
        self.ends_broken = ends_broken
        inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
        worded = [glyph for glyph in inked if glyph.text not in MARK_SIGNS]
        self.size = _most_common([glyph.size for glyph in worded or inked])
        main = [glyph.baseline for glyph in inked if abs(glyph.size - self.size) < 0.06]
        self.baseline = _most_common(main)
        self.x0 = min([glyph.x0 for glyph in inked], default=0.0)
        self.x1 = max([glyph.x1 for glyph in inked], default=0.0)

    @property
    def first_order(self) -> int:
        """Position of the first sign in the content stream."""
        return _first_inked(self.glyphs).order

    @property
    def last_order(self) -> int:
        """Position of the last sign in the content stream."""
        return _last_inked(self.glyphs).order

    def is_word(self, gap: float, *, numbered: bool = False) -> bool:
        """Tell a single word, or several as far apart as ``gap``, but for an item's number."""
        inked = [glyph for glyph in self.glyphs if not glyph.text.isspace()]
        widths = (b.x0 - a.x1 for a, b in pairwise(inked))
        spaces = (width for width in widths if width > _SPACE_GAP * self.size)
        if numbered and _ITEM_NUMBER.match("".join(glyph.text for glyph in inked[:4])):
            next(spaces, None)
        return all(abs(width - gap) < _EVEN * self.size for width in spaces)

    def is_mark(self) -> bool:
        """Tell whether it may be a reference number and nothing else."""
        inked = [glyph.text for glyph in self.glyphs if not glyph.text.isspace()]
        return 0 < len(inked) <= 8 and all(text in MARK_SIGNS for text in inked)


def _most_common(values: Sequence[float]) -> float:
    """Return the most frequent value, rounded to tenths; 0 for none."""
    counts: Counter[float] = Counter()
    for value, count in Counter(values).items():  # few differ: rounding each would take long
        counts[round(value, 1)] += count
    return max(counts, key=counts.__getitem__, default=0.0)


def _pieces(glyphs: Iterable[Glyph]) -> Iterator[Piece]:
    """Cut the content stream where it leaves the line or jumps to another column."""
    current: list[Glyph] = []
    before: Glyph | None = None
    for glyph in glyphs:
        if glyph.text == "\n":
            broken = before is not None and before.text in HYPHENS
            yield Piece(current, ends_broken=broken)
            current, before = [], None
        elif glyph.text.isspace():
            if glyph.order != GUESSED:
                current.append(glyph)
        else:
            if before is not None and not _is_close(before, glyph):
                if _is_apart(before, glyph):
                    yield Piece(current)
                    current = []
                else:
                    current += _space_between(before, glyph)
            current.append(glyph)
            before = glyph
    yield Piece(current)


def _is_close(before: Glyph, glyph: Glyph) -> bool:
    """Tell the next letter of a word, as nearly all are, without looking at all that follows."""
    gap = glyph.x0 - before.x1
    return before.baseline == glyph.baseline and 0 <= gap <= _SPACE_GAP * glyph.size


def _space_between(before: Glyph, glyph: Glyph) -> list[Glyph]:
    """Return a space where the gap is a word's end; the file may have none."""
    gap = glyph.x0 - before.x1
    return [Glyph(" ")] if gap > _SPACE_GAP * max(before.size, glyph.size) else []


def _is_apart(before: Glyph, glyph: Glyph) -> bool:
    size = max(before.size, glyph.size)
    gap = glyph.x0 - before.x1
    widest = _JUSTIFIED_GAP if before.source == glyph.source else _SPLIT_GAP
    if gap > widest * size or gap < -_SPLIT_BACK * size:
        return True
    return abs(glyph.baseline - before.baseline) > _SPLIT_RISE * size


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Join pieces of one line that the content stream holds apart."""
    result: list[Piece] = []
    for level in _levels(pieces):
        row = sorted(level, key=lambda piece: piece.x0)
        current = row[0]
        for piece in row[1:]:
            if _is_next(current, piece):
                current = _joined(current, piece)
            elif (at := _gap_for(current, piece)) is not None:
                current = _inserted(current, piece, at)
            else:
                result.append(current)
                current = piece
        result.append(current)
    return result


def _levels(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Group pieces whose baselines are nearly the same."""
    level: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.baseline):
        if level and piece.baseline - level[0].baseline > _MERGE_RISE * level[0].size:
            yield level
            level = []
        level.append(piece)
    if level:
        yield level


def _is_next(left: Piece, right: Piece) -> bool:
    size = max(left.size, right.size)
    if left.ends_broken or abs(left.baseline - right.baseline) > _MERGE_RISE * size:
        return False
    return -_MERGE_RISE * size <= right.x0 - left.x1 < _MERGE_GAP * size


def _joined(left: Piece, right: Piece) -> Piece:
    space = _space_between(_last_inked(left.glyphs), _first_inked(right.glyphs))
    return Piece([*left.glyphs, *space, *right.glyphs], ends_broken=right.ends_broken)


def _gap_for(line: Piece, piece: Piece) -> int | None:
    """Return the place in a line where a piece fills a gap: a sign from another font."""
    if abs(line.baseline - piece.baseline) > _MERGE_RISE * line.size:
        return None
    slack = _SPACE_GAP * line.size
    after = next(
        (i for i, g in enumerate(line.glyphs) if not g.text.isspace() and g.x0 > piece.x0), None
    )
    if not after or line.glyphs[after].x0 < piece.x1 - slack:
        return None
    before = _last_inked(line.glyphs[:after])
    return after if before.x1 < piece.x0 + slack else None


def _inserted(line: Piece, piece: Piece, at: int) -> Piece:
    head, tail = list(line.glyphs[:at]), line.glyphs[at:]
    while head[-1].text.isspace():
        head.pop()
    before = _space_between(head[-1], _first_inked(piece.glyphs))
    after = _space_between(_last_inked(piece.glyphs), tail[0])
    return Piece([*head, *before, *piece.glyphs, *after, *tail], ends_broken=line.ends_broken)


def _first_inked(glyphs: Sequence[Glyph]) -> Glyph:
    return next(glyph for glyph in glyphs if not glyph.text.isspace())


def _last_inked(glyphs: Sequence[Glyph]) -> Glyph:
    return next(glyph for glyph in reversed(glyphs) if not glyph.text.isspace())


def _with_stretched_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Join the words of justified lines whose spaces are as wide as gutters.

    They are told from table rows and columns by being evenly spaced, and by filling their
    column exactly like a line right above or below.
    """
    result: list[Piece] = []
    for level in _levels(pieces):
        row = sorted(level, key=lambda piece: piece.x0)
        while row:
            # The gutter may be as wide as the spaces: then the other column's words follow.
            counts = range(_evenly_spaced(row), 1, -1)
            count = next((n for n in counts if _fill_a_column(row[:n], pieces)), 1)
            result.append(reduce(_joined, row[:count]))
            row = row[count:]
    return result


def _evenly_spaced(row: Sequence[Piece]) -> int:
    """Return how many pieces at the beginning of a row are words with equal gaps."""
    count = 1
    while count < len(row):
        left, right = row[count - 1], row[count]
        gap, first = right.x0 - left.x1, row[1].x0 - row[0].x1
        even = abs(gap - first) < _EVEN * left.size and gap < _WIDEST_SPACE * left.size
        in_turn = left.last_order < right.first_order
        words = left.is_word(gap, numbered=count == 1) and right.is_word(gap)
        if not (even and in_turn and words):
            break
        count += 1
    return count


def _fill_a_column(words: Sequence[Piece], pieces: Sequence[Piece]) -> bool:
    """Tell whether other lines have the same edges; a neighbour's left one may be indented."""
    first, last = words[0], words[-1]
    for piece in pieces:
        near = abs(piece.baseline - first.baseline) < _NEIGHBOUR * first.size
        indent = _INDENT * first.size if near else _EDGE
        same_edges = abs(piece.x0 - first.x0) < indent and abs(piece.x1 - last.x1) < _EDGE
        if same_edges and piece is not first and piece is not last:
            return True
    return False


def _with_marks(pieces: Sequence[Piece]) -> list[Piece]:
    """Join raised numbers that are pieces of their own to the words they stand behind.

    There they hold a line together and are left out with it. Where they stand before the
    words, they are put at the line's beginning: a note begins like that.
    """
    hosts = [piece for piece in pieces if not piece.is_mark()]
    for mark in sorted((piece for piece in pieces if piece.is_mark()), key=lambda p: p.x0):
        behind = next((i for i, host in enumerate(hosts) if _carries(host, mark)), None)
        before = next((i for i, host in enumerate(hosts) if _leads(mark, host)), None)
        if behind is not None:
            hosts[behind] = _joined(hosts[behind], mark)
        elif before is not None:
            hosts[before] = _joined(mark, hosts[before])
        else:
            hosts.append(mark)
    return hosts


def _carries(line: Piece, mark: Piece) -> bool:
    inside = line.x0 < mark.x0 < line.x1 + _MERGE_GAP * line.size
    return inside and _stands_raised(line, mark)


def _leads(mark: Piece, line: Piece) -> bool:
    before = 0 <= line.x0 - mark.x1 < _MARK_GAP * line.size
    return before and _stands_raised(line, mark)


def _stands_raised(line: Piece, mark: Piece) -> bool:
    low, high = _MARK_RISE
    rise = (line.baseline - mark.baseline) / line.size
    return mark.size <= _MARK_SIZE * line.size and low < rise < high


def is_raised(glyph: Glyph, piece: Piece) -> bool:
    """Tell a reference number's sign from the words of its piece."""
    if glyph.text not in MARK_SIGNS:
        return False
    rise = (piece.baseline - glyph.baseline) / piece.size
    return glyph.raised or (glyph.size < _MARK_SIZE * piece.size and rise > _MARK_RISE[0])
