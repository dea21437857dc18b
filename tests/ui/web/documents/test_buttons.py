"""What the browser sends for a button, and what is understood of it."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ui.web.documents.documents import ROW
from ui.web.documents import buttons as document_buttons
from ui.web.documents import view as documents_view


@given(st.one_of(st.text(max_size=40), st.integers(), st.none()))
def test_odd_presses_are_nothing(name):
    """The browser may send anything."""
    found = document_buttons.pressed(name)

    assert found is None or found.act


def test_presses_are_read_back():
    """By what they do, and on which entry."""
    key = document_buttons.key("bericht")

    assert document_buttons.pressed(f"show-{key}") == document_buttons.Press("show", key)
    assert document_buttons.pressed("read-documents") == document_buttons.Press("read", "")
    assert document_buttons.pressed("format-documents") is None
    assert f'id="show-{key}"' in documents_view.listing([ROW], 1, "")
