"""What a comparison of two runs yields. All frozen; survives JSON.

A is the old state, B the new one; a difference is B minus A.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.metrics import (
    EVIDENCE_RECALL,
    FALSE_REFUSAL,
    LOWER_IS_BETTER,
    REFUSAL_RECALL,
    STRICT_VITAL,
)
from assistant.evaluation.statistics import Direction, Interval, Tally
from assistant.evaluation.types import Header, Observation, Score

DECIDED = "decided_rightly"
"""False answers and false refusals as one: 1 where a question is rightly answered or refused."""
PRIMARY = (EVIDENCE_RECALL, STRICT_VITAL, DECIDED)
"""Declared in advance. They alone decide; everything else is exploratory."""
ERRORS = (FALSE_REFUSAL, REFUSAL_RECALL)
"""The two halves of the last: no test of their own, but each may only drop so far."""
TOLERATED = {EVIDENCE_RECALL: 0.03, STRICT_VITAL: 0.05, FALSE_REFUSAL: 0.05, REFUSAL_RECALL: 0.05}
"""How far a mean may get worse before the gate closes, as a share; set in the design of the
evaluation, about what 300 questions can see."""

Verdict = Literal["besser", "schlechter", "nicht entschieden"]
Unit = Literal["Frage", "Werkstatt"]
GateState = Literal["gesperrt", "nicht entschieden", "frei"]

LABELS = {
    EVIDENCE_RECALL: "gefundene Belege",
    STRICT_VITAL: "genannte Kernaussagen",
    DECIDED: "richtig entschieden, ob geantwortet wird",
    FALSE_REFUSAL: "zu Unrecht abgelehnt",
    REFUSAL_RECALL: "zu Recht abgelehnt",
}


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric over all items that have it in both runs. Shares, unless ``COUNTS`` names it."""

    name: str
    primary: bool
    """False: exploratory. It may give an idea, it decides nothing."""
    n: int
    """Items."""
    old: float
    new: float
    difference: float
    by_question: Interval | None
    """95 % interval of the difference; None where fewer than two items have the metric."""
    by_workshop: Interval | None
    """The same, drawing whole workshops (or documents that belong to none)."""
    quoted: Unit
    """Which of the two is quoted: the second only when it is clearly wider."""
    tally: Tally
    """Items that got better, stayed and got worse; of counts: more, as many, fewer."""
    p: float | None = None
    """Of the permutation test, by the unit that is quoted; None where nothing is tested."""
    p_adjusted: float | None = None
    """The same after Holm, over the primary metrics."""
    visible: float | None = None
    """The smallest difference this set of questions can see; None where nothing is tested."""
    verdict: Verdict | None = None
    """None for what is exploratory."""
    sentence: str = ""
    """The verdict in German, for someone without statistics."""

    @property
    def interval(self) -> Interval | None:
        """The interval that is quoted."""
        return self.by_workshop if self.quoted == "Werkstatt" else self.by_question

    @property
    def gain(self) -> float:
        """The difference, above zero when it is one to the better."""
        return -self.difference if self.name in LOWER_IS_BETTER else self.difference

    @property
    def gain_range(self) -> tuple[float, float] | None:
        """The quoted interval's ends, turned like ``gain``."""
        if self.interval is None:
            return None
        low, high = self.interval.low, self.interval.high
        return (-high, -low) if self.name in LOWER_IS_BETTER else (low, high)


@dataclass(frozen=True, slots=True)
class RateComparison:
    """Items decided rightly in every wording, counted; the exact view beside the means."""

    name: str
    n: int
    """Items."""
    old_right: int
    new_right: int
    old_interval: Interval
    new_interval: Interval
    gained: int
    """Wrong before, right now."""
    lost: int
    p: float
    """McNemar, exact."""
    new_failures_at_most: float | None
    """Where nothing failed in B: the highest failure rate that leaves possible (95 %)."""


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """One wording whose answer or figures changed, old beside new."""

    item: str
    wording: int
    question: str
    old: Observation
    new: Observation
    old_score: Score
    new_score: Score
    figures: tuple[tuple[str, float | None, float | None], ...]
    """Figures that changed: name, old, new; None where it doesn't apply."""
    direction: Direction
    """1 when a primary metric got better and none worse, -1 the other way round, else 0."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, compared. All values are frozen and survive JSON."""

    a: Header
    b: Header
    differs: tuple[tuple[str, str, str], ...]
    """What may differ between the two and does: name, A, B."""
    primary: tuple[MetricComparison, ...]
    errors: tuple[MetricComparison, ...]
    exploratory: tuple[MetricComparison, ...]
    rates: tuple[RateComparison, ...]
    changed: tuple[ChangedQuestion, ...]
    """Worse ones first."""
    items: int
    items_changed: int
    """Items of which a primary metric changed."""
    faults: int
    """Broken invariants in B."""
    verdict: Verdict = "nicht entschieden"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a change may ship. Only ``frei`` is green."""

    state: GateState
    sentences: tuple[str, ...]
