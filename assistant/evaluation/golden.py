"""The golden set: reviewed questions with their evidence, as strict values.

Field by field in tests/golden/README.md. Rules that span fields are ``lint.py``'s.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Split = Literal["dev", "test"]
ItemStatus = Literal["draft", "active", "quarantined", "retired"]
# fmt: off
QuestionType = Literal[
    "fact", "numeric", "definition", "list", "procedure", "comparison", "multi_source",
    "follow_up", "unanswerable", "false_premise", "ambiguous", "outdated", "injection",
]
NoneReason = Literal[
    "not_in_corpus", "out_of_scope", "false_premise", "ambiguous", "outdated",
    "needs_human_judgement", "personal_data", "unknown_workshop",
]
# fmt: on


def _whole(value: object) -> object:
    """All scalars come as text from YAML, as numbers from JSON."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value):
        return int(value)
    return value


Whole = Annotated[int, Field(strict=True, ge=0), BeforeValidator(_whole)]
Text = Annotated[str, Field(pattern=r"\S")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Part):
    """An earlier message of a follow-up."""

    role: Literal["user", "assistant"]
    text: Text


class Evidence(_Part):
    """A passage that answers. Those of one ``group`` answer equally well."""

    id: Text
    group: Text
    doc: Text
    workshop: Whole | None
    section: tuple[Text, ...]
    pages: tuple[Text, ...] = ()
    """Printed labels of the pages the quote stands on."""
    quote: Text
    grade: Annotated[Whole, Field(ge=1, le=2)]
    doc_sha256: str = ""
    """Version of the document when the quote was taken."""


class Alternative(_Part):
    """Terms of which one is enough."""

    any_of: Annotated[tuple[Text, ...], Field(min_length=1)]


class Match(_Part):
    """How a statement is recognised: all alternatives, none of the guards."""

    all_of: Annotated[tuple[Alternative, ...], Field(min_length=1)]
    none_of: tuple[Text, ...] = ()
    window: Whole | None = None
    """Words within which all alternatives must stand, in one segment."""


class Nugget(_Part):
    """A statement of a good answer."""

    id: Text
    importance: Literal["vital", "okay"]
    text: Text
    match: Match
    evidence: Annotated[tuple[Text, ...], Field(min_length=1)]


class Forbidden(_Part):
    """A statement an answer must not make."""

    id: Text
    text: Text
    match: Alternative


class Provenance(_Part):
    """Where an item comes from."""

    source: Text
    created: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    author: str = ""
    reviewers: tuple[Text, ...] = ()
    feedback_id: str | None = None


class Item(_Part):
    """One question with all that is known of its good answer."""

    id: Id
    status: ItemStatus
    split: Split
    tags: tuple[Text, ...]
    type: QuestionType
    question: Text
    paraphrases: tuple[Text, ...]
    history: tuple[Turn, ...] = ()
    standalone: Text | None = None
    answerable: Literal["full", "partial", "none"]
    none_reason: NoneReason | None
    none_hint: Text | None
    evidence: tuple[Evidence, ...]
    nuggets: tuple[Nugget, ...]
    forbidden: tuple[Forbidden, ...] = ()
    must_not_cite: tuple[Text, ...] = ()
    """Ids of documents a good answer doesn't rest on."""
    reference_answer: Text | None
    max_words: Whole | None = None
    provenance: Provenance

    @property
    def groups(self) -> dict[str, tuple[Evidence, ...]]:
        """The evidence by group, in the order of the item."""
        names = dict.fromkeys(evidence.group for evidence in self.evidence)
        return {name: tuple(e for e in self.evidence if e.group == name) for name in names}

    @property
    def vital(self) -> tuple[Nugget, ...]:
        """The nuggets an answer must have."""
        return tuple(nugget for nugget in self.nuggets if nugget.importance == "vital")

    @property
    def workshops(self) -> tuple[int, ...]:
        """Workshops its evidence stands in, in order."""
        return tuple(sorted({e.workshop for e in self.evidence if e.workshop is not None}))

    @property
    def documents(self) -> tuple[str, ...]:
        """Documents its evidence stands in, by id."""
        return tuple(sorted({e.doc for e in self.evidence}))


class File(_Part):
    """One YAML file."""

    version: Annotated[Whole, Field(ge=1, le=1, alias="schema")]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class GoldenSet:
    """All items, sorted by id, and the file each comes from."""

    items: tuple[Item, ...]
    files: Mapping[str, str]
    """Name of the file, by item id."""

    @property
    def sha256(self) -> str:
        """Digest of all active items."""
        return digest(item for item in self.items if item.status == "active")

    def active(self, split: Split) -> tuple[Item, ...]:
        """Return the items of a split that are to be scored."""
        return tuple(i for i in self.items if i.status == "active" and i.split == split)


def split_of(id: str) -> Split:
    """Return the split that follows from an id, so that nobody can choose it."""
    number = int(hashlib.sha256(id.encode()).hexdigest()[:8], 16)
    return "test" if number % 3 == 0 else "dev"


def digest(items: Iterable[Item]) -> str:
    """Return the SHA-256 of the items as canonical JSON lines, sorted by id.

    Defaults are left out, so that a new optional field doesn't change the digest of old items.
    """
    lines = [
        json.dumps(
            item.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, sort_keys=True
        )
        for item in sorted(items, key=lambda item: item.id)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a file, for editors that check while one types."""
    return File.model_json_schema()
