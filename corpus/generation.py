"""A generation: a finished, immutable pair of indexes over a set of readings.

build -> fsync -> verify in a child process -> rename -> replace the pointer. Readers keep
the generation they opened; nothing writes into an index that is being read.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus import dense, lexical
from corpus.catalogue import Catalogue
from corpus.embedder import Embedder, Fingerprint
from corpus.errors import GenerationError, ModelError, UnknownItemError
from corpus.german import ANALYSER_VERSION, Analyser
from corpus.library import Library
from corpus.store import Pointer, Store, sync_folder
from corpus.types import Document, Passage, Workshop

SCHEMA_VERSION = 1
CANARIES = 20
CANARY_DEPTH = 3
CANARY_CHARS = 200
EMBED_BATCH = 512


class Progress(Protocol):
    """Called with the stage's German name, steps done, steps in all, and what is being done."""

    def __call__(self, stage: str, done: int, total: int, item: str = "") -> None:  # noqa: D102
        ...


@dataclass(frozen=True, slots=True)
class Canary:
    """A query whose best passages are known; a damaged index gives others."""

    query: str
    passage: str
    lexical: tuple[str, ...]
    dense: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The workshops of one collection, for overview and scope."""

    collection: str
    title: str
    workshops: tuple[Workshop, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and with."""

    schema: int
    id: str
    created: str
    corpus_hash: str
    fingerprint: Fingerprint
    analyser: str
    documents: int
    passages: int
    series: tuple[Series, ...]
    canaries: tuple[Canary, ...]
    files: dict[str, str]
    """SHA-256 of every file of the generation but the manifest, by relative path."""


