"""OpenDocument text -> the HTML that shows the same, for the one walk that makes blocks. Pure.

What a reader of the printed text doesn't see is left out of it and noted.
"""

import html
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree
from lxml.etree import _Element as Element

from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.markup import CONTENTS_CLASS
from ingest.markup.opendocument_styles import (
    Counters,
    Properties,
    Styles,
    concealment,
    count,
    is_bold,
    is_filled,
    outline_level,
    tag,
    value,
)

MAX_DEPTH = 100  # lists in tables in frames in sections: real files have up to 40
MAX_CELLS = 100_000
MAX_CHARS = 10_000_000  # 4,000 pages; what the HTML reader takes as well
MAX_TAGS = 400_000  # 2,000 pages of bold paragraphs; a quarter million take 9 s and 250 MB
_MAX_COLUMNS = 100
_MAX_LEVEL = 10  # of lists and headings, by the format

_FAMILIES = {
    tag("table:table"): ("table", "table:style-name"),
    tag("table:table-row"): ("table-row", "table:style-name"),
    tag("table:table-cell"): ("table-cell", "table:style-name"),
    tag("text:section"): ("section", "text:style-name"),
}
_SHAPES = frozenset(
    tag(f"draw:{name}")
    for name in ("frame", "custom-shape", "rect", "ellipse", "circle", "polygon", "path", "g")
)
_INDEXES = frozenset(
    tag(f"text:{name}")
    for name in (
        *("table-of-content", "alphabetical-index", "illustration-index", "table-index"),
        *("object-index", "user-index", "bibliography"),
    )
)
_ROW_GROUPS = frozenset(
    tag(f"table:{name}") for name in ("table-header-rows", "table-rows", "table-row-group")
)
_NO_TEXT = frozenset(
    tag(name)
    for name in (
        *("office:forms", "office:scripts", "text:sequence-decls", "text:variable-decls"),
        *("text:user-field-decls", "text:dde-connection-decls", "text:ruby-text", "svg:title"),
        *("svg:desc", "office:annotation-end", "text:note-citation", "draw:object"),
        *("office:event-listeners", "text:number"),
    )
)
_ASIDE = frozenset((tag("text:tracked-changes"), tag("office:annotation")))
_BOX_END = "</aside>"
_CONTENTS = f'<p class="{CONTENTS_CLASS}">'
_AROUND = {
    "caption": ("<figcaption>", "</figcaption>"),
    "contents": (_CONTENTS, "</p>"),
    "text": ("<p>", "</p>"),
}
_TAG = re.compile("<[^>]*>")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class TooLargeError(Exception):
    """The text is larger than any real one."""


