"""The change under way as HTML, what has become of it, and the way back."""

from collections.abc import Mapping, Sequence

from ui.markup import Html, fence, items, join, lines, tag
from ui.web.documents.buttons import button, buttons
from ui.web.documents.changes import Restored
from ui.web.documents.jobs import Done, State, Task
from ui.web.documents.reading_in_view import group, refusal
from ui.web.documents.view import thousands
from ui.wording import for_page

MAX_TITLES = 20
"""Documents that are named by title; the rest is counted."""

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
    kind = {"class_": "wrong", "tabindex": "-1"} if wrong else {"class_": "told"}
    return fence(tag("p", lines(message), role="status", **kind))


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
    refused = [refusal(r) for r in report.refused]
    return _told(
        f"Eingelesen: {counted}. Die Sammlung hat jetzt {thousands(report.passages)} Textstellen.",
        group("Nicht eingelesen", refused, "stop"),
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
        way = button("Letzte Änderung zurücknehmen", "unask-documents", "quiet")
        return fence(tag("p", way, class_="undo"))
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
            buttons(
                button("Zurücknehmen", "undo-documents", "action lead"),
                button("Nichts ändern", "stay-documents", "action"),
            ),
            class_="really",
            role="group",
            aria_label="Zurücknehmen bestätigen",
        )
    )


def _brought(heading: str, titles: Sequence[str]) -> Html:
    if not titles:
        return Html()
    named = ", ".join(f"„{title}“" for title in titles[:MAX_TITLES])
    rest = len(titles) - MAX_TITLES
    return join(tag("strong", f"{heading}: "), named + (f" und {rest} weitere" if rest > 0 else ""))
