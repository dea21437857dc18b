"""The workshops as German HTML: headline, strip of time, cards, and how to add what is missing."""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from corpus.dates import MONTHS, german_date
from corpus.types import Status
from ui.markup import SOURCE_ADDRESS, Html, fence, foreign, items, join, tag
from ui.service import Series
from ui.web.workshops.board import Board, Calendar, Entry, Holding, calendar

OPENING = "Die Werkstätten werden zusammengestellt …"
# Documents named on a card; more of them are counted.
MAX_NAMED = 4
# Class of a status in ui/web/workshops/workshops.css; the word always stands beside its sign.
_SIGNS: dict[Status, str] = {
    "belegt": "proven",
    "angekündigt": "announced",
    "unbekannt": "unknown",
}
_MEANINGS: dict[Status, str] = {
    "belegt": "durch eine Dokumentation nachgewiesen",
    "angekündigt": "ob sie so stattfand, ist offen",
    "unbekannt": "bekannt ist nur die Nummer",
}


def opening() -> Html:
    """Render what stands there until the collection is open."""
    return fence(tag("p", OPENING, class_="opening"))


def failure(message: str) -> Html:
    """Render the page when the collection can't be opened."""
    heading = tag("h2", "Die Werkstätten lassen sich nicht zeigen")
    return fence(tag("section", heading, tag("p", message, class_="lead"), class_="headline"))


def series(board: Board) -> Html:
    """Render the whole upper part: headline, strip and cards."""
    found = calendar(board)
    parts = (
        _headline(board),
        _strip(board, found) if found else Html(),
        _cards(board) if board.entries else Html(),
    )
    return fence(join(*parts), report=True, sources=True)


# -- headline ------------------------------------------------------------------------------


def _headline(board: Board) -> Html:
    title = next((s.title for s in board.series if s.title), "")
    heading = tag("h2", headline(board))
    lead = tag("p", holdings_line(board), class_="lead")
    facts = (_facts(one) for one in board.series)
    named = foreign(title) if title else "Die Werkstätten der Sammlung"
    eyebrow = tag("p", named, class_="eyebrow")
    return tag("section", eyebrow, heading, lead, *facts, class_="headline")


def headline(board: Board) -> str:
    """Say in figures what is known: „10 Werkstätten: 1 belegt, 2 angekündigt, 7 unbekannt“."""
    total = len(board.entries)
    if not total:
        return "Diese Sammlung nennt keine Werkstätten"
    counted = ((board.count(status), status) for status in _SIGNS)
    known = ", ".join(f"{count}\u00a0{status}" for count, status in counted if count)
    return f"{'1 Werkstatt' if total == 1 else f'{total} Werkstätten'}: {known}"


def holdings_line(board: Board) -> str:
    """Say in figures what has been read in."""
    others = _several(len(board.others), "Unterlage ohne Werkstatt", "Unterlagen ohne Werkstatt")
    total, documented = len(board.entries), board.documented
    if not total:
        return f"Eingelesen: {others}." if board.others else "Es ist noch nichts eingelesen."
    if not documented:
        return "Zu keiner Werkstatt ist schon etwas eingelesen."
    about = f"Eingelesen sind Texte zu {documented} von {total} Werkstätten"
    return f"{about}, dazu {others}." if board.others else f"{about}."


def _facts(one: Series) -> Html:
    facts = (("Veranstalter", one.organiser), ("Zeitraum", one.period), ("Städte", one.towns))
    pairs = [join(tag("dt", name), tag("dd", foreign(value))) for name, value in facts if value]
    if one.source:
        pairs.append(join(tag("dt", "Laut"), tag("dd", _source(one.source))))
    return tag("dl", *(tag("div", pair) for pair in pairs), class_="stated") if pairs else Html()


def _source(address: str) -> Html:
    """Link to where something is known from; whatever isn't a web address is shown as text."""
    if not SOURCE_ADDRESS.fullmatch(address):
        return tag("span", foreign(address), class_="address")
    host = (urlsplit(address).hostname or address).removeprefix("www.")
    unseen = tag("span", " (fremde Seite, neues Fenster)", class_="unseen")
    written = tag("span", foreign(address.partition("://")[2]), class_="address")
    return tag(
        "a",
        tag("span", foreign(host), class_="host"),
        unseen,
        written,
        href=address,
        target="_blank",
        rel="noopener noreferrer",
        class_="source-link",
    )


# -- strip of time -------------------------------------------------------------------------


