"""The page „Unterlagen“ as HTML: inbox, preview, list, one document. Text enters as text."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple, get_args
from urllib.parse import quote

from corpus.dates import german_date
from corpus.types import Document
from ingest.difference import Change as TextChange
from ingest.quality import Finding, Light
from ingest.report import Difference, Duplicate, Refused, Report
from ingest.sources import INSIDE, is_address
from ui.markup import Html, fence, items, join, lines, tag
from ui.report.facts import LEVELS
from ui.web.document_desk import Condition, Correction, Done, Preview, Restored, Row, for_page
from ui.web.inbox import Staged
from ui.web.jobs import State, Task
from ui.web.render import framed

Act = Literal[
    "reload",
    "check",
    "read",
    "discard",
    "resume",
    "drop",
    "show",
    "ask",
    "remove",
    "purge",
    "keep",
    "unask",
    "undo",
    "stay",
    "save",
    "reject",
]
_PRESS = re.compile(r"([a-z]{2,8})-(?:documents|([0-9a-f]{16}))")
MAX_CHANGES = 20
"""Changed places of one document that are shown; the rest is counted."""
MAX_CHANGE_CHARS = 400

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
_RUNNING: dict[Task, str] = {
    "": "",
    "check": "Die Unterlagen werden gelesen und verglichen.",
    "read": "Die Unterlagen werden eingelesen.",
    "correct": "Die Angaben werden gespeichert.",
    "remove": "Die Unterlage wird entfernt.",
    "undo": "Der frühere Stand wird wiederhergestellt.",
}
_FAILED: dict[Task, str] = {
    "": "",
    "check": "Die Prüfung ist fehlgeschlagen",
    "read": "Das Einlesen ist fehlgeschlagen",
    "correct": "Das Speichern ist fehlgeschlagen",
    "remove": "Das Entfernen ist fehlgeschlagen",
    "undo": "Das Zurückgehen ist fehlgeschlagen",
}
_CANCELLED: dict[Task, str] = {
    "": "",
    "check": "Die Prüfung ist abgebrochen. Es wurde nichts verändert.",
    "read": "Das Einlesen ist abgebrochen. Die Sammlung ist, wie sie war.",
    "correct": "Das Speichern ist abgebrochen. Die Sammlung ist, wie sie war.",
    "remove": "Das Entfernen ist abgebrochen. Die Sammlung ist, wie sie war.",
    "undo": "Das Zurückgehen ist abgebrochen. Die Sammlung ist, wie sie war.",
}


class Press(NamedTuple):
    """What was pressed, and on which entry; its key is empty where there is only one."""

    act: Act
    key: str


def key(name: str) -> str:
    """Name a document or file in a way that any id may hold."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def pressed(name: object) -> Press | None:
    """Read what the browser sent; None when it is nothing of ours."""
    found = _PRESS.fullmatch(name) if isinstance(name, str) else None
    if not found or found[1] not in get_args(Act):
        return None
    return Press(found[1], found[2] or "")  # type: ignore[arg-type]


# -- handing in -----------------------------------------------------------------------------


def intro() -> Html:
    """Render the place that takes files; the script makes it work."""
    says = (
        "PDF, Word, OpenDocument, PowerPoint, Webseiten, Markdown, Text, E-Mails und "
        "ZIP-Archive davon, je Datei bis 200 MB."
    )
    zone = tag(
        "div",
        tag("p", "Dateien hierher ziehen oder", class_="drop-lead"),
        _button("Dateien auswählen", "choose-documents", "action lead"),
        tag("p", says, class_="soft"),
        id="dropzone",
        role="group",
        aria_label="Dateien hochladen",
    )
    heading = tag("h2", "Unterlagen hinzufügen")
    uploads = tag("div", id="uploads", role="status")
    return fence(join(heading, zone, uploads))


def inbox(
    staged: Sequence[Staged], interrupted: str, preview: Preview | None, *, busy: bool
) -> Html:
    """Render what waits, with what can be done with it; empty where nothing waits."""
    if not staged or (preview is not None and not busy):
        return Html()
    entries = [_staged(entry, busy=busy) for entry in staged]
    if busy:
        return fence(tag("section", _waiting(len(staged)), items(entries), class_="staged"))
    if interrupted:
        what = "Ein Einlesen" if interrupted == "read" else "Eine Prüfung"
        says = (
            f"{what} wurde unterbrochen, weil das Programm endete. An der Sammlung hat sich "
            "nichts geändert; was schon gelesen war, wird nicht noch einmal gelesen."
        )
        buttons = (
            _button("Fortsetzen", "resume-documents", "action lead"),
            _button("Verwerfen", "discard-documents", "action"),
        )
        notice = tag("div", tag("p", says, tabindex="-1"), _row_of(*buttons), class_="notice check")
    else:
        notice = _row_of(
            _button("Prüfen, was sich ändert", "check-documents", "action lead"),
            _button("Alles verwerfen", "discard-documents", "action"),
        )
    return fence(tag("section", _waiting(len(staged)), items(entries), notice, class_="staged"))


