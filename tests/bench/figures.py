"""Rankings and judgements -> figures, leads with intervals, tables. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from math import sqrt
from statistics import fmean, quantiles, stdev

import ir_measures
from ir_measures import RR, nDCG

from assistant.evaluation.statistics import bca_interval
from tests.bench.task import Judgement, Question

MEASURES = {nDCG @ 10: "nDCG@10", RR @ 10: "RR@10"}
BOOTSTRAP_LIMIT = 3_000
"""Items; above, mean ± 1.96 standard errors: no different there, and the bootstrap's memory
grows with the square."""

Figures = Mapping[str, Mapping[str, float]]
"""Figure -> item -> mean over its wordings."""


def measure(
    questions: Sequence[Question],
    rankings: Mapping[str, Sequence[str]],
    judged: Mapping[str, Judgement],
    cuts: Sequence[int],
) -> Figures:
    """Return recall at each cut, nDCG@10 and RR@10 of the judged questions."""
    asked = [question for question in questions if question.item in judged]
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for question in asked:
        ranking = rankings[question.id]
        for k in cuts:
            value = recall(judged[question.item], ranking[:k])
            found[f"recall@{k}"][question.item].append(value)
    for name, values in _by_ir_measures(asked, rankings, judged).items():
        for question in asked:
            found[name][question.item].append(values.get(question.id, 0.0))
    return {
        name: {item: fmean(values) for item, values in by.items()} for name, by in found.items()
    }


def recall(judgement: Judgement, ids: Collection[str]) -> float:
    """Return the share of the groups of which a unit was found.

    Where every relevant passage is a group of its own, this is recall as TREC and BEIR have it.
    """
    return fmean(not group.isdisjoint(ids) for group in judgement.groups)


def mean(figures: Figures, name: str, items: Collection[str] | None = None) -> float:
    """Return a figure's mean over all items, or over those given."""
    by = figures[name]
    return fmean(by[item] for item in (by if items is None else items))


def lead(ours: Figures, theirs: Figures, name: str) -> tuple[float, float, float]:
    """Return the mean difference, and the ends of its 95 % interval, paired by item."""
    differences = [ours[name][item] - theirs[name][item] for item in sorted(ours[name])]
    middle = fmean(differences)
    if len(differences) > BOOTSTRAP_LIMIT:
        reach = 1.96 * stdev(differences) / sqrt(len(differences))
        return middle, middle - reach, middle + reach
    span = bca_interval(differences)
    return (middle, span.low, span.high) if span else (middle, float("-inf"), float("inf"))


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile, from 1 to 99."""
    return quantiles(values, n=100)[percent - 1] if len(values) > 1 else values[0]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a Markdown table, the first one its head."""
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def signed(found: tuple[float, float, float]) -> str:
    """Return a difference with its interval as it is printed."""
    return "{:+.3f} [{:+.3f}, {:+.3f}]".format(*found)


def _by_ir_measures(
    asked: Sequence[Question],
    rankings: Mapping[str, Sequence[str]],
    judged: Mapping[str, Judgement],
) -> dict[str, dict[str, float]]:
    """Return measure -> question -> value; what nothing was found for is absent."""
    qrels = {q.id: dict(judged[q.item].grades) for q in asked if judged[q.item].grades}
    # By rank: scores may tie, and ties are broken differently by each measure.
    run = {q.id: {id: 1 / rank for rank, id in enumerate(rankings[q.id], 1)} for q in asked}
    found: dict[str, dict[str, float]] = {name: {} for name in MEASURES.values()}
    for value in ir_measures.iter_calc(list(MEASURES), qrels, run):
        found[MEASURES[value.measure]][value.query_id] = value.value
    return found
