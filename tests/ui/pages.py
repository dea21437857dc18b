"""A strict reader of rendered HTML for tests: elements, attributes, texts, nesting."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "img", "input"}


@dataclass
class Element:
    """An element with its attributes and all text below it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    path: tuple[str, ...] = ()
    children: list["Element"] = field(default_factory=list)


class Page(HTMLParser):
    """Parses markup; fails on elements that aren't closed in order."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.elements, self._open, self.text = [], [], ""
        self.feed(str(markup))
        self.close()
        assert not self._open, f"left open: {[e.name for e in self._open]}"

    def handle_starttag(self, name, attributes):
        path = tuple(element.name for element in self._open)
        element = Element(name, {key: value or "" for key, value in attributes}, path=path)
        self.elements.append(element)
        if self._open:
            self._open[-1].children.append(element)
        if name not in VOID:
            self._open.append(element)

    def handle_endtag(self, name):
        assert self._open, f"nothing open at </{name}>"
        assert self._open.pop().name == name, f"wrong order at </{name}>"

    def handle_data(self, data):
        self.text += data
        for element in self._open:
            element.text += data

    def handle_comment(self, data):
        raise AssertionError(f"comment: {data}")

    def handle_decl(self, decl):
        raise AssertionError(f"declaration: {decl}")

    def find(self, name, **attributes):
        """Return the elements of that name whose attributes are these (``class_``: contains)."""
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [e for e in self.elements if e.name == name and _fits(e, wanted)]


def _fits(element, wanted):
    return all(
        value in element.attributes.get(key, "").split()
        if key == "class"
        else element.attributes.get(key) == value
        for key, value in wanted.items()
    )


SAFE_ATTRIBUTES = {
    "lang": r"de|en",
    "class": r"[a-z -]+",
    "id": r"(source|open|shown|page|ask|example|rating|near|nearshown|nearpage)(-\d+)+|source-title"
    r"|(again|edit|query)-\d+|edit-cancel|rate-\d+-(up|down|back)|feedback-[a-z]+(-[a-z0-9]+)?",
    "href": r"#source-\d+-\d+|/rueckmeldungen/wissensluecken\.csv"
    r"|/original/[A-Za-z0-9._~%-]+/[A-Za-z0-9]+(#page=\d+)?",
    "src": r"/seite/[A-Za-z0-9._~%-]+/[A-Za-z0-9]+/\d+\.png(\?passage=[\w.~%-]+&von=\d+&bis=\d+)?",
    "alt": r"(?s).*",
    "scope": r"col|row",
    "role": r"status|group",
    "tabindex": r"0|-1",
    "aria-label": r"Tabelle|Blättern|Rückmeldung zu dieser Antwort|Zustand|Grund|Table",
    "aria-pressed": r"true|false",
    "aria-labelledby": r"source-title",
    "aria-disabled": r"true",
    "target": r"_blank",
    "rel": r"noopener noreferrer",
    "decoding": r"async",
    "download": r"wissensluecken\.csv",
}
SAFE_ELEMENTS = {
    *(
        "article",
        "section",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "br",
        "blockquote",
        "ul",
        "ol",
        "li",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "button", "span", "em", "code", "mark"),
    *("img", "strong"),
}


def assert_safe(markup):
    """Fail unless every element and attribute is one that the renderer itself writes."""
    page = Page(markup)
    for element in page.elements:
        assert element.name in SAFE_ELEMENTS, element
        for name, value in element.attributes.items():
            assert name in SAFE_ATTRIBUTES, element
            assert re.fullmatch(SAFE_ATTRIBUTES[name], value), element
    return page
