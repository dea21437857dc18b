"""Changing a document that is there: correct what it says of itself, remove it, go back."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from corpus.dates import german_date, is_date
from corpus.errors import CorrectionError, UnknownItemError
from corpus.generation import Progress, undo
from corpus.types import Document
from ingest import pipeline
from ingest.attribution import fault_in
from ingest.report import Report
from ui.cli.output import receipt_text
from ui.editing import Editing
from ui.web.documents.jobs import Done, EditingError, Jobs, Phase
from ui.web.documents.listing import DocumentList

MAX_RECEIPTS = 20
"""Receipts that can still be downloaded; they are gone with the server."""
UNDOING = "Prüfung des früheren Standes"

FIELDS: tuple[tuple[str, str], ...] = (
    ("titel", "Titel"),
    ("werkstatt", "Werkstatt"),
    ("art", "Art"),
    ("stand", "Stand"),
    ("gueltig_ab", "Gültig ab"),
    ("gueltig_bis", "Gültig bis"),
    ("ersetzt_durch", "Ersetzt durch"),
    ("herkunft", "Herkunft"),
)
"""What can be corrected: key of the correction, and its name on the screen."""
_DATES = ("stand", "gueltig_ab", "gueltig_bis")
MAX_VALUE_CHARS = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One statement about a document, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What is going to be corrected in a document."""

    document: Document
    changes: Mapping[str, str]
    told: tuple[Change, ...]
    effects: tuple[str, ...]
    """What else follows, as German sentences."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What undo would bring back, by title."""

    back: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


class DocumentChanges:
    """What is done with single documents, and undone. Safe to use from several threads."""

    def __init__(self, editing: Editing, documents: DocumentList, jobs: Jobs) -> None:
        self._store = editing.store
        self._model = editing.model
        self._documents = documents
        self._jobs = jobs
        self._lock = threading.Lock()
        self._receipts: dict[str, str] = {}

    # -- correcting ------------------------------------------------------------------------

    def values(self, id: str) -> dict[str, str]:
        """Return what holds for a document now, by key of the correction."""
        return _values(self._documents.row(id).document)

    def correction(self, id: str, given: Mapping[str, str]) -> Correction:
        """Say what saving ``given`` would change. Raises CorrectionError, UnknownItemError."""
        document = self._documents.row(id).document
        before, corrected = _values(document), dict(document.corrections)
        changes = {
            key: value.strip()
            for key, value in given.items()
            if key in before and value.strip() != before[key]
        }
        self._require_sense(document, changes, corrected)
        titles = self._documents.titles()
        stated = dict(document.extraction.stated)
        told = tuple(
            Change(
                label,
                _said(key, before[key], titles),
                _said(key, changes[key] or stated.get(key, ""), titles),
            )
            for key, label in FIELDS
            if key in changes
        )
        return Correction(document, changes, told, _effects(changes))

    def _require_sense(
        self, document: Document, changes: Mapping[str, str], corrected: Mapping[str, str]
    ) -> None:
        if not changes:
            raise CorrectionError("Sie haben nichts geändert.")
        if any(len(value) > MAX_VALUE_CHARS for value in changes.values()):
            raise CorrectionError(f"Eine Angabe hat mehr als {MAX_VALUE_CHARS} Zeichen.")
        labels = dict(FIELDS)
        for key, value in changes.items():
            if not value and key not in corrected:
                raise CorrectionError(
                    f"„{labels[key]}“ steht so in der Datei oder im Verzeichnis der Werkstätten "
                    "und lässt sich hier nicht leeren, nur anders angeben."
                )
            if value and key in _DATES and not is_date(value):
                raise CorrectionError(
                    f"{labels[key]}: „{value}“ ist kein Datum der Form JJJJ, JJJJ-MM oder "
                    "JJJJ-MM-TT."
                )
        if fault := fault_in(changes):
            raise CorrectionError(fault)
        after = {**_values(document), **changes}
        if after["gueltig_ab"] and "" < after["gueltig_bis"] < after["gueltig_ab"]:
            raise CorrectionError("„Gültig bis“ liegt vor „Gültig ab“.")
        if replacement := changes.get("ersetzt_durch"):
            if replacement == document.id:
                raise CorrectionError("Eine Unterlage kann sich nicht selbst ersetzen.")
            self._documents.row(replacement)

    def save(self, correction: Correction) -> None:
        """Correct a document. Raises EditingError, also when it has changed meanwhile."""
        document = correction.document
        if self._documents.row(document.id).document.key != document.key:
            raise EditingError(
                "Die Unterlage hat sich inzwischen geändert. Bitte prüfen Sie die Angaben und "
                "speichern Sie noch einmal."
            )

        def work(progress: Progress) -> None:
            changes = correction.changes
            report = pipeline.correct(document.id, changes, self._store, self._model, progress)
            self._jobs.done = Done(report, self._documents.titles())

        self._jobs.start("correct", work, _nothing)

    # -- removing and going back -----------------------------------------------------------

    def remove(self, id: str, *, purge: bool) -> None:
        """Take a document out of the collection, for good with ``purge``. Raises EditingError."""
        document = self._documents.row(id).document

        def work(progress: Progress) -> None:
            report = pipeline.remove([id], self._store, self._model, progress, purge=purge)
            token = self._keep_receipt(_receipt(document, report))
            self._jobs.done = Done(report, {id: document.title}, token)

        self._jobs.start("remove", work, _nothing)

    def receipt(self, token: str) -> str:
        """Return the receipt of a removal as text. Raises UnknownItemError."""
        with self._lock:
            if token in self._receipts:
                return self._receipts[token]
        raise UnknownItemError(
            "Diesen Beleg gibt es nicht mehr; er wird nur bis zum Ende des Programms aufbewahrt."
        )

    def restored(self) -> Restored | None:
        """Say what undo would bring back; None where there is nothing to go back to."""
        pointer = self._store.pointer()
        if pointer is None or not pointer.previous:
            return None
        now, then = (
            {d.id: d for d in self._store.library.documents(generation)}
            for generation in (pointer.current, pointer.previous)
        )
        return Restored(
            back=tuple(d.title for id, d in then.items() if id not in now),
            gone=tuple(d.title for id, d in now.items() if id not in then),
            changed=tuple(d.title for id, d in then.items() if id in now and now[id].key != d.key),
        )

    def undo(self) -> None:
        """Go back to the state before the last change. Raises EditingError."""

        def work(progress: Progress) -> None:
            progress(UNDOING, 0, 1)
            with self._store.writing():
                undo(self._store)
            self._jobs.done = Done(undone=True)

        self._jobs.start("undo", work, _nothing)

    def _keep_receipt(self, text: str) -> str:
        token = secrets.token_hex(8)
        with self._lock:
            self._receipts[token] = text
            while len(self._receipts) > MAX_RECEIPTS:
                del self._receipts[next(iter(self._receipts))]
        return token


