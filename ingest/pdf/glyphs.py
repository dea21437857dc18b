"""The edge to PDFium: opens PDF files and reads pages. PDFium isn't thread-safe: one lock."""

import ctypes
import math
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from ingest.pdf.hidden import TINY, Sign, is_shapeless, shapeless, without_hidden
from ingest.pdf.page import GUESSED, Colour, Glyph, OutlineEntry, Page, PdfFacts
from ingest.pdf.paths import Turn, read_paths
from ingest.refusals import refuse

LOCK = threading.RLock()
"""To be held around every call into PDFium."""

# Limits of parsing.md, section 3: bombs of 100,000 pages and 480 MB streams were measured there.
MAX_BYTES = 200 * 2**20
MAX_PAGES = 2000
MAX_GLYPHS_PER_PAGE = 200_000  # a page of small print has about 10,000

# Resolution at which a page's picture is recognised: a scan's own, for other sizes cost columns
# (parsing.md, 5), up to 300 dpi, as more adds time only (600 dpi: 2.1 times, no word more).
# Below 120 dpi twice as fine reads better (t09 at 85 dpi: 97 -> 99 % of words, at 60: 52 -> 97 %).
_FINE_DPI = 300.0
_COARSE_DPI, _REFINED_DPI = 120.0, 200.0
_A_LITTLE_LESS = 1 - 1e-5
MAX_PIXELS = 25_000_000  # A3 at 300 dpi has 17 million

_LINE_END = "\r\n"
_BROKEN_WORD = (0xFFFE, 0x02)  # what PDFium makes of a hyphen at a line's end
_SOFT_HYPHEN = 0xAD
_BULLETS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "‣", 0xF076: "•", 0xF0FC: "✓", 0xF02D: "–"}
_BOLD_NAME = re.compile(r"bold|heavy|black|semib|demi|-bd", re.IGNORECASE)
_ITALIC_NAME = re.compile(r"italic|oblique|kursiv", re.IGNORECASE)
_BOLD_WEIGHTS = range(600, 1000)  # Ghostscript's files state 3840 for all fonts
_RAISED_SHARE = 0.2  # lower edge of a superscript digit above the baseline, in font sizes
_DIGITS = "0123456789"
_SURROGATES = range(0xD800, 0xE000)
_HIGH_SURROGATES = range(0xD800, 0xDC00)
_STROKED_MODES = (raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP)
_CLEAR_MODES = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_LEAST_ALPHA = 5  # of 255; what is more transparent nobody sees
# What PDFium writes its answers into, used under the lock: a page has hundreds of text objects.
_COLOUR = tuple(ctypes.c_uint() for _ in range(4))
_MATRIX = raw.FS_MATRIX()
_NAME, _NAME_SIZE, _FLAGS = ctypes.create_string_buffer(128), 128, ctypes.c_int()


@contextmanager
def opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF under the lock. Raises FileRefusedError in German, naming file and remedy."""
    _check_file(path)
    with LOCK:
        try:
            document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
                raise refuse("ERR_FILE_PASSWORD", path.name) from None
            raise refuse("ERR_FILE_DAMAGED", path.name) from None
        try:
            yield document
        finally:
            document.close()


def read_facts(document: pdfium.PdfDocument, file: str) -> PdfFacts:
    """Read outline, labels and metadata. Raises FileRefusedError for too many pages or none."""
    count = len(document)
    if count == 0:
        raise refuse("ERR_FILE_EMPTY", file, reason="enthält keine Seiten.")
    if count > MAX_PAGES:
        reason = f"hat {count} Seiten, mehr als die erlaubten {MAX_PAGES}."
        raise refuse("ERR_FILE_TOO_LARGE", file, reason=reason)
    facts = document.get_metadata_dict()
    return PdfFacts(
        outline=_outline(document),
        labels=_labels(document, count),
        title=facts.get("Title", ""),
        keywords=facts.get("Keywords", ""),
    )


def read_pages(
    document: pdfium.PdfDocument, file: str, pages: Iterable[int] | None = None
) -> Iterator[Page]:
    """Yield the pages, or those asked for. Raises FileRefusedError for the first unreadable.

    A page's glyphs take about a megabyte: callers keep what they make of them.
    """
    for index in range(len(document)) if pages is None else pages:
        try:
            yield _read_page(document, index)
        except pdfium.PdfiumError:
            raise refuse("ERR_FILE_DAMAGED", file) from None


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError:
        raise refuse("ERR_FILE_ACCESS", path.name) from None
    if size == 0:
        raise refuse("ERR_FILE_EMPTY", path.name)
    if size > MAX_BYTES:
        reason = f"ist größer als {MAX_BYTES // 2**20} MB."
        raise refuse("ERR_FILE_TOO_LARGE", path.name, reason=reason)
    if b"%PDF-" not in head:
        raise refuse("ERR_FILE_TYPE", path.name, reason="ist kein PDF, trotz der Endung.")


def _outline(document: pdfium.PdfDocument) -> tuple[OutlineEntry, ...]:
    """Return the bookmarks; broken ones are left out, for headings show in the text too."""
    entries = []
    try:
        for bookmark in document.get_toc(max_depth=6):
            target = bookmark.get_dest()
            page = target.get_index() if target else None
            entries.append(OutlineEntry(bookmark.level + 1, bookmark.get_title(), page))
    except pdfium.PdfiumError:
        return tuple(entries)
    return tuple(entries)


def _labels(document: pdfium.PdfDocument, count: int) -> tuple[str, ...]:
    labels = tuple(document.get_page_label(index) for index in range(count))
    return labels if all(labels) else ()


def picture(document: pdfium.PdfDocument, page: Page) -> tuple[Image.Image, float]:
    """Return a page as it is displayed, in grey, and its resolution in dots per inch."""
    shown = document[page.index]
    area = max(page.width * page.height, 1.0)
    dpi = _own_dpi(shown, area) if page.is_covered else _FINE_DPI
    dpi = min(dpi, 72 * math.sqrt(MAX_PIXELS / area))
    # PDFium rounds up: a pixel more than the scan has would blur all of it.
    bitmap = shown.render(scale=_A_LITTLE_LESS * dpi / 72, grayscale=True)
    image = bitmap.to_pil().copy()
    bitmap.close()
    shown.close()
    return image, dpi


def _own_dpi(page: pdfium.PdfPage, area: float) -> float:
    """Return a scan's resolution from the pixels of its images, which may be strips."""
    images = page.get_objects([raw.FPDF_PAGEOBJ_IMAGE])
    pixels = sum(math.prod(image.get_px_size()) for image in images)
    dpi = 72 * math.sqrt(pixels / area)
    return _REFINED_DPI if dpi < _COARSE_DPI else min(dpi, _FINE_DPI)


