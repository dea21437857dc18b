"""What an editor does with the collection, without any layout: look, read in, correct, remove.

Everything that changes the collection runs as the one job of ``ui.web.jobs`` and holds the
writer's lock, so that the command line and a second server wait for each other.
"""

import json
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from assistant.answer.age import is_outdated
from corpus.dates import german_date, is_date
from corpus.errors import CorrectionError, IngestRunningError, UnknownItemError
from corpus.generation import Progress, undo
from corpus.manifest import read_manifest
from corpus.types import Document, Reading, Section, Workshop
from ingest import pipeline
from ingest.attribution import fault_in
from ingest.fetch import Fetcher, fetch
from ingest.quality import Finding, Light, Quality, judge
from ingest.report import Report
from ingest.sources import is_address
from ui.cli.output import receipt_text
from ui.editing import Editing
from ui.web.downloads import Download, are_kept, noting, repeating
from ui.web.inbox import Basis, Inbox, InboxError, Staged
from ui.web.jobs import EditingError, Jobs, Phase, State

Condition = Literal["in Ordnung", "mit Hinweisen", "abgelaufen", "ersetzt"]
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

# A sentence that names a command; on the page the same is done with a button.
_COMMAND = "„sozialraum "
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True, slots=True)
class Row:
    """A document of the collection, as the list shows it."""

    document: Document
    condition: Condition
    light: Light
    """How well it was read."""
    workshops: tuple[int, ...]
    pages: int
    passages: int
    read: str
    """Day on which this version was read in, ISO 8601; empty when unknown."""

    @property
    def searched(self) -> str:
        """All that a search in the list looks at."""
        d = self.document
        named = " ".join(f"Werkstatt {number}" for number in self.workshops)
        parts = (d.title, d.file, d.id, d.category, named, self.condition, self.light, d.version)
        return " ".join(parts).casefold()


@dataclass(frozen=True, slots=True)
class Preview:
    """What reading in the inbox would do, and to which collection."""

    report: Report
    basis: Basis
    rows: Mapping[str, Row]
    """The new and changed documents by id, as they would be."""
    known: Mapping[str, Document]
    """The documents of today by id."""
    namesakes: Mapping[str, Document]
    """By id of a new document: another one that was read from a file of the same name."""


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


@dataclass(frozen=True, slots=True)
class Done:
    """What the last finished change did."""

    report: Report | None = None
    titles: Mapping[str, str] | None = None
    """Titles of the documents the report names."""
    receipt: str = ""
    """Name under which the receipt of a removal can be downloaded."""
    purged: bool = False
    undone: bool = False


