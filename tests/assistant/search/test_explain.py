"""An explanation names every word, the vectors and every step, and adds up to the score."""

from collections import Counter

import pytest

from assistant.pipeline import Assistant
from assistant.query.search_terms import SearchTerm
from assistant.search.explain import explain
from assistant.search.fuse import Shares
from assistant.search.rerank import Step
from corpus import embedder
from corpus.catalogue import load_glossary
from corpus.generation import open_current
from corpus.german import Analysis
from corpus.lexical import TermScore
from corpus.store import Store
from corpus.types import Hit, Scope
from tests.factories import make_passage

QUERIES = (
    "Wie setze ich einen Verfügungsfonds ein?",
    "Was bedeutet IHK?",
    "quartirsmanagment verstetigung schritte",
    "Stadt- und Quartiersentwicklung nach § 171e BauGB",
    "In welchen Werkstätten ging es um Beteiligung?",
    "Beteiligung, Beteiligung und Bürgerbeteiligung",
    "zzzz qqqq",
)


@pytest.fixture(scope="module")
def assistant(starter):
    """Over the starter collection."""
    return Assistant(open_current(Store(starter)), embedder.load(), load_glossary())


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("scope", [None, Scope(workshop=3)])
def test_points_add_up_to_the_score(assistant, query, scope):
    """Of each hit, in the real collection; and the hits are those of the search."""
    found = assistant.explain(query, 15, scope)

    assert [e.hit for e in found] == assistant.search(query, 15, scope)
    for explanation in found:
        assert explanation.total == pytest.approx(explanation.hit.score, abs=2e-5)


def test_an_explanation_names_words_as_typed_and_as_searched(assistant):
    """Short form, added long form, field, place and step are all told."""
    best = assistant.explain("Welche Schritte hat die Verstetigung nach der SRO?", 5)[0]
    words = {share.typed: share for share in best.terms if share.field == "words"}

    assert words["Verstetigung"].searched == ("verstet",)
    assert {source for source, _ in words["Verstetigung"].sources} >= {"words", "heading"}
    assert words["Verstetigung"].weight == 1.0
    assert any(share.field == "grams" for share in best.terms)
    assert any(share.is_added and share.weight < 0.5 for share in best.terms)
    assert [step.reason for step in best.steps] == ["list"]
    assert best.vectors > 0


def make_term(typed, words=(), parts=(), grams=(), weight=1.0, is_added=False):
    """Return a word of a query."""
    return SearchTerm(typed, Analysis(words, parts, grams), weight, is_added)


def test_shares_by_hand():
    """A term is shared by the words that stand for it and by the places it stands in."""
    hit = Hit(make_passage("Ein Text."), 0.7, 1)
    terms = [
        make_term("Parks", words=("park",), grams=("park",)),
        make_term("Parkplatz", words=("parkplatz",), parts=("park",), is_added=True),
    ]
    found = [TermScore("words", "park", 0.6), TermScore("grams", "park", 0.2)]
    places = {
        "words": {"words": Counter(park=2), "heading": Counter(park=1)},
        "grams": {"text": Counter(park=2)},
    }
    told = explain(hit, terms, Shares(0.4, 0.2), found, places, [Step("list", 0.1)])

    assert told.total == pytest.approx(0.7)
    whole, grams, part = told.terms
    assert (whole.typed, whole.weight, whole.points) == ("Parks", 1.0, pytest.approx(0.2))
    assert whole.sources == (("words", pytest.approx(0.4 / 3)), ("heading", pytest.approx(0.2 / 3)))
    assert (part.typed, part.weight, part.is_added) == ("Parkplatz", 0.5, True)
    assert part.points == pytest.approx(0.1)
    assert (grams.field, grams.typed, grams.points) == ("grams", "Parks", pytest.approx(0.1))


def test_grams_of_a_word_are_told_together():
    """Singly they say nothing to anybody."""
    hit = Hit(make_passage("Ein Text."), 0.4, 1)
    terms = [make_term("Parks", grams=("park", "arks", "parks"))]
    found = [TermScore("grams", "park", 0.1), TermScore("grams", "arks", 0.3)]
    places = {"words": {}, "grams": {"text": Counter(park=1), "title": Counter(arks=1)}}
    (share,) = explain(hit, terms, Shares(0.4, 0.0), found, places, []).terms

    assert share.searched == ("park", "arks")
    assert share.sources == (("title", pytest.approx(0.3)), ("text", pytest.approx(0.1)))


def test_a_hit_by_vectors_alone_has_no_words():
    """Nothing is made up where no word was found."""
    hit = Hit(make_passage("Ein Text."), 0.2, 1)
    told = explain(hit, [make_term("Parks", ("park",))], Shares(0.0, 0.2), [], {}, [])

    assert (told.terms, told.total) == ((), 0.2)
