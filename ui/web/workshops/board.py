"""What is known of each workshop, what has been read in, and what is missing. Pure, no gradio.

Nothing is made up: what neither the catalogue nor a document says stays empty.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.themes import LISTS, Column, ThemeMap
from corpus.dates import is_date
from corpus.types import Document, Status, Workshop
from ui.service import Overview, Series

# A strip of more years would have months too narrow to press.
MAX_YEARS = 8
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Holding:
    """A document and how much of it speaks of a workshop."""

    document: Document
    passages: int
    is_whole: bool
    """Whether all of it belongs to the workshop, not just a chapter."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A workshop with all that the collection has of it."""

    workshop: Workshop
    holdings: tuple[Holding, ...] = ()

    @property
    def passages(self) -> int:
        """How many passages speak of it."""
        return sum(holding.passages for holding in self.holdings)

    @property
    def unknown(self) -> tuple[str, ...]:
        """German names of what isn't known of it."""
        fields = (
            ("Thema", self.workshop.theme),
            ("Stadt", self.workshop.town),
            ("Datum", self.workshop.date),
        )
        return tuple(name for name, value in fields if not value)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known of it but its number."""
        return self.workshop.status == "unbekannt" and not self.holdings and len(self.unknown) == 3

    @property
    def has_original(self) -> bool:
        """Whether a document is there that isn't a text of someone else's about it."""
        return any(not holding.document.origin for holding in self.holdings)


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page shows beside its map."""

    entries: tuple[Entry, ...]
    """By number."""
    series: tuple[Series, ...]
    others: tuple[Holding, ...]
    """Documents, or parts of them, that belong to no workshop."""

    def count(self, status: Status) -> int:
        """Return how many workshops have this status."""
        return sum(entry.workshop.status == status for entry in self.entries)

    @property
    def documented(self) -> int:
        """How many workshops something has been read in about."""
        return sum(bool(entry.holdings) for entry in self.entries)

    @property
    def next_blank(self) -> int:
        """The number by which to show how a workshop is added: the first that lacks a text."""
        blank = (e.workshop.number for e in self.entries if not e.holdings)
        after = max((e.workshop.number for e in self.entries), default=0) + 1
        return next(blank, after)

    def runs(self) -> list[tuple[Entry, ...]]:
        """Return the entries in order, neighbours of which nothing is known together."""
        found: list[tuple[Entry, ...]] = []
        for blank, group in groupby(self.entries, key=lambda entry: entry.is_blank):
            run = tuple(group)
            found += [run] if blank else [(entry,) for entry in run]
        return found


def board(overview: Overview, counted: ThemeMap, series: Sequence[Series]) -> Board:
    """Put together what catalogue and documents say."""
    documents = {document.id: document for document in overview.documents}
    listed = {workshop.number: workshop for workshop in overview.workshops}
    for column in counted.sizes:
        if column is not None and column not in listed:
            listed[column] = Workshop(column, status="belegt")
    return Board(
        entries=tuple(
            Entry(listed[number], _holdings(counted, number, documents))
            for number in sorted(listed)
        ),
        series=tuple(series),
        others=_holdings(counted, None, documents),
    )


def _holdings(
    counted: ThemeMap, column: Column, documents: dict[str, Document]
) -> tuple[Holding, ...]:
    counts = counted.documents.get(column, {})
    return tuple(
        Holding(documents[id], counts[id], documents[id].workshop == column)
        for id in sorted(counts, key=lambda id: (documents[id].workshop != column, id))
        if id in documents and documents[id].category not in LISTS
    )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of the years that a series is known to have touched."""

    years: tuple[int, ...]
    months: dict[tuple[int, int], tuple[Entry, ...]]
    """Workshops by year and month, from 1."""
    undated: tuple[Entry, ...]

    def is_free(self, year: int, month: int) -> bool:
        """Tell whether the months around have no workshop, so that a name has room."""
        around = (divmod(year * 12 + month - 1 + step, 12) for step in (-1, 1))
        return not any((y, m + 1) in self.months for y, m in around)


def calendar(shown: Board) -> Calendar | None:
    """Place the workshops with a known month; None where no strip can show them."""
    dated = [e for e in shown.entries if is_date(e.workshop.date) and len(e.workshop.date) > 4]
    stated = {int(year) for s in shown.series for year in _YEAR.findall(s.period)}
    years = stated | {int(e.workshop.date[:4]) for e in dated}
    if not dated or max(years) - min(years) >= MAX_YEARS:
        return None
    months: dict[tuple[int, int], tuple[Entry, ...]] = {}
    for entry in dated:
        place = int(entry.workshop.date[:4]), int(entry.workshop.date[5:7])
        months[place] = (*months.get(place, ()), entry)
    undated = tuple(entry for entry in shown.entries if entry not in dated)
    return Calendar(tuple(range(min(years), max(years) + 1)), months, undated)
