"""Fused candidates -> reranked candidates: what kind of passage is it, and is it new? Pure.

Each step says what it did to the score, so that a ranking can be explained. Measured and left
out, because they gained nothing on the golden questions (dev) and cost up to 0.034 MRR@10 on
headings of laws: covered share of the question, best sentence, distance of the question's
words, neighbouring words, scores of neighbouring passages, match of the last heading.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.query.question import answer_types
from assistant.search.fuse import DIGITS
from corpus.library import Outline
from corpus.stopwords import STOP_WORDS

LIST_BONUS = 0.15
"""Share of its score that a list gains where the wording asks for several things or for steps.
On the golden questions (dev) recall@5 +0.007 [+0.001, +0.015], MRR@10 +0.012 [+0.003, +0.023],
both halves alike; 0.15 to 0.3 is a plateau. Headings of laws ask no such questions."""
FRONT_MALUS = 0.15
"""Share of its score that a document's beginning loses, before any heading: title page and
foreword repeat the title's words and say what is to come. On the golden questions (dev)
MRR@10 +0.003 [+0.001, +0.006], both halves alike; on 600 headings of laws nothing changes.
0.1 to 0.3 is a plateau."""
MODEL_SHARE = 0.5
"""What a cross-encoder counts against the score so far. Not measured, no German one was at
hand; a half is the start that retrieval.md (section 10) proposes for a model of one's own."""
MODEL_DEPTH = 30
"""Candidates a cross-encoder reads; the right passage is among the first 30 for 78 to 98 % of
questions (retrieval.md, section 6)."""
DEPTH = 10
"""Hits that shall say different things; what gives way follows right after them."""
SAME_SHARE = 0.6
"""Share of a passage's rows of three words that another one has, from which it says nothing
new, provided heading and numbers are the same. So defined, no evidence is lost (golden
questions, dev, and headings of laws: 0.000 in every figure); without the condition on headings
recall@10 on laws fell by 0.012 [-0.023, -0.003]."""
PER_DOCUMENT = 3
"""Hits of one document, or of one workshop within it, among the first ten where the question
asks across workshops. 30 such questions about the starter collection hear 4.7 documents among
ten hits instead of 4.1; none of the golden questions (dev) changes."""

Reason = Literal["list", "front", "model", "repeats", "crowded"]

_CACHED_HEADINGS = 1 << 14
_WORD = re.compile(r"\w+")
_SOURCES = (
    r"(?:Werkst(?:ä|ae|a)tten|Dokumentationen|(?:Themen)?hefte?n?|Dokumente?n?|Unterlagen|Texte?n?)"
)
_ACROSS = re.compile(
    rf"\b(?:welchen?|allen?|beiden?|mehreren?|verschiedenen?|einzelnen?|anderen?|zwischen(?: den)?)"
    rf"(?: (?:der|den|dieser|diesen|zehn))?(?: \w+en)? {_SOURCES}\b"
    r"|\bWerkstatt \d+ (?:und|oder|mit|von) (?:der )?(?:Werkstatt )?\d+\b",
    re.IGNORECASE,
)


class Reranker(Protocol):
    """What reranking needs of a cross-encoder."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each text answers the query, 0 to 1, shape (len(texts),)."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule did to a score."""

    reason: Reason
    points: float
    because: str = ""
    """Id of the better passage that says the same; empty for other reasons."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found, on its way to being a hit."""

    outline: Outline
    fused: float
    """Score of words and vectors."""
    steps: tuple[Step, ...] = ()

    @property
    def score(self) -> float:
        """Score of words and vectors and all steps since."""
        return round(self.fused + sum(step.points for step in self.steps), DIGITS)


def rerank(
    query: str, candidates: Sequence[Candidate], reranker: Reranker | None = None
) -> list[Candidate]:
    """Return the candidates in their final order; scores never rise from one to the next."""
    lists_asked = bool(answer_types(query) & {"list", "procedure"})
    ranked = _sorted(_by_form(candidate, lists_asked) for candidate in candidates)
    if reranker is not None:
        ranked = _sorted(_by_model(query, ranked, reranker))
    return _spread(ranked, across=asks_across(query))


