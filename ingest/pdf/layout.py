"""Reading order: of the content stream's order and the columns', the one that reads on. Pure.

The content stream is in order in nearly all brochures, but some programs write line by line
across columns or in no order at all; sorting by position alone breaks two-column pages
(parsing.md, 3). So both orders are made and scored by how often a line goes on in the next.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeVar

# Shares are of the median font size; weights are those measured in parsing.md, 3.
_NARROWEST_GUTTER = 0.5
_MIN_LINES = 2  # on either side of a gutter
_LEFT_MARGIN = 0.12  # of the width: no gutter so far left
_CROSSING_COST = 1.6
_SUPPORT_GAIN = 0.3
_MAX_DEPTH = 12
_ALIGNED = 3.0  # points
_OPEN_LINE_CHARS = 25  # shorter lines end where they like
_STREAM_BONUS = 0.5  # in doubt the stream is right ...
_MOST_RUNS_SHARE, _MOST_RUNS_MORE = 2, 2  # ... unless it jumps about far more than columns ask
_SPREAD = 1.25  # width by height; two printed pages side by side
_SPREAD_STRIP = 0.02  # half the width of the empty strip between them, of the width
_SENTENCE_END = re.compile(r"[.!?]$")
_CLOSED = re.compile(r"[.!?:;“\"”)]$")


class Placed(Protocol):
    """What is ordered: a line, a table or a box."""

    @property
    def x0(self) -> float:
        """Left edge, in points."""

    @property
    def y0(self) -> float:
        """Upper edge."""

    @property
    def x1(self) -> float:
        """Right edge."""

    @property
    def y1(self) -> float:
        """Lower edge."""

    @property
    def size(self) -> float:
        """Font size; 0 for what isn't a line."""

    @property
    def order(self) -> int:
        """Position in the content stream."""

    @property
    def text(self) -> str:
        """What is read, hyphens unmended; empty for what isn't a line."""


Item = TypeVar("Item", bound=Placed)
Run = list[Item]
"""Items from top to bottom of one column, or of full-width lines."""


def reading_order(items: Sequence[Item], width: float, height: float) -> list[list[Item]]:
    """Return the items of a page as runs in reading order; every item once."""
    halves = _printed_pages(items, width, height)
    if len(halves) > 1:
        return [run for half in halves for run in reading_order(half, width / 2, height)]
    stream = _stream_runs(items)
    columns = _column_runs(items)
    orderly = len(stream) <= _MOST_RUNS_SHARE * len(columns) + _MOST_RUNS_MORE
    gain = continuity(_flat(stream)) - continuity(_flat(columns))
    return stream if gain > 0 or (orderly and gain >= -_STREAM_BONUS) else columns


def continuity(items: Sequence[Placed]) -> float:
    """Score an order by how well each line of running text goes on in the next."""
    score = 0.0
    for a, b in pairwise(items):
        before, after = a.text.rstrip(), b.text.lstrip()
        if not before or not after or abs(a.size - b.size) > 0.12 * max(a.size, b.size):
            continue
        goes_on = after[0].islower()
        if before.endswith("-"):
            score += 1 if goes_on else -1
        elif _SENTENCE_END.search(before):
            score -= 0.7 if goes_on else 0
        elif not _CLOSED.search(before) and len(before) > _OPEN_LINE_CHARS:
            score += 0.3 if goes_on else 0
    return score


def _flat(runs: Sequence[Sequence[Item]]) -> list[Item]:
    return [item for run in runs for item in run]


def _printed_pages(items: Sequence[Item], width: float, height: float) -> list[list[Item]]:
    """Cut a spread into its two pages; one list for a single page."""
    middle, strip = width / 2, _SPREAD_STRIP * width
    left = [item for item in items if item.x1 <= middle - strip]
    right = [item for item in items if item.x0 >= middle + strip]
    if width <= _SPREAD * height or min(len(left), len(right)) < _MIN_LINES:
        return [list(items)]
    return [left, right] if len(left) + len(right) == len(items) else [list(items)]


