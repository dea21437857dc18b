"""Hits -> the sentences, list items and table rows that answer, verbatim and in good order."""

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.answer.compose import alike, arranged, stands_alone, widened
from assistant.answer.forms import FACTS, LISTS, Form, fit, wanted
from assistant.answer.plain import pared, simplest_first
from assistant.answer.terms import Bag, Term, bag, match
from assistant.answer.units import Run, Unit, lead_in, unit_text
from assistant.query.question import Query
from corpus.german import Analyser
from corpus.types import Document, Hit

__all__ = ["PASSAGES", "Run", "Unit", "select", "weigh"]

# Passages whose units are weighed.
PASSAGES = 10
# Weights of a unit's score, chosen on the dev split of the golden set so that neither half of it
# (even, odd ids) does better with others: python -m tests.bench.sentences. The cosine of sentence
# and question adds nothing to them: fitted by softmax regression on one half, the right quote
# comes first for 0.713 of the other with it, for 0.721 without.
COVERAGE = 1.0
PASSAGE = 1.0
# Without it vital nuggets fall from 0.856 to 0.815, citation precision from 0.794 to 0.739.
FORM = 0.25
# Of documents that say the same, the one whose title names the matter is the better source.
TITLE = 0.2
CONTEXT_SHARE = 0.7
# Catalogue and glossary name things; where a document says the same, its page is the better
# proof. Only of what a word means they are as good.
CATALOGUE = 0.9
_NAMING_CATEGORIES = ("Katalog", "Glossar")

# A further quote must come this close to the best one. Of those that do, half prove something;
# of those from elsewhere in the same document one in four, so these must come closer. 0.8 instead
# of 0.9 gives 0.867 of the vital nuggets instead of 0.856, in 89 words instead of 82.
RELATIVE = 0.9
SAME_DOCUMENT = 0.95
# In a passage that is quoted already it costs no further citation.
SAME_PASSAGE = 0.75
# A list that was asked for may come after the sentence that covers the words best.
RELATIVE_LIST = 0.75
# Of a question about several things, what answers the next of them.
RELATIVE_NOVEL = 0.6
# Share of the question's words that such a unit has and no quote before it.
NOVEL = 0.15
MAX_QUOTES = 2
MAX_QUOTES_OF_SEVERAL = 3
# Lists gathered for a question that asks for a list, and what the lines that lead in the further
# ones must cover of the question. On dev no figure of tests.bench.sentences moves.
MAX_LISTS = 3
LED = 0.7

Matches = tuple[float, ...]
"""How well a text holds each of the question's terms, 0 to 1."""

_NAMES_SEVERAL = re.compile(r",| und | oder | sowie | / | vs\b| bzw")
_OF_SEVERAL: frozenset[Form] = FACTS | {"comparison", "list"}


def weigh(
    query: Query,
    asked: Sequence[Term],
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
    analyser: Analyser,
) -> list[Unit]:
    """Return all units of the hits, best first. ``documents`` by id."""
    # A question none of whose words is known finds passages that all score 0.
    best = (hits[0].score if hits else 0.0) or 1.0
    forms = wanted(query)
    units = [
        unit
        for hit in hits
        for unit in _weighed(
            forms, asked, hit, hit.score / best, documents[hit.passage.document], analyser
        )
    ]
    return sorted(units, key=lambda u: (-u.score, u.passage.id, u.index))


def select(query: Query, units: Sequence[Unit], *, plain: bool = False) -> list[Run]:
    """Choose the units that answer: the best, what adds to it, and what belongs to them.

    A sentence that leans on one that can't be quoted with it is passed over, as long as there is
    another. In ``plain`` language the simpler of equally good units come first.
    """
    forms = wanted(query)
    if plain:
        units = simplest_first(units)
    several = bool(forms & _OF_SEVERAL and _NAMES_SEVERAL.search(query.asked or query.text))
    most = MAX_QUOTES_OF_SEVERAL if several else MAX_QUOTES
    shares = {(u.passage.id, u.index): u.shares for u in units}
    chosen: list[tuple[Unit, Run]] = []
    for unit in units:
        if chosen and unit.score < RELATIVE_NOVEL * chosen[0][0].score:
            break
        run = pared(widened(forms, unit), unit) if plain else widened(forms, unit)
        runs = [other for _, other in chosen]
        if not stands_alone(run) or any(unit in other for other in runs):
            continue
        if chosen and not _adds(unit, run, chosen, forms, most):
            continue
        novel = several and _gain(unit, runs, shares) >= NOVEL
        if chosen and unit.score < _needed(run, runs, forms, novel=novel) * chosen[0][0].score:
            continue
        chosen.append((unit, run))
        if run.is_list:
            break  # a list is an answer of its own
    if "list" in forms and chosen and chosen[-1][1].is_list:
        chosen += _further_lists(forms, units, chosen)
    return arranged([run for _, run in chosen] or [widened(forms, u) for u in units[:1]])


