"""Lexical index: build, search (tantivy). Tokens come analysed from ``german.py``.

Two rankings joined half and half: BM25 over words, compound parts, heading and title, and
BM25 over character 4-5-grams, which finds words despite typos and unsplit compounds (with one
slip in a word, grams are worth +0.04 to +0.08 MRR@10; measured over six German query sets).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tantivy

from corpus.errors import GenerationError
from corpus.german import Analyser, Analysis
from corpus.private_view import PrivateView
from corpus.types import Scope

COUNTS = {"words": 2, "parts": 1, "heading": 1, "title": 1}
"""How often an occurrence counts in the one field of words: everything but the text's own
words at half weight. One field, so that a word has one document frequency whether it stands
alone or in a compound: on 600 headings of 14 laws MRR@10 0.515 against 0.510 for fields of
their own. Doubling also turns tantivy's fixed k1 of 1.2 into 0.6 for the words; 0.6 to 0.9
was the plateau."""
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
        analysis: Analysis,
        k: int,
        scope: Scope = Scope(),  # noqa: B008  # frozen
    ) -> list[tuple[str, float]]:
        """Return at most k passage ids with scores in (0, 1], best first, ties by id.

        1 means best in both rankings of the whole collection: each is divided by its maximum,
        so scores compare only within one search. A scope filters and changes neither scores
        nor order.
        """
        words = self._weighted("words", _query_words(analysis))
        grams = self._weighted("grams", Counter(analysis.grams))
        rankings = [(words, 1 - GRAM_SHARE), (grams, GRAM_SHARE)]
        scaled = [
            tantivy.Query.boost_query(query, share / best)
            for query, share in rankings
            if (best := self._best_score(query)) > 0
        ]
        if not scaled or k < 1:
            return []
        both = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in scaled])
        return self._top(self._within(both, scope), k)

    def _weighted(self, field: str, terms: Counter[str]) -> tantivy.Query:
        return tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(self._schema, field, term, "freq"), weight
                    ),
                )
                for term, weight in terms.items()
            ]
        )

    def _within(self, query: tantivy.Query, scope: Scope) -> tantivy.Query:
        """Restrict a query to a scope; the filter adds nothing to the score."""
        wanted = {"document": scope.document, "workshop": scope.workshop}
        filters = [
            tantivy.Query.const_score_query(
                tantivy.Query.term_query(self._schema, field, value), 0.0
            )
            for field, value in wanted.items()
            if value is not None
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in (query, *filters)])

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
        return str(self._searcher.doc(address).get_first("id"))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("workshop", indexed=True)
    for name in ("words", "grams"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(entry: LexicalEntry, analyser: Analyser) -> tantivy.Document:
    text = analyser.analyse(entry.text)
    fields = {
        "words": text.words,
        "parts": text.parts,
        "heading": analyser.analyse(entry.heading).words,
        "title": analyser.analyse(entry.title).words,
    }
    document = tantivy.Document()
    document.add_text("id", entry.id)
    document.add_text("document", entry.document)
    if entry.workshop is not None:
        document.add_integer("workshop", entry.workshop)
    counted = [word for name, words in fields.items() for word in words * COUNTS[name]]
    document.add_text("words", " ".join(counted))
    document.add_text("grams", " ".join(text.grams))
    return document


def _query_words(analysis: Analysis) -> Counter[str]:
    weights: Counter[str] = Counter(analysis.words)
    for part in analysis.parts:
        weights[part] += QUERY_PART_WEIGHT  # type: ignore[assignment]  # weights, not counts
    return weights
