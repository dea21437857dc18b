"""The map of themes by workshop as German HTML, and the passages of one of its cells.

What can be pressed has a name: ``zelle-sicherheit-3`` opens a cell (``-ohne``: what belongs to no
workshop), ``stelle-sicherheit-3-2`` shows the page of its third passage. A name comes back from
the browser and may say anything: it only ever selects among what is counted already.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from assistant.themes import Column, Place, ThemeMap
from assistant.types import Citation
from corpus.themes import Theme
from corpus.types import Document, Span, Workshop
from ui.markup import Html, fence, foreign, items, join, lines, tag
from ui.web.answer.source_list import origin
from ui.web.answer.whereabouts import where
from ui.web.workshops.board import Board
from ui.web.workshops.view import item

# Shares from which a cell is one shade stronger. Those of the starter collection: 4 to 80 %.
SHADES = (0.0, 0.10, 0.25, 0.50, 0.75)
# Passages shown at once; the rest unfolds.
SHOWN_AT_ONCE = 6
_OTHERS = "ohne"
_CELL = re.compile(
    rf"(?:zelle|stelle)-([a-z]{{1,30}})-([0-9]{{1,6}}|{_OTHERS})(?:-([0-9]{{1,6}}))?"
)


class Target(NamedTuple):
    """A cell, and which of its passages is shown, from 0."""

    theme: str
    column: Column
    number: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A cell with its passages, one of which is shown on its page."""

    theme: Theme
    column: Column
    size: int
    """Passages of the column."""
    places: tuple[Place, ...]
    chosen: int
    document: Document
    """Of the chosen passage."""


def read_target(name: object) -> Target | None:
    """Read the name of a cell or passage; None for anything else."""
    found = _CELL.fullmatch(name) if isinstance(name, str) else None
    if not found:
        return None
    column = None if found[2] == _OTHERS else int(found[2])
    return Target(found[1], column, int(found[3] or 0))


def cell_name(theme: str, column: Column) -> str:
    """Name the button of a cell."""
    return f"zelle-{theme}-{_OTHERS if column is None else column}"


def _place_name(theme: str, column: Column, number: int) -> str:
    return f"stelle-{theme}-{_OTHERS if column is None else column}-{number}"


def column_name(column: Column) -> str:
    """Name a column within a sentence."""
    return "den Unterlagen ohne Werkstatt" if column is None else f"Werkstatt {column}"


# -- the map -------------------------------------------------------------------------------


def theme_map(board: Board, counted: ThemeMap) -> Html:
    """Render the map with its heading, its scale, and how it is counted."""
    heading = tag("h3", "Worüber die Unterlagen sprechen", id="karte", tabindex="-1")
    if not counted.sizes:
        nothing = tag("p", "Es sind noch keine Unterlagen eingelesen, die sich zählen ließen.")
        return fence(tag("section", heading, nothing, class_="themes"))
    lead = tag(
        "p",
        "Je kräftiger ein Feld, desto größer der Anteil der Textstellen, in denen das Thema "
        "vorkommt. Ein Druck auf ein Feld zeigt diese Stellen mit ihrer Seite.",
        class_="lead",
    )
    unmatched = tag(
        "p",
        "Keiner der Begriffe kommt in dieser Sammlung vor. Die Karte kennt Handlungsfelder der "
        "Stadtteilarbeit; andere Themen zeigt sie nicht.",
        class_="note",
    )
    parts = (
        heading,
        lead,
        unmatched if not counted.cells else Html(),
        _table(board, counted),
        _scale(),
        _method(counted),
    )
    return fence(tag("section", *parts, class_="themes"), report=True)


def _table(board: Board, counted: ThemeMap) -> Html:
    columns = _columns(board, counted)
    caption = tag("caption", "Themen nach Werkstätten: Anteil und Zahl der Textstellen")
    head = tag(
        "tr",
        tag("th", "Thema", scope="col", class_="corner"),
        *(_head(board, counted, column) for column in columns),
    )
    rows = []
    for position, theme in enumerate(counted.themes):
        cells = _cells(counted, theme, columns, is_first=position == 0)
        rows.append(tag("tr", tag("th", theme.name, scope="row"), *cells))
    table = tag("table", caption, tag("thead", head), tag("tbody", *rows))
    return tag(
        "div", table, class_="heat", tabindex="0", role="group", aria_label="Themenkarte, Tabelle"
    )


def _columns(board: Board, counted: ThemeMap) -> list[Column]:
    """Return all workshops in order, and what belongs to none where there is such."""
    found: list[Column] = [entry.workshop.number for entry in board.entries]
    return [*found, None] if None in counted.sizes else found


