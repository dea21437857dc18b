"""Text on a PDF page that nobody sees: suspected by its paint, proven by rendering without it.

An object is suspected where its colour is that of what lies beneath, where something is painted
over it, where it is transparent, set invisibly or in a layer that may be switched off. Suspicion
is cheap and wide; whether anybody sees the text is then looked up in the page's picture, with
those objects and without them. To be used under PDFium's lock.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.types import Concealment
from ingest.pdf.page import ASCENT, DESCENT, Colour, Glyph, Hidden, Page
from ingest.pdf.paths import Paths, Surface

TINY = 2.0
"""Points; smaller print nobody reads. The smallest on our pages is a raised digit of 5.4."""
# Of 256 greys. Print of 97 % white leaves 8, a pale "ENTWURF" across a page of 85 % leaves 38.
_SEEN_CONTRAST = 16
_DOUBTED_CONTRAST = 40
_LIGHT = 160  # such text may vanish on an image or a shape that is no rectangle
_SCAN_SHARE = 0.5  # of the page: an image that large over text is the scan the text was read from
_MOST_SURFACES = 1000  # a table of 60 rows has up to 600 painted cells
_AT_ONCE = 2000  # objects compared with all surfaces
_LEAST_LETTERS = 3  # of a stretch that is worth a word
_NEXT = 3  # places in the content stream; a line's end takes two
_PIXELS = 10.0  # height of suspected text in the picture
_LEAST_SCALE, _MOST_SCALE = 1.0, 4.0
_MOST_PIXELS = 4_000_000

_TAGS = range(0xE0020, 0xE007F)
_BREACHES = frozenset((0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))

_Picture = npt.NDArray[np.int16]


class TextObject(Protocol):
    """What one operation of the content stream writes; its box is in the reading frame."""

    number: int
    """``source`` of its glyphs."""
    item: Any
    """PDFium's object, None for signs that PDFium guessed."""
    address: int
    colour: Colour
    is_clear: bool
    """Transparent, or set in a mode that draws nothing, as scanners set what they recognised."""
    is_tiny: bool
    x0: float
    x1: float
    baseline: float
    size: float


class Sign(NamedTuple):
    """A sign that isn't on the page, and its place in the content stream."""

    order: int
    text: str
    concealment: Concealment


def is_shapeless(code: int) -> bool:
    """Tell a code that stands for no sign on the page."""
    return code in _TAGS or code in _BREACHES


def shapeless(order: int, code: int) -> Sign | None:
    """Return the sign for a code that shows nothing but carries text or tears a word apart.

    Tags spell letters. Signs without width and marks of direction spell none; the word they
    stand in is told later. Soft hyphens and joiners are usual in typesetting.
    """
    if code in _TAGS:
        return Sign(order, chr(code - 0xE0000), "Steuerzeichen")
    return Sign(order, "", "Steuerzeichen") if code in _BREACHES else None


def without_hidden(
    page: pdfium.PdfPage,
    found: Page,
    objects: Sequence[TextObject],
    paths: Paths,
    absent: Sequence[Sign],
) -> tuple[tuple[Glyph, ...], tuple[Hidden, ...]]:
    """Return the glyphs that are seen, and what the others say; ``absent`` never were glyphs."""
    tiny = {one.number for one in objects if one.is_tiny}
    doubted = doubted_objects([one for one in objects if not one.is_tiny], paths, found)
    if not (tiny or doubted or absent):
        return found.glyphs, ()
    glyphs = [glyph for glyph in found.glyphs if not glyph.text.isspace()]
    signs = [Sign(g.order, g.text, "winzig") for g in glyphs if g.source in tiny]
    if doubted:
        signs += _unseen(page, found, glyphs, objects, doubted)
    signs += [sign for sign in absent if sign.text]
    stretches = [stretch for stretch in _stretches(signs) if _is_worth_it(stretch)]
    gone = {sign.order for stretch in stretches for sign in stretch}
    hidden = [Hidden(stretch[0].concealment, _spelled(stretch)) for stretch in stretches]
    hidden += _torn(glyphs, [sign.order for sign in absent if not sign.text])
    kept = (glyph for glyph in found.glyphs if glyph.text.isspace() or glyph.order not in gone)
    return tuple(kept), tuple(hidden)


