"""Why a passage is found, in the browser: every share is told, and foreign text stays text."""

import pytest

from assistant.query.question import Query
from assistant.search.explain import Explanation, TermShare
from assistant.search.rerank import Step
from corpus.types import Hit, Scope
from tests.factories import make_document, make_passage
from tests.ui.payloads import PAYLOADS
from ui.web.quality import search_view


def make_query(text="Parks im Quartier"):
    """A query as it is searched."""
    return Query(question=text, text=text, expansion="Grünfläche", types=frozenset(), scope=Scope())


def test_each_hit_tells_its_shares_and_what_moved_it():
    """Words, added words, vectors and steps; what brought nothing isn't listed."""
    first, second = (make_passage(f"Text {n}.", ordinal=n) for n in (1, 2))
    shares = (
        TermShare("Parks", "words", ("park",), 1.0, False, (("words", 0.3),)),
        TermShare("Grün", "grams", ("grün", "ngrü"), 0.3, True, (("heading", 0.1234),)),
        TermShare("leer", "grams", ("leer",), 0.6, False, (("text", 0.0001),)),
    )
    explanations = [
        Explanation(Hit(first, 0.7, 1), shares, 0.1766, ()),
        Explanation(Hit(second, 0.2, 2), (), 0.25, (Step("repeats", -0.05, first.id),)),
    ]
    shown = search_view.results(make_query(), explanations, {"heft": make_document()})

    for said in (
        *("Gesucht nach: Parks im Quartier", "ergänzt: Grünfläche", "2 Treffer", "1. Heft"),
        *("Wertung 0,700", "<td>Parks</td>", "Gewicht 0,30, ergänzt", "Überschrift +0,123"),
        *("+0,177", "-0,050: sagt fast dasselbe wie Treffer 1"),
    ):
        assert said in shown
    assert "leer" not in shown
    assert "Nichts gefunden." in search_view.results(make_query(), [], {})


@pytest.mark.parametrize("payload", PAYLOADS)
def test_foreign_text_stays_text(payload):
    """Question, passage and title can't become markup."""
    share = TermShare(payload, "words", (payload,), 1.0, False, (("words", 0.3),))
    hit = Hit(make_passage(payload), 0.7, 1)
    documents = {"heft": make_document(title=payload)}
    explanation = Explanation(hit, (share,), 0.1, ())
    shown = search_view.results(make_query(payload), [explanation], documents)

    assert "<script" not in shown
    assert "<img" not in shown
