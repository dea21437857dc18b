"""What the tab „Rückmeldungen“ does between a press and its rendering. No gradio in here."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.evaluation import triage
from assistant.evaluation.feedback import Entry, Feedback, FeedbackError
from assistant.evaluation.golden_edit import save_item
from corpus.errors import UnknownItemError
from ui.markup import Html
from ui.quality import Quality
from ui.web import targets
from ui.web.answer.rating import REASONS
from ui.web.ask.conversation import explain
from ui.web.quality import feedback_view
from ui.web.quality.feedback_view import ALL, STATES, Notice, View

# A spreadsheet takes a cell that begins like this for a formula, and may run it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    *("Frage", "Anzahl", "davon abgelehnt", "zuerst", "zuletzt", "Gründe"),
    "am nächsten in der Sammlung",
)


def shown(quality: Quality, view: View) -> Html:
    """Return the tab as it stands, or why it can't be shown."""
    if quality.feedback is None:
        return feedback_view.off()
    try:
        inbox = quality.feedback.read()
    except Exception as error:
        return feedback_view.failure(explain(error))
    return feedback_view.tab(inbox, triage.gaps(inbox.entries), view, quality.golden is not None)


def pressed(quality: Quality, view: View, name: object) -> View:
    """Do what was pressed and return what is to be seen next; what fails is said there."""
    target = targets.read_feedback(name)
    if target is None or quality.feedback is None:
        return view
    calm = replace(view, asking="", notice=None)
    if target.action == "state" and target.what in STATES:
        return replace(calm, state=target.what)
    if target.action == "reason" and target.what in (ALL, *REASONS):
        return replace(calm, reason=target.what)
    if target.action == "show":
        return replace(calm, selected=target.what)
    if target.action in ("delete", "clear"):
        return replace(calm, asking=target.action)
    if target.action not in _ACTIONS:
        return calm
    try:
        return replace(calm, **_ACTIONS[target.action](quality, quality.feedback, target.what))  # type: ignore[arg-type]
    except Exception as error:
        return replace(calm, notice=Notice(explain(error), wrong=True))


def gaps_csv(feedback: Feedback) -> bytes:
    """Return all gaps as a table for spreadsheets. Raises FeedbackError."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(_COLUMNS)
    for gap in triage.gaps(feedback.read().entries):
        reasons = ", ".join(REASONS[reason] for reason in gap.reasons)
        days = (gap.first.strftime("%d.%m.%Y"), gap.last.strftime("%d.%m.%Y"))
        row = (gap.question, gap.count, gap.refused, *days, reasons, " | ".join(gap.nearest))
        table.writerow(_harmless(str(cell)) for cell in row)
    # The mark without which spreadsheets take the text for another encoding.
    return out.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


# -- what can be done with an entry ---------------------------------------------------------


def _draft(quality: Quality, feedback: Feedback, id: str) -> dict[str, object]:
    entry = _entry(feedback.read().entries, id)
    if quality.golden is None or entry.kept is None:
        raise FeedbackError(
            "Daraus lässt sich keine Prüffrage machen: Es fehlt die Frage oder der Ordner mit den "
            "Prüffragen (tests/golden im Quelltext)."
        )
    assistant = quality.service.assistant()
    found = triage.candidates(assistant, entry.kept.question)
    drafted = triage.draft(entry, found, feedback.today())
    save_item(quality.golden, drafted.item, new=True)
    feedback.mark(id, done=True, item=drafted.item.id)
    count = len(drafted.item.evidence)
    words = (
        f"Vorgemerkt als „{drafted.item.id}“ mit {count} möglichen Belegen. Bitte prüfen und "
        "ergänzen Sie den Entwurf unter „Prüffragen“."
    )
    return {"notice": Notice(" ".join((words, *drafted.notices))), "selected": id}


def _done(quality: Quality, feedback: Feedback, id: str) -> dict[str, object]:
    feedback.mark(id, done=True)
    return {"notice": Notice("Als erledigt abgelegt.")}


def _reopen(quality: Quality, feedback: Feedback, id: str) -> dict[str, object]:
    feedback.mark(id, done=False)
    return {"notice": Notice("Wieder offen.")}


def _remove(quality: Quality, feedback: Feedback, id: str) -> dict[str, object]:
    feedback.delete(id)
    return {"notice": Notice("Die Rückmeldung ist gelöscht."), "selected": ""}


def _clear(quality: Quality, feedback: Feedback, id: str) -> dict[str, object]:
    feedback.clear()
    return {"notice": Notice("Alle Rückmeldungen sind gelöscht."), "selected": ""}


def _entry(entries: Iterable[Entry], id: str) -> Entry:
    found = next((entry for entry in entries if entry.id == id), None)
    if found is None:
        raise UnknownItemError(
            "Diese Rückmeldung gibt es nicht mehr. Bitte wählen Sie eine andere."
        )
    return found


_ACTIONS: dict[str, Callable[[Quality, Feedback, str], dict[str, object]]] = {
    "draft": _draft,
    "done": _done,
    "reopen": _reopen,
    "remove": _remove,
    "clearall": _clear,
}
