"""A question about several things -> one side for each, with the best piece of evidence. Pure.

Asked across the workshops ("In welchen Werkstätten ging es um Sicherheit?"), about some of them
("Vergleich Werkstatt 1 und 3"), or about words ("Unterschied zwischen Wille und Wunsch"). Each
side is searched for on its own: among the hits of the whole question the loudest side is heard.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answer.compose import stands_alone, widened
from assistant.answer.forms import Form, defines, wanted
from assistant.answer.terms import IN_COMPOUND, Term, bag, coverage, match
from assistant.answer.units import Run, Unit, unit_text
from assistant.query.question import Query
from assistant.types import Refusal
from corpus.german import Analyser
from corpus.types import Scope, Workshop

Kind = Literal["overview", "workshops", "words"]

# Passages searched for each side.
PER_SIDE = 5
# A workshop has spoken of the matter when a unit, with its headings, covers so much of it; a word
# that only begins alike (0.7) is not enough.
MATTER_SHARE = 0.8
CONTEXT_SHARE = 0.85
# Letters that an ending may have, and those a word keeps without it.
ENDING = 2
MIN_BEGINNING = 4
# More words than these are a list to explain, not things to set side by side.
MAX_WORDS = 4
# Side by side as long as the columns stay wide enough to read.
MAX_COLUMNS = 3

_SPEAKING = re.compile(
    r"(?:an|be)?(?:ge)?sproch|(?:an|be)?sprech|behandel|thematisier|diskutier|erwähn|befass|erörter"
    r"|ging|geht|gehen|vorkomm|kam|kommt|thema|themen",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"unterschied|unterscheid|vergleich|gegenüber|gemeinsam|liegt|besteht|versus|vs", re.IGNORECASE
)
_BESIDE = (
    r"(?:und|oder|vs\.?|versus|von|gegenüber|zu|im Vergleich zu)\s+(?:d\w\w\s+|eine[mrn]?\s+)?"
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that a question sets side by side."""

    heading: str
    text: str
    """What is searched for."""
    scope: Scope
    word: Term | None = None
    """The word it is about; None for a workshop."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What a question asks about one by one."""

    kind: Kind
    sides: tuple[Side, ...]
    matter: tuple[Term, ...] = ()
    """What is asked of each workshop; empty when they are only named."""
    missing: tuple[int, ...] = ()
    """Workshops asked about of which nothing has been read in."""


def sides(
    query: Query, asked: Sequence[Term], workshops: Sequence[Workshop], documented: Collection[int]
) -> Sides | None:
    """Return the sides of a question; None where it asks about one thing.

    ``documented`` are the numbers of the workshops that have been read in.
    """
    forms = wanted(query)
    if query.scope:
        return None
    if query.several or "overview" in forms:
        numbers = query.several or tuple(workshop.number for workshop in workshops)
        about = [w for w in workshops if w.number in numbers and w.number in documented]
        if not about:
            return None
        matter = tuple(_matter(asked, [w for w in workshops if w.number in query.several]))
        return Sides(
            "workshops" if query.several else "overview",
            tuple(
                Side(
                    _heading(workshop),
                    query.text if matter else f"{_heading(workshop)} {workshop.town}",
                    Scope(workshop=workshop.number),
                )
                for workshop in about
            ),
            matter,
            tuple(number for number in numbers if number not in documented),
        )
    words = [term for term in asked if not term.light and not _COMPARING.match(term.word)]
    if "comparison" not in forms or not _are_beside(words, query.text):
        return None
    return Sides("words", tuple(Side(t.word, t.word, query.scope, t) for t in words))


def answers(
    asked: Sides, units: Sequence[Unit], forms: frozenset[Form], analyser: Analyser
) -> dict[Side, Run]:
    """Return each side's best piece of evidence; sides that have none are left out.

    ``units`` come best first.
    """
    found = {}
    for side in asked.sides:
        if asked.kind == "words":
            candidates = _defining(side, units)
        else:
            candidates = _of_workshop(side, asked.matter, units, analyser)
        runs = (_quoted(unit, forms, alone=asked.kind == "overview") for unit in candidates)
        if run := next(filter(stands_alone, runs), None):
            found[side] = run
    return found


def joined(
    asked: Sides, found: Mapping[Side, Run], runs: Sequence[Run], analyser: Analyser
) -> list[Run]:
    """Return what is quoted: of workshops a piece of evidence each, of words what ``runs`` lack.

    Where no workshop says anything, ``runs`` stay.
    """
    if asked.kind != "words":
        return [found[side] for side in asked.sides if side in found] or list(runs)
    return [
        *runs,
        *(
            run
            for side, run in found.items()
            if not any(_has(side, other, analyser) for other in runs)
        ),
    ]


