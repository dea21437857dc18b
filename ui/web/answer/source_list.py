"""The list of sources under an answer, as German HTML. Pure."""

from collections.abc import Sequence

from assistant.types import Citation
from ui.markup import Html, foreign, lines, tag
from ui.web import targets
from ui.web.answer.whereabouts import where

_LOCATED = {
    "exact": "Stelle auf der Seite markiert",
    "page": "Seite ohne genaue Stelle",
    "document": "Dokument ohne Seiten",
}


def listed(citations: Sequence[Citation], exchange: int) -> Html:
    """Render the sources of an answer by number, not yet fenced."""
    if not citations:
        return Html()
    heading = "Quelle" if len(citations) == 1 else f"{len(citations)} Quellen"
    cards = [
        tag("li", *_card(c, exchange), id=targets.source(exchange, c.number), class_="card")
        for c in sorted(citations, key=lambda c: c.number)
    ]
    return tag("div", tag("h3", heading), tag("ol", *cards), class_="sources")


def _card(citation: Citation, exchange: int) -> tuple[Html, Html]:
    opened = targets.opening(exchange, citation.number)
    return (
        tag("span", f"[{citation.number}]", class_="number"),
        tag(
            "div",
            tag(
                "p",
                tag("button", foreign(citation.title), class_="open", id=opened),
                class_="title",
            ),
            tag("p", where(citation), class_="where"),
            _quote(citation.quote),
            tag("p", _LOCATED[citation.located], class_="located"),
            origin(citation.origin),
        ),
    )


def _quote(text: str) -> Html:
    """Show a table's rows as lines; it stands as a table in the answer and in the panel."""
    return tag("blockquote", tag("p", "„", lines(foreign(text.replace("\t", " · "))), "“"))


def origin(note: str) -> Html:
    """Render the note of origin; nothing for an original."""
    if not note:
        return Html()
    return tag("p", tag("strong", "Herkunft: "), foreign(note), class_="origin")
