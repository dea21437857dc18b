"""What the styles of an OpenDocument text say: roles, ranks, numbers, how text is hidden. Pure."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from lxml.etree import _Element as Element

from corpus.types import Concealment
from ingest.loaders.numbering import numeral

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = {
    **{name: f"{_OASIS}:{name}:1.0" for name in ("office", "style", "text", "table", "meta")},
    "draw": f"{_OASIS}:drawing:1.0",
    "svg": f"{_OASIS}:svg-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
Role = Literal["title", "subtitle", "contents", "caption", "box", "box title", "text"]
Properties = Mapping[str, str]

_MAX_CHAIN = 20  # styles based on styles; real ones have up to 6
_TINY_POINTS = 2.0  # no printer makes that legible
_WHITE_FROM = 0xF0  # least value of each channel that looks white on paper
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75}
_SIZE = re.compile(r"([\d.]{1,10})(pt|in|cm|mm|px)")
_COLOUR = re.compile("#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})")
_NOT_FILLED = ("", "transparent", "none", "#ffffff")
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("title", re.compile(r"title|titel")),
    ("subtitle", re.compile(r"subtitle|untertitel")),
    ("contents", re.compile(r"toc(?:h|[ _-]?\d+)?|contents (?:heading|\d+)|.*verzeichnis.*")),
    ("caption", re.compile(r"caption|beschriftung|illustration|figure|drawing|table|tabelle")),
    ("box title", re.compile(r"(?:info|hinweis|merk)?(?:box|kasten)[ _-]?(?:title|titel|head\w*)")),
    ("box", re.compile(r"(?:info|hinweis|merk)?(?:box|kasten)(?:[ _-]?text)?")),
)
_HEADING = re.compile(r"(?:heading|überschrift) (\d)")


@cache
def tag(name: str) -> str:
    """Return a name with its prefix, "text:p", as lxml writes it: ``{…}p``."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def value(element: Element, name: str) -> str:
    """Return an attribute, "text:style-name", else the empty string."""
    return str(element.get(tag(name), ""))


def count(text: str, most: int, least: int = 1) -> int:
    """Return a number the file states, kept within bounds; ``least`` where it isn't one."""
    return max(least, min(int(text), most)) if re.fullmatch("[0-9]{1,9}", text) else least


class Styles:
    """The styles of a document, each with those it is based on."""

    def __init__(self, *roots: Element) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._lists: dict[str, Element] = {}
        self._properties: dict[tuple[str, str], dict[str, str]] = {}
        self.outline: Element | None = None
        for root in roots:
            for style in root.iter(tag("style:style"), tag("style:default-style")):
                self._styles[value(style, "style:family"), value(style, "style:name")] = style
            for style in root.iter(tag("text:list-style")):
                self._lists[value(style, "style:name")] = style
            for style in root.iter(tag("text:outline-style")):
                self.outline = style

    def properties(self, family: str, name: str) -> dict[str, str]:
        """Return all properties of a style under their local names, with the inherited ones."""
        key = (family, name)
        if key not in self._properties:
            merged: dict[str, str] = {}
            for style in (self._styles.get((family, "")), *reversed(self._chain(family, name))):
                for group in [] if style is None else style:
                    if str(group.tag).endswith("-properties"):
                        merged.update((str(k).rpartition("}")[2], str(v)) for k, v in group.items())
            self._properties[key] = merged
        return self._properties[key]

    def role(self, name: str) -> Role:
        """Return what a paragraph style is for, told by its name or those it is based on."""
        for plain in self._names(name):
            for role, pattern in _ROLES:
                if pattern.fullmatch(plain):
                    return role
        return "text"

    def rank(self, name: str) -> int:
        """Return the rank of a paragraph style that is based on a heading's, else 0."""
        ranks = (_HEADING.fullmatch(plain) for plain in self._names(name))
        return next((int(found[1]) for found in ranks if found), 0)

    def list_of(self, name: str) -> str:
        """Return the name of the list style that a paragraph style brings with it."""
        chain = self._chain("paragraph", name)
        return next((v for s in chain if (v := value(s, "style:list-style-name"))), "")

    def level(self, list_style: str, level: int) -> Element | None:
        """Return how a level of a list is marked; None when nothing says so."""
        style = self._lists.get(list_style)
        return None if style is None else _level(style, level)

    def _chain(self, family: str, name: str) -> list[Element]:
        chain: list[Element] = []
        style = self._styles.get((family, name)) if name else None
        while style is not None and len(chain) < _MAX_CHAIN:
            chain.append(style)
            style = self._styles.get((family, value(style, "style:parent-style-name") or " "))
        return chain

    def _names(self, name: str) -> list[str]:
        chain = self._chain("paragraph", name)
        names = [value(s, "style:display-name") or value(s, "style:name") for s in chain]
        return [plain.replace("_20_", " ").casefold() for plain in names] or [name.casefold()]


class Counters:
    """Counts the numbers of lists and headings, which the file doesn't store."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[int, int]] = {}

    def restart(self, name: str) -> None:
        """Begin a list anew."""
        self._counts.pop(name, None)

    def next(self, name: str, style: Element | None, level: int, start: str = "") -> str:
        """Count on and return the number as it is shown: "2.1 ", "a) "; empty for a bullet."""
        form = "" if style is None else value(style, "style:num-format")
        if style is None or not form:
            return ""
        counts = self._counts.setdefault(name, {})
        first = count(start or value(style, "text:start-value"), 9_999)
        counts[level] = counts[level] + 1 if level in counts and not start else first
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        shown = count(value(style, "text:display-levels"), level)
        above = [str(counts.get(at, 1)) for at in range(level - shown + 1, level)]
        number = ".".join([*above, numeral(counts[level], form)])
        return value(style, "style:num-prefix") + number + value(style, "style:num-suffix") + " "


def outline_level(outline: Element | None, level: int) -> Element | None:
    """Return how headings of a rank are numbered; None when they aren't."""
    return None if outline is None else _level(outline, level)


def is_bold(properties: Properties) -> bool:
    """Tell whether text stands out as bold."""
    weight = properties.get("font-weight", "")
    return weight == "bold" or (weight.isdigit() and int(weight) >= 600)


def is_filled(properties: Properties) -> bool:
    """Tell whether something else than white paper lies behind."""
    return (
        properties.get("background-color", "") not in _NOT_FILLED
        or properties.get("fill", "") not in _NOT_FILLED
    )


def concealment(properties: Properties, *, filled: bool) -> Concealment | None:
    """Return how text of these properties is hidden; ``filled`` tells of what lies behind it."""
    if properties.get("display") == "none":
        return "ausgeblendet"
    colour = _COLOUR.fullmatch(properties.get("color", "").lower())
    white = colour and all(int(part, 16) >= _WHITE_FROM for part in colour.groups())
    if white and not filled and not is_filled(properties):
        return "weiß auf weiß"
    size = _SIZE.fullmatch(properties.get("font-size", ""))
    if size and size[1].count(".") < 2 and float(size[1]) * _POINTS[size[2]] <= _TINY_POINTS:
        return "winzig"
    return None


def _level(style: Element, level: int) -> Element | None:
    return next((e for e in style if value(e, "text:level") == str(level)), None)
