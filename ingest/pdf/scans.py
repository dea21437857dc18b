"""Pages that show text but hold none: their pictures are recognised, several at once."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
from PIL import Image

from corpus.types import RecognisedPage
from ingest import ocr
from ingest.pdf.glyphs import picture
from ingest.pdf.legibility import is_unreadable_page, signs_of
from ingest.pdf.lines import Line, lines_of
from ingest.pdf.page import Page
from ingest.pdf.recognised import Recognition, Typography, examined, is_blank
from ingest.progress import at_page

# Pages recognised side by side: each takes up to 75 MB of pictures here, and a process of its own.
_MOST_AT_ONCE = 4
_SIGN_OF_LIFE_S = 5.0
# A page all over covered by an image whose text is a stamp, a header or a caption: the image
# may be a scan. Pages of text have 1,000 to 5,000 signs.
_STAMP_CHARS = 200
_MUCH_MORE = 2.0  # times the stamp's letters must be recognised to be taken instead
_ENOUGH_SIGNS = 15  # to know which way a page's text runs


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page and its lines, whether the file has them as text or they were recognised."""

    page: Page
    lines: tuple[Line, ...]
    recognised: RecognisedPage | None = None
    is_unreadable: bool = False
    """It shows something but yielded no words."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A page whose picture is being recognised; ``fallback`` is the page as its text has it."""

    fallback: ReadPage
    dpi: float
    recognition: "Future[Recognition]"


def legible_pages(
    document: pdfium.PdfDocument,
    pages: Iterable[Page],
    typography: Typography,
    *,
    distrusted: bool = False,
) -> Iterator[ReadPage]:
    """Yield the pages in order, those without usable text recognised where Tesseract is there.

    ``distrusted``: the text of no page is to be believed. To be used under PDFium's lock.
    """
    at_once = min(os.cpu_count() or 1, _MOST_AT_ONCE)
    queue: deque[ReadPage | _Pending] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        try:
            for page in pages:
                queue.append(_begun(document, page, pool, distrusted))
                while queue and (isinstance(queue[0], ReadPage) or len(queue) >= at_once):
                    yield _done(queue.popleft(), typography, len(document))
            while queue:
                yield _done(queue.popleft(), typography, len(document))
        finally:
            pool.shutdown(cancel_futures=True)


def _begun(
    document: pdfium.PdfDocument, page: Page, pool: ThreadPoolExecutor, distrusted: bool
) -> ReadPage | _Pending:
    lines = lines_of(page)
    unreadable = distrusted or is_unreadable_page(page, lines)
    if not unreadable and not _may_be_stamped(page):
        return ReadPage(page, lines)
    try:
        image, dpi = picture(document, page)
    except pdfium.PdfiumError:
        return ReadPage(page, () if unreadable else lines, is_unreadable=unreadable)
    has_text = len(signs_of(page)) >= _ENOUGH_SIGNS
    if not has_text and is_blank(image):
        return ReadPage(page, () if distrusted else lines)
    fallback = ReadPage(page, () if unreadable else lines, is_unreadable=unreadable)
    if not ocr.is_available():
        return fallback
    # A page without text stands as it is displayed, others as their text does.
    turns = -page.turns % 4 if has_text else 0
    return _Pending(fallback, dpi, pool.submit(_recognise, image, dpi, turns))


def _may_be_stamped(page: Page) -> bool:
    return page.is_covered and len(signs_of(page)) < _STAMP_CHARS


def _recognise(image: Image.Image, dpi: float, turns: int) -> Recognition:
    """Recognise a picture, set upright first; where nothing legible is found, also turned."""
    upright = _turned(image, turns)
    found = examined(ocr.recognise(upright, dpi), upright, turns)
    if found.is_legible:
        return found
    more = ocr.quarter_turns(upright)
    if not more:
        return found
    upright = _turned(upright, more)
    return examined(ocr.recognise(upright, dpi), upright, (turns + more) % 4)


def _turned(image: Image.Image, turns: int) -> Image.Image:
    """Turn a picture clockwise by quarter turns."""
    return image.rotate(-90 * turns, expand=True) if turns else image


def _done(begun: ReadPage | _Pending, typography: Typography, pages: int) -> ReadPage:
    if isinstance(begun, ReadPage):
        return begun
    page = begun.fallback.page
    found = _awaited(begun.recognition, page.index, pages)
    if not found.is_legible or not _is_worth_it(begun.fallback, found):
        return begun.fallback
    page = typography.page(_framed(page, -found.turns % 4), found, begun.dpi)
    return ReadPage(page, lines_of(page), RecognisedPage(page.index, round(found.confidence, 1)))


def _framed(page: Page, turns: int) -> Page:
    """Return the page without glyphs, displayed after so many clockwise quarter turns."""
    if turns == page.turns:
        return replace(page, glyphs=())
    width, height = page.width, page.height
    if (turns - page.turns) % 2:
        width, height = height, width
    # Such a page holds a picture and nothing else whose place must be kept.
    return Page(page.index, width, height, turns, is_pictured=True, hidden=page.hidden)


def _awaited(recognition: "Future[Recognition]", done: int, pages: int) -> Recognition:
    """Wait for a page, saying now and then that it goes on."""
    while True:
        try:
            return recognition.result(timeout=_SIGN_OF_LIFE_S)
        except TimeoutError:
            at_page(done, pages)


def _is_worth_it(fallback: ReadPage, found: Recognition) -> bool:
    """Tell whether more was recognised than the page's text holds."""
    letters = sum(len(word.text) for line in found.lines for word in line.words)
    return fallback.is_unreadable or letters >= _MUCH_MORE * len(signs_of(fallback.page))
