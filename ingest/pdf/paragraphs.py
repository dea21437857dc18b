"""Lines of a run -> paragraphs and list items. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.pdf.hyphens import HYPHENS
from ingest.pdf.lines import Line

# Shares are of the font size or the column's width; measured on tests/testdocs and our own
# brochures (tests/ingest/test_pdf*.py, test_starter_brochures.py).
NOTE_SIZE = 0.88  # of the body's size: footnotes are set smaller than that
_SAME_SIZE = 0.09
_LARGE = 1.08  # of the body's size: bold lines are headings, however they end
_LOOSE_LEADING = 1.25  # of the document's leading: more is a gap between paragraphs
_LEAST_LOOSE_LEADING = 1.45  # of the size
_SHORT_SHARE = 0.18  # a line this much shorter than its column ends a paragraph
_INDENT = 4.0  # points
_TAB_GAP = 0.45  # between a list number and its text; a space is about 0.25
_WINDOW = 6  # lines before and after that tell where the column ends

LATE_ITEMS = 3  # paragraphs since the item before: an item may have several

_BULLETS = frozenset("•▪■●◦∙·►▶➢✓✔□○◆➔→‣⁃")
_DRAWN = "○"  # a bullet that was drawn, so that no word of the line is it
_DASHES = frozenset("–—-")
_NUMBER = re.compile(r"(?:\(?(\d{1,2})[.)]|\[(\d{1,3})\])")
_LETTER = re.compile(r"\(?[a-z]\)")
_MONTH = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
_CLOSED = re.compile(r"[.!?:;,“”\"»)\]…]$")
SENTENCE_END = re.compile(r"[.!?:…][“”\"»)\]]*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together. An item's bullet is no part of its lines."""

    lines: tuple[Line, ...]
    marker: str = ""
    """What an item begins with: "•", "3.", "a)"; empty for a paragraph."""
    is_short_ended: bool = False
    """The last line leaves room in its column: the paragraph goes on nowhere."""

    @property
    def first(self) -> Line:
        """The line it begins with."""
        return self.lines[0]

    @property
    def text(self) -> str:
        """Its lines joined by spaces, hyphens unmended: for looking at, not for reading."""
        return " ".join(line.text for line in self.lines)

    @property
    def is_bold(self) -> bool:
        """Tell whether all of it is bold."""
        return all(line.bold for line in self.lines)


def leading(runs: Iterable[Sequence[Line]]) -> float:
    """Return the usual distance of two lines, in font sizes."""
    ratios = [
        (b.baseline - a.baseline) / a.size
        for run in runs
        for a, b in pairwise(run)
        if abs(a.size - b.size) < _SAME_SIZE * a.size
        and 0.9 < (b.baseline - a.baseline) / a.size < 2.2
    ]
    return median(ratios) if ratios else 1.2


def paragraphs(
    run: Sequence[Line], usual_leading: float, body: float, earlier: Sequence[Paragraph] = ()
) -> list[Paragraph]:
    """Cut the lines of one column, top to bottom, into paragraphs and items.

    ``usual_leading`` is in font sizes, ``body`` the body's font size in points. ``earlier``
    are the paragraphs before, whose list may go on.
    """
    found: list[Paragraph] = []
    for at, line in enumerate(run):
        column = _column(run, at)
        marker = _marker(line, [*earlier, *found][-LATE_ITEMS:], column)
        if line.bold and line.size >= _LARGE * body:
            marker = ""  # the number of a heading
        begins = found and _begins(found[-1], line, column, usual_leading, body)
        if found and not marker and not begins:
            last = found[-1]
            found[-1] = replace(last, lines=(*last.lines, line))
        else:
            found.append(Paragraph((_without_bullet(line, marker),), marker))
        found[-1] = replace(found[-1], is_short_ended=_is_short(line, column))
    return found


def _column(run: Sequence[Line], at: int) -> tuple[float, float]:
    """Return left and right edge of the column around a line."""
    near = [
        line
        for line in run[max(0, at - _WINDOW) : at + _WINDOW + 1]
        if abs(line.size - run[at].size) < _SAME_SIZE * run[at].size
    ]
    return min(line.x0 for line in near), max(line.x1 for line in near)


