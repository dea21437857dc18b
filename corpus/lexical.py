"""Lexical index: build, search (tantivy). Tokens come analysed from ``german.py``.

Two rankings joined half and half: BM25 over words, compound parts, heading and title, and
BM25 over character 4-5-grams, which finds words despite typos and unsplit compounds (with one
slip in a word, grams are worth +0.04 to +0.08 MRR@10; measured over six German query sets).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import tantivy

from corpus.errors import GenerationError
from corpus.german import ANALYSER_VERSION, Analyser, Analysis
from corpus.private_view import PrivateView
from corpus.types import Document, Passage, Scope

VERSION = f"{ANALYSER_VERSION}.2"
"""Of what stands in an index. Change it with anything that indexes a text otherwise."""

Field = Literal["words", "grams"]
"""The two indexed fields, each ranked by BM25."""
Source = Literal["words", "parts", "heading", "title", "text"]
"""Where in a passage an indexed term comes from; the text's own grams come from "text"."""

COUNTS = {"words": 2, "parts": 1, "heading": 1, "title": 1}
"""How often an occurrence counts in the one field of words: everything but the text's own
words at half weight. One field, so that a word has one document frequency whether it stands
alone or in a compound: on 600 headings of 14 laws MRR@10 0.515 against 0.510 for fields of
their own. Doubling also turns tantivy's fixed k1 of 1.2 into 0.6 for the words; 0.6 to 0.9
was the plateau. That work-around costs nothing: against an exact BM25 (k1 0.9, b 0.75, halves as
halves) MRR@10 with vectors differs by 0.001 [-0.001, 0.004] on the golden questions (dev) and
by 0.002 [-0.003, 0.007] on 600 headings over 9,651 passages of 37 laws."""
GRAM_COUNTS = {"text": 2, "heading": 1, "title": 1}
"""The same for grams: those of headings and title count half. MRR@10 with vectors +0.018
[+0.004, +0.034] on the golden questions (dev) and +0.014 [+0.004, +0.024] on 600 headings of
laws, the asked heading itself withheld."""
QUERY_PART_WEIGHT = 0.5
"""1.0 was worse in every set."""
GRAM_SHARE = 0.5
"""0.35 to 0.5 is a plateau; rank fusion was worse on all six sets."""

_HEAP_BYTES = 128_000_000
_SPARE = 16
"""Hits beyond k fetched at first, so that ties at the edge can be settled by id."""


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """A passage as it is indexed."""

    id: str
    document: str
    workshop: int | None
    title: str
    heading: str
    text: str


class Weighted(NamedTuple):
    """A stretch of a query as it is searched, and what it counts."""

    analysis: Analysis
    weight: float


class TermScore(NamedTuple):
    """What one term brought a passage."""

    field: Field
    term: str
    score: float


Asked = Analysis | Sequence[Weighted]


def entry_of(document: Document, passage: Passage) -> LexicalEntry:
    """Return a passage as it is indexed."""
    return LexicalEntry(
        id=passage.id,
        document=document.id,
        workshop=passage.workshop,
        title=title_of(document, passage),
        heading=" ".join(passage.section),
        text=passage.text,
    )


def title_of(document: Document, passage: Passage) -> str:
    """Return the document's title and the workshop that the passage belongs to."""
    if passage.workshop is None:
        return document.title
    return f"{document.title} > Werkstatt {passage.workshop}: {passage.workshop_title}"


def occurrences(entry: LexicalEntry, analyser: Analyser) -> dict[Field, dict[Source, Counter[str]]]:
    """Return how often each term of a passage counts, by field and by where it comes from."""
    text = analyser.analyse(entry.text)
    heading = analyser.analyse(entry.heading)
    title = analyser.analyse(entry.title)
    words: dict[Source, Sequence[str]] = {
        "words": text.words,
        "parts": text.parts,
        "heading": heading.words,
        "title": title.words,
    }
    grams: dict[Source, Sequence[str]] = {
        "text": text.grams,
        "heading": heading.grams,
        "title": title.grams,
    }
    return {"words": _counted(words, COUNTS), "grams": _counted(grams, GRAM_COUNTS)}


def build(folder: Path, entries: Iterable[LexicalEntry], analyser: Analyser) -> None:
    """Build the index in a new folder. Same entries, same results, in whatever order."""
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(_HEAP_BYTES, num_threads=1)
    for entry in sorted(entries, key=lambda entry: entry.id):
        writer.add_document(_document(entry, analyser))
    writer.commit()
    writer.wait_merging_threads()
    # Locks are left behind empty; without them the folder holds the index and nothing else.
    for lock in folder.glob(".*.lock"):
        lock.unlink()


