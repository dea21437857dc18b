"""Two passages that say the same with other figures: both are shown, side by side. Pure.

On the starter collection, whose texts agree, the rule finds nothing in 431 questions (dev); every
looser one found figures of different things.
"""

import re
from collections.abc import Sequence
from itertools import combinations

from assistant.answer.demands import quantities
from assistant.answer.terms import Term, bag, match
from assistant.answer.units import Run, Unit, unit_text
from corpus.german import Analyser

# Share of all their words that two statements of one matter have in common.
SAME_MATTER = 0.6
# Units beside the best that are compared with what is quoted.
COMPARED = 12

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MEASURE = re.compile(r"\s*(?:(?:Mio\.|Mrd\.|Millionen|Milliarden) )?(?:€|Euro|%|Prozent|m²)")
_COUNTED = re.compile(r"(?:\s+[a-zäöüß]+)?\s+(?P<noun>[A-ZÄÖÜ]\w+)")
_DAY = re.compile(r"\b\d{1,2}\. ?(?:[A-ZÄÖÜ]\w+|\d{1,2}\.) ?(?:19|20)\d\d\b")

Claims = dict[str, frozenset[str]]
"""By what is counted or measured: the figures that a sentence gives for it."""


def other_statement(
    asked: Sequence[Term], runs: Sequence[Run], units: Sequence[Unit], analyser: Analyser
) -> Unit | None:
    """Return the best unit that contradicts what is quoted and isn't quoted itself."""
    for unit in units[:COMPARED]:
        if any(unit in run for run in runs):
            continue
        for run in runs:
            texts = (unit_text(run.passage, index) for index in run.indexes)
            if any(contradict(asked, text, unit.text, analyser) for text in texts):
                return unit
    return None


def differing(
    asked: Sequence[Term], runs: Sequence[Run], analyser: Analyser
) -> tuple[tuple[int, int], ...]:
    """Return which of the runs contradict each other, by their places from 0."""
    texts = [[unit_text(run.passage, index) for index in run.indexes] for run in runs]
    return tuple(
        (first, second)
        for first, second in combinations(range(len(runs)), 2)
        if any(
            contradict(asked, one, other, analyser)
            for one in texts[first]
            for other in texts[second]
        )
    )


def contradict(asked: Sequence[Term], one: str, other: str, analyser: Analyser) -> bool:
    """Tell whether two sentences give other figures for the same thing.

    They do when both have the question's rarest word and most of all their words, speak of the
    same years where both name some, and count or measure the same with other figures.
    """
    words, others = bag(one, analyser), bag(other, analyser)
    content = [term for term in asked if not term.light and term.known]
    rare = max(content, key=lambda term: term.weight, default=None)
    if rare is None or not (match(rare, words) and match(rare, others)):
        return False
    said, said_too = (_plain(text, analyser) for text in (one, other))
    if len(said & said_too) < SAME_MATTER * len(said | said_too):
        return False
    mine, theirs = claims(one, analyser), claims(other, analyser)
    days = "Tag" in mine and "Tag" in theirs
    years, years_too = set(_YEAR.findall(one)), set(_YEAR.findall(other))
    if years and years_too and years != years_too and not days:
        return False
    return any(not mine[what] & theirs[what] for what in mine.keys() & theirs.keys())


def claims(text: str, analyser: Analyser) -> Claims:
    """Return the figures of a sentence by what they count or measure; days under "Tag"."""
    found: dict[str, set[str]] = {}
    for figure in quantities(text):
        rest = text[figure.end() :]
        measure, counted = _MEASURE.match(rest), _COUNTED.match(rest)
        if measure:
            found.setdefault(" ".join(measure[0].split()), set()).add(figure[0].casefold())
        elif counted and (stems := analyser.analyse(counted["noun"]).words):
            found.setdefault(stems[0], set()).add(figure[0].casefold())
    for day in _DAY.finditer(text):
        found.setdefault("Tag", set()).add(day[0])
    return {what: frozenset(figures) for what, figures in found.items()}


def _plain(text: str, analyser: Analyser) -> frozenset[str]:
    """Return the words of a text without figures and dates."""
    words = bag(_DAY.sub(" ", text), analyser).words
    return frozenset(word for word in words if not word[:1].isdigit())
