"""What was said in the conversation isn't said again."""

from assistant.answer.said import unsaid
from assistant.answer.terms import EMPTY
from assistant.answer.units import Unit
from tests.factories import make_passage


def unit(text):
    """Return a weighed unit."""
    return Unit(make_passage(text), 0, 1.0, 1.0, EMPTY)


def test_what_was_said_is_left_out():
    """A sentence of an earlier answer is passed over, whatever its punctuation there."""
    old, new = unit("Der Fonds ist ein Budget."), unit("Ein Gremium entscheidet.")

    assert unsaid([old, new], ["Der Fonds ist ein Budget"]) == [new]


def test_it_is_said_again_where_nothing_else_is_there():
    """Better the same sentence than none."""
    old = unit("Der Fonds ist ein Budget.")

    assert unsaid([old], ["Der Fonds ist ein Budget."]) == [old]
