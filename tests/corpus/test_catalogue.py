"""Catalogue and glossary: read strictly, nothing guessed, faults named."""

from pathlib import Path

import pytest

from corpus.catalogue import Catalogue, load_catalogue, load_glossary, one_of_each
from corpus.errors import CatalogueError
from corpus.types import Workshop

STARTER = Path(__file__).parents[2] / "corpus" / "documents"


def write(folder, text):
    """Write a catalogue into the folder and return the folder."""
    (folder / "werkstaetten.yaml").write_text(text, encoding="utf-8")
    return folder


def test_starter_catalogue_knows_three_workshops_of_ten():
    """Three workshops are known, seven are not, and what is unknown is empty."""
    catalogue = load_catalogue(STARTER)
    unknown = [w for w in catalogue.workshops if w.status == "unbekannt"]

    assert [w.number for w in catalogue.workshops] == list(range(1, 11))
    assert [w.number for w in unknown] == [4, 5, 6, 7, 8, 9, 10]
    assert all((w.theme, w.town, w.date, w.source) == ("", "", "", "") for w in unknown)
    third = catalogue.workshop(3)
    assert (third.town, third.date, third.status) == ("Bochum", "2017-09-05", "belegt")


def test_folder_without_catalogue_has_an_empty_one(tmp_path):
    """Someone else's folder gets no workshops of ours."""
    assert load_catalogue(tmp_path) == Catalogue()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- nur eine Liste", "Schlüsseln"),
        ("werkstaetten: [{thema: Ohne Nummer}]", "nummer"),
        ("werkstaetten: [{nummer: 1, status: vielleicht}]", "vielleicht"),
        ("werkstaetten: [{nummer: 1, datum: 5.9.2017}]", "JJJJ-MM-TT"),
        ("werkstaetten: [{nummer: 1}, {nummer: 1}]", "zweimal"),
        ("werkstaetten: [", "YAML"),
        ("dokumente: {a.pdf: {autor: X}}", "autor"),
    ],
)
def test_faults_are_named(tmp_path, text, fault):
    """Each fault is named with the file."""
    with pytest.raises(CatalogueError, match=fault) as raised:
        load_catalogue(write(tmp_path, text))

    assert "werkstaetten.yaml" in str(raised.value)


def test_glossary_is_complete():
    """All short forms of the field are there, whatever their capitals."""
    glossary = load_glossary()

    assert len(glossary.abbreviations) >= 114
    assert len(glossary.synonyms) >= 30
    assert glossary.abbreviation("ihk").long_form == "Integriertes Handlungskonzept"
    assert "Industrie- und Handelskammer" in glossary.abbreviation("IHK").other_readings
    assert glossary.abbreviation("ALL") is None


def test_glossary_has_english_terms():
    """Short forms, synonyms and further terms all have English ones, each with its German."""
    english = dict(load_glossary().english)

    assert english["neighbourhood management"] == "Quartiersmanagement"
    assert english["citizen participation"] == "Bewohnerbeteiligung"
    assert english["urban development funding"] == "Städtebauförderung"


def test_entries_of_one_number_are_joined():
    """What is known best wins, and the other fills what it leaves open."""
    read_in = Workshop(4, "Kultur", status="belegt")

    assert one_of_each([Workshop(5), Workshop(4, town="Köln"), read_in]) == (
        Workshop(4, "Kultur", "Köln", status="belegt"),
        Workshop(5),
    )


def test_two_series_never_make_a_workshop_that_was_none():
    """With another theme it is another event: its town and date stay away from the first."""
    ours = Workshop(2, "Generationen", status="angekündigt")
    theirs = Workshop(2, "Verkehr", "Soest", "2014-05-01", "belegt")

    assert one_of_each([ours, theirs]) == (ours,)
