"""Values of an evaluation, from a question that was asked to a finished run. All frozen.

A run holds all that a report or a comparison needs, the golden items included, so that it can be
read years later without the set or the collection it was made with.
"""

from dataclasses import dataclass, field
from typing import Literal

from assistant.evaluation.calibrate import Case
from assistant.evaluation.golden import Item, Split
from assistant.types import AnswerStatus, Citation, Segment
from corpus.embedder import Fingerprint
from corpus.types import Scope

RUN_SCHEMA = 1

Form = Literal["question", "paraphrase", "standalone"]
Failure = Literal[
    "not_in_index",  # the collection has no passage with the evidence
    "not_retrieved",  # not among the first twenty hits
    "cut",  # found, but ranked behind the passages that are read for an answer
    "unused",  # read, but what was taken from it proves nothing asked for
    "uncited",  # said, but without citing the evidence
    "refused",  # the evidence was at hand and the answer was a refusal
    "answered",  # there is no answer, and one was given
]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A hit, without its text. Its rank is its place in the list, from 1."""

    passage: str
    document: str
    workshop: int | None
    section: tuple[str, ...]
    pages: tuple[int, ...]
    text_sha256: str
    score: float


@dataclass(frozen=True, slots=True)
class Observation:
    """What came back when one wording of one item was asked."""

    item: str
    wording: int
    """0 is the question itself, then its paraphrases; last comes ``standalone``, if any."""
    form: Form
    question: str
    query: str
    scope: Scope
    status: AnswerStatus
    reason: str = ""
    """Of a refusal: its reason. Of an error: its code."""
    hint: str = ""
    mode: str = "extractive"
    segments: tuple[Segment, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Retrieved, ...] = ()
    """At most the first twenty."""
    confidence: float | None = None
    """What the gate weighs, where the answer says it."""
    timings_ms: dict[str, float] = field(default_factory=dict)
    repeats: int = 1
    """How often it was asked."""
    stable: bool = True
    """Whether each time gave the same answer."""

    @property
    def text(self) -> str:
        """The whole answer, a segment a line."""
        return "\n".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one observation; what doesn't apply to it is absent."""

    item: str
    wording: int
    form: Form
    figures: dict[str, float]
    """By the names in ``metrics.py``."""
    nuggets: dict[str, bool] = field(default_factory=dict)
    """By nugget id: whether the answer has it."""
    forbidden: tuple[str, ...] = ()
    """Ids of forbidden statements the answer makes."""
    faults: tuple[str, ...] = ()
    """Broken invariants, in German: these must never occur."""
    failure: Failure | None = None
    """Where a failed answer was lost; None when it didn't fail."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a run was made with. ``golden``, ``collection`` and ``scorer`` must agree to compare."""

    golden: str
    """SHA-256 of the active items of the split."""
    split: Split
    items: int
    """Items that were scored: active and not quarantined."""
    questions: int
    """Observations, paraphrases and standalone wordings included."""
    collection: str
    """The generation's corpus hash."""
    scorer: str
    """Digest of the modules that decide a score."""
    generation: str
    embedder: Fingerprint
    analyser: str
    settings: dict[str, str]
    program: str
    commit: str
    """Empty where there is no git; ends in "+" when the tree has changes."""
    machine: str
    started: str
    """ISO 8601, UTC."""
    seconds: float
    looks: int
    """How often the test split has been scored, this run included; 0 when nobody counts."""
    schema: int = RUN_SCHEMA


@dataclass(frozen=True, slots=True)
class Run:
    """A finished evaluation. ``observations`` and ``scores`` correspond one to one."""

    header: Header
    items: tuple[Item, ...]
    """The scored items, by id."""
    quarantined: tuple[str, ...]
    """Ids of active items whose evidence no longer stands in the collection."""
    observations: tuple[Observation, ...]
    scores: tuple[Score, ...]
    cases: tuple[Case, ...] = ()
    """What the gate is calibrated by, where it was asked for."""
