"""Dense index: build, search (chromadb, embedded client only).

Beside the collection lie the vectors as one array. Chroma's filters cost 100 to 1,000 ms at
100,000 passages (measured), so a search within a scope is an exact product over its rows; so is
any search of a collection small enough for it, and Chroma's graph serves the larger ones. What
it finds gets its score from the same array, so that scores don't depend on how the graph was
built.
"""

import json
import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from corpus.errors import GenerationError
from corpus.private_view import PrivateView

NAME = "passages"
BATCH = 2_000
"""Vectors added at once; Chroma refuses more than 5,461."""
HNSW = {"space": "cosine", "ef_construction": 400, "max_neighbors": 64, "ef_search": 1_000}
"""Wide enough that three builds of 3,000 and of 10,000 unclustered vectors (256 dimensions, the
hardest case) gave the same top 10 and the exact top 50 for all of 200 queries, at 2-3 ms each;
Chroma's own settings gave other top 10 for 139 and 198 of them."""
EXACT_UP_TO = 50_000
"""Vectors up to which a search looks at each of them. For the nearest 116 (256 dimensions, one
thread) that took 0.3 ms at 10,000 and 3.7 ms at 40,000, Chroma's graph 4.5 and 9.8 ms; from
20,000 on the graph misses the last of them now and then."""
_SPARE = 16
"""Neighbours fetched beyond k, so that ties at the edge are settled by id."""
_BUFFER = 100
"""Vectors Chroma gathers before it puts them into the graph; its own default."""


def build(folder: Path, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Build the index in a new folder from unit vectors, shape (len(ids), dim).

    A zero vector is allowed and is like nothing. Raises ValueError when the shapes don't fit.
    """
    if vectors.ndim != 2 or len(ids) != len(vectors) or len(set(ids)) != len(ids):
        raise ValueError(f"{len(ids)} ids for vectors of shape {vectors.shape}")
    folder.mkdir(parents=True)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    ids = [ids[at] for at in order]
    vectors = np.ascontiguousarray(vectors[order], dtype=np.float32)
    np.save(folder / "vectors.npy", vectors, allow_pickle=False)
    (folder / "ids.json").write_text(json.dumps(ids), encoding="utf-8")
    client = _client(folder / "chroma")
    try:
        # Chroma writes the graph when it holds this many: once, when all is in. What is left
        # over would be replayed, and written, with every opening.
        count = max(len(ids), 1)
        written = {"sync_threshold": count, "batch_size": min(count, _BUFFER)}
        collection = client.create_collection(
            NAME, embedding_function=None, configuration={"hnsw": {**HNSW, **written}}
        )
        for at in range(0, len(ids), BATCH):
            collection.add(ids=ids[at : at + BATCH], embeddings=vectors[at : at + BATCH])
    finally:
        client.close()
    _compact(folder / "chroma" / "chroma.sqlite3")


class DenseIndex:
    """An opened index. Safe to use from several threads; ``close`` frees files and memory."""

    def __init__(self, folder: Path) -> None:
        """Open a folder; see ``open``."""
        self._ids: list[str] = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
        self._vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        self._row = {id: row for row, id in enumerate(self._ids)}
        self._view = PrivateView(folder / "chroma")
        self._client = _client(self._view.path)
        try:
            self._collection = self._client.get_collection(NAME, embedding_function=None)
            if not len(self._ids) == len(self._vectors) == self._collection.count():
                raise ValueError("die Anzahl der Vektoren stimmt nicht überein")
            # Chroma reads its graph with the first query: now, not when somebody waits, and
            # while the files are surely there.
            self._by_graph(np.zeros(self._vectors.shape[1], dtype=np.float32), 1)
        except BaseException:  # whatever it is, the private view mustn't stay behind
            self.close()
            raise

    @classmethod
    def open(cls, folder: Path) -> "DenseIndex":
        """Open what ``build`` made. Raises GenerationError when it isn't there or damaged."""
        try:
            return cls(folder)
        except (OSError, ValueError, ChromaError) as fault:
            raise GenerationError(
                f"Das Vektorverzeichnis {folder} ist nicht lesbar ({fault}). Bitte lesen Sie die "
                "Unterlagen mit „sozialraum ingest“ neu ein."
            ) from fault

    def __len__(self) -> int:
        return len(self._ids)

    def close(self) -> None:
        """Stop Chroma and remove the private view; the index can't be used any more."""
        self._client.close()
        self._view.close()

    def vector(self, id: str) -> NDArray[np.float32]:
        """Return a passage's unit vector, shape (dim,). Raises KeyError."""
        return np.array(self._vectors[self._row[id]], dtype=np.float32)

    def scores(self, vector: NDArray[np.float32], ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the cosine (-1 to 1) of each passage to a unit vector, in order of ``ids``."""
        rows = [self._row[id] for id in ids]
        # Not "@": BLAS sums a row differently depending on how many rows it gets.
        products = np.einsum("ij,j->i", self._vectors[rows], vector.astype(np.float32))
        return np.asarray(np.clip(products, -1, 1), dtype=np.float32)

    def search(
        self, vector: NDArray[np.float32], k: int, rows: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return at most k passage ids with their cosine (-1 to 1), best first, ties by id.

        ``vector`` is a unit vector, shape (dim,). With ``rows`` only those ids are searched,
        exactly; ids the index doesn't have are passed over. A zero vector finds nothing.
        """
        if k < 1 or not vector.any():
            return []
        if rows is None:
            candidates = self._nearest(vector, k + _SPARE)
        else:
            candidates = sorted(id for id in set(rows) if id in self._row)
        scores = self.scores(vector, candidates)
        ranked = sorted(zip(candidates, scores.tolist(), strict=True), key=lambda h: (-h[1], h[0]))
        return ranked[:k]

    def _nearest(self, vector: NDArray[np.float32], k: int) -> list[str]:
        """Return the ids of the k nearest, in any order."""
        query, wanted = vector.astype(np.float32), min(k, len(self._ids))
        if 0 < len(self._ids) <= EXACT_UP_TO:
            rows = np.argpartition(self._vectors @ query, -wanted)[-wanted:]
            return [self._ids[row] for row in rows.tolist()]
        return self._by_graph(query, k)

    def _by_graph(self, query: NDArray[np.float32], k: int) -> list[str]:
        wanted = min(k, len(self._ids))
        if wanted < 1:
            return []
        found = self._collection.query(query_embeddings=[query], n_results=wanted, include=[])
        return list(found["ids"][0])


def _client(folder: Path) -> Any:  # noqa: ANN401  # ClientAPI, whose close chromadb leaves out
    # Named here because chromadb otherwise takes it from the environment or a .env file.
    embedded = "chromadb.api.rust.RustBindingsAPI"
    settings = Settings(chroma_api_impl=embedded, anonymized_telemetry=False)
    return chromadb.PersistentClient(str(folder), settings=settings)


def _compact(database: Path) -> None:
    """Drop freed pages: they hold the log of what was added, vectors included."""
    connection = sqlite3.connect(database)
    try:
        connection.execute("VACUUM")
    finally:
        connection.close()
