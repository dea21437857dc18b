"""The product without one of its components at a time.

Nothing in the product knows of this: a component is a set of names for which something else
stands while the index is built anew and the questions are asked. Vectors stay those of the
whole product but where they are the component: their own analysis is shielded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from assistant import pipeline
from assistant.query import question, search_terms, spelling
from assistant.query.question import Query
from assistant.query.search_terms import OTHER_WORDS, SearchTerm
from assistant.search import rerank, retrieve
from assistant.types import Turn
from corpus import german, lexical
from corpus.embedder import Embedder
from corpus.generation import Generation, open_current
from corpus.german import Analyser, Analysis, Token
from corpus.self_retrieval import DEFAULT_WEIGHT
from corpus.store import Store
from corpus.types import Scope
from tests.bench.figures import Figures, measure
from tests.bench.systems import product, rank
from tests.bench.task import Task

NEVER = 999
"""A limit that nothing reaches."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A name of a module or class, and what stands there instead."""

    owner: Any
    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Component:
    """How the product does without something."""

    replaced: tuple[Replaced, ...] = ()
    indexed: type[Analyser] | None = None
    """What analyses the passages of an index built anew; None where the index can stay."""
    asked: type[Analyser] | None = None
    """What analyses the questions; None: the same."""


def ablate(
    task: Task, embedder: Embedder, components: Mapping[str, Component] | None = None
) -> Mapping[str, tuple[Figures, Figures]]:
    """Return the product's figures without each component; the whole product's under "".

    First those of the questions as written, then those of the variants of each item's first
    wording: what mends slips shows only there.
    """
    written = [question for question in task.questions if not question.variant]
    first = {question.item: question.id for question in reversed(written)}
    variants = [q for q in task.questions if q.variant and q.made_of == first[q.item]]
    whole = open_current(Store(task.data))
    found = {}
    for name, component in {"": Component(), **(components or COMPONENTS)}.items():
        with without(component), _index(whole, component) as generation:
            search = product(generation, _Shielded(embedder))
            rankings = rank(search, (*written, *variants), task.passages.units, task.cuts[-1])
        found[name] = (
            measure(written, rankings, task.passages.judged, task.cuts),
            measure(variants, rankings, task.passages.judged, task.cuts),
        )
    return found


@contextmanager
def without(component: Component) -> Iterator[None]:
    """Replace what the component replaces; AttributeError where the product has it no more."""
    with ExitStack() as stack:
        for r in component.replaced:
            stack.enter_context(patch.object(r.owner, r.name, r.value))
        yield


@contextmanager
def _index(whole: Generation, component: Component) -> Iterator[Generation]:
    """Build the index of words anew, as the product now stands, if need be."""
    if component.indexed is None:
        yield whole
        return
    entries = [
        lexical.entry_of(document, passage)
        for document in whole.documents.values()
        for passage in whole.library.passages_of(document.key)
    ]
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        analyser = component.indexed.learn(f"{e.title}\n{e.heading}\n{e.text}" for e in entries)
        lexical.build(folder / "lexical", entries, analyser)
        analyser.save(folder / "analyser.json")
        asked = (component.asked or component.indexed).load(folder / "analyser.json")
        words = lexical.LexicalIndex.open(folder / "lexical")
        yield Generation(whole.manifest, whole.library, asked, words, whole.dense)
        words.close()


class _Shielded:
    """The embedder, its own analysis as it always is."""

    _stem = staticmethod(german._stem)

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.dimension = embedder.fingerprint.dimension

    def embed_query(self, text: str) -> NDArray[np.float32]:
        with patch.object(german, "_stem", self._stem):
            return self._embedder.embed_query(text)


# -- what is there instead ------------------------------------------------------------------


class _KeepsStopWords(Analyser):
    def analyse(self, text: str) -> Analysis:
        whole = super().analyse(text)
        stops = (token.stem for token in self.tokens(text) if token.kind == "stop")
        return replace(whole, words=(*whole.words, *stops))


class _WithoutLemmas(Analyser):
    def __init__(
        self,
        vocabulary: Mapping[str, int] | None = None,
        displays: Mapping[str, str] | None = None,
        lemmas: Mapping[str, str] | None = None,
        spellings: Mapping[str, str] | None = None,
        stems: Mapping[str, int] | None = None,
        texts: int = 0,
    ) -> None:
        super().__init__(vocabulary, displays, {}, spellings, stems, texts)


