"""The documents as HTML: the list, and one of them with what can be done with it."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from corpus.dates import german_date
from corpus.types import Document
from ingest.quality import Finding, Light
from ui.markup import Html, fence, items, join, tag
from ui.report.facts import LEVELS
from ui.web.answer.render import framed
from ui.web.documents.buttons import button, buttons, key
from ui.web.documents.changes import Correction
from ui.web.documents.listing import Condition, Row

_CONDITIONS: dict[Condition, str] = {
    "in Ordnung": "good",
    "mit Hinweisen": "check",
    "abgelaufen": "over",
    "ersetzt": "over",
}
_LIGHTS: dict[Light, tuple[str, str]] = {
    "gut": ("good", "gut gelesen"),
    "prüfen": ("check", "bitte prüfen"),
    "schlecht": ("bad", "schlecht gelesen"),
}

# -- the list -------------------------------------------------------------------------------

_HEADS = ("Unterlage", "Zustand", "Werkstatt", "Umfang", "Fassung")


def listing(rows: Sequence[Row], total: int, search: str) -> Html:
    """Render the documents; ``total`` is how many there are without the search."""
    if not total:
        says = "Die Sammlung ist noch leer. Laden Sie oben die ersten Unterlagen hoch."
        return fence(tag("p", says, class_="soft"))
    if not rows:
        return fence(tag("p", f"Keine Unterlage passt zu „{search}“.", class_="soft"))
    head = tag("tr", *(tag("th", name, scope="col") for name in _HEADS))
    body = tag("tbody", *(_listed(row) for row in rows))
    return fence(tag("div", framed(tag("thead", head), body), class_="documents"))


def counted(shown: int, total: int) -> Html:
    """Render the list's heading: how many documents there are, and how many were found."""
    of = "1 Unterlage" if total == 1 else f"{total} Unterlagen"
    says = of if shown == total else f"{shown} von {of}"
    return fence(tag("div", tag("h2", says), role="status"))


def _listed(row: Row) -> Html:
    d = row.document
    name = tag(
        "th",
        tag("button", d.title, id=f"show-{key(d.id)}", class_="open"),
        tag("span", " · ".join(part for part in (d.category, d.extraction.format) if part)),
        scope="row",
    )
    return tag(
        "tr",
        name,
        _cell("Zustand", _condition(row), light(row.light)),
        _cell("Werkstatt", numbers(row.workshops) or "–"),
        _cell("Umfang", tag("span", _pages(row.pages)), tag("span", _passages(row.passages))),
        _cell("Fassung", tag("code", d.version[:8]), tag("span", short_day(row.read))),
    )


def _cell(label: str, *parts: str) -> Html:
    """Render a cell; its name is for narrow screens, where the heads don't show."""
    return tag("td", tag("span", label, class_="label"), tag("div", *parts))


def short_day(iso: str) -> str:
    """Write a day as in a table: 23.11.2026."""
    return ".".join(reversed(iso.split("-"))) if iso else ""


def _condition(row: Row) -> Html:
    return tag("span", row.condition, class_=f"state {_CONDITIONS[row.condition]}")


def light(found: Light) -> Html:
    """Render how well a document was read."""
    kind, words = _LIGHTS[found]
    return tag("span", words, class_=f"state {kind}")


def brief(row: Row) -> str:
    """Write what a document is in a line: kind, workshops, size."""
    d = row.document
    workshops = numbers(row.workshops)
    parts = (
        d.category,
        f"Werkstatt {workshops}" if workshops else "",
        _pages(row.pages) if row.pages else "",
        _passages(row.passages),
    )
    return " · ".join(part for part in parts if part)


def _pages(pages: int) -> str:
    if not pages:
        return "ohne Seiten"
    return "1 Seite" if pages == 1 else f"{thousands(pages)} Seiten"


def _passages(passages: int) -> str:
    return "1 Textstelle" if passages == 1 else f"{thousands(passages)} Textstellen"


def numbers(workshops: Sequence[int]) -> str:
    """Write the numbers of workshops, those in a row as a span: "1–3, 5"."""
    runs = groupby(enumerate(workshops), key=lambda pair: pair[1] - pair[0])
    spans = [[number for _, number in run] for _, run in runs]
    return ", ".join(str(s[0]) if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spans)


def thousands(number: int) -> str:
    """Write a number the German way."""
    return f"{number:,}".replace(",", ".")


# -- one document ---------------------------------------------------------------------------


