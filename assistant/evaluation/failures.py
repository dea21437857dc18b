"""Where was a failed answer lost? One label each, found mechanically."""

from collections.abc import Iterator, Mapping

from assistant.evaluation.citations import cited_evidence
from assistant.evaluation.golden import Item, Nugget
from assistant.evaluation.source import Relevance
from assistant.evaluation.types import Failure, Observation

ORDER: tuple[Failure, ...] = (
    *("not_in_index", "not_retrieved", "cut", "unused", "uncited", "refused", "answered"),
)
"""The earliest stage wins where vital nuggets were lost at several."""


def failure(
    seen: Observation,
    item: Item,
    relevant: Relevance,
    nuggets: Mapping[str, bool],
    read: int,
) -> Failure | None:
    """Return where a failed answer was lost, None when nothing vital is missing.

    ``read`` is how many of the first hits are read for an answer. An answerable question
    fails when a vital nugget is missing, or is said without citing evidence for it.
    """
    answered = seen.status in ("answered", "partial")
    if item.answerable == "none":
        return "answered" if answered else None
    if not answered and seen.status == "error":
        return "refused"
    lost = set(_lost(seen, item, relevant, nuggets, read, answered=answered))
    return next((stage for stage in ORDER if stage in lost), None)


def _lost(
    seen: Observation,
    item: Item,
    relevant: Relevance,
    nuggets: Mapping[str, bool],
    read: int,
    *,
    answered: bool,
) -> Iterator[Failure]:
    cited = cited_evidence(seen, item)
    for nugget in item.vital:
        if not nuggets[nugget.id]:
            yield _stage(nugget, seen, relevant, read) or ("unused" if answered else "refused")
        elif not cited & set(nugget.evidence):
            yield "uncited"


def _stage(nugget: Nugget, seen: Observation, relevant: Relevance, read: int) -> Failure | None:
    """Return where retrieval lost a nugget's evidence, None when it was read."""
    proving = {passage for passage, ids in relevant.items() if ids & set(nugget.evidence)}
    if not proving:
        return "not_in_index"
    ranks = [rank for rank, hit in enumerate(seen.hits, start=1) if hit.passage in proving]
    if not ranks:
        return "not_retrieved"
    return "cut" if ranks[0] > read else None