def doubted_objects(
    objects: Sequence[TextObject], paths: Paths, found: Page
) -> dict[int, Concealment]:
    """Return the numbers of objects that may be hidden, and how they would be. Pure."""
    doubted: dict[int, Concealment] = {}
    opaque: list[TextObject] = []
    images = [surface for surface in paths.surfaces if surface.is_image]
    for one in objects:
        if one.is_clear:
            # A scanner's layer of text lies over or under the image it was recognised in.
            if not any(_holds(image, one) for image in images):
                doubted[one.number] = "unsichtbar gesetzt"
        elif one.address in paths.layered:
            doubted[one.number] = "ausgeblendet"
        else:
            opaque.append(one)
    surfaces = paths.surfaces if len(paths.surfaces) <= _MOST_SURFACES else ()
    if not surfaces:
        pale = 255 - _DOUBTED_CONTRAST
        return doubted | {o.number: "weiß auf weiß" for o in opaque if min(o.colour) > pale}
    for start in range(0, len(opaque), _AT_ONCE):
        doubted |= _blending(opaque[start : start + _AT_ONCE], surfaces, paths, found)
    return doubted


def _holds(surface: Surface, one: TextObject) -> bool:
    x, y = (one.x0 + one.x1) / 2, one.baseline - (ASCENT - DESCENT) / 2 * one.size
    x0, y0, x1, y1 = surface.box
    return x0 <= x <= x1 and y0 <= y <= y1


def _blending(
    objects: Sequence[TextObject], surfaces: Sequence[Surface], paths: Paths, found: Page
) -> dict[int, Concealment]:
    """Return objects of the colour of what lies beneath, and those something lies upon.

    The uppermost rectangle beneath that holds an object is what it is printed on, else the
    white page; what lies between in many colours, or overlaps, may take it in.
    """
    after_all = len(paths.texts) + len(surfaces)
    order = np.array([paths.texts.get(one.address, after_all) for one in objects])[:, None]
    colour = np.array([one.colour for one in objects], dtype=np.int16)
    x0, x1 = (np.array([getattr(one, edge) for one in objects])[:, None] for edge in ("x0", "x1"))
    foot = np.array([one.baseline for one in objects])[:, None]
    head = foot - ASCENT * np.array([one.size for one in objects])[:, None]

    left, upper, right, lower = np.array([surface.box for surface in surfaces]).T
    position = np.array([surface.position for surface in surfaces])
    known = np.array([surface.colour is not None for surface in surfaces])
    image = np.array([surface.is_image for surface in surfaces])
    ground = np.array([surface.colour or (0, 0, 0) for surface in surfaces], dtype=np.int16)

    beneath = position < order
    overlaps = (left < x1) & (right > x0) & (upper < foot) & (lower > head)
    holds = (left <= x0 + 1) & (right >= x1 - 1) & (upper <= head + 1) & (lower >= foot - 1)
    near = known & (np.abs(colour[:, None] - ground).max(axis=2) < _DOUBTED_CONTRAST)
    light = (colour.min(axis=1) > _LIGHT)[:, None]
    printed_on = np.where(holds & beneath & known, position, -1).max(axis=1)[:, None]
    taken_in = overlaps & beneath & (near | (~known & light)) & (position >= printed_on)
    on_paper = (printed_on[:, 0] < 0) & ((255 - colour).max(axis=1) < _DOUBTED_CONTRAST)
    scan = image & ((right - left) * (lower - upper) > _SCAN_SHARE * found.width * found.height)
    covered = holds & ~beneath & (known | image) & ~scan
    doubted: dict[int, Concealment] = {}
    for one, same, under in zip(
        objects, on_paper | taken_in.any(axis=1), covered.any(axis=1), strict=True
    ):
        if same or under:
            doubted[one.number] = "ausgeblendet" if under else "weiß auf weiß"
    return doubted