def _head(board: Board, counted: ThemeMap, column: Column) -> Html:
    size = counted.sizes.get(column, 0)
    if column is None:
        extent = tag("span", "1 Stelle" if size == 1 else f"{size} Stellen", class_="size")
        return tag(
            "th",
            tag("span", "Ohne Werkstatt", class_="name"),
            tag("span", "Themenhefte, Sammelbände u. a.", class_="theme"),
            extent,
            scope="col",
            class_="others",
        )
    workshop = next(e.workshop for e in board.entries if e.workshop.number == column)
    unseen = tag("span", "Werkstatt ", class_="unseen")
    if not size:
        said = tag("span", ": nichts eingelesen", class_="unseen")
        return tag("th", unseen, str(column), said, scope="col", class_="none")
    return tag(
        "th",
        tag("span", f"Werkstatt {column}", class_="name"),
        tag("span", _theme_of(workshop), class_="theme"),
        tag("span", "1 Stelle" if size == 1 else f"{size} Stellen", class_="size"),
        scope="col",
    )


def _theme_of(workshop: Workshop) -> str:
    return foreign(workshop.theme) if workshop.theme else "Thema unbekannt"


def _cells(
    counted: ThemeMap, theme: Theme, columns: Sequence[Column], *, is_first: bool
) -> list[Html]:
    """Build a row's cells; neighbours without a text are one cell over all rows."""
    cells = []
    for empty, group in groupby(columns, key=lambda column: not counted.sizes.get(column)):
        run = list(group)
        if not empty:
            cells += [_cell(counted, theme, column) for column in run]
        elif is_first:
            cells.append(_gap(len(run), len(counted.themes)))
    return cells


def _gap(columns: int, rows: int) -> Html:
    said = tag("span", "Noch nichts eingelesen")
    return tag("td", said, colspan=str(columns), rowspan=str(rows), class_="gap")


def _cell(counted: ThemeMap, theme: Theme, column: Column) -> Html:
    size, count = counted.sizes[column], len(counted.passages(theme.id, column))
    kind = "others " if column is None else ""
    if not count:
        unseen = tag("span", f" von {size} Textstellen", class_="unseen")
        return tag("td", tag("span", "0", unseen, class_="zero"), class_=f"{kind}shade-0")
    share = counted.share(theme.id, column)
    button = tag(
        "button",
        tag("span", f"{theme.name} in {column_name(column)}: ", class_="unseen"),
        tag("span", percent(share), class_="share"),
        " ",
        tag("span", f"{count} von {size}", class_="count"),
        tag("span", " Textstellen, anzeigen", class_="unseen"),
        id=cell_name(theme.id, column),
        aria_pressed="false",
    )
    return tag("td", button, class_=f"{kind}shade-{shade(share)}")


def percent(share: float) -> str:
    """Write a share above 0; one below half a percent isn't made to nothing."""
    return f"{share:.0%}".replace("%", "\u00a0%") if share >= 0.005 else "unter 1\u00a0%"


def shade(share: float) -> int:
    """Return how strongly a share is shown: 0 for nothing, then 1 to 5."""
    return sum(share >= bound for bound in SHADES) if share > 0 else 0


def _scale() -> Html:
    bounds = [f"{bound:.0%}".removesuffix("%") for bound in SHADES]
    names = ["kommt nicht vor", f"unter {bounds[1]}\u00a0%"]
    names += [f"ab {bound}\u00a0%" for bound in bounds[1:]]
    swatches = (
        join(tag("span", class_=f"swatch shade-{number}"), tag("span", name))
        for number, name in enumerate(names)
    )
    return items(swatches, class_="scale")


def _method(counted: ThemeMap) -> Html:
    """Say how it is counted, with every term, so that anyone can count again."""
    terms = (
        tag("div", tag("dt", theme.name), tag("dd", foreign(", ".join(theme.terms))))
        for theme in counted.themes
    )
    said = (
        "Gezählt wird, nicht gedeutet. Eine Textstelle (ein Absatz, eine Liste oder Tabelle) zählt "
        "zu einem Thema, wenn sie mindestens einen seiner Begriffe enthält, gleich wie oft. Sie "
        "kann zu mehreren Themen zählen oder zu keinem.",
        "Verglichen wird wie bei der Suche: in jeder Beugung und auch als Teil eines "
        "zusammengesetzten Wortes. Verneinungen und Ironie erkennt das nicht.",
        "Der Prozentwert ist der Anteil an den Textstellen der Spalte; so wiegt ein langer Text "
        "nicht mehr als ein kurzer. Kleine Spalten schwanken stärker: Lesen Sie die Zahl daneben.",
        "Nicht gezählt werden Katalog und Glossar, die alle Begriffe nur aufzählen. Themen und "
        "Begriffe sind für dieses Programm von Hand zusammengestellt und für jede Sammlung gleich.",
    )
    summary = tag("summary", "So wird gezählt")
    paragraphs = (tag("p", sentence) for sentence in said)
    return tag("details", summary, *paragraphs, tag("dl", *terms), class_="method")


# -- the passages of a cell ----------------------------------------------------------------


