"""What the screens need from the rest: one protocol, so that tests can stand in a fake."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.types import Answer, Turn
from corpus.types import Document, Passage, Scope, Workshop


@dataclass(frozen=True, slots=True)
class Overview:
    """What the collection holds at the moment."""

    documents: tuple[Document, ...]
    workshops: tuple[Workshop, ...]
    """The catalogue's entries, known and unknown ones."""
    passages: int
    generation: str
    """Name of the generation in use; empty when nothing has been read in."""
    examples: tuple[str, ...]
    """Questions the collection answers, to start with."""


class Service(Protocol):
    """The application behind the screens. Methods may be called from several threads at once."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = Scope(),  # noqa: B008 (frozen value)
        *,
        plain: bool = False,
    ) -> Answer:
        """Answer ``question``; ``history`` is oldest first. Raises QuestionError.

        ``plain`` asks for plain language.
        """
        ...

    def overview(self) -> Overview:
        """Say what the collection holds."""
        ...

    def passage(self, id: str) -> Passage:
        """Return a passage. Raises UnknownItemError."""
        ...

    def document(self, id: str, version: str) -> Document:
        """Return one version of a document. Raises UnknownItemError."""
        ...

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
        """Draw a page (index from 0) as PNG, with ``passage.text[start:end]`` marked on it.

        Raises UnknownItemError when there is no such document, version, passage or page.
        """
        ...

    def original(self, document: str, version: str) -> tuple[Path, str]:
        """Return the stored file and the name to show for it. Raises UnknownItemError."""
        ...
