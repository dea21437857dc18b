"""Files -> library -> new generation: what differs is read, all of it or nothing is switched."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from json import dumps
from pathlib import Path

from corpus.catalogue import Catalogue, load_catalogue
from corpus.embedder import Embedder, Fingerprint
from corpus.errors import FileRefusedError, SozialraumError, UnknownItemError
from corpus.generation import Progress, build, check_files, read_manifest, switch
from corpus.german import ANALYSER_VERSION
from corpus.store import Store
from corpus.types import Document
from ingest.reader import (
    SourceFile,
    is_document,
    is_readable,
    read,
    reading_key,
    slug,
)
from ingest.refusals import refuse


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that wasn't read in, and why; what was known of it before stays."""

    file: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Note:
    """What couldn't be read of a file that was read in."""

    file: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, or with a dry run would do. Documents by id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()
    passages: int = 0
    """Passages in the collection after the run."""
    generation: str = ""
    seconds: float = 0.0
    dry_run: bool = False

    @property
    def changes(self) -> int:
        """Number of documents that are not what they were."""
        return len(self.added) + len(self.changed) + len(self.removed)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file found, its content kept, compared with what is known."""

    file: SourceFile
    id: str
    version: str
    key: str
    known: Document | None

    @property
    def unchanged(self) -> bool:
        return self.known is not None and self.known.key == self.key


@dataclass(frozen=True, slots=True)
class Model:
    """The embedder by its fingerprint; loaded only when there is something to embed."""

    fingerprint: Fingerprint
    load: Callable[[], Embedder]


def ingest(
    paths: Sequence[Path],
    store: Store,
    model: Model,
    progress: Progress,
    *,
    sync: bool = False,
    dry_run: bool = False,
) -> Report:
    """Read in files and folders; with ``sync`` a folder's vanished files are removed.

    Files that can't be read are refused by name, the others go on; a changed file that is
    refused keeps its former version. Raises IngestRunningError, DataFolderError,
    CatalogueError, UnknownItemError.
    """
    started = time.monotonic()
    with store.writing():
        known = _known_documents(store)
        files = _discover(paths)
        if not files and not sync:
            raise UnknownItemError(
                f"In {', '.join(map(str, paths))} liegt kein Dokument. Gelesen werden PDF und "
                "Markdown; bitte prüfen Sie den Ordner.",
                code="ERR_NOTHING_FOUND",
            )
        catalogues = {f.collection: load_catalogue(f.collection) for f in files}
        candidates, unreadable = _compare(files, catalogues, known, store)
        vanished = _vanished(paths, files, known) if sync else ()
        keys, faults, notes = _read_changed(candidates, catalogues, store, progress, dry_run)
        report = Report(
            added=tuple(c.id for c in candidates if c.id in keys and c.known is None),
            changed=tuple(c.id for c in candidates if c.id in keys and c.known is not None),
            removed=vanished,
            unchanged=tuple(c.id for c in candidates if c.unchanged),
            refused=(*unreadable, *faults),
            notes=tuple(notes),
            dry_run=dry_run,
        )
        members = {d.id: d.key for d in known.values()} | keys
        for id in vanished:
            del members[id]
        if not dry_run:
            _note_moves(candidates, store)
            _switch_if_needed(report, members, catalogues, store, model, progress)
        return _finished(report, store, started)


def remove(
    ids: Sequence[str], store: Store, model: Model, progress: Progress, *, purge: bool = False
) -> Report:
    """Build a generation without these documents; undo brings them back.

    With ``purge`` the former generation, the originals and the embeddings go as well, so
    that no byte of the documents is left in the data folder. Raises UnknownItemError.
    """
    started = time.monotonic()
    with store.writing():
        known = _known_documents(store)
        for id in ids:
            if id not in known:
                raise UnknownItemError(
                    f"Ein Dokument „{id}“ gibt es in der Sammlung nicht. "
                    "„sozialraum documents list“ zeigt alle Kennungen."
                )
        members = {d.id: d.key for d in known.values() if d.id not in ids}
        report = Report(removed=tuple(dict.fromkeys(ids)))
        _switch_if_needed(report, members, {}, store, model, progress)
        if purge:
            store.tidy(purge=True)
        return _finished(report, store, started)


def _known_documents(store: Store) -> dict[str, Document]:
    pointer = store.pointer()
    if pointer is None:
        return {}
    return {d.id: d for d in store.library.documents(pointer.current)}


def _discover(paths: Sequence[Path]) -> list[SourceFile]:
    """List the files to read, each once, in a stable order."""
    found: dict[Path, SourceFile] = {}
    for path in paths:
        if path.is_dir():
            root = path.resolve()
            for file in sorted(root.rglob("*")):
                hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
                if file.is_file() and not hidden and is_document(file):
                    found.setdefault(file, SourceFile(file, root))
        elif path.is_file():
            file = path.resolve()
            found.setdefault(file, SourceFile(file, file.parent))
        else:
            raise UnknownItemError(
                f"Die Datei oder den Ordner {path} gibt es nicht. Bitte prüfen Sie den Pfad."
            )
    return list(found.values())


def _compare(
    files: Iterable[SourceFile],
    catalogues: dict[Path, Catalogue],
    known: dict[str, Document],
    store: Store,
) -> tuple[list[_Candidate], list[Refused]]:
    by_source = {d.source: d for d in known.values()}
    taken = set(known)
    candidates, refused = [], []
    for file in files:
        try:
            if not is_readable(file.path):
                raise refuse("ERR_FILE_TYPE", file.path.name)
            version = store.keep_original(file.path.read_bytes())
        except OSError:
            refused.append(_refused(file, refuse("ERR_FILE_ACCESS", file.path.name)))
            continue
        except FileRefusedError as fault:
            refused.append(_refused(file, fault))
            continue
        before = by_source.get(str(file.path)) or _moved_from(file, known)
        id = before.id if before else _free_id(file, taken)
        taken.add(id)
        key = reading_key(id, version, catalogues[file.collection], file.path.name)
        candidates.append(_Candidate(file, id, version, key, before))
    return candidates, refused


def _moved_from(file: SourceFile, known: dict[str, Document]) -> Document | None:
    """A file of the same name whose former place is empty has been moved."""
    document = known.get(slug(file.path.stem))
    if document and document.file == file.path.name and not Path(document.source).exists():
        return document
    return None


def _free_id(file: SourceFile, taken: set[str]) -> str:
    id = slug(file.path.stem)
    if id not in taken:
        return id
    return f"{id}-{hashlib.sha256(str(file.path).encode()).hexdigest()[:6]}"


def _vanished(
    paths: Sequence[Path], files: Sequence[SourceFile], known: dict[str, Document]
) -> tuple[str, ...]:
    roots = {str(path.resolve()) for path in paths if path.is_dir()}
    present = {str(file.path) for file in files}
    return tuple(d.id for d in known.values() if d.collection in roots and d.source not in present)


def _read_changed(
    candidates: Sequence[_Candidate],
    catalogues: dict[Path, Catalogue],
    store: Store,
    progress: Progress,
    dry_run: bool,
) -> tuple[dict[str, str], list[Refused], list[Note]]:
    """Read what isn't known yet; return the new key of each document, refusals and notes."""
    todo = [c for c in candidates if not c.unchanged]
    keys: dict[str, str] = {}
    refused, notes = [], []
    for done, candidate in enumerate(todo):
        progress("Einlesen der Dateien", done, len(todo))
        try:
            if not store.library.has(candidate.key):
                reading = read(
                    candidate.file,
                    store.original(candidate.version),
                    candidate.id,
                    candidate.version,
                    candidate.key,
                    catalogues[candidate.file.collection],
                )
                notes += [Note(str(candidate.file.path), note) for note in reading.notes]
                if not dry_run:
                    store.library.add(reading)
            keys[candidate.id] = candidate.key
        except FileRefusedError as fault:
            refused.append(_refused(candidate.file, fault))
    progress("Einlesen der Dateien", len(todo), len(todo))
    return keys, refused, notes


