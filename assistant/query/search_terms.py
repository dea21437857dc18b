"""Query -> the words that are searched, each with what it counts. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.german import Analyser, Analysis, Token, grams
from corpus.lexical import Weighted

OTHER_WORDS = 0.6
"""Weight of a word that is no noun. German says what a text is about in nouns; verbs and
adjectives are rather worded otherwise, and where they are rare they weigh too much. On the
golden questions (dev) recall@5 +0.015 [+0.005, +0.027], MRR@10 +0.007 [-0.001, +0.014]; on 600
headings of 37 laws MRR@10 +0.008 [+0.002, +0.016]; 0.5 to 0.7 is a plateau on both."""
EXPANSION = 0.3
"""Weight of a word that was added to the question, in words and grams alike. On the golden
questions (dev) MRR@10 +0.017 [+0.005, +0.031] over full weight, and +0.011 [+0.004, +0.020],
recall@10 +0.008 [+0.001, +0.017], over not searching it; 0.2 to 0.5 is a plateau."""

_OPENS = re.compile(r"(?:^|[.?!:–])[\s„“\"(]*$")


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """A word of the query, and what it is searched as."""

    typed: str
    analysis: Analysis
    weight: float
    is_added: bool
    """Whether it stands in the expansion and not in the question."""


def search_terms(text: str, expansion: str, analyser: Analyser) -> tuple[SearchTerm, ...]:
    """Return the words of the query that are searched, in order."""
    asked = _terms(text, 1.0, analyser)
    added = _terms(expansion, EXPANSION, analyser)
    return tuple(
        SearchTerm(typed, analysis, weight, is_added)
        for found, is_added in ((asked, False), (added, True))
        for typed, analysis, weight in found
    )


def weighted(terms: Sequence[SearchTerm]) -> list[Weighted]:
    """Return what the lexical index is asked."""
    return [Weighted(term.analysis, term.weight) for term in terms]


def _terms(text: str, weight: float, analyser: Analyser) -> list[tuple[str, Analysis, float]]:
    return [
        (
            text[token.start : token.end],
            _analysis(token),
            weight if _is_noun(text, token, analyser) else weight * OTHER_WORDS,
        )
        for token in analyser.tokens(text)
        if token.kind != "stop"
    ]


def _analysis(token: Token) -> Analysis:
    """Return a word as a text of its own would be analysed, completed by its neighbours."""
    return Analysis(
        words=(token.stem, *token.also),
        parts=token.parts,
        grams=tuple(gram for form in token.folded for gram in grams(form)),
    )


def _is_noun(text: str, token: Token, analyser: Analyser) -> bool:
    """Tell nouns, names, numbers and references from other words, by their capitals.

    Where the question doesn't tell, because it begins with the word or is typed in small
    letters, it is as the collection writes it; a word that the collection lacks may be one.
    """
    typed = text[token.start : token.end]
    if token.kind != "word":
        return True
    if typed[0].isupper() and not _OPENS.search(text[: token.start]):
        return True
    written = analyser.written(typed)
    if written is None:
        return typed[0].isupper() or text == text.lower()
    return written[0].isupper()
