"""What a question demands is missed where the quoted units don't offer it, and only there."""

import pytest

from assistant.answer.demands import Question, Said, quantities, unmet
from assistant.answer.terms import terms
from assistant.query.question import Query, answer_types
from corpus.catalogue import load_glossary
from corpus.german import Analyser
from corpus.types import Scope

GLOSSARY = load_glossary()
ANALYSER = Analyser.learn(
    [
        "Das Gesetz wurde in 114 Kommunen angewandt. Die Werkstatt fand in Bochum statt.",
        "Ein Verfügungsfonds fördert Projekte. Die Steuerungsgruppe wurde eingerichtet.",
        "Das Quartiersmanagement in Essen-Altenessen. Ehrenamtliche helfen im Städtenetz.",
    ]
)


def lacking(text, *units, scoped=""):
    """Return what the question demands and the units don't offer."""
    asked = terms(Query(text, text, "", frozenset(), Scope()), ANALYSER, GLOSSARY)
    said = [unit if isinstance(unit, Said) else Said(unit) for unit in units]
    return unmet(Question(text, answer_types(text), asked, scoped), said, ANALYSER)


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("Wie viele Ehrenamtliche helfen im Städtenetz?", "40 Ehrenamtliche helfen dort."),
        ("Wie viele Kommunen waren es?", "Es waren 114 beteiligte Kommunen."),
        ("Wie hoch war der Verfügungsfonds?", "Der Verfügungsfonds betrug 5 € im Jahr."),
        ("Wie oft tagt die Steuerungsgruppe?", "Die Steuerungsgruppe tagt monatlich."),
        ("Wann fand die Werkstatt statt?", "Die Werkstatt fand am 5. September 2017 statt."),
        ("Welche Telefonnummer hat das Büro?", "Sie erreichen es unter 0201 1234567."),
        ("Welche Kommunen waren dabei?", "Dabei waren Dortmund und Köln."),
        (
            "Wer leitet das Quartiersmanagement in Köln?",
            "In Köln leitet das Quartiersmanagement A.",
        ),
        ("Warum wurde die Gruppe aufgelöst?", "Die Gruppe wurde nach dem Streit aufgelöst."),
        ("Welche Aufrufe sind derzeit offen?", "Derzeit sind zwei Aufrufe offen."),
        ("Welche Bußgelder gelten?", "Bußgelder sind dem Gesetz zu entnehmen."),
    ],
)
def test_what_is_offered_is_not_missed(question, unit):
    """A unit of the right form is enough."""
    assert lacking(question, unit) == ()


@pytest.mark.parametrize(
    ("question", "unit", "demand"),
    [
        ("Wie viele Ehrenamtliche helfen im Städtenetz?", "Ehrenamtliche helfen.", "number"),
        (
            "Wie viele Ehrenamtliche helfen?",
            "Ehrenamtliche haben dort nach dem Konzept sechs Aufgaben.",
            "number",
        ),
        ("Wie hoch war der Verfügungsfonds?", "Ein Verfügungsfonds fördert Projekte.", "number"),
        ("Wie hoch war der Fonds nach Nr. 14?", "Nach Nr. 17 waren es 5 €.", "number"),
        ("Wann fand die Werkstatt statt?", "Die Werkstatt fand in Bochum statt.", "date"),
        ("Welche Telefonnummer hat das Büro?", "Das Büro liegt in der Halbachstraße 1.", "contact"),
        ("Welche Kommunen waren dabei?", "Zwölf Kommunen waren dabei.", "names"),
        (
            "Wer leitet das Quartiersmanagement in Essen-Altenessen?",
            "Das Quartiersmanagement leitet Anliegen weiter.",
            "place",
        ),
        ("Warum wurde die Steuerungsgruppe aufgelöst?", "Die Steuerungsgruppe tagt.", "event"),
        ("Welche Aufrufe sind derzeit offen?", "2017 waren Aufrufe offen.", "today"),
        ("Welche Bußgelder sieht es vor?", "Bußgelder sind ihm zu entnehmen.", "elsewhere"),
        ("Wie viele Gäste kamen?", "Zahl der Gäste: 40, aber nicht belegt.", "known"),
    ],
)
def test_what_is_not_offered_is_missed(question, unit, demand):
    """Each demand fails on its own."""
    assert demand in lacking(question, unit)


def test_a_cell_that_is_not_known_counts_for_its_column_alone():
    """The row answers what another column is asked for."""
    row = Said("Höhe\t5 €\tnicht belegt", head="Merkmal\tnach Nr. 17\tnach Nr. 14")

    assert "known" in lacking("Höhe nach Nr. 14?", row)
    assert lacking("Höhe nach Nr. 17?", row) == ()


def test_a_place_that_limits_the_search_needs_no_proof():
    """What the scope has ensured isn't asked for again."""
    question = "Was wurde in der Werkstatt in Bochum besprochen?"

    assert lacking(question, "Es ging um Sicherheit.", scoped="Werkstatt in Bochum") == ()


def test_dates_and_numbering_count_nothing():
    """Years, days, paragraphs and numbers of workshops aren't quantities."""
    text = "1. Am 5. September 2017 nannte § 171e in Werkstatt 3 nach Nr. 17 rund 40 Fälle."

    assert [found[0] for found in quantities(text)] == ["40"]
