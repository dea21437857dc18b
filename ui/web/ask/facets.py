"""What a search can be limited to: the facets of a collection, chosen, and kept in the address.

Pure, no gradio. What comes from a browser or an address only ever selects among what the
collection holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import urlencode

from corpus.errors import QuestionError
from corpus.types import Document, Scope, Workshop
from ui.markup import foreign
from ui.service import Overview
from ui.web.overview import known_workshops
from ui.wording import workshop_name

Facet = Literal["werkstatt", "ort", "thema", "unterlage", "art", "jahr"]
"""As they stand in the address."""
FACETS: tuple[Facet, ...] = get_args(Facet)
QUESTION = "frage"
# The catalogue answers questions about the series; nobody looks for it among the booklets.
_NOT_OFFERED = "Katalog"
# Of a value that isn't known so much is repeated, enough to recognise it by.
_SHOWN_CHARS = 60
_EMPTY = (
    "Zu dieser Auswahl gibt es keine Unterlagen. Bitte lassen Sie eine Einschränkung weg oder "
    "wählen Sie die gesamte Sammlung."
)


@dataclass(frozen=True, slots=True)
class Option:
    """Something a search can be limited to."""

    facet: Facet
    value: str
    label: str
    short: str
    """For where the facet isn't beside it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Options among which one is chosen."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reader has limited the search to: at most one value of each facet."""

    chosen: tuple[Option, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.chosen)

    def value(self, facet: Facet) -> str:
        """Return what a facet is limited to, or an empty string."""
        return next((option.value for option in self.chosen if option.facet == facet), "")

    def without(self, *facets: Facet) -> "Limits":
        """Lift the limits of some facets."""
        return replace(self, chosen=tuple(o for o in self.chosen if o.facet not in facets))

    def within(self, option: Option) -> "Limits":
        """Limit to an option in place of any other of its group."""
        kept = self.without(*_rivals(option.facet)).chosen
        return Limits(tuple(sorted((*kept, option), key=lambda o: FACETS.index(o.facet))))

    @property
    def words(self) -> str:
        """Name them all, for a line of text."""
        return ", ".join(option.short for option in self.chosen)

    @property
    def address(self) -> str:
        """Return the address of the page with these limits."""
        query = urlencode([(option.facet, option.value) for option in self.chosen])
        return f"/?{query}" if query else "/"


def groups(held: Overview) -> tuple[Group, ...]:
    """Return all that a search in this collection can be limited to.

    A group with nothing to choose between is left out.
    """
    workshops = known_workshops(held)
    documents = sorted(_offered(held), key=lambda document: document.title.casefold())
    booklets = [document for document in documents if document.workshop is None]
    themes = [
        Option("thema", w.theme, foreign(w.theme), foreign(w.theme)) for w in workshops if w.theme
    ]
    themes += [Option("unterlage", d.id, foreign(d.title), foreign(d.title)) for d in booklets]
    all_groups = (
        Group("Werkstatt", tuple(_workshop(workshop) for workshop in workshops)),
        Group("Ort", tuple(_plain("ort", (w.town for w in workshops)))),
        Group("Thema", tuple(themes)),
        Group("Art der Unterlage", tuple(_plain("art", (d.category for d in documents)))),
        Group("Jahr", tuple(_years(documents))),
    )
    return tuple(group for group in all_groups if len(group.options) > 1)


def scope_of(limits: Limits, held: Overview) -> Scope:
    """Return which passages the limits leave. Raises QuestionError when none can be left."""
    if not limits:
        return Scope()
    number, town, theme = (limits.value(facet) for facet in ("werkstatt", "ort", "thema"))
    id, kind, year = (limits.value(facet) for facet in ("unterlage", "art", "jahr"))
    workshops = tuple(
        workshop.number
        for workshop in known_workshops(held)
        if number in ("", str(workshop.number))
        and town in ("", workshop.town)
        and theme in ("", workshop.theme)
    )
    documents = tuple(
        sorted(
            document.id
            for document in held.documents
            if id in ("", document.id)
            and kind in ("", document.category)
            and document.date.startswith(year)
        )
    )
    if not (workshops or not (number or town or theme)) or not documents:
        raise QuestionError(_EMPTY)
    by_workshop, by_document = bool(number or town or theme), bool(id or kind or year)
    return Scope(
        workshop=workshops[0] if by_workshop and len(workshops) == 1 else None,
        document=documents[0] if by_document and len(documents) == 1 else None,
        workshops=workshops if by_workshop and len(workshops) > 1 else (),
        documents=documents if by_document and len(documents) > 1 else (),
    )


def possible(option: Option, limits: Limits, held: Overview) -> bool:
    """Tell whether anything can be left when the option is chosen besides."""
    try:
        scope_of(limits.within(option), held)
    except QuestionError:
        return False
    return True


def read_address(query: Mapping[str, str], held: Overview) -> tuple[Limits, tuple[str, ...]]:
    """Return the limits that an address names, and a message on each that isn't known here."""
    known = {(o.facet, o.value): o for group in groups(held) for o in group.options}
    limits, unknown = Limits(), []
    for facet in FACETS:
        value = query.get(facet, "")
        option = known.get((facet, value))
        if option and possible(option, limits, held):
            limits = limits.within(option)
        elif value:
            shown = value[:_SHOWN_CHARS] + ("…" if len(value) > _SHOWN_CHARS else "")
            unknown.append(
                f"Der Link nennt „{facet}: {shown}“. Das gibt es in dieser Sammlung nicht; "
                "gesucht wird ohne diese Einschränkung."
            )
    return limits, tuple(unknown)


def _offered(held: Overview) -> Iterator[Document]:
    return (document for document in held.documents if document.category != _NOT_OFFERED)


def _workshop(workshop: Workshop) -> Option:
    number = workshop.number
    label = workshop_name(number, workshop.theme)
    return Option("werkstatt", str(number), label, f"Werkstatt {number}")


def _plain(facet: Facet, values: Iterable[str]) -> list[Option]:
    return [
        Option(facet, value, foreign(value), foreign(value)) for value in sorted({*values} - {""})
    ]


def _years(documents: Iterable[Document]) -> list[Option]:
    years = sorted({document.date[:4] for document in documents} - {""}, reverse=True)
    return [Option("jahr", year, year, f"Stand {year}") for year in years]


def _rivals(facet: Facet) -> tuple[Facet, ...]:
    """Return the facets of the same group, of which one value at most is chosen."""
    return ("thema", "unterlage") if facet in ("thema", "unterlage") else (facet,)
