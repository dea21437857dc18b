"""HTML tree -> blocks: one walk for web pages and for Word files turned into HTML. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeGuard

from bs4 import CData, Tag
from bs4.element import NavigableString, PageElement

from ingest.blocks import Block, BlockKind
from ingest.characters import cleaned, closed_up
from ingest.loaders.numbering import numeral
from ingest.markup.headings import ranked
from ingest.markup.notes import SIGNS, find_notes, leads_down, mark, with_notes, without_marks
from ingest.markup.tables import Cell, is_layout, lines, rows_of, spans
from ingest.markup.text import classes, elements, one_line, with_ancestors

CONTENTS_CLASS = "sozialraum-inhalt"
"""Marks a paragraph that belongs to a table of contents."""
_MAX_DEPTH = 100  # blocks within blocks; pages have up to 50, below that structure is given up
_MAX_BOX_WORDS = 400  # a "box" of more than a page of text is the page's own frame
_MAX_HEADING_CHARS = 200  # longer text in a heading's dress is a paragraph
_MAX_LABEL_CHARS = 100  # a bold paragraph up to this length is a heading
_NO_LABEL_END = (".", "!", "?", ":", ";", ",", "…")

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu "
    "nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HEADINGS = {**{f"h{level}": level for level in range(1, 7)}, "summary": 0}
_LISTS = ("ul", "ol", "menu", "dir")
_BOX_CLASS = re.compile(
    r"(?:^|[\s_-])(?:(?:info|hinweis|merk|fakten|tipp|zitat|text)[_-]?(?:box|kasten)"
    r"|kasten|callout|pull-?quote)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_CAPTION = re.compile(r"(?:Tabelle|Abbildung|Tab\.|Abb\.) \d+\s*[:.–]")
_LETTER = re.compile(r"[^\W\d_]")
_BREAK = "\u2028"
_RESERVED = re.compile(f"[{SIGNS}{_BREAK}]")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def blocks_of(root: Tag, left_out: Collection[int] = ()) -> tuple[Block, ...]:
    """Return the blocks below ``root`` in reading order.

    ``left_out`` holds the ``id()`` of elements that are passed over with all they hold.
    Footnotes stand behind the paragraph, list or table that refers to them.
    """
    return with_notes(ranked(list(_Walk(root, left_out).below(root, 0))))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of running text."""

    text: str
    bold: bool


