"""What an editor sees of the collection, over real files."""

import pytest

from corpus.errors import UnknownItemError
from ui.wording import for_page


def test_rows_say_what_there_is(desk):
    """Title, state, size, quality and the day of reading in."""
    workhouse, playground = desk.documents.rows()

    assert workhouse.document.title == "Nachbarschaft in der Nordstadt"
    assert (workhouse.condition, workhouse.light) == ("in Ordnung", "gut")
    assert (workhouse.pages, workhouse.passages) == (0, 2)
    assert len(workhouse.read) == 10
    assert playground.document.title == "Spielplatz am Kanal"


@pytest.mark.parametrize(
    ("search", "count"),
    [("", 2), ("NORDSTADT", 1), ("kanal spiel", 1), ("werkhaus.md", 1), ("fehlt", 0)],
)
def test_the_list_can_be_searched(desk, search, count):
    """By all of its words, in any case, in what the list shows."""
    assert len(desk.documents.rows(search)) == count


def test_an_unknown_document_is_named_as_gone(desk):
    """It may have been removed elsewhere meanwhile."""
    with pytest.raises(UnknownItemError, match="nicht mehr"):
        desk.documents.row("fehlt")


def test_findings_name_no_commands(desk):
    """The page has buttons for them."""
    text = "Das Dokument galt bis 3. März 2020. „sozialraum documents remove x“ entfernt es."

    assert for_page(text) == "Das Dokument galt bis 3. März 2020."
    assert all(
        "sozialraum " not in f.text
        for row in desk.documents.rows()
        for f in desk.documents.findings(row)
    )
