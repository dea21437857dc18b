"""The documents as HTML: the list and what is asked of one."""

from dataclasses import replace

from tests.ui.web.documents.documents import ROW
from ui.web.documents import view as documents_view


def test_a_row_names_all_there_is():
    """With numbers and dates as people write them."""
    shown = documents_view.listing([ROW], 1, "")

    for part in ("Bericht Nord", "in Ordnung", "gut gelesen", "1–3, 5", "2 Seiten"):
        assert part in shown
    assert "1.234 Textstellen" in shown
    assert "23.11.2026" in shown
    assert 'scope="row"' in shown


def test_states_are_told_in_words():
    """Colour alone says nothing."""
    for condition, light in (("abgelaufen", "prüfen"), ("ersetzt", "schlecht")):
        shown = documents_view.listing([replace(ROW, condition=condition, light=light)], 1, "")
        assert condition in shown
    assert "schlecht gelesen" in shown


def test_an_empty_collection_and_an_empty_search_differ():
    """One says what to do, the other what was searched."""
    assert "noch leer" in documents_view.listing([], 0, "")
    assert "<i>" not in documents_view.listing([], 3, "<i>")
    assert "Keine Unterlage" in documents_view.listing([], 3, "<i>")