def _stream_runs(items: Sequence[Item]) -> list[list[Item]]:
    """Return the content stream's order, cut where it goes to another column.

    A table's or box's place in the stream says little: it is put where it stands.
    """
    ordered = sorted((item for item in items if item.size), key=lambda item: item.order)
    for item in (item for item in items if not item.size):
        ordered.insert(_place_among(ordered, item), item)
    runs: list[list[Item]] = []
    for item in ordered:
        if runs and not _is_elsewhere(runs[-1][-1], item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _place_among(ordered: Sequence[Placed], item: Placed) -> int:
    """Return the index of the first line below the item, in its column."""
    for index, line in enumerate(ordered):
        overlaps = line.x0 < item.x1 and line.x1 > item.x0
        if overlaps and line.y0 >= item.y1 - _ALIGNED:
            return index
    above = [
        index
        for index, line in enumerate(ordered)
        if line.x0 < item.x1 and line.x1 > item.x0 and line.y1 <= item.y0 + _ALIGNED
    ]
    return max(above) + 1 if above else len(ordered)


def _is_elsewhere(before: Placed, item: Placed) -> bool:
    overlap = min(before.x1, item.x1) - max(before.x0, item.x0)
    return overlap < 0 or item.y1 < before.y1 - 2 * max(before.size, item.size, 1)


def _column_runs(items: Sequence[Item], depth: int = 0) -> list[list[Item]]:
    """Cut the page into columns, and into bands where full-width lines cross them."""
    if not items:
        return []
    gutter = _gutter(items) if depth < _MAX_DEPTH else None
    if gutter is None:
        return [sorted(items, key=lambda item: (round(item.y1 / 2), item.x0))]
    runs: list[list[Item]] = []
    band: list[Item] = []
    crossing: list[Item] = []
    for item in sorted(items, key=lambda item: (item.y0, item.x0)):
        if gutter.is_crossed_by(item):
            runs += _side_by_side(band, gutter, depth)
            band = []
            crossing.append(item)
        else:
            runs += [crossing] if crossing else []
            crossing = []
            band.append(item)
    return [*runs, *_side_by_side(band, gutter, depth), *([crossing] if crossing else [])]


def _side_by_side(band: Sequence[Item], gutter: "_Gutter", depth: int) -> list[list[Item]]:
    left = [item for item in band if not gutter.is_right(item)]
    right = [item for item in band if gutter.is_right(item)]
    return _column_runs(left, depth + 1) + _column_runs(right, depth + 1)


class _Gutter(NamedTuple):
    """The empty strip left of a column."""

    left: float
    right: float
    """Left edge of the column."""

    def is_right(self, item: Placed) -> bool:
        return item.x0 >= self.right - _ALIGNED / 2

    def is_crossed_by(self, item: Placed) -> bool:
        return not self.is_right(item) and item.x1 > self.left


def _gutter(items: Sequence[Placed]) -> _Gutter | None:
    """Return the gutter that parts the items best, or None for a single column.

    A line that crosses counts against it only beside the right column: a contents list
    above two columns mustn't hide them.
    """
    left_edge, right_edge = min(i.x0 for i in items), max(i.x1 for i in items)
    sizes = sorted(item.size for item in items if item.size) or [10.0]
    body = sizes[len(sizes) // 2]
    farthest_left = left_edge + _LEFT_MARGIN * (right_edge - left_edge)
    best_score, best = 0.0, None
    for edge in sorted({round(item.x0) for item in items if item.x0 > farthest_left}):
        gutter = _Gutter(edge - _NARROWEST_GUTTER * body, edge)
        score = _gutter_score(items, gutter, body)
        if score > best_score:
            best_score, best = score, gutter
    return best


def _gutter_score(items: Sequence[Placed], gutter: _Gutter, body: float) -> float:
    """Return the height of the lower column, less what crosses the gutter beside it."""
    right = [item for item in items if gutter.is_right(item)]
    crossing = [item for item in items if gutter.is_crossed_by(item)]
    left = [item for item in items if item.x0 < gutter.left and item.x1 <= gutter.left]
    aligned = sum(abs(item.x0 - gutter.right) < _ALIGNED for item in right)
    if min(len(left), len(right), aligned) < _MIN_LINES:
        return 0.0
    top, bottom = min(i.y0 for i in right), max(i.y1 for i in right)
    beside = [item for item in crossing if top < (item.y0 + item.y1) / 2 < bottom]
    lower = min(_height(left, body), _height(right, body))
    return lower - _CROSSING_COST * _height(beside, body) + _SUPPORT_GAIN * body * aligned


def _height(items: Sequence[Placed], body: float) -> float:
    return sum(min(item.y1 - item.y0, 1.2 * body) for item in items)
