"""The edge to PDFium: opens PDF files and reads pages. PDFium isn't thread-safe: one lock."""

import ctypes
import math
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.pdf.page import GUESSED, Glyph, OutlineEntry, Page, PdfFacts
from ingest.pdf.paths import Turn, read_paths
from ingest.refusals import refuse

LOCK = threading.RLock()
"""To be held around every call into PDFium."""

# Limits of parsing.md, section 3: bombs of 100,000 pages and 480 MB streams were measured there.
MAX_BYTES = 200 * 2**20
MAX_PAGES = 2000
MAX_GLYPHS_PER_PAGE = 200_000  # a page of small print has about 10,000

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


def read_pages(document: pdfium.PdfDocument, file: str) -> Iterator[Page]:
    """Yield the pages. Raises FileRefusedError for the first that can't be read.

    A page's glyphs take about a megabyte: callers keep what they make of them.
    """
    for index in range(len(document)):
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


def _read_page(document: pdfium.PdfDocument, index: int) -> Page:
    page = document[index]
    text_page = page.get_textpage()
    try:
        reader = _TextReader(text_page.raw)
        turn = Turn(reader.quarter(), page.get_bbox())
        paths = read_paths(page.raw, turn)
        return Page(
            index=index,
            width=turn.width,
            height=turn.height,
            turns=(page.get_rotation() // 90 - turn.quarter) % 4,
            glyphs=tuple(reader.glyphs(turn)),
            rules=paths.rules,
            frames=paths.frames,
            dots=paths.dots,
            is_pictured=paths.is_pictured,
        )
    finally:
        text_page.close()
        page.close()


class _Style:
    """What all characters of one text object share."""

    __slots__ = ("bold", "italic", "number", "quarter", "size")

    def __init__(self, text_page: raw.FPDF_TEXTPAGE, index: int, number: int) -> None:
        self.number = number
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(text_page, index, matrix)
        scale = math.hypot(matrix.c, matrix.d)
        self.size = raw.FPDFText_GetFontSize(text_page, index) * scale
        self.quarter = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        name = ctypes.create_string_buffer(128)
        raw.FPDFText_GetFontInfo(text_page, index, name, len(name), ctypes.c_int())
        bold, self.italic = _emphasis(name.value)
        self.bold = bold or raw.FPDFText_GetFontWeight(text_page, index) in _BOLD_WEIGHTS


@lru_cache(maxsize=1000)
def _emphasis(font: bytes) -> tuple[bool, bool]:
    """Tell by a font's name whether it is bold, and whether it is italic."""
    name = font.decode("utf-8", "replace")
    return _BOLD_NAME.search(name) is not None, _ITALIC_NAME.search(name) is not None


class _TextReader:
    """Reads the characters of one page. Made and used under the lock."""

    def __init__(self, text_page: raw.FPDF_TEXTPAGE) -> None:
        self._page = text_page
        self._count = min(raw.FPDFText_CountChars(text_page), MAX_GLYPHS_PER_PAGE)
        self._styles: dict[int, _Style] = {}

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
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        for index in range(self._count):
            code = get_code(page, index)
            text = _character(code)
            if text.isspace():
                guessed = raw.FPDFText_IsGenerated(page, index) == 1
                yield Glyph("\n" if text in _LINE_END else " ", order=GUESSED if guessed else index)
                continue
            style = self._style(index)
            if style.quarter != turn.quarter or not text:
                continue
            get_box(page, index, box)
            get_origin(page, index, x, y)
            x0, x1, baseline = turn.glyph(box, x.value, y.value)
            if not turn.holds((x0 + x1) / 2, baseline):
                continue
            raised = text in _DIGITS and self._is_raised(index, turn, style)
            yield Glyph(
                *(text, x0, x1, baseline),
                *(style.size, style.bold, style.italic),
                *(index, style.number, raised),
            )
            if code in _BROKEN_WORD:
                yield Glyph("\n")

    def _style(self, index: int) -> _Style:
        item = raw.FPDFText_GetTextObject(self._page, index)
        key = ctypes.addressof(item.contents) if item else 0
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = _Style(self._page, index, len(self._styles))
        return style

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
    if code in _SURROGATES:
        return ""
    if code in _BULLETS:
        return _BULLETS[code]
    character = chr(code)
    if character.isspace():
        return character
    if code < 32 or 0x7F <= code < 0xA0 or 0xE000 <= code < 0xF900:
        return "\ufffd"
    return character
