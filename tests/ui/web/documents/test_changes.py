"""Correcting, removing and going back, over the real pipeline and real files."""

import pytest

from corpus.errors import CorrectionError, UnknownItemError
from tests.ui.web.documents.desks import done
from ui.web.documents.jobs import EditingError


def titles(desk):
    """Return the titles of the collection."""
    return [row.document.title for row in desk.documents.rows()]


def test_a_correction_is_shown_before_it_is_saved(desk):
    """What was, what will be, and what follows."""
    given = {
        **desk.changes.values("werkhaus"),
        "titel": "Werkhaus",
        "werkstatt": "3",
        "gueltig_bis": "2020",
    }
    correction = desk.changes.correction("werkhaus", given)

    assert [(c.label, c.before, c.after) for c in correction.told] == [
        ("Titel", "Nachbarschaft in der Nordstadt", "Werkhaus"),
        ("Werkstatt", "keine Angabe", "3"),
        ("Gültig bis", "keine Angabe", "2020"),
    ]
    assert "Werkstatt 3" in correction.effects[0]
    desk.changes.save(correction)
    done(desk)
    row = desk.documents.row("werkhaus")
    assert (row.document.title, row.workshops, row.condition) == ("Werkhaus", (3,), "abgelaufen")
    assert row.light == "gut"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "nichts geändert"),
        ({"werkstatt": "zwölf"}, "keine Nummer"),
        ({"stand": "Mai 2018"}, "kein Datum"),
        ({"gueltig_bis": "2018-13"}, "kein Datum"),
        ({"gueltig_ab": "2020", "gueltig_bis": "2019"}, "liegt vor"),
        ({"ersetzt_durch": "werkhaus"}, "nicht selbst"),
        ({"titel": ""}, "nicht leeren"),
        ({"titel": "x" * 501}, "500 Zeichen"),
    ],
)
def test_what_makes_no_sense_is_not_saved(desk, change, message):
    """Each with a message that names it."""
    with pytest.raises(CorrectionError, match=message):
        desk.changes.correction("werkhaus", {**desk.changes.values("werkhaus"), **change})


def test_a_correction_of_a_changed_document_is_refused(desk):
    """Another tab was faster."""
    first, second = (
        desk.changes.correction("werkhaus", {**desk.changes.values("werkhaus"), "titel": title})
        for title in ("Eins", "Zwei")
    )
    desk.changes.save(first)
    done(desk)

    with pytest.raises(EditingError, match="inzwischen geändert"):
        desk.changes.save(second)
    assert "Eins" in titles(desk)


def test_removing_can_be_undone(desk):
    """With a receipt that promises no more than is true, and a word on what comes back."""
    desk.changes.remove("werkhaus", purge=False)
    token = done(desk).receipt

    assert titles(desk) == ["Spielplatz am Kanal"]
    text = desk.changes.receipt(token)
    assert "Nachbarschaft in der Nordstadt" in text
    assert "nicht endgültig gelöscht" in text
    assert desk.changes.restored().back == ("Nachbarschaft in der Nordstadt",)
    desk.changes.undo()
    assert done(desk).undone
    assert len(desk.documents.rows()) == 2
    assert desk.changes.restored().gone == ("Nachbarschaft in der Nordstadt",)


def test_a_purge_is_proven(desk):
    """The receipt names the search; no file of the data folder holds a sentence any more."""
    version = desk.documents.row("werkhaus").document.version
    desk.changes.remove("werkhaus", purge=True)
    finished = done(desk)

    text = desk.changes.receipt(finished.receipt)
    assert "nichts mehr gefunden" in text
    assert version in text
    assert desk.changes.restored() is None
    needle = b"ein offenes Werkhaus in der Nordstadt"
    for path in desk.store.folder.rglob("*"):
        assert not path.is_file() or needle not in path.read_bytes(), path


def test_a_receipt_can_not_be_guessed(desk):
    """An unknown one is named as gone."""
    with pytest.raises(UnknownItemError, match="Beleg"):
        desk.changes.receipt("0" * 16)