def _unseen(
    page: pdfium.PdfPage,
    found: Page,
    glyphs: Sequence[Glyph],
    objects: Sequence[TextObject],
    doubted: Mapping[int, Concealment],
) -> list[Sign]:
    """Return the glyphs of doubted objects that leave no trace in the page's picture.

    Of text set without ink the trace is that of letters drawn as shapes in the same place.
    """
    theirs = [glyph for glyph in glyphs if glyph.source in doubted]
    if not theirs:
        return []
    scale = _scale(found, min(glyph.size for glyph in theirs))
    items = [one.item for one in objects if one.number in doubted and not one.is_clear]
    clear = {one.number for one in objects if one.is_clear}
    trace = drawn = None
    if items:
        trace = np.abs(_picture(page, scale) - _picture(page, scale, items)).max(axis=2)
    if clear & doubted.keys():
        drawn = _picture(page, scale, [one.item for one in objects if one.item])
    signs = []
    for glyph in theirs:
        y0, y1 = glyph.baseline - ASCENT * glyph.size, glyph.baseline + DESCENT * glyph.size
        box = found.shown((glyph.x0, y0, glyph.x1, y1))
        left, upper = (max(math.floor(edge * scale), 0) for edge in box[:2])
        right, lower = (max(math.ceil(edge * scale), 0) for edge in box[2:])
        if glyph.source in clear and drawn is not None:
            region = drawn[upper:lower, left:right]
            seen = region.size and np.ptp(region.max(axis=2)) >= _SEEN_CONTRAST
        else:
            assert trace is not None  # noqa: S101  # made of the objects that aren't clear
            region = trace[upper:lower, left:right]
            seen = region.size and region.max() >= _SEEN_CONTRAST
        if not seen:
            signs.append(Sign(glyph.order, glyph.text, doubted[glyph.source]))
    return signs


def _scale(found: Page, size: float) -> float:
    """Return pixels per point for a picture in which text of this size can be told."""
    fitting = min(max(_PIXELS / max(size, 1.0), _LEAST_SCALE), _MOST_SCALE)
    return min(fitting, math.sqrt(_MOST_PIXELS / max(found.width * found.height, 1.0)))


def _picture(page: pdfium.PdfPage, scale: float, without: Iterable[Any] = ()) -> _Picture:
    """Render a page without some of its objects; shape (height, width, 3)."""
    items = list(without)
    for item in items:
        raw.FPDFPageObj_SetIsActive(item, False)
    bitmap = page.render(scale=scale, may_draw_forms=False)
    picture: _Picture = bitmap.to_numpy()[:, :, :3].astype(np.int16)
    bitmap.close()
    for item in items:
        raw.FPDFPageObj_SetIsActive(item, True)
    return picture


def _stretches(signs: Iterable[Sign]) -> Iterator[list[Sign]]:
    """Join signs that follow each other in the content stream, hidden in the same way."""
    stretch: list[Sign] = []
    for sign in sorted(signs):
        last = stretch[-1] if stretch else sign
        if sign.order - last.order > _NEXT or sign.concealment != last.concealment:
            yield stretch
            stretch = []
        stretch.append(sign)
    if stretch:
        yield stretch


def _is_worth_it(stretch: Sequence[Sign]) -> bool:
    letters = sum(sign.text.isalpha() for sign in stretch)
    return letters >= (1 if stretch[0].concealment == "Steuerzeichen" else _LEAST_LETTERS)


def _spelled(stretch: Sequence[Sign]) -> str:
    """Return the text of a stretch; places between its signs held spaces."""
    text = stretch[0].text
    for before, sign in pairwise(stretch):
        is_apart = sign.order - before.order > 1 and sign.concealment != "Steuerzeichen"
        text += " " + sign.text if is_apart else sign.text
    return text


def _torn(glyphs: Sequence[Glyph], breaches: Sequence[int]) -> list[Hidden]:
    """Return the words that signs without a shape stand in, between letters, each once."""
    if not breaches:
        return []
    letters = {glyph.order: glyph.text for glyph in glyphs if glyph.text.isalpha()}
    torn = set(breaches)
    words: dict[str, None] = {}
    for order in breaches:
        if order - 1 not in letters or order + 1 not in letters:
            continue
        start = end = order
        while start - 1 in letters or start - 1 in torn:
            start -= 1
        while end + 1 in letters or end + 1 in torn:
            end += 1
        words["".join(letters.get(at, "") for at in range(start, end + 1))] = None
    return [Hidden("Steuerzeichen", word) for word in words]
