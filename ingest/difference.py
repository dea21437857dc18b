"""What a new reading of a document changes in its text. Pure.

Linear in the number of sentences: equal sentences are paired by their text, and what is left
without a partner is a change. (A sequence matcher is quadratic where a text repeats itself,
and calls a chapter that has moved deleted and new.)
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Literal

from corpus.types import Passage
from ingest.passages import boxes_of

_ROWS = frozenset(("table", "list"))


@dataclass(frozen=True, slots=True)
class Change:
    """Neighbouring sentences of a section that are not what they were."""

    kind: Literal["neu", "entfernt", "geändert"]
    section: tuple[str, ...]
    """Where it is; of what was removed, where it was."""
    before: str
    """Empty for what is new."""
    after: str
    """Empty for what was removed."""
    page: int | None
    """Physical page from 0 in the new reading, of what was removed in the old one."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, list item, table row or heading."""

    section: tuple[str, ...]
    text: str
    page: int | None
    is_row: bool = False

    @property
    def bare(self) -> str:
        """Return the text as it is compared: without white space."""
        return "".join(self.text.split())


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring units of one section without a partner."""

    anchor: int
    """Position in the new reading of the paired unit before them, -1 at the very start."""
    units: tuple[_Unit, ...]

    @property
    def section(self) -> tuple[str, ...]:
        return self.units[0].section

    @property
    def text(self) -> str:
        return ("\n" if self.units[0].is_row else " ").join(unit.text for unit in self.units)

    @property
    def bare(self) -> str:
        return "".join(unit.bare for unit in self.units)


def difference(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[Change, ...]:
    """Return what changed between two readings of a document, in the order of the new one.

    Sentences and headings are compared, white space isn't. A sentence that only moved, or that
    is cut otherwise, isn't a change.
    """
    old, new = list(_units(before)), list(_units(after))
    partners = _pair(old, new)
    paired = set(partners.values())
    kept = [partners.get(at) for at in range(len(old))]
    gone = _runs(old, kept)
    come = _runs(new, [at if at in paired else None for at in range(len(new))])
    return tuple(_changes(gone, come))


def _units(passages: Sequence[Passage]) -> Iterator[_Unit]:
    """Yield the sentences of the passages, each heading before the first one under it."""
    path: tuple[str, ...] = ()
    for passage in passages:
        page = passage.pages[0] if passage.pages else None
        headings = new_headings(path, passage.section)
        path = passage.section
        for depth, heading in enumerate(headings, len(path) - len(headings) + 1):
            yield _Unit(path[:depth], heading, page, is_row=True)
        for span in passage.sentences:
            boxes = boxes_of(passage, span.start, span.end)
            page = boxes[0].page if boxes else next(iter(passage.pages), None)
            text = passage.text[span.start : span.end]
            yield _Unit(passage.section, text, page, passage.kind in _ROWS)


def new_headings(before: Sequence[str], path: tuple[str, ...]) -> tuple[str, ...]:
    """Return what of a heading path is new after the one before it."""
    pairs = zip(before, path, strict=False)
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return path[common:]


def _pair(old: Sequence[_Unit], new: Sequence[_Unit]) -> dict[int, int]:
    """Pair units of equal text, first within their section, then wherever they are left."""
    partners: dict[int, int] = {}
    taken: set[int] = set()
    keys: tuple[Callable[[_Unit], Hashable], ...] = (
        lambda unit: (unit.section, unit.bare),
        lambda unit: unit.bare,
    )
    for key in keys:
        free: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for at, unit in enumerate(new):
            if at not in taken:
                free[key(unit)].append(at)
        for at, unit in enumerate(old):
            if at not in partners and (places := free.get(key(unit))):
                partners[at] = places.popleft()
                taken.add(partners[at])
    return partners


def _runs(units: Sequence[_Unit], places: Sequence[int | None]) -> list[_Run]:
    """Gather units without a place in the new reading, by section and by the unit before them."""
    lonely: list[tuple[int, _Unit]] = []
    anchor = -1
    for unit, place in zip(units, places, strict=True):
        if place is None:
            lonely.append((anchor, unit))
        else:
            anchor = place
    grouped = groupby(lonely, key=lambda pair: (pair[0], pair[1].section))
    return [_Run(at, tuple(unit for _, unit in pairs)) for (at, _), pairs in grouped]


def _changes(gone: Sequence[_Run], come: Sequence[_Run]) -> Iterator[Change]:
    """Bring together what went and what came at the same place."""
    went: defaultdict[int, list[_Run]] = defaultdict(list)
    for run in gone:
        went[run.anchor].append(run)
    came: defaultdict[int, list[_Run]] = defaultdict(list)
    for run in come:
        came[run.anchor].append(run)
    for anchor in sorted({*went, *came}):
        yield from _at_one_place(went[anchor], came[anchor])


def _at_one_place(went: list[_Run], came: list[_Run]) -> Iterator[Change]:
    """Pair runs of the same section; what is left on both sides is a section renamed."""
    old_by_section = {run.section: run for run in went}
    pairs = {id(new): old_by_section.pop(new.section, None) for new in came}
    unpaired = [new for new in came if pairs[id(new)] is None]
    left = list(old_by_section.values())
    if len(left) == len(unpaired):
        pairs.update((id(new), old) for new, old in zip(unpaired, left, strict=True))
        left = []
    for new in came:
        old, page = pairs[id(new)], new.units[0].page
        if old is None:
            yield Change("neu", new.section, "", new.text, page)
        elif old.bare != new.bare:
            yield Change("geändert", new.section, old.text, new.text, page)
    for old in left:
        yield Change("entfernt", old.section, old.text, "", old.units[0].page)
