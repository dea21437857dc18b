"""Sections -> passages: slices of the text that are indexed, shown and cited."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.types import Kind, Passage, Section, Span, WordBox
from ingest.blocks import Block, BlockKind
from ingest.sections import Outline, Placed
from ingest.sentences import split

# Whole sentences, own section and workshop kept for 96-100 % at this size (parsing.md, 7).
TARGET_CHARS = 1000
# A list stays in one passage up to this length, so that it can be quoted whole.
MAX_LIST_CHARS = 2400
# A list item or table row up to this length is cited as one; a longer one by its sentences.
MAX_UNIT_CHARS = 400
# Longer than any sentence or table row: noise, on which indexing takes minutes a megabyte.
MAX_SENTENCE_CHARS = 5_000

_KINDS: dict[BlockKind, Kind] = {
    "table": "table",
    "caption": "caption",
    "box": "box",
    "footnote": "footnote",
    "item": "list",
}


def passages(outlined: Outline) -> tuple[Passage, ...]:
    """Cut every section into passages of about TARGET_CHARS, at block, then sentence ends.

    A list keeps its lead-in line, a table its caption; boxes and notes stand alone. They
    are numbered only: ``attribution.attributed`` gives them an id and a workshop.
    """
    found: list[Passage] = []
    for ordinal, placed in groupby(outlined.placed, key=lambda p: p.section):
        section = outlined.sections[ordinal]
        for part in _parts(list(placed)):
            found.extend(_cut(section, part, outlined.text, len(found)))
    return tuple(found)


def _parts(placed: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Gather consecutive blocks that make one passage."""
    part: list[Placed] = []
    for item in placed:
        if part and not _belongs(part, item):
            yield part
            part = []
        part.append(item)
    if part:
        yield part


def _belongs(part: Sequence[Placed], item: Placed) -> bool:
    before, kind = part[-1].block, item.block.kind
    if before.kind == "caption":
        return kind == "table"
    if kind in ("table", "caption", "box", "footnote") or before.kind in (
        *("table", "box", "footnote"),
    ):
        return False
    if kind == "item":
        return item.end - part[0].start <= MAX_LIST_CHARS
    if item.block.text.rstrip().endswith(":") and item.start - part[0].start > TARGET_CHARS / 3:
        return False  # it leads in a list, which is to stay whole
    return item.end - part[0].start <= TARGET_CHARS


def _cut(section: Section, part: Sequence[Placed], text: str, ordinal: int) -> Iterator[Passage]:
    units = [unit for placed in part for unit in _units(placed)]
    kind = _kind([placed.block for placed in part])
    boxes = [box for placed in part for box in _moved(placed)]
    for count, run in enumerate(_runs(units, whole=kind in ("table", "list"))):
        start, end = run[0].start, run[-1].end
        inside = [box for box in boxes if box.start >= start and box.end <= end]
        pages = {box.page for box in inside} or {
            placed.block.page
            for placed in part
            if placed.block.page is not None and placed.start < end and placed.end > start
        }
        yield Passage(
            id=str(ordinal + count),
            document="",
            ordinal=ordinal + count,
            section=section.path,
            kind=kind,
            start=start,
            end=end,
            text=text[start:end],
            sentences=tuple(Span(u.start - start, u.end - start) for u in run),
            boxes=tuple(_shifted(box, -start) for box in inside),
            pages=tuple(sorted(pages)),
        )


def _units(placed: Placed) -> list[Span]:
    """Return the citable units of a block, as offsets in the document."""
    block = placed.block
    if block.kind == "table":
        spans = _lines(block.text)
    elif block.kind == "item" and len(block.text) <= MAX_UNIT_CHARS:
        spans = [Span(0, len(block.text))]
    elif block.kind == "box":
        spans = [
            Span(line.start + s.start, line.start + s.end)
            for line in _lines(block.text)
            for s in split(block.text[line.start : line.end])
        ]
    else:
        spans = list(split(block.text))
    whole = [part for span in spans for part in _bounded(block.text, span)]
    return [Span(placed.start + s.start, placed.start + s.end) for s in whole]


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """Cut what no sentence is, at a blank where there is one."""
    start = span.start
    while span.end - start > MAX_SENTENCE_CHARS:
        end = start + MAX_SENTENCE_CHARS
        blank = text.rfind(" ", start + MAX_SENTENCE_CHARS // 2, end)
        cut = end if blank < 0 else blank
        yield Span(start, cut)
        start = cut if blank < 0 else cut + 1
    yield Span(start, span.end)


def _lines(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return spans


def _runs(units: Sequence[Span], *, whole: bool) -> Iterator[list[Span]]:
    """Fill runs up to TARGET_CHARS; a remainder under a third of that isn't left alone."""
    run: list[Span] = []
    for at, unit in enumerate(units):
        rest = units[-1].end - unit.start
        full = bool(run) and unit.end - run[0].start > TARGET_CHARS
        if full and not whole and (rest > TARGET_CHARS / 3 or _too_long(run, units[at:])):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _too_long(run: Sequence[Span], rest: Sequence[Span]) -> bool:
    return rest[-1].end - run[0].start > 1.5 * TARGET_CHARS


def _kind(blocks: Sequence[Block]) -> Kind:
    kinds = {_KINDS.get(block.kind, "text") for block in blocks}
    for special in ("table", "box", "footnote", "list"):
        if special in kinds:
            return special
    return "caption" if kinds == {"caption"} else "text"


def _moved(placed: Placed) -> Iterator[WordBox]:
    return (_shifted(box, placed.start) for box in placed.block.boxes)


def _shifted(box: WordBox, by: int) -> WordBox:
    place = (box.x0, box.y0, box.x1, box.y1)
    return WordBox(box.start + by, box.end + by, box.page, *place)


def boxes_of(passage: Passage, start: int, end: int) -> tuple[WordBox, ...]:
    """Return the boxes of the words that overlap ``text[start:end]``."""
    ends = [box.end for box in passage.boxes]
    first = bisect_left(ends, start + 1)
    return tuple(box for box in passage.boxes[first:] if box.start < end)
