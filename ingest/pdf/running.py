"""Running headers and footers off, and the page numbers printed in them. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ingest.pdf.lines import Line
from ingest.pdf.page import Page

# All measured in parsing.md, 3. Position alone is no reason: that deleted first body lines.
_ZONE = 0.12  # share of the page's height at the top and the bottom
_REPEATED_PAGES = 3
_REPEATED_SHARE = 0.2  # of the pages, for lines as large as headings
_SAME_PLACE_SHARE = 0.4
_SAME_PLACE = 4.0  # points
_SMALL = 0.97  # of the body's size
_APART = 1.2  # of the line's size, to the next line of the body
_LETTER = re.compile(r"[^\W\d_]")
_HEADING_SIZE = 1.12  # of the header's size
_PAGE_WORD = re.compile(r"(?:^|[|·–-]\s*)Seite \d{1,4}$")
_PAGE_NUMBER = re.compile(
    r"(?:seite|s\.)?\s*[-–—|·•]?\s*(\d{1,4}|[ivxl]{1,6})\s*(?:(?:von|/)\s*\d{1,4})?\s*[-–—|·•]?",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_NUMBER_AT_END = re.compile(r"(?:^|[\s|·•–-])(\d{1,4})$|^(\d{1,4})(?=[\s|·•–-])")
_SINGLE = 0.75  # of the widest page's width: a page of its own among spreads
_LABEL_SHARE = 0.7  # of the numbers found must run with the pages


class Stripped(NamedTuple):
    """The lines of each page without its furniture, and the page labels printed there."""

    lines: tuple[tuple[Line, ...], ...]
    labels: tuple[str, ...]
    """Empty when no numbers run consistently."""


def body_size(lines: Sequence[Sequence[Line]]) -> float:
    """Return the font size most of the text is set in, in half points; 10 without text."""
    sizes: Counter[float] = Counter()
    for line in (line for page in lines for line in page):
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def strip_running(pages: Sequence[Page], lines: Sequence[Sequence[Line]]) -> Stripped:
    """Take off what repeats at the pages' upper and lower edges."""
    body = body_size(lines)
    edges = [_edges(page, its) for page, its in zip(pages, lines, strict=True)]
    counts = _counts(edges)
    kept, furniture = [], []
    for its, edge in zip(lines, edges, strict=True):
        off = [
            line
            for zone, zoned in edge.items()
            for line in zoned
            if _is_furniture(line, zone, zoned, its, counts, body, len(pages))
        ]
        off += _beside(off, edge, body)
        gone = {id(line) for line in off}
        kept.append(tuple(line for line in its if id(line) not in gone))
        furniture.append(tuple(line for line in its if id(line) in gone))
    return Stripped(tuple(kept), _labels(furniture, [page.width for page in pages]))


_Edges = dict[str, list[Line]]


def _edges(page: Page, lines: Sequence[Line]) -> _Edges:
    return {
        "top": [line for line in lines if line.y1 < _ZONE * page.height],
        "bottom": [line for line in lines if line.y0 > (1 - _ZONE) * page.height],
    }


def _outermost(zone: str, lines: Sequence[Line]) -> float:
    baselines = [line.baseline for line in lines]
    return min(baselines) if zone == "top" else max(baselines)


class _Counts(NamedTuple):
    """On how many pages something is found."""

    texts: Counter[str]
    """Zone and text of a line, numbers made equal."""
    places: Counter[tuple[str, int]]
    """Zone and height of the outermost line."""
    offsets: Counter[int]
    """The outermost line's number, less the page's index: equal where it counts the pages."""


def _counts(edges: Sequence[_Edges]) -> _Counts:
    counts = _Counts(Counter(), Counter(), Counter())
    for index, edge in enumerate(edges):
        for zone, zoned in edge.items():
            counts.texts.update({zone + _pattern(line) for line in zoned})
            if not zoned:
                continue
            outermost = _outermost(zone, zoned)
            counts.places[zone, round(outermost / _SAME_PLACE)] += 1
            for line in zoned:
                number = _page_number(line.text) if line.baseline == outermost else None
                if number is not None:
                    counts.offsets[number - index] += 1
    return counts


