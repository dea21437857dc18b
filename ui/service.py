"""What the screens need from the rest: one protocol, so that tests can stand in a fake."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from assistant.themes import Column, Place, ThemeMap
from assistant.types import Answer, Citation, Progress, Turn
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
    embedder: str = ""
    """Name of the model that searches, with the beginning of its digest."""
    writer: str = ""
    """Name of the language model that writes; empty where none does."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of a cited passage since its answer was given."""

    state: Literal["current", "newer", "removed"]
    """Whether the version is the one that answers today, an older one, or its document is gone."""
    citation: Citation
    """With the passage under which the quote is found today."""
    document: Document | None = None
    """The cited version; None when it isn't kept any more."""
    passage: Passage | None = None
    """What the quote is a slice of; None when it isn't known any more."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a catalogue says of its series, in its own words; empty where it says nothing."""

    title: str = ""
    organiser: str = ""
    period: str = ""
    towns: str = ""
    """How many towns, in digits."""
    source: str = ""
    """Address this rests on."""


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

    def ask_stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = Scope(),  # noqa: B008 (frozen value)
        *,
        plain: bool = False,
    ) -> Generator[Progress, None, None]:
        """Answer step by step; the last step, "done", has the answer that ``ask`` returns.

        Closing it between two steps ends all work on the question. Raises QuestionError.
        """
        ...

    def overview(self) -> Overview:
        """Say what the collection holds."""
        ...

    def series(self) -> tuple[Series, ...]:
        """Return what the collection's catalogues say of their series."""
        ...

    def themes(self) -> ThemeMap:
        """Return how often the collection speaks of each theme, by workshop."""
        ...

    def theme_places(self, theme: str, column: Column) -> tuple[Place, ...]:
        """Return where the passages of a cell of ``themes()`` speak of it, in its order.

        Empty for a cell that isn't there.
        """
        ...

    def passage(self, id: str) -> Passage:
        """Return a passage. Raises UnknownItemError."""
        ...

    def document(self, id: str, version: str) -> Document:
        """Return one version of a document, an older one as long as it is kept.

        Raises UnknownItemError.
        """
        ...

    def standing(self, citation: Citation) -> Standing:
        """Say whether a citation can still be looked up, and where."""
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
