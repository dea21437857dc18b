"""Handing in and the preview as HTML: what waits, and what reading it in would change."""

from collections.abc import Sequence

from ingest.difference import Change as TextChange
from ingest.report import Difference, Duplicate, Refused, Report
from ingest.sources import INSIDE, is_address
from ui.markup import Html, fence, items, join, lines, tag
from ui.web.documents.buttons import button, buttons, key
from ui.web.documents.inbox import Staged
from ui.web.documents.reading_in import Preview
from ui.web.documents.view import brief, light
from ui.wording import for_page

MAX_CHANGES = 20
"""Changed places of one document that are shown; the rest is counted."""
MAX_CHANGE_CHARS = 400


def intro() -> Html:
    """Render the place that takes files; the script makes it work."""
    says = (
        "PDF, Word, OpenDocument, PowerPoint, Webseiten, Markdown, Text, E-Mails und "
        "ZIP-Archive davon, je Datei bis 200 MB."
    )
    zone = tag(
        "div",
        tag("p", "Dateien hierher ziehen oder", class_="drop-lead"),
        button("Dateien auswählen", "choose-documents", "action lead"),
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
        ways = (
            button("Fortsetzen", "resume-documents", "action lead"),
            button("Verwerfen", "discard-documents", "action"),
        )
        notice = tag("div", tag("p", says, tabindex="-1"), buttons(*ways), class_="notice check")
    else:
        notice = buttons(
            button("Prüfen, was sich ändert", "check-documents", "action lead"),
            button("Alles verwerfen", "discard-documents", "action"),
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


def preview(found: Preview | None) -> Html:
    """Render what reading in would do, with the two ways on."""
    if found is None:
        return Html()
    report = found.report
    groups = (
        group("Neu", [_added(id, found) for id in report.added], "plus"),
        group("Geändert", [_changed(id, found) for id in report.changed], "change"),
        group("Wird entfernt", [_named(id, found) for id in report.removed], "minus"),
        group("Nicht lesbar", [refusal(refused) for refused in report.refused], "stop"),
        group("Schon vorhanden", [_duplicate(d, found) for d in report.duplicates], "same"),
        group("Unverändert", [_named(id, found) for id in report.unchanged], "same"),
        group("Hinweise", [_note(n.file, n.message) for n in report.notes], "note"),
    )
    ways = [button("Verwerfen", "discard-documents", "action")]
    if report.changes:
        ways.insert(0, button("Einlesen", "read-documents", "action lead"))
    return fence(
        tag(
            "section",
            tag("h3", "Das würde sich ändern", tabindex="-1"),
            tag("p", _summary(report), class_="soft"),
            *groups,
            buttons(*ways),
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


def group(heading: str, entries: Sequence[Html], kind: str) -> Html:
    """Render findings of one kind; empty where there are none."""
    if not entries:
        return Html()
    title = tag("h4", f"{heading} ({len(entries)})")
    return tag("div", title, items(entries), class_=f"group {kind}")


def _added(id: str, found: Preview) -> Html:
    row = found.rows.get(id)
    if row is None:
        return Html(tag("strong", id))
    about = tag("span", brief(row), class_="fact")
    parts = [tag("strong", row.document.title), about, light(row.light)]
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
        parts += [tag("span", brief(row), class_="fact"), light(row.light)]
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


def refusal(refused: Refused) -> Html:
    """Render a file that can't be read, with the reason."""
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