def _is_short(line: Line, column: tuple[float, float]) -> bool:
    left, right = column
    return line.x1 < right - _SHORT_SHARE * (right - left)


def _begins(
    before: Paragraph, line: Line, column: tuple[float, float], usual: float, body: float
) -> bool:
    """Tell whether a line without a marker begins a paragraph of its own."""
    last = before.lines[-1]
    size = max(last.size, line.size)
    begins_note = line.mark and line.size < NOTE_SIZE * body
    if begins_note or last.has_leader or abs(last.size - line.size) >= _SAME_SIZE * size:
        return True
    drop = (line.baseline - last.baseline) / size
    if not 0.2 < drop < max(_LEAST_LOOSE_LEADING, _LOOSE_LEADING * usual):
        return True
    if _changes_weight(before, line, column):
        return True
    if last.text[-1:] in HYPHENS or (line.bold and line.size >= _LARGE * body):
        return False
    if before.marker:
        return _leaves_item(before, line, column)
    closed = bool(SENTENCE_END.search(last.text))
    indented = line.x0 - column[0] > _INDENT and line.x0 - last.x0 > _INDENT
    return closed and (_is_short(last, column) or indented)


def _changes_weight(before: Paragraph, line: Line, column: tuple[float, float]) -> bool:
    """Tell a bold heading from bold words that fill a line inside a paragraph."""
    last = before.lines[-1]
    if last.bold == line.bold:
        return False
    if last.bold:
        return before.is_bold and not line.starts_bold
    return _is_short(last, column) or bool(SENTENCE_END.search(last.text))


def _leaves_item(before: Paragraph, line: Line, column: tuple[float, float]) -> bool:
    """Tell the paragraph after a list from an item's next line."""
    first = before.first
    if len(before.lines) > 1:
        text_edge = before.lines[1].x0
    elif first.words[0].text == before.marker and _is_tabbed(first):
        text_edge = first.words[1].box[0]
    else:
        text_edge = first.x0
    if line.x0 > text_edge - _INDENT:
        return False
    last = before.lines[-1]
    return _is_short(last, column) or bool(_CLOSED.search(last.text))


def _marker(line: Line, earlier: Sequence[Paragraph], column: tuple[float, float]) -> str:
    """Return the marker a list item begins with, else nothing."""
    before = earlier[-1] if earlier else None
    if line.has_dot:
        return _DRAWN
    if len(line.words) < 2:
        return ""
    first, second = line.words[0], line.words[1]
    if first.text in _BULLETS:
        return first.text
    number = _number(first.text)
    in_turn = number is not None and any(_number(p.marker) == number - 1 for p in earlier)
    if in_turn and _is_tabbed(line):
        return first.text
    if before is not None and not _is_closed(before, column):
        return ""
    if first.text in _DASHES:
        mid_sentence = before is not None and not before.marker and before.text.endswith(",")
        return "" if mid_sentence else first.text
    if _LETTER.fullmatch(first.text):
        return first.text
    if number is None or _MONTH.match(second.text):
        return ""
    return first.text if in_turn or number == 1 or _is_tabbed(line) else ""


def _is_closed(before: Paragraph, column: tuple[float, float]) -> bool:
    last = before.lines[-1]
    return bool(_CLOSED.search(last.text)) or _is_short(last, column) or before.is_bold


def _is_tabbed(line: Line) -> bool:
    first, second = line.words[:2]
    return second.box[0] - first.box[2] > _TAB_GAP * line.size


def _number(marker: str) -> int | None:
    match = _NUMBER.fullmatch(marker)
    return int(match[1] or match[2]) if match else None


def _without_bullet(line: Line, marker: str) -> Line:
    """Take off a bullet or dash; numbers and letters are part of the text."""
    if line.has_dot or (marker not in _BULLETS and marker not in _DASHES):
        return line
    words = line.words[1:]
    text = " ".join(word.text for word in words)
    return replace(line, words=words, x0=words[0].box[0], text=text)
