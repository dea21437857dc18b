"""Which paragraphs are headings, and of what rank. Pure.

Ranks come from the bookmarks where they name a heading, else from size, weight and numbering.
In real brochures only part of them is right (parsing.md, 3): nothing may rest on rank alone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ingest.pdf.page import OutlineEntry
from ingest.pdf.paragraphs import Paragraph

_LARGER = 1.12  # of the body's size
_AS_LARGE = 0.98
_MOST_CHARS = 140
_MOST_BOLD_CHARS = 110
_LOWEST_RANK = 6
_LETTERS = re.compile(r"[^\W\d_]{3}")
_NO_HEADING_END = (".", ",", ";")
_QUOTED = re.compile(r"^[„“\"»«].*[“”\"«»]$")
_NUMBERING = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s")
_SOURCES = re.compile(
    r"(?:\d+\.?\s+)?(?:quellen|literatur|anmerkungen|fußnoten|endnoten|nachweise|belege)"
    r"(?:verzeichnis|angaben|nachweise|hinweise)?"
    r"(?:\s+und\s+(?:quellen|literatur|anmerkungen|nachweise|links)(?:verzeichnis|angaben)?)?",
    re.IGNORECASE,
)


class Style(NamedTuple):
    """What headings of one rank share; ordered from the highest rank down."""

    smallness: float
    """Font size in half points, negated."""
    is_light: bool
    depth: int
    """Parts of the numbering, 1 without: "1.2" has 2."""


class Outline:
    """The bookmarks, to be asked for a heading's level."""

    def __init__(self, entries: Sequence[OutlineEntry]) -> None:
        self._levels: dict[tuple[str, int | None], int] = {}
        for entry in entries:
            key = (bare(entry.title), entry.page)
            self._levels.setdefault(key, entry.level)

    def level(self, text: str, page: int) -> int | None:
        """Return the level of the bookmark with this text on this page, from 1."""
        return self._levels.get((bare(text), page)) if bare(text) else None


def bare(text: str) -> str:
    """Return letters and digits only, for comparing headings with bookmarks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def is_heading(paragraph: Paragraph, body: float, outline: Outline) -> bool:
    """Tell a heading by its bookmark, its size, or by being bold, short and unpunctuated."""
    text, first = paragraph.text, paragraph.first
    if outline.level(text, first.page) is not None:
        return True
    if len(text) > _MOST_CHARS or not _LETTERS.search(text) or text.endswith(_NO_HEADING_END):
        return False
    if _QUOTED.match(text) or (paragraph.marker and not text.startswith(paragraph.marker)):
        return False
    if first.size >= _LARGER * body:
        return paragraph.is_bold or not all(line.italic for line in paragraph.lines)
    bold_enough = paragraph.is_bold and first.size >= _AS_LARGE * body
    return bold_enough and len(text) <= _MOST_BOLD_CHARS and not text.endswith(":")


def style(paragraph: Paragraph) -> Style:
    """Return what decides on a heading's rank."""
    numbering = _NUMBERING.match(paragraph.text)
    depth = numbering[1].count(".") + 1 if numbering else 1
    return Style(-round(paragraph.first.size * 2) / 2, not paragraph.is_bold, depth)


def ranks(headings: Sequence[Paragraph], outline: Outline) -> list[int]:
    """Return the rank of each heading, 1 for the highest.

    A style's rank is the level most of its bookmarked headings have, else one below the
    next more prominent style.
    """
    styles = [style(heading) for heading in headings]
    levels = [outline.level(heading.text, heading.first.page) for heading in headings]
    rank_of: dict[Style, int] = {}
    rank = 0
    for one in sorted(set(styles)):
        stated = Counter(
            level for its, level in zip(styles, levels, strict=True) if its == one and level
        )
        rank = stated.most_common(1)[0][0] if stated else rank + 1
        rank_of[one] = min(rank, _LOWEST_RANK)
    return [level or rank_of[its] for its, level in zip(styles, levels, strict=True)]


def opens_sources(heading: str) -> bool:
    """Tell whether what follows are references, not text: "Quellen", "Anmerkungen" …"""
    return _SOURCES.fullmatch(heading.strip()) is not None
