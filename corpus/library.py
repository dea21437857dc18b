"""The library: the source of truth, one SQLite file.

Readings are never changed once written. A generation is a set of readings; the indexes
on disk are made from it and can be made again. So undo is a matter of choosing another
set, and nothing that answers can disappear under a reader.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from corpus.errors import DataFolderError, UnknownItemError
from corpus.types import (
    Document,
    Extraction,
    HiddenText,
    Kind,
    Passage,
    Reading,
    RecognisedPage,
    Scope,
    Section,
    Span,
    WordBox,
)

SCHEMA_VERSION = 2
# SQLite allows 32,766 variables in a statement; stay well below in IN lists.
BATCH = 2000

_BOX = np.dtype(
    [("start", "<u4"), ("end", "<u4"), ("page", "<u4")]
    + [(name, "<f4") for name in ("x0", "y0", "x1", "y1")]
)

_SCHEMA = """
CREATE TABLE readings (
    key TEXT PRIMARY KEY, document TEXT NOT NULL, version TEXT NOT NULL, file TEXT NOT NULL,
    source TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL, category TEXT NOT NULL,
    workshop INTEGER, origin TEXT NOT NULL, date TEXT NOT NULL, page_labels TEXT NOT NULL,
    text TEXT NOT NULL, valid_from TEXT NOT NULL DEFAULT '', valid_until TEXT NOT NULL DEFAULT '',
    replaced_by TEXT NOT NULL DEFAULT '', corrections TEXT NOT NULL DEFAULT '[]',
    extraction TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID;
CREATE TABLE sections (
    key TEXT NOT NULL REFERENCES readings ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    path TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, workshop INTEGER,
    workshop_title TEXT NOT NULL, PRIMARY KEY (key, ordinal)
) WITHOUT ROWID;
CREATE TABLE passages (
    id TEXT PRIMARY KEY, key TEXT NOT NULL REFERENCES readings ON DELETE CASCADE,
    document TEXT NOT NULL, ordinal INTEGER NOT NULL, section TEXT NOT NULL, kind TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, sentences BLOB NOT NULL,
    boxes BLOB NOT NULL, pages TEXT NOT NULL, workshop INTEGER, workshop_title TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX passages_by_reading ON passages (key, ordinal);
CREATE TABLE embeddings (
    text_hash TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (text_hash, model)
) WITHOUT ROWID;
CREATE TABLE members (
    generation TEXT NOT NULL, key TEXT NOT NULL REFERENCES readings,
    PRIMARY KEY (generation, key)
) WITHOUT ROWID;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, finished TEXT NOT NULL, generation TEXT NOT NULL, report TEXT NOT NULL
);
"""


# What a library of an older schema lacks; its readings get the defaults.
_MIGRATIONS = {
    1: """
ALTER TABLE readings ADD COLUMN valid_from TEXT NOT NULL DEFAULT '';
ALTER TABLE readings ADD COLUMN valid_until TEXT NOT NULL DEFAULT '';
ALTER TABLE readings ADD COLUMN replaced_by TEXT NOT NULL DEFAULT '';
ALTER TABLE readings ADD COLUMN corrections TEXT NOT NULL DEFAULT '[]';
ALTER TABLE readings ADD COLUMN extraction TEXT NOT NULL DEFAULT '{}';
""",
}
_DOCUMENT = (
    "r.key, document, version, file, source, collection, title, category, workshop, origin, "
    "date, page_labels, valid_from, valid_until, replaced_by, corrections, extraction"
)


class Outline(NamedTuple):
    """A passage as ranking looks at it: without boxes, sentences and offsets."""

    id: str
    document: str
    workshop: int | None
    ordinal: int
    section: tuple[str, ...]
    kind: Kind
    text: str


class Library:
    """Readings, passages and embeddings on disk. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the library, creating it when absent. Raises DataFolderError."""
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # One connection shared under a lock: a question reads a few rows only.
            self._db = sqlite3.connect(path, check_same_thread=False, timeout=30)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._prepare(path)
        except (OSError, sqlite3.Error) as fault:
            raise DataFolderError(
                f"Die Bibliothek {path} lässt sich nicht öffnen ({fault}). Bitte prüfen Sie, ob "
                "der Datenordner vorhanden und beschreibbar ist (Einstellung SOZIALRAUM_DATA)."
            ) from fault

    def _prepare(self, path: Path) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise DataFolderError(
                f"Die Bibliothek {path} stammt von einer neueren Programmfassung "
                f"(Schema {version}, bekannt ist {SCHEMA_VERSION}). Bitte das Programm erneuern."
            )
        if version < SCHEMA_VERSION:
            steps = [_MIGRATIONS[old] for old in range(version, SCHEMA_VERSION)] if version else []
            script = "".join(steps) or _SCHEMA
            self._db.executescript(
                f"BEGIN; {script} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._db:
            yield self._db

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    # -- writing ---------------------------------------------------------------------------

    def add(self, reading: Reading) -> None:
        """Store a reading as a whole; storing the same one again changes nothing."""
        document = reading.document
        with self._transaction() as db:
            if db.execute("SELECT 1 FROM readings WHERE key = ?", (document.key,)).fetchone():
                return
            db.execute(
                f"INSERT INTO readings VALUES ({_marks(18)})",
                _reading_row(reading),
            )
            db.executemany(
                f"INSERT INTO sections VALUES ({_marks(7)})",
                [_section_row(document.key, section) for section in reading.sections],
            )
            db.executemany(
                f"INSERT INTO passages VALUES ({_marks(14)})",
                [_passage_row(document.key, passage) for passage in reading.passages],
            )

    def move(self, key: str, source: str, collection: str) -> None:
        """Note that an unchanged file now lies elsewhere."""
        with self._transaction() as db:
            db.execute(
                "UPDATE readings SET source = ?, collection = ? WHERE key = ?",
                (source, collection, key),
            )

    def set_members(self, generation: str, keys: Iterable[str]) -> None:
        """Record which readings a generation is made of."""
        with self._transaction() as db:
            db.execute("DELETE FROM members WHERE generation = ?", (generation,))
            db.executemany("INSERT INTO members VALUES (?, ?)", [(generation, k) for k in keys])

    def add_embeddings(self, model: str, vectors: dict[str, np.ndarray]) -> None:
        """Keep vectors (float32, shape (dim,)) by text hash for one model fingerprint."""
        rows = [(h, model, v.astype("<f4").tobytes()) for h, v in vectors.items()]
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)

    def add_run(self, finished: str, generation: str, report: str) -> None:
        """Keep the report (JSON) of a finished run of reading in."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO runs (finished, generation, report) VALUES (?, ?, ?)",
                (finished, generation, report),
            )

    def forget(self, keep: Iterable[str], *, purge: bool = False) -> None:
        """Drop generations other than ``keep`` and all readings that none of them has.

        With ``purge`` the embeddings go too, and freed pages are overwritten, so that no byte
        of them is left.
        """
        kept = tuple(keep)
        with self._transaction() as db:
            if purge:
                db.execute("PRAGMA secure_delete = ON")
            db.execute(f"DELETE FROM members WHERE generation NOT IN ({_marks(len(kept))})", kept)
            db.execute("DELETE FROM readings WHERE key NOT IN (SELECT key FROM members)")
            if purge:
                db.execute("DELETE FROM embeddings")
                db.execute("DELETE FROM runs")
        if purge:
            with self._lock:
                self._db.execute("VACUUM")
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # -- reading ---------------------------------------------------------------------------

    def keys(self, generation: str) -> frozenset[str]:
        """Return the keys of a generation's readings."""
        rows = self._rows("SELECT key FROM members WHERE generation = ?", (generation,))
        return frozenset(key for (key,) in rows)

    def passage_counts(self, generation: str) -> dict[str, int]:
        """Return how many passages each reading of a generation has, by its key."""
        rows = self._rows(
            "SELECT m.key, count(p.id) FROM members m LEFT JOIN passages p USING (key) "
            "WHERE generation = ? GROUP BY m.key",
            (generation,),
        )
        return dict(rows)

    def runs(self) -> list[tuple[str, str]]:
        """Return every run's end (ISO 8601, UTC) and report (JSON), the oldest first."""
        return self._rows("SELECT finished, report FROM runs ORDER BY id")

    def has(self, key: str) -> bool:
        """Tell whether this reading is stored."""
        return bool(self._rows("SELECT 1 FROM readings WHERE key = ?", (key,)))

    def documents(self, generation: str) -> list[Document]:
        """Return a generation's documents, ordered by id."""
        rows = self._rows(
            f"SELECT {_DOCUMENT} FROM readings r JOIN members m USING (key) "
            "WHERE generation = ? ORDER BY document",
            (generation,),
        )
        return [_document(row) for row in rows]

    def document(self, key: str) -> Document:
        """Return the document of a reading. Raises UnknownItemError."""
        rows = self._rows(f"SELECT {_DOCUMENT} FROM readings r WHERE key = ?", (key,))
        if not rows:
            raise _unknown_reading(key)
        return _document(rows[0])

    def reading(self, key: str) -> Reading:
        """Return a reading as it was stored. Raises UnknownItemError."""
        return Reading(
            self.document(key),
            self.document_text(key),
            tuple(self.sections(key)),
            tuple(self.passages_of(key)),
        )

    def reading_of(self, version: str, reader: str, suffix: str) -> str | None:
        """Return the key of any reading of these bytes by this reader, or None.

        ``suffix`` is that of the file's name: it decides how the bytes are read.
        """
        rows = self._rows(
            "SELECT key, file FROM readings WHERE version = ? "
            "AND json_extract(extraction, '$.reader') = ? "
            "ORDER BY json_extract(extraction, '$.could_recognise') DESC, key",
            (version, reader),
        )
        return next((key for key, file in rows if file.lower().endswith(suffix)), None)

    def readings_of(self, document: str) -> list[Document]:
        """Return every stored reading of a document, those of former generations too."""
        sql = f"SELECT {_DOCUMENT} FROM readings r WHERE document = ? ORDER BY r.key"
        return [_document(row) for row in self._rows(sql, (document,))]

    def versions(self) -> frozenset[str]:
        """Return the content hashes of all readings: whose originals are needed."""
        return frozenset(v for (v,) in self._rows("SELECT DISTINCT version FROM readings"))

    def document_text(self, key: str) -> str:
        """Return the whole text of a reading. Raises UnknownItemError."""
        rows = self._rows("SELECT text FROM readings WHERE key = ?", (key,))
        if not rows:
            raise _unknown_reading(key)
        return str(rows[0][0])

    def sections(self, key: str) -> list[Section]:
        """Return the sections of a reading in order."""
        rows = self._rows(
            "SELECT ordinal, path, start, end, workshop, workshop_title FROM sections "
            "WHERE key = ? ORDER BY ordinal",
            (key,),
        )
        return [Section(r[0], tuple(json.loads(r[1])), *r[2:]) for r in rows]

    def passages_of(self, key: str) -> list[Passage]:
        """Return the passages of a reading in order."""
        rows = self._rows(f"{_SELECT_PASSAGE} WHERE key = ? ORDER BY ordinal", (key,))
        return [_passage(row) for row in rows]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return passages in the order of ``ids``. Raises UnknownItemError if one is missing."""
        found: dict[str, Passage] = {}
        for batch in (ids[i : i + BATCH] for i in range(0, len(ids), BATCH)):
            rows = self._rows(f"{_SELECT_PASSAGE} WHERE id IN ({_marks(len(batch))})", batch)
            found.update((row[0], _passage(row)) for row in rows)
        missing = [id for id in ids if id not in found]
        if missing:
            raise _unknown_passage(missing[0])
        return [found[id] for id in ids]

    def outlines_of(self, key: str) -> list[Outline]:
        """Return the passages of a reading in order, without what only showing them needs."""
        rows = self._rows(f"{_SELECT_OUTLINE} WHERE key = ? ORDER BY ordinal", (key,))
        return [_outline(row) for row in rows]

    def outlines(self, ids: Sequence[str]) -> list[Outline]:
        """Return passages in the order of ``ids``, without what only showing them needs.

        A tenth of the time ``passages`` takes. Raises UnknownItemError if one is missing.
        """
        found: dict[str, Outline] = {}
        for batch in (ids[i : i + BATCH] for i in range(0, len(ids), BATCH)):
            rows = self._rows(f"{_SELECT_OUTLINE} WHERE id IN ({_marks(len(batch))})", batch)
            found.update((row[0], _outline(row)) for row in rows)
        missing = [id for id in ids if id not in found]
        if missing:
            raise _unknown_passage(missing[0])
        return [found[id] for id in ids]

    def passage_ids(self, generation: str, scope: Scope) -> list[str]:
        """Return the ids of a generation's passages within a scope."""
        rows = self._rows(
            "SELECT p.id FROM passages p JOIN members m USING (key) WHERE generation = ?1 "
            "AND (?2 IS NULL OR workshop = ?2) AND (?3 IS NULL OR document = ?3) "
            "AND (?4 = '[]' OR workshop IN (SELECT value FROM json_each(?4))) "
            "AND (?5 = '[]' OR document IN (SELECT value FROM json_each(?5)))",
            (
                *(generation, scope.workshop, scope.document),
                *(json.dumps(scope.workshops), json.dumps(scope.documents)),
            ),
        )
        return [id for (id,) in rows]

    def embeddings(self, model: str, hashes: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the stored vectors (float32, shape (dim,)) of one model by text hash."""
        found: dict[str, np.ndarray] = {}
        for batch in (hashes[i : i + BATCH] for i in range(0, len(hashes), BATCH)):
            rows = self._rows(
                "SELECT text_hash, vector FROM embeddings "
                f"WHERE model = ? AND text_hash IN ({_marks(len(batch))})",
                (model, *batch),
            )
            found.update((h, np.frombuffer(v, dtype="<f4")) for h, v in rows)
        return found


_SELECT_PASSAGE = (
    "SELECT id, document, ordinal, section, kind, start, end, text, sentences, boxes, pages, "
    "workshop, workshop_title FROM passages"
)


_SELECT_OUTLINE = "SELECT id, document, workshop, ordinal, section, kind, text FROM passages"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _unknown_reading(key: str) -> UnknownItemError:
    return UnknownItemError(f"Die Lesung {key} gibt es nicht (mehr).")


def _unknown_passage(id: str) -> UnknownItemError:
    return UnknownItemError(f"Die Fundstelle {id} gibt es nicht (mehr).")


def _reading_row(reading: Reading) -> tuple[object, ...]:
    d = reading.document
    return (
        *(d.key, d.id, d.version, d.file, d.source, d.collection, d.title, d.category),
        *(d.workshop, d.origin, d.date, json.dumps(d.page_labels), reading.text),
        *(d.valid_from, d.valid_until, d.replaced_by, json.dumps(d.corrections)),
        json.dumps(asdict(d.extraction), ensure_ascii=False),
    )


def _document(row: Sequence[Any]) -> Document:
    key, id, version, file, source, collection, title, category, workshop, origin, date = row[:11]
    labels, valid_from, valid_until, replaced_by, corrections, extraction = row[11:]
    return Document(
        *(id, version, key, file, source, collection, title, category),
        workshop=workshop,
        origin=origin,
        date=date,
        page_labels=tuple(json.loads(labels)),
        valid_from=valid_from,
        valid_until=valid_until,
        replaced_by=replaced_by,
        corrections=tuple((name, value) for name, value in json.loads(corrections)),
        extraction=extraction_from(json.loads(extraction)),
    )


def extraction_from(data: dict[str, Any]) -> Extraction:
    """Return an extraction from what ``dataclasses.asdict`` made of it, through JSON."""
    nested = {
        "stated": tuple((name, value) for name, value in data.get("stated", ())),
        "unreadable_pages": tuple(data.get("unreadable_pages", ())),
        "recognised_pages": tuple(RecognisedPage(**p) for p in data.get("recognised_pages", ())),
        "hidden": tuple(HiddenText(**h) for h in data.get("hidden", ())),
    }
    return Extraction(**{**data, **nested})


def _section_row(key: str, s: Section) -> tuple[object, ...]:
    return (key, s.ordinal, json.dumps(s.path), s.start, s.end, s.workshop, s.workshop_title)


def _passage_row(key: str, p: Passage) -> tuple[object, ...]:
    sentences = np.array([(s.start, s.end) for s in p.sentences], dtype="<u4").tobytes()
    boxes = np.array(
        [(b.start, b.end, b.page, b.x0, b.y0, b.x1, b.y1) for b in p.boxes], dtype=_BOX
    ).tobytes()
    return (
        *(p.id, key, p.document, p.ordinal, json.dumps(p.section), p.kind, p.start, p.end),
        *(p.text, sentences, boxes, json.dumps(p.pages), p.workshop, p.workshop_title),
    )


def _outline(row: Sequence[Any]) -> Outline:
    id, document, workshop, ordinal, section, kind, text = row
    return Outline(id, document, workshop, ordinal, tuple(json.loads(section)), kind, text)


def _passage(row: Sequence[Any]) -> Passage:
    id, document, ordinal, section, kind, start, end, text, sentences, boxes, pages, *rest = row
    return Passage(
        *(id, document, ordinal, tuple(json.loads(section)), kind, start, end, text),
        tuple(
            Span(int(a), int(b)) for a, b in np.frombuffer(sentences, dtype="<u4").reshape(-1, 2)
        ),
        tuple(WordBox(*values) for values in np.frombuffer(boxes, dtype=_BOX).tolist()),
        tuple(json.loads(pages)),
        *rest,
    )
