"""What the retrieval benchmark asks, and what counts as found. Plain values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.types import Turn


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text that a system can find."""

    id: str
    heading: str
    """Title and headings above it."""
    text: str
    counts_as: str
    """Id under which it is judged: a chunk of a judged passage counts as that passage."""


@dataclass(frozen=True, slots=True)
class Question:
    """One wording. Figures are means over items, an item's wordings averaged before."""

    id: str
    item: str
    text: str
    history: tuple[Turn, ...] = ()
    variant: str = ""
    """How it was changed by machine; empty for a question as somebody wrote it."""
    made_of: str = ""
    """Id of the question it was changed from, or empty."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Which units answer an item."""

    groups: tuple[frozenset[str], ...]
    """What has to be found; of each group one unit is enough."""
    grades: Mapping[str, int]
    """Grade of every unit of the groups, from 1."""


@dataclass(frozen=True, slots=True)
class Collection:
    """The units of one kind, and what answers each item among them."""

    units: tuple[Unit, ...]
    judged: Mapping[str, Judgement]
    """By item."""


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that is asked of the systems."""

    name: str
    data: Path
    """Data folder with the collection read in: what the product searches."""
    passages: Collection
    chunks: Collection
    """The same texts, cut as the tutorial recipe cuts them."""
    questions: tuple[Question, ...]
    timed: tuple[Question, ...]
    """Those of which time is taken; they needn't be judged."""
    cuts: tuple[int, ...]
    """Depths of recall; the last one is how far every ranking goes."""


def save_units(path: Path, units: Sequence[Unit]) -> None:
    """Write units as JSON."""
    _save(path, [asdict(unit) for unit in units])


def load_units(path: Path) -> tuple[Unit, ...]:
    """Read what ``save_units`` wrote."""
    return tuple(Unit(**row) for row in json.loads(path.read_text(encoding="utf-8")))


def save_questions(path: Path, questions: Sequence[Question]) -> None:
    """Write questions as JSON."""
    _save(path, [asdict(question) for question in questions])


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read what ``save_questions`` wrote."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Question(**{**row, "history": tuple(Turn(**turn) for turn in row["history"])})
        for row in rows
    )


def _save(path: Path, rows: Sequence[object]) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
