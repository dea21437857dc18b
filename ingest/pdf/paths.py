"""Drawn lines and rectangles of a PDF page, read through PDFium under its lock."""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pypdfium2.raw as raw

from ingest.pdf.page import Rect, Rule

# Beyond this a page is a drawing: tables and boxes aren't looked for. A brochure's page has
# up to some hundred, a table of 60 rows drawn cell by cell up to 2,000.
MAX_PATHS = 3000
MAX_SEGMENTS_PER_PATH = 2000
_DRAWING_PATHS = 500  # text turned into outlines has more (parsing.md, 3)
_MAX_FORM_DEPTH = 3
_DOT = (1.5, 6.0)  # points; what a bullet measures
_THIN = 2.0  # points; a rectangle thinner than that is a ruled line
_SHORTEST_RULE = 5.0  # points; less is part of a letter or a drawing
_STRAIGHT = 0.6  # points by which a ruled line may lean
_WHITE = 250
_PAGE_SHARE = 0.7  # a rectangle covering more is the page's background


class Turn:
    """Turns PDFium's page space (origin bottom left) into the reading frame."""

    def __init__(self, quarter: int, bounds: tuple[float, float, float, float]) -> None:
        self.quarter = quarter
        self._left, self._bottom, right, top = bounds
        self._wide, self._high = right - self._left, top - self._bottom
        sideways = quarter % 2 == 1
        self.width = self._high if sideways else self._wide
        self.height = self._wide if sideways else self._high

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point in the reading frame."""
        x, y = x - self._left, y - self._bottom
        match self.quarter:
            case 0:
                return x, self._high - y
            case 1:
                return y, x
            case 2:
                return self._wide - x, y
            case _:
                return self._high - y, self._wide - x

    def rect(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """Return a rectangle in the reading frame."""
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def glyph(self, box: raw.FS_RECTF, x: float, y: float) -> tuple[float, float, float]:
        """Return left and right edge of a character's box, and the height of its origin."""
        if self.quarter == 0:  # as nearly always: a page has thousands of characters
            return box.left - self._left, box.right - self._left, self._high + self._bottom - y
        x0, _, x1, _ = self.rect(box.left, box.bottom, box.right, box.top)
        return x0, x1, self.point(x, y)[1]

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point of the reading frame is on the visible page."""
        return 0 <= x <= self.width and 0 <= y <= self.height


class Paths(NamedTuple):
    """What is drawn on a page."""

    rules: tuple[Rule, ...]
    frames: tuple[Rect, ...]
    dots: tuple[Rect, ...]
    is_pictured: bool


_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Subpath = list[tuple[float, float]]


def read_paths(page: raw.FPDF_PAGE, turn: Turn) -> Paths:
    """Return ruled lines, and the rectangles that may frame text."""
    rules: list[Rule] = []
    frames: list[Rect] = []
    dots: list[Rect] = []
    images = paths = 0
    for item, kind, matrix in _objects(page):
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            images += 1
            continue
        paths += 1
        if paths > MAX_PATHS:
            return Paths((), (), (), True)
        visible = _is_visible(item)
        for points, is_box in _subpaths(item, matrix, turn):
            if visible and (dot := _dot(points)):
                dots.append(dot)
            else:
                _sort_in(points, is_box and visible, rules, frames)
    page_area = turn.width * turn.height
    framing = tuple(f for f in frames if (f[2] - f[0]) * (f[3] - f[1]) < _PAGE_SHARE * page_area)
    return Paths(tuple(rules), framing, tuple(dots), images > 0 or paths > _DRAWING_PATHS)


def _dot(points: _Subpath) -> Rect | None:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = min(xs), min(ys), max(xs), max(ys)
    wide, high = box[2] - box[0], box[3] - box[1]
    small = _DOT[0] <= wide <= _DOT[1] and _DOT[0] <= high <= _DOT[1]
    return box if small and abs(wide - high) < 1 and points[0] == points[-1] else None


def _sort_in(points: _Subpath, is_box: bool, rules: list[Rule], frames: list[Rect]) -> None:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    if max(x1 - x0, y1 - y0) < _SHORTEST_RULE:
        return
    if x1 - x0 <= _THIN or y1 - y0 <= _THIN:
        rules.append(Rule(x0, y0, x1, y1))
        return
    if is_box:
        frames.append((x0, y0, x1, y1))
    for a, b in pairwise(points):
        length = abs(a[0] - b[0]) + abs(a[1] - b[1])
        if length >= _SHORTEST_RULE and _is_straight(a, b):
            left, right = sorted((a[0], b[0]))
            upper, lower = sorted((a[1], b[1]))
            rules.append(Rule(left, upper, right, lower))


def _objects(page: raw.FPDF_PAGE) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, int, _Matrix]]:
    """Yield paths and images, also inside forms, with the matrix of the form."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        yield from _unfolded(raw.FPDFPage_GetObject(page, index), _IDENTITY, 0)


def _unfolded(
    item: raw.FPDF_PAGEOBJECT, matrix: _Matrix, depth: int
) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, int, _Matrix]]:
    kind = raw.FPDFPageObj_GetType(item)
    if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
        yield item, kind, matrix
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_FORM_DEPTH:
        inner = _times(_matrix(item), matrix)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            yield from _unfolded(raw.FPDFFormObj_GetObject(item, index), inner, depth + 1)


def _subpaths(
    item: raw.FPDF_PAGEOBJECT, form: _Matrix, turn: Turn
) -> Iterator[tuple[_Subpath, bool]]:
    """Yield each subpath's corner points, and whether it closes a rectangle.

    Curves count as cut corners, so that a rounded box is one; what leans isn't.
    """
    count = raw.FPDFPath_CountSegments(item)
    if not 2 <= count <= MAX_SEGMENTS_PER_PATH:
        return
    matrix = _times(_matrix(item), form)
    x, y = ctypes.c_float(), ctypes.c_float()
    points: _Subpath = []
    box = True
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = turn.point(*_applied(matrix, x.value, y.value))
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, box and len(points) > 3
            points, box = [point], True
            continue
        if kind == raw.FPDF_SEGMENT_LINETO:
            box = box and _is_straight(points[-1], point)
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            box = box and _is_straight(points[-1], points[0])
            points.append(points[0])
    if len(points) > 1:
        yield points, box and len(points) > 3


def _is_straight(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) <= _STRAIGHT or abs(a[1] - b[1]) <= _STRAIGHT


def _is_visible(item: raw.FPDF_PAGEOBJECT) -> bool:
    """Tell whether a shape is filled or outlined in another colour than the paper's."""
    mode, stroked = ctypes.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(item, mode, stroked)
    red, green, blue, alpha = (ctypes.c_uint(255) for _ in range(4))
    if stroked.value:
        raw.FPDFPageObj_GetStrokeColor(item, red, green, blue, alpha)
        if min(red.value, green.value, blue.value) < _WHITE and alpha.value:
            return True
    if mode.value == raw.FPDF_FILLMODE_NONE:
        return False
    raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    return min(red.value, green.value, blue.value) < _WHITE and alpha.value > 0


def _matrix(item: raw.FPDF_PAGEOBJECT) -> _Matrix:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(first: _Matrix, second: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _applied(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
