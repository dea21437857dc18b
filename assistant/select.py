"""Hits -> the sentences, list items and table rows that answer, verbatim and in good order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.question import AnswerType, Query
from assistant.terms import EMPTY, Bag, Term, bag, coverage, match
from corpus.german import Analyser
from corpus.types import Document, Hit, Passage

# Passages whose units are weighed.
PASSAGES = 10
# Weights of a unit's score, chosen on the dev split of the golden set; see docs/evaluation.md.
COVERAGE = 1.0
PASSAGE = 1.0
TYPE = 0.15
# Of documents that say the same, the one whose title names the matter is the better source.
TITLE = 0.2
CONTEXT_SHARE = 0.7
# Where a document says the same as the catalogue, its page is the better proof.
CATALOGUE = 0.9
# A further unit must come this close to the best one.
RELATIVE = 0.85
# A fact needs fewer words around it: closer still.
RELATIVE_FACT = 0.92
# A list that was asked for may come after the sentence that covers the words best.
RELATIVE_LIST = 0.6
# A list comes whole when its lead-in covers so much of what its best item covers; else the item
# alone answers, and the rest of the list is about other things.
LIST_SHARE = 0.5
# Two units say the same when the shorter one shares this much of its words.
SAME = 0.7
MAX_RUNS = 3
# Sentences of a run: the one that answers and its neighbours in the paragraph, so that the
# quote reads on its own. Three instead of one raised the share of proven facts from 0.72 to 0.77.
MAX_SENTENCES = 3
MAX_ITEMS = 12
# Letters of an asked word that must stand before the verb of its definition.
MIN_DEFINED = 6
# A small table is quoted whole from its head row down to the row that answers.
MAX_TABLE_CHARS = 700

_WITH_LISTS: frozenset[AnswerType] = frozenset(("list", "procedure", "open", "definition"))
_FACTS: frozenset[AnswerType] = frozenset(("number", "date", "place", "person"))
_MONTH = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_NUMBER_WORDS = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|rund|etwa|hundert"
_SIGNS: dict[AnswerType, re.Pattern[str]] = {
    "number": re.compile(rf"\d|\b({_NUMBER_WORDS})\b"),
    "date": re.compile(rf"\b(19|20)\d\d\b|\b({_MONTH})\b|\b\d{{1,2}}\.\d{{1,2}}\."),
    "place": re.compile(r"\b(in|im|bei|aus|nach|Stadt|Ort\w*)\b [A-ZÄÖÜ„]"),
    "reason": re.compile(r"\b(weil|denn|deshalb|damit|wegen|Grund|Gründe|daher|darum|sodass)\b"),
}
_DEFINES = re.compile(
    r"\b(ist|sind|bedeutet|bezeichnet|heißt|meint|umfasst|beschreibt|steht für)\b"
    r"|\b(versteht|meint) man\b|\bwerden? .{0,60}verstanden\b"
)
# Words before the verb of a definition: "Ein Verfügungsfonds ist …", "Unter … versteht man …".
_DEFINED_WITHIN = 8
_ABOUT_ITSELF = re.compile(
    r"^(Das|Dieses) (Themenheft|Heft|Kapitel|Dokument)\b"
    r"|^(Der|Dieser) (Text|Überblick|Sammelband)\b"
)
_DANGLING = re.compile(
    r"^(Dies|Diese[mnrs]?|Dabei|Dafür|Dadurch|Damit|Daraus|Darin|Daher|Deshalb|Danach|Davon|Dazu"
    r"|Hier|Hierzu|Hierfür|Sie|Er|Ihre?[mnrs]?|Seine?[mnrs]?|Letztere[rs]?|Beide|Solche"
    r"|Dagegen|Dort|So|Dann|Das|Darüber)\b"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A citable unit of a hit, weighed."""

    passage: Passage
    index: int
    score: float
    cover: float
    words: Bag
    lead_cover: float = 0.0
    """What the line that leads in its list covers, where it is an item of one."""

    @property
    def text(self) -> str:
        """The unit, verbatim."""
        span = self.passage.sentences[self.index]
        return self.passage.text[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive units of one passage, quoted together."""

    passage: Passage
    first: int
    last: int
    score: float

    def __contains__(self, unit: Unit) -> bool:
        """Whether the unit is one of the run's or right beside it."""
        near = self.first - 1 <= unit.index <= self.last + 1
        return unit.passage.id == self.passage.id and near

    @property
    def indexes(self) -> range:
        """Indexes of its units in the passage."""
        return range(self.first, self.last + 1)

    @property
    def is_list(self) -> bool:
        """Whether a whole list was taken."""
        return self.passage.kind == "list" and self.last - self.first > 1


def weigh(
    query: Query,
    asked: Sequence[Term],
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
    analyser: Analyser,
) -> list[Unit]:
    """Return all units of the best hits, best first. ``documents`` by id."""
    best = hits[0].score if hits else 1.0
    units = [
        unit
        for hit in hits[:PASSAGES]
        for unit in _weighed(
            query, asked, hit, hit.score / best, documents[hit.passage.document], analyser
        )
    ]
    return sorted(units, key=lambda u: (-u.score, u.passage.id, u.index))


def select(query: Query, units: Sequence[Unit]) -> list[Run]:
    """Choose the units that answer: the best, what adds to it, and what belongs to them."""
    chosen: list[tuple[Unit, Run]] = []
    wants_list = bool(query.types & {"list", "procedure"})
    relative = RELATIVE_FACT if query.types & _FACTS else RELATIVE
    for unit in units:
        best = chosen[0][0].score if chosen else unit.score
        if len(chosen) == MAX_RUNS or unit.score < RELATIVE_LIST * best:
            break
        run = _widened(query, unit)
        if unit.score < relative * best and not (wants_list and run.is_list):
            continue
        if any(unit in other or _alike(unit.words, first.words) for first, other in chosen):
            continue
        if chosen and (_DANGLING.match(unit.text) or unit.text.endswith("?")):
            continue
        chosen.append((unit, run))
        if run.is_list:
            break  # a list is an answer of its own; a second one would say it again
    return _merged([run for _, run in chosen])


def _weighed(
    query: Query,
    asked: Sequence[Term],
    hit: Hit,
    passage_score: float,
    document: Document,
    analyser: Analyser,
) -> Iterator[Unit]:
    passage = hit.passage
    context = bag(
        " ".join((document.title, passage.workshop_title, *passage.section)),
        analyser,
    )
    about = coverage(asked, bag(document.title, analyser))
    for index, span in enumerate(passage.sentences):
        text = passage.text[span.start : span.end]
        words = bag(text, analyser)
        lead = _lead_in(passage, index)
        leading = EMPTY if lead is None else bag(_unit_text(passage, lead), analyser)
        cover = coverage(asked, words, context | leading, CONTEXT_SHARE)
        lead_cover = 0.0 if lead is None else coverage(asked, leading, context, CONTEXT_SHARE)
        fit = _fit(query, asked, passage, index, words)
        score = COVERAGE * cover + PASSAGE * passage_score + TYPE * fit + TITLE * about
        if document.category == "Katalog":
            score *= CATALOGUE
        yield Unit(passage, index, score, cover, words, lead_cover)


def _fit(query: Query, asked: Sequence[Term], passage: Passage, index: int, words: Bag) -> float:
    """Return how well the form of a unit fits the kind of answer, -2 to 1."""
    text = _unit_text(passage, index)
    if text.startswith("Quelle:"):
        return -2.0
    if text.endswith("?") or _ABOUT_ITSELF.match(text):
        return -1.0
    fits = [bool(pattern.search(text)) for kind, pattern in _SIGNS.items() if kind in query.types]
    if "definition" in query.types:
        fits.append(_defines(text, asked, words))
    if query.types & {"list", "procedure"}:
        fits.append(text.endswith(":") or _lead_in(passage, index) is not None)
    return sum(fits) / len(fits) if fits else 0.0


def _defines(text: str, asked: Sequence[Term], words: Bag) -> bool:
    """Tell whether the sentence says what the asked word is, rather than something about it."""
    verb = _DEFINES.search(text)
    if not verb or not any(match(term, words) for term in asked if not term.light):
        return False
    before = text[: verb.start()].casefold().split()
    start = " ".join(before[:_DEFINED_WITHIN])
    return len(before) <= _DEFINED_WITHIN and any(
        t.word.casefold()[:MIN_DEFINED] in start for t in asked if not t.light
    )


def _unit_text(passage: Passage, index: int) -> str:
    span = passage.sentences[index]
    return passage.text[span.start : span.end]


def _gap(passage: Passage, index: int) -> str:
    """Return what stands between a unit and the one before it."""
    before, span = passage.sentences[index - 1], passage.sentences[index]
    return passage.text[before.end : span.start]


def _list_start(passage: Passage, index: int) -> int | None:
    """Return the index of the first unit of the list this unit is an item of, if it is."""
    first = index
    while first > 0 and _gap(passage, first) in ("\n", " "):
        first -= 1
    last = index
    while last + 1 < len(passage.sentences) and _gap(passage, last + 1) in ("\n", " "):
        last += 1
    gaps = [_gap(passage, i) for i in range(first + 1, last + 1)]
    return first if "\n" in gaps else None


def _lead_in(passage: Passage, index: int) -> int | None:
    """Return the index of the line that leads in the list this unit is an item of."""
    if passage.kind != "list":
        return None
    first = _list_start(passage, index)
    if first and _unit_text(passage, first - 1).endswith(":"):
        return first - 1
    return None


def _widened(query: Query, unit: Unit) -> Run:
    passage, index = unit.passage, unit.index
    run = Run(passage, index, index, unit.score)
    if passage.kind == "table":
        return _with_head(run)
    if unit.text.endswith(":"):
        return _with_list(run, index)
    lead = _lead_in(passage, index)
    about_list = unit.lead_cover >= LIST_SHARE * unit.cover
    if lead is not None and about_list and query.types & _WITH_LISTS:
        return _with_list(replace(run, first=lead, last=lead), lead)
    return _with_neighbours(run)


def _with_neighbours(run: Run) -> Run:
    """Take in sentences of the same paragraph: one before if the first leans on it, then after."""
    first, last, passage = run.first, run.last, run.passage
    if _DANGLING.match(_unit_text(passage, first)) and _is_paragraph(passage, first):
        first -= 1
    while last - first + 1 < MAX_SENTENCES and _is_paragraph(passage, last + 1):
        if _opens(_unit_text(passage, last + 1)):
            break
        last += 1
    before = _is_paragraph(passage, first)
    if last - first + 1 < MAX_SENTENCES and before and not _opens(_unit_text(passage, first - 1)):
        first -= 1
    return replace(run, first=first, last=last)


def _is_paragraph(passage: Passage, index: int) -> bool:
    """Tell whether this unit and the one before it stand in one paragraph."""
    return 0 < index < len(passage.sentences) and _gap(passage, index) == " "


def _opens(text: str) -> bool:
    """Tell whether a sentence turns to something else: a question, a list, the booklet itself."""
    return text.endswith(("?", ":")) or bool(_ABOUT_ITSELF.match(text))


def _with_list(run: Run, lead: int) -> Run:
    last = lead
    while (
        last + 1 < len(run.passage.sentences)
        and last - lead < MAX_ITEMS
        and (last == lead or _gap(run.passage, last + 1) in ("\n", " "))
    ):
        last += 1
    return replace(run, last=last)


def _with_head(run: Run) -> Run:
    """Quote a table from its caption or head row on when that isn't too much."""
    spans = run.passage.sentences
    if spans[run.last].end - spans[0].start <= MAX_TABLE_CHARS:
        last = run.last
        if last == 0 or "\t" not in _unit_text(run.passage, last):
            last = len(spans) - 1 if spans[-1].end <= MAX_TABLE_CHARS else min(2, len(spans) - 1)
        return replace(run, first=0, last=last)
    return run


def _merged(runs: Sequence[Run]) -> list[Run]:
    """Join runs of a passage that touch; what one document says stays together, best first."""
    merged: list[Run] = []
    for run in runs:
        for at, other in enumerate(merged):
            if other.passage.id == run.passage.id and not (
                run.first > other.last + 1 or run.last < other.first - 1
            ):
                merged[at] = replace(
                    other, first=min(run.first, other.first), last=max(run.last, other.last)
                )
                break
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


def _alike(a: Bag, b: Bag) -> bool:
    """Tell whether one of two units says little that the other doesn't."""
    shared, smaller = len(a.words & b.words), min(len(a.words), len(b.words))
    return smaller > 0 and shared >= SAME * smaller
