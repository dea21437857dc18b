"""What the collection holds, as German HTML: header, empty state, announcements."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import german_date
from corpus.types import Workshop
from ui.markup import Html, fence, items, join, tag
from ui.service import Overview
from ui.web import targets

OPENING = "Die Sammlung wird geöffnet …"
CLOSED = "Die Sammlung ist nicht geöffnet."


@dataclass(frozen=True, slots=True)
class Way:
    """A way to one of the pages."""

    name: str
    address: str
    here: bool = False
    """Whether this is the page one is on."""


def header(line: str, ways: Sequence[Way] = ()) -> Html:
    """Render the title, the ways to all pages, and a line on the state of the collection.

    A single page needs no ways.
    """
    links = [
        tag("a", way.name, href=way.address, aria_current="page" if way.here else None)
        for way in ways
    ]
    nav = tag("nav", items(links), aria_label="Seiten") if len(links) > 1 else Html()
    title = tag("h1", "Sozialraum-Assistent")
    return fence(tag("div", title, nav, tag("p", line, class_="holdings"), class_="top"))


def holdings(overview: Overview) -> str:
    """Say in one line what the collection holds: „14 Unterlagen, 3 von 10 Werkstätten, …“."""
    count = len(overview.documents)
    if not count:
        return "Es sind noch keine Unterlagen eingelesen."
    parts = ["1 Unterlage" if count == 1 else f"{count} Unterlagen"]
    if overview.workshops:
        known = len(known_workshops(overview))
        parts.append(f"{known} von {len(overview.workshops)} Werkstätten")
    newest = german_date(max(document.date for document in overview.documents))
    return ", ".join([*parts, f"Stand {newest}"] if newest else parts)


def known_workshops(overview: Overview) -> tuple[Workshop, ...]:
    """Return the workshops of which anything is known, in their order."""
    documented = {document.workshop for document in overview.documents}
    known = (w for w in overview.workshops if w.status != "unbekannt" or w.number in documented)
    return tuple(sorted(known, key=lambda workshop: workshop.number))


def welcome(overview: Overview | None) -> Html:
    """Render the empty state: what one can do here, and questions to start with."""
    if overview is not None and not overview.documents:
        remedy = join("Lesen Sie zuerst Unterlagen ein: ", tag("code", "sozialraum ingest ORDNER"))
        parts = (tag("h2", "Die Sammlung ist leer"), tag("p", remedy, class_="lead"))
    else:
        lead = (
            "Jeder Satz der Antwort steht wörtlich in einer Unterlage. Die Nummer dahinter öffnet "
            "die Seite, auf der er steht."
        )
        parts = (tag("h2", "Was möchten Sie wissen?"), tag("p", lead, class_="lead"))
    return fence(tag("section", *parts, _examples(overview), class_="welcome"))


def _examples(overview: Overview | None) -> Html:
    if overview is None or not overview.examples:
        return Html()
    buttons = [
        tag("button", question, class_="ask", id=targets.example(number))
        for number, question in enumerate(overview.examples)
    ]
    return join(tag("h3", "Zum Beispiel"), items(buttons))


def failure(message: str) -> Html:
    """Render the empty state when the collection can't be opened."""
    heading = tag("h2", "Die Sammlung lässt sich nicht öffnen")
    return fence(tag("section", heading, tag("p", message, class_="lead"), class_="welcome"))


def announcement(words: str) -> Html:
    """Render what a screen reader says once."""
    return fence(tag("p", words, role="status", class_="unseen"))