def _note_moves(candidates: Sequence[_Candidate], store: Store) -> None:
    for c in candidates:
        place = (str(c.file.path), str(c.file.collection))
        if c.known and c.unchanged and place != (c.known.source, c.known.collection):
            store.library.move(c.key, *place)


def _switch_if_needed(
    report: Report,
    members: dict[str, str],
    catalogues: dict[Path, Catalogue],
    store: Store,
    model: Model,
    progress: Progress,
) -> None:
    if not report.changes and _is_current(store, model):
        return
    if not report.changes and store.pointer() is None:
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
    return (manifest.fingerprint, manifest.analyser) == (model.fingerprint, ANALYSER_VERSION)


def _catalogues_by_collection(
    catalogues: dict[Path, Catalogue], store: Store
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
    return merged | {str(folder): c for folder, c in catalogues.items() if c.workshops}


def _finished(report: Report, store: Store, started: float) -> Report:
    pointer = store.pointer()
    passages = 0
    if pointer is not None:
        passages = read_manifest(store.generations / pointer.current).passages
    seconds = round(time.monotonic() - started, 2)
    generation = pointer.current if pointer else ""
    report = replace(report, passages=passages, generation=generation, seconds=seconds)
    if report.changes and not report.dry_run:
        finished = datetime.now(UTC).isoformat(timespec="seconds")
        store.library.add_run(finished, report.generation, dumps(asdict(report)))
    return report


def _refused(file: SourceFile, fault: FileRefusedError) -> Refused:
    return Refused(str(file.path), fault.code, str(fault))
