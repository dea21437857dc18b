"""The source panel as German HTML: the page with the passage marked, and its text beside it."""

from dataclasses import dataclass
from urllib.parse import quote as quoted

from assistant.types import Citation
from corpus.dates import german_date
from corpus.types import Document, Passage
from ui.markup import Html, fence, foreign, join, lines, tag
from ui.web import targets
from ui.web.answer.render import framed
from ui.web.answer.source_list import origin
from ui.web.answer.whereabouts import where
from ui.wording import page_label

_LOCATED = {
    "exact": "Die zitierte Stelle ist auf der Seite markiert.",
    "page": "Seite ohne genaue Stelle: Das Zitat steht auf dieser Seite.",
    "document": "Von dieser Unterlage gibt es kein Seitenbild. Unten steht der Text der Stelle.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A citation with its document, open on one of its pages."""

    exchange: int
    """Place of the answer in the conversation, from 0."""
    citation: Citation
    document: Document
    passage: Passage
    page: int | None
    """Physical page shown, from 0; None for formats without pages."""
    change: str = ""
    """What has become of the document since; German sentence, or empty."""
    nearby: int | None = None
    """Place among the passages nearby, from 0; None for what an answer cites."""

    @property
    def name(self) -> str:
        """What the panel is called while it shows this."""
        if self.nearby is not None:
            return targets.nearby_shown(self.exchange, self.nearby)
        return targets.shown(self.exchange, self.citation.number)

    @property
    def opener(self) -> str:
        """What was pressed to come here."""
        if self.nearby is not None:
            return targets.nearby(self.exchange, self.nearby)
        return targets.source(self.exchange, self.citation.number)

    def turned(self, page: int) -> str:
        """Name what turns it to a page."""
        if self.nearby is not None:
            return targets.nearby_page(self.exchange, self.nearby, page)
        return targets.page(self.exchange, self.citation.number, page)


def source(shown: Source) -> Html:
    """Render the panel, fenced."""
    citation = shown.citation
    eyebrow = "Stelle in der Nähe" if shown.nearby is not None else f"Quelle {citation.number}"
    if shown.page is not None and shown.document.has_page_images:
        page = _page(shown, shown.page)
    else:
        page = _without_page()
    parts = (
        tag("p", eyebrow, class_="eyebrow"),
        tag("h2", foreign(citation.title), id="source-title", tabindex="-1"),
        tag("p", where(citation), class_="where"),
        _facts(shown.document),
        tag("p", shown.change, class_="note") if shown.change else Html(),
        origin(citation.origin),
        page,
        _passage(shown),
        _onward(shown),
    )
    panel = tag("section", *parts, class_="source", id=shown.name, aria_labelledby="source-title")
    return fence(panel, images=True)


def failure(message: str) -> Html:
    """Render the panel when its source can't be shown."""
    heading = tag("h2", "Die Quelle lässt sich nicht öffnen", id="source-title", tabindex="-1")
    return fence(tag("section", heading, tag("p", lines(message)), class_="source"))


def _facts(document: Document) -> Html:
    date = german_date(document.date)
    facts = (foreign(document.category), f"Stand {date}" if date else "Stand unbekannt")
    return tag("p", join(*facts, by=" · "), class_="facts")


def _without_page() -> Html:
    return tag("p", _LOCATED["document"], class_="located")


def _page(shown: Source, page: int) -> Html:
    image = tag(
        "img", src=_image_address(shown, page), alt=_alternative(shown, page), decoding="async"
    )
    view = tag("div", image, class_="page")
    return tag("div", _turner(shown, page), view, _marking(shown, page), class_="viewer")


def _turner(shown: Source, page: int) -> Html:
    """Show buttons for the pages around; they keep their place at both ends."""
    count = len(shown.document.page_labels)
    label = page_label(shown.document, page)
    counted = f"{page + 1} von {count}"
    words = f"Seite {counted}" if label == str(page + 1) else f"Seite {label} ({counted})"
    return tag(
        "div",
        _turn(shown, page - 1, "‹ Vorige", page > 0),
        tag("span", words if count > 1 else f"Seite {label}", role="status"),
        _turn(shown, page + 1, "Nächste ›", page + 1 < count),
        class_="turner",
        role="group",
        aria_label="Blättern",
    )


def _turn(shown: Source, page: int, words: str, possible: bool) -> Html:
    unseen = tag("span", " Seite", class_="unseen")
    # Not "disabled": the button would lose the focus of whoever turns to the last page with it.
    if not possible:
        return tag("button", words, unseen, class_="turn", aria_disabled="true")
    return tag("button", words, unseen, id=shown.turned(page), class_="turn")


def _marking(shown: Source, page: int) -> Html:
    """Say what the page shows of the quote; lead back where that is nothing."""
    cited = shown.citation.page_index
    if cited is None or page in _quoted_pages(shown):
        return tag("p", _LOCATED[shown.citation.located], class_="located")
    target = shown.turned(cited)
    words = f"Zur zitierten Stelle auf Seite {page_label(shown.document, cited)}"
    return tag("p", tag("button", words, id=target, class_="turn"), class_="located")


def _quoted_pages(shown: Source) -> set[int]:
    """Return the pages the quote runs over."""
    start, end, first = shown.citation.start, shown.citation.end, shown.citation.page_index
    pages = {box.page for box in shown.passage.boxes if box.start < end and box.end > start}
    return pages if first is None else pages | {first}


def _alternative(shown: Source, page: int) -> str:
    name = f"Seite {page_label(shown.document, page)} aus „{shown.document.title}“"
    if shown.citation.located == "exact" and page in _quoted_pages(shown):
        return f"{name}. Die zitierte Stelle ist markiert, ihr Text steht unter dem Bild."
    return name


def _image_address(shown: Source, page: int) -> str:
    citation = shown.citation
    address = f"/seite/{_item(citation)}/{page}.png"
    if citation.located != "exact":
        return address
    passage = quoted(citation.passage, safe="")
    return f"{address}?passage={passage}&von={citation.start}&bis={citation.end}"


def _item(citation: Citation) -> str:
    return f"{quoted(citation.document, safe='')}/{quoted(citation.version, safe='')}"


def _passage(shown: Source) -> Html:
    """Show the passage with the quote marked, for those who can't see the page as well."""
    text, start, end = shown.passage.text, shown.citation.start, shown.citation.end
    if shown.passage.kind == "table":
        marked = _marked_table(text, start, end)
    else:
        quote = tag("mark", lines(foreign(text[start:end])))
        marked = tag("p", lines(foreign(text[:start])), quote, lines(foreign(text[end:])))
    return tag("div", tag("h3", "Text der Stelle"), marked, class_="passage")


def _marked_table(text: str, start: int, end: int) -> Html:
    """Mark the rows that the quote reaches."""
    rows, position = [], 0
    for number, line in enumerate(text.split("\n")):
        inside = position < end and position + len(line) > start
        texts = map(foreign, line.split("\t"))
        cells = [tag("mark", cell) if inside and cell else join(cell) for cell in texts]
        kind, scope = ("th", "col") if number == 0 else ("td", None)
        rows.append(tag("tr", *(tag(kind, cell, scope=scope) for cell in cells)))
        position += len(line) + 1
    return framed(tag("thead", rows[0]), tag("tbody", *rows[1:]))


def _onward(shown: Source) -> Html:
    fragment = f"#page={shown.page + 1}" if shown.page is not None else ""
    original = tag(
        "a",
        "Original an dieser Seite öffnen" if fragment else "Original herunterladen",
        tag("span", " (neues Fenster)", class_="unseen"),
        href=f"/original/{_item(shown.citation)}{fragment}",
        target="_blank",
        rel="noopener noreferrer",
    )
    back = f"#{shown.opener}"
    to_answer = tag("a", "Zurück zur Antwort", href=back, class_="back")
    return tag("p", original, to_answer, class_="onward")