def _strip(board: Board, found: Calendar) -> Html:
    none = tag("span", "kein Termin bekannt", class_="bare")
    dated = {year for year, _ in found.months}
    years = [
        tag(
            "li",
            tag("span", str(year), class_="year"),
            Html() if year in dated else none,
            _months(found, year),
        )
        for year in found.years
    ]
    undated = tag(
        "p",
        tag("span", "Datum unbekannt", class_="tray-name"),
        *(_disc(entry) for entry in found.undated),
        class_="tray",
    )
    heading = tag("h3", "Wann die Werkstätten waren", class_="unseen")
    strip = tag("ol", *years, class_="strip")
    parts = (heading, strip, undated if found.undated else Html(), _legend(board))
    return tag("section", *parts, class_="time")


def _months(found: Calendar, year: int) -> Html:
    months = []
    for month, name in enumerate(MONTHS, start=1):
        entries = found.months.get((year, month), ())
        letter = tag("span", name[0], class_="letter")
        discs = tag("span", *(_disc(entry) for entry in entries), class_="discs")
        town = entries[0].workshop.town if len(entries) == 1 else ""
        named = (
            tag("span", foreign(town), class_="town")
            if town and found.is_free(year, month)
            else Html()
        )
        months.append(tag("span", named, discs, letter, class_="month"))
    return tag("span", *months, class_="months")


def _disc(entry: Entry) -> Html:
    workshop = entry.workshop
    dated = german_date(workshop.date)
    facts = (foreign(workshop.theme), foreign(workshop.town), dated, workshop.status)
    return tag(
        "a",
        tag("span", "Werkstatt ", class_="unseen"),
        str(workshop.number),
        tag("span", ": ", join(*facts, by=", "), class_="unseen"),
        href=f"#{_card_id(entry)}",
        class_=f"disc {_SIGNS[workshop.status]}",
    )


def _legend(board: Board) -> Html:
    shown = [status for status in _SIGNS if board.count(status)]
    said = (join(_sign(status), tag("span", f" – {_MEANINGS[status]}")) for status in shown)
    return items(said, class_="legend")


def _sign(status: Status) -> Html:
    return tag("span", status, class_=f"sign {_SIGNS[status]}")


# -- cards ---------------------------------------------------------------------------------


def _card_id(entry: Entry) -> str:
    return f"werkstatt-{entry.workshop.number}"


def _cards(board: Board) -> Html:
    cards = (_blank(run) if run[0].is_blank else _card(run[0]) for run in board.runs())
    heading = tag("h3", "Was von jeder Werkstatt bekannt ist")
    return tag("section", heading, tag("ol", *cards, class_="shops"), class_="known")


def _card(entry: Entry) -> Html:
    workshop = entry.workshop
    place = join(foreign(workshop.town), german_date(workshop.date), by=" · ")
    rows = (
        ("Bekannt aus", _known_from(entry)),
        ("Eingelesen", _read_in(entry.holdings)),
        ("Es fehlt", _missing(entry)),
    )
    facts = (tag("div", tag("dt", name), tag("dd", said)) for name, said in rows if said)
    head = tag(
        "div",
        tag("span", str(workshop.number), class_=f"disc {_SIGNS[workshop.status]}"),
        _sign(workshop.status),
        class_="shop-head",
    )
    name = tag("span", f"Werkstatt {workshop.number}: ", class_="unseen")
    theme = foreign(workshop.theme) if workshop.theme else "Thema unbekannt"
    title = tag("h4", name, theme)
    where = tag("p", place or "Stadt und Datum unbekannt", class_="where")
    parts = (head, title, where, tag("dl", *facts))
    # Links from the strip put the focus here.
    return tag("li", *parts, class_="shop", id=_card_id(entry), tabindex="-1")


def _blank(run: Sequence[Entry]) -> Html:
    first, last = run[0].workshop.number, run[-1].workshop.number
    discs = (
        tag(
            "span",
            str(entry.workshop.number),
            class_="disc unknown",
            id=_card_id(entry),
            tabindex="-1",
        )
        for entry in run
    )
    name = f"Werkstatt {first}" if first == last else f"Werkstätten {first} bis {last}"
    head = tag("div", *discs, _sign("unbekannt"), class_="shop-head")
    says = tag(
        "p",
        "Thema, Stadt und Datum sind nicht bekannt, eingelesen ist nichts. Hier wird nichts "
        "geraten: Die Felder füllen sich, sobald eine Dokumentation eingelesen ist.",
    )
    onward = tag("p", tag("a", "So ergänzen Sie eine Werkstatt", href="#ergaenzen"))
    return tag("li", head, tag("h4", name), says, onward, class_="shop blank")


