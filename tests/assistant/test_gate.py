"""The gate answers on enough evidence and otherwise says why not."""

import pytest

from assistant.gate import THRESHOLD, Evidence, confidence, nearest, refuse
from assistant.terms import Term
from corpus.types import Hit, Workshop
from tests.factories import make_document, make_passage


def term(word, known=True, light=False):
    """Return a content word of a question."""
    return Term(word, word.lower(), (), frozenset(), 1.0, known, light)


def found(cover=1.0, missing=(), exact=(), enumerates=True):
    """Return evidence that is enough but for what is named."""
    return Evidence(cover, tuple(missing), tuple(exact), enumerates)


@pytest.mark.parametrize(
    ("evidence", "enough"),
    [
        (found(), True),
        (found(cover=THRESHOLD), True),
        (found(cover=THRESHOLD - 0.01), False),
        (found(exact=("2026",)), False),
        (found(enumerates=False), False),
    ],
)
def test_enough_means_covered_exact_and_counted(evidence, enough):
    """Coverage, years and paragraphs, and "which five" each decide on their own."""
    assert (confidence(evidence) >= THRESHOLD) == enough


def test_question_of_unknown_words_is_out_of_scope():
    """When no word of a question is known, the refusal says what the collection is about."""
    brot = term("Brot", known=False)
    refusal = refuse([brot], found(0, [brot]), [])

    assert refusal.reason == "out_of_scope"
    assert "„Brot“" in refusal.hint


def test_missing_words_and_years_are_named():
    """A near miss names what isn't proven, but not words that say how to answer."""
    known, unknown = term("Gelsenkirchen"), term("Mietobergrenze", known=False)
    light = term("hoch", light=True)
    refusal = refuse([known, unknown, light], found(0.2, [unknown, light], ["2026"]), [])

    assert refusal.reason == "not_in_corpus"
    assert "„Mietobergrenze“, „2026“" in refusal.hint
    assert "hoch" not in refusal.hint


def test_nearest_places_are_named_once_each():
    """Document, section and printed page of the best hits, without repeats."""
    hits = [
        Hit(make_passage(text, pages=(1,), ordinal=i), 1.0, i + 1)
        for i, text in enumerate(("Eins.", "Zwei."))
    ]

    assert nearest(hits, {"heft": make_document()}) == ("Heft › Kapitel (S. 1)",)


def test_unknown_workshop_says_how_to_add_it():
    """A workshop nobody has documented yet is named with the remedy."""
    from assistant.gate import refuse_unknown_workshop

    refusal = refuse_unknown_workshop(Workshop(7))

    assert refusal.reason == "unknown_workshop"
    assert "Werkstatt 7" in refusal.hint
    assert "ingest" in refusal.hint
