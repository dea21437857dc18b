"""Slips are mended by the collection's words, and words that are no slips stay as they are."""

import pytest

from assistant.query.spelling import Change, join_split, mend
from corpus.catalogue import load_glossary
from corpus.german import Analyser

ANALYSER = Analyser.learn(
    [
        "Die ressortübergreifende Zusammenarbeit der Ämter im Quartiersmanagement.",
        "Die Zusammenarbeit mit dem Quartiersmanagement regelt das Stadtteilbüro.",
        "Zusammenarbeit im Quartiersmanagement, sagt Früchtel; wer mitstimmt, wirkt mit.",
        "Die Mitwirkung im Stadtteil. Ein Büro im Quartier.",
        "Ein Büro im Stadtteil.",
        "Die Lehrerin meldet Mängel. Die Werkstatt zu SONI und ISEK.",
        *["SONI heißt ein Modell."] * 3,
    ]
)
GLOSSARY = load_glossary()


def mended(text):
    """Return the text as it is read."""
    return mend(text, ANALYSER, GLOSSARY)[0]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Was ist Quartiersmanagment?", "Was ist Quartiersmanagement?"),
        ("zusammanarbeit der ämter", "Zusammenarbeit der ämter"),
        ("sonni modell", "SONI modell"),
        ("Was macht das Quartirsmanagment?", "Was macht das Quartiersmanagement?"),
    ],
)
def test_slips_are_mended(typed, read):
    """A word that neither collection nor German has becomes the collection's nearest."""
    assert mended(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "Zwölf Leute wohnen in feuchten Zimmern.",  # not Früchtel
        "Von der Info bis zum Mitbestimmen",  # not mitstimmen
        "Wie hoch ist die Mietobergrenze?",
        "Was schreibt Früchtl?",  # a rare name is no word to mend to
        "Was bedeutet ISEC?",
        "Kennt Anton Berta?",
        "mängel und maengel",
    ],
)
def test_words_that_are_no_slips_stay(text):
    """German words, short forms in capitals and neighbours of rare names stay as typed."""
    assert mended(text) == text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("zusammen arbeit der Ämter", "Zusammenarbeit der Ämter"),
        ("ressort übergreifende Steuerung", "ressortübergreifende Steuerung"),
        ("Was macht das Quartiers Management?", "Was macht das Quartiersmanagement?"),
        ("Was macht das Quartier Management?", "Was macht das Quartiermanagement?"),
        ("mit Wirkung vom 1. Mai", "mit Wirkung vom 1. Mai"),
        ("Zusammen, Arbeit", "Zusammen, Arbeit"),
        ("Stadtteil Büro", "Stadtteil Büro"),
    ],
)
def test_split_words_are_joined(typed, read):
    """Two neighbours become the collection's word, unless its parts are searched anyway."""
    assert join_split(typed, ANALYSER)[0] == read


def test_changes_are_kept():
    """The reader can be shown what was read otherwise."""
    _, changes = mend("zusammen arbeit im Quartiersmanagment", ANALYSER, GLOSSARY)

    assert changes == (
        Change("zusammen arbeit", "Zusammenarbeit"),
        Change("Quartiersmanagment", "Quartiersmanagement"),
    )


def test_word_list_is_asked_last(monkeypatch):
    """The costly list isn't opened for words that the collection has, nor for those far from it."""

    def refuse(word):
        raise AssertionError(word)

    monkeypatch.setattr("assistant.query.spelling.is_listed", refuse)

    assert mended("Zusammenarbeit mit Xylophonisten") == "Zusammenarbeit mit Xylophonisten"
