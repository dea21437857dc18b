"""A chosen unit -> the run that reads well around it; runs -> the order of an answer. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer.forms import Form, contradicts, turns
from assistant.answer.units import Run, Unit, continues, gap, lead_in, leans, unit_text
from corpus.types import Passage

# A list comes whole when its lead-in covers so much of what its best item covers; else the item
# alone answers, and the rest of the list is about other things.
LIST_SHARE = 0.5
# Two units say the same when the shorter one shares this much of its words.
SAME = 0.7
# Sentences of a run: the one that answers and its neighbours in the paragraph, so that the quote
# reads on its own. 2, 3 and 4 prove 0.841, 0.852 and 0.856 of the vital nuggets in 74, 81 and 82
# words (python -m tests.bench.sentences); half of the paragraphs have three sentences.
MAX_SENTENCES = 4
MAX_ITEMS = 12
# A small table is quoted whole from its head row down to the row that answers.
MAX_TABLE_CHARS = 700
# Two places of a passage are one quote when so many units lie between them, or fewer. A quote
# without a hole is easier to read, and 0.79 of 1.29 quotes prove something, not 0.76 of 1.44.
BRIDGED = 3

_STEP = re.compile(r"\d+[.)] ")
_WITH_LISTS: frozenset[Form] = frozenset(("list", "procedure", "open", "definition"))


def widened(forms: frozenset[Form], unit: Unit) -> Run:
    """Return what is quoted where a unit answers: its list, its table's head, its neighbours."""
    passage, index = unit.passage, unit.index
    run = Run(passage, index, index, unit.score)
    if passage.kind == "table":
        return _with_head(run)
    if unit.text.endswith(":"):
        return _with_list(run, index)
    lead = lead_in(passage, index)
    about_list = unit.lead_cover >= LIST_SHARE * unit.cover or _is_step(forms, unit)
    if lead is not None and about_list and forms & _WITH_LISTS:
        return _with_list(replace(run, first=lead, last=lead), lead)
    return _with_neighbours(run)


def stands_alone(run: Run) -> bool:
    """Tell whether the run can be understood without what stands before it."""
    return not leans(unit_text(run.passage, run.first))


def alike(one: Unit, other: Unit) -> bool:
    """Tell whether one of two units says little that the other doesn't.

    With other numbers it isn't the same: the reader has to see both.
    """
    words, others = one.words.words, other.words.words
    shared, smaller = len(words & others), min(len(words), len(others))
    return smaller > 0 and shared >= SAME * smaller and not contradicts(one.text, other.text)


def arranged(runs: Sequence[Run]) -> list[Run]:
    """Put runs in reading order: what one document says stays together, the best first.

    Runs of a passage that lie close become one; within a passage the text's order holds.
    """
    merged: list[Run] = []
    for run in runs:
        near = [other for other in merged if _close(run, other)]
        if near:
            whole = _together((*near, run))
            merged = [whole if r is near[0] else r for r in merged if r not in near[1:]]
        else:
            merged.append(run)
    documents = [run.passage.document for run in merged]
    passages = [run.passage.id for run in merged]
    return sorted(
        merged,
        key=lambda r: (
            documents.index(r.passage.document),
            passages.index(r.passage.id),
            r.first,
        ),
    )


def _close(run: Run, other: Run) -> bool:
    near = run.first <= other.last + 1 + BRIDGED and run.last >= other.first - 1 - BRIDGED
    return run.passage.id == other.passage.id and near


def _together(runs: Sequence[Run]) -> Run:
    first, last = min(run.first for run in runs), max(run.last for run in runs)
    return replace(runs[0], first=first, last=last)


def _with_neighbours(run: Run) -> Run:
    """Take in sentences of the paragraph: those the first leans on, then after, then before."""
    first, last, passage = run.first, run.last, run.passage
    while (
        last - first + 1 < MAX_SENTENCES
        and leans(unit_text(passage, first))
        and continues(passage, first)
    ):
        first -= 1
    while last - first + 1 < MAX_SENTENCES and _goes_on(passage, last + 1):
        last += 1
    if last - first + 1 < MAX_SENTENCES and continues(passage, first):
        first -= not turns(unit_text(passage, first - 1))
    return replace(run, first=first, last=last)


def _goes_on(passage: Passage, index: int) -> bool:
    """Tell whether a sentence goes on with what the one before says; questions may be a series."""
    if not continues(passage, index):
        return False
    return not turns(unit_text(passage, index)) or unit_text(passage, index - 1).endswith("?")


def _is_step(forms: frozenset[Form], unit: Unit) -> bool:
    """Tell whether it is one step of several where the way to go is asked for."""
    return "procedure" in forms and bool(_STEP.match(unit.text))


def _with_list(run: Run, lead: int) -> Run:
    last = lead
    while (
        last + 1 < len(run.passage.sentences)
        and last - lead < MAX_ITEMS
        and (last == lead or gap(run.passage, last + 1) in ("\n", " "))
    ):
        last += 1
    return replace(run, last=last)


def _with_head(run: Run) -> Run:
    """Quote a table from its caption or head row on when that isn't too much."""
    spans = run.passage.sentences
    if spans[run.last].end - spans[0].start <= MAX_TABLE_CHARS:
        last = run.last
        if last == 0 or "\t" not in unit_text(run.passage, last):
            last = len(spans) - 1 if spans[-1].end <= MAX_TABLE_CHARS else min(2, len(spans) - 1)
        return replace(run, first=0, last=last)
    return run
