"""A scope is taken from the wording only where it is plain, since a wrong one loses the answer."""

import pytest

from assistant.query.scope import recognise, workshop_number
from corpus.german import Analyser
from corpus.types import Document, Scope, Workshop

WORKSHOPS = (
    Workshop(1, "Sozialraumorientierung (Auftakt)", "Essen", "2017-03-15"),
    Workshop(2, "Generationengerechte Quartiersentwicklung", "Dortmund", "2017-05-15"),
    Workshop(3, "Sicherheit und Kriminalprävention", "Bochum", "2018-09-05"),
    Workshop(4, town="Essen"),
)


def document(id, title, category="Themenheft"):
    """Return a document with this title."""
    return Document(id, "v", "k", f"{id}.pdf", f"{id}.pdf", "", title, category)


DOCUMENTS = (
    document("gesundheit", "Gesundheit und Umweltgerechtigkeit im Quartier"),
    document("alter", "Alter und Digitalisierung im Quartier"),
    document("glossar", "Glossar: Abkürzungen und Begriffe", "Glossar"),
    document("band", "Sammelband: Drei Werkstätten", "Sammelband"),
)
ANALYSER = Analyser.learn(
    [*(w.theme for w in WORKSHOPS), *(d.title for d in DOCUMENTS), "Ein Heft im Quartier."]
)


def scope(text):
    """Return what the text is limited to."""
    return recognise(text, WORKSHOPS, DOCUMENTS, ANALYSER).scope


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Was wurde in Werkstatt 3 gesagt?", 3),
        ("Ergebnisse der 7. Werkstatt", 7),
        ("Was geschah in der elften Werkstatt?", 11),
        ("die zwoelfte werkstatt", 12),
        ("Wie viele Werkstätten gab es?", None),
    ],
)
def test_workshop_numbers(text, number):
    """Digits and ordinals are read, a mere mention of workshops isn't."""
    assert workshop_number(text) == number


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Was sagen die Werkstätten 1 und 3 dazu?", (1, 3)),
        ("Was sagen die Werkstätten 1 bis 3 dazu?", (1, 2, 3)),
        ("Werkstätten 4-2", (2, 3, 4)),
        ("Werkstätten 1, 3 – 4", (1, 3, 4)),
    ],
)
def test_several_workshops(text, several):
    """A range means every workshop in it, not its two ends."""
    assert recognise(text, WORKSHOPS, DOCUMENTS, ANALYSER).several == several


def test_a_range_may_not_go_beyond_the_series():
    """The first number that the series lacks is named."""
    named = recognise("Werkstätten 2 bis 9", WORKSHOPS, DOCUMENTS, ANALYSER)

    assert named.missing_workshop == 5


@pytest.mark.parametrize(
    "text",
    [
        "Was ist über die Werkstatt in Bochum bekannt?",
        "Was wurde in der Bochumer Werkstatt gesagt?",
        "thema werkstatt bochum",
        "Wann war die Werkstatt zu Sicherheit und Kriminalprävention?",
        "Was sagt Werkstatt 3 zu Angsträumen?",
        "Wo fand die Sicherheitswerkstatt statt?",
        "Worum ging es bei der Werkstatt 2018?",
        "Worum ging es bei der Werkstatt vom 5. September 2018?",
    ],
)
def test_workshop_is_recognised(text):
    """A workshop is named by number, theme, town or date."""
    assert scope(text) == Scope(workshop=3)


@pytest.mark.parametrize(
    "text",
    [
        "Welche Ämter gibt es in Bochum?",
        "Welche Ämter aus Bochum waren bei der Werkstatt?",
        "Was unterscheidet Werkstatt 2 und Werkstatt 3?",
        "Was hatten die Werkstätten 1 und 3 gemeinsam?",
        "Was hatten die zweite und die dritte Werkstatt gemeinsam?",
        "Was geschah außer in der Bochumer Werkstatt?",
        "Was war die Werkstatt in Essen?",
        "Welche Werkstätten gab es 2017?",
        "Was war die Werkstatt 2017?",
        "Welche Werkstatt ging um Sicherheit und Kriminalprävention?",
        "Wie organisiere ich eine Zukunftswerkstatt?",
    ],
)
def test_doubtful_wordings_limit_nothing(text):
    """Several workshops, a town with two, a year with two, a town alone or a "no" give no scope."""
    assert scope(text) == Scope()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Was steht im Themenheft Gesundheit zu Hitze?", "gesundheit"),
        ("Was sagt das Heft zur Gesundheit über Hitze?", "gesundheit"),
        ("was steht im themenheft digitalisierung", "alter"),
        ("was steht im themenheft alter", "alter"),
        ("Was bedeutet QM laut Glossar?", "glossar"),
        ("Was steht dazu im Sammelband?", "band"),
        ("Was steht in „Alter und Digitalisierung im Quartier“?", "alter"),
        ("Was steht im Themenheft Quartier?", None),
        ("Gibt es ein Glossar?", None),
        ("Was steht in dem Heft?", None),
        ("Was ist ein Themenheft?", None),
    ],
)
def test_document_is_recognised_by_its_title(text, expected):
    """A booklet is meant where its title is named and fits no other."""
    assert scope(text).document == expected


def test_wording_is_kept():
    """The reader can be shown which words limited the search."""
    found = recognise("Was wurde in der Bochumer Werkstatt gesagt?", WORKSHOPS, (), ANALYSER)

    assert found.wording == "Bochumer Werkstatt"


def test_missing_workshop_is_named():
    """A workshop that the series doesn't have is no scope; without a catalogue none is missing."""
    found = recognise("Worum ging es in Werkstatt 11?", WORKSHOPS, (), ANALYSER)

    assert (found.scope, found.missing_workshop) == (Scope(), 11)
    assert recognise("Worum ging es in Werkstatt 11?", (), (), ANALYSER).missing_workshop is None
