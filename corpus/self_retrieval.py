"""How much the vectors should count in a collection: its own headings ask, free of charge.

A heading is a question whose answer is known: the passages that stand under it. The heading
itself is withheld from them, words and vectors search alike, and each weight of the sum is
compared. Headings that the model has learnt from are left out, because there it only
remembers: on the starter collection, which the shipped model was trained on, its vectors alone
reach an MRR@10 of 0.85 and the words 0.47, where the golden questions say 0.71 and 0.77. Pure.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus.training_texts import bare_heading
from corpus.types import Document, Passage

MAX_HEADINGS = 200
MIN_HEADINGS = 30
"""With fewer, one standard error is as large as all that a weight can gain."""
MAX_PASSAGES = 600
"""Passages searched at most. A transformer embeds each of them once more (about 80 ms): 6 % of
what it needs for 10,000 passages; later runs find the vectors in the library."""
PER_HEADING = MAX_PASSAGES // MAX_HEADINGS
"""Passages of a section that are searched; its others aren't, so that none is wrongly wrong."""
MIN_CHARS = 8
DEPTH = 10
DEFAULT_WEIGHT = 0.25
"""Where nothing is measured. Of the vectors of the model that ships; MRR@10 over words alone on
golden questions (dev) +0.016 [+0.003, +0.028], on headings of four laws it wasn't trained on
+0.018 [-0.003, +0.042]. Trained without any text of the field it does no harm: 0.000 [-0.013,
+0.015] on the golden questions. From 0.5 on it costs on texts unlike the training."""
WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
"""Not beyond a half: headings have neither typos nor short forms, which the words find."""
WEAK = 0.7
"""A model that finds less than this share of what words find is poor in the collection's
language. MRR@10 by vectors over that by words: an English transformer (all-MiniLM-L6-v2) 0.47 to
0.65 on the starter collection and six German laws, the shipped model 0.72 to 1.38 on those laws
when trained without them. Multilingual models find 0.84 (MiniLM) to 1.09 (bge-m3) of BM25's
first ranks on a public German set (retrieval.md, section 9). Strange texts are hard for the
shipped model too, 0.53 on the starter collection when trained without it; see ``Manifest``."""
MAX_WEAK_WEIGHT = 0.1
"""At 0.2 the English transformer gained nothing on the mean of six German sets and cost 0.03
MRR@10 on one; retrieval.md, section 10, proposes this limit."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Headings to be found, and the passages as they are without them."""

    passages: tuple[tuple[Document, Passage], ...]
    """The passages lack the last heading of their way."""
    headings: tuple[str, ...]
    right: tuple[frozenset[int], ...]
    """Positions in ``passages`` of those that stand under each heading."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """The share of the vectors in the sum, and the figures behind it (MRR@10, 0 to 1)."""

    weight: float = DEFAULT_WEIGHT
    headings: int = 0
    """How many headings asked; 0 when there were too few, and the weight is the default."""
    lexical: float = 0.0
    dense: float = 0.0
    fused: float = 0.0
    """At ``weight``."""

    @property
    def is_weak(self) -> bool:
        """Tell whether the model finds far less than words do."""
        return self.headings > 0 and self.dense < WEAK * self.lexical


def trial(pairs: Sequence[tuple[Document, Passage]], learnt: Container[str] = ()) -> Trial | None:
    """Choose headings and passages, the same for the same collection; None for too few.

    ``learnt`` holds the ``heading_key`` of every heading that the model was trained with.
    """
    sections = _sections(pairs)
    asked = _asked(pairs, sections, learnt)
    if len(asked) < MIN_HEADINGS:
        return None
    wanted = [at for where in asked for at in sections[where][:PER_HEADING]]
    answers = {at for where in asked for at in sections[where]}
    others = sorted(set(range(len(pairs))) - answers, key=lambda at: _chance(pairs[at][1].id))
    chosen = [*wanted, *others[: MAX_PASSAGES - len(wanted)]]
    place = {at: position for position, at in enumerate(chosen)}
    return Trial(
        tuple(_withheld(*pairs[at]) for at in chosen),
        tuple(bare_heading(section[-1]) for _, section in asked),
        tuple(frozenset(place[at] for at in sections[where][:PER_HEADING]) for where in asked),
    )


def weigh(trial: Trial, lexical: NDArray[np.float32], dense: NDArray[np.float32]) -> Weighing:
    """Return the weight that a trial's scores speak for, shape (headings, passages) each.

    Of all weights within one standard error of the best, the one nearest to the default: two
    hundred headings can't tell neighbouring weights apart, and what real questions chose holds
    until headings speak against it. The smallest instead would be 0 for three of eight German
    collections, for most of them at two standard errors. A weak model gets
    ``MAX_WEAK_WEIGHT`` at most.
    """
    words, vectors = _scaled(lexical), _scaled(dense)
    found = {w: _reciprocal_ranks((1 - w) * words + w * vectors, trial.right) for w in WEIGHTS}
    best = max(WEIGHTS, key=lambda w: float(found[w].mean()))
    level = [w for w in WEIGHTS if _is_level(found[best] - found[w])]
    figures = Weighing(
        min(level, key=lambda w: (abs(w - DEFAULT_WEIGHT), w)),
        len(trial.headings),
        round(float(found[0.0].mean()), 3),
        round(float(_reciprocal_ranks(vectors, trial.right).mean()), 3),
    )
    weight = min(figures.weight, MAX_WEAK_WEIGHT) if figures.is_weak else figures.weight
    return replace(figures, weight=weight, fused=round(float(found[weight].mean()), 3))


def complaint(weighing: Weighing, model: str) -> str:
    """Say in German that a model doesn't suit the collection, and what to do; or nothing."""
    if not weighing.is_weak:
        return ""
    return (
        f"Das Sprachmodell „{model}“ versteht die Sprache dieser Sammlung schlecht: Bei "
        f"{weighing.headings} Überschriften, deren Abschnitte zu finden waren, erreicht es allein "
        f"{_german(weighing.dense)} Punkte, die Wortsuche {_german(weighing.lexical)} (von 1). "
        f"Es zählt deshalb nur zu {round(100 * weighing.weight)} %. Bitte lassen Sie "
        "SOZIALRAUM_EMBEDDER weg, dann gilt das mitgelieferte Modell, oder nennen Sie ein "
        "deutsches oder mehrsprachiges, und lesen Sie die Unterlagen mit „sozialraum ingest“ neu "
        "ein."
    )


