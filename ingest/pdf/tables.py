"""Ruled lines and words -> tables. Pure.

A grid is cut at every ruled line; where a stretch of line is missing, cells are merged.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.pdf.lines import Line, Word, Words
from ingest.pdf.mending import Strip
from ingest.pdf.page import Rect, Rule

# Points. pdfplumber snaps by 3 as well, and finds the same grids (tests/ingest/test_pdf_tables.py).
_SNAP = 3.0
_SHORTEST_SIDE = 6.0  # of a cell; less is a line drawn double
_FILLED_SHARE = 0.5  # of the cells: an emptier grid is a form or a drawing
_ENOUGH_CELLS = 6
_MOST_LINES = 300  # in one direction: a drawing; a full page of rows has about 60


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: cells in rows, each cell the strips of its lines."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    cells: tuple[tuple[tuple[Strip, ...], ...], ...]
    caption: tuple[Line, ...] = ()
    """Its lines, right above the table."""
    order: int = 0
    size: float = 0.0
    text: str = ""

    @property
    def box(self) -> Rect:
        """Outline of the grid."""
        return self.x0, self.y0, self.x1, self.y1


@dataclass(frozen=True, slots=True)
class _Grid:
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[int, ...], ...]
    """For each slot, row by row, the number of the cell it belongs to."""

    @property
    def box(self) -> Rect:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def joined_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the same lines with all stretches that touch joined, as they are looked at.

    A table that is drawn cell by cell has some thousand, and they are kept for every page.
    Of a drawing, which has more than any table, none are left.
    """
    across = snapped([rule for rule in rules if rule.is_horizontal])
    down = snapped([_flipped(rule) for rule in rules if not rule.is_horizontal])
    if max(len(across), len(down)) > _MOST_LINES:
        return ()
    return (
        *(Rule(begin, at, end, at) for at, begin, end in across),
        *(Rule(at, begin, at, end) for at, begin, end in down),
    )


def find_tables(rules: Sequence[Rule], lines: Sequence[Line]) -> list[Table]:
    """Return the ruled tables of a page with the words in them, from top to bottom."""
    tables = []
    for grid in _grids(rules):
        inside = [line for line in lines if is_inside(line, grid.box)]
        table = _filled(grid, inside)
        if table is not None:
            tables.append(table)
    return sorted(tables, key=lambda table: (table.y0, table.x0))


def ruled_frames(rules: Sequence[Rule]) -> list[Rect]:
    """Return rectangles that are drawn side by side, as browsers do with a box's border."""
    return [
        (xs[0], ys[0], xs[-1], ys[-1]) for xs, ys, *_ in _cuts(rules) if len(xs) == len(ys) == 2
    ]


def is_inside(line: Line, box: Rect) -> bool:
    """Tell whether the middle of a line lies in a box."""
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return box[0] - _SNAP < x < box[2] + _SNAP and box[1] - _SNAP < y < box[3] + _SNAP


def _grids(rules: Sequence[Rule]) -> Iterator[_Grid]:
    for xs, ys, across, down in _cuts(rules):
        if len(xs) > 2 and len(ys) > 2:
            yield _Grid(tuple(xs), tuple(ys), _owners(xs, ys, across, down))


def _cuts(
    rules: Sequence[Rule],
) -> Iterator[tuple[list[float], list[float], list["_Stretch"], list["_Stretch"]]]:
    """Yield where lines that hang together cut a page in x and y, and the lines themselves."""
    across = snapped([rule for rule in rules if rule.is_horizontal])
    down = snapped([_flipped(rule) for rule in rules if not rule.is_horizontal])
    if max(len(across), len(down)) > _MOST_LINES:
        return
    for group_across, group_down in _crossing_groups(across, down):
        ys = _positions(group_across, [end for line in group_down for end in line[1:]])
        xs = _positions(group_down, [end for line in group_across for end in line[1:]])
        yield xs, ys, group_across, group_down


_Stretch = tuple[float, float, float]
"""Position of a ruled line across its direction, and where it begins and ends along it."""


def _flipped(rule: Rule) -> Rule:
    return Rule(rule.y0, rule.x0, rule.y1, rule.x1)


def snapped(rules: Iterable[Rule]) -> list[_Stretch]:
    """Return horizontal rules as stretches, from top to bottom.

    Nearly equal heights are put at the first of them, and stretches that touch are joined.
    """
    stretches = sorted(((rule.y0 + rule.y1) / 2, rule.x0, rule.x1) for rule in rules)
    positions: list[float] = []
    snapped = []
    for position, begin, end in stretches:
        if not positions or position - positions[-1] > _SNAP:
            positions.append(position)
        snapped.append((positions[-1], begin, end))
    joined: list[_Stretch] = []
    for position, begin, end in sorted(snapped):
        if joined and joined[-1][0] == position and begin <= joined[-1][2] + _SNAP:
            joined[-1] = (position, joined[-1][1], max(end, joined[-1][2]))
        else:
            joined.append((position, begin, end))
    return joined