def _waiting(count: int) -> Html:
    what = "1 Eintrag" if count == 1 else f"{count} Einträge"
    return tag("h3", f"Im Eingang: {what}", tabindex="-1")


def _staged(entry: Staged, *, busy: bool) -> Html:
    size = "Adresse, wird abgerufen" if entry.bytes is None else megabytes(entry.bytes)
    label = f"„{entry.name}“ weglassen"
    drop = tag(
        "button", "Weglassen", id=f"drop-{key(entry.name)}", class_="quiet", aria_label=label
    )
    return join(
        tag("span", entry.name, class_="name"),
        tag("span", size, class_="fact"),
        Html() if busy else drop,
    )


def megabytes(size: int) -> str:
    """Write a size as people know it."""
    if size < 100_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


# -- what is running ------------------------------------------------------------------------


def progress(state: State) -> Html:
    """Render the change under way, or how it ended badly; empty where there is nothing to tell."""
    if state.phase == "failed":
        told = (
            tag("h3", _FAILED[state.task], tabindex="-1"),
            tag("p", lines(for_page(state.message))),
        )
        return fence(tag("div", *told, class_="notice bad"))
    if not state.busy:
        return Html()
    if state.phase == "cancelling":
        step = "Wird abgebrochen …"
    else:
        step = f"{state.stage} …" if state.stage else "Wird vorbereitet …"
    bar = {"max": str(state.total), "value": str(state.done)} if state.total else {}
    return fence(
        tag(
            "div",
            tag("p", tag("strong", _RUNNING[state.task])),
            tag("progress", aria_label="Fortschritt", **bar),
            tag("p", step, class_="fact"),
            tag("p", state.item, class_="fact item") if state.item else Html(),
            class_="working",
        ),
        report=True,
    )


def announcement(state: State) -> str:
    """Say once what a state means; each stage is announced, not each page."""
    if state.phase == "running":
        return f"{_RUNNING[state.task]} {state.stage}".strip()
    if state.phase == "cancelling":
        return "Wird abgebrochen."
    if state.phase == "cancelled":
        return _CANCELLED[state.task]
    if state.phase == "failed":
        return f"{_FAILED[state.task]}."
    return ""


def heard(message: str) -> Html:
    """Render what a screen reader says once; those who see, see it elsewhere."""
    return fence(tag("p", message, role="status", class_="unseen"))


def said(message: str, *, wrong: bool = False) -> Html:
    """Render a message that is seen and, once, heard."""
    if not message:
        return heard("")
    return fence(tag("p", lines(message), role="status", class_="wrong" if wrong else "told"))


# -- before anything changes ----------------------------------------------------------------


def preview(found: Preview | None) -> Html:
    """Render what reading in would do, with the two ways on."""
    if found is None:
        return Html()
    report = found.report
    groups = (
        _group("Neu", [_added(id, found) for id in report.added], "plus"),
        _group("Geändert", [_changed(id, found) for id in report.changed], "change"),
        _group("Wird entfernt", [_named(id, found) for id in report.removed], "minus"),
        _group("Nicht lesbar", [_refused(refused) for refused in report.refused], "stop"),
        _group("Schon vorhanden", [_duplicate(d, found) for d in report.duplicates], "same"),
        _group("Unverändert", [_named(id, found) for id in report.unchanged], "same"),
        _group("Hinweise", [_note(n.file, n.message) for n in report.notes], "note"),
    )
    buttons = [_button("Verwerfen", "discard-documents", "action")]
    if report.changes:
        buttons.insert(0, _button("Einlesen", "read-documents", "action lead"))
    return fence(
        tag(
            "section",
            tag("h3", "Das würde sich ändern", tabindex="-1"),
            tag("p", _summary(report), class_="soft"),
            *groups,
            _row_of(*buttons),
            class_="preview",
        ),
        report=True,
    )


def _summary(report: Report) -> str:
    if not report.changes:
        return (
            "Nichts: Es gibt in diesen Dateien nichts Neues. An der Sammlung bleibt alles gleich."
        )
    return "Noch ist nichts verändert. Bitte sehen Sie durch, was geschehen wird."


