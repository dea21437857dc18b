"""What has been replaced or has run out comes after what holds. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answer.units import Run, Unit
from corpus.types import Document

# A unit of a document that no longer holds must be so much better to be quoted. Not measured: no
# document of the starter collection has been replaced.
OUTDATED = 0.7


def is_outdated(document: Document, today: str) -> bool:
    """Tell whether another document stands in its place, or its last day (ISO 8601) is over."""
    until = document.valid_until
    return bool(document.replaced_by) or bool(until and today[: len(until)] > until)


def valid_first(units: Sequence[Unit], documents: Mapping[str, Document], today: str) -> list[Unit]:
    """Let units of documents that no longer hold give way, best first again."""
    weighed = [
        replace(unit, score=unit.score * OUTDATED)
        if is_outdated(documents[unit.passage.document], today)
        else unit
        for unit in units
    ]
    return sorted(weighed, key=lambda u: (-u.score, u.passage.id, u.index))


def valid_last(runs: Sequence[Run], documents: Mapping[str, Document], today: str) -> list[Run]:
    """Put what no longer holds last; all else stays in its order."""
    return sorted(runs, key=lambda run: is_outdated(documents[run.passage.document], today))
