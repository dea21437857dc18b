"""Tables without a grid: between horizontal rules, or by columns that stand aligned. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from ingest.pdf.lines import Line, Word, Words
from ingest.pdf.mending import Strip
from ingest.pdf.page import Rect, Rule
from ingest.pdf.tables import Table, is_inside, snapped

_ALIGNED = 3.0  # points
_SAME_BASELINE = 1.0  # points
_LEAST_RULES = 3  # above the head, below it, and at the end
_SHORTEST_RULE = 80.0  # points
_WIDEST_PIECE = 0.75  # of the table's width: a wider line is running text
_COLUMN_GAP = 0.6  # of the font size; most words stand closer
_LEAST_FILLED = 2  # rows
_ROW_GAP = 1.45  # of the font size; lines of one cell stand closer
_LONGEST_PIECE_CHARS = 30  # median: columns of running text have 35 to 50
_LEAST_ROWS = 3

Cell = tuple[Strip, ...]


def find_banded_tables(
    rules: Sequence[Rule], frames: Sequence[Rect], lines: Sequence[Line]
) -> list[Table]:
    """Return tables between horizontal rules, or on stripes, of one width."""
    found = []
    for heights, x0, x1 in _bands(rules, lines):
        box = (x0, heights[0], x1, heights[-1])
        inside = [line for line in lines if is_inside(line, box)]
        columns = _columns(inside)
        if len(columns) < 2 or median(len(line.text) for line in inside) > _LONGEST_PIECE_CHARS:
            continue
        if _ends_striped(box, frames):
            inside += (below := _last_row(box, heights, columns, lines))
            box = (x0, box[1], x1, max((line.y1 for line in below), default=box[3]))
        rows = list(_rows(inside, columns, heights))
        if len(rows) > 1:
            order = min(line.order for line in inside)
            found.append(Table(inside[0].page, *box, tuple(rows), order=order))
    return found


_Band = tuple[list[float], float, float]
"""Heights of horizontal rules that begin and end at the same x, and both x."""


def _bands(rules: Sequence[Rule], lines: Sequence[Line]) -> Iterator[_Band]:
    groups: list[_Band] = []
    for y, x0, x1 in snapped([rule for rule in rules if rule.is_horizontal]):
        if x1 - x0 < _SHORTEST_RULE:
            continue
        for heights, left, right in groups:
            same_width = abs(left - x0) < _ALIGNED and abs(right - x1) < _ALIGNED
            if same_width and not _parts(lines, (left, heights[-1], right, y)):
                heights.append(y)
                break
        else:
            groups.append(([y], x0, x1))
    yield from (group for group in groups if len(group[0]) >= _LEAST_RULES)


def _parts(lines: Sequence[Line], box: Rect) -> bool:
    """Tell whether a line of running text between two rules keeps them apart."""
    widest = _WIDEST_PIECE * (box[2] - box[0])
    wide = [line for line in lines if line.x1 - line.x0 > widest and is_inside(line, box)]
    return any(not _has_gap(line) for line in wide)


def _has_gap(line: Line) -> bool:
    gaps = [b.box[0] - a.box[2] for a, b in pairwise(line.words)]
    return max(gaps, default=0.0) > _COLUMN_GAP * line.size


def _ends_striped(box: Rect, frames: Sequence[Rect]) -> bool:
    """Tell whether the last rule is a stripe's lower edge: a row without one may follow."""
    return any(
        abs(frame[3] - box[3]) < _ALIGNED and box[0] - _ALIGNED < frame[0] < box[2]
        for frame in frames
    )


def _last_row(
    box: Rect, heights: Sequence[float], columns: Sequence[float], lines: Sequence[Line]
) -> list[Line]:
    """Return the lines of a row below the last stripe, if they stand in the columns."""
    highest = max(b - a for a, b in pairwise(heights))
    below = [line for line in lines if is_inside(line, (box[0], box[3], box[2], box[3] + highest))]
    filled = [words for level in _levels(below) for words in _cells(level, columns) if words]
    aligned = all(
        abs(line.x0 - min(columns, key=lambda x: abs(x - line.x0))) < _ALIGNED for line in below
    )
    return below if len(filled) > 1 and aligned else []


def _columns(lines: Sequence[Line]) -> list[float]:
    """Return the left edges of columns: between them is white from top to bottom.

    A column has words in two rows at least: wide spaces of a single row make none.
    """
    size = max((line.size for line in lines), default=0.0)
    edges: list[float] = []
    reach = float("-inf")
    for x0, x1 in sorted((word.box[0], word.box[2]) for line in lines for word in line.words):
        if x0 - reach > _COLUMN_GAP * size:
            edges.append(x0)
        reach = max(reach, x1)
    levels = _levels(lines)
    at = 0
    while at < len(edges) and len(edges) > 1:
        if sum(bool(_cells(level, edges)[at]) for level in levels) < _LEAST_FILLED:
            edges.pop(max(at, 1))
        else:
            at += 1
    return edges


