"""Questions with two readings are put back; all others are left alone."""

import pytest

from assistant.answer.clarify import (
    leaves_workshop_open,
    reading_meant,
    reference_open,
    workshop_meant,
)
from assistant.query.question import Query
from assistant.types import Reading
from corpus.german import Analyser
from corpus.types import Scope, Workshop

ANALYSER = Analyser()
SHOPS = [Workshop(1, "Auftakt"), Workshop(3, "Sicherheit")]
IHK = Reading("IHK", "Handlungskonzept", ("Handelskammer",), is_sure=True)


def query(text, scope=Scope(), **more):  # noqa: B008
    """Return a query as understood."""
    return Query(text, text, "", frozenset(), scope, **more)


def test_the_workshop_without_a_number_is_asked_back():
    """The full questions are there to press."""
    refusal, questions = workshop_meant(query("Was war das Ergebnis der Werkstatt?"), SHOPS)

    assert refusal.reason == "ambiguous"
    assert questions == (
        "Was war das Ergebnis der Werkstatt 1?",
        "Was war das Ergebnis der Werkstatt 3?",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Was war das Ergebnis der Werkstatt zu Sicherheit?",
        "Wie bereite ich eine Werkstatt vor?",
        "Worum ging es in der Werkstattreihe?",
        "Was geschah in der dritten Werkstatt?",
    ],
)
def test_a_workshop_that_is_named_or_any_one_is_clear(text):
    """Theme, ordinal and "eine" leave nothing open."""
    assert not leaves_workshop_open(query(text))


def test_a_chosen_workshop_is_clear():
    """What the reader has chosen decides."""
    assert not leaves_workshop_open(query("Was ergab die Werkstatt?", Scope(workshop=3)))


def test_a_short_form_alone_is_asked_back():
    """Even where the collection prefers one reading."""
    refusal, questions = reading_meant(query("IHK?", readings=(IHK,)))

    assert "„Handlungskonzept“ oder „Handelskammer“" in refusal.hint
    assert questions == ("Was bedeutet Handlungskonzept?", "Was bedeutet Handelskammer?")


def test_a_sure_reading_in_a_question_is_clear():
    """The collection settles it."""
    assert reading_meant(query("Was macht die IHK im Quartier?", readings=(IHK,))) is None


def test_an_open_reading_offers_both_questions():
    """Each with its reading put in."""
    unsure = Reading("IHK", "", ("Handlungskonzept", "Handelskammer"), is_sure=False)
    _, questions = reading_meant(query("Was macht die IHK im Quartier?", readings=(unsure,)))

    assert questions == (
        "Was macht die Handlungskonzept im Quartier?",
        "Was macht die Handelskammer im Quartier?",
    )


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("Wer hat sie moderiert?", True),
        ("Gilt das auch für kleinere Kommunen?", True),
        ("Was ist ein Verfügungsfonds und wer verwaltet ihn?", False),
        ("Verfügungsfonds", False),
    ],
)
def test_a_pronoun_without_a_conversation_is_asked_back(text, is_open):
    """Only where the question has no subject of its own."""
    assert (reference_open(query(text), ANALYSER) is not None) == is_open


def test_a_pronoun_within_a_conversation_is_clear():
    """The question before says what is meant."""
    resolved = query("Wer hat sie moderiert?", context="Wann war die Werkstatt?")

    assert reference_open(resolved, ANALYSER) is None
