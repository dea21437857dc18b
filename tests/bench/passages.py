"""Ready-made passages -> a data folder that the product searches, without being cut again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_core.documents import Document as PlainDocument

from corpus.build_generation import build
from corpus.generation import switch
from corpus.store import Store
from corpus.types import Document, Passage, Reading, Section
from ingest.sentences import split
from tests.bench import plain_recipe
from tests.bench.task import Collection, Judgement, Unit
from ui.local import model


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with its id, as a public set gives it."""

    id: str
    title: str
    text: str
    way: tuple[str, ...] = ()
    """Headings below the title; public sets have none."""


def index(entries: Iterable[Entry], data: Path, embedder: Path | None) -> None:
    """Build a generation in which each entry is a document of one passage of the same id."""
    store = Store(data)
    with store.writing():
        readings = [_reading(entry) for entry in entries]
        for reading in readings:
            store.library.add(reading)
        keys = [reading.document.key for reading in readings]
        switch(store, build(store, keys, {}, model(embedder).load(), quiet))
    store.library.close()


def collections(
    entries: Sequence[Entry], qrels: Mapping[str, Mapping[str, int]]
) -> tuple[Collection, Collection]:
    """Return the passages and the recipe's chunks; ``qrels``: item -> entry id -> grade."""
    judged = {
        item: Judgement(tuple(frozenset({id}) for id in sorted(grades)), dict(grades))
        for item, grades in qrels.items()
    }
    passages = tuple(Unit(e.id, " > ".join((e.title, *e.way)), e.text, e.id) for e in entries)
    chunks = tuple(
        Unit(f"{unit.id}#{at}", "", chunk.page_content, unit.id)
        for unit in passages
        for at, chunk in enumerate(
            plain_recipe.chunks([PlainDocument(f"{unit.heading}\n\n{unit.text}")])
        )
    )
    return Collection(passages, judged), Collection(chunks, judged)


def _reading(entry: Entry) -> Reading:
    text = entry.text
    version = hashlib.sha256(f"{entry.id}\0{entry.title}\0{text}".encode()).hexdigest()
    document = Document(
        id=entry.id,
        version=version,
        key=version[:24],
        file=entry.id,
        source=entry.id,
        collection="benchmark",
        title=entry.title,
    )
    passage = Passage(
        id=entry.id,
        document=entry.id,
        ordinal=0,
        section=entry.way,
        kind="text",
        start=0,
        end=len(text),
        text=text,
        sentences=split(text),
    )
    return Reading(document, text, (Section(0, entry.way, 0, len(text)),), (passage,))


def quiet(stage: str, done: int, total: int, item: str = "") -> None:
    """Progress that nobody watches."""
