"""Builds a generation out of stored readings, and verifies it before anybody sees it."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import dense, lexical, self_retrieval
from corpus.catalogue import Catalogue
from corpus.embedder import Embedder
from corpus.generation import Progress, canary_of, verify_in_child
from corpus.german import Analyser
from corpus.library import Library
from corpus.manifest import SCHEMA_VERSION, Canary, Manifest, Series, digests, write_manifest
from corpus.self_retrieval import Trial, Weighing
from corpus.store import Store, sync_folder
from corpus.types import Document, Passage, Workshop

EMBEDDING = "Einbettung der Abschnitte"
INDEXING = "Aufbau der Verzeichnisse"
WEIGHING = "Gewichtung mit den Überschriften"
VERIFYING = "Prüfung des neuen Standes"
CANARIES = 20
CANARY_CHARS = 200
EMBED_BATCH = 512

_Pair = tuple[Document, Passage]


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
    show = partial(progress, EMBEDDING)
    vectors = _vectors(store.library, embedder, pairs, show)
    _write_indexes(folder, pairs, vectors, progress)
    weighing = _weighing(folder, pairs, store.library, embedder, progress)
    manifest = Manifest(
        schema=SCHEMA_VERSION,
        id=id,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus_hash=corpus_hash,
        fingerprint=embedder.fingerprint,
        analyser=lexical.VERSION,
        documents=len(documents),
        passages=len(pairs),
        series=_series(documents, pairs, catalogues),
        canaries=_canaries(folder, pairs),
        files=digests(folder),
        weighing=weighing,
    )
    write_manifest(folder, manifest)
    _sync(folder)
    progress(VERIFYING, 0, 1)
    verify_in_child(folder)
    folder.rename(store.generations / id)
    sync_folder(store.generations)
    progress(VERIFYING, 1, 1)
    return id


def indexed_text(document: Document, passage: Passage) -> str:
    """Return what is embedded: the way to the passage, then its text. Never displayed."""
    way = " > ".join(
        part for part in (lexical.title_of(document, passage), *passage.section) if part
    )
    return f"{way}\n{passage.text}"


def _next_number(store: Store) -> int:
    names = store.generations.iterdir() if store.generations.is_dir() else ()
    numbers = [int(path.name[:6]) for path in names if path.name[:6].isdigit()]
    return max(numbers, default=0) + 1


def _vectors(
    library: Library, embedder: Embedder, pairs: Sequence[_Pair], show: Callable[[int, int], None]
) -> NDArray[np.float32]:
    texts = [indexed_text(document, passage) for document, passage in pairs]
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    model = embedder.fingerprint.digest
    known = library.embeddings(model, sorted(set(hashes)))
    missing = [i for i, h in enumerate(hashes) if h not in known]
    for at in range(0, len(missing), EMBED_BATCH):
        batch = missing[at : at + EMBED_BATCH]
        show(at, len(missing))
        vectors = embedder.embed_passages([texts[i] for i in batch])
        fresh = {hashes[i]: vector for i, vector in zip(batch, vectors, strict=True)}
        library.add_embeddings(model, fresh)
        known |= fresh
    show(len(missing), len(missing))
    if not hashes:
        return np.zeros((0, embedder.fingerprint.dimension), dtype=np.float32)
    return np.stack([known[h] for h in hashes]).astype(np.float32)


def _write_indexes(
    folder: Path, pairs: Sequence[_Pair], vectors: NDArray[np.float32], progress: Progress
) -> None:
    progress(INDEXING, 0, 2)
    entries = [lexical.entry_of(d, p) for d, p in pairs]
    analyser = Analyser.learn(f"{e.title}\n{e.heading}\n{e.text}" for e in entries)
    analyser.save(folder / "analyser.json")
    lexical.build(folder / "lexical", entries, analyser)
    progress(INDEXING, 1, 2)
    dense.build(folder / "dense", [p.id for _, p in pairs], vectors)
    progress(INDEXING, 2, 2)


def _weighing(
    folder: Path, pairs: Sequence[_Pair], library: Library, embedder: Embedder, progress: Progress
) -> Weighing:
    """Let the collection's headings say how much the vectors count."""
    trial = self_retrieval.trial(pairs, embedder.learnt)
    if trial is None:
        return Weighing()
    passages = _vectors(library, embedder, trial.passages, partial(progress, WEIGHING))
    queries = embedder.embed_queries(trial.headings)
    analyser = Analyser.load(folder / "analyser.json")
    return self_retrieval.weigh(
        trial, _lexical_scores(folder, trial, analyser), queries @ passages.T
    )


def _lexical_scores(folder: Path, trial: Trial, analyser: Analyser) -> NDArray[np.float32]:
    """Return each heading's scores, shape (headings, passages), from an index without headings."""
    place = {passage.id: at for at, (_, passage) in enumerate(trial.passages)}
    scores = np.zeros((len(trial.headings), len(place)), dtype=np.float32)
    # Within the draft, so that what a crash leaves goes with it.
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        lexical.build(
            Path(scratch) / "lexical", [lexical.entry_of(d, p) for d, p in trial.passages], analyser
        )
        index = lexical.LexicalIndex.open(Path(scratch) / "lexical")
        for row, heading in enumerate(trial.headings):
            for id, score in index.search(analyser.analyse(heading), len(place)):
                scores[row, place[id]] = score
        index.close()
    return scores


def _series(
    documents: Sequence[Document],
    pairs: Sequence[_Pair],
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


def _recognised(collection: str, pairs: Sequence[_Pair]) -> tuple[Workshop, ...]:
    titles: dict[int, str] = {}
    for document, passage in pairs:
        if document.collection == collection and passage.workshop is not None:
            titles.setdefault(passage.workshop, passage.workshop_title)
    return tuple(Workshop(n, titles[n], status="belegt") for n in sorted(titles))


def _canaries(folder: Path, pairs: Sequence[_Pair]) -> tuple[Canary, ...]:
    step = max(1, len(pairs) // CANARIES)
    chosen = [passage for _, passage in pairs[::step]][:CANARIES]
    analyser = Analyser.load(folder / "analyser.json")
    words = lexical.LexicalIndex.open(folder / "lexical")
    vectors = dense.DenseIndex.open(folder / "dense")
    try:
        return tuple(
            canary_of(p.text[:CANARY_CHARS], p.id, analyser, words, vectors) for p in chosen
        )
    finally:
        vectors.close()


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)
