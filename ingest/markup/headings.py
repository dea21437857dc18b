"""Ranks of headings that are only set in bold, and the title among the headings. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.blocks import Block

_MAX_IN_A_ROW = 2  # more bold lines after each other are a title page or an address
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\.?\s+\D")
_WORKSHOP = re.compile(r"\bWerkstatt\s+\d|\b\d{1,2}\.\s*Werkstatt\b")


def names_workshop(heading: str) -> bool:
    """Tell whether a heading opens a workshop: "3. Werkstatt: …", "Werkstatt 3"."""
    return _WORKSHOP.search(heading) is not None


def ranked(blocks: Sequence[Block]) -> list[Block]:
    """Put headings of level 0, set in bold only, one level below the last real heading.

    Numbers rank them among each other: "3.1" stands below "3.".
    """
    lost = _heading_nothing(blocks)
    result: list[Block] = []
    real = base = base_depth = 0
    for at, block in enumerate(blocks):
        if at in lost:
            result.append(replace(block, kind="paragraph"))
        elif block.kind != "heading":
            result.append(block)
        else:
            number = _NUMBER.match(block.text)
            depth = number[1].count(".") + 1 if number else 0
            step = depth - base_depth if depth and base_depth else 1
            level = block.level or max(real + 1, base + step)
            if block.level:
                real = level
            if block.level or depth:
                base, base_depth = level, depth
            result.append(replace(block, level=level))
    return result


def _heading_nothing(blocks: Sequence[Block]) -> set[int]:
    """Return the places of bold lines that head nothing: the last, or many in a row."""
    lost: set[int] = set()
    run: list[int] = []
    for at, block in enumerate([*blocks, Block("paragraph", "")]):
        if block.kind == "heading" and not block.level:
            run.append(at)
            continue
        if len(run) > _MAX_IN_A_ROW or at == len(blocks):
            lost.update(run)
        run = []
    return lost


def without_title(blocks: Sequence[Block], title: str) -> tuple[str, tuple[Block, ...]]:
    """Return the title and the blocks without it: it is no chapter, unless it names a workshop.

    Where no title is stated, a single heading of the first rank, before all others, is it.
    """
    headings = [block for block in blocks if block.kind == "heading"]
    if not headings:
        return title, tuple(blocks)
    first = headings[0]
    alone = first.level == 1 and all(heading.level > 1 for heading in headings[1:])
    title = title or (first.text if alone else "")
    if not alone or names_workshop(first.text) or title.casefold() != first.text.casefold():
        return title, tuple(blocks)
    return title, tuple(block for block in blocks if block is not first)
