"""Paragraphs of a slide's shapes: their text, their list marks, and what nobody can see. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from corpus.types import Concealment
from ingest.loaders.numbering import numeral

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_MARKS = (f"{_A}buNone", f"{_A}buChar", f"{_A}buAutoNum", f"{_A}buBlip")
_FILLS = tuple(
    f"{_A}{name}" for name in ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
)
_FORMS = {"arabic": "1", "alphaLc": "a", "alphaUc": "A", "romanLc": "i", "romanUc": "I"}
_ENDINGS = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}
_COUNTED_FIELDS = ("slidenum", "datetime")
_MAX_LEVEL = 8
_TINY_SIZE = 200  # hundredths of a point
_WHITE_FROM = 0xF0  # least value of each channel that looks white on a white slide
_WHITE_NAMES = ("bg1", "lt1")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and how it is hidden, if it is; white text only where nothing is behind."""

    text: str
    concealment: Concealment | None = None


def runs(paragraph: Element) -> Iterator[Run]:
    """Yield the text of a paragraph; the slide's own number and date are none."""
    for child in paragraph:
        if child.tag == f"{_A}br":
            yield Run(" ")
        elif child.tag == f"{_A}r" or (
            child.tag == f"{_A}fld" and not child.get("type", "").startswith(_COUNTED_FIELDS)
        ):
            text = child.findtext(f"{_A}t") or ""
            yield Run(text, _concealment(child.find(f"{_A}rPr")))


def level_of(paragraph: Element) -> int:
    """Return how deep a paragraph stands in a list, from 0."""
    properties = paragraph.find(f"{_A}pPr")
    stated = "" if properties is None else properties.get("lvl", "")
    return min(int(stated), _MAX_LEVEL) if stated.isdecimal() else 0


def mark_of(paragraph: Element, styles: Sequence[Element | None]) -> Element | None:
    """Return the element that marks a paragraph as an item; None when it is none.

    ``styles`` are the list styles that apply, the nearest first.
    """
    name = f"{_A}lvl{level_of(paragraph) + 1}pPr"
    inherited = (style.find(name) for style in styles if style is not None)
    for properties in (paragraph.find(f"{_A}pPr"), *inherited):
        for child in () if properties is None else properties:
            if child.tag in _MARKS:
                return None if child.tag == f"{_A}buNone" else child
    return None


class Numbers:
    """Counts the numbered items of one shape."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def next(self, mark: Element | None, level: int) -> str:
        """Return the number of the next item, "1. ", or nothing for a bullet or paragraph."""
        for deeper in [at for at in self._counts if at > level]:
            del self._counts[deeper]
        if mark is None or mark.tag != f"{_A}buAutoNum":
            self._counts.pop(level, None)
            return ""
        start = mark.get("startAt", "1")
        first = int(start) if start.isdecimal() and len(start) < 6 else 1
        self._counts[level] = self._counts.get(level, first - 1) + 1
        kind = mark.get("type", "arabicPeriod")
        form = next((f for name, f in _FORMS.items() if kind.startswith(name)), "1")
        ending = next((e for name, e in _ENDINGS.items() if kind.endswith(name)), "{}.")
        return ending.format(numeral(self._counts[level], form)) + " "


def is_filled(shape: Element) -> bool:
    """Tell whether a shape has a surface of its own, as a picture has."""
    if shape.tag in (f"{_P}pic", f"{_P}graphicFrame"):
        return True
    own = shape.find(f"{_P}spPr")
    if own is None:
        own = shape.find(f"{_P}grpSpPr")
    if own is not None and any(child.tag in _FILLS for child in own):
        return True
    if own is not None and own.find(f"{_A}noFill") is not None:
        return False
    style = shape.find(f"{_P}style/{_A}fillRef")
    return style is not None and style.get("idx") != "0"


def has_white_ground(*slides: Element) -> bool:
    """Tell whether a slide is white: by its own background, else its layout's, its master's."""
    for slide in slides:
        colours = next(slide.iter(f"{_P}clrMap", f"{_A}overrideClrMapping"), None)
        if colours is not None and colours.get("bg1", "lt1") != "lt1":
            return False
    ground = next(
        (g for slide in slides if (g := slide.find(f"{_P}cSld/{_P}bg")) is not None), None
    )
    if ground is None:
        return True
    fill = ground.find(f"{_P}bgPr/{_A}solidFill")
    return _is_white(fill if fill is not None else ground.find(f"{_P}bgRef"))


def _concealment(properties: Element | None) -> Concealment | None:
    if properties is None:
        return None
    size = properties.get("sz", "")
    if size.isdecimal() and int(size[:9]) <= _TINY_SIZE:
        return "winzig"
    marked = properties.find(f"{_A}highlight") is not None
    if not marked and _is_white(properties.find(f"{_A}solidFill")):
        return "weiß auf weiß"
    return None


def _is_white(colour: Element | None) -> bool:
    if colour is None or not len(colour) or len(colour[0]):  # shades are children of a colour
        return False
    value = colour[0].get("val", "")
    if colour[0].tag == f"{_A}schemeClr":
        return value in _WHITE_NAMES
    if colour[0].tag != f"{_A}srgbClr" or len(value) != 6:
        return False
    try:
        return all(channel >= _WHITE_FROM for channel in bytes.fromhex(value))
    except ValueError:
        return False