def _read_page(document: pdfium.PdfDocument, index: int) -> Page:
    page = document[index]
    text_page = page.get_textpage()
    try:
        reader = _TextReader(text_page.raw)
        turn = Turn(reader.quarter(), page.get_bbox())
        paths = read_paths(page.raw, turn)
        found = Page(
            index=index,
            width=turn.width,
            height=turn.height,
            turns=(page.get_rotation() // 90 - turn.quarter) % 4,
            glyphs=tuple(reader.glyphs(turn)),
            rules=paths.rules,
            frames=paths.frames,
            dots=paths.dots,
            is_pictured=paths.is_pictured,
            is_covered=paths.is_covered,
        )
        glyphs, hidden = without_hidden(page, found, reader.styles(), paths, reader.absent)
        return replace(found, glyphs=glyphs, hidden=hidden) if hidden else found
    finally:
        text_page.close()
        page.close()


class _Style:
    """What all characters of one text object share; a ``hidden.TextObject``."""

    __slots__ = (
        *("address", "baseline", "bold", "colour", "is_clear", "is_tiny", "italic"),
        *("item", "number", "quarter", "size", "x0", "x1"),
    )

    def __init__(
        self,
        text_page: raw.FPDF_TEXTPAGE,
        index: int,
        number: int,
        item: Any,  # noqa: ANN401  # a pointer, or None
        emphasis: tuple[bool, bool],
    ) -> None:
        self.number = number
        self.bold, self.italic = emphasis
        matrix = _MATRIX
        raw.FPDFText_GetMatrix(text_page, index, matrix)
        scale = math.hypot(matrix.c, matrix.d)
        self.size = raw.FPDFText_GetFontSize(text_page, index) * scale
        self.quarter = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        self.is_tiny = self.size < TINY and _height(text_page, index) < TINY
        self.item = item
        self.address = ctypes.addressof(item.contents) if item else 0
        self.colour, self.is_clear = _paint(item) if item else ((0, 0, 0), False)
        self.x0 = self.x1 = self.baseline = 0.0


def _paint(item: Any) -> tuple[Colour, bool]:  # noqa: ANN401  # a pointer
    """Return a text object's colour, and whether it is transparent or drawn without ink."""
    mode = raw.FPDFTextObj_GetTextRenderMode(item)
    red, green, blue, alpha = _COLOUR
    alpha.value = 255
    if mode in _STROKED_MODES:
        raw.FPDFPageObj_GetStrokeColor(item, red, green, blue, alpha)
    else:
        raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    is_clear = mode in _CLEAR_MODES or alpha.value < _LEAST_ALPHA
    return (red.value, green.value, blue.value), is_clear


def _height(text_page: raw.FPDF_TEXTPAGE, index: int) -> float:
    """Return a character's own height, or width where it is turned: fonts may misstate sizes."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return max(top.value - bottom.value, right.value - left.value)


def _emphasis(text_page: raw.FPDF_TEXTPAGE, index: int) -> tuple[bool, bool]:
    """Tell whether a character's font is bold, and whether it is italic."""
    raw.FPDFText_GetFontInfo(text_page, index, _NAME, _NAME_SIZE, _FLAGS)
    name = _NAME.value.decode("utf-8", "replace")
    is_bold = raw.FPDFText_GetFontWeight(text_page, index) in _BOLD_WEIGHTS
    return is_bold or _BOLD_NAME.search(name) is not None, _ITALIC_NAME.search(name) is not None


class _TextReader:
    """Reads the characters of one page. Made and used under the lock."""

    def __init__(self, text_page: raw.FPDF_TEXTPAGE) -> None:
        self._page = text_page
        self._count = min(raw.FPDFText_CountChars(text_page), MAX_GLYPHS_PER_PAGE)
        self._styles: dict[int, _Style] = {}
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self.absent: list[Sign] = []
        """Signs beyond the page's edges and without a shape, once the glyphs are read."""

    def quarter(self) -> int:
        """Return the direction most text runs in, as counter-clockwise quarter turns."""
        step = max(1, self._count // 200)
        found = Counter(
            self._style(index).quarter
            for index in range(0, self._count, step)
            if raw.FPDFText_GetUnicode(self._page, index) > 32
        )
        return found.most_common(1)[0][0] if found else 0

    def glyphs(self, turn: Turn) -> Iterator[Glyph]:
        """Yield the characters; text that runs across the page's main direction is left out.

        Such text is mostly a picture credit at the margin; read along, it scatters letters.
        """
        page, get_code = self._page, raw.FPDFText_GetUnicode
        get_box, get_origin = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin
        get_object, address_of = raw.FPDFText_GetTextObject, ctypes.addressof
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        width, height, styles = turn.width, turn.height, self._styles
        for index in range(self._count):
            code = get_code(page, index)
            text = _character(code)
            if text.isspace():
                guessed = raw.FPDFText_IsGenerated(page, index) == 1
                yield Glyph("\n" if text in _LINE_END else " ", order=GUESSED if guessed else index)
                continue
            if not text:
                self._note_shapeless(index, code)
                continue
            item = get_object(page, index)
            key = address_of(item.contents) if item else 0
            style = styles.get(key) or self._new_style(index, key, item)
            if style.quarter != turn.quarter:
                continue
            get_box(page, index, box)
            get_origin(page, index, x, y)
            x0, x1, baseline = turn.glyph(box, x.value, y.value)
            if not (0 <= x0 + x1 <= 2 * width and 0 <= baseline <= height):
                self.absent.append(Sign(index, text, "außerhalb der Seite"))
                continue
            if not style.x1:
                style.x0, style.baseline = x0, baseline
            style.x1 = x1
            raised = text in _DIGITS and self._is_raised(index, turn, style)
            yield Glyph(
                *(text, x0, x1, baseline),
                *(style.size, style.bold, style.italic),
                *(index, style.number, raised),
            )
            if code in _BROKEN_WORD:
                yield Glyph("\n")

    def styles(self) -> list[_Style]:
        """Return the text objects whose glyphs were read."""
        return [style for style in self._styles.values() if style.x1]

    def _style(self, index: int) -> _Style:
        item = raw.FPDFText_GetTextObject(self._page, index)
        key = ctypes.addressof(item.contents) if item else 0
        return self._styles.get(key) or self._new_style(index, key, item)

    def _new_style(self, index: int, key: int, item: Any) -> _Style:  # noqa: ANN401
        font = raw.FPDFTextObj_GetFont(item) if item else None
        address = ctypes.addressof(font.contents) if font else 0
        if address not in self._fonts:
            self._fonts[address] = _emphasis(self._page, index)
        emphasis = self._fonts[address]
        style = self._styles[key] = _Style(self._page, index, len(self._styles), item, emphasis)
        return style

    def _note_shapeless(self, index: int, code: int) -> None:
        """Keep a sign that shows nothing but says something; PDFium splits the rarer ones."""
        if code in _HIGH_SURROGATES and index + 1 < self._count:
            low = raw.FPDFText_GetUnicode(self._page, index + 1)
            code = 0x10000 + ((code & 0x3FF) << 10) + (low & 0x3FF)
        if sign := shapeless(index, code):
            self.absent.append(sign)

    def _is_raised(self, index: int, turn: Turn, style: _Style) -> bool:
        """Tell whether a font's own superscript digit was drawn, at full font size."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharBox(self._page, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(self._page, index, x, y)
        lower = turn.rect(left.value, bottom.value, right.value, top.value)[3]
        _, baseline = turn.point(x.value, y.value)
        return bool(baseline - lower > _RAISED_SHARE * style.size)


@lru_cache(maxsize=10_000)
def _character(code: int) -> str:
    """Return what stands for a code: "" for none, U+FFFD for a sign nobody can read."""
    if code in _BROKEN_WORD:
        return "-"
    if code == _SOFT_HYPHEN:
        return "\u00ad"
    if code in _SURROGATES or is_shapeless(code):
        return ""
    if code in _BULLETS:
        return _BULLETS[code]
    character = chr(code)
    if character.isspace():
        return character
    if code < 32 or 0x7F <= code < 0xA0 or 0xE000 <= code < 0xF900:
        return "\ufffd"
    return character
