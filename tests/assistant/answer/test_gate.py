"""The gate answers on enough evidence and otherwise says why not."""

from dataclasses import replace

import pytest

from assistant.answer.gate import (
    LACKING,
    THRESHOLD,
    Evidence,
    Part,
    confidence,
    gap,
    is_foreign,
    refuse,
)
from assistant.answer.terms import Term
from corpus.types import Workshop


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


def test_unknown_workshop_says_how_to_add_it():
    """A workshop nobody has documented yet is named with the remedy."""
    from assistant.answer.gate import refuse_unknown_workshop

    refusal = refuse_unknown_workshop(Workshop(7))

    assert refusal.reason == "unknown_workshop"
    assert "Werkstatt 7" in refusal.hint
    assert "ingest" in refusal.hint


TODAY = Part("Wie viele sind es heute?", ("today",))


def test_no_part_answered_means_no_answer():
    """What a question demands and no quote offers leaves nothing, however well words match."""
    lacking = replace(found(), parts=(Part("Wie viele?", ("number",)),))

    assert confidence(lacking) == 0


def test_one_part_answered_is_a_partial_answer():
    """The part that is missing is named, with what it lacks."""
    halves = (Part("Was ist ein Fonds"), Part("wie hoch ist er?", ("number",)))
    partial = replace(found(), parts=halves)

    assert confidence(partial) >= THRESHOLD
    assert "„wie hoch ist er“" in gap(partial).hint
    assert "Zahl" in gap(partial).hint


def test_a_whole_answer_has_no_gap():
    """Nothing is remarked where nothing is missing."""
    assert gap(replace(found(), parts=(Part("Was ist ein Fonds?"),))) is None


@pytest.mark.parametrize(
    ("asked", "foreign"),
    [
        ([term("kostet"), term("Elefant", known=False)], True),
        ([term("Miete"), term("Mars", known=False)], False),
        ([term("kostet"), term("elefant", known=False)], False),
        ([term("organisiert"), term("Workshop-Reihe", known=False)], False),
        ([term("kostet")], False),
    ],
)
def test_a_question_all_of_whose_nouns_are_unknown_is_about_something_else(asked, foreign):
    """A verb that is found proves nothing; what is typed in small letters has no nouns to tell."""
    assert is_foreign(asked) == foreign


def test_today_is_answered_with_the_age_of_what_is_known():
    """The reader learns that the documents say nothing about today, and how old they are."""
    asked = replace(found(), parts=(TODAY,), dates=("2017-11", "2019"))

    assert confidence(asked) >= THRESHOLD
    assert gap(asked).reason == "outdated"
    assert "November 2017 bis 2019" in gap(asked).hint


@pytest.mark.parametrize(
    ("demand", "reason"),
    [("event", "false_premise"), ("elsewhere", "outdated"), ("number", "not_in_corpus")],
)
def test_the_refusal_says_what_is_lacking(demand, reason):
    """The reason follows from what was demanded."""
    refusal = refuse([term("Fonds")], replace(found(), parts=(Part("…", (demand,)),)), [])

    assert refusal.reason == reason
    assert LACKING[demand] in refusal.hint
