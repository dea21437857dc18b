"""Ordered items of all pages -> blocks: kinds told apart, broken paragraphs joined. Pure."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from ingest.blocks import Block, BlockKind
from ingest.pdf.headings import Outline, is_heading, opens_sources, ranks
from ingest.pdf.lines import Line
from ingest.pdf.mending import Mended, Strip, chained, mend
from ingest.pdf.page import Page
from ingest.pdf.paragraphs import (
    LATE_ITEMS,
    NOTE_SIZE,
    SENTENCE_END,
    Paragraph,
    leading,
    paragraphs,
)
from ingest.pdf.regions import CAPTION, CONTENTS_TITLE, Boxed, Item
from ingest.pdf.tables import Table

_NOTE_ZONE = 0.5  # of the page's height: notes stand below
_NOTE_NUMBER = re.compile(r"\(?\d{1,3}\)?")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_MOST_CAPTION_CHARS = 300
_ENTRY_END = re.compile(r"(?:\d{1,4}|[ivxl]{1,6})$")
_SAME_SIZE = 0.06
_OPEN_CHARS = 40  # shorter paragraphs end without a stop: addresses, labels
_TITLE_PAGE_CHARS = 800  # a first page with less, and without a sentence, is a title page
_SENTENCE_WORDS = 6
_GOES_ON_FROM: dict[BlockKind, tuple[BlockKind, ...]] = {
    "paragraph": ("paragraph", "item"),
    "box": ("box",),
}
_PASSED_OVER = frozenset({"table", "caption", "footnote", "box"})


@dataclass(frozen=True, slots=True)
class Element:
    """A block in the making."""

    kind: BlockKind
    parts: tuple[Paragraph, ...] = ()
    """One; a box has as many as it has paragraphs."""
    table: Table | None = None
    level: int = 0
    begins_run: bool = False
    """It stands at the top of its column, so that it may go on from another."""

    @property
    def last(self) -> Paragraph:
        """The paragraph it ends with."""
        return self.parts[-1]


Runs = Sequence[Sequence[Item]]


def elements(
    pages: Sequence[Page], runs: Sequence[Runs], body: float, outline: Outline
) -> list[Element]:
    """Return the blocks in the making of all pages, paragraphs joined, headings ranked."""
    usual = leading(
        [line for line in run if isinstance(line, Line)] for page in runs for run in page
    )
    found: list[Element] = []
    for page, its in zip(pages, runs, strict=True):
        for run in its:
            earlier = [element.last for element in found[-LATE_ITEMS:] if element.parts]
            found += _run_elements(run, page, body, usual, outline, earlier)
    joined = _with_notes_at_home(_joined(_with_contents_title(found)))
    return _with_sources(_ranked(joined, outline))


class Mending(NamedTuple):
    """Finished blocks, and how many hyphens of line ends were dropped in them."""

    blocks: tuple[Block, ...]
    hyphens: int


def blocks(found: Iterable[Element], known: Container[str], pages: Sequence[Page]) -> Mending:
    """Mend hyphens and set boxes. ``known`` is the document's vocabulary."""
    made, hyphens = [], 0
    for element in found:
        if element.table:
            text, page = _table_text(element.table, known, pages), element.table.page
        else:
            parts = [mend(_strips(part), known, pages) for part in element.parts]
            text, page = chained(parts, "\n"), element.parts[0].first.page
        if text.text.strip():
            made.append(Block(element.kind, text.text, element.level, text.boxes, page))
            hyphens += text.hyphens
    return Mending(tuple(made), hyphens)


def _strips(paragraph: Paragraph) -> list[Strip]:
    return [Strip(line.page, line.words) for line in paragraph.lines]


def _table_text(table: Table, known: Container[str], pages: Sequence[Page]) -> Mended:
    rows = [chained([mend(cell, known, pages) for cell in row], "\t") for row in table.cells]
    return chained(rows, "\n")


def _run_elements(
    run: Sequence[Item],
    page: Page,
    body: float,
    usual: float,
    outline: Outline,
    earlier: Sequence[Paragraph],
) -> Iterator[Element]:
    begins_run = True
    for is_line, group in groupby(run, key=lambda item: isinstance(item, Line)):
        if is_line:
            lines = [item for item in group if isinstance(item, Line)]
            for paragraph in paragraphs(lines, usual, body, earlier):
                kind = _kind(paragraph, page, body, outline)
                yield Element(kind, (paragraph,), begins_run=begins_run)
                begins_run = False
            begins_run = True
            continue
        for item in group:
            if isinstance(item, Table):
                if item.caption:
                    yield Element("caption", (Paragraph(item.caption),))
                yield Element("table", table=item)
            elif isinstance(item, Boxed):
                parts = [part for lines in item.runs for part in paragraphs(lines, usual, body)]
                yield Element("box", tuple(parts))


def _kind(paragraph: Paragraph, page: Page, body: float, outline: Outline) -> BlockKind:
    first, text = paragraph.first, paragraph.text
    if paragraph.lines[-1].has_leader and _ENTRY_END.search(text):
        return "contents"
    low_and_small = first.size < NOTE_SIZE * body and first.y0 > _NOTE_ZONE * page.height
    if low_and_small and _has_number(first) and _LETTERS.search(text):
        return "footnote"
    if CAPTION.match(text) and len(text) <= _MOST_CAPTION_CHARS:
        return "caption"
    if is_heading(paragraph, body, outline):
        return "heading"
    return "item" if paragraph.marker else "paragraph"


