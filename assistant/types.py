"""Values of a question on its way to a verified answer. All frozen."""

from dataclasses import dataclass, field
from typing import Literal

from corpus.types import Scope

AnswerStatus = Literal["answered", "partial", "refused", "clarify", "error"]
Support = Literal["verbatim", "full", "partial", "none"]
Located = Literal["exact", "page", "document"]
RefusalReason = Literal[
    "not_in_corpus",
    "out_of_scope",
    "false_premise",
    "outdated",
    "unknown_workshop",
    "ambiguous",
    "empty_collection",
]


NearbyReason = Literal["nearest", "after", "before", "workshop", "contact"]
Stage = Literal["search", "select", "write", "done"]
AdditionKind = Literal["Langform", "Kurzform", "Synonym", "Übersetzung", "Zahl"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A word that is read otherwise than it was typed; shown to the reader."""

    typed: str
    read: str


@dataclass(frozen=True, slots=True)
class Addition:
    """A form that is searched with a word of the question."""

    typed: str
    form: str
    kind: AdditionKind


@dataclass(frozen=True, slots=True)
class Reading:
    """How an ambiguous short form of the question was read."""

    short_form: str
    taken: str
    """The long form searched with it; empty where nothing speaks for any."""
    others: tuple[str, ...]
    is_sure: bool
    """Whether question or collection settle it; else the reader had better be asked."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of a question, for the reader to see and to correct."""

    context: str = ""
    """The earlier question that is asked about; empty when the question stands alone."""
    changes: tuple[Change, ...] = ()
    additions: tuple[Addition, ...] = ()
    readings: tuple[Reading, ...] = ()
    scope_wording: str = ""
    """The words of the question that limit it; empty when the reader chose or nothing does."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Proof of a segment: a verbatim quote and where it stands."""

    key: str
    """Names the citation within its answer; segments refer to it."""
    number: int
    """Shown to the reader, from 1."""
    document: str
    title: str
    workshop: int | None
    workshop_title: str
    section: tuple[str, ...]
    page_index: int | None
    """Physical page from 0 on which the quote begins; None for formats without pages."""
    page_label: str
    """As printed on that page; empty when nothing is known."""
    quote: str
    located: Located
    version: str
    origin: str
    passage: str
    """Id of the passage the quote is a slice of."""
    start: int
    """Offsets of the quote in the passage's text."""
    end: int
    date: str = ""
    """State of the document, ISO 8601; empty when unknown."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the answer and the citations that prove it."""

    text: str
    citations: tuple[str, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, and what helps on."""

    reason: RefusalReason
    hint: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """A passage worth opening beside an answer, or in place of one that isn't there."""

    why: NearbyReason
    passage: str
    """Id of the passage."""
    document: str
    version: str
    title: str
    workshop: int | None
    section: tuple[str, ...]
    page_label: str
    """As printed on its first page; empty when nothing is known."""
    quote: str = ""
    """Verbatim from the passage, where it is worth reading at once; else empty."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question yields. ``segments`` are never prose with numbers to be parsed out."""

    status: AnswerStatus
    question: str
    query: str
    """What was searched: standalone, short forms written out."""
    scope: Scope
    understood: Understood = Understood()
    mode: Literal["extractive", "generative"] = "extractive"
    segments: tuple[Segment, ...] = ()
    citations: tuple[Citation, ...] = ()
    differing: tuple[tuple[str, str], ...] = ()
    """Keys of citations that give different figures for the same thing."""
    compared: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Columns of an answer that compares: heading, keys of the citations about it alone."""
    refusal: Refusal | None = None
    suggestions: tuple[str, ...] = ()
    """Questions or places nearby that the reader may try next."""
    nearby: tuple[Nearby, ...] = ()
    """Where to read on; for a refusal the nearest passages, and whom a document says to ask."""
    lead: str = ""
    """German sentence that opens it, made of the catalogue's numbers and counts alone."""
    note: str = ""
    """German sentence on how the answer came about, where that isn't the usual way."""
    plain: bool = False
    """Whether plain language was asked for."""
    terms: tuple[tuple[str, str], ...] = ()
    """Short forms in the segments, each with its long form from the glossary; not proven."""
    confidence: float | None = None
    """How well the evidence bears the answer, 0 to 1; None where none was looked for."""
    generation: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a question has come."""

    stage: Stage
    answer: Answer | None = None
    """As far as it stands and is checked; in the stage "done" the one that counts."""