def _group(heading: str, entries: Sequence[Html], kind: str) -> Html:
    if not entries:
        return Html()
    title = tag("h4", f"{heading} ({len(entries)})")
    return tag("div", title, items(entries), class_=f"group {kind}")


def _added(id: str, found: Preview) -> Html:
    row = found.rows.get(id)
    if row is None:
        return Html(tag("strong", id))
    about = tag("span", _about(row), class_="fact")
    parts = [tag("strong", row.document.title), about, _light(row.light)]
    if other := found.namesakes.get(id):
        says = (
            f"Eine andere Unterlage stammt aus einer Datei desselben Namens: „{other.title}“. Löst "
            "die neue sie ab, tragen Sie dort nach dem Einlesen „Ersetzt durch“ ein."
        )
        parts.append(tag("span", says, class_="fact"))
    return join(*parts)


def _changed(id: str, found: Preview) -> Html:
    row, before = found.rows.get(id), found.known.get(id)
    title = before.title if before else id
    parts = [tag("strong", title)]
    if row:
        parts += [tag("span", _about(row), class_="fact"), _light(row.light)]
    if row and before and row.document.title != before.title:
        parts.append(tag("span", f"Neuer Titel: „{row.document.title}“", class_="fact"))
    told = next((d for d in found.report.differences if d.document == id), None)
    if told:
        parts.append(_text_changes(told))
    return join(*parts)


def _text_changes(difference: Difference) -> Html:
    changes = difference.changes
    if not changes:
        return tag("span", "Der Text bleibt, wie er ist.", class_="fact")
    count = "1 geänderte Stelle" if len(changes) == 1 else f"{len(changes)} geänderte Stellen"
    shown = [_text_change(change) for change in changes[:MAX_CHANGES]]
    rest = len(changes) - MAX_CHANGES
    if rest > 0:
        shown.append(tag("p", f"… und {rest} weitere.", class_="soft"))
    return tag("details", tag("summary", f"{count} ansehen"), *shown)


def _text_change(change: TextChange) -> Html:
    page = f"Seite {change.page + 1}" if change.page is not None else ""
    where = " · ".join(part for part in (" › ".join(change.section), page) if part)
    kind = {"neu": "Neu", "entfernt": "Entfällt", "geändert": "Geändert"}[change.kind]
    return tag(
        "div",
        tag("p", join(tag("strong", kind), f" · {where}" if where else ""), class_="fact"),
        _side("Bisher: ", change.before, "before"),
        _side("Künftig: ", change.after, "after"),
        class_="text-change",
    )


def _side(label: str, text: str, kind: str) -> Html:
    if not text:
        return Html()
    shown = text.replace("\t", " | ")
    if len(shown) > MAX_CHANGE_CHARS:
        shown = f"{shown[:MAX_CHANGE_CHARS]} …"
    return tag("p", tag("strong", label), lines(shown), class_=kind)


def _refused(refused: Refused) -> Html:
    return join(tag("strong", file_name(refused.file)), tag("span", refused.message, class_="fact"))


def _note(file: str, message: str) -> Html:
    return join(tag("strong", file_name(file)), tag("span", for_page(message), class_="fact"))


def _duplicate(duplicate: Duplicate, found: Preview) -> Html:
    before = found.known.get(duplicate.document)
    other = f"„{before.title}“" if before else f"„{duplicate.document}“"
    says = {
        "bytes": f"Derselbe Inhalt wie {other}; wird nicht noch einmal eingelesen.",
        "text": f"Der Text ist derselbe wie in {other}; er wäre dann doppelt belegt.",
    }
    return join(
        tag("strong", file_name(duplicate.file)),
        tag("span", says[duplicate.same], class_="fact"),
    )


def _named(id: str, found: Preview) -> Html:
    before = found.known.get(id)
    return tag("strong", before.title if before else id)


def file_name(source: str) -> str:
    """Return what a person knows a source by: address, file, or file in an archive."""
    if is_address(source):
        return source
    outer, _, inner = source.partition(INSIDE)
    name = outer.replace("\\", "/").rpartition("/")[2]
    return f"{inner} in {name}" if inner else name


# -- afterwards -----------------------------------------------------------------------------


def outcome(done: Done, state: State) -> Html:
    """Say what a finished change did."""
    if state.phase != "done" or state.task == "check":
        return Html()
    if done.undone:
        return _told("Der frühere Stand gilt wieder.", Html())
    report = done.report
    if report is None:
        return Html()
    titles = done.titles or {}
    if state.task == "remove":
        return _removed(done, titles)
    if state.task == "correct":
        says = "Die Angaben sind gespeichert." if report.changes else "Es gab nichts zu ändern."
        return _told(says, Html())
    parts = [_count(len(report.added), "neu"), _count(len(report.changed), "geändert")]
    counted = ", ".join(part for part in parts if part) or "Es gab nichts zu ändern"
    refused = [_refused(r) for r in report.refused]
    return _told(
        f"Eingelesen: {counted}. Die Sammlung hat jetzt {thousands(report.passages)} Textstellen.",
        _group("Nicht eingelesen", refused, "stop"),
    )


