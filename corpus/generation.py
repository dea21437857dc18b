"""A generation: a finished, immutable pair of indexes over a set of readings.

build -> fsync -> verify in a child process -> rename -> replace the pointer. Readers keep
the generation they opened; nothing writes into an index that is being read.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from corpus import dense, lexical
from corpus.catalogue import one_of_each
from corpus.embedder import Fingerprint
from corpus.errors import GenerationError, ModelError, UnknownItemError
from corpus.german import Analyser
from corpus.library import Library
from corpus.manifest import Canary, Manifest, check_files, damaged, read_manifest
from corpus.store import Pointer, Store
from corpus.types import Document, Passage, Workshop

CANARY_DEPTH = 3


class Progress(Protocol):
    """Called with the stage's German name, steps done, steps in all, and what is being done."""

    def __call__(self, stage: str, done: int, total: int, item: str = "") -> None:  # noqa: D102
        ...


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
    def dense_weight(self) -> float:
        """Share of the vectors when words and vectors are joined, 0 to 1."""
        return self.manifest.weighing.weight

    @property
    def workshops(self) -> tuple[Workshop, ...]:
        """All catalogued workshops, one for each number, in order."""
        # A series with a title of its own is one that somebody has written a catalogue for.
        series = sorted(self.manifest.series, key=lambda one: not one.title)
        return one_of_each(workshop for one in series for workshop in one.workshops)

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
        raise damaged(folder, reason[0])


# -- opening -------------------------------------------------------------------------------


def _open_checked(
    folder: Path,
) -> tuple[Manifest, Analyser, lexical.LexicalIndex, dense.DenseIndex]:
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    if manifest.analyser != lexical.VERSION:
        raise GenerationError(
            f"Der Stand {folder.name} wurde mit einer anderen Fassung der Sprachanalyse gebaut. "
            "Bitte lesen Sie die Unterlagen mit „sozialraum ingest“ neu ein.",
            code="ERR_OUTDATED",
        )
    analyser = Analyser.load(folder / "analyser.json")
    words = lexical.LexicalIndex.open(folder / "lexical")
    vectors = dense.DenseIndex.open(folder / "dense")
    if len(vectors) != manifest.passages:
        raise damaged(folder, f"{len(vectors)} statt {manifest.passages} Abschnitte gefunden")
    for canary in manifest.canaries:
        if canary_of(canary.query, canary.passage, analyser, words, vectors) != canary:
            raise damaged(folder, f"die Probeabfrage zu {canary.passage} findet anderes")
    return manifest, analyser, words, vectors


def canary_of(
    query: str,
    passage: str,
    analyser: Analyser,
    words: lexical.LexicalIndex,
    vectors: dense.DenseIndex,
) -> Canary:
    """Return what the indexes find for a query by words, and near a passage by vectors."""
    by_words = words.search(analyser.analyse(query), CANARY_DEPTH)
    by_vector = vectors.search(vectors.vector(passage), CANARY_DEPTH)
    return Canary(query, passage, tuple(id for id, _ in by_words), tuple(id for id, _ in by_vector))


def _pythonpath() -> list[str]:
    return [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]


if __name__ == "__main__":
    try:
        verify(Path(sys.argv[1]))
    except GenerationError as fault:
        sys.exit(str(fault))
