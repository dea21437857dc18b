"""One observation and its golden item -> figures. Figures have no unit and lie between 0 and 1,
unless ``COUNTS`` names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation import citations, groundedness, retrieval
from assistant.evaluation.failures import failure
from assistant.evaluation.golden import Item
from assistant.evaluation.matching import matches, mentions
from assistant.evaluation.source import Relevance, Source, relevance
from assistant.evaluation.types import Observation, Score
from assistant.types import Segment

EVIDENCE_RECALL = "evidence_recall@10"
STRICT_VITAL = "strict_vital"
FALSE_REFUSAL = "false_refusal"
REFUSAL_RECALL = "refusal_recall"
PRIMARY = (EVIDENCE_RECALL, STRICT_VITAL, FALSE_REFUSAL, REFUSAL_RECALL)
"""Declared in advance; the two refusals are one pair. All others are exploratory."""
LOWER_IS_BETTER = frozenset({FALSE_REFUSAL, "forbidden", "must_not_cite"})
COUNTS = frozenset({"citations", "words", "segments", "vital_per_100_words"})
ANSWERING = ("answered", "partial")
OKAY_WEIGHT = 0.5
"""Of a nugget that isn't vital: the weighting of TREC RAG."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores observations of these items against one collection."""

    items: dict[str, Item]
    relevant: dict[str, Relevance]
    passages: citations.Passages

    @classmethod
    def over(cls, items: Sequence[Item], source: Source) -> "Scorer":
        """Look up once what of the collection is relevant to each item."""
        return cls(
            {item.id: item for item in items},
            {item.id: relevance(item, source) for item in items},
            citations.Passages(source),
        )

    def score(self, observations: Sequence[Observation], read: int) -> tuple[Score, ...]:
        """Return the scores in the order given; ``read`` passages are read for an answer."""
        ranked = retrieval.ranked(observations, self.items, self.relevant)
        return tuple(
            self._score(seen, ranked.get((seen.item, seen.wording), {}), read)
            for seen in observations
        )

    def _score(self, seen: Observation, ranked: dict[str, float], read: int) -> Score:
        item, relevant = self.items[seen.item], self.relevant[seen.item]
        nuggets = nugget_hits(seen.segments, item)
        forbidden = tuple(f.id for f in item.forbidden if mentions(_texts(seen), f.match))
        grounded, ungrounded = _groundedness(seen, self.passages)
        figures = {
            **ranked,
            **_quality(seen, item, relevant, nuggets),
            **refusal(seen, item),
            **citations.resolvability(seen, self.passages),
            **citations.locators(seen, self.passages),
            **grounded,
            **length(seen, item, nuggets),
            **({"forbidden": float(bool(forbidden))} if item.forbidden else {}),
        }
        return Score(
            item=seen.item,
            wording=seen.wording,
            form=seen.form,
            figures=figures,
            nuggets=nuggets,
            forbidden=forbidden,
            faults=(*citations.faults(seen, self.passages), *ungrounded, *_unstable(seen)),
            failure=failure(seen, item, relevant, nuggets, read),
        )


def nugget_hits(segments: Sequence[Segment], item: Item) -> dict[str, bool]:
    """Tell of each nugget whether the answer has it."""
    texts = [segment.text for segment in segments]
    return {nugget.id: matches(texts, nugget.match) for nugget in item.nuggets}


def nugget_figures(item: Item, hits: dict[str, bool]) -> dict[str, float]:
    """Return strict-vital, strict-all and the weighted share of an answerable item's nuggets."""
    weights = {n.id: 1.0 if n.importance == "vital" else OKAY_WEIGHT for n in item.nuggets}
    return {
        STRICT_VITAL: sum(hits[n.id] for n in item.vital) / len(item.vital),
        "strict_all": sum(hits.values()) / len(hits),
        "weighted_nuggets": sum(weights[id] for id, hit in hits.items() if hit)
        / sum(weights.values()),
    }


def refusal(seen: Observation, item: Item) -> dict[str, float]:
    """Return which of the two errors was made; a question that failed counts as one of both.

    Anything but an answer counts as refusing: a question put back helps as little.
    """
    answered = seen.status in ANSWERING
    if item.answerable != "none":
        return {FALSE_REFUSAL: float(not answered)}
    rightly = not answered and seen.status != "error"
    right_reason = {"reason_right": float(seen.reason == item.none_reason)} if rightly else {}
    return {REFUSAL_RECALL: float(rightly), **right_reason}


def length(seen: Observation, item: Item, nuggets: dict[str, bool]) -> dict[str, float]:
    """Return how long an answer is, and how much of it is to the point."""
    if not seen.segments:
        return {}
    count = len(seen.text.split())
    vital = sum(nuggets[nugget.id] for nugget in item.vital)
    return {
        "words": float(count),
        "segments": float(len(seen.segments)),
        **({"vital_per_100_words": 100 * vital / max(1, count)} if item.vital else {}),
        **({"within_max_words": float(count <= item.max_words)} if item.max_words else {}),
    }


def _quality(
    seen: Observation, item: Item, relevant: Relevance, nuggets: dict[str, bool]
) -> dict[str, float]:
    """What only an answerable question has; a refusal scores 0 on its nuggets."""
    if item.answerable == "none":
        return {}
    return {
        **retrieval.recall(item, relevant, seen.hits),
        **nugget_figures(item, nuggets),
        **citations.against_gold(seen, item, relevant),
    }


def _groundedness(
    seen: Observation, passages: citations.Passages
) -> tuple[dict[str, float], list[str]]:
    """Return the figures, and a fault for each segment that isn't as verbatim as it claims."""
    cited = {c.key: passage.text for c in seen.citations if (passage := passages.cited(c))}
    verbatim: list[float] = []
    carried: list[float] = []
    by_citation: list[float] = []
    ungrounded: list[str] = []
    for number, segment in enumerate(seen.segments, start=1):
        sources = [cited[key] for key in segment.citations if key in cited]
        if segment.support == "verbatim" or seen.mode == "extractive":
            stands = groundedness.is_verbatim(segment, sources)
            verbatim.append(float(stands))
            if not stands:
                ungrounded.append(f"Satz {number} steht nicht wörtlich in seinem Beleg.")
        else:
            judged = groundedness.judge(segment.text, sources)
            carried.append(groundedness.WEIGHT[judged.support])
            by_citation += [
                groundedness.WEIGHT[groundedness.judge(segment.text, [source]).support]
                for source in sources
            ]
    figures = {"verbatim": verbatim, "support_recall": carried, "support_precision": by_citation}
    return {name: sum(v) / len(v) for name, v in figures.items() if v}, ungrounded


def _unstable(seen: Observation) -> list[str]:
    if seen.stable or seen.mode != "extractive":
        return []
    return [f"{seen.repeats} gleiche Fragen gaben verschiedene Antworten."]


def _texts(seen: Observation) -> list[str]:
    return [segment.text for segment in seen.segments]
