"""Files -> library -> new generation: what differs is read, all of it or nothing is switched.

A progress callback may raise to stop a run: nothing is switched then, and what was read
already is taken from the library by the next run.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from json import dumps
from pathlib import Path

from corpus import lexical
from corpus.build_generation import build
from corpus.catalogue import Catalogue, load_catalogue
from corpus.embedder import Embedder, Fingerprint
from corpus.errors import CorrectionError, FileRefusedError, SozialraumError, UnknownItemError
from corpus.generation import Progress, switch
from corpus.manifest import check_files, read_manifest
from corpus.store import Store
from corpus.types import Document, Extraction, Reading
from ingest import ocr
from ingest.attribution import Origin, attributed, fault_in, metadata_of, reading_key
from ingest.difference import difference
from ingest.duplicates import same_text
from ingest.fetch import Fetcher, fetch
from ingest.formats import READER_VERSION, suffix_of
from ingest.isolation import Isolation
from ingest.purge import probes_of, receipt
from ingest.quality import notes
from ingest.report import Difference, Duplicate, Note, Refused, Report
from ingest.sources import Gathered, SourceFile, free_id, gather, is_address, outer

READING = "Einlesen der Dateien"


@dataclass(frozen=True, slots=True)
class Model:
    """The embedder by its fingerprint; loaded only when there is something to embed."""

    fingerprint: Fingerprint
    load: Callable[[], Embedder]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file found, compared with what is known."""

    file: SourceFile
    origin: Origin
    catalogue: Catalogue
    known: Document | None

    @property
    def corrections(self) -> tuple[tuple[str, str], ...]:
        return self.known.corrections if self.known else ()

    @property
    def unchanged(self) -> bool:
        if self.known is None or is_worth_reading_again(self.known.extraction):
            return False
        # The reader's version of today: an older reading has another key.
        extraction = replace(self.known.extraction, reader=READER_VERSION)
        key = reading_key(self.origin, extraction, self.catalogue, self.corrections)
        return self.known.key == key


@dataclass(slots=True)
class _Read:
    """What came of the candidates that aren't unchanged."""

    keys: dict[str, str] = field(default_factory=dict)
    """Key of the new reading by document."""
    refused: list[Refused] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def ingest(
    targets: Sequence[str | Path],
    store: Store,
    model: Model,
    progress: Progress,
    *,
    sync: bool = False,
    dry_run: bool = False,
    fetcher: Fetcher = fetch,
) -> Report:
    """Read in files, folders, archives and addresses; ``sync`` removes what vanished from them.

    Files that can't be read are refused by name, the others go on; a changed file that is
    refused keeps its former version. ``fetcher`` brings what lies at an address. Raises
    IngestRunningError, DataFolderError, CatalogueError, UnknownItemError, and whatever the
    fetcher raises but refusals.
    """
    started = time.monotonic()
    names = [str(target) for target in targets]
    with store.writing(), Isolation() as isolation:
        known = _known_documents(store)
        gathered = gather(names, store, isolation, fetcher, progress)
        if not gathered.files and not gathered.refused and not sync:
            raise UnknownItemError(
                f"In {', '.join(names)} liegt kein Dokument. Gelesen werden PDF, Word (.docx), "
                "OpenDocument (.odt), PowerPoint (.pptx), Webseiten, Markdown, Text, E-Mails "
                "(.eml) und ZIP-Archive davon; bitte prüfen Sie den Ordner.",
                code="ERR_NOTHING_FOUND",
            )
        candidates, duplicates = _compare(gathered, known)
        done = _read_changed(candidates, store, isolation, progress, show_differences=dry_run)
        report = Report(
            added=tuple(c.origin.id for c in candidates if _is_new(c, done)),
            changed=tuple(c.origin.id for c in candidates if c.origin.id in done.keys and c.known),
            removed=_vanished(names, gathered, candidates, known) if sync else (),
            unchanged=tuple(c.origin.id for c in candidates if c.unchanged),
            refused=(*gathered.refused, *done.refused),
            duplicates=(*duplicates, *done.duplicates),
            notes=tuple(done.notes),
            differences=tuple(done.differences),
            dry_run=dry_run,
        )
        members = {d.id: d.key for d in known.values()} | done.keys
        for id in report.removed:
            del members[id]
        if not dry_run:
            _note_moves(candidates, store)
            _switch_if_needed(report, members, gathered.catalogues, store, model, progress)
            store.tidy()
        return _finished(report, store, started)