class Generation:
    """An opened generation. Safe to use from several threads; never changes."""

    def __init__(
        self,
        manifest: Manifest,
        library: Library,
        analyser: Analyser,
        lexical_index: lexical.LexicalIndex,
        dense_index: dense.DenseIndex,
    ) -> None:
        self.manifest = manifest
        self.library = library
        self.analyser = analyser
        self.lexical = lexical_index
        self.dense = dense_index
        self.documents = {d.id: d for d in library.documents(manifest.id)}

    @property
    def id(self) -> str:
        """Name of the generation."""
        return self.manifest.id

    @property
    def workshops(self) -> tuple[Workshop, ...]:
        """All catalogued workshops, by number."""
        found = [w for series in self.manifest.series for w in series.workshops]
        return tuple(sorted(found, key=lambda w: w.number))

    def document(self, id: str) -> Document:
        """Return a document. Raises UnknownItemError."""
        try:
            return self.documents[id]
        except KeyError:
            raise UnknownItemError(
                f"Ein Dokument „{id}“ gibt es in der Sammlung nicht. „sozialraum documents list“ "
                "zeigt alle Kennungen."
            ) from None

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return passages in the order of ``ids``."""
        return self.library.passages(ids)

    def require(self, fingerprint: Fingerprint) -> None:
        """Raise ModelError unless queries embedded by this model fit the stored vectors."""
        if fingerprint != self.manifest.fingerprint:
            raise ModelError(
                f"Die Sammlung wurde mit dem Sprachmodell „{self.manifest.fingerprint.name}“ "
                f"aufgebaut, eingestellt ist „{fingerprint.name}“ oder eine andere Fassung davon. "
                "Bitte stellen Sie SOZIALRAUM_EMBEDDER zurück oder lesen Sie die Unterlagen mit "
                "„sozialraum ingest“ neu ein.",
                code="ERR_EMBEDDER_MISMATCH",
            )


def indexed_text(document: Document, passage: Passage) -> str:
    """Return what is embedded: the way to the passage, then its text. Never displayed."""
    way = " > ".join(part for part in (_title(document, passage), *passage.section) if part)
    return f"{way}\n{passage.text}"


def build(
    store: Store,
    keys: Iterable[str],
    catalogues: dict[str, Catalogue],
    embedder: Embedder,
    progress: Progress,
) -> str:
    """Build a generation from stored readings, verify it, and return its id.

    The pointer isn't touched: until ``switch`` nobody sees the new generation. Needs the
    writer's lock. Raises GenerationError when verification fails.
    """
    ordered = tuple(sorted(keys))
    corpus_hash = hashlib.sha256("\n".join(ordered).encode()).hexdigest()
    id = f"{_next_number(store):06d}-{corpus_hash[:8]}"
    folder = store.generations / f"{id}.draft"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store.library.set_members(id, ordered)
    documents = store.library.documents(id)
    pairs = [(d, p) for d in documents for p in store.library.passages_of(d.key)]
    vectors = _vectors(store.library, embedder, pairs, progress)
    _write_indexes(folder, pairs, vectors, progress)
    manifest = Manifest(
        schema=SCHEMA_VERSION,
        id=id,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus_hash=corpus_hash,
        fingerprint=embedder.fingerprint,
        analyser=ANALYSER_VERSION,
        documents=len(documents),
        passages=len(pairs),
        series=_series(documents, pairs, catalogues),
        canaries=_canaries(folder, pairs),
        files=_digests(folder),
    )
    _write_manifest(folder, manifest)
    _sync(folder)
    progress("Prüfung des neuen Standes", 0, 1)
    verify_in_child(folder)
    folder.rename(store.generations / id)
    sync_folder(store.generations)
    progress("Prüfung des neuen Standes", 1, 1)
    return id


def switch(store: Store, id: str) -> None:
    """Make a built generation the one that answers; the one before is kept for undo."""
    before = store.pointer()
    store.point_to(Pointer(id, before.current if before else ""))
    store.tidy()


def undo(store: Store) -> Pointer:
    """Go back to the previous generation; a second undo comes forward again."""
    pointer = store.pointer()
    if pointer is None or not pointer.previous:
        raise GenerationError(
            "Es gibt keinen früheren Stand, zu dem zurückgegangen werden kann. Aufbewahrt wird "
            "immer nur der Stand vor der letzten Änderung."
        )
    verify_in_child(store.generations / pointer.previous)
    swapped = Pointer(pointer.previous, pointer.current)
    store.point_to(swapped)
    return swapped


def open_current(store: Store) -> Generation:
    """Open the generation that answers. Raises GenerationError when there is none."""
    pointer = store.pointer()
    if pointer is None:
        raise GenerationError(
            "Es ist noch nichts eingelesen. Bitte lesen Sie Unterlagen mit "
            "„sozialraum ingest ORDNER“ ein.",
            code="ERR_EMPTY",
        )
    return open_generation(store.generations / pointer.current, store.library)


def open_generation(folder: Path, library: Library) -> Generation:
    """Open a generation after checking its bytes and canaries.

    Raises GenerationError naming what doesn't fit.
    """
    manifest, analyser, words, vectors = _open_checked(folder)
    return Generation(manifest, library, analyser, words, vectors)


def verify(folder: Path) -> Manifest:
    """Check digests, counts and canaries, and return the manifest. Raises GenerationError."""
    return _open_checked(folder)[0]


def verify_in_child(folder: Path) -> None:
    """Verify in a process of its own, so that a native crash can't take ours with it."""
    # -P: a folder of that name where the person stands must not pose as ours.
    command = [sys.executable, "-P", "-m", "corpus.generation", str(folder)]
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, *_pythonpath()])}
    child = subprocess.run(  # noqa: S603  # our own module and a folder we named
        command, capture_output=True, text=True, env=environment, check=False
    )
    if child.returncode != 0:
        reason = child.stderr.strip().splitlines()[-1:] or [f"Abbruch {child.returncode}"]
        raise _damaged(folder, reason[0])


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise GenerationError unless every file is, byte for byte, what was built."""
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise _damaged(folder, f"die Datei {name} fehlt")
        if _sha256(path) != digest:
            raise _damaged(folder, f"die Datei {name} wurde verändert")


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest. Raises GenerationError when it is missing, damaged or too new."""
    try:
        data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if data["schema"] > SCHEMA_VERSION:
            raise GenerationError(
                f"Der Stand {folder.name} stammt von einer neueren Programmfassung. Bitte das "
                "Programm erneuern; es wurde nichts verändert."
            )
        data["fingerprint"] = Fingerprint(**data["fingerprint"])
        data["series"] = tuple(
            Series(s["collection"], s["title"], tuple(Workshop(**w) for w in s["workshops"]))
            for s in data["series"]
        )
        data["canaries"] = tuple(
            Canary(c["query"], c["passage"], tuple(c["lexical"]), tuple(c["dense"]))
            for c in data["canaries"]
        )
        return Manifest(**data)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise _damaged(folder, f"das Verzeichnis manifest.json ist nicht lesbar: {fault}") from None


# -- building ------------------------------------------------------------------------------


def _next_number(store: Store) -> int:
    names = store.generations.iterdir() if store.generations.is_dir() else ()
    numbers = [int(path.name[:6]) for path in names if path.name[:6].isdigit()]
    return max(numbers, default=0) + 1


def _title(document: Document, passage: Passage) -> str:
    if passage.workshop is None:
        return document.title
    return f"{document.title} > Werkstatt {passage.workshop}: {passage.workshop_title}"


def _vectors(
    library: Library,
    embedder: Embedder,
    pairs: Sequence[tuple[Document, Passage]],
    progress: Progress,
) -> np.ndarray:
    texts = [indexed_text(document, passage) for document, passage in pairs]
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    model = embedder.fingerprint.digest
    known = library.embeddings(model, sorted(set(hashes)))
    missing = [i for i, h in enumerate(hashes) if h not in known]
    for at in range(0, len(missing), EMBED_BATCH):
        batch = missing[at : at + EMBED_BATCH]
        progress("Einbettung der Abschnitte", at, len(missing))
        vectors = embedder.embed_passages([texts[i] for i in batch])
        fresh = {hashes[i]: vector for i, vector in zip(batch, vectors, strict=True)}
        library.add_embeddings(model, fresh)
        known |= fresh
    progress("Einbettung der Abschnitte", len(missing), len(missing))
    if not hashes:
        return np.zeros((0, embedder.fingerprint.dimension), dtype=np.float32)
    return np.stack([known[h] for h in hashes]).astype(np.float32)


