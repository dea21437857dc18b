"""Rows and cells of an HTML table, with cells over several rows or columns. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import Tag

from ingest.blocks import Block
from ingest.markup.text import elements

_MAX_COLUMNS = 100  # cells may claim 1,000 columns each; more than this is no table to read
_MAX_CELL_WORDS = 150  # cells of that length are columns of a layout, not facts under a head
_ONLY_LAYOUT = ("presentation", "none")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text and how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1


def rows_of(table: Tag) -> list[list[Tag]]:
    """Return the cells of each row, head rows first, without those of tables within."""
    rows = [row for row in elements(table, "tr") if row.find_parent("table") is table]
    rows.sort(key=lambda row: row.parent is None or row.parent.name != "thead")
    return [row.find_all(["td", "th"], recursive=False) for row in rows]


def spans(cell: Tag) -> tuple[int, int]:
    """Return how many rows and columns a cell covers."""
    return _count(cell.get("rowspan")), _count(cell.get("colspan"))


def lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return a line for each row, its cells parted by tabs.

    A cell over several rows or columns stands at its first place; the others are empty.
    """
    result: list[str] = []
    covered: dict[int, int] = {}
    for row in rows:
        texts: list[str] = []
        for cell in row:
            _pass_covered(texts, covered)
            columns = max(1, min(cell.columns, _MAX_COLUMNS - len(texts)))
            for at in range(len(texts), len(texts) + columns):
                covered[at] = cell.rows - 1
            texts += [cell.text, *[""] * (columns - 1)]
        while any(count and at >= len(texts) for at, count in covered.items()):
            texts += [] if covered.get(len(texts)) else [""]
            _pass_covered(texts, covered)
        if any(texts):
            result.append("\t".join(texts))
    return result


def _pass_covered(texts: list[str], covered: dict[int, int]) -> None:
    """Fill the columns in which a cell from above still stands."""
    while covered.get(len(texts)):
        covered[len(texts)] -= 1
        texts.append("")


def is_layout(table: Tag, cells: Sequence[Sequence[Block]]) -> bool:
    """Tell whether a table only sets text beside text: frames of old pages, columns."""
    if table.get("role") in _ONLY_LAYOUT or table.find("table") is not None:
        return True
    if any(0 < block.level <= 3 for found in cells for block in found):
        return True
    return any(sum(len(b.text.split()) for b in found) > _MAX_CELL_WORDS for found in cells)


def _count(value: object) -> int:
    text = str(value or "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else 1
