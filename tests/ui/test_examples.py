"""Questions to begin with come from the collection, and it answers them."""

from corpus.types import Workshop
from tests.ui.answers import make_document
from ui.examples import FIRST, MOST, MOST_TRIED, drawn

BOOKLETS = tuple(make_document(id=id, category="Themenheft") for id in "ab")
HEADINGS = {"a": ("Lärm", "Grünflächen"), "b": ("Wer zahlt das?",), "k": ("Abkürzungen",)}


def test_only_answered_questions_are_shown():
    """Of the usual ones those that hold, then the catalogue's and the headings'."""
    workshops = (Workshop(3, "Sicherheit", "Bochum", "2017-09-05"), Workshop(4))
    lists = make_document(id="k", category="Glossar")
    asked = []

    def is_answered(question):
        asked.append(question)
        return question not in FIRST[1:]

    found = drawn((*BOOKLETS, lists), workshops, HEADINGS, is_answered)

    assert found == (
        FIRST[0],
        "Wann und wo fand die 3. Werkstatt statt?",
        "Was steht zu „Lärm“ da?",
        "Wer zahlt das?",
        "Was steht zu „Grünflächen“ da?",
    )


def test_six_are_enough():
    """Nothing more is tried than is needed, and never without end."""
    asked = []
    assert len(drawn(BOOKLETS, (), HEADINGS, lambda q: not asked.append(q))) == MOST
    assert len(asked) == MOST

    many = {"a": [f"Überschrift {n}" for n in range(99)]}
    asked.clear()
    assert drawn(BOOKLETS, (), many, lambda q: bool(asked.append(q))) == ()
    assert len(asked) == MOST_TRIED