def _write_indexes(
    folder: Path,
    pairs: Sequence[tuple[Document, Passage]],
    vectors: np.ndarray,
    progress: Progress,
) -> None:
    progress("Aufbau der Verzeichnisse", 0, 2)
    entries = [
        lexical.LexicalEntry(p.id, d.id, p.workshop, _title(d, p), " ".join(p.section), p.text)
        for d, p in pairs
    ]
    analyser = Analyser.learn(f"{e.title}\n{e.heading}\n{e.text}" for e in entries)
    analyser.save(folder / "analyser.json")
    lexical.build(folder / "lexical", entries, analyser)
    progress("Aufbau der Verzeichnisse", 1, 2)
    dense.build(folder / "dense", [p.id for _, p in pairs], vectors)
    progress("Aufbau der Verzeichnisse", 2, 2)


def _series(
    documents: Sequence[Document],
    pairs: Sequence[tuple[Document, Passage]],
    catalogues: dict[str, Catalogue],
) -> tuple[Series, ...]:
    """Take each collection's catalogue; where there is none, what its documents show."""
    found = []
    for collection in sorted({d.collection for d in documents}):
        catalogue = catalogues.get(collection, Catalogue())
        workshops = catalogue.workshops or _recognised(collection, pairs)
        if workshops:
            found.append(Series(collection, catalogue.series.get("titel", ""), workshops))
    return tuple(found)


def _recognised(collection: str, pairs: Sequence[tuple[Document, Passage]]) -> tuple[Workshop, ...]:
    titles: dict[int, str] = {}
    for document, passage in pairs:
        if document.collection == collection and passage.workshop is not None:
            titles.setdefault(passage.workshop, passage.workshop_title)
    return tuple(Workshop(n, titles[n], status="belegt") for n in sorted(titles))


def _canaries(folder: Path, pairs: Sequence[tuple[Document, Passage]]) -> tuple[Canary, ...]:
    step = max(1, len(pairs) // CANARIES)
    chosen = [passage for _, passage in pairs[::step]][:CANARIES]
    analyser = Analyser.load(folder / "analyser.json")
    words = lexical.LexicalIndex.open(folder / "lexical")
    vectors = dense.DenseIndex.open(folder / "dense")
    try:
        return tuple(_canary(p.text[:CANARY_CHARS], p.id, analyser, words, vectors) for p in chosen)
    finally:
        vectors.close()


def _canary(
    query: str,
    passage: str,
    analyser: Analyser,
    words: lexical.LexicalIndex,
    vectors: dense.DenseIndex,
) -> Canary:
    by_words = words.search(analyser.analyse(query), CANARY_DEPTH)
    by_vector = vectors.search(vectors.vector(passage), CANARY_DEPTH)
    return Canary(query, passage, tuple(id for id, _ in by_words), tuple(id for id, _ in by_vector))


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(content, encoding="utf-8")


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in files
        if path.name != "manifest.json"
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)


# -- opening -------------------------------------------------------------------------------


def _open_checked(
    folder: Path,
) -> tuple[Manifest, Analyser, lexical.LexicalIndex, dense.DenseIndex]:
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    if manifest.analyser != ANALYSER_VERSION:
        raise GenerationError(
            f"Der Stand {folder.name} wurde mit einer anderen Fassung der Sprachanalyse gebaut. "
            "Bitte lesen Sie die Unterlagen mit „sozialraum ingest“ neu ein.",
            code="ERR_OUTDATED",
        )
    analyser = Analyser.load(folder / "analyser.json")
    words = lexical.LexicalIndex.open(folder / "lexical")
    vectors = dense.DenseIndex.open(folder / "dense")
    if len(vectors) != manifest.passages:
        raise _damaged(folder, f"{len(vectors)} statt {manifest.passages} Abschnitte gefunden")
    for canary in manifest.canaries:
        if _canary(canary.query, canary.passage, analyser, words, vectors) != canary:
            raise _damaged(folder, f"die Probeabfrage zu {canary.passage} findet anderes")
    return manifest, analyser, words, vectors


def _damaged(folder: Path, reason: str) -> GenerationError:
    return GenerationError(
        f"Der Stand {folder.name} ist beschädigt: {reason}. Bitte lesen Sie die Unterlagen mit "
        "„sozialraum ingest“ neu ein oder gehen Sie mit „sozialraum documents undo“ zurück."
    )


def _pythonpath() -> list[str]:
    return [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]


if __name__ == "__main__":
    try:
        verify(Path(sys.argv[1]))
    except GenerationError as fault:
        sys.exit(str(fault))
