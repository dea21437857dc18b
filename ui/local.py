"""The real service behind page and command line: opens what counts now, and keeps it open."""

import threading
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.pipeline import Assistant
from assistant.themes import Column, Place, ThemeMap, count, places
from assistant.types import Answer, Citation, Progress, Turn
from corpus import embedder, reranker
from corpus.catalogue import CATALOGUE_FILE, load_glossary, read_catalogue
from corpus.errors import UnknownItemError
from corpus.generation import Generation, open_current
from corpus.store import Store
from corpus.themes import load_themes
from corpus.types import Document, Hit, Passage, Scope, Section
from ingest.page_image import render
from ingest.passages import boxes_of
from ingest.pipeline import Model
from ui.examples import drawn
from ui.service import Overview, Series, Standing

if TYPE_CHECKING:
    from assistant.generate.writer import Writer

# The catalogue's own keys, in the order of the fields of Series.
_SERIES_KEYS = ("titel", "veranstalter", "zeitraum", "staedte", "quelle")


def model(folder: Path | None, threads: int = 1) -> Model:
    """Return the embedder in a folder, or the default one; loaded only when it is needed."""
    return Model(embedder.fingerprint_of(folder), lambda: embedder.load(folder, threads))


def _headings(generation: Generation, document: Document) -> tuple[str, ...]:
    sections = generation.library.sections(document.key)
    return tuple(section.path[-1] for section in sections if section.path)


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
        self._examples_lock = threading.Lock()
        self._found: tuple[str, tuple[str, ...]] = ("", ())
        """Generation and the examples found for it."""
        self._counting = threading.Lock()
        self._themes: tuple[str, ThemeMap] | None = None

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
        *_, last = self.ask_stream(question, history, scope, plain=plain)
        if last.answer is None:
            raise RuntimeError("the last step has no answer")
        return last.answer

    def ask_stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        *,
        plain: bool = False,
    ) -> Generator[Progress, None, None]:
        """Answer one question step by step. Raises SozialraumError."""
        assistant = self.assistant()
        try:
            yield from assistant.progress(question, history, scope, plain=plain)
        except UnknownItemError:
            # Two quick changes of the collection can take a generation from under a question.
            if self.assistant() is assistant:
                raise
            yield from self.assistant().progress(question, history, scope, plain=plain)

    def search(self, query: str, k: int, scope: Scope | None = None) -> list[Hit]:
        """Return ranked passages. Raises SozialraumError."""
        return self.assistant().search(query, k, scope)

    def found(self, query: str, k: int, scope: Scope | None = None) -> list[tuple[Hit, Document]]:
        """Return ranked passages, each with its document. Raises SozialraumError."""
        assistant = self.assistant()
        documents = assistant.generation.documents
        return [(hit, documents[hit.passage.document]) for hit in assistant.search(query, k, scope)]

    def passage_count(self, document: str) -> int:
        """Return how many passages a document has; 0 when there is no such document."""
        generation = self.assistant().generation
        return len(generation.library.passage_ids(generation.id, Scope(document=document)))

    def sections(self, document: Document) -> list[Section]:
        """Return a document's sections in order."""
        return self._store.library.sections(document.key)

    def overview(self) -> Overview:
        """Say what the collection holds."""
        generation = self.assistant().generation
        fingerprint = generation.manifest.fingerprint
        return Overview(
            documents=tuple(generation.documents.values()),
            workshops=generation.workshops,
            passages=generation.manifest.passages,
            generation=generation.id,
            examples=self._examples(),
            embedder=f"{fingerprint.name} ({fingerprint.digest[:8]})",
            writer=self._writer.model.settings.name if self._writer else "",
        )

    def series(self) -> tuple[Series, ...]:
        """Return what the catalogues say, in the version that was read in."""
        documents = self.assistant().generation.documents.values()
        versions = {d.version: None for d in documents if d.file == CATALOGUE_FILE}
        stated = [read_catalogue(self._store.original(v)).series for v in versions]
        return tuple(
            Series(*(facts.get(key, "") for key in _SERIES_KEYS)) for facts in stated if facts
        )

    def themes(self) -> ThemeMap:
        """Count the themes once for each generation; asked meanwhile, others wait."""
        generation = self.assistant().generation
        with self._counting:
            if self._themes is None or self._themes[0] != generation.id:
                ids = generation.library.passage_ids(generation.id, Scope())
                outlines = generation.library.outlines(ids)
                known = load_themes()
                counted = count(known, outlines, generation.documents, generation.analyser)
                self._themes = (generation.id, counted)
            return self._themes[1]

    def theme_places(self, theme: str, column: Column) -> tuple[Place, ...]:
        """Return the places of a cell, those with most terms first."""
        generation, counted = self.assistant().generation, self.themes()
        sought = next((known for known in counted.themes if known.id == theme), None)
        if sought is None:
            return ()
        passages = generation.passages(counted.passages(theme, column))
        return places(sought, passages, generation.documents, generation.analyser)

    def _examples(self) -> tuple[str, ...]:
        """Return questions that the generation answers; found once, as it never changes."""
        assistant = self.assistant()
        generation = assistant.generation
        with self._examples_lock:
            id, found = self._found
            if id != generation.id:
                found = drawn(
                    tuple(generation.documents.values()),
                    generation.workshops,
                    {d.id: _headings(generation, d) for d in generation.documents.values()},
                    assistant.extracts,
                )
                self._found = generation.id, found
            return found

    def passage(self, id: str) -> Passage:
        """Return a passage. Raises UnknownItemError."""
        return self._store.library.passages([id])[0]

    def document(self, id: str, version: str) -> Document:
        """Return a document in exactly this version, an older one as long as it is kept.

        One that was removed isn't there, though undo could bring it back. Raises
        UnknownItemError.
        """
        document = self.assistant().generation.document(id)
        if document.version == version:
            return document
        kept = self._store.library.readings_of(id)
        older = next((reading for reading in kept if reading.version == version), None)
        if older is None:
            raise UnknownItemError(
                f"Das Dokument „{document.title}“ liegt inzwischen in einer neueren Fassung vor; "
                "die frühere wird nicht mehr aufbewahrt. Bitte stellen Sie die Frage noch einmal."
            )
        return older

    def standing(self, citation: Citation) -> Standing:
        """Say whether a citation can still be looked up, and where. Raises GenerationError."""
        current = self.assistant().generation.documents.get(citation.document)
        if current is None:
            return Standing("removed", citation)
        state: Literal["current", "newer"] = (
            "current" if current.version == citation.version else "newer"
        )
        try:
            document = self.document(citation.document, citation.version)
        except UnknownItemError:
            return Standing(state, citation)
        return self._found_again(Standing(state, citation, document), document)

    def _found_again(self, standing: Standing, document: Document) -> Standing:
        """Look the quote up: a file read anew, or corrected, has other passages."""
        citation = standing.citation
        try:
            return replace(standing, passage=self.passage(citation.passage))
        except UnknownItemError:
            passages = self._store.library.passages_of(document.key)
        for passage in passages:
            start = passage.text.find(citation.quote)
            on_page = citation.page_index is None or citation.page_index in passage.pages
            if start >= 0 and on_page:
                end = start + len(citation.quote)
                found = replace(citation, passage=passage.id, start=start, end=end)
                return replace(standing, citation=found, passage=passage)
        return standing

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