def asks_across(query: str) -> bool:
    """Tell whether a question asks across workshops or documents."""
    return bool(_ACROSS.search(query))


def _sorted(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, c.outline.id))


def _by_form(candidate: Candidate, lists_asked: bool) -> Candidate:
    """Weigh what kind of passage it is."""
    outline, steps = candidate.outline, []
    if outline.kind == "list" and lists_asked:
        steps.append(Step("list", LIST_BONUS * candidate.fused))
    if outline.ordinal == 0 and not outline.section:
        steps.append(Step("front", -FRONT_MALUS * candidate.fused))
    return replace(candidate, steps=(*candidate.steps, *steps)) if steps else candidate


def _by_model(query: str, ranked: Sequence[Candidate], reranker: Reranker) -> list[Candidate]:
    """Mix in a cross-encoder's view of the first; those it doesn't read get nothing from it."""
    read = ranked[:MODEL_DEPTH]
    if not read:
        return []
    texts = ["\n".join((*c.outline.section[-1:], c.outline.text)) for c in read]
    views = np.maximum(reranker.scores(query, texts).astype(np.float64), 0.0)
    scale = read[0].score / max(float(views.max()), np.finfo(np.float64).tiny)
    views = np.append(views * scale, np.zeros(len(ranked) - len(read)))
    return [
        replace(
            candidate,
            steps=(*candidate.steps, Step("model", MODEL_SHARE * (view - candidate.score))),
        )
        for candidate, view in zip(ranked, views.tolist(), strict=True)
    ]


# -- different things first ----------------------------------------------------------------


def _spread(ranked: Sequence[Candidate], *, across: bool) -> list[Candidate]:
    """Let those give way that say nothing new; their scores sink to those they now follow."""
    kept: list[Candidate] = []
    deferred: list[tuple[Candidate, Reason, str]] = []
    for candidate in ranked:
        same = _said_by(candidate, kept) if len(kept) < DEPTH else None
        if same is not None:
            deferred.append((candidate, "repeats", same.outline.id))
        elif across and len(kept) < DEPTH and _is_crowded(candidate, kept):
            deferred.append((candidate, "crowded", ""))
        else:
            kept.append(candidate)
    first, rest = kept[:DEPTH], kept[DEPTH:]
    lowest = min((candidate.score for candidate in first), default=0.0)
    return [*first, *_sorted([*(_lowered(*given, lowest) for given in deferred), *rest])]


def _lowered(candidate: Candidate, reason: Reason, because: str, score: float) -> Candidate:
    step = Step(reason, min(0.0, score - candidate.score), because)
    return replace(candidate, steps=(*candidate.steps, step))


def _said_by(candidate: Candidate, kept: Sequence[Candidate]) -> Candidate | None:
    """Return the better passage that has nearly all this one has under the same heading."""
    own = candidate.outline
    heading = _words_of(own.section[-1:])
    alike = [c for c in kept if _words_of(c.outline.section[-1:]) == heading]
    return next((c for c in alike if _is_in(own.text, c.outline.text)), None)


@lru_cache(_CACHED_HEADINGS)
def _words_of(heading: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_WORD.findall(" ".join(heading).lower())) - STOP_WORDS


def _is_in(text: str, other: str) -> bool:
    words, others = _WORD.findall(text.lower()), _WORD.findall(other.lower())
    numbers = {word for word in words if word.isdigit()}
    rows = _rows(words)
    return numbers <= set(others) and len(rows & _rows(others)) >= SAME_SHARE * len(rows)


def _rows(words: Sequence[str]) -> set[tuple[str, ...]]:
    """Return all rows of three words; a shorter text is a row of its own."""
    return set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}


def _is_crowded(candidate: Candidate, kept: Sequence[Candidate]) -> bool:
    own = candidate.outline
    same = [
        c for c in kept if (c.outline.document, c.outline.workshop) == (own.document, own.workshop)
    ]
    return len(same) >= PER_DOCUMENT