class LexicalIndex:
    """An opened index. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open a folder; see ``open``."""
        self._view = PrivateView(folder)
        index = tantivy.Index.open(str(self._view.path))
        self._schema = index.schema
        self._searcher = index.searcher()
        # Reading an id from the store takes 5 µs, and a search reads some 200 of them.
        self._ids: dict[tuple[int, int], str] = {}

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """Open what ``build`` made. Raises GenerationError when it isn't there or damaged."""
        try:
            return cls(folder)
        except (ValueError, OSError) as fault:
            raise GenerationError(
                f"Das Wörterverzeichnis {folder} ist nicht lesbar ({fault}). Bitte lesen Sie die "
                "Unterlagen mit „sozialraum ingest“ neu ein."
            ) from fault

    def __len__(self) -> int:
        return self._searcher.num_docs

    def close(self) -> None:
        """Remove the private view; the index can't be used any more."""
        self._view.close()

    def search(
        self,
        asked: Asked,
        k: int,
        scope: Scope = Scope(),  # noqa: B008  # frozen
        also: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """Return at most k passage ids with scores in (0, 1], best first, ties by id.

        1 means best in both rankings of the whole collection: each is divided by its maximum,
        so scores compare only within one search. A scope filters and changes neither scores
        nor order. Those of ``also`` that have any of the words come besides, in or out of it.
        """
        terms = self._terms(asked)
        if not terms or k < 1:
            return []
        both = _any([self._query(*term) for term in terms])
        top = self._top(self._within(both, scope), k)
        more = set(also).difference(id for id, _ in top)
        return sorted([*top, *self._scores(both, more).items()], key=lambda h: (-h[1], h[0]))

    def contributions(self, asked: Asked, ids: Collection[str]) -> dict[str, list[TermScore]]:
        """Return what each term adds to the score that ``search`` gives these passages."""
        found: dict[str, list[TermScore]] = {id: [] for id in ids}
        for field, term, weight in self._terms(asked):
            for id, score in self._scores(self._query(field, term, weight), ids).items():
                found[id].append(TermScore(field, term, score))
        return found

    def _terms(self, asked: Asked) -> list[tuple[Field, str, float]]:
        """Return all terms, weighted so that each field's best passage gets its field's share."""
        weights = _weights(asked)
        shares: tuple[tuple[Field, float], ...] = (("words", 1 - GRAM_SHARE), ("grams", GRAM_SHARE))
        terms: list[tuple[Field, str, float]] = []
        for field, share in shares:
            best = self._best_score(_any([self._query(field, *t) for t in weights[field].items()]))
            if best > 0:
                terms += [(field, term, w * share / best) for term, w in weights[field].items()]
        return terms

    def _query(self, field: Field, term: str, weight: float) -> tantivy.Query:
        once = tantivy.Query.term_query(self._schema, field, term, "freq")
        return tantivy.Query.boost_query(once, weight)

    def _within(self, query: tantivy.Query, scope: Scope) -> tantivy.Query:
        """Restrict a query to a scope; the filter adds nothing to the score."""
        wanted: tuple[tuple[str, list[str] | list[int]], ...] = (
            ("document", [] if scope.document is None else [scope.document]),
            ("workshop", [] if scope.workshop is None else [scope.workshop]),
            ("document", list(scope.documents)),
            ("workshop", list(scope.workshops)),
        )
        filters = [
            tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self._schema, field, values), 0.0
            )
            for field, values in wanted
            if values
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in (query, *filters)])

    def _scores(self, query: tantivy.Query, ids: Collection[str]) -> dict[str, float]:
        if not ids:
            return {}
        wanted = tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._schema, "id", sorted(ids)), 0.0
        )
        among = tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in (query, wanted)])
        hits = self._searcher.search(among, len(ids), count=False).hits
        return {self._id(address): float(score) for score, address in hits}

    def _best_score(self, query: tantivy.Query) -> float:
        hits = self._searcher.search(query, 1, count=False).hits
        return float(hits[0][0]) if hits else 0.0

    def _top(self, query: tantivy.Query, k: int) -> list[tuple[str, float]]:
        limit = k + _SPARE
        while True:
            hits = self._searcher.search(query, limit, count=False).hits
            if len(hits) < limit or hits[-1][0] < hits[k - 1][0]:
                break
            limit *= 2  # all of the spare ones tie with the k-th
        ranked = [(self._id(address), float(score)) for score, address in hits]
        return sorted(ranked, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _id(self, address: tantivy.DocAddress) -> str:
        place = (address.segment_ord, address.doc)
        if place not in self._ids:
            self._ids[place] = str(self._searcher.doc(address).get_first("id"))
        return self._ids[place]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("workshop", indexed=True)
    for name in ("words", "grams"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(entry: LexicalEntry, analyser: Analyser) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("id", entry.id)
    document.add_text("document", entry.document)
    if entry.workshop is not None:
        document.add_integer("workshop", entry.workshop)
    for field, sources in occurrences(entry, analyser).items():
        terms = (term for counts in sources.values() for term in counts.elements())
        document.add_text(field, " ".join(terms))
    return document


def _counted(
    terms: Mapping[Source, Sequence[str]], counts: Mapping[str, int]
) -> dict[Source, Counter[str]]:
    return {
        source: Counter({term: n * counts[source] for term, n in Counter(found).items()})
        for source, found in terms.items()
    }


def _weights(asked: Asked) -> dict[Field, dict[str, float]]:
    """Return each field's terms with their weights, those that come twice added up."""
    words: dict[str, float] = {}
    grams: dict[str, float] = {}
    for analysis, weight in [Weighted(asked, 1.0)] if isinstance(asked, Analysis) else asked:
        for word in analysis.words:
            words[word] = words.get(word, 0.0) + weight
        for part in analysis.parts:
            words[part] = words.get(part, 0.0) + weight * QUERY_PART_WEIGHT
        for gram in analysis.grams:
            grams[gram] = grams.get(gram, 0.0) + weight
    return {"words": words, "grams": grams}


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