def _known_from(entry: Entry) -> Html:
    if entry.workshop.source:
        return _source(entry.workshop.source)
    return tag("span", "den eingelesenen Unterlagen") if entry.holdings else Html()


def _read_in(holdings: Sequence[Holding]) -> Html:
    if not holdings:
        return tag("span", "nichts")
    named = [
        join(
            _original(holding),
            tag("span", _extent(holding), class_="extent"),
        )
        for holding in holdings[:MAX_NAMED]
    ]
    if len(holdings) > MAX_NAMED:
        more = len(holdings) - MAX_NAMED
        named.append(tag("span", _several(more, "weitere Unterlage", "weitere Unterlagen")))
    return items(named)


def _original(holding: Holding) -> Html:
    document = holding.document
    unseen = tag("span", " (neues Fenster)", class_="unseen")
    return tag(
        "a",
        foreign(document.title),
        unseen,
        href=f"/original/{item(document.id, document.version)}",
        target="_blank",
        rel="noopener noreferrer",
    )


def _extent(holding: Holding) -> str:
    places = _several(holding.passages, "Textstelle", "Textstellen")
    pages = len(holding.document.page_labels)
    if not holding.is_whole:
        return f"{places} daraus"
    return f"{_several(pages, 'Seite', 'Seiten')}, {places}" if pages else places


def _missing(entry: Entry) -> Html:
    """Say what an editor could add."""
    said = []
    if entry.unknown:
        said.append(", ".join(entry.unknown))
    if entry.workshop.status == "angekündigt":
        said.append("ein Nachweis, dass sie so stattfand")
    if not entry.has_original:
        said.append("die Originaldokumentation")
    if not said:
        return tag("span", "nichts")
    unseen = tag("span", f" von Werkstatt {entry.workshop.number}", class_="unseen")
    return join(join(*said, by="; "), " ", tag("a", "Ergänzen", unseen, href="#ergaenzen"))


# -- how to add ----------------------------------------------------------------------------


def adding(board: Board, *, with_page: bool) -> Html:
    """Render how a workshop is added; ``with_page`` where there is a page for that."""
    number = board.next_blank
    front = f"---\ntitel: Dokumentation der {number}. Werkstatt\nwerkstatt: {number}\n---"
    entry = (
        f'werkstaetten:\n  - nummer: {number}\n    thema: …\n    stadt: …\n    datum: "JJJJ-MM-TT"'
        "\n    status: belegt\n    quelle: https://…\n"
        f"dokumente:\n  dokumentation-{number}.pdf:\n    werkstatt: {number}"
    )
    by_page = join(
        "Auf der Seite ",
        tag("a", "Unterlagen", href="/unterlagen"),
        " laden Redaktionen die Datei hoch und wählen die Werkstatt aus.",
    )
    steps = (
        tag("h4", "Dokumentation einlesen"),
        tag("p", by_page) if with_page else Html(),
        tag("p", "Auf der Befehlszeile, mit dem Ordner, in dem sie liegt:"),
        tag("div", tag("code", "sozialraum ingest ORDNER"), class_="listing"),
        tag("p", "Vorher zeigt --dry-run am Ende des Befehls, was sich ändern würde."),
    )
    assigning = (
        tag("h4", "Werkstatt angeben"),
        tag("p", "Ein Text sagt in seinen ersten Zeilen selbst, wozu er gehört:"),
        tag("div", tag("code", foreign(front)), class_="listing"),
        tag("p", "Ein Sammelband braucht das nicht, wenn seine Kapitel „3. Werkstatt: …“ heißen."),
    )
    catalogue = (
        tag("h4", "Katalog ergänzen"),
        tag("p", "Alles andere steht im selben Ordner in der Datei werkstaetten.yaml:"),
        tag("div", tag("code", foreign(entry)), class_="listing"),
        tag("p", "Was nicht belegt ist, bleibt weg; dann steht hier „unbekannt“."),
    )
    columns = (tag("div", *column) for column in (steps, assigning, catalogue))
    heading = tag("h3", "So ergänzen Sie eine Werkstatt", id="ergaenzen", tabindex="-1")
    body = tag("div", *columns, class_="columns")
    return fence(tag("section", heading, body, class_="adding"), report=True)


# -- small parts ---------------------------------------------------------------------------


def item(document: str, version: str) -> str:
    """Write a version of a document as part of an address."""
    return f"{quote(document, safe='')}/{quote(version, safe='')}"


def _several(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{_number(count)} {many}"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