def heading_key(heading: str) -> str:
    """Return a short name of a heading that spelling and section numbers don't change."""
    letters = "".join(c for c in bare_heading(heading).casefold() if c.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()[:8]


_Where = tuple[str, tuple[str, ...]]
"""Id of a document, and the way to one of its sections."""


def _sections(pairs: Sequence[tuple[Document, Passage]]) -> dict[_Where, list[int]]:
    """Return the positions of each section's passages."""
    sections: dict[_Where, list[int]] = {}
    for at, (document, passage) in enumerate(pairs):
        sections.setdefault((document.id, passage.section), []).append(at)
    return sections


def _asked(
    pairs: Sequence[tuple[Document, Passage]],
    sections: Mapping[_Where, list[int]],
    learnt: Container[str],
) -> list[_Where]:
    """Return the sections whose headings are to ask: lowest in rank, unlike all others, unlearnt.

    A heading with others below it would still stand in their passages' way.
    """
    parents = {(id, way[:rank]) for id, way in sections for rank in range(len(way))}
    names = Counter(heading_key(way[-1]) for _, way in sections if way)
    found = []
    for (id, way), places in sections.items():
        heading = bare_heading(way[-1]) if way else ""
        if len(heading) < MIN_CHARS or (id, way) in parents:
            continue
        document, passage = pairs[places[0]]
        title = f"{document.title} {passage.workshop_title}".casefold()
        key = heading_key(heading)
        if names[key] == 1 and key not in learnt and heading.casefold() not in title:
            found.append((id, way))
    return sorted(found, key=_chance)[:MAX_HEADINGS]


def _withheld(document: Document, passage: Passage) -> tuple[Document, Passage]:
    return document, replace(passage, section=passage.section[:-1])


def _chance(what: object) -> str:
    """Return what to sort by for an order that is arbitrary and always the same."""
    return hashlib.sha256(repr(what).encode()).hexdigest()


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Divide each row by its maximum, as fusion does; nothing below zero counts."""
    positive = np.maximum(scores.astype(np.float64), 0.0)
    best = positive.max(axis=1, keepdims=True)
    return np.asarray(positive / np.where(best > 0, best, 1.0), dtype=np.float64)


def _reciprocal_ranks(
    scores: NDArray[np.float64], right: Sequence[frozenset[int]]
) -> NDArray[np.float64]:
    """Return 1 / rank of the first right passage among the first ten, else 0, per heading."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
    ranks = [
        next((r for r, at in enumerate(row, 1) if at in wanted and line[at] > 0), 0)
        for row, line, wanted in zip(order.tolist(), scores, right, strict=True)
    ]
    return np.array([1 / rank if rank else 0.0 for rank in ranks])


def _is_level(gap: NDArray[np.float64]) -> bool:
    """Tell whether a mean difference is within one standard error of nothing."""
    return float(gap.mean()) <= float(gap.std(ddof=1)) / math.sqrt(len(gap))


def _german(figure: float) -> str:
    return f"{figure:.2f}".replace(".", ",")
