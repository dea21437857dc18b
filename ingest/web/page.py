"""The links of a web page with what is said about them. Pure.

This runs outside the process that parses untrusted files, so it doesn't parse: it looks for
tags with patterns that take linear time on any input, and gets by with what browsers would
mend. The text of the page is the business of the HTML loader.
"""

import html
import re
from dataclasses import dataclass

from ingest.characters import cleaned

# A page of links is far smaller; what comes after isn't looked at.
MAX_CHARS = 4_000_000
MAX_LINKS = 2000
# Signs before and after a link, in its paragraph, that count as said about it.
_BEFORE, _AFTER = 80, 40
_MAX_HEADING = 80

# An opening without its end swallows the rest, so no start is looked at twice.
_SILENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|svg)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,20})((?:[\s/][^<>]{0,8000})?)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"(?<![\w:-])([a-z][\w:-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?", re.IGNORECASE
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CONTAINERS = frozenset(
    (
        *("article", "aside", "dialog", "div", "footer", "form", "header", "main", "nav"),
        *("ol", "section", "table", "ul"),
    )
)
_BLOCKS = frozenset(
    (
        *("blockquote", "body", "dd", "dt", "figcaption", "figure", "hr", "legend", "li", "p"),
        *("summary", "tr", *_CONTAINERS, *_HEADINGS),
    )
)
# Whole names of classes and ids: "nav-open" on the frame of a page mustn't hide the page.
_FRAME = re.compile(
    r"(?:(?:main|meta|top|sub|site|page|quick|service|lang(?:uage)?)[-_]?)?"
    r"(?:nav|navi|navigation|navbar|menu|footer|breadcrumbs?|sitemap|languages?|cookie|consent)"
    r"(?:[-_](?:bar|banner|list|main|meta|top|bottom|wrapper|container|notice|box|links))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the main part of a page."""

    address: str
    """As written, mostly relative."""
    text: str
    """What it is called, its tooltip and the words for its picture included."""
    near: str = ""
    """What stands beside it in its paragraph, without the text of other links."""
    heading: str = ""
    download: bool = False
    media_type: str = ""
    language: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be known of a page to tell whether it only leads to a document."""

    title: str = ""
    """Its first heading of the first rank, else the title of the window."""
    links: tuple[Link, ...] = ()
    words: int = 0
    """Of its main part, without those of links."""
    base: str = ""
    stated: tuple[str, ...] = ()
    """Addresses of the full text that the page states for search engines of libraries."""


def text_of(content: bytes, media_type: str) -> str:
    """Return a page's source as text, in the encoding stated by its mark, server or itself."""
    stated = _CHARSET.search(media_type.encode()) or _CHARSET.search(content[:4096])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content[: 2 * MAX_CHARS].decode("utf-16", "replace")
    try:
        encoding = stated[1].decode() if stated else "utf-8"
        return content[:MAX_CHARS].decode(encoding, "replace")
    except LookupError:
        return content[:MAX_CHARS].decode("utf-8", "replace")


def read_page(source: str) -> Page:
    """Return the page's links and what is said about them, in their order."""
    reader = _Reader()
    source = _SILENT.sub(" ", source[:MAX_CHARS])
    at = 0
    for tag in _TAG.finditer(source):
        reader.text(source[at : tag.start()])
        reader.tag(tag[2].lower(), tag[1] == "/", tag[3])
        at = tag.end()
    reader.text(source[at:])
    return reader.page()


@dataclass(slots=True)
class _Open:
    """A link whose paragraph isn't over; ``start`` and ``end`` count signs beside links."""

    attributes: dict[str, str]
    parts: list[str]
    start: int
    end: int = -1


class _Reader:
    """Walks over a page's tags and texts."""

    def __init__(self) -> None:
        self._regions: list[tuple[str, str]] = []
        self._beside: list[str] = []
        self._length = 0
        self._bold = 0
        self._bold_length = 0
        self._open: list[_Open] = []
        self._heading = self._window = self._first = self._base = ""
        self._in_window = False
        self._stated: list[str] = []
        self._links: list[Link] = []
        self._words = 0

    def page(self) -> Page:
        self._end_block("")
        title = self._first or re.split(r"\s[–—|·-]\s", self._window.strip())[0]
        return Page(
            title, tuple(self._links), self._words, self._base, tuple(dict.fromkeys(self._stated))
        )

    def text(self, raw: str) -> None:
        text = cleaned(html.unescape(raw)) if raw else ""
        if self._in_window:
            self._window += text
        elif self._open and self._open[-1].end < 0:
            self._open[-1].parts.append(text)
        else:
            self._beside.append(text)
            self._length += len(text)
            self._bold_length += len(text) if self._bold else 0

    def tag(self, name: str, closes: bool, rest: str) -> None:
        if name in _BLOCKS:
            self._end_block(name if closes else "")
            if name in _CONTAINERS:
                self._leave(name) if closes else self._enter(name, rest)
        elif name == "a":
            self._end_link()
            if not closes and "href" in (attributes := _attributes(rest)):
                self._open.append(_Open(attributes, [], self._length))
        elif name in ("strong", "b"):
            self._bold = max(0, self._bold + (-1 if closes else 1))
        elif name == "title":
            self._in_window = not closes and not self._window
        elif not closes and name in ("img", "meta", "base", "link", "br", "td", "th"):
            self._lone(name, _attributes(rest))

    def _lone(self, name: str, attributes: dict[str, str]) -> None:
        """Tags that hold nothing."""
        kind = attributes.get("name", attributes.get("property", "")).lower()
        if name == "meta" and kind == "citation_pdf_url" and attributes.get("content"):
            self._stated.append(attributes["content"])
        elif name == "base" and not self._base:
            self._base = attributes.get("href", "")
        elif name == "link":
            alternate = attributes.get("rel", "").lower() == "alternate"
            if alternate and attributes.get("type") == "application/pdf":
                self._stated.append(attributes.get("href", ""))
        else:
            self.text(f" {attributes.get('alt', '')} ")

    def _enter(self, name: str, rest: str) -> None:
        inherited = self._regions[-1][1] if self._regions else ""
        if name in ("main", "article"):
            region = "main"
        elif name in ("nav", "footer", "dialog") or (name == "header" and inherited != "main"):
            region = "frame"
        elif name == "aside" and inherited != "frame":
            region = "aside"
        else:
            attributes = _attributes(rest) if rest else {}
            names = f"{attributes.get('class', '')} {attributes.get('id', '')}".split()
            role = attributes.get("role", "") in ("navigation", "contentinfo", "dialog")
            head = inherited != "main" and "header" in names
            frame = role or head or any(map(_FRAME.fullmatch, names))
            region = "frame" if frame else inherited
            region = "main" if attributes.get("role") == "main" else region
        self._regions.append((name, region))

    def _leave(self, name: str) -> None:
        for depth in range(len(self._regions) - 1, max(-1, len(self._regions) - 50), -1):
            if self._regions[depth][0] == name:
                del self._regions[depth:]
                return

    def _end_link(self) -> None:
        if self._open and self._open[-1].end < 0:
            self._open[-1].end = self._length

    def _end_block(self, ended: str) -> None:
        """Settle what was said since the last block began."""
        self._end_link()
        beside = "".join(self._beside)
        text = " ".join(beside.split())
        region = self._regions[-1][1] if self._regions else ""
        if region != "frame":
            for link in self._open[: MAX_LINKS - len(self._links)]:
                self._links.append(self._settled(link, beside, region == "aside"))
            self._words += 0 if region == "aside" else len(text.split())
            if ended in _HEADINGS:
                linked = " ".join("".join(link.parts) for link in self._open)
                self._heading = text or " ".join(linked.split())
                self._first = self._first or (self._heading if ended == "h1" else "")
            elif text and not self._open and len(text) <= _MAX_HEADING:
                bold = self._bold_length >= 0.8 * len(beside.strip())
                self._heading = text if bold or text.endswith(":") else self._heading
        self._beside, self._length, self._open, self._bold_length = [], 0, [], 0

    def _settled(self, link: _Open, beside: str, aside: bool) -> Link:
        own = link.attributes
        said = " ".join((*link.parts, own.get("title", ""), own.get("aria-label", "")))
        near = beside[max(0, link.start - _BEFORE) : link.start] + " … "
        near += beside[link.end : link.end + _AFTER]
        return Link(
            own["href"].strip(),
            " ".join(said.split())[:300],
            " ".join(near.split()),
            self._heading,
            "download" in own,
            own.get("type", "").lower(),
            own.get("hreflang", "").lower()[:2],
            aside,
        )


def _attributes(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        found.setdefault(name.lower(), html.unescape(double or single or bare))
    return found
