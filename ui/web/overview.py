"""What the collection holds, as German HTML: header, empty state, announcements."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import german_date
from corpus.types import Workshop
from ui import switch
from ui.access.person import Person, by_password
from ui.access.roles import Role
from ui.markup import Html, fence, foreign, items, join, tag
from ui.service import Overview
from ui.web import targets

OPENING = "Die Sammlung wird geöffnet …"
CLOSED = "Die Sammlung ist nicht geöffnet."


@dataclass(frozen=True, slots=True)
class Way:
    """A way to one of the pages."""

    name: str
    address: str
    role: Role
    """The least that one has to be to see it."""
    here: bool = False
    """Whether this is the page one is on."""


def header(line: str) -> Html:
    """Render the title, and a line on the state of the collection."""
    title = tag("h1", "Sozialraum-Assistent")
    return fence(tag("div", title, tag("p", line, class_="holdings"), class_="top"))


def ways(all_ways: Sequence[Way], person: Person | None) -> Html:
    """Render the ways that are open to a person, and who they are logged in as.

    A single page needs no ways. Whoever isn't known yet sees what everybody may see.
    """
    role = person.role if person else Role.READER
    links = [
        tag("a", way.name, href=way.address, aria_current="page" if way.here else None)
        for way in all_ways
        if way.role <= role
    ]
    shown = [*(links if len(links) > 1 else ()), *_languages(all_ways)]
    nav = tag("nav", items(shown), aria_label="Seiten")
    return fence(tag("div", nav, _account(person), class_="top"))


def _languages(all_ways: Sequence[Way]) -> tuple[Html, ...]:
    """Offer both languages; the style sheet shows the one that isn't chosen (ui/web/bar.css).

    The pages of editors are in German only, and say so to whoever has chosen English.
    """
    here = next((way for way in all_ways if way.here), None)
    back = here.address if here else "/"
    german = switch.short("de", back)
    if here is None or here.role <= Role.READER:
        return switch.short("en", back), german
    words = Html("This page is in German only.")
    return tag("span", words, class_="german-only", lang="en"), german


def _account(person: Person | None) -> Html:
    """Render who is logged in, and the way out; nothing where there is no login."""
    if person is None or not person.name:
        return Html()
    name = tag("span", foreign(person.name), class_="person")
    if by_password(person):
        own = tag("span", "Passwort ändern", class_="unseen")
        name = tag("a", join(name, own, by=" "), href="/passwort", class_="own")
    role = tag("span", person.role.german, class_="role")
    out = tag("a", "Abmelden", href="/abmelden", class_="leave")
    return tag("p", tag("span", "Angemeldet: ", class_="unseen"), name, role, out, class_="account")


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
        tag("button", foreign(question), class_="ask", id=targets.example(number))
        for number, question in enumerate(overview.examples)
    ]
    return join(tag("h3", "Zum Beispiel"), items(buttons))


def failure(message: str) -> Html:
    """Render the empty state when the collection can't be opened."""
    heading = tag("h2", "Die Sammlung lässt sich nicht öffnen")
    return fence(tag("section", heading, tag("p", message, class_="lead"), class_="welcome"))


def notice(messages: Sequence[str]) -> Html:
    """Render what was wrong with the address that led here, calmly."""
    return fence(tag("div", *(tag("p", message) for message in messages), class_="notice calm"))


def replacing() -> Html:
    """Say that the next question replaces the last one; that can be taken back."""
    cancel = tag("button", "Abbrechen", class_="act", id=targets.EDIT_CANCEL)
    words = "Die neue Frage ersetzt Ihre letzte. "
    return fence(tag("p", words, cancel, class_="replacing"))


def announcement(words: str) -> Html:
    """Render what a screen reader says once."""
    return fence(tag("p", words, role="status", class_="unseen"))