def _rows(
    lines: Sequence[Line], columns: Sequence[float], rules: Sequence[float]
) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows. A row may have several lines; the next one stands farther below."""
    levels = _levels(lines)
    gaps = [(b[0].baseline - a[0].baseline) / b[0].size for a, b in pairwise(levels)]
    is_loose = any(gap > _ROW_GAP for gap in gaps)
    row: list[list[Strip]] = [[] for _ in columns]
    for at, level in enumerate(levels):
        cells = _cells(level, columns)
        if at and _begins_row(levels[at - 1], level, cells, rules, is_loose):
            yield tuple(map(tuple, row))
            row = [[] for _ in columns]
        for strips, words in zip(row, cells, strict=True):
            if words:
                strips.append(Strip(level[0].page, Words(words)))
    yield tuple(map(tuple, row))


def _begins_row(
    above: Sequence[Line],
    level: Sequence[Line],
    cells: Sequence[Sequence[Word]],
    rules: Sequence[float],
    is_loose: bool,
) -> bool:
    upper, lower = above[0].baseline, level[0].baseline
    if any(upper < y < lower for y in rules):
        return True
    return lower - upper > _ROW_GAP * level[0].size if is_loose else bool(cells[0])


def _levels(lines: Sequence[Line]) -> list[list[Line]]:
    levels: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.baseline):
        if levels and line.baseline - levels[-1][0].baseline < _SAME_BASELINE:
            levels[-1].append(line)
        else:
            levels.append([line])
    return levels


def _cells(lines: Sequence[Line], edges: Sequence[float]) -> list[list[Word]]:
    """Share the words of a row out to the columns that begin at ``edges``."""
    cells: list[list[Word]] = [[] for _ in edges]
    for word in sorted((word for line in lines for word in line.words), key=lambda w: w.box):
        cells[sum(word.box[0] >= edge - _ALIGNED for edge in edges[1:])].append(word)
    return cells


def find_aligned_tables(lines: Sequence[Line]) -> list[Table]:
    """Return tables without any rules: rows whose pieces stand under each other.

    Only what the content stream holds row by row is seen. Columns of running text, which a
    stream may hold row by row too, have longer pieces, or an even right edge.
    """
    stream = sorted(lines, key=lambda line: line.order)
    return [_aligned_table(rows) for rows in _aligned(list(_rows_read(stream)))]


def _rows_read(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines that follow each other in the stream on one height."""
    row: list[Line] = []
    for line in lines:
        if row and _is_beside(row[-1], line):
            row.append(line)
            continue
        yield row
        row = [line]
    yield row


def _is_beside(a: Line, b: Line) -> bool:
    apart = b.x0 > a.x1 or b.x1 < a.x0
    return abs(a.baseline - b.baseline) < _SAME_BASELINE and apart


def _aligned(rows: Sequence[list[Line]]) -> Iterator[list[list[Line]]]:
    """Yield groups of rows with the same columns, enough of them for a table."""
    group: list[list[Line]] = []
    for row in [*rows, []]:
        if _is_row(row, group[0] if group else row):
            group.append(row)
            continue
        if len(group) >= _LEAST_ROWS and not _is_running_text(group):
            yield group
        group = [row] if _is_row(row, row) else []


def _is_row(row: Sequence[Line], first: Sequence[Line]) -> bool:
    return len(row) > 1 and all(
        any(abs(line.x0 - head.x0) <= _ALIGNED for head in first) for line in row
    )


def _is_running_text(rows: Sequence[Sequence[Line]]) -> bool:
    if median(len(line.text) for row in rows for line in row) > _LONGEST_PIECE_CHARS:
        return True
    ends = [min(row, key=lambda line: line.x0).x1 for row in rows]
    return max(ends) - min(ends) < _ALIGNED


def _aligned_table(rows: Sequence[Sequence[Line]]) -> Table:
    lines = [line for row in rows for line in row]
    edges = sorted(line.x0 for line in max(rows, key=len))
    page = lines[0].page
    return Table(
        page,
        min(line.x0 for line in lines),
        min(line.y0 for line in lines),
        max(line.x1 for line in lines),
        max(line.y1 for line in lines),
        tuple(
            tuple((Strip(page, Words(words)),) if words else () for words in _cells(row, edges))
            for row in rows
        ),
        order=min(line.order for line in lines),
    )