def passages(opened: Opened) -> Html:
    """Render the passages of a cell, and the page of the chosen one beside them."""
    name = f"{opened.theme.name} in {column_name(opened.column)}"
    share = len(opened.places) / opened.size
    lead = (
        f"{len(opened.places)} von {opened.size} Textstellen ({percent(share)}), die mit den "
        "meisten Begriffen zuerst. Gezeigt ist jeweils der erste Satz mit einem Begriff."
    )
    heading = tag("h3", name, id="stellen", tabindex="-1")
    head = tag(
        "div",
        tag("div", heading, tag("p", lead, class_="lead")),
        _onward(opened),
        class_="opened-head",
    )
    body = tag("div", _list(opened), _page(opened), class_="opened-body")
    return fence(tag("section", head, body, class_="opened"), images=True, report=True)


def failure(message: str) -> Html:
    """Render why a cell can't be shown."""
    heading = tag("h3", "Die Stellen lassen sich nicht zeigen", id="stellen", tabindex="-1")
    return fence(tag("section", heading, tag("p", lines(message)), class_="opened"))


def _onward(opened: Opened) -> Html:
    back = f"#{cell_name(opened.theme.id, opened.column)}"
    return tag(
        "p",
        tag("a", "Dazu fragen", href=question_address(opened.theme, opened.column), class_="asks"),
        tag("a", "Zurück zur Karte", href=back, class_="back"),
        class_="onward",
    )


def question_address(theme: Theme, column: Column) -> str:
    """Return where the page for asking has a question on a cell ready."""
    asked = quote(f"Was ist zum Thema {theme.name} bekannt?", safe="")
    limit = "" if column is None else f"&werkstatt={column}"
    return f"/?frage={asked}{limit}"


def _list(opened: Opened) -> Html:
    entries = [tag("li", _entry(opened, number)) for number in range(len(opened.places))]
    # What is chosen is never folded away.
    cut = max(SHOWN_AT_ONCE, opened.chosen + 1)
    first = tag("ol", *entries[:cut])
    rest = entries[cut:]
    if not rest:
        return tag("div", first, class_="found-places")
    summary = tag("summary", f"Weitere {len(rest)} zeigen")
    return tag("div", first, tag("details", summary, tag("ol", *rest)), class_="found-places")


def _entry(opened: Opened, number: int) -> Html:
    place = opened.places[number]
    citation = place.citation
    is_chosen = number == opened.chosen
    unseen = tag("span", ": ", foreign(citation.title), f", Stelle {number + 1}", class_="unseen")
    button = tag(
        "button",
        "Seite wird gezeigt" if is_chosen else "Seite zeigen",
        unseen,
        id=_place_name(opened.theme.id, opened.column, number),
        aria_pressed="true" if is_chosen else "false",
        class_="shows",
    )
    return tag(
        "article",
        tag("h4", foreign(citation.title)),
        tag("p", where(citation), class_="where"),
        tag("blockquote", marked(citation.quote, place.marks)),
        button,
        class_="spot chosen" if is_chosen else "spot",
    )


def marked(text: str, marks: Sequence[Span]) -> Html:
    """Show a text with its marks; the cells of a table's row stand apart."""
    parts, end = [], 0
    for mark in marks:
        parts += [_plain(text[end : mark.start]), tag("mark", _plain(text[mark.start : mark.end]))]
        end = mark.end
    return join(*parts, _plain(text[end:]))


def _plain(text: str) -> Html:
    return lines(foreign(text.replace("\t", " · ")))


def _page(opened: Opened) -> Html:
    citation, document = opened.places[opened.chosen].citation, opened.document
    fragment = f"#page={citation.page_index + 1}" if citation.page_index is not None else ""
    original = tag(
        "a",
        "Original an dieser Seite öffnen" if fragment else "Original herunterladen",
        tag("span", " (neues Fenster)", class_="unseen"),
        href=f"/original/{item(citation.document, citation.version)}{fragment}",
        target="_blank",
        rel="noopener noreferrer",
    )
    if citation.page_index is None or not document.has_page_images:
        shown = tag("p", "Von dieser Unterlage gibt es kein Seitenbild.", class_="located")
    else:
        image = tag("img", src=_image(citation), alt=_alternative(citation), decoding="async")
        vague = "Seite ohne genaue Stelle: Der Satz steht auf dieser Seite."
        note = tag("p", vague, class_="located") if citation.located != "exact" else Html()
        shown = tag("div", tag("div", image, class_="page"), note)
    return tag(
        "div",
        shown,
        origin(citation.origin),
        tag("p", original),
        class_="shown-page",
        id="seitenbild",
        tabindex="-1",
        role="group",
        aria_label="Seite der Fundstelle",
    )


def _image(citation: Citation) -> str:
    address = f"/seite/{item(citation.document, citation.version)}/{citation.page_index}.png"
    if citation.located != "exact":
        return address
    passage = quote(citation.passage, safe="")
    return f"{address}?passage={passage}&von={citation.start}&bis={citation.end}"


def _alternative(citation: Citation) -> str:
    name = f"Seite {citation.page_label or citation.page_index} aus „{citation.title}“"
    if citation.located == "exact":
        return f"{name}. Die Stelle ist markiert, ihr Text steht in der Liste."
    return name
