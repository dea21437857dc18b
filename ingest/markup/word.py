"""What Word's XML says of a paragraph or a run: rank, role, how it is hidden. Pure."""

import re
from functools import cache
from typing import Literal

from lxml.etree import _Element as Element

from corpus.types import Concealment

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
}
Role = Literal["heading", "title", "contents", "caption", "box", "text"]

_TINY_HALF_POINTS = 4  # two points: no printer makes that legible
_WHITE_FROM = 0xF0  # least value of each channel that looks white on paper
_HEADING = re.compile(r"(?:heading|(?:ü|ue)?berschrift)[\s_-]*([1-9])")
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("title", re.compile(r"title|titel|dokument(?:en)?titel")),
    ("contents", re.compile(r"toc(?:h|\b|[\s_-]?\d).*|(?:inhalts)?verzeichnis.*|table of .*")),
    ("caption", re.compile(r"caption|beschriftung|(?:tabellen|bild)(?:unter|über)schrift")),
    (
        "box",
        re.compile(r"(?:info|hinweis|merk|text)?(?:box|kasten)(?:[\s_-]?(?:title|titel|text))?"),
    ),
)
_MAX_CHAIN = 20  # styles based on styles; Word itself stops at 11
_LEAST_RANK = 6  # HTML knows no deeper one
_SIDES = ("top", "left", "bottom", "right")


@cache
def tag(name: str) -> str:
    """Return a tag or attribute of Word's namespace, as lxml writes it: ``{…}name``."""
    return f"{{{NAMESPACES['w']}}}{name}"


def find(element: Element | None, path: str) -> Element | None:
    """Return the first element under a path of Word's names ("pPr/outlineLvl")."""
    return None if element is None else element.find(_tags(path))


@cache
def _tags(path: str) -> str:
    return "/".join(map(tag, path.split("/")))


def value(element: Element | None, name: str = "val") -> str:
    """Return an attribute of Word's namespace, else the empty string."""
    return "" if element is None else element.get(tag(name), "")


def is_on(element: Element | None) -> bool:
    """Tell whether a switch (bold, vanish …) is set."""
    return element is not None and value(element) not in ("0", "false", "off", "none")


def text_of(element: Element) -> str:
    """Return all text below an element, deleted text too; paragraphs parted by blanks."""
    parts = {tag("t"): None, tag("delText"): None, tag("p"): " ", tag("tab"): " ", tag("br"): " "}
    return "".join(parts[e.tag] or e.text or "" for e in element.iter(*parts)).strip()


class Styles:
    """The styles of a document, each with those it is based on."""

    def __init__(self, root: Element | None) -> None:
        found = [] if root is None else root.findall(tag("style"))
        self._styles = {value(style, "styleId"): style for style in reversed(found)}
        self._chains: dict[str, tuple[Element, ...]] = {}

    def chain(self, id: str) -> tuple[Element, ...]:
        """Return a style and those it is based on, the nearest first."""
        if id not in self._chains:
            chain: list[Element] = []
            style = self._styles.get(id)
            while style is not None and len(chain) < _MAX_CHAIN:
                chain.append(style)
                style = self._styles.get(value(find(style, "basedOn")))
            self._chains[id] = tuple(chain)
        return self._chains[id]

    def of(self, paragraph: Element) -> tuple[Element, ...]:
        """Return the chain of a paragraph's style."""
        return self.chain(value(find(paragraph, "pPr/pStyle")))

    def sought(self, paragraph: Element, path: str) -> Element | None:
        """Return a property ("pPr/numPr") of a paragraph or of the nearest of its styles."""
        found = (find(element, path) for element in (paragraph, *self.of(paragraph)))
        return next((element for element in found if element is not None), None)

    def role(self, paragraph: Element) -> tuple[Role, int]:
        """Return what a paragraph is, and its rank from 1 if it is a heading, else 0.

        The nearest style decides whose name or outline level says it; then a frame does.
        """
        for style in (paragraph, *self.of(paragraph)):
            named = (find(style, "name"), find(style, "pPr/pStyle"))
            for name in (*map(value, named), value(style, "styleId")):
                name = name.lower()
                if found := _HEADING.match(name):
                    return "heading", min(_LEAST_RANK, int(found[1]))
                for role, pattern in _ROLES:
                    if pattern.fullmatch(name):
                        return role, 0
            outline = value(find(style, "pPr/outlineLvl"))
            if outline and outline in "012345678":
                return "heading", min(_LEAST_RANK, int(outline) + 1)
        border = self.sought(paragraph, "pPr/pBdr")
        kinds = [value(find(border, side)) for side in _SIDES]
        return ("text" if {"", "nil", "none"} & set(kinds) else "box"), 0

    def of_run(self, run: Element, paragraph: Element | None, name: str) -> Element | None:
        """Return a property of a run ("b"), or of the nearest style that states it."""
        styles = self.chain(value(find(run, "rPr/rStyle")))
        beneath = () if paragraph is None else self.of(paragraph)
        found = (find(element, f"rPr/{name}") for element in (run, *styles, *beneath))
        return next((element for element in found if element is not None), None)

    def concealment(self, run: Element, paragraph: Element | None) -> Concealment | None:
        """Return how a run is hidden from who reads the page, or None if it is seen."""
        if is_on(self.of_run(run, paragraph, "vanish")):
            return "ausgeblendet"
        size = value(self.of_run(run, paragraph, "sz"))
        if size.isdigit() and int(size) <= _TINY_HALF_POINTS:
            return "winzig"
        white = _is_white(value(self.of_run(run, paragraph, "color")))
        return "weiß auf weiß" if white and not self._is_on_colour(run, paragraph) else None

    def _is_on_colour(self, run: Element, paragraph: Element | None) -> bool:
        marked = value(self.of_run(run, paragraph, "highlight")) not in ("", "none", "white")
        grounds = [self.of_run(run, paragraph, "shd")]
        if paragraph is not None:
            grounds.append(self.sought(paragraph, "pPr/shd"))
        for holder in run.iterancestors(tag("tc"), tag("tbl"), tag("txbxContent"), tag("document")):
            if holder.tag == tag("txbxContent") or find(holder, "background") is not None:
                return True
            grounds.append(find(holder, "tcPr/shd"))
            for style in self.chain(value(find(holder, "tblPr/tblStyle"))):
                grounds += style.iter(tag("shd"))
        return marked or any(_is_dark(ground) for ground in grounds)


def _is_white(colour: str) -> bool:
    if not re.fullmatch("[0-9A-Fa-f]{6}", colour):
        return False
    return all(int(colour[at : at + 2], 16) >= _WHITE_FROM for at in (0, 2, 4))


def _is_dark(ground: Element | None) -> bool:
    """Tell whether a ground has a colour on which white can be read."""
    if ground is None:
        return False
    pattern = value(ground) not in ("", "clear", "nil", "none")
    fill = value(ground, "fill")
    themed = bool(value(ground, "themeFill")) and not fill
    return pattern or themed or (fill not in ("", "auto") and not _is_white(fill))
