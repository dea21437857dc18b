"""The collection as the scorer sees it: its documents' texts and passages, whatever was found."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from assistant.evaluation.golden import Item
from assistant.evaluation.matching import holds
from corpus.generation import Generation
from corpus.types import Document, Passage


class Source(Protocol):
    """What scoring and linting need of a collection."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents, by id."""
        ...

    def text(self, document: str) -> str:
        """Return a document's whole text."""
        ...

    def passages(self, document: str) -> Sequence[Passage]:
        """Return a document's passages in order."""
        ...


class GenerationSource:
    """The source of one generation; reads each document once."""

    def __init__(self, generation: Generation) -> None:
        self.documents = generation.documents
        self._library = generation.library
        self._passages: dict[str, list[Passage]] = {}

    def text(self, document: str) -> str:
        """Return a document's whole text."""
        return self._library.document_text(self.documents[document].key)

    def passages(self, document: str) -> Sequence[Passage]:
        """Return a document's passages in order."""
        if document not in self._passages:
            key = self.documents[document].key
            self._passages[document] = self._library.passages_of(key)
        return self._passages[document]


Relevance = Mapping[str, frozenset[str]]
"""Ids of the evidence that a passage holds, by passage id. Empty where there is none."""


def relevance(item: Item, source: Source) -> Relevance:
    """Find the passages that hold the item's evidence, however the collection was cut."""
    found: dict[str, set[str]] = {}
    for evidence in item.evidence:
        if evidence.doc in source.documents:
            for passage in source.passages(evidence.doc):
                if holds(passage.text, evidence.quote):
                    found.setdefault(passage.id, set()).add(evidence.id)
    return {passage: frozenset(ids) for passage, ids in found.items()}
