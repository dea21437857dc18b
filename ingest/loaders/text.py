"""Plain text -> blocks: headings, lists and tables as people type them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from corpus.types import Extraction
from ingest.blocks import Block, BlockKind, LoadedFile
from ingest.characters import closed_up
from ingest.loaders.encodings import decoded
from ingest.loaders.files import file_bytes
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.text_headings import MAX_HEADING_CHARS, Headings
from ingest.loaders.text_lines import TextLine, Wrapping, pages_of
from ingest.markup.headings import without_title
from ingest.refusals import refuse

# 1,500 pages. Lines of one letter take 50 bytes of memory for each of the file.
MAX_BYTES = 6 * 2**20
MAX_LINES = 200_000  # twice as many as 1,500 pages have; they take 5 s

_RULE = re.compile(r"\s*([=\-_~*#^+])\1{2,}\s*")
_ATX = re.compile(r"\s{0,3}(#{1,6})\s+(.*?\S)[\s#]*")
_BULLET = re.compile(r"\s*[-–—•*·▪●◦‣]\s+(?=\S)")
_NUMBER = re.compile(r"\s*(\d{1,3}[.)]|[a-z]\))\s+(?=\S)")
_DATE = re.compile(r"\s*\d{1,2}\.\s+(?:Jan|Feb|März|Apr|Mai|Juni|Juli|Aug|Sep|Okt|Nov|Dez)")
_NOTE = re.compile(r"\s*\[\d{1,3}\]\s+(?=\S)")
_TABLE_RULE = re.compile(r"[\s|+]*[|+-][-=:|+\s]*-[-=:|+\s]*")
_LEADER = re.compile(r".*(?:\.{4,}|(?: \.){3,})\s*\d{1,4}\s*")
_CAPTION = re.compile(r"(?:Tabelle|Abbildung|Tab\.|Abb\.) \d+\s*[:.–]")
_MAX_PATTERN_CHARS = 300  # longer lines are paragraphs; these patterns take their time on them
_ENDED = (".", "!", "?", ":", ";")


def load_text(path: Path) -> LoadedFile:
    """Read a text file of any usual encoding. Raises FileRefusedError, naming the file.

    Form feeds are page breaks; a file without them has no pages. A single heading of the
    first rank before all else is the title.
    """
    data = file_bytes(path, MAX_BYTES)
    loaded = read_text(bounded(decoded(data, path.name), path.name), HiddenTexts())
    if not any(block.kind != "heading" for block in loaded.blocks):
        raise refuse("ERR_FILE_EMPTY", path.name, reason="enthält keinen Text.")
    title, blocks = without_title(loaded.blocks, "")
    return replace(loaded, blocks=blocks, metadata={"titel": title} if title else {})


def bounded(text: str, name: str) -> str:
    """Return a text that isn't longer than real ones. Raises FileRefusedError."""
    lines = sum(text.count(sign) for sign in "\n\r\v\f\x85\u2028\u2029")
    if len(text) > MAX_BYTES or lines > 2 * MAX_LINES:  # a line may end with two signs
        raise refuse("ERR_FILE_TOO_LARGE", name)
    return text


def read_text(text: str, hidden: HiddenTexts) -> LoadedFile:
    """Find the blocks of a text, which may be none; without metadata."""
    pages = pages_of(text, hidden)
    reader = _Reader(pages.chunks)
    blocks = tuple(block for at in range(len(pages.chunks)) for block in reader.chunk(at))
    extraction = Extraction(
        format="Text", hidden=hidden.listed(), mended_hyphens=reader.wrapping.mended
    )
    return LoadedFile(blocks, page_labels=pages.labels, extraction=extraction)


