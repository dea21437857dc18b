"""Title, validity and workshop follow from file, catalogue and corrections, in that order."""

from dataclasses import replace

import pytest

from corpus.catalogue import Catalogue
from corpus.errors import FileRefusedError
from corpus.types import Document, Extraction, Reading, Workshop
from ingest.attribution import (
    Origin,
    attributed,
    chapter_pattern,
    fault_in,
    reading_key,
    workshop_of_heading,
)
from ingest.blocks import Block
from ingest.passages import passages
from ingest.sections import outline

WORKSHOPS = (
    Workshop(2, "Generationengerechte Quartiersentwicklung"),
    Workshop(3, "Sicherheit und Kriminalprävention"),
)
CATALOGUE = Catalogue(workshops=WORKSHOPS)
ORIGIN = Origin("heft", "abc", "heft.pdf", "/sammlung/heft.pdf", "/sammlung")
CHAPTERS = (
    Block("paragraph", "Vorwort."),
    Block("heading", "2. Werkstatt: Alter", level=1),
    Block("heading", "Ergebnisse", level=2),
    Block("paragraph", "Zwei."),
    Block("heading", "3. Werkstatt: Sicherheit", level=1),
    Block("heading", "Ergebnisse", level=2),
    Block("paragraph", "Drei."),
    Block("heading", "Querschnitt", level=1),
    Block("paragraph", "Alle."),
)


def reading(*blocks, **stated):
    """Return a reading as the reader leaves it."""
    outlined = outline(blocks or CHAPTERS)
    extraction = Extraction(reader="2", stated=tuple(stated.items()))
    document = Document("", "", "", "heft.pdf", "", "", "", extraction=extraction)
    return Reading(document, outlined.text, outlined.sections, passages(outlined))


def workshops(found):
    """Return the workshop of each passage by its text."""
    return {passage.text: passage.workshop for passage in found.passages}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3. Werkstatt: Sicherheit", (3, "Sicherheit und Kriminalprävention")),
        ("Werkstatt 3 – Sicherheit", (3, "Sicherheit und Kriminalprävention")),
        ("Werkstatt 7: Kultur", (7, "Kultur")),
        ("7. WERKSTATT: KULTUR", (7, "KULTUR")),
        ("Sicherheit und Kriminalprävention", (3, "Sicherheit und Kriminalprävention")),
        ("Werkstattreihe im Überblick", None),
        ("12. März 2018", None),
        ("Querschnitt: Beteiligung", None),
    ],
)
def test_headings_that_open_a_workshop(text, expected):
    """Numbers in either form and themes word for word are recognised, nothing else."""
    assert workshop_of_heading(text, WORKSHOPS) == expected


def test_workshop_holds_until_the_next_chapter_of_its_rank():
    """Sections below a workshop's chapter belong to it; the next chapter doesn't."""
    found = attributed(reading(), ORIGIN, CATALOGUE)

    assert workshops(found) == {"Vorwort.": None, "Zwei.": 2, "Drei.": 3, "Alle.": None}
    assert found.passages[2].workshop_title == "Sicherheit und Kriminalprävention"
    assert found.document.title == "heft"


def test_stated_workshop_holds_for_the_whole_document():
    """A document about one workshop belongs to it, whatever its chapters mention."""
    found = attributed(reading(werkstatt="3"), ORIGIN, CATALOGUE)

    assert set(workshops(found).values()) == {3}
    assert found.document.category == "Werkstatt"


def test_editor_overrules_catalogue_and_that_the_file():
    """Of three titles the editor's counts; taken back, the catalogue's counts again."""
    entry = Catalogue(documents={"heft.pdf": {"titel": "Katalog", "stand": "2018"}})
    stated = reading(titel="Datei", stand="2017", herkunft="Büro")
    corrected = attributed(stated, ORIGIN, entry, (("titel", "Redaktion"),))
    back = attributed(corrected, ORIGIN, entry, ())

    assert (corrected.document.title, corrected.document.date) == ("Redaktion", "2018")
    assert corrected.document.origin == "Büro"
    assert back.document.title == "Katalog"
    assert back == attributed(stated, ORIGIN, entry, ())


def test_one_section_is_given_to_a_workshop():
    """A correction for a heading holds for it and what lies below, against all patterns."""
    found = attributed(reading(), ORIGIN, CATALOGUE, (("abschnitt:Querschnitt", "3"),))

    assert workshops(found)["Alle."] == 3
    assert workshops(found)["Zwei."] == 2


def test_chapters_follow_the_pattern_of_the_document():
    """With its own pattern a document's other numbers are no workshops any more."""
    blocks = (
        Block("heading", "Kapitel 4: Kultur", level=1),
        Block("paragraph", "Vier."),
        Block("heading", "Werkstatt 3 – im Rückblick", level=1),
        Block("paragraph", "Rückblick."),
    )
    found = attributed(
        reading(*blocks), ORIGIN, Catalogue(), (("kapitel", "Kapitel {nummer}: {thema}"),)
    )

    assert workshops(found) == {"Vier.": 4, "Rückblick.": None}
    assert found.passages[0].workshop_title == "Kultur"


def test_pattern_takes_brackets_and_dots_as_they_are():
    """A template isn't an expression: its signs stand for themselves."""
    pattern = chapter_pattern("Teil (W.{nummer})")

    assert pattern.match("Teil (W.7) Kultur")
    assert not pattern.match("Teil (Wx7) Kultur")
    assert chapter_pattern("") is None


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        ({"werkstatt": "drei"}, "drei"),
        ({"werkstatt": "0"}, "0"),
        ({"gueltig_bis": "demnächst"}, "demnächst"),
        ({"gueltig_ab": "2018-13"}, "2018-13"),
        ({"kapitel": "Werkstatt"}, "nummer"),
        ({"abschnitt:Fazit": "x"}, "x"),
    ],
)
def test_senseless_statements_are_named(stated, fault):
    """What can't be a number, date or pattern is named, and a file that states it refused."""
    assert fault in fault_in(stated)
    if not any(":" in key for key in stated):
        with pytest.raises(FileRefusedError, match="falsche Angaben"):
            attributed(reading(**stated), ORIGIN, CATALOGUE)


def test_key_follows_what_changes_a_reading():
    """Theme, correction and recognised pages make another reading; a town doesn't."""
    extraction = Extraction(reader="2")
    key = reading_key(ORIGIN, extraction, CATALOGUE, ())
    town = Catalogue(workshops=tuple(replace(w, town="Essen") for w in WORKSHOPS))
    theme = Catalogue(workshops=tuple(replace(w, theme="Neu") for w in WORKSHOPS))

    assert reading_key(ORIGIN, extraction, town, ()) == key
    assert reading_key(ORIGIN, extraction, theme, ()) != key
    assert reading_key(ORIGIN, extraction, CATALOGUE, (("stand", "2018"),)) != key
    unread = replace(extraction, unreadable_pages=(1,))
    assert reading_key(ORIGIN, unread, CATALOGUE, ()) != key
    assert reading_key(ORIGIN, replace(unread, could_recognise=True), CATALOGUE, ()) != (
        reading_key(ORIGIN, unread, CATALOGUE, ())
    )


def test_passages_keep_their_text_and_get_new_names():
    """Attribution changes whose a passage is, never what it says."""
    before = reading()
    found = attributed(before, ORIGIN, CATALOGUE)

    assert [p.text for p in found.passages] == [p.text for p in before.passages]
    assert len({p.id for p in found.passages}) == len(found.passages)
    assert {p.document for p in found.passages} == {"heft"}