class Page:
    """Writes the text of an OpenDocument file as HTML, piece by piece."""

    def __init__(self, styles: Styles, hidden: HiddenTexts, *, filled: bool = False) -> None:
        self.titles: list[str] = []
        """Paragraphs in the style of a title, in order; they are not in the HTML."""
        self._styles = styles
        self._hidden = hidden
        self._filled = filled
        self._counters = Counters()
        self._out: list[str] = []
        self._notes: list[str] = []
        self._numbers = itertools.count(1)
        self._cells = self._chars = self._tags = 0
        self._box_goes_on = self._in_chapter = False

    def html(self, body: Element) -> str:
        """Return the HTML of a document's body. Raises TooLargeError."""
        self._below(body)
        return f"<html><body>{''.join(self._out)}{''.join(self._notes)}</body></html>"

    def _write(self, *pieces: str) -> None:
        self._chars += sum(map(len, pieces))
        self._tags += sum(piece.count("<") for piece in pieces)
        if self._chars > MAX_CHARS or self._tags > MAX_TAGS:
            raise TooLargeError
        self._out += pieces
        self._box_goes_on = False

    def _below(self, parent: Element) -> None:
        for node in parent:
            self._element(node)

    def _element(self, node: Element) -> None:
        if node.tag == tag("text:p"):
            self._paragraph(node)
        elif node.tag == tag("text:h"):
            self._heading(node, count(value(node, "text:outline-level"), _MAX_LEVEL))
        elif node.tag == tag("text:list"):
            self._list(node, 1, "")
        elif node.tag == tag("table:table"):
            with self._layer(node):
                self._table(node)
        elif node.tag == tag("text:section"):
            with self._layer(node):
                self._section(node)
        elif node.tag in _INDEXES:
            self._index(node)
        elif node.tag in _ASIDE:
            self._leave_out(node)
        elif node.tag in _SHAPES:
            self._shape(node)
        elif node.tag not in _NO_TEXT:
            self._below(node)

    def _index(self, node: Element) -> None:
        for entry in node.iter(tag("text:p"), tag("text:h")):
            self._write(_CONTENTS, *self._inline(entry, {}, []), "</p>")

    def _leave_out(self, node: Element) -> None:
        """Note deleted text and comments."""
        if node.tag == tag("office:annotation"):
            self._hidden.add("Kommentar", _said(node))
        for deletion in node.iter(tag("text:deletion")):
            self._hidden.add("gelöschte Änderung", _said(deletion))

    def _paragraph(self, node: Element, mark: str = "") -> None:
        """Write a paragraph, and behind it the frames that are anchored in it."""
        style = value(node, "text:style-name")
        role, rank = self._styles.role(style), self._styles.rank(style)
        switch = node.find(tag("text:hidden-paragraph"))
        if switch is not None and value(switch, "text:is-hidden") == "true":
            self._hidden.add("ausgeblendet", _said(node))
            return
        if rank:
            self._heading(node, rank)
            return
        shapes: list[Element] = []
        properties = self._styles.properties("paragraph", style)
        text = html.escape(mark) + "".join(self._inline(node, properties, shapes))
        if role == "title" and _plain(text):
            self._title(text)
        elif role in ("box", "box title"):
            self._boxed(text, goes_on=self._box_goes_on and role == "box")
        elif role == "subtitle":
            self._write("<p>", text.replace("<b>", "").replace("</b>", ""), "</p>")
        else:
            before, after = _AROUND.get(role, _AROUND["text"])
            self._write(before, text, after)
        for shape in shapes:
            self._shape(shape)

    def _title(self, text: str) -> None:
        """Put a title aside; once a chapter has begun it is one as well."""
        if self._in_chapter:
            self._write("<h1>", text, "</h1>")
        else:
            self.titles.append(_plain(text))

    def _boxed(self, text: str, *, goes_on: bool) -> None:
        if goes_on:
            self._out.pop()
        else:
            self._write("<aside>")
        self._write("<p>", text, "</p>", _BOX_END)
        self._box_goes_on = True

    def _heading(self, node: Element, level: int) -> None:
        style = self._styles.properties("paragraph", value(node, "text:style-name"))
        shapes: list[Element] = []
        text = "".join(self._inline(node, style, shapes))
        if _plain(text):
            number = ""
            if node.tag == tag("text:h") and value(node, "text:is-list-header") != "true":
                form = outline_level(self._styles.outline, level)
                start = value(node, "text:start-value")
                number = self._counters.next("\0outline", form, level, start)
            name = f"h{min(level, 6)}"
            self._in_chapter = True
            self._write(f"<{name}>", html.escape(number), text, f"</{name}>")
        for shape in shapes:
            self._shape(shape)

    def _list(self, node: Element, level: int, inherited: str) -> None:
        name = value(node, "text:style-name") or inherited or self._list_style(node)
        goes_on = value(node, "text:continue-numbering") == "true"
        if level == 1 and not goes_on and not value(node, "text:continue-list"):
            self._counters.restart(name)
        self._write("<ul>")
        for item in node:
            mark = ""
            if item.tag == tag("text:list-item"):
                form = self._styles.level(name, level)
                mark = self._counters.next(name, form, level, value(item, "text:start-value"))
            self._write("<li>")
            for child in item:
                if child.tag == tag("text:list"):
                    self._list(child, min(level + 1, _MAX_LEVEL), name)
                elif child.tag == tag("text:p"):
                    self._paragraph(child, mark)
                    mark = ""
                else:
                    self._element(child)
            self._write("</li>")
        self._write("</ul>")

    def _list_style(self, node: Element) -> str:
        first = next(node.iter(tag("text:p")), None)
        return "" if first is None else self._styles.list_of(value(first, "text:style-name"))

    def _table(self, node: Element) -> None:
        self._write("<table>")
        for row in self._rows(node):
            if value(row, "table:visibility") in ("collapse", "filter"):
                self._hidden.add("ausgeblendet", _said(row))
            else:
                with self._layer(row):
                    self._row(row)
        self._write("</table>")

    def _rows(self, node: Element) -> Iterator[Element]:
        for child in node:
            if child.tag == tag("table:table-row"):
                yield child
            elif child.tag in _ROW_GROUPS:
                yield from self._rows(child)

    def _row(self, row: Element) -> None:
        cells = [cell for cell in row if cell.tag == tag("table:table-cell")]
        while cells and not len(cells[-1]):
            cells.pop()  # empty columns up to the edge
        self._write("<tr>")
        for cell in cells:
            columns = count(value(cell, "table:number-columns-spanned"), _MAX_COLUMNS)
            rows = count(value(cell, "table:number-rows-spanned"), 9_999)
            for _ in range(count(value(cell, "table:number-columns-repeated"), _MAX_COLUMNS)):
                self._cells += 1
                if self._cells > MAX_CELLS:
                    raise TooLargeError
                self._write(f'<td colspan="{columns}" rowspan="{rows}">')
                with self._layer(cell):
                    self._below(cell)
                self._write("</td>")
        self._write("</tr>")

    def _section(self, node: Element) -> None:
        if value(node, "text:display") == "none" or value(node, "text:is-hidden") == "true":
            self._hidden.add("ausgeblendet", _said(node))
        else:
            self._below(node)

    def _shape(self, node: Element) -> None:
        """Write a frame or drawing with text as a box; a picture with its caption is none."""
        paragraphs = [p for p in node.iter(tag("text:p"), tag("text:h")) if _said(p)]
        roles = {self._styles.role(value(p, "text:style-name")) for p in paragraphs}
        with self._layer(node):
            if not paragraphs or roles == {"caption"}:
                self._below(node)
            else:
                self._write("<aside>")
                self._below(node)
                self._write(_BOX_END)

    @contextmanager
    def _layer(self, node: Element) -> Iterator[None]:
        """Remember while inside whether something else than white paper lies behind."""
        before = self._filled
        family, attribute = _FAMILIES.get(node.tag, ("graphic", "draw:style-name"))
        properties = self._styles.properties(family, value(node, attribute))
        self._filled = before or is_filled(properties)
        yield
        self._filled = before

    def _inline(
        self, node: Element, properties: Properties, shapes: list[Element]
    ) -> Iterator[str]:
        """Yield running text as HTML; frames in it are gathered for later."""
        yield from self._text(node.text, properties)
        for child in node:
            if child.tag == tag("text:span"):
                own = self._styles.properties("text", value(child, "text:style-name"))
                yield from self._inline(child, {**properties, **own}, shapes)
            elif child.tag in (tag("text:s"), tag("text:tab")):
                yield " "
            elif child.tag == tag("text:line-break"):
                yield "<br>"
            elif child.tag == tag("text:note"):
                yield self._note(child)
            elif child.tag == tag("office:annotation"):
                self._leave_out(child)
            elif child.tag == tag("text:hidden-text"):
                self._hidden.add("ausgeblendet", value(child, "text:string-value") or _said(child))
            elif child.tag in _SHAPES:
                shapes.append(child)
            elif child.tag not in _NO_TEXT:
                yield from self._inline(child, properties, shapes)
            yield from self._text(child.tail, properties)

    def _text(self, text: str | None, properties: Properties) -> Iterator[str]:
        if not text:
            return
        if (how := concealment(properties, filled=self._filled)) is not None:
            self._hidden.add(how, text)
            return
        shown = html.escape(self._hidden.visible(text), quote=False)
        position = properties.get("text-position", "")
        if position.startswith(("super", "sub")):
            shown = f"<{position[:3]}>{shown}</{position[:3]}>"
        yield f"<b>{shown}</b>" if is_bold(properties) else shown

    def _note(self, node: Element) -> str:
        """Put a note's text aside and return the sign that refers to it."""
        number = next(self._numbers)
        outside, self._out = self._out, []
        self._below(node)
        self._notes += [f'<div id="fn{number}" role="doc-footnote">', *self._out, "</div>"]
        self._out = outside
        return f'<sup><a href="#fn{number}">{str(number).translate(_RAISED)}</a></sup>'


def depth(root: Element) -> int:
    """Return how deep the elements of a tree are nested."""
    deepest = level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def _said(node: Element) -> str:
    """Return the text of the paragraphs in an element, or its own; only the beginning."""
    paragraphs = itertools.islice(node.iter(tag("text:p"), tag("text:h")), 50)
    said = " ".join("".join(p.itertext()) for p in paragraphs)
    return said.strip() or ("" if len(node) else (node.text or "").strip())


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())
