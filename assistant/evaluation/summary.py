"""Scores -> the figures of a run: means by slice, rates with intervals, robustness, latency.

One item counts once: its wordings are averaged first, for they aren't independent of each
other. ``standalone`` wordings count only for the loss of follow-ups.
"""

import statistics as stats
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.golden import Item
from assistant.evaluation.metrics import EVIDENCE_RECALL, FALSE_REFUSAL, REFUSAL_RECALL
from assistant.evaluation.metrics import STRICT_VITAL as VITAL
from assistant.evaluation.statistics import Interval, wilson
from assistant.evaluation.types import Failure, Observation, Run, Score

WITHOUT_WORKSHOP = "ohne Werkstatt"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over items, and how many items and wordings have the figure."""

    value: float
    items: int
    questions: int


@dataclass(frozen=True, slots=True)
class Row:
    """The means of one slice; what applies to none of its items is absent."""

    kind: str
    """all, type, workshop, tag, document."""
    name: str
    items: int
    questions: int
    means: dict[str, Mean]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of items with its Wilson interval."""

    name: str
    value: float
    items: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Robustness:
    """How much a figure depends on the wording, over items with paraphrases."""

    mean: float
    worst: float
    """Mean of each item's worst wording."""
    spread: float
    """Mean distance between an item's best and worst wording."""
    items: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one stage."""

    stage: str
    p50: float
    p95: float
    p99: float
    questions: int


def by_item(scores: Iterable[Score], figure: str) -> dict[str, float]:
    """Return one number per item that has the figure: the mean over its wordings."""
    return {item: stats.fmean(values) for item, values in _clusters(scores, figure).items()}


def table(run: Run) -> tuple[Row, ...]:
    """Return the means over all items, then by type, workshop, tag and document."""
    rows = [_row("all", "alle", run.items, run.scores)]
    for kind, names_of in _SLICES.items():
        slices: dict[str, list[Item]] = defaultdict(list)
        for item in run.items:
            for name in names_of(item):
                slices[name].append(item)
        rows += [_row(kind, name, slices[name], run.scores) for name in sorted(slices)]
    return tuple(rows)


def refusal_rates(run: Run) -> tuple[Rate, ...]:
    """Return the false-refusal rate and the refusal recall, this one by reason too."""
    reason = {item.id: item.none_reason for item in run.items}
    refused = by_item(run.scores, REFUSAL_RECALL)
    reasons = sorted({str(reason[id]) for id in refused})
    by_reason = [
        (f"{REFUSAL_RECALL}: {name}", [v for id, v in refused.items() if reason[id] == name])
        for name in reasons
    ]
    overall = [
        (FALSE_REFUSAL, list(by_item(run.scores, FALSE_REFUSAL).values())),
        (REFUSAL_RECALL, list(refused.values())),
    ]
    return tuple(_rate(name, values) for name, values in (*overall, *by_reason) if values)


def robustness(run: Run, figure: str = VITAL) -> Robustness | None:
    """Return how much the wording matters; None when no item has paraphrases."""
    clusters = [v for v in _clusters(run.scores, figure).values() if len(v) > 1]
    if not clusters:
        return None
    return Robustness(
        mean=stats.fmean(stats.fmean(values) for values in clusters),
        worst=stats.fmean(min(values) for values in clusters),
        spread=stats.fmean(max(values) - min(values) for values in clusters),
        items=len(clusters),
    )


def follow_up_loss(
    run: Run, figures: Sequence[str] = (EVIDENCE_RECALL, "ndcg@10", VITAL)
) -> dict[str, Mean]:
    """Return what is lost when a question leans on the turns before it, by figure.

    That is the figure of the standalone wording minus that of the follow-up as it was asked;
    paraphrases are left out.
    """
    losses = {}
    for figure in figures:
        asked = {s.item: s.figures[figure] for s in run.scores if _is(s, "question", figure)}
        alone = {s.item: s.figures[figure] for s in run.scores if _is(s, "standalone", figure)}
        both = sorted(asked.keys() & alone.keys())
        if both:
            lost = stats.fmean(alone[id] - asked[id] for id in both)
            losses[figure] = Mean(lost, len(both), 2 * len(both))
    return losses


def latency(observations: Sequence[Observation]) -> tuple[Latency, ...]:
    """Return the percentiles of each stage's milliseconds, of warm questions."""
    times: dict[str, list[float]] = defaultdict(list)
    for seen in observations:
        for stage, milliseconds in seen.timings_ms.items():
            times[stage].append(milliseconds)
    found = []
    for stage, values in times.items():
        p50, p95, p99 = (float(p) for p in np.percentile(values, (50, 95, 99)))
        found.append(Latency(stage, p50, p95, p99, len(values)))
    return tuple(found)


def failure_counts(run: Run) -> dict[Failure, int]:
    """Return how many wordings were lost at each stage."""
    counts = Counter(s.failure for s in run.scores if s.failure and s.form != "standalone")
    return dict(counts)


def faults(run: Run) -> tuple[str, ...]:
    """Return every broken invariant with its question. Anything here is a defect."""
    return tuple(f"{s.item}#{s.wording}: {fault}" for s in run.scores for fault in s.faults)


_SLICES: dict[str, Callable[[Item], Iterable[str]]] = {
    "type": lambda item: (item.type,),
    "workshop": lambda item: [f"Werkstatt {n}" for n in item.workshops] or [WITHOUT_WORKSHOP],
    "tag": lambda item: item.tags,
    "document": lambda item: item.documents,
}


def _row(kind: str, name: str, items: Sequence[Item], scores: Sequence[Score]) -> Row:
    ids = {item.id for item in items}
    chosen = [s for s in scores if s.item in ids and s.form != "standalone"]
    figures = dict.fromkeys(name for score in chosen for name in score.figures)
    means = {}
    for figure in figures:
        clusters = _clusters(chosen, figure)
        value = stats.fmean(stats.fmean(values) for values in clusters.values())
        means[figure] = Mean(value, len(clusters), sum(map(len, clusters.values())))
    return Row(kind, name, len(ids), len(chosen), means)


def _clusters(scores: Iterable[Score], figure: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for score in scores:
        if score.form != "standalone" and figure in score.figures:
            found[score.item].append(score.figures[figure])
    return found


def _rate(name: str, values: Sequence[float]) -> Rate:
    # Wordings of an item aren't independent, so an item counts once; the interval is that of
    # the nearest whole count.
    return Rate(name, stats.fmean(values), len(values), wilson(round(sum(values)), len(values)))


def _is(score: Score, form: str, figure: str) -> bool:
    return score.form == form and figure in score.figures
