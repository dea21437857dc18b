"""Questions that ask for several things fall into one question for each."""

import pytest

from assistant.query.parts import parts


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Wann und wo fand sie statt?", ("Wann fand sie statt?", "wo fand sie statt?")),
        (
            "Was ist ein Fonds und wer verwaltet ihn?",
            ("Was ist ein Fonds", "wer verwaltet ihn?"),
        ),
        (
            "In welcher Stadt und an welchem Tag fand sie statt?",
            ("In welcher Stadt fand sie statt?", "an welchem Tag fand sie statt?"),
        ),
    ],
)
def test_two_questions_in_one(question, found):
    """What both share is said with each."""
    assert parts(question) == found


@pytest.mark.parametrize(
    "question",
    [
        "Was ist ein Verfügungsfonds?",
        "Wie erfasse ich selbst, was es an Läden gibt?",
        "Welche Rolle spielen Polizei und Ordnungsamt?",
    ],
)
def test_one_question_stays_whole(question):
    """A relative clause or a list of nouns asks for one thing."""
    assert parts(question) == (question,)