def remove(
    ids: Sequence[str], store: Store, model: Model, progress: Progress, *, purge: bool = False
) -> Report:
    """Build a generation without these documents; undo brings them back.

    With ``purge`` the former generation, the originals and the embeddings go as well, and the
    report holds the receipt of a search for what may be left. Raises UnknownItemError.
    """
    started = time.monotonic()
    with store.writing():
        known = _known_documents(store)
        gone = [_known(id, known) for id in dict.fromkeys(ids)]
        members = {d.id: d.key for d in known.values() if d not in gone}
        report = Report(removed=tuple(document.id for document in gone))
        readings = [r for document in gone for r in store.library.readings_of(document.id)]
        probes = probes_of(readings, members.values(), store.library) if purge else ()
        _switch_if_needed(report, members, {}, store, model, progress)
        if purge:
            store.tidy(purge=True)
            report = replace(report, receipt=receipt(readings, probes, store))
        return _finished(report, store, started)


def correct(
    id: str, changes: Mapping[str, str], store: Store, model: Model, progress: Progress
) -> Report:
    """Overrule what a document says of itself; an empty value takes a correction back.

    The file isn't read again, and what is embedded already isn't embedded again. The
    corrections belong to the reading: undo takes them back, reading the file in anew keeps
    them. Raises UnknownItemError, and CorrectionError for a value that makes no sense.
    """
    started = time.monotonic()
    with store.writing():
        known = _known_documents(store)
        document = _known(id, known)
        if fault := fault_in(changes):
            raise CorrectionError(f"{fault} Am Dokument „{id}“ wurde nichts geändert.")
        if replacement := changes.get("ersetzt_durch"):
            _known(replacement, known)
        merged = {**dict(document.corrections), **changes}
        corrections = tuple(sorted((key, value) for key, value in merged.items() if value))
        reading = attributed(
            store.library.reading(document.key),
            _origin_of(document),
            _catalogue_of(document, store),
            corrections,
        )
        store.library.add(reading)
        is_changed = reading.document.key != document.key
        report = Report(changed=(id,) if is_changed else (), unchanged=() if is_changed else (id,))
        members = {d.id: d.key for d in known.values()} | {id: reading.document.key}
        _switch_if_needed(report, members, {}, store, model, progress)
        return _finished(report, store, started)


def is_worth_reading_again(extraction: Extraction) -> bool:
    """Tell whether pages stayed unread for want of a character recognition that is there now."""
    lacking = extraction.unreadable_pages and not extraction.could_recognise
    return bool(lacking) and ocr.is_available()


def _known_documents(store: Store) -> dict[str, Document]:
    pointer = store.pointer()
    if pointer is None:
        return {}
    return {d.id: d for d in store.library.documents(pointer.current)}


def _known(id: str, known: Mapping[str, Document]) -> Document:
    try:
        return known[id]
    except KeyError:
        raise UnknownItemError(
            f"Ein Dokument „{id}“ gibt es in der Sammlung nicht. "
            "„sozialraum documents list“ zeigt alle Kennungen."
        ) from None