class Desk:
    """An editor's view of one collection. Methods may be called from several threads at once."""

    def __init__(self, editing: Editing) -> None:
        self.store = editing.store
        self.inbox = Inbox(editing.store.folder)
        self._model = editing.model
        self._fetcher = partial(fetch, internal_hosts=editing.internal_hosts)
        self._jobs = Jobs()
        self._lock = threading.Lock()
        self._preview: Preview | None = None
        self._done = Done()
        self._receipts: dict[str, str] = {}
        self._rows: tuple[tuple[str, date], tuple[Row, ...]] | None = None

    # -- looking ---------------------------------------------------------------------------

    def state(self) -> State:
        """Return what is to be seen of the change under way, or of the last one."""
        return self._jobs.state()

    def settle(self) -> None:
        """Take note of how the last change ended."""
        self._jobs.settle()

    @property
    def done(self) -> Done:
        """What the last finished change did."""
        return self._done

    def interrupted(self) -> Literal["", "check", "read"]:
        """Tell what was being done with the inbox when a server ended in the middle of it."""
        return "" if self.state().busy else self.inbox.doing()

    def preview(self) -> Preview | None:
        """Return what reading in would do, as long as that still holds."""
        found = self._preview
        return found if found and self._holds(found.basis) else None

    def rows(self, search: str = "") -> tuple[Row, ...]:
        """Return the documents that have all words of ``search``, by title."""
        words = search.casefold().split()
        return tuple(r for r in self._all_rows() if all(word in r.searched for word in words))

    def row(self, id: str) -> Row:
        """Return one document. Raises UnknownItemError."""
        found = next((row for row in self._all_rows() if row.document.id == id), None)
        if found is None:
            raise UnknownItemError(
                "Diese Unterlage gibt es nicht mehr. Die Liste ist jetzt auf dem neuesten Stand."
            )
        return found

    def reading(self, id: str) -> tuple[Reading, Quality]:
        """Return how a document was read, and how well. Raises UnknownItemError."""
        reading = self.store.library.reading(self.row(id).document.key)
        return reading, _quality(reading.document, len(reading.passages), reading)

    def findings(self, row: Row) -> tuple[Finding, ...]:
        """Return what is to be known of a document, without commands of the command line."""
        document = row.document
        sections = self.store.library.sections(document.key)
        found = judge(document, row.passages, date.today(), sections).findings
        told = (Finding(finding.level, for_page(finding.text)) for finding in found)
        return tuple(finding for finding in told if finding.text)

    def workshops(self) -> tuple[Workshop, ...]:
        """Return the catalogued workshops by number."""
        pointer = self.store.pointer()
        if pointer is None:
            return ()
        manifest = read_manifest(self.store.generations / pointer.current)
        found = (workshop for series in manifest.series for workshop in series.workshops)
        return tuple(sorted(found, key=lambda workshop: workshop.number))

    def _all_rows(self) -> tuple[Row, ...]:
        pointer = self.store.pointer()
        if pointer is None:
            return ()
        key = (pointer.current, date.today())
        if self._rows is None or self._rows[0] != key:
            library = self.store.library
            counts = library.passage_counts(pointer.current)
            days = _days_read(library.runs())
            rows = [
                self._row(document, counts[document.key], days)
                for document in library.documents(pointer.current)
            ]
            self._rows = key, tuple(sorted(rows, key=lambda r: r.document.title.casefold()))
        return self._rows[1]

    def _row(self, document: Document, passages: int, days: Mapping[str, str]) -> Row:
        sections = self.store.library.sections(document.key)
        light = judge(document, passages, date.today(), sections).light
        return Row(
            document=document,
            condition=_condition(document, light),
            light=_light_of_reading(document, passages, sections),
            workshops=tuple(sorted({s.workshop for s in sections if s.workshop is not None})),
            pages=len(document.page_labels),
            passages=passages,
            read=days.get(document.id) or _first_kept(self.store.originals / document.version),
        )

    # -- the inbox -------------------------------------------------------------------------

    def staged(self) -> tuple[Staged, ...]:
        """Return what waits to be read in."""
        return self.inbox.staged()

    def drop(self, name: str) -> None:
        """Leave out one file or address. Raises EditingError while the inbox is read.

        Something else of the same name may come in its place, so no preview holds any more.
        """
        self._require_idle()
        self.inbox.drop([name])
        self._preview = None

    def discard(self) -> None:
        """Empty the inbox, and forget what was read of it already. Raises EditingError."""
        self._require_idle()
        self.inbox.clear()
        self._preview = None
        try:
            with self.store.writing():
                self.store.tidy()
        except IngestRunningError:
            pass  # the process that is at it tidies up itself

    def check(self) -> None:
        """Read what waits and compare it, changing nothing. Raises EditingError, InboxError."""
        targets = self._targets()

        def work(progress: Progress) -> None:
            self.inbox.begin("check")
            downloads: list[Download] = []
            fetcher = noting(self._fetcher, self.store, downloads.append)
            report = self._ingest(targets, fetcher, progress, dry_run=True)
            basis = Basis(report.generation, targets, tuple(downloads))
            self._preview = self._previewed(report, basis)

        self._jobs.start("check", work, self._over)

    def read(self) -> None:
        """Read in what the preview shows, and nothing else. Raises EditingError."""
        preview = self._preview
        if preview is None or not self._holds(preview.basis):
            raise EditingError(
                "Die Sammlung oder der Eingang hat sich inzwischen geändert. Bitte prüfen Sie noch "
                "einmal, was sich ändert."
            )
        self._read(preview.basis)

    def resume(self) -> None:
        """Go on with what a stopped server left unfinished. Raises EditingError, InboxError.

        Where what was approved doesn't hold any more, the preview is made again.
        """
        approved = self.inbox.approved()
        if approved and self._holds(approved):
            self._read(approved)
        else:
            self.check()

    def _read(self, approved: Basis) -> None:
        targets = approved.targets

        def work(progress: Progress) -> None:
            self.inbox.begin("read", approved)
            fetcher = repeating(approved.downloads, self.store)
            report = self._ingest(targets, fetcher, progress, dry_run=False)
            self._finish(report)
            self.inbox.drop([t if is_address(t) else Path(t).name for t in targets])
            self._preview = None

        self._jobs.start("read", work, self._over)

    def _over(self, phase: Phase) -> None:
        self.inbox.begin("")

    def _ingest(
        self, targets: Sequence[str], fetcher: Fetcher, progress: Progress, *, dry_run: bool
    ) -> Report:
        return pipeline.ingest(
            *(targets, self.store, self._model, progress), dry_run=dry_run, fetcher=fetcher
        )

    def _targets(self) -> tuple[str, ...]:
        targets = self.inbox.targets()
        if not targets:
            raise InboxError("Im Eingang liegt nichts. Bitte laden Sie zuerst Dateien hoch.")
        return targets

    def _holds(self, basis: Basis) -> bool:
        pointer = self.store.pointer()
        current = pointer.current if pointer else ""
        is_same = (basis.generation, basis.targets) == (current, self.inbox.targets())
        return is_same and are_kept(basis.downloads, self.store)

    def _previewed(self, report: Report, basis: Basis) -> Preview:
        documents = self.store.library.documents(basis.generation) if basis.generation else []
        known = {d.id: d for d in documents}
        rows = {}
        for id in (*report.added, *report.changed):
            if document := self._read_lately(id, known, basis):
                passages = len(self.store.library.passages_of(document.key))
                rows[id] = self._row(document, passages, {})
        by_file = {d.file: d for d in known.values()}
        namesakes = {
            id: by_file[rows[id].document.file]
            for id in report.added
            if id in rows and rows[id].document.file in by_file
        }
        return Preview(report, basis, rows, known, namesakes)

    def _read_lately(self, id: str, known: Mapping[str, Document], basis: Basis) -> Document | None:
        """Return a reading that the collection doesn't have: of what was fetched, or the newest.

        An earlier preview may have left readings of other bytes behind.
        """
        key = known[id].key if id in known else ""
        found = [d for d in self.store.library.readings_of(id) if d.key != key]
        fetched = {download.version for download in basis.downloads}

        def lately(document: Document) -> tuple[bool, float]:
            path = self.store.originals / document.version
            return document.version in fetched, path.stat().st_mtime if path.is_file() else 0.0

        return max(found, key=lately, default=None)

    # -- correcting ------------------------------------------------------------------------

    def values(self, id: str) -> dict[str, str]:
        """Return what holds for a document now, by key of the correction."""
        return _values(self.row(id).document)

    def correction(self, id: str, given: Mapping[str, str]) -> Correction:
        """Say what saving ``given`` would change. Raises CorrectionError, UnknownItemError."""
        document = self.row(id).document
        before, corrected = _values(document), dict(document.corrections)
        changes = {
            key: value.strip()
            for key, value in given.items()
            if key in before and value.strip() != before[key]
        }
        self._require_sense(document, changes, corrected)
        titles = {row.document.id: row.document.title for row in self._all_rows()}
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
            self.row(replacement)

    def save(self, correction: Correction) -> None:
        """Correct a document. Raises EditingError, also when it has changed meanwhile."""
        document = correction.document
        if self.row(document.id).document.key != document.key:
            raise EditingError(
                "Die Unterlage hat sich inzwischen geändert. Bitte prüfen Sie die Angaben und "
                "speichern Sie noch einmal."
            )

        def work(progress: Progress) -> None:
            changes = correction.changes
            report = pipeline.correct(document.id, changes, self.store, self._model, progress)
            self._finish(report)

        self._jobs.start("correct", work, _nothing)

    # -- removing and going back -----------------------------------------------------------

    def remove(self, id: str, *, purge: bool) -> None:
        """Take a document out of the collection, for good with ``purge``. Raises EditingError."""
        document = self.row(id).document

        def work(progress: Progress) -> None:
            report = pipeline.remove([id], self.store, self._model, progress, purge=purge)
            token = self._keep_receipt(_receipt(document, report))
            self._done = Done(report, {id: document.title}, token, purged=purge)

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
        pointer = self.store.pointer()
        if pointer is None or not pointer.previous:
            return None
        now, then = (
            {d.id: d for d in self.store.library.documents(generation)}
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
            with self.store.writing():
                undo(self.store)
            self._done = Done(undone=True)

        self._jobs.start("undo", work, _nothing)

    def cancel(self) -> State:
        """Stop what is running before its next step; the collection stays as it is."""
        return self._jobs.cancel()

    def _finish(self, report: Report) -> None:
        titles = {row.document.id: row.document.title for row in self._all_rows()}
        self._done = Done(report, titles)

    def _keep_receipt(self, text: str) -> str:
        token = secrets.token_hex(8)
        with self._lock:
            self._receipts[token] = text
            while len(self._receipts) > MAX_RECEIPTS:
                del self._receipts[next(iter(self._receipts))]
        return token

    def _require_idle(self) -> None:
        if self.state().busy:
            raise EditingError(
                "Solange ein Vorgang läuft, bleibt der Eingang, wie er ist. Bitte warten Sie, oder "
                "brechen Sie den Vorgang ab."
            )


def for_page(text: str) -> str:
    """Leave out the sentences that name a command; the page has a button for it."""
    return " ".join(part for part in _SENTENCE_END.split(text) if _COMMAND not in part)


def _quality(document: Document, passages: int, reading: Reading) -> Quality:
    return judge(document, passages, date.today(), reading.sections)


def _light_of_reading(document: Document, passages: int, sections: Sequence[Section]) -> Light:
    """Judge the reading alone: neither what has run out nor a title that is missing."""
    bare = replace(document, replaced_by="", valid_until="", title="gegeben")
    return judge(bare, passages, date.today(), sections).light


def _condition(document: Document, light: Light) -> Condition:
    if document.replaced_by:
        return "ersetzt"
    if is_outdated(document, date.today().isoformat()):
        return "abgelaufen"
    return "in Ordnung" if light == "gut" else "mit Hinweisen"


def _days_read(runs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the day of the last run that added or changed a document, by its id."""
    days: dict[str, str] = {}
    for finished, report in runs:
        told = json.loads(report)
        for id in (*told.get("added", ()), *told.get("changed", ())):
            days[id] = finished[:10]
    return days


def _first_kept(original: Path) -> str:
    """Return when a version's bytes were first kept; a purge forgets the runs."""
    if not original.is_file():
        return ""
    return datetime.fromtimestamp(original.stat().st_mtime, UTC).date().isoformat()


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
