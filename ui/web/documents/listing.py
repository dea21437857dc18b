"""The documents of the collection as an editor sees them: state, size, quality of reading."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from assistant.answer.age import is_outdated
from corpus.errors import UnknownItemError
from corpus.manifest import read_manifest
from corpus.store import Store
from corpus.types import Document, Reading, Section, Workshop
from ingest.quality import Finding, Light, Quality, judge
from ui.wording import for_page

Condition = Literal["in Ordnung", "mit Hinweisen", "abgelaufen", "ersetzt"]


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


class DocumentList:
    """What there is in one collection. Methods may be called from several threads at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: tuple[tuple[str, date], tuple[Row, ...]] | None = None

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

    def titles(self) -> dict[str, str]:
        """Return the documents' titles by id."""
        return {row.document.id: row.document.title for row in self._all_rows()}

    def reading(self, id: str) -> tuple[Reading, Quality]:
        """Return how a document was read, and how well. Raises UnknownItemError."""
        reading = self._store.library.reading(self.row(id).document.key)
        return reading, _quality(reading.document, len(reading.passages), reading)

    def findings(self, row: Row) -> tuple[Finding, ...]:
        """Return what is to be known of a document, without commands of the command line."""
        document = row.document
        sections = self._store.library.sections(document.key)
        found = judge(document, row.passages, date.today(), sections).findings
        told = (Finding(finding.level, for_page(finding.text)) for finding in found)
        return tuple(finding for finding in told if finding.text)

    def workshops(self) -> tuple[Workshop, ...]:
        """Return the catalogued workshops by number."""
        pointer = self._store.pointer()
        if pointer is None:
            return ()
        manifest = read_manifest(self._store.generations / pointer.current)
        found = (workshop for series in manifest.series for workshop in series.workshops)
        return tuple(sorted(found, key=lambda workshop: workshop.number))

    def row_of(self, document: Document, passages: int, days: Mapping[str, str]) -> Row:
        """Return a document as the list shows it; ``days`` says by id when one was read in."""
        sections = self._store.library.sections(document.key)
        light = judge(document, passages, date.today(), sections).light
        return Row(
            document=document,
            condition=_condition(document, light),
            light=_light_of_reading(document, passages, sections),
            workshops=tuple(sorted({s.workshop for s in sections if s.workshop is not None})),
            pages=len(document.page_labels),
            passages=passages,
            read=days.get(document.id) or _first_kept(self._store.originals / document.version),
        )

    def _all_rows(self) -> tuple[Row, ...]:
        pointer = self._store.pointer()
        if pointer is None:
            return ()
        key = (pointer.current, date.today())
        if self._rows is None or self._rows[0] != key:
            library = self._store.library
            counts = library.passage_counts(pointer.current)
            days = _days_read(library.runs())
            rows = [
                self.row_of(document, counts[document.key], days)
                for document in library.documents(pointer.current)
            ]
            self._rows = key, tuple(sorted(rows, key=lambda r: r.document.title.casefold()))
        return self._rows[1]


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