def _compare(
    gathered: Gathered, known: dict[str, Document]
) -> tuple[list[_Candidate], list[Duplicate]]:
    """Say what each file is: known, moved, new, or there already under another name."""
    by_source = {d.source: d for d in known.values()}
    present = {file.source for file in gathered.files}
    missing = [d for d in known.values() if d.source not in present and _is_gone(d)]
    # What stays in the collection whatever this run finds, by its bytes.
    holders = {d.version: d.id for d in known.values() if d not in missing}
    taken = set(known)
    candidates, duplicates = [], []
    for file in gathered.files:
        before = by_source.get(file.source) or _moved_from(file, missing)
        if before is None and file.version in holders:
            duplicates.append(Duplicate(file.source, holders[file.version], "bytes"))
            continue
        if before in missing:
            missing.remove(before)
        id = before.id if before else free_id(file.name, file.source, taken)
        taken.add(id)
        holders.setdefault(file.version, id)
        origin = Origin(id, file.version, file.name, file.source, file.collection)
        catalogue = gathered.catalogues.get(file.collection, Catalogue())
        candidates.append(_Candidate(file, origin, catalogue, before))
    return candidates, duplicates


def _is_gone(document: Document) -> bool:
    return not is_address(document.source) and not Path(outer(document.source)).exists()


def _moved_from(file: SourceFile, missing: Sequence[Document]) -> Document | None:
    """A file of the same content or name as one whose place is empty has been moved."""
    same = [d for d in missing if d.version == file.version]
    named = [d for d in missing if d.file == file.name]
    return next(iter((*same, *named)), None)


def _vanished(
    targets: Sequence[str],
    gathered: Gathered,
    candidates: Sequence[_Candidate],
    known: dict[str, Document],
) -> tuple[str, ...]:
    """Return what isn't in the folders and archives any more, nor lies elsewhere in them.

    Of archives that couldn't be opened nothing has vanished.
    """
    found = {c.origin.id for c in candidates}
    roots = [Path(target).resolve() for target in targets if not is_address(target)]
    present = {file.source for file in gathered.files} | {r.file for r in gathered.refused}
    return tuple(
        d.id
        for d in known.values()
        if d.id not in found
        and d.source not in present
        and outer(d.source) not in gathered.closed
        and any(Path(outer(d.source)).is_relative_to(root) for root in roots)
    )


def _read_changed(
    candidates: Sequence[_Candidate],
    store: Store,
    isolation: Isolation,
    progress: Progress,
    *,
    show_differences: bool,
) -> _Read:
    """Read what isn't known yet, and keep it in the library."""
    todo = [c for c in candidates if not c.unchanged]
    total = sum(c.file.bytes for c in todo)
    done, read_bytes = _Read(), 0
    for at, candidate in enumerate(todo, start=1):
        file, behind, count = candidate.file, read_bytes, f"{at} von {len(todo)}"

        def show(
            page: int,
            pages: int,
            file: SourceFile = file,
            behind: int = behind,
            count: str = count,
        ) -> None:
            share = round(file.bytes * page / max(pages, 1))
            progress(READING, behind + share, total, f"{count}: {file.name}, Seite {page}/{pages}")

        progress(READING, read_bytes, total, f"{count}: {file.name}")
        try:
            reading = _reading(candidate, store, isolation, show)
        except FileRefusedError as fault:
            done.refused.append(Refused(file.source, fault.code, str(fault)))
        else:
            store.library.add(reading)
            _note_reading(candidate, reading, store, done, show_differences=show_differences)
        read_bytes += file.bytes
    progress(READING, total, total)
    return done


def _reading(
    candidate: _Candidate,
    store: Store,
    isolation: Isolation,
    progress: Callable[[int, int], None],
) -> Reading:
    """Take the file's reading from the library, whoever read it, else read the file."""
    file = candidate.file
    key = store.library.reading_of(file.version, READER_VERSION, suffix_of(file.name))
    base = store.library.reading(key) if key else None
    if base is None or is_worth_reading_again(base.document.extraction):
        base = isolation.read(store.original(file.version), file.name, progress)
    return attributed(base, candidate.origin, candidate.catalogue, candidate.corrections)


