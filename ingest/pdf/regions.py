"""A page's lines -> what is ordered on it: lines, ruled and aligned tables, boxes. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.pdf.layout import reading_order
from ingest.pdf.lines import Line, Words
from ingest.pdf.open_tables import find_aligned_tables, find_banded_tables
from ingest.pdf.page import Page, Rect
from ingest.pdf.tables import Table, find_tables, is_inside, joined_rules, ruled_frames

_TOUCHING = 3.0  # points
_LEAST_BOX_LINES = 2  # one line on a painted bar is a heading
_LEAST_BOX_CHARS = 60
_MOST_OF_PAGE = 0.6  # of the lines: a panel under the whole text is no box
_MOST_FRAMES = 1000  # more are a drawing's; a table of 60 rows has up to 600 painted cells
_SAME_BASELINE = 1.0  # points
CAPTION = re.compile(
    r"(?:Tabelle|Tab\.|Abbildung|Abb\.|Übersicht|Grafik|Karte|Foto|Bild|Schaubild|Diagramm)"
    r"\s*(?:\d+(?:\.\d+)*[a-z]?)?\s*[:.–|]"
)
_CAPTION_GAP = 1.0  # of its size
_CAPTION_SHIFT = 12.0  # points between its left edge or middle and the table's
_MOST_CAPTION_LINES = 4
CONTENTS_TITLE = re.compile(
    r"Inhalt(?:sverzeichnis|sübersicht)?|(?:Tabellen|Abbildungs)verzeichnis|Contents", re.IGNORECASE
)
_ENTRY_NUMBER = re.compile(r"\d{1,4}")
_LEAST_ENTRIES = 3


@dataclass(frozen=True, slots=True)
class Boxed:
    """Text in a frame of its own, which is read in one go."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    runs: tuple[tuple[Line, ...], ...]
    """Its lines in reading order."""
    order: int = 0
    size: float = 0.0
    text: str = ""


Item = Line | Table | Boxed


def kept(page: Page) -> Page:
    """Return what of a page is needed once its lines are made, for all are kept till the end."""
    frames = page.frames if len(page.frames) <= _MOST_FRAMES else ()
    return replace(page, glyphs=(), dots=(), rules=joined_rules(page.rules), frames=frames)


def ordered_items(page: Page, lines: Sequence[Line]) -> list[list[Item]]:
    """Return a page's lines, tables and boxes as runs in reading order."""
    free = _with_entry_numbers(lines)
    tables = find_tables(page.rules, free)
    tables += find_banded_tables(page.rules, page.frames, _outside(free, tables))
    tables += find_aligned_tables(_outside(free, tables))
    free = _outside(free, tables)
    tables = [_with_caption(table, free) for table in tables]
    taken = {id(line) for table in tables for line in table.caption}
    free = [line for line in free if id(line) not in taken]
    boxes = _boxes(page, free)
    boxed = {id(line) for box in boxes for run in box.runs for line in run}
    rest = [line for line in free if id(line) not in boxed]
    return reading_order([*rest, *tables, *boxes], page.width, page.height)


def _outside(lines: Sequence[Line], tables: Sequence[Table]) -> list[Line]:
    return [line for line in lines if not any(is_inside(line, t.box) for t in tables)]


def _with_caption(table: Table, lines: Sequence[Line]) -> Table:
    """Put the caption right above to its table, so that no column's text comes between."""
    middle = (table.x0 + table.x1) / 2
    above = [
        line
        for line in lines
        if abs(line.x0 - table.x0) < _CAPTION_SHIFT
        or abs((line.x0 + line.x1) / 2 - middle) < _CAPTION_SHIFT
    ]
    caption: list[Line] = []
    edge = table.y0
    for line in sorted(above, key=lambda line: line.baseline, reverse=True):
        if line.y1 > edge + _TOUCHING:
            continue
        if edge - line.y1 > _CAPTION_GAP * line.size or len(caption) == _MOST_CAPTION_LINES:
            break
        caption.insert(0, line)
        edge = line.y0
        if CAPTION.match(line.text):
            return replace(table, y0=edge, caption=tuple(caption))
    return table


def _boxes(page: Page, lines: Sequence[Line]) -> list[Boxed]:
    boxes = []
    for frame in _outermost([*page.frames, *ruled_frames(page.rules)]):
        inside = [line for line in lines if is_inside(line, frame)]
        chars = sum(len(line.text) for line in inside)
        if len(inside) < _LEAST_BOX_LINES or chars < _LEAST_BOX_CHARS:
            continue
        if len(inside) > _MOST_OF_PAGE * len(lines):
            continue
        runs = reading_order(inside, page.width, page.height)
        first = min(line.order for line in inside)
        boxes.append(Boxed(page.index, *frame, tuple(map(tuple, runs)), first))
    return boxes


def _outermost(frames: Sequence[Rect]) -> list[Rect]:
    """Join frames that lie in or stand on each other, like a title bar and its box."""
    joined: list[Rect] = []
    for frame in sorted(frames, key=lambda f: (f[2] - f[0]) * (f[3] - f[1]), reverse=True):
        at = next((i for i, other in enumerate(joined) if _hang_together(other, frame)), None)
        if at is None:
            joined.append(frame)
        else:
            a = joined[at]
            joined[at] = (
                *(min(a[0], frame[0]), min(a[1], frame[1])),
                *(max(a[2], frame[2]), max(a[3], frame[3])),
            )
    return joined


def _hang_together(a: Rect, b: Rect) -> bool:
    inside = (
        a[0] - _TOUCHING <= b[0]
        and b[2] <= a[2] + _TOUCHING
        and a[1] - _TOUCHING <= b[1]
        and b[3] <= a[3] + _TOUCHING
    )
    same_width = abs(a[0] - b[0]) <= _TOUCHING and abs(a[2] - b[2]) <= _TOUCHING
    stacked = min(abs(a[1] - b[3]), abs(b[1] - a[3])) <= _TOUCHING
    return inside or (same_width and stacked)


def _with_entry_numbers(lines: Sequence[Line]) -> list[Line]:
    """Put the page numbers of a contents list without dots behind their entries."""
    if not any(CONTENTS_TITLE.fullmatch(line.text) for line in lines):
        return list(lines)
    pairs = [
        (nearest, number)
        for number in lines
        if _ENTRY_NUMBER.fullmatch(number.text) and (nearest := _left_of(number, lines))
    ]
    if len(pairs) < _LEAST_ENTRIES:
        return list(lines)
    entries = {id(line): _entry(line, number) for line, number in pairs}
    numbers = {id(number) for _, number in pairs}
    return [entries.get(id(line), line) for line in lines if id(line) not in numbers]


def _left_of(number: Line, lines: Sequence[Line]) -> Line | None:
    beside = [
        line
        for line in lines
        if abs(line.baseline - number.baseline) < _SAME_BASELINE and line.x1 < number.x0
    ]
    return max(beside, key=lambda line: line.x1, default=None)


def _entry(line: Line, number: Line) -> Line:
    words = Words((*line.words, *number.words))
    text = f"{line.text} {number.text}"
    return replace(line, words=words, x1=number.x1, text=text, has_leader=True)
