"""The way from the inbox over the preview into the collection, each step when an editor asks.

What is read in is what the preview was made from: another state of the collection or of the
inbox asks for another preview.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from corpus.errors import IngestRunningError
from corpus.generation import Progress
from corpus.types import Document
from ingest import pipeline
from ingest.fetch import Fetcher, fetch
from ingest.report import Report
from ingest.sources import is_address
from ui.editing import Editing
from ui.web.documents.downloads import Download, are_kept, noting, repeating
from ui.web.documents.inbox import Basis, Inbox, InboxError
from ui.web.documents.jobs import Done, EditingError, Jobs, Phase
from ui.web.documents.listing import DocumentList, Row


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


class ReadingIn:
    """What is done with the inbox. Methods may be called from several threads at once."""

    def __init__(self, editing: Editing, inbox: Inbox, documents: DocumentList, jobs: Jobs) -> None:
        self._store = editing.store
        self._model = editing.model
        self._fetcher = partial(fetch, internal_hosts=editing.internal_hosts)
        self._inbox = inbox
        self._documents = documents
        self._jobs = jobs
        self._preview: Preview | None = None

    def interrupted(self) -> Literal["", "check", "read"]:
        """Tell what was being done with the inbox when a server ended in the middle of it."""
        return "" if self._jobs.state().busy else self._inbox.doing()

    def preview(self) -> Preview | None:
        """Return what reading in would do, as long as that still holds."""
        found = self._preview
        return found if found and self._holds(found.basis) else None

    def drop(self, name: str) -> None:
        """Leave out one file or address. Raises EditingError while the inbox is read.

        Something else of the same name may come in its place, so no preview holds any more.
        """
        self._require_idle()
        self._inbox.drop([name])
        self._preview = None

    def discard(self) -> None:
        """Empty the inbox, and forget what was read of it already. Raises EditingError."""
        self._require_idle()
        self._inbox.clear()
        self._preview = None
        try:
            with self._store.writing():
                self._store.tidy()
        except IngestRunningError:
            pass  # the process that is at it tidies up itself

    def check(self) -> None:
        """Read what waits and compare it, changing nothing. Raises EditingError, InboxError."""
        targets = self._targets()

        def work(progress: Progress) -> None:
            self._inbox.begin("check")
            downloads: list[Download] = []
            fetcher = noting(self._fetcher, self._store, downloads.append)
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
        approved = self._inbox.approved()
        if approved and self._holds(approved):
            self._read(approved)
        else:
            self.check()

    def _read(self, approved: Basis) -> None:
        targets = approved.targets

        def work(progress: Progress) -> None:
            self._inbox.begin("read", approved)
            fetcher = repeating(approved.downloads, self._store)
            report = self._ingest(targets, fetcher, progress, dry_run=False)
            self._jobs.done = Done(report, self._documents.titles())
            self._inbox.drop([t if is_address(t) else Path(t).name for t in targets])
            self._preview = None

        self._jobs.start("read", work, self._over)

    def _over(self, phase: Phase) -> None:
        self._inbox.begin("")

    def _ingest(
        self, targets: Sequence[str], fetcher: Fetcher, progress: Progress, *, dry_run: bool
    ) -> Report:
        return pipeline.ingest(
            *(targets, self._store, self._model, progress), dry_run=dry_run, fetcher=fetcher
        )

    def _targets(self) -> tuple[str, ...]:
        targets = self._inbox.targets()
        if not targets:
            raise InboxError("Im Eingang liegt nichts. Bitte laden Sie zuerst Dateien hoch.")
        return targets

    def _holds(self, basis: Basis) -> bool:
        pointer = self._store.pointer()
        current = pointer.current if pointer else ""
        is_same = (basis.generation, basis.targets) == (current, self._inbox.targets())
        return is_same and are_kept(basis.downloads, self._store)

    def _previewed(self, report: Report, basis: Basis) -> Preview:
        documents = self._store.library.documents(basis.generation) if basis.generation else []
        known = {d.id: d for d in documents}
        rows = {}
        for id in (*report.added, *report.changed):
            if document := self._read_lately(id, known, basis):
                passages = len(self._store.library.passages_of(document.key))
                rows[id] = self._documents.row_of(document, passages, {})
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
        found = [d for d in self._store.library.readings_of(id) if d.key != key]
        fetched = {download.version for download in basis.downloads}

        def lately(document: Document) -> tuple[bool, float]:
            path = self._store.originals / document.version
            return document.version in fetched, path.stat().st_mtime if path.is_file() else 0.0

        return max(found, key=lately, default=None)

    def _require_idle(self) -> None:
        if self._jobs.state().busy:
            raise EditingError(
                "Solange ein Vorgang läuft, bleibt der Eingang, wie er ist. Bitte warten Sie, oder "
                "brechen Sie den Vorgang ab."
            )