def _crossing_groups(
    across: Sequence[_Stretch], down: Sequence[_Stretch]
) -> Iterator[tuple[list[_Stretch], list[_Stretch]]]:
    """Group lines that hang together by crossing or touching each other."""
    left_across, left_down = list(across), list(down)
    while left_across:
        group_across, group_down = [left_across.pop()], []
        grown = True
        while grown:
            new_down = [v for v in left_down if any(_touch(h, v) for h in group_across)]
            left_down = [v for v in left_down if v not in new_down]
            group_down += new_down
            new_across = [h for h in left_across if any(_touch(h, v) for v in new_down)]
            left_across = [h for h in left_across if h not in new_across]
            group_across += new_across
            grown = bool(new_across)
        if group_down:
            yield group_across, group_down


def _touch(across: _Stretch, down: _Stretch) -> bool:
    y, x0, x1 = across
    x, y0, y1 = down
    return x0 - _SNAP <= x <= x1 + _SNAP and y0 - _SNAP <= y <= y1 + _SNAP


def _positions(lines: Iterable[_Stretch], ends: Sequence[float]) -> list[float]:
    """Return the cuts; where a table is open at its side, its lines' ends close it."""
    positions = sorted({line[0] for line in lines})
    if ends and min(ends) < positions[0] - _SHORTEST_SIDE:
        positions.insert(0, min(ends))
    if ends and max(ends) > positions[-1] + _SHORTEST_SIDE:
        positions.append(max(ends))
    kept = positions[:1]
    for position in positions[1:]:
        if position - kept[-1] >= _SHORTEST_SIDE:
            kept.append(position)
    return kept


def _owners(
    xs: Sequence[float], ys: Sequence[float], across: Sequence[_Stretch], down: Sequence[_Stretch]
) -> tuple[tuple[int, ...], ...]:
    """Number the cells; slots without a ruled line between them are one."""
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = [[row * columns + column for column in range(columns)] for row in range(rows)]

    def unite(old: int, new: int) -> None:
        for line in owner:
            line[:] = [new if number == old else number for number in line]

    for row in range(rows):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(1, columns):
            if not _is_ruled(down, xs[column], middle):
                unite(owner[row][column], owner[row][column - 1])
    for column in range(columns):
        middle = (xs[column] + xs[column + 1]) / 2
        for row in range(1, rows):
            if not _is_ruled(across, ys[row], middle):
                unite(owner[row][column], owner[row - 1][column])
    return tuple(tuple(line) for line in owner)


def _is_ruled(lines: Iterable[_Stretch], position: float, at: float) -> bool:
    return any(
        abs(line[0] - position) < _SHORTEST_SIDE and line[1] - _SNAP <= at <= line[2] + _SNAP
        for line in lines
    )


def _filled(grid: _Grid, lines: Sequence[Line]) -> Table | None:
    """Put the words into the cells; None where the grid is no table."""
    cells: dict[int, list[Strip]] = {}
    for line in sorted(lines, key=lambda line: (round(line.baseline), line.x0)):
        for number, words in _by_cell(grid, line):
            cells.setdefault(number, []).append(Strip(line.page, Words(words)))
    numbers = {number for row in grid.owner for number in row}
    enough = len(cells) >= min(_ENOUGH_CELLS, _FILLED_SHARE * len(numbers))
    rows = _rows(grid, cells)
    if not enough or len(rows) < 2 or max(sum(map(bool, row)) for row in rows) < 2:
        return None
    return Table(lines[0].page, *grid.box, rows, order=min(line.order for line in lines))


def _by_cell(grid: _Grid, line: Line) -> Iterator[tuple[int, list[Word]]]:
    """Yield the line's words cell by cell; pieces of a line may reach over several."""
    found: dict[int, list[Word]] = {}
    for word in line.words:
        x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
        number = grid.owner[_slot(grid.ys, y)][_slot(grid.xs, x)]
        found.setdefault(number, []).append(word)
    yield from found.items()


def _slot(cuts: Sequence[float], at: float) -> int:
    return sum(at >= cut for cut in cuts[1:-1])


def _rows(grid: _Grid, cells: dict[int, list[Strip]]) -> tuple[tuple[tuple[Strip, ...], ...], ...]:
    """Return the cells row by row; a merged cell stands at its first slot, the rest is empty."""
    seen: set[int] = set()
    rows = []
    for slots in grid.owner:
        row = []
        for number in slots:
            row.append(() if number in seen else tuple(cells.get(number, ())))
            seen.add(number)
        if any(row):
            rows.append(tuple(row))
    return tuple(rows)
