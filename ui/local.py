"""The real service behind page and command line: opens what counts now, and keeps it open."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.pipeline import Assistant
from assistant.types import Answer, Turn
from corpus import embedder, reranker
from corpus.catalogue import load_glossary
from corpus.errors import UnknownItemError
from corpus.generation import open_current
from corpus.store import Store
from corpus.types import Document, Hit, Passage, Scope
from ingest.page_image import render
from ingest.passages import boxes_of
from ingest.pipeline import Model
from ui.service import Overview

if TYPE_CHECKING:
    from assistant.generate.writer import Writer

EXAMPLES = (
    "Welche fünf Prinzipien hat die Sozialraumorientierung?",
    "Wann und wo fand die Werkstatt zu Sicherheit und Kriminalprävention statt?",
    "Wie setze ich einen Verfügungsfonds ein?",
    "Was kann die Stadt gegen Problemimmobilien tun?",
    "Was bedeutet IHK?",
    "Wie viele Werkstätten gab es und in wie vielen Städten?",
)


def model(folder: Path | None, threads: int = 1) -> Model:
    """Return the embedder in a folder, or the default one; loaded only when it is needed."""
    return Model(embedder.fingerprint_of(folder), lambda: embedder.load(folder, threads))


class LocalService:
    """Answers from the data folder; takes a new generation without a restart.

    A question keeps the generation it began with.
    """

    def __init__(
        self,
        store: Store,
        embedder_folder: Path | None,
        threads: int = 1,
        reranker_folder: Path | None = None,
        writer: "Writer | None" = None,
    ) -> None:
        self.threads = threads
        self._store = store
        self._model = model(embedder_folder, threads)
        self._lock = threading.Lock()
        self._embedder: embedder.Embedder | None = None
        self._reranker_folder = reranker_folder
        self._reranker: reranker.CrossEncoderReranker | None = None
        self._writer = writer
        self._assistant: Assistant | None = None
        self._glossary = load_glossary()

    def assistant(self) -> Assistant:
        """Return the assistant over the generation that counts now, opening it if need be.

        Raises GenerationError, ModelError.
        """
        with self._lock:
            pointer = self._store.pointer()
            current = self._assistant
            if current and pointer and current.generation.id == pointer.current:
                return current
            generation = open_current(self._store)
            if self._embedder is None:
                self._embedder = self._model.load()
            generation.require(self._embedder.fingerprint)
            if self._reranker is None and self._reranker_folder is not None:
                self._reranker = reranker.load(self._reranker_folder, self.threads)
            self._assistant = Assistant(
                *(generation, self._embedder, self._glossary),
                reranker=self._reranker,
                writer=self._writer,
            )
            return self._assistant

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        *,
        plain: bool = False,
    ) -> Answer:
        """Answer one question. Raises SozialraumError."""
        assistant = self.assistant()
        try:
            return assistant.ask(question, history, scope, plain=plain)
        except UnknownItemError:
            # Two quick changes of the collection can take a generation from under a question.
            if self.assistant() is assistant:
                raise
            return self.assistant().ask(question, history, scope, plain=plain)

    def search(self, query: str, k: int, scope: Scope | None = None) -> list[Hit]:
        """Return ranked passages. Raises SozialraumError."""
        return self.assistant().search(query, k, scope)

    def overview(self) -> Overview:
        """Say what the collection holds."""
        generation = self.assistant().generation
        return Overview(
            documents=tuple(generation.documents.values()),
            workshops=generation.workshops,
            passages=generation.manifest.passages,
            generation=generation.id,
            examples=EXAMPLES,
        )

    def passage(self, id: str) -> Passage:
        """Return a passage. Raises UnknownItemError."""
        return self._store.library.passages([id])[0]

    def document(self, id: str, version: str) -> Document:
        """Return a document in exactly this version. Raises UnknownItemError."""
        document = self.assistant().generation.document(id)
        if document.version != version:
            raise UnknownItemError(
                f"Das Dokument „{document.title}“ liegt inzwischen in einer neueren Fassung vor. "
                "Bitte stellen Sie die Frage noch einmal."
            )
        return document

    def page_image(
        self,
        document: str,
        version: str,
        page: int,
        passage: str | None,
        start: int,
        end: int,
        width_px: int = 900,
    ) -> bytes:
        """Return a page as PNG with ``text[start:end]`` of the passage marked."""
        known = self.document(document, version)
        if not known.has_page_images:
            raise UnknownItemError(f"Von „{known.title}“ gibt es keine Seitenbilder.")
        if not 0 <= page < len(known.page_labels):
            raise UnknownItemError(
                f"„{known.title}“ hat {len(known.page_labels)} Seiten; eine Seite {page + 1} gibt "
                "es nicht."
            )
        marks = []
        if passage is not None:
            boxes = boxes_of(self.passage(passage), start, end)
            marks = [(b.x0, b.y0, b.x1, b.y1) for b in boxes if b.page == page]
        return render(self._store.original(version), page, marks, width_px)

    def original(self, document: str, version: str) -> tuple[Path, str]:
        """Return the stored file and its display name."""
        known = self.document(document, version)
        return self._store.original(version), known.file