def detail(row: Row, findings: Sequence[Finding], replaced_by: str) -> Html:
    """Render one document: what is known of it, and the ways to look at it."""
    d = row.document
    facts = (
        ("Datei", d.file),
        ("Format", d.extraction.format),
        ("Art", d.category),
        ("Werkstatt", numbers(row.workshops) or "keine"),
        ("Umfang", f"{_pages(row.pages)}, {_passages(row.passages)}"),
        ("Stand", german_date(d.date) or d.date or "unbekannt"),
        ("Gültig ab", german_date(d.valid_from)),
        ("Gültig bis", german_date(d.valid_until)),
        ("Ersetzt durch", replaced_by),
        ("Herkunft", d.origin),
        ("Fassung", d.version[:12]),
        ("Zuletzt geändert", german_date(row.read)),
        ("Kennung", d.id),
    )
    shown = (join(tag("dt", name), tag("dd", value)) for name, value in facts if value)
    return fence(
        tag(
            "article",
            tag("h2", d.title, tabindex="-1"),
            tag("p", _condition(row), light(row.light), class_="states"),
            _findings(findings),
            tag("dl", *shown),
            tag("p", _links(d), class_="onward"),
            class_="document",
        ),
        report=True,
    )


def _findings(findings: Sequence[Finding]) -> Html:
    if not findings:
        return Html()
    told = [join(tag("strong", f"{LEVELS[f.level]}: "), f.text) for f in findings]
    return items(told, class_="findings")


def _links(document: Document) -> Html:
    id = quote(document.id, safe="")
    new = {"target": "_blank", "rel": "noopener noreferrer"}
    report = tag(
        "a",
        "Lesebericht: jede Seite neben ihrem Text",
        href=f"/unterlagen/bericht/{id}",
        aria_label="Lesebericht: jede Seite neben ihrem Text, in neuem Tab",
        **new,
    )
    original = tag(
        "a",
        "Original öffnen",
        href=f"/original/{id}/{document.version}",
        aria_label="Original öffnen, in neuem Tab",
        **new,
    )
    return join(report, original)


def correcting() -> Html:
    """Render the heading of the form."""
    says = (
        "Was Sie hier angeben, gilt vor dem, was in der Datei steht, auch wenn eine neue Fassung "
        "eingelesen wird. Ein geleertes Feld nimmt Ihre Angabe zurück."
    )
    return fence(join(tag("h3", "Angaben berichtigen"), tag("p", says, class_="soft")))


def correction(found: Correction | None, refusal: str = "") -> Html:
    """Render what saving would change, or why that can't be saved."""
    if refusal:
        return fence(tag("p", refusal, class_="wrong", tabindex="-1"))
    if found is None:
        return Html()
    head = tag("tr", *(tag("th", name, scope="col") for name in ("Angabe", "Bisher", "Künftig")))
    rows = (
        tag("tr", tag("th", c.label, scope="row"), tag("td", c.before), tag("td", c.after))
        for c in found.told
    )
    effects = items(found.effects) if found.effects else Html()
    return fence(
        tag(
            "div",
            tag("h3", "Das wird geändert", tabindex="-1"),
            framed(tag("thead", head), tag("tbody", *rows)),
            effects,
            buttons(
                button("Speichern", "save-documents", "action lead"),
                button("Verwerfen", "reject-documents", "action"),
            ),
            class_="correction",
        )
    )


def removal(document: Document, *, asks: bool) -> Html:
    """Offer to remove a document, and when asked name it and what follows."""
    if not asks:
        way = button("Unterlage entfernen …", "ask-documents", "quiet grave")
        return fence(tag("p", way, class_="undo"))
    ways = [
        join(
            tag("strong", "Entfernen: "),
            "Die Unterlage antwortet nicht mehr. Bis zur nächsten Änderung lässt sich das "
            "zurücknehmen.",
        ),
        join(
            tag("strong", "Endgültig löschen: "),
            "Auch die aufbewahrte Datei und der frühere Stand gehen; danach wird jede Datei des "
            "Datenordners nach ihren Sätzen durchsucht. Zurücknehmen lässt sich das nicht, auch "
            "keine frühere Änderung.",
        ),
    ]
    return fence(
        tag(
            "div",
            tag("h3", f"„{document.title}“ entfernen?", tabindex="-1"),
            items(ways),
            tag("p", "In beiden Fällen erhalten Sie einen Beleg zum Herunterladen."),
            buttons(
                button("Entfernen", "remove-documents", "action"),
                button("Endgültig löschen", "purge-documents", "action grave"),
                button("Behalten", "keep-documents", "action"),
            ),
            class_="really",
            role="group",
            aria_label="Entfernen bestätigen",
        )
    )