def _page_number(text: str) -> int | None:
    """Return the number if the line is nothing but a page number, arabic or roman."""
    match = _PAGE_NUMBER.fullmatch(text)
    if match is None:
        return None
    return int(match[1]) if match[1].isdigit() else _roman(match[1])


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text.lower()]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())


def _is_furniture(
    line: Line,
    zone: str,
    zoned: Sequence[Line],
    lines: Sequence[Line],
    counts: _Counts,
    body: float,
    pages: int,
) -> bool:
    # A number in a table's last row isn't repeated because each page has one below it.
    repeated = counts.texts[zone + _pattern(line)] if _LETTER.search(line.text) else 0
    small = line.size <= _SMALL * body
    apart = _is_apart(line, lines)
    if small and _repeats_heading(line, lines):
        return True
    if small and (repeated > 1 or _PAGE_WORD.search(line.text)) and apart:
        return True
    if repeated >= _REPEATED_PAGES and (small or repeated >= _REPEATED_SHARE * pages):
        return True
    if abs(line.baseline - _outermost(zone, zoned)) > 2:
        return False
    number = _page_number(line.text)
    if number is not None:
        return apart or counts.offsets[number - line.page] > 1
    slot = round(line.baseline / _SAME_PLACE)
    same_place = sum(counts.places[zone, slot + near] for near in (-1, 0, 1))
    return small and apart and same_place >= max(_REPEATED_PAGES, _SAME_PLACE_SHARE * pages)


def _repeats_heading(line: Line, lines: Sequence[Line]) -> bool:
    """Tell a header that names the chapter which begins on its page."""
    return any(
        other.text == line.text and other.size > _HEADING_SIZE * line.size for other in lines
    )


def _is_apart(line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether no other line stands close below or above."""
    gaps = [
        max(other.y0 - line.y1, line.y0 - other.y1)
        for other in lines
        if abs(other.baseline - line.baseline) > 2
    ]
    return all(gap > _APART * line.size for gap in gaps)


def _beside(off: Sequence[Line], edge: _Edges, body: float) -> list[Line]:
    """Return small lines on the same baseline: a header's other half."""
    gone = {id(line) for line in off}
    return [
        line
        for zoned in edge.values()
        for line in zoned
        if id(line) not in gone
        and line.size <= _SMALL * body
        and any(abs(line.baseline - other.baseline) < 1 for other in off)
    ]


def _labels(furniture: Sequence[Sequence[Line]], widths: Sequence[float]) -> tuple[str, ...]:
    """Return the printed numbers if they run with the pages, one or two of them to a page."""
    printed = [_numbers(lines) for lines in furniture]
    for per_page in (1, 2):
        offsets = Counter(
            numbers[0] - per_page * index
            for index, numbers in enumerate(printed)
            if len(numbers) == per_page
        )
        if not offsets:
            continue
        offset = offsets.most_common(1)[0][0]
        agreeing = sum(
            bool(numbers) and set(numbers) <= set(_counted(index, per_page, offset))
            for index, numbers in enumerate(printed)
        )
        if agreeing >= 2 and agreeing >= _LABEL_SHARE * sum(map(bool, printed)):
            return tuple(
                _label(_counted(index, per_page, offset), width < _SINGLE * max(widths), index == 0)
                for index, width in enumerate(widths)
            )
    return ()


def _label(numbers: Sequence[int], is_single: bool, is_cover: bool) -> str:
    """Join the numbers; beside spreads, a cover is a right page and the back a left one."""
    if is_single:
        numbers = numbers[-1:] if is_cover else numbers[:1]
    return "–".join(str(number) for number in numbers if number > 0)


def _counted(index: int, per_page: int, offset: int) -> range:
    """Return the numbers a page of the file should bear."""
    first = per_page * index + offset
    return range(first, first + per_page)


def _numbers(lines: Sequence[Line]) -> list[int]:
    found = set()
    for line in lines:
        match = _PAGE_NUMBER.fullmatch(line.text) or _NUMBER_AT_END.search(line.text)
        number = next((group for group in match.groups() if group), "") if match else ""
        if number.isdigit():
            found.add(int(number))
    return sorted(found)