def columns(
    asked: Sides, runs: Sequence[Run], analyser: Analyser
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return each side's heading and the places in ``runs`` of what is about it alone.

    Empty unless every side has something to set beside the others.
    """
    if asked.kind == "overview" or not 2 <= len(asked.sides) <= MAX_COLUMNS:
        return ()
    about = [[side for side in asked.sides if _has(side, run, analyser)] for run in runs]
    held = tuple(
        (side.heading, tuple(at for at, only in enumerate(about) if only == [side]))
        for side in asked.sides
    )
    return held if all(places for _, places in held) else ()


def lacking(asked: Sides, found: Collection[Side]) -> Refusal | None:
    """Say what is left open: workshops that say nothing of it, those not read in, words."""
    silent = [side.heading for side in asked.sides if side not in found]
    if asked.kind == "words":
        if not silent:
            return None
        named = ", ".join(f"„{word}“" for word in silent)
        return Refusal("not_in_corpus", f"Zu {named} allein fand sich nichts in den Unterlagen.")
    reasons = []
    if asked.kind == "overview" and not found:
        count = len(asked.sides)
        which = (
            "der eingelesenen Werkstatt" if count == 1 else f"den {count} eingelesenen Werkstätten"
        )
        reasons.append(
            f"In {which} fand sich dazu keine Stelle. Was folgt, stammt aus anderen Unterlagen."
        )
    elif asked.kind == "workshops" and silent:
        reasons.append(f"Dazu fand sich nichts in: {'; '.join(silent)}.")
        if not found:
            reasons.append("Was folgt, kommt der Frage am nächsten.")
    if asked.missing and (asked.kind == "workshops" or not found):
        reasons.append(f"Noch nicht eingelesen: {_numbered(asked.missing)}.")
    return Refusal("not_in_corpus", " ".join(reasons)) if reasons else None


def lead(asked: Sides, found: Collection[Side]) -> str:
    """Count honestly where an overview found something; empty for other questions."""
    if asked.kind != "overview" or not found:
        return ""
    numbers = sorted(side.scope.workshop or 0 for side in found)
    counted = (
        f"Belege dazu aus {len(found)} von {len(asked.sides)} eingelesenen Werkstätten: "
        f"{_numbered(numbers)}."
    )
    if not asked.missing:
        return counted
    return f"{counted} Noch nicht eingelesen: {_numbered(asked.missing)}."


def _heading(workshop: Workshop) -> str:
    name = f"Werkstatt {workshop.number}"
    return f"{name}: {workshop.theme}" if workshop.theme else name


def _numbered(numbers: Sequence[int]) -> str:
    """Name workshops by number, rows of them by both ends: "Werkstatt 1, 4 bis 10"."""
    rows: list[list[int]] = []
    for number in sorted(numbers):
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    listed = [
        f"{row[0]} bis {row[-1]}" if len(row) > 2 else ", ".join(map(str, row)) for row in rows
    ]
    return f"Werkstatt {', '.join(listed)}"


def _matter(asked: Sequence[Term], named: Sequence[Workshop]) -> Iterator[Term]:
    """Yield what is asked of the workshops: not how it was spoken of, nor their names."""
    names = {str(w.number) for w in named} | {w.town.casefold() for w in named if w.town}
    for term in asked:
        asks = _SPEAKING.match(term.word) or (named and _COMPARING.match(term.word))
        if not term.light and not asks and term.word.casefold() not in names:
            yield term


def _are_beside(words: Sequence[Term], text: str) -> bool:
    """Tell whether these few words stand beside each other in the question, and no others."""
    between = rf"\W+(?:{_BESIDE})?".join(re.escape(term.word) for term in words)
    return 2 <= len(words) <= MAX_WORDS and bool(re.search(between, text))


def _has(side: Side, run: Run, analyser: Analyser) -> bool:
    """Tell whether a quote is about a side."""
    if side.word is None:
        return run.passage.workshop == side.scope.workshop
    text = " ".join(unit_text(run.passage, index) for index in run.indexes)
    return match(side.word, bag(text, analyser)) >= IN_COMPOUND


def _of_workshop(
    side: Side, matter: Sequence[Term], units: Sequence[Unit], analyser: Analyser
) -> Iterator[Unit]:
    """Yield a workshop's units that speak of the matter; where only it is named, that name it."""
    own = [
        unit
        for unit in units
        if unit.passage.workshop == side.scope.workshop and not unit.text.endswith(("?", ":"))
    ]
    if not matter:
        names = side.heading.split(": ")
        yield from sorted(own, key=lambda u: -sum(name in u.text for name in names))
    for unit in own:
        heading = " ".join((unit.passage.workshop_title, *unit.passage.section))
        said = f"{unit.text} {heading}".casefold()
        share = coverage(matter, unit.words, bag(heading, analyser), CONTEXT_SHARE)
        if matter and share >= MATTER_SHARE and all(_begins(term.word) in said for term in matter):
            yield unit


def _begins(word: str) -> str:
    """Return a word without its ending: "gesichert" has the stem of "Sicherheit", not this."""
    return word.casefold()[: max(MIN_BEGINNING, len(word) - ENDING)]


def _defining(side: Side, units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield units that have the word, first those that say what it is."""
    word = side.word
    if word is None:
        return
    having = [u for u in units if match(word, u.words) >= IN_COMPOUND and not u.text.endswith("?")]
    yield from sorted(having, key=lambda u: -defines(u.text, [word], u.words))


def _quoted(unit: Unit, forms: frozenset[Form], *, alone: bool) -> Run:
    """Quote one sentence where one piece of evidence is enough and it can be read alone."""
    run = Run(unit.passage, unit.index, unit.index, unit.score)
    is_prose = unit.passage.kind not in ("table", "list")
    return run if alone and is_prose and stands_alone(run) else widened(forms, unit)