class _Walk:
    """Goes through a tree once. ``_instead`` holds what is read in an element's place."""

    def __init__(self, root: Tag, left_out: Collection[int]) -> None:
        self._notes, self._instead = find_notes(root)
        for tag in elements(root, "br", "sup", "sub"):
            digits = tag.get_text(strip=True) if tag.name != "br" else ""
            if tag.name == "br":
                self._instead[id(tag)] = _BREAK
            elif digits.isdecimal() and id(tag) not in self._instead and tag.find("a") is None:
                signs = _RAISED if tag.name == "sup" else _LOWERED
                self._instead[id(tag)] = digits.translate(signs)
        self._instead.update((id_, "") for id_ in left_out)
        self._blocks = with_ancestors(elements(root, *_BLOCKS))
        self._leading = with_ancestors(filter(leads_down, elements(root, "a")))

    def below(self, parent: Tag, depth: int) -> Iterator[Block]:
        """Yield the blocks of an element's children; what runs between them is paragraphs."""
        run: list[PageElement] = []
        for child in parent.children:
            if self._is_block(child) and depth < _MAX_DEPTH:
                yield from self._paragraphs(run)
                run = []
                yield from self._element(child, depth + 1)
            else:
                run.append(child)
        yield from self._paragraphs(run)

    def _is_block(self, node: PageElement) -> TypeGuard[Tag]:
        return isinstance(node, Tag) and id(node) in self._blocks and id(node) not in self._instead

    def _element(self, node: Tag, depth: int) -> Iterator[Block]:
        if id(node) in self._notes:
            yield from self._line("footnote", node, mark(self._notes[id(node)]))
        elif node.name in _HEADINGS:
            yield from self._heading(node)
        elif node.name in _LISTS:
            yield from self._list(node, depth)
        elif node.name == "li":
            yield from self._item(node, "", depth)
        elif node.name == "dl":
            yield from self._definitions(node, depth)
        elif node.name == "table":
            yield from self._table(node, depth)
        elif node.name in ("figcaption", "caption"):
            yield from self._line("caption", node)
        elif node.name == "pre":
            text = closed_up(cleaned(self._text([node]))).replace("\t", " ").strip("\n").rstrip()
            yield from [Block("paragraph", text)] if text else []
        elif CONTENTS_CLASS in classes(node):
            yield from self._line("contents", node)
        elif node.name in ("aside", "blockquote") or _BOX_CLASS.search(classes(node)):
            yield from _boxed(list(self.below(node, depth)))
        else:
            yield from self.below(node, depth)

    def _pieces(self, nodes: Iterable[PageElement]) -> Iterator[_Piece]:
        stack = [(node, False) for node in reversed(list(nodes))]
        while stack:
            node, bold = stack.pop()
            if isinstance(node, Tag):
                if (text := self._instead.get(id(node))) is not None:
                    yield _Piece(text, bold)
                    continue
                if node.name in _BLOCKS:
                    yield _Piece(" ", bold)
                style = str(node.get("style", ""))
                bold = bold or node.name in ("b", "strong") or bool(_BOLD.search(style))
                stack.extend((child, bold) for child in reversed(node.contents))
            elif type(node) in (NavigableString, CData):  # comments and scripts are kinds of it
                yield _Piece(_RESERVED.sub("", str(node)), bold)

    def _text(self, nodes: Iterable[PageElement]) -> str:
        return "".join(piece.text for piece in self._pieces(nodes)).replace(_BREAK, "\n")

    def _line(self, kind: BlockKind, node: Tag, before: str = "") -> Iterator[Block]:
        if text := one_line(self._text(node.children)):
            yield Block(kind, before + text)

    def _heading(self, node: Tag) -> Iterator[Block]:
        for block in self._line("heading", node):
            too_long = len(block.text) > _MAX_HEADING_CHARS
            level = _HEADINGS[node.name]
            yield replace(block, kind="paragraph") if too_long else replace(block, level=level)

    def _paragraphs(self, nodes: Sequence[PageElement]) -> Iterator[Block]:
        """Yield running text: one line break is a blank, two are a new paragraph."""
        part: list[_Piece] = []
        breaks = 0
        for piece in self._pieces(nodes):
            is_text = piece.text.strip() != ""  # a break is white space
            breaks += piece.text == _BREAK
            if is_text and breaks > 1:
                yield from _paragraph(part)
                part = []
            breaks = 0 if is_text else breaks
            part.append(piece)
        yield from _paragraph(part)

    def _list(self, node: Tag, depth: int) -> Iterator[Block]:
        number = _integer(node.get("start"), 1)
        kind = str(node.get("type", "1"))
        is_inner = any(parent.name in (*_LISTS, "li") for parent in islice(node.parents, 2))
        is_contents = not is_inner and id(node) in self._leading and _is_contents(node)
        for child in node.children:
            if not self._is_block(child):
                yield from self._paragraphs([child])
            elif child.name != "li" or id(child) in self._notes:
                yield from self._element(child, depth + 1)
            else:
                number = _integer(child.get("value"), number)
                sign = f"{numeral(number, kind)}. " if node.name == "ol" else ""
                for block in self._item(child, sign, depth):
                    is_entry = is_contents and block.kind == "item"
                    yield replace(block, kind="contents") if is_entry else block
                number += 1

    def _item(self, node: Tag, sign: str, depth: int) -> Iterator[Block]:
        found = list(self.below(node, depth + 1))
        is_card = any(block.level for block in found)
        for block in found:
            if block.kind in ("paragraph", "heading") and not is_card:
                yield Block("item", sign + block.text)
                sign = ""
            else:
                yield block

    def _definitions(self, node: Tag, depth: int) -> Iterator[Block]:
        term = ""
        for entry in elements(node, "dt", "dd"):
            if not self._is_block(entry) or entry.find_parent("dl") is not node:
                continue
            if entry.name == "dd":
                sign = "" if not term or term.endswith((":", "?", "!", ".")) else ":"
                yield from self._item(entry, f"{term}{sign} ".lstrip(), depth)
                term = ""
            elif more := one_line(self._text([entry])):
                term = f"{term}, {more}" if term else more
        if term:
            yield Block("item", term)

    def _table(self, node: Tag, depth: int) -> Iterator[Block]:
        for caption in node.find_all("caption", recursive=False):
            yield from self._line("caption", caption)
        rows = [
            [(cell, list(self.below(cell, depth + 1))) for cell in row if self._is_block(cell)]
            for row in rows_of(node)
        ]
        cells = [found for row in rows for _, found in row]
        if is_layout(node, cells):
            yield from (block for found in cells for block in found)
        elif len(cells) == 1:
            yield from _boxed(cells[0])
        else:
            texts = [[Cell(_joined(found), *spans(cell)) for cell, found in row] for row in rows]
            yield from [Block("table", "\n".join(filled))] if (filled := lines(texts)) else []


def _paragraph(pieces: Sequence[_Piece]) -> Iterator[Block]:
    text = one_line("".join(piece.text for piece in pieces))
    plain = without_marks(text)
    bold = all(piece.bold for piece in pieces if _LETTER.search(piece.text))
    short = len(plain) <= _MAX_LABEL_CHARS and not plain.endswith(_NO_LABEL_END)
    if not plain:
        return
    if _CAPTION.match(plain):
        yield Block("caption", text)
    elif bold and short and _LETTER.search(plain):
        yield Block("heading", text)
    else:
        yield Block("paragraph", text)


def _boxed(found: Sequence[Block]) -> Iterator[Block]:
    """Join blocks to a box; tables and notes within it stand on their own."""
    if sum(len(block.text.split()) for block in found) > _MAX_BOX_WORDS:
        yield from found
        return
    texts: list[str] = []
    for block in [*found, Block("contents", "")]:
        if block.kind not in ("table", "footnote", "contents"):
            texts.append(block.text)
            continue
        if texts:
            yield Block("box", "\n".join(texts))
            texts = []
        if block.text:
            yield block


def _joined(found: Sequence[Block]) -> str:
    return " ".join(" ".join(block.text.split()) for block in found)


def _is_contents(node: Tag) -> bool:
    """Tell whether a list is a table of contents: links to places on the same page."""
    links = [link for link in elements(node, "a") if leads_down(link)]
    linked = sum(len(link.get_text(strip=True)) for link in links)
    return len(links) > 2 and linked > 0.8 * len(node.get_text(strip=True))


def _integer(value: object, default: int) -> int:
    text = str(value or "")
    return int(text) if re.fullmatch("-?[0-9]{1,6}", text) else default