def _has_number(line: Line) -> bool:
    if line.mark:
        return True
    return bool(line.words) and _NOTE_NUMBER.fullmatch(line.words[0].text) is not None


def _joined(found: Iterable[Element]) -> list[Element]:
    """Join what was broken by a column's or page's end, also around tables, notes and boxes."""
    result: list[Element] = []
    for element in found:
        at = _open_before(result, element)
        before = result[-1] if result else None
        if at is not None:
            result[at] = _continued(result[at], element)
        elif before and before.table and element.table and _is_rest(before.table, element.table):
            cells = (*before.table.cells, *element.table.cells[1:])
            result[-1] = replace(before, table=replace(before.table, cells=cells))
        else:
            result.append(element)
    return result


def _with_notes_at_home(found: Sequence[Element]) -> list[Element]:
    """Put notes at the end of the section that refers to them.

    They are printed at the page's end, where another section may have begun.
    """
    result = list(found)
    for at, element in enumerate(found):
        if element.kind == "footnote":
            home = _home(result, at)
            result.insert(home, result.pop(at))
    return result


def _home(found: Sequence[Element], at: int) -> int:
    """Return where a note belongs: before the heading that parts it from its reference."""
    first = found[at].parts[0].first
    number, page, home = first.mark or first.words[0].text, first.page, at
    for index in range(at - 1, -1, -1):
        lines = [line for part in found[index].parts for line in part.lines]
        if any(number in line.references for line in lines if line.page == page):
            return home
        if lines and lines[-1].page < page:
            break
        if found[index].kind == "heading":
            home = index
    return at


def _is_rest(table: Table, other: Table) -> bool:
    """Tell a table that was broken by a page's end, by its repeated head."""
    heads = [[_plain(cell) for cell in its.cells[0]] for its in (table, other)]
    return heads[0] == heads[1]


def _plain(cell: Sequence[Strip]) -> str:
    return " ".join(word.text for strip in cell for word in strip.words)


def _open_before(result: Sequence[Element], element: Element) -> int | None:
    """Return the index of the element that goes on in this one, or None."""
    if element.kind not in _GOES_ON_FROM:
        return None
    for at in range(len(result) - 1, -1, -1):
        before = result[at]
        follows_box = before.kind == "box" and at == len(result) - 1
        if before.kind in _GOES_ON_FROM[element.kind] or follows_box:
            return at if _goes_on(before, element) else None
        if before.kind not in _PASSED_OVER:
            return None
    return None


def _goes_on(before: Element, element: Element) -> bool:
    last, first = before.last, element.parts[0]
    if first.marker or abs(last.first.size - first.first.size) > _SAME_SIZE * first.first.size:
        return False
    if last.is_bold != first.is_bold:
        return False
    if last.lines[-1].ends_broken:
        return True
    if SENTENCE_END.search(last.text):
        return False
    if first.text[:1].islower():
        return True
    # German nouns begin with capitals too: then the line before must fill its column.
    at_break = element.begins_run and not last.is_short_ended
    return at_break and len(last.text) > _OPEN_CHARS


def _continued(before: Element, element: Element) -> Element:
    last, first = before.last, element.parts[0]
    joined = replace(last, lines=(*last.lines, *first.lines), is_short_ended=first.is_short_ended)
    return replace(before, parts=(*before.parts[:-1], joined, *element.parts[1:]))


def _with_contents_title(found: Sequence[Element]) -> list[Element]:
    """Count the heading of a contents list to it: it is no chapter."""
    return [
        replace(element, kind="contents")
        if element.kind == "heading" and CONTENTS_TITLE.fullmatch(element.last.text)
        else element
        for element in found
    ]


def _ranked(found: Sequence[Element], outline: Outline) -> list[Element]:
    """Give headings their rank. Of a title page only the largest line is one, of rank 1."""
    cover = _cover_headings(found)
    headings = [e for e in found if e.kind == "heading" and id(e) not in cover]
    levels = dict(zip(map(id, headings), ranks([e.last for e in headings], outline), strict=True))
    result = []
    for element in found:
        if id(element) in cover:
            kind: BlockKind = cover[id(element)]
            result.append(replace(element, kind=kind, level=int(kind == "heading")))
        else:
            result.append(replace(element, level=levels.get(id(element), 0)))
    return result


def _cover_headings(found: Sequence[Element]) -> dict[int, BlockKind]:
    """Return what the headings of a title page are; nothing if the first page has text."""
    first_page = [e for e in found if e.parts and e.parts[0].first.page == 0]
    texts = [part.text for e in first_page for part in e.parts]
    if sum(map(len, texts)) > _TITLE_PAGE_CHARS or any(map(_is_running_text, texts)):
        return {}
    headings = [e for e in first_page if e.kind == "heading"]
    title = max(headings, key=lambda e: e.last.first.size, default=None)
    return {id(e): "heading" if e is title else "paragraph" for e in headings}


def _is_running_text(text: str) -> bool:
    return bool(SENTENCE_END.search(text)) and len(text.split()) >= _SENTENCE_WORDS


def _with_sources(found: Sequence[Element]) -> list[Element]:
    """Make notes of all text below a heading like "Quellen", up to the next of its rank."""
    result = []
    level = 0
    for element in found:
        if element.kind == "heading":
            if opens_sources(element.last.text):
                level = element.level
            elif element.level <= level:
                level = 0
        elif level and element.kind in ("paragraph", "item", "caption"):
            element = replace(element, kind="footnote")
        result.append(element)
    return result
