"""What a run of reading in did, as frozen values."""

from dataclasses import dataclass
from typing import Literal

from ingest.difference import Change


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that wasn't read in, and why; what was known of it before stays."""

    file: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be known of a file that was read in, such as pages without text."""

    file: str
    message: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file whose content is there already under another name.

    The same bytes aren't read in twice; the same text in another format is.
    """

    file: str
    document: str
    """Id of the document that has the same content."""
    same: Literal["bytes", "text"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new version changes in a document's text."""

    document: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that documents are deleted for good."""

    documents: tuple[str, ...]
    """Id and version of each."""
    finished: str
    searched_files: int
    searched_bytes: int
    probes: int
    """Sentences of the documents that every file of the data folder was searched for."""
    traces: tuple[str, ...] = ()
    """Files that still hold one of them; empty when the proof succeeded."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, or with a dry run would do. Documents by id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    notes: tuple[Note, ...] = ()
    differences: tuple[Difference, ...] = ()
    """For a dry run: what would change in each changed document."""
    passages: int = 0
    """Passages in the collection after the run."""
    generation: str = ""
    seconds: float = 0.0
    dry_run: bool = False
    receipt: Receipt | None = None

    @property
    def changes(self) -> int:
        """Number of documents that are not what they were."""
        return len(self.added) + len(self.changed) + len(self.removed)