def _values(document: Document) -> dict[str, str]:
    return {
        "titel": document.title,
        "werkstatt": str(document.workshop or ""),
        "art": document.category,
        "stand": document.date,
        "gueltig_ab": document.valid_from,
        "gueltig_bis": document.valid_until,
        "ersetzt_durch": document.replaced_by,
        "herkunft": document.origin,
    }


def _said(key: str, value: str, titles: Mapping[str, str]) -> str:
    """Write a statement as a person reads it."""
    if not value:
        return "keine Angabe"
    if key in _DATES:
        return german_date(value) or value
    if key == "ersetzt_durch":
        return titles.get(value, value)
    return value


def _effects(changes: Mapping[str, str]) -> tuple[str, ...]:
    told = []
    if number := changes.get("werkstatt"):
        told.append(f"Alle Textstellen der Unterlage zählen dann zu Werkstatt {number}.")
    elif "werkstatt" in changes:
        told.append("Die Werkstatt folgt dann wieder aus der Datei und ihren Überschriften.")
    if changes.get("ersetzt_durch") or changes.get("gueltig_bis"):
        told.append(
            "Was nicht mehr gilt, steht in Antworten hinter dem, was gilt, und ist so bezeichnet."
        )
    return tuple(told)


def _receipt(document: Document, report: Report) -> str:
    """Write what was removed, and for a purge what the search for traces found."""
    named = f"Unterlage: {document.title}\nDatei: {document.file}\n"
    if report.receipt:
        return f"{named}\n{receipt_text(report.receipt)}\n"
    now = datetime.now(UTC)
    return (
        f"{named}Kennung: {document.id}\nFassung: {document.version}\n\n"
        f"Entfernt am {german_date(now.date().isoformat())}, {now:%H:%M} Uhr (UTC).\n"
        "Die Unterlage antwortet nicht mehr. Sie ist nicht endgültig gelöscht: Der frühere Stand "
        "der Sammlung bleibt bis zur nächsten Änderung aufbewahrt.\n"
    )


def _nothing(phase: Phase) -> None:
    """Nothing is to be done at the end of a change that leaves the inbox alone."""
