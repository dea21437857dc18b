"""One slide -> blocks: shapes by their place, lists, tables, notes; what isn't seen is noted."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, cast

from lxml.etree import _Element as Element
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.base import BaseShape
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from corpus.types import Concealment
from ingest.blocks import Block, BlockKind
from ingest.characters import closed_up
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.slide_texts import (
    Numbers,
    has_white_ground,
    is_filled,
    level_of,
    mark_of,
    runs,
)
from ingest.zipped import parsed

_MAX_HEADING_CHARS = 200
_MAX_SURFACES = 500  # more are a drawing of its own
_ROW_TOLERANCE = 0.02  # of the slide's height: shapes set side by side by hand
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_DRAWN = tuple(f"{_P}{name}" for name in ("sp", "pic", "graphicFrame", "grpSp", "cxnSp"))
_BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
_NOT_SHOWN = (
    *(PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.DATE),
    PP_PLACEHOLDER.SLIDE_NUMBER,
)


class _Box(NamedTuple):
    """Where a shape lies, in the units of the file."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: "_Box") -> bool:
        """Tell whether two boxes overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class SlideReader:
    """Reads one slide."""

    def __init__(
        self, slide: Slide, page: int, size: tuple[int, int], hidden: HiddenTexts, file: str
    ) -> None:
        self._slide = slide
        self._page = page
        self._ground = _Box(0, 0, *size)
        self._file = file
        self._hidden = hidden
        layout = slide.slide_layout
        self._masters = (layout, layout.slide_master)

    def blocks(self) -> Iterator[Block]:
        """Yield the title, then the shapes from the top, row by row, then the notes."""
        if self._slide._element.get("show") in ("0", "false"):
            self._hidden.add("ausgeblendet", _said(self._slide._element), self._page)
            return
        for alternatives in list(self._slide._element.iter(_ALTERNATIVES)):
            _choose(alternatives)
        title = self._slide.shapes.title
        if title is not None:
            yield from self._heading(title)
        for shape in self._ordered(_each(self._slide.shapes)):
            if title is None or shape._element is not title._element:
                yield from self._shape(shape)
        yield from self._notes()
        self._comments()

    def _block(self, kind: BlockKind, text: str, level: int = 0) -> Iterator[Block]:
        if text.strip():
            yield Block(kind, text, level, page=self._page)

    def _ordered(self, shapes: Sequence[BaseShape]) -> list[BaseShape]:
        """Return shapes by rows from the top, each from the left."""
        rows: list[list[BaseShape]] = []
        tolerance = _ROW_TOLERANCE * self._ground.bottom
        for shape in sorted(shapes, key=lambda s: s.top or 0):
            if rows and (shape.top or 0) - (rows[-1][0].top or 0) < tolerance:
                rows[-1].append(shape)
            else:
                rows.append([shape])
        return [shape for row in rows for shape in sorted(row, key=lambda s: s.left or 0)]

    def _heading(self, shape: BaseShape) -> Iterator[Block]:
        paragraphs = shape._element.iter(f"{_A}p")
        text = " ".join(text for p in paragraphs if (text := self._text(p, shape)))
        is_long = len(text) > _MAX_HEADING_CHARS
        yield from self._block("paragraph" if is_long else "heading", text, 0 if is_long else 1)

    def _shape(self, shape: BaseShape) -> Iterator[Block]:
        if shape.is_placeholder and shape.placeholder_format.type in _NOT_SHOWN:
            return
        if concealed := self._concealed(shape):
            self._hidden.add(concealed, _said(shape._element), self._page)
        elif isinstance(shape, GroupShape):
            for inner in self._ordered(_each(shape.shapes)):
                yield from self._shape(inner)
        elif shape.has_text_frame:
            yield from self._paragraphs(shape)
        elif getattr(shape, "has_table", False):
            yield from self._table(shape)
        elif (diagram := shape._element.find(f".//{_DIAGRAM}relIds")) is not None:
            yield from self._diagram(diagram)

    def _concealed(self, shape: BaseShape) -> Concealment | None:
        properties = next(shape._element.iter(f"{_P}cNvPr"), None)
        if properties is not None and properties.get("hidden") in ("1", "true"):
            return "ausgeblendet"
        box = _box(shape)
        return "außerhalb der Seite" if box and not box.meets(self._ground) else None

    def _paragraphs(self, shape: BaseShape) -> Iterator[Block]:
        body = shape._element.find(f"{_P}txBody")
        styles = self._list_styles(shape)
        numbers = Numbers()
        for paragraph in () if body is None else body.iterchildren(f"{_A}p"):
            text = self._text(paragraph, shape)
            if text:
                mark = mark_of(paragraph, styles)
                number = numbers.next(mark, level_of(paragraph))
                yield from self._block("paragraph" if mark is None else "item", number + text)

    def _text(self, paragraph: Element, shape: BaseShape) -> str:
        shown = []
        for run in runs(paragraph):
            if run.concealment is None or (
                run.concealment == "weiß auf weiß" and self._is_legible(shape)
            ):
                shown.append(self._hidden.visible(run.text, self._page))
            else:
                self._hidden.add(run.concealment, run.text, self._page)
        return closed_up(_plain("".join(shown)))

    def _is_legible(self, shape: BaseShape) -> bool:
        """Tell whether something else than white may lie behind a shape's white text."""
        if not self._is_white:
            return True
        box = _box(shape)
        if len(self._surfaces) > _MAX_SURFACES:
            return True
        return any(box is None or other is None or box.meets(other) for other in self._surfaces)

    @cached_property
    def _is_white(self) -> bool:
        return has_white_ground(self._slide._element, *(m._element for m in self._masters))

    @cached_property
    def _surfaces(self) -> list[_Box | None]:
        """Where pictures, tables and filled shapes lie, those of layout and master included."""
        shapes = [s for holder in (self._slide, *self._masters) for s in _each(holder.shapes)]
        return [_box(s) for s in shapes if any(map(is_filled, s._element.iter(*_DRAWN)))]

    def _list_styles(self, shape: BaseShape) -> list[Element | None]:
        """Return the list styles of a shape and of the placeholders it is made from."""
        found = [shape]
        is_body = False
        layout, master = self._masters
        if shape.is_placeholder:
            index, kind = shape.placeholder_format.idx, shape.placeholder_format.type
            found += [m for m in _each(layout.placeholders) if m.placeholder_format.idx == index]
            is_body = found[-1].placeholder_format.type in _BODIES or kind in _BODIES
        if is_body:
            models = _each(master.placeholders)
            found += [m for m in models if m.placeholder_format.type == PP_PLACEHOLDER.BODY]
        styles = [each._element.find(f"{_P}txBody/{_A}lstStyle") for each in found]
        name = "bodyStyle" if is_body else "otherStyle"
        return [*styles, master._element.find(f"{_P}txStyles/{_P}{name}")]

    def _table(self, shape: BaseShape) -> Iterator[Block]:
        rows = []
        for row in shape._element.iter(f"{_A}tr"):
            cells = []
            for cell in row.iterchildren(f"{_A}tc"):
                merged = {"1", "true"} & {cell.get("hMerge"), cell.get("vMerge")}
                texts = () if merged else (self._text(p, shape) for p in cell.iter(f"{_A}p"))
                cells.append(" ".join(text for text in texts if text))
            if any(cells):
                rows.append("\t".join(cells))
        yield from self._block("table", "\n".join(rows))

    def _diagram(self, relation: Element) -> Iterator[Block]:
        """Read the texts of a SmartArt drawing, as a list."""
        data = self._slide.part.related_part(relation.get(f"{_R}dm", "")).blob
        for point in parsed(data, self._file).iter(f"{_DIAGRAM}pt"):
            if point.get("type", "node") == "node":
                for paragraph in point.iter(f"{_A}p"):
                    yield from self._block("item", _plain(self._hidden.visible(_said(paragraph))))

    def _notes(self) -> Iterator[Block]:
        if not self._slide.has_notes_slide:
            return
        frame = self._slide.notes_slide.notes_text_frame
        lines = [_plain(p.text) for p in frame.paragraphs] if frame is not None else []
        text = "\n".join(line for line in lines if line)
        if text:
            yield from self._block("box", f"Notizen: {self._hidden.visible(text, self._page)}")

    def _comments(self) -> None:
        for relation in self._slide.part.rels.values():
            if relation.reltype.endswith("/comments"):
                root = parsed(relation.target_part.blob, self._file)
                for text in root.iter(f"{_P}text", f"{_A}t"):
                    self._hidden.add("Kommentar", text.text or "", self._page)


def _each(shapes: object) -> list[BaseShape]:
    return list(cast("Iterable[BaseShape]", shapes))


def _box(shape: BaseShape) -> _Box | None:
    """Return where a shape lies; None where that isn't stated, or in measures of a group."""
    parent = shape._element.getparent()
    if parent is None or parent.tag == f"{_P}grpSp" or None in (shape.left, shape.top):
        return None
    width, height = shape.width or 1, shape.height or 1
    return _Box(shape.left, shape.top, shape.left + width, shape.top + height)


def _choose(alternatives: Element) -> None:
    """Put the first choice of a newer feature in the place of all its choices."""
    parent = alternatives.getparent()
    if parent is not None and len(alternatives):
        at = parent.index(alternatives)
        for child in reversed(alternatives[0]):
            parent.insert(at, child)
        parent.remove(alternatives)


def _said(element: Element) -> str:
    return " ".join("".join(t.text or "" for t in p.iter(f"{_A}t")) for p in element.iter(f"{_A}p"))


def _plain(text: str) -> str:
    return " ".join(text.split())
