"""Numbers that Word computes and doesn't store: "3." before a heading, "a)" in a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import _Element as Element

from ingest.loaders.numbering import numeral
from ingest.markup.word import Styles, find, tag, value

_RANKS = 9  # of a list, in Word
_MAX_PATTERN = 40  # characters
_FORMS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


@dataclass(frozen=True, slots=True)
class _Level:
    """How a rank of a list is numbered: "%1.%2" in decimals from ``start``."""

    format: str
    text: str
    start: int


class Numbering:
    """Counts the numbered paragraphs of a document as Word does; ask it in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._root = root
        self._counts: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def label(self, paragraph: Element) -> str | None:
        """Return a paragraph's number ("3.", "a)"), "" for a bullet, None outside of lists."""
        num_id, rank = self._place(paragraph)
        abstract = self._abstract.get(num_id)
        if abstract is None or rank not in self._levels[abstract]:
            return None
        levels = self._levels[abstract]
        counts = self._counts.setdefault(abstract, [None] * _RANKS)
        restart = self._restarts.get((num_id, rank))
        if restart is not None and (num_id, rank) not in self._restarted:
            self._restarted.add((num_id, rank))
            counts[rank] = restart
        else:
            before = counts[rank]
            counts[rank] = levels[rank].start if before is None else before + 1
        counts[rank + 1 :] = [None] * (_RANKS - 1 - rank)
        if levels[rank].format in ("bullet", "none"):
            return ""
        return self._written(levels, counts, rank)

    def _written(self, levels: dict[int, _Level], counts: list[int | None], rank: int) -> str:
        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            level = levels.get(at, levels[rank])
            count = counts[at]
            return numeral(level.start if count is None else count, _FORMS.get(level.format, "1"))

        return re.sub("%([1-9])", number, levels[rank].text).strip()

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """Return the list a paragraph belongs to, and its rank in it from 0."""
        own = self._styles.sought(paragraph, "pPr/numPr")
        num_id = value(self._styles.sought(paragraph, "pPr/numPr/numId")) if own is not None else ""
        stated = value(find(own, "ilvl"))
        if stated and stated in "012345678":
            return num_id, int(stated)
        names = [value(style, "styleId") for style in self._styles.of(paragraph)]
        ranks = (self._by_style.get((num_id, name)) for name in names)
        return num_id, next((rank for rank in ranks if rank is not None), 0)

    def _nums(self) -> Iterator[tuple[str, Element]]:
        for num in () if self._root is None else self._root.findall(tag("num")):
            yield value(num, "numId"), num

    @cached_property
    def _abstracts(self) -> dict[str, Element]:
        found = [] if self._root is None else self._root.findall(tag("abstractNum"))
        return {value(abstract, "abstractNumId"): abstract for abstract in found}

    @cached_property
    def _abstract(self) -> dict[str, str]:
        """The pattern each list follows; one may point to a style that names the list."""
        plain = {num_id: value(find(num, "abstractNumId")) for num_id, num in self._nums()}
        followed = {}
        for num_id, abstract in plain.items():
            link = value(find(self._abstracts.get(abstract), "numStyleLink"))
            styles = self._styles.chain(link)
            linked = value(find(styles[0], "pPr/numPr/numId")) if styles else ""
            followed[num_id] = plain.get(linked, abstract)
        return {n: abstract for n, abstract in followed.items() if abstract in self._abstracts}

    @cached_property
    def _levels(self) -> dict[str, dict[int, _Level]]:
        return {id: dict(_levels(abstract)) for id, abstract in self._abstracts.items()}

    @cached_property
    def _by_style(self) -> dict[tuple[str, str], int]:
        return {
            (num_id, value(find(level, "pStyle"))): _integer(value(level, "ilvl"), 0)
            for num_id, abstract in self._abstract.items()
            for level in self._abstracts[abstract].findall(tag("lvl"))
        }

    @cached_property
    def _restarts(self) -> dict[tuple[str, int], int]:
        return {
            (num_id, _integer(value(override, "ilvl"), 0)): _integer(value(start), 1)
            for num_id, num in self._nums()
            for override in num.findall(tag("lvlOverride"))
            if (start := find(override, "startOverride")) is not None
        }


def _levels(abstract: Element) -> Iterator[tuple[int, _Level]]:
    for level in abstract.findall(tag("lvl")):
        rank = _integer(value(level, "ilvl"), 0)
        if rank < _RANKS:
            text = value(find(level, "lvlText"))[:_MAX_PATTERN]
            start = _integer(value(find(level, "start")), 1)
            yield rank, _Level(value(find(level, "numFmt")) or "decimal", text, start)


def _integer(text: str, default: int) -> int:
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else default
