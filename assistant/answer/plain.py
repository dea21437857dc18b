"""Plain language out of verbatim quotes: simpler sentences first, words explained. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answer.units import Run, Unit, leans, unit_text
from assistant.query.expansion import read, short_forms
from assistant.types import Answer
from corpus.catalogue import Glossary
from corpus.german import Analyser
from corpus.types import Passage

# What makes reading as hard as so many words more.
CLAUSE_WORDS = 3
LONG_WORD_WORDS = 2
# Letters from which a word counts as a long compound.
LONG = 14
# Units whose scores are this close are equally good; a score is about 2 at most. On dev, together
# with HARD: 16.7 words a sentence instead of 17.0 (95 % interval of the difference -0.5 to -0.2),
# 0.58 subordinate clauses instead of 0.59, vital nuggets 0.853 instead of 0.856 (-0.016 to 0.011),
# citation precision 0.788 instead of 0.794 (-0.018 to 0.003). With 0.1 both fall by 0.01.
# python -m tests.bench.sentences --plain
EQUAL = 0.05
# A neighbour harder than this isn't quoted for the sake of reading well, in words. 34 costs
# nothing that can be measured; 30 costs 0.012 of the vital nuggets (0.003 to 0.031).
HARD = 34
# Explanations take room from the answer.
MAX_EXPLAINED = 2

_WORD = re.compile(r"\w[\w-]*")
_CLAUSE = re.compile(
    r", (?:(?:in|an|auf|mit|für|bei|aus|von|zu|durch|über|unter|nach) )?"
    r"(?:dass|weil|wenn|ob|obwohl|während|nachdem|bevor|sodass|damit|indem|sobald|sofern|falls"
    r"|da|bis|wer|was|wie|wo\w*|um|ohne|statt|d(?:er|ie|as|em|en|enen|eren|essen)|welche\w?)\b"
    r"|;| – |\("
)
_HEAD = re.compile(
    r"^(?:(?:Der|Die|Das|Ein|Eine|Unter) )?"
    r"(?P<head>(?=[A-ZÄÖÜ])(?:[\w.-]+ ){0,3}?[\w.-]+)(?: \([^)]*\))?"
    r"(?:: | (?:ist|sind|bedeutet|bezeichnet|heißt|meint|umfasst|beschreibt|steht für"
    r"|versteht man)\b)"
)


def load(text: str) -> int:
    """Return how hard a sentence is to read, in words: clauses and compounds count as some."""
    words = _WORD.findall(text)
    return len(words) + CLAUSE_WORDS * clauses(text) + LONG_WORD_WORDS * sum(map(is_long, words))


def clauses(text: str) -> int:
    """Count what hangs on a main clause: subordinate clauses, insertions, second halves."""
    return len(_CLAUSE.findall(text))


def is_long(word: str) -> bool:
    """Tell whether a word is a long compound; one with a hyphen is as long as its longest part."""
    return max(map(len, word.split("-"))) >= LONG


def simplest_first(units: Sequence[Unit]) -> list[Unit]:
    """Return the units, best first; of equally good ones the simpler first."""
    best = max((unit.score for unit in units), default=0.0)
    return sorted(
        units,
        key=lambda u: (
            int((best - u.score) / EQUAL),
            load(u.text),
            -u.score,
            u.passage.id,
            u.index,
        ),
    )


def pared(run: Run, unit: Unit) -> Run:
    """Leave out hard sentences at the ends of a run.

    The unit that answers stays, and so does what it leans on. Lists and tables stay whole.
    """
    passage, first, last = run.passage, run.first, run.last
    if passage.kind in ("list", "table"):
        return run
    while last > unit.index and _is_hard(passage, last):
        last -= 1
    while (
        first < unit.index and _is_hard(passage, first) and not leans(unit_text(passage, first + 1))
    ):
        first += 1
    return replace(run, first=first, last=last)


def terms_of(
    texts: Sequence[str], analyser: Analyser, glossary: Glossary
) -> tuple[tuple[str, str], ...]:
    """Return the short forms that the texts use and don't write out, each with its long form.

    One that may mean something else here is left out: a wrong explanation is worse than none.
    """
    text = " ".join(texts)
    stems = set(analyser.analyse(text).words)
    found: dict[str, str] = {}
    for typed, entry in short_forms(text, analyser, glossary):
        if typed not in entry.short_forms:
            continue
        reading = read(typed, entry, text, analyser) if entry.other_readings else None
        long_form = entry.long_form if reading is None else reading.taken
        sure = reading is None or reading.is_sure
        if sure and long_form and not stems.issuperset(analyser.analyse(long_form).words):
            found[typed] = long_form
    return tuple(found.items())


def explained(answer: Answer, analyser: Analyser, glossary: Glossary) -> Answer:
    """Return the answer as one in plain language, with its short forms explained."""
    texts = [segment.text for segment in answer.segments]
    return replace(answer, plain=True, terms=terms_of(texts, analyser, glossary))


def definitions(
    runs: Sequence[Run], passages: Iterable[Passage], analyser: Analyser, glossary: Glossary
) -> list[Run]:
    """Return sentences of glossary passages that define a term which the runs use.

    Short forms that the built-in glossary writes out are left to ``terms_of``; a term that the
    runs define themselves isn't explained again.
    """
    texts = [unit_text(run.passage, index) for run in runs for index in run.indexes]
    used = set(analyser.analyse(" ".join(texts)).words)
    known = {_head_stems(text, analyser) for text in texts}
    found: list[Run] = []
    for passage in passages:
        for index in range(len(passage.sentences)):
            text = unit_text(passage, index)
            head, stems = _head(text), _head_stems(text, analyser)
            if not stems or stems in known or not used.issuperset(stems):
                continue
            if glossary.abbreviation(head) is None:
                known.add(stems)
                found.append(Run(passage, index, index, 0.0))
    return found[:MAX_EXPLAINED]


def _is_hard(passage: Passage, index: int) -> bool:
    return load(unit_text(passage, index)) > HARD


def _head(text: str) -> str:
    """Return the term that a sentence defines; empty when it defines none."""
    found = _HEAD.match(text)
    return found["head"] if found else ""


def _head_stems(text: str, analyser: Analyser) -> frozenset[str]:
    return frozenset(analyser.analyse(_head(text)).words)