def _weighed(
    forms: frozenset[Form],
    asked: Sequence[Term],
    hit: Hit,
    passage_score: float,
    document: Document,
    analyser: Analyser,
) -> Iterator[Unit]:
    passage = hit.passage
    title = _matches(asked, bag(document.title, analyser))
    way = " ".join((document.title, passage.workshop_title, *passage.section))
    context = _matches(asked, bag(way, analyser))
    around = PASSAGE * passage_score + TITLE * _cover(asked, title)
    only_names = document.category in _NAMING_CATEGORIES and "definition" not in forms
    own: list[Matches] = []
    for index in range(len(passage.sentences)):
        text = unit_text(passage, index)
        words = bag(text, analyser)
        own.append(_matches(asked, words))
        lead = lead_in(passage, index)
        behind = context if lead is None else tuple(map(max, context, own[lead]))
        cover = _cover(asked, own[index], behind)
        formed = fit(
            forms,
            asked,
            text,
            words,
            in_list=lead is not None,
            is_sentence=passage.kind not in ("table", "list"),
        )
        score = COVERAGE * cover + FORM * formed + around
        yield Unit(
            passage=passage,
            index=index,
            score=score * CATALOGUE if only_names else score,
            cover=cover,
            words=words,
            shares=_shares(asked, own[index]),
            lead_cover=0.0 if lead is None else _cover(asked, own[lead], context),
        )


def _matches(asked: Sequence[Term], words: Bag) -> Matches:
    return tuple(match(term, words) for term in asked)


def _cover(asked: Sequence[Term], own: Matches, behind: Matches = ()) -> float:
    """Return the weighted share of the terms that match; what only stands behind counts less."""
    total = sum(term.weight for term in asked)
    if not total:
        return 0.0
    best = [max(a, CONTEXT_SHARE * b) for a, b in zip(own, behind, strict=True)] if behind else own
    return sum(t.weight * got for t, got in zip(asked, best, strict=True)) / total


def _shares(asked: Sequence[Term], own: Matches) -> tuple[float, ...]:
    """Return what a text has of each content word of the question."""
    total = sum(term.weight for term in asked)
    matter = ((t, got) for t, got in zip(asked, own, strict=True) if not t.light)
    return tuple(t.weight * got / total for t, got in matter)


def _adds(
    unit: Unit,
    run: Run,
    chosen: Sequence[tuple[Unit, Run]],
    forms: frozenset[Form],
    most: int,
) -> bool:
    """Tell whether a further unit says something, something else, and has room."""
    passages = {other.passage.id for _, other in chosen}
    if run.passage.id not in passages and len(passages) >= most:
        return False
    if unit.text.endswith("?") and "questions" not in forms:
        return False
    return not any(alike(unit, first) for first, _ in chosen)


def _further_lists(
    forms: frozenset[Form], units: Sequence[Unit], chosen: Sequence[tuple[Unit, Run]]
) -> list[tuple[Unit, Run]]:
    """Return lists of other sections that answer as well: hurdles are named in more than one."""
    best, found = chosen[0][0].score, list[tuple[Unit, Run]]()
    for unit in units:
        if len(found) == MAX_LISTS - 1 or unit.score < RELATIVE * best:
            break
        run = widened(forms, unit)
        own = unit.cover if unit.text.endswith(":") else unit.lead_cover
        taken = [*chosen, *found]
        if not run.is_list or own < LED or unit.text.endswith("?"):
            continue
        if any(unit in other or alike(unit, first) for first, other in taken):
            continue
        if stands_alone(run) and all(run.passage.id != o.passage.id for _, o in taken):
            found.append((unit, run))
    return found


def _needed(run: Run, chosen: Sequence[Run], forms: frozenset[Form], *, novel: bool) -> float:
    """Return the share of the best score from which a further run is worth its room."""
    if novel:
        return RELATIVE_NOVEL
    if any(run.passage.id == other.passage.id for other in chosen):
        return SAME_PASSAGE
    if forms & LISTS and run.is_list:
        return RELATIVE_LIST
    if any(run.passage.document == other.passage.document for other in chosen):
        return SAME_DOCUMENT
    return RELATIVE


def _gain(
    unit: Unit, chosen: Sequence[Run], shares: Mapping[tuple[str, int], tuple[float, ...]]
) -> float:
    """Return how much of the question's words a unit has that no run before has, 0 to 1."""
    before = [shares.get((run.passage.id, i), ()) for run in chosen for i in run.indexes]
    covered = [max(column) for column in zip(*filter(None, before), strict=True)]
    if not covered:
        return sum(unit.shares)
    return sum(
        (max(0.0, own - old) for own, old in zip(unit.shares, covered, strict=True)), start=0.0
    )
