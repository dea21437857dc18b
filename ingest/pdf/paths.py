"""Drawn lines and rectangles of a PDF page, read through PDFium under its lock."""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pypdfium2.raw as raw

from ingest.pdf.page import Colour, Rect, Rule

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
_LAYER = "OC\0".encode("utf-16-le")  # the mark of optional content
_NAME = ctypes.create_string_buffer(16)  # used under the lock
_NAME_TARGET = ctypes.cast(_NAME, ctypes.POINTER(raw.FPDF_WCHAR))
_NAME_LENGTH = ctypes.c_ulong()
_COVERING_SHARE = 0.7  # images on more of the page may be a scan of it


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


class Surface(NamedTuple):
    """What covers a part of a page: a filled shape, an image or a shading."""

    box: Rect
    colour: Colour | None
    """None where it has several, or where the shape isn't a rectangle."""
    position: int
    """Among all objects of the page, in the order they are painted."""
    is_image: bool = False


class Paths(NamedTuple):
    """What is drawn on a page."""

    rules: tuple[Rule, ...]
    frames: tuple[Rect, ...]
    dots: tuple[Rect, ...]
    is_pictured: bool
    surfaces: tuple[Surface, ...]
    """In the order they are painted."""
    texts: dict[int, int]
    """Address and position of each text object."""
    layered: frozenset[int]
    """Addresses of text objects in layers that may be switched off."""
    is_covered: bool
    """Images cover nearly all of the page."""


_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Subpath = list[tuple[float, float]]


def read_paths(page: raw.FPDF_PAGE, turn: Turn) -> Paths:
    """Return ruled lines, rectangles that may frame text, and what lies above or beneath it."""
    rules: list[Rule] = []
    frames: list[Rect] = []
    dots: list[Rect] = []
    surfaces: list[Surface] = []
    texts: dict[int, int] = {}
    layered: set[int] = set()
    paths = 0
    for position, (item, kind, matrix, is_layered) in enumerate(_objects(page)):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            address = ctypes.addressof(item.contents)
            texts[address] = position
            if is_layered:
                layered.add(address)
            continue
        if kind != raw.FPDF_PAGEOBJ_PATH:
            is_image = kind == raw.FPDF_PAGEOBJ_IMAGE
            surfaces.append(Surface(_bounds(item, matrix, turn), None, position, is_image))
            continue
        paths += 1
        if paths > MAX_PATHS:
            continue
        paint = _paint(item)
        shapes = list(_subpaths(item, matrix, turn))
        for points, is_box in shapes:
            if paint.is_visible and (dot := _dot(points)):
                dots.append(dot)
            else:
                _sort_in(points, is_box and paint.is_visible, rules, frames)
        if paint.fill is not None and (surface := _surface(shapes, paint.fill, position)):
            surfaces.append(surface)
    page_area = turn.width * turn.height
    pictured = sum(_area(surface.box) for surface in surfaces if surface.is_image)
    framing = tuple(f for f in frames if _area(f) < _PAGE_SHARE * page_area)
    is_drawing = paths > MAX_PATHS
    return Paths(
        rules=() if is_drawing else tuple(rules),
        frames=() if is_drawing else framing,
        dots=() if is_drawing else tuple(dots),
        is_pictured=pictured > 0 or paths > _DRAWING_PATHS,
        surfaces=tuple(surfaces),
        texts=texts,
        layered=frozenset(layered),
        is_covered=pictured >= _COVERING_SHARE * page_area,
    )


def _area(box: Rect) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _surface(shapes: list[tuple[_Subpath, bool]], fill: Colour, position: int) -> Surface | None:
    """Return what a filled path covers; None for ruled lines and dots."""
    corners = [point for points, _ in shapes for point in points]
    if not corners:
        return None
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    box = min(xs), min(ys), max(xs), max(ys)
    if min(box[2] - box[0], box[3] - box[1]) <= _DOT[1]:
        return None
    is_rectangle = len(shapes) == 1 and shapes[0][1]
    return Surface(box, fill if is_rectangle else None, position)


def _bounds(item: raw.FPDF_PAGEOBJECT, form: _Matrix, turn: Turn) -> Rect:
    """Return the box of an image or a shading in the reading frame."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    ends = [
        turn.point(*_applied(form, x, y))
        for x in (left.value, right.value)
        for y in (bottom.value, top.value)
    ]
    xs, ys = [x for x, _ in ends], [y for _, y in ends]
    return min(xs), min(ys), max(xs), max(ys)


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


_Placed = tuple[raw.FPDF_PAGEOBJECT, int, _Matrix, bool]
"""An object, its kind, the matrix of its form, and whether it lies in a layer."""


def _objects(page: raw.FPDF_PAGE) -> Iterator[_Placed]:
    """Yield the objects in the order they are painted, those of forms in their places."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            yield from _unfolded(item, _IDENTITY, _is_layered(item), 1)
        else:
            yield item, kind, _IDENTITY, _is_layered(item)


def _unfolded(
    form: raw.FPDF_PAGEOBJECT, matrix: _Matrix, layered: bool, depth: int
) -> Iterator[_Placed]:
    inner = _times(_matrix(form), matrix)
    for index in range(raw.FPDFFormObj_CountObjects(form)):
        item = raw.FPDFFormObj_GetObject(form, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind != raw.FPDF_PAGEOBJ_FORM:
            yield item, kind, inner, layered or _is_layered(item)
        elif depth < _MAX_FORM_DEPTH:
            yield from _unfolded(item, inner, layered or _is_layered(item), depth + 1)


def _is_layered(item: raw.FPDF_PAGEOBJECT) -> bool:
    for index in range(raw.FPDFPageObj_CountMarks(item)):
        mark = raw.FPDFPageObj_GetMark(item, index)
        raw.FPDFPageObjMark_GetName(mark, _NAME_TARGET, len(_NAME), _NAME_LENGTH)
        if _NAME.raw.startswith(_LAYER):
            return True
    return False


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


class _Paint(NamedTuple):
    is_visible: bool
    """Filled or outlined in another colour than the paper's."""
    fill: Colour | None
    """None where it isn't filled, or lets through what lies beneath."""


def _paint(item: raw.FPDF_PAGEOBJECT) -> _Paint:
    mode, stroked = ctypes.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(item, mode, stroked)
    red, green, blue, alpha = (ctypes.c_uint(255) for _ in range(4))
    is_visible, fill = False, None
    if stroked.value:
        raw.FPDFPageObj_GetStrokeColor(item, red, green, blue, alpha)
        is_visible = min(red.value, green.value, blue.value) < _WHITE and alpha.value > 0
    if mode.value != raw.FPDF_FILLMODE_NONE:
        raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
        colour = red.value, green.value, blue.value
        is_visible = is_visible or (min(colour) < _WHITE and alpha.value > 0)
        fill = colour if alpha.value > _WHITE else None
    return _Paint(is_visible, fill)


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
