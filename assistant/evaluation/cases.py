"""Ask with the gate open: how sure was each answer, and how good? ``calibrate.py`` takes these."""

from collections.abc import Sequence
from typing import Protocol, Self

from assistant.evaluation.calibrate import Case
from assistant.evaluation.golden import Item
from assistant.evaluation.metrics import ANSWERING, STRICT_VITAL, nugget_figures, nugget_hits
from assistant.evaluation.observe import Asked, Wording, one, wordings
from corpus.generation import Progress

STAGE = "Schwelle der Antwort"


class Gated(Asked, Protocol):
    """Who answers from a threshold on; ``assistant.pipeline.Assistant`` for one."""

    def with_threshold(self, threshold: float) -> Self:
        """Return one that answers from another threshold on."""
        ...


def cases(asked: Gated, items: Sequence[Item], progress: Progress) -> tuple[Case, ...]:
    """Return a case for every question and paraphrase, asked with the gate open."""
    opened = asked.with_threshold(0.0)
    questions = [(i, w) for i in items for w in wordings(i) if w.form != "standalone"]
    found = []
    for done, (item, wording) in enumerate(questions):
        progress(STAGE, done, len(questions))
        found.append(_case(opened, item, wording))
    progress(STAGE, len(questions), len(questions))
    return tuple(found)


def _case(opened: Asked, item: Item, wording: Wording) -> Case:
    seen = one(opened, wording, top=0)
    answerable = item.answerable != "none"
    correct = 0.0
    if answerable:
        correct = nugget_figures(item, nugget_hits(seen.segments, item))[STRICT_VITAL]
    return Case(seen.confidence if seen.status in ANSWERING else None, answerable, correct)