def _note_reading(
    candidate: _Candidate,
    reading: Reading,
    store: Store,
    done: _Read,
    *,
    show_differences: bool,
) -> None:
    id, source = candidate.origin.id, candidate.file.source
    done.keys[id] = reading.document.key
    remarks = notes(reading.document, can_recognise=ocr.is_available())
    done.notes += [Note(source, remark) for remark in remarks]
    if candidate.known is None:
        pointer = store.pointer()
        others = store.library.keys(pointer.current) if pointer else frozenset()
        if other := same_text(reading, others | set(done.keys.values()), store.library):
            done.duplicates.append(Duplicate(source, other, "text"))
    elif show_differences:
        before = store.library.passages_of(candidate.known.key)
        done.differences.append(Difference(id, difference(before, reading.passages)))


def _is_new(candidate: _Candidate, done: _Read) -> bool:
    return candidate.known is None and candidate.origin.id in done.keys


def _note_moves(candidates: Sequence[_Candidate], store: Store) -> None:
    for c in candidates:
        place = (c.file.source, c.file.collection)
        if c.known and c.unchanged and place != (c.known.source, c.known.collection):
            store.library.move(c.known.key, *place)


def _origin_of(document: Document) -> Origin:
    return Origin(
        document.id, document.version, document.file, document.source, document.collection
    )


def _catalogue_of(document: Document, store: Store) -> Catalogue:
    """Return the catalogue a document was read in with, also where its folder is gone."""
    folder = Path(document.collection)
    if folder.is_dir():
        return load_catalogue(folder)
    workshops = _catalogues_by_collection({}, store).get(document.collection, Catalogue()).workshops
    stated = {
        "titel": document.title,
        "art": document.category,
        "werkstatt": str(document.workshop or ""),
        "herkunft": document.origin,
        "stand": document.date,
    }
    kept = metadata_of(document.extraction, Catalogue(), document.file, document.corrections)
    entry = {key: value for key, value in stated.items() if value and value != kept.get(key)}
    return Catalogue({}, workshops, {document.file: entry})


def _switch_if_needed(
    report: Report,
    members: dict[str, str],
    catalogues: dict[str, Catalogue],
    store: Store,
    model: Model,
    progress: Progress,
) -> None:
    if not report.changes and (store.pointer() is None or _is_current(store, model)):
        return
    merged = _catalogues_by_collection(catalogues, store)
    switch(store, build(store, members.values(), merged, model.load(), progress))


def _is_current(store: Store, model: Model) -> bool:
    """Tell whether the current generation is whole and built with today's model and analysis."""
    pointer = store.pointer()
    if pointer is None:
        return False
    folder = store.generations / pointer.current
    try:
        manifest = read_manifest(folder)
        check_files(folder, manifest)
    except SozialraumError:
        return False  # reading in again is the remedy that the message names
    return (manifest.fingerprint, manifest.analyser) == (model.fingerprint, lexical.VERSION)


def _catalogues_by_collection(
    catalogues: Mapping[str, Catalogue], store: Store
) -> dict[str, Catalogue]:
    """Keep the catalogues of collections that this run doesn't touch."""
    merged: dict[str, Catalogue] = {}
    pointer = store.pointer()
    if pointer is not None:
        try:
            manifest = read_manifest(store.generations / pointer.current)
        except SozialraumError:
            manifest = None
        for series in manifest.series if manifest else ():
            merged[series.collection] = Catalogue({"titel": series.title}, series.workshops)
    return merged | {folder: c for folder, c in catalogues.items() if c.workshops}


def _finished(report: Report, store: Store, started: float) -> Report:
    pointer = store.pointer()
    passages = 0
    if pointer is not None:
        manifest = read_manifest(store.generations / pointer.current)
        passages = manifest.passages
        if manifest.complaint:
            unfit = Note("SOZIALRAUM_EMBEDDER", manifest.complaint)
            report = replace(report, notes=(*report.notes, unfit))
    seconds = round(time.monotonic() - started, 2)
    generation = pointer.current if pointer else ""
    report = replace(report, passages=passages, generation=generation, seconds=seconds)
    if report.changes and not report.dry_run:
        finished = datetime.now(UTC).isoformat(timespec="seconds")
        store.library.add_run(finished, report.generation, dumps(asdict(report)))
    return report