def _count(number: int, what: str) -> str:
    if not number:
        return ""
    return f"1 Unterlage {what}" if number == 1 else f"{number} Unterlagen {what}"


def _removed(done: Done, titles: Mapping[str, str]) -> Html:
    title = next(iter(titles.values()), "")
    receipt = done.report.receipt if done.report else None
    link = tag(
        "a", "Beleg herunterladen", href=f"/unterlagen/beleg/{done.receipt}.txt", download=""
    )
    if receipt is None:
        return _told(f"„{title}“ ist entfernt und antwortet nicht mehr.", link)
    if receipt.traces:
        says = (
            f"„{title}“ ist entfernt, aber die Suche hat noch Reste gefunden; der Beleg nennt die "
            "Dateien. Gespeicherte Antworten löschen Sie auf ihrer Seite, alles andere, indem Sie "
            "das Löschen wiederholen."
        )
        return fence(tag("div", tag("p", says, tabindex="-1"), tag("p", link), class_="notice bad"))
    found = (
        f"{thousands(receipt.searched_files)} Dateien des Datenordners wurden nach "
        f"{thousands(receipt.probes)} Sätzen der Unterlage durchsucht: nichts mehr gefunden."
    )
    return _told(f"„{title}“ ist endgültig gelöscht. {found}", link)


def _told(says: str, more: Html) -> Html:
    extra = tag("div", more) if more else Html()
    return fence(tag("div", tag("p", says, tabindex="-1"), extra, class_="notice good"))


def undo_line(restored: Restored | None, *, asks: bool) -> Html:
    """Offer to go back, and when asked say what that brings."""
    if restored is None:
        return Html()
    if not asks:
        button = _button("Letzte Änderung zurücknehmen", "unask-documents", "quiet")
        return fence(tag("p", button, class_="undo"))
    told = [
        _brought("Kommt zurück", restored.back),
        _brought("Fällt wieder weg", restored.gone),
        _brought("Wird wieder, wie es war", restored.changed),
    ]
    return fence(
        tag(
            "div",
            tag("h3", "Letzte Änderung zurücknehmen?", tabindex="-1"),
            items([part for part in told if part])
            if any(told)
            else tag("p", "An den Unterlagen selbst ändert sich dadurch nichts."),
            tag("p", "Noch einmal zurücknehmen stellt den jetzigen Stand wieder her."),
            _row_of(
                _button("Zurücknehmen", "undo-documents", "action lead"),
                _button("Nichts ändern", "stay-documents", "action"),
            ),
            class_="really",
            role="group",
            aria_label="Zurücknehmen bestätigen",
        )
    )


def _brought(heading: str, titles: Sequence[str]) -> Html:
    if not titles:
        return Html()
    named = ", ".join(f"„{title}“" for title in titles[:MAX_CHANGES])
    rest = len(titles) - MAX_CHANGES
    return join(tag("strong", f"{heading}: "), named + (f" und {rest} weitere" if rest > 0 else ""))


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
        _cell("Zustand", _condition(row), _light(row.light)),
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


def _light(light: Light) -> Html:
    kind, words = _LIGHTS[light]
    return tag("span", words, class_=f"state {kind}")


def _about(row: Row) -> str:
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
            tag("p", _condition(row), _light(row.light), class_="states"),
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
            _row_of(
                _button("Speichern", "save-documents", "action lead"),
                _button("Verwerfen", "reject-documents", "action"),
            ),
            class_="correction",
        )
    )


def removal(document: Document, *, asks: bool) -> Html:
    """Offer to remove a document, and when asked name it and what follows."""
    if not asks:
        button = _button("Unterlage entfernen …", "ask-documents", "quiet grave")
        return fence(tag("p", button, class_="undo"))
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
            _row_of(
                _button("Entfernen", "remove-documents", "action"),
                _button("Endgültig löschen", "purge-documents", "action grave"),
                _button("Behalten", "keep-documents", "action"),
            ),
            class_="really",
            role="group",
            aria_label="Entfernen bestätigen",
        )
    )


def _button(says: str, id: str, kind: str) -> Html:
    return tag("button", says, id=id, class_=kind)


def _row_of(*buttons: Html) -> Html:
    return tag("div", *buttons, class_="buttons")