class _Reader:
    """Reads chunks in order: what headings came before decides on the rank of the next."""

    def __init__(self, chunks: Sequence[Sequence[TextLine]]) -> None:
        self._chunks = chunks
        self._headings = Headings()
        self.wrapping = Wrapping(chunks)

    def chunk(self, at: int) -> Iterator[Block]:
        """Yield the blocks of the lines between two blank ones."""
        lines = self._chunks[at]
        if len(lines) == 1 and (level := self._level_alone(at)):
            yield self._block("heading", lines, level=level)
            return
        while lines:
            blocks, count = self._next(lines)
            yield from blocks
            lines = lines[count:]

    def _next(self, lines: Sequence[TextLine]) -> tuple[list[Block], int]:
        """Return what the lines begin with, and how many of them it takes."""
        if heading := self._ruled(lines):
            return heading
        if found := _marked(lines[0].text):
            level = self._headings.marked(len(found[1]))
            return [Block("heading", closed_up(found[2]), level, page=lines[0].page)], 1
        if (count := _leaders(lines)) > 1:
            return [self._block("contents", [line]) for line in lines[:count]], count
        if count := _table_lines(lines):
            return [_table(lines[:count])], count
        count = self._run(lines)
        return [self._paragraph(lines[:count])], count

    def _ruled(self, lines: Sequence[TextLine]) -> tuple[list[Block], int] | None:
        """Read a heading between or above rules; a rule alone only separates."""
        over = _rule(lines[0].text)
        title, under = (lines[1:2], lines[2:3]) if over else (lines[:1], lines[1:2])
        sign = _rule(under[0].text) if under else ""
        if not sign or _rule(title[0].text) or not _may_head(title[0].text):
            return ([], 1) if over else None
        level = self._headings.underlined(title[0].text.strip(), sign)
        return [self._block("heading", title, level=level)], 3 if over else 2

    def _run(self, lines: Sequence[TextLine]) -> int:
        """Return how many lines the first item or paragraph has."""
        is_item = _marker(lines[0].text) is not None
        indent = lines[0].indent
        for at in range(1, len(lines)):
            before, line = lines[at - 1].text.rstrip(), lines[at]
            if _rule(line.text) or _marked(line.text) or _table_lines(lines[at:]):
                return at
            if _marker(line.text) is not None and (is_item or before.endswith(_ENDED)):
                return at
            if is_item and line.indent > indent:
                continue
            if self.wrapping.ends(before, line.text):
                return at
        return len(lines)

    def _paragraph(self, lines: Sequence[TextLine]) -> Block:
        mark = _marker(lines[0].text)
        if mark is None:
            return self._block(_kind(lines[0].text), lines)
        rest = replace(lines[0], text=lines[0].text.split(maxsplit=1)[1])
        block = self._block("item", [rest, *lines[1:]])
        return replace(block, text=mark + block.text)

    def _block(self, kind: BlockKind, lines: Sequence[TextLine], level: int = 0) -> Block:
        text = self.wrapping.joined([closed_up(line.text.strip()) for line in lines])
        return Block(kind, text, level, page=lines[0].page)

    def _level_alone(self, at: int) -> int:
        """Return the rank of a line between blank lines, 0 when it isn't a heading."""
        text = closed_up(self._chunks[at][0].text.strip())
        neighbours = [self._chunks[i] for i in (at - 1, at + 1) if 0 <= i < len(self._chunks)]
        counted = any(len(c) == 1 and _NUMBER.match(c[0].text) for c in neighbours)
        return 0 if "\t" in text else self._headings.alone(text, counted=counted)


def _marker(text: str) -> str | None:
    """Return what is kept of an item's marker, or None when the line begins no item."""
    if _BULLET.match(text):
        return ""
    number = None if _DATE.match(text) else _NUMBER.match(text)
    return f"{number[1]} " if number else None


def _kind(text: str) -> BlockKind:
    if _NOTE.match(text):
        return "footnote"
    return "caption" if _CAPTION.match(text.strip()) else "paragraph"


def _rule(text: str) -> str:
    """Return the sign a line wholly consists of, or nothing."""
    found = _RULE.fullmatch(text)
    return found[1] if found else ""


def _may_head(text: str) -> bool:
    return len(text.strip()) <= MAX_HEADING_CHARS and "|" not in text and "\t" not in text.strip()


def _marked(text: str) -> re.Match[str] | None:
    return _ATX.fullmatch(text) if len(text) <= _MAX_PATTERN_CHARS else None


def _leaders(lines: Sequence[TextLine]) -> int:
    """Return how many lines of a table of contents come first."""
    texts = (line.text for line in lines)
    found = takewhile(lambda t: len(t) <= _MAX_PATTERN_CHARS and _LEADER.fullmatch(t), texts)
    return sum(1 for _ in found)


def _table_lines(lines: Sequence[TextLine]) -> int:
    """Return how many lines of a table come first: two rows of cells at least, or none."""
    for cells in (_piped, _tabbed):
        count = rows = 0
        for line in lines:
            is_rule = cells is _piped and _is_table_rule(line.text)
            if not is_rule and len(cells(line.text)) < 2:
                break
            count += 1
            rows += not is_rule
        if rows > 1:
            return count
    return 0


def _table(lines: Sequence[TextLine]) -> Block:
    texts = [line.text for line in lines if not _is_table_rule(line.text)]
    rows = [_piped(text) for text in texts]
    if any(len(row) < 2 for row in rows):
        rows = [_tabbed(line.text) for line in lines]
        if len({len(row) for row in rows}) > 1:
            # Typed with as many tabs as it took to stand in line.
            rows = [[cell for cell in row if cell.strip()] for row in rows]
    text = "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
    return Block("table", text, page=lines[0].page)


def _is_table_rule(text: str) -> bool:
    return len(text) <= _MAX_PATTERN_CHARS and bool(_TABLE_RULE.fullmatch(text))


def _piped(text: str) -> list[str]:
    return text.strip().removeprefix("|").removesuffix("|").split("|") if "|" in text else []


def _tabbed(text: str) -> list[str]:
    cells = text.strip().split("\t")
    return [] if _marker(text) is not None and len(cells) == 2 else cells