class _WithoutParts(Analyser):
    def tokens(self, text: str) -> tuple[Token, ...]:
        return tuple(token._replace(parts=()) for token in super().tokens(text))


class _WithoutGrams(Analyser):
    def tokens(self, text: str) -> tuple[Token, ...]:
        return tuple(token._replace(folded=()) for token in super().tokens(text))


def _with_stop_words(text: str, expansion: str, analyser: Analyser) -> Sequence[SearchTerm]:
    stops = (token for token in analyser.tokens(text) if token.kind == "stop")
    added = (
        SearchTerm(text[t.start : t.end], Analysis((t.stem,), (), ()), OTHER_WORDS, is_added=False)
        for t in stops
    )
    return (*search_terms.search_terms(text, expansion, analyser), *added)


def _nothing(embedder: _Shielded, text: str) -> NDArray[np.float32]:
    return np.zeros(embedder.dimension, dtype=np.float32)


def _understood(change: Callable[[Query], Query]) -> Replaced:
    """Change what is understood of a question."""
    return Replaced(
        pipeline, "understand", lambda *given, **named: change(question.understand(*given, **named))
    )


def _alone(asked: str, history: Sequence[Turn], *rest: Any, **named: Any) -> Query:
    """Understand a question as if nothing had been said before."""
    return question.understand(asked, (), *rest, **named)


def _unexpanded(*kinds: str) -> Component:
    """Leave out additions of these kinds."""

    def change(query: Query) -> Query:
        kept = (addition.form for addition in query.additions if addition.kind not in kinds)
        return replace(query, expansion=" ".join(kept))

    return Component((_understood(change),))


def _counted(**counts: int) -> tuple[Replaced, ...]:
    return (
        Replaced(lexical, "COUNTS", {**lexical.COUNTS, **counts}),
        Replaced(lexical, "GRAM_COUNTS", {**lexical.GRAM_COUNTS, **counts}),
    )


COMPONENTS = {
    # The analysis of passages and questions.
    "stop words dropped": Component(
        (Replaced(retrieve, "search_terms", _with_stop_words),), _KeepsStopWords, Analyser
    ),
    "lemma": Component(indexed=_WithoutLemmas),
    "Snowball stem": Component((Replaced(german, "_stem", str),), Analyser),
    "compound parts": Component(indexed=_WithoutParts),
    "linking s": Component((Replaced(german, "MIN_LEFT_OF_LINK", NEVER),), Analyser),
    "character 4-5-grams": Component(indexed=_WithoutGrams),
    "headings": Component(_counted(heading=0), Analyser),
    "title": Component(_counted(title=0), Analyser),
    "half weight of parts, headings, title": Component(
        (*_counted(words=1, text=1), Replaced(lexical, "QUERY_PART_WEIGHT", 1.0)), Analyser
    ),
    # The question.
    "nouns before other words": Component((Replaced(search_terms, "OTHER_WORDS", 1.0),)),
    "long forms": _unexpanded("Langform"),
    "short forms": _unexpanded("Kurzform"),
    "synonyms of rare words": _unexpanded("Synonym"),
    "numbers in words and figures": _unexpanded("Zahl"),
    "low weight of what is added": Component((Replaced(search_terms, "EXPANSION", 1.0),)),
    "joining what was typed apart": Component(
        (Replaced(spelling, "join_split", lambda text, *_: (text, ())),)
    ),
    "mending slips": Component((Replaced(spelling, "mend_slips", lambda text, *_: (text, ())),)),
    "politeness dropped": Component((Replaced(question, "without_politeness", str),)),
    "scope recognised": Component((_understood(lambda query: replace(query, scope=Scope())),)),
    "turns before a follow-up": Component((Replaced(pipeline, "understand", _alone),)),
    # The ranking.
    "vectors": Component((Replaced(_Shielded, "embed_query", _nothing),)),
    "weight of the vectors by headings": Component(
        (Replaced(Generation, "dense_weight", DEFAULT_WEIGHT),)
    ),
    "lists where lists are asked for": Component((Replaced(rerank, "LIST_BONUS", 0.0),)),
    "title page and foreword further down": Component((Replaced(rerank, "FRONT_MALUS", 0.0),)),
    "repetitions further down": Component((Replaced(rerank, "SAME_SHARE", NEVER),)),
    "several documents where asked across": Component((Replaced(rerank, "PER_DOCUMENT", NEVER),)),
}
