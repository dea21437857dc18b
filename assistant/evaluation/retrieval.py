"""Was the evidence found? Figures of one ranking, and of all by ir-measures."""

from collections.abc import Collection, Mapping, Sequence, Set

import ir_measures
from ir_measures import RR, Success, nDCG

from assistant.evaluation.golden import Evidence, Item
from assistant.evaluation.source import Relevance
from assistant.evaluation.types import Observation, Retrieved

CUTS = (3, 5, 10, 20)
PLACE_CUT = 10
_MEASURES = {nDCG @ 10: "ndcg@10", RR @ 10: "rr@10", Success @ 5: "success@5"}

Key = tuple[str, int]
"""Item and wording."""


def recall(item: Item, relevant: Relevance, hits: Sequence[Retrieved]) -> dict[str, float]:
    """Return how much of an answerable item's evidence is among the first hits.

    One passage of a group is enough. Documents and workshops count likewise: was any passage
    of the right one found, if not the right passage?
    """
    groups = item.groups.values()
    figures = {
        f"evidence_recall@{k}": _share(groups, {e for h in hits[:k] for e in _held(h, relevant)})
        for k in CUTS
    }
    near = hits[:PLACE_CUT]
    documents = {hit.document for hit in near}
    in_documents = {e.id for e in item.evidence if e.doc in documents}
    figures[f"document_recall@{PLACE_CUT}"] = _share(groups, in_documents)
    placed = [group for group in groups if any(e.workshop is not None for e in group)]
    if placed:
        workshops = {hit.workshop for hit in near} - {None}
        in_workshops = {e.id for e in item.evidence if e.workshop in workshops}
        figures[f"workshop_recall@{PLACE_CUT}"] = _share(placed, in_workshops)
    return figures


def ranked(
    observations: Sequence[Observation],
    items: Mapping[str, Item],
    relevant: Mapping[str, Relevance],
) -> dict[Key, dict[str, float]]:
    """Return nDCG@10, RR@10 and Success@5 of every observation whose item has relevant passages.

    Where the collection holds none, the figures are 0, not absent.
    """
    figures: dict[Key, dict[str, float]] = {}
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    keys: dict[str, Key] = {}
    for seen in observations:
        item = items[seen.item]
        if item.answerable == "none":
            continue
        key = (seen.item, seen.wording)
        figures[key] = dict.fromkeys(_MEASURES.values(), 0.0)
        if relevant[item.id]:
            name = f"{seen.item}#{seen.wording}"
            keys[name] = key
            qrels[name] = _grades(item, relevant[item.id])
            # Scores of the hits may tie, and ties are broken differently by each measure.
            run[name] = {hit.passage: 1 / rank for rank, hit in enumerate(seen.hits, start=1)}
    evaluated = set()
    for metric in ir_measures.iter_calc(list(_MEASURES), qrels, run):
        figures[keys[metric.query_id]][_MEASURES[metric.measure]] = metric.value
        evaluated.add(metric.query_id)
    missing = {name for name in qrels if run[name]} - evaluated
    assert not missing, f"ir-measures left out {sorted(missing)}"  # noqa: S101  # never silently
    return figures


def _share(groups: Collection[Sequence[Evidence]], found: Set[str]) -> float:
    return sum(any(e.id in found for e in group) for group in groups) / len(groups)


def _held(hit: Retrieved, relevant: Relevance) -> frozenset[str]:
    return relevant.get(hit.passage, frozenset())


def _grades(item: Item, relevant: Relevance) -> dict[str, int]:
    grade = {evidence.id: evidence.grade for evidence in item.evidence}
    return {passage: max(grade[id] for id in ids) for passage, ids in relevant.items()}
