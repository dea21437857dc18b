"""What a page holds and nobody sees in a browser. Pure.

Only what the file itself says is looked at: style attributes, its own style elements,
comments. Style sheets in other files are never fetched.
"""

import re
from collections.abc import Iterator
from itertools import islice

from bs4 import Comment, Tag

from corpus.types import Concealment
from ingest.markup.text import classes, elements

Colour = tuple[int, int, int]
Styles = dict[str, str]
"""Declarations by property, in lower case."""

_TINY_PX = 3.0
_FAR_PX = 900.0  # further to the left or the top than a screen
_MAX_ANCESTORS = 50  # looked at for a background; deeper nesting is no page
_SAME_COLOUR = 12  # most difference of a channel (0 to 255) that no eye tells apart
_LEAST_COMMENT_WORDS = 4  # "Beginn Navigation", "TYPO3SEARCH_end" are marks of the system
_NAMED: dict[str, Colour] = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
}
_WHITE = _NAMED["white"]
_SIMPLE = re.compile(r"\w*[.#][\w-]+")
_LENGTH = re.compile(r"(-?[\d.]+)\s*(px|pt|em|rem|%|cm|mm|in|vw|vh)?", re.IGNORECASE)
_PX = {"pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16, "cm": 38.0, "mm": 3.8, "in": 96.0}
_READER_ONLY = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|offscreen)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OPENERS = ("aria-controls", "data-target", "data-bs-target")
_TAG = re.compile("<[^<>]*>")
_WORD = re.compile(r"[^\W\d_]{2,}")


class Unseen:
    """Tells which elements of a page are concealed, and how."""

    def __init__(self, page: Tag) -> None:
        self._rules = dict(_rules(page))
        self._openable = _openable(page)
        sheets = [sheet.get_text() for sheet in elements(page, "style")]
        linked = any("stylesheet" in classes(link, "rel") for link in elements(page, "link"))
        self._plain = not linked and not any("background" in text for text in sheets)

    def concealment(self, tag: Tag) -> Concealment | None:
        """Return how this element, not one around it, is concealed; None if it is seen."""
        if not tag.attrs or str(tag.get("id", "")) in self._openable:
            return None
        styles = self._styles(tag)
        hidden = tag.has_attr("hidden") and tag.get("hidden") != "until-found"
        if hidden or tag.get("aria-hidden") == "true" or _is_shut(styles):
            return "ausgeblendet"
        if _READER_ONLY.search(classes(tag)):
            return "ausgeblendet"
        if styles.get("visibility") in ("hidden", "collapse") or _is_clear(styles):
            return "unsichtbar gesetzt"
        if (size := _pixels(styles.get("font-size"))) is not None and size < _TINY_PX:
            return None if _sized_within(tag) else "winzig"
        edges = (styles.get(name) for name in ("left", "top", "text-indent", "margin-left"))
        if any((_pixels(edge) or 0.0) < -_FAR_PX for edge in edges):
            return "außerhalb der Seite"
        return "weiß auf weiß" if self._is_camouflaged(tag, styles) else None

    def _styles(self, tag: Tag) -> Styles:
        styles: Styles = {}
        names = [f".{name}" for name in classes(tag).split()] + [f"#{tag.get('id', '')}"]
        for name in names:
            styles |= self._rules.get(name, {}) | self._rules.get(tag.name + name, {})
        if colour := tag.get("color"):
            styles["color"] = str(colour)
        if ground := tag.get("bgcolor"):
            styles["background"] = str(ground)
        return styles | _declared(str(tag.get("style", "")))

    def _is_camouflaged(self, tag: Tag, styles: Styles) -> bool:
        colour = _colour(styles.get("color", ""))
        if colour is None:
            return False
        for node in (tag, *islice(tag.parents, _MAX_ANCESTORS)):
            own = self._styles(node)
            ground = own.get("background-color") or own.get("background")
            if "background-image" in own or (ground and "url" in ground):
                return False
            if ground and ground != "transparent":
                return _is_same(colour, _colour(ground))
            if node.name == "html":
                return self._plain and _is_same(colour, _WHITE)
        return False


def said(comment: Comment) -> str:
    """Return the words of a comment; empty when it only marks a place for the system."""
    text = _TAG.sub(" ", comment)
    enough = len(_WORD.findall(text)) >= _LEAST_COMMENT_WORDS
    return text if enough and not text.lstrip().startswith("[if ") else ""


def _rules(page: Tag) -> Iterator[tuple[str, Styles]]:
    """Yield (selector, declarations) of the page's own rules for one class or one id."""
    for sheet in elements(page, "style"):
        first, *others = sheet.get_text().split("/*")
        opened: list[str] = []
        before = ""
        text = "".join([first, *(other.partition("*/")[2] for other in others)])
        for part in re.split("([{}])", text):
            if part == "{":
                opened.append(before.rpartition(";")[2])
            elif part == "}" and opened:
                selectors = opened.pop()
                if not opened:  # what stands within @media holds for some screens only
                    for selector in selectors.split(","):
                        if _SIMPLE.fullmatch(selector.strip()):
                            yield selector.strip(), _declared(before)
            before = part


def _openable(page: Tag) -> frozenset[str]:
    """Return the ids of what a click unfolds: panels of an accordion, tabs."""
    ids: set[str] = set()
    for tag in elements(page):
        ids.update(" ".join(classes(tag, name) for name in _OPENERS).replace("#", "").split())
        if str(tag.get("href", "")).startswith("#"):
            ids.add(str(tag["href"])[1:])
    return frozenset(ids - {""})


def _declared(style: str) -> Styles:
    parts = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in parts}


def _is_shut(styles: Styles) -> bool:
    if styles.get("display") == "none" or styles.get("content-visibility") == "hidden":
        return True
    if "rect(0" in styles.get("clip", "") or "inset(" in styles.get("clip-path", ""):
        return True
    closed = any(_pixels(styles.get(name)) == 0 for name in ("height", "max-height", "width"))
    return closed and styles.get("overflow") == "hidden"


def _is_clear(styles: Styles) -> bool:
    opacity = _pixels(styles.get("opacity"))
    return (opacity is not None and opacity < 0.05) or styles.get("color") == "transparent"


def _sized_within(tag: Tag) -> bool:
    """Tell whether text within sets its own size: size 0 only closes gaps between boxes."""
    return tag.find(style=re.compile("font-size", re.IGNORECASE)) is not None


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.match(value or "")
    try:
        return float(found[1]) * _PX.get((found[2] or "").lower(), 1.0) if found else None
    except ValueError:
        return None


def _colour(value: str) -> Colour | None:
    """Return a colour written as a name, #rgb, #rrggbb or rgb(r, g, b)."""
    value = value.strip().lower().split(" none")[0]
    if value in _NAMED:
        return _NAMED[value]
    if found := re.match(r"#?([0-9a-f]{6}|[0-9a-f]{3})\b", value):
        digits = found[1] if len(found[1]) == 6 else "".join(sign * 2 for sign in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := re.match(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})", value):
        return int(found[1]), int(found[2]), int(found[3])
    return None


def _is_same(colour: Colour, ground: Colour | None) -> bool:
    return ground is not None and all(
        abs(one - other) <= _SAME_COLOUR for one, other in zip(colour, ground, strict=True)
    )
