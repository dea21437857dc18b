"""How often a collection speaks of each theme, by workshop: counted, never judged. Pure.

A passage counts for a theme when it has at least one of the theme's terms, however often.
Terms are compared as the search compares words, so inflections and compounds count too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.answer.cite import cite
from assistant.answer.units import Run
from assistant.types import Citation
from corpus.german import Analyser, Token
from corpus.library import Outline
from corpus.themes import Theme
from corpus.types import Document, Passage, Span

Column = int | None
"""A workshop by its number, or None for what belongs to no workshop."""

LISTS = frozenset({"Katalog", "Glossar"})
"""Categories that aren't counted: they name every term without saying anything of it."""

# Endings that a word may have otherwise than its term. Stems alone are too coarse: Sicherheit and
# gesichert share "sich", Beteiligung and beteiligt "beteil"; so all of the term but its last two
# letters must stand in the word as well.
ENDING_CHARS = 2
MIN_CORE_CHARS = 4


class _Word(NamedTuple):
    """A word of a term, as it is looked for."""

    stem: str
    core: str
    """The word without its ending, folded."""


_Term = tuple[_Word, ...]


@dataclass(frozen=True, slots=True)
class ThemeMap:
    """Themes × workshops. Columns without passages have size 0 and no cells."""

    themes: tuple[Theme, ...]
    sizes: Mapping[Column, int]
    """Passages counted, by column; workshops in order, None last."""
    documents: Mapping[Column, Mapping[str, int]]
    """Passages counted, by column and id of their document."""
    cells: Mapping[tuple[str, Column], tuple[str, ...]]
    """Ids of the passages with the theme, by theme id and column; those with most terms first."""

    def passages(self, theme: str, column: Column) -> tuple[str, ...]:
        """Return the ids of a cell's passages; empty where there are none."""
        return self.cells.get((theme, column), ())

    def share(self, theme: str, column: Column) -> float:
        """Return which share of the column's passages has the theme, 0 to 1."""
        size = self.sizes.get(column, 0)
        return len(self.passages(theme, column)) / size if size else 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage speaks of a theme: the first sentence, row or item with a term."""

    citation: Citation
    marks: tuple[Span, ...]
    """The terms; offsets in the citation's quote."""


def count(
    themes: Sequence[Theme],
    passages: Iterable[Outline],
    documents: Mapping[str, Document],
    analyser: Analyser,
) -> ThemeMap:
    """Count the passages of each theme by workshop.

    Documents that are lists (``LISTS``) are left out. 318 passages take 0.2 s of one core, a
    passage more 0.4 ms; measured on the starter collection.
    """
    searched = [(theme.id, _terms(theme, analyser)) for theme in themes]
    documented: dict[Column, Counter[str]] = {}
    found: dict[tuple[str, Column], list[tuple[int, str, int, str]]] = {}
    for passage in passages:
        if documents[passage.document].category in LISTS:
            continue
        column = passage.workshop
        documented.setdefault(column, Counter())[passage.document] += 1
        tokens = _content(passage.text, analyser)
        for theme, terms in searched:
            hit = {term for term, _, _ in _matches(terms, tokens)}
            if hit:
                place = (-len(hit), passage.document, passage.ordinal, passage.id)
                found.setdefault((theme, column), []).append(place)
    order = sorted(documented, key=lambda column: (column is None, column or 0))
    return ThemeMap(
        themes=tuple(themes),
        sizes={column: documented[column].total() for column in order},
        documents={column: dict(documented[column]) for column in order},
        cells={cell: tuple(place[-1] for place in sorted(found[cell])) for cell in found},
    )


def spans(theme: Theme, text: str, analyser: Analyser) -> tuple[Span, ...]:
    """Return where the theme's terms stand in a text, in order, without overlaps."""
    return _spans(_terms(theme, analyser), text, analyser)


def _spans(terms: frozenset[_Term], text: str, analyser: Analyser) -> tuple[Span, ...]:
    tokens = _content(text, analyser)
    found = sorted(
        (tokens[first].start, tokens[last].end) for _, first, last in _matches(terms, tokens)
    )
    merged: list[Span] = []
    for start, end in found:
        if merged and start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return tuple(merged)


def places(
    theme: Theme,
    passages: Sequence[Passage],
    documents: Mapping[str, Document],
    analyser: Analyser,
) -> tuple[Place, ...]:
    """Return for each passage its first unit with one of the theme's terms, in order.

    A passage without any gives none.
    """
    terms = _terms(theme, analyser)
    runs, marks = [], []
    for passage in passages:
        for index, unit in enumerate(passage.sentences):
            found = _spans(terms, passage.text[unit.start : unit.end], analyser)
            if found:
                runs.append(Run(passage, index, index, 0.0))
                marks.append(found)
                break
    citations = cite(runs, dict(documents))[1]
    return tuple(Place(*place) for place in zip(citations, marks, strict=True))


def _terms(theme: Theme, analyser: Analyser) -> frozenset[_Term]:
    analysed = (_content(term, analyser) for term in theme.terms)
    return frozenset(tuple(map(_word, tokens)) for tokens in analysed if tokens)


def _word(token: Token) -> _Word:
    written = max(token.folded, key=len)
    return _Word(token.stem, written[: max(MIN_CORE_CHARS, len(written) - ENDING_CHARS)])


def _content(text: str, analyser: Analyser) -> list[Token]:
    return [token for token in analyser.tokens(text) if token.kind != "stop"]


def _matches(terms: frozenset[_Term], tokens: Sequence[Token]) -> Iterator[tuple[_Term, int, int]]:
    """Yield each occurrence of a term, with its first and last token."""
    begins: dict[str, list[_Term]] = {}
    for term in terms:
        begins.setdefault(term[0].stem, []).append(term)
    for at, token in enumerate(tokens):
        for stem in {token.stem, *token.also, *token.parts} & begins.keys():
            for term in begins[stem]:
                following = tokens[at : at + len(term)]
                if len(following) == len(term) and all(map(_is, following, term)):
                    yield term, at, at + len(term) - 1


def _is(token: Token, word: _Word) -> bool:
    is_stem = word.stem == token.stem or word.stem in token.also or word.stem in token.parts
    return is_stem and any(word.core in form for form in token.folded)
