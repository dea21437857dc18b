"""Questions become standalone queries by rules that the reader can follow."""

import pytest

from assistant.question import answer_types, understand, workshop_number
from assistant.types import Turn
from corpus.catalogue import load_glossary
from corpus.errors import QuestionError
from corpus.german import Analyser
from corpus.types import Scope, Workshop

WORKSHOPS = (
    Workshop(1, "Sozialraumorientierung (Auftakt)", "Essen"),
    Workshop(2, "Generationengerechte Quartiersentwicklung", "Dortmund"),
    Workshop(3, "Sicherheit und Kriminalprävention", "Bochum"),
    Workshop(4),
)
ANALYSER = Analyser.learn(
    [
        "Die ressortübergreifende Zusammenarbeit der Ämter im Quartiersmanagement.",
        "Die Werkstatt zu Sicherheit und Kriminalprävention in Bochum.",
        "Ein Verfügungsfonds fördert Projekte der Bewohnerschaft.",
        "Das Brot und das Boot.",
    ]
)
GLOSSARY = load_glossary()


def query(question, history=(), scope=Scope()):  # noqa: B008
    """Understand a question over the little collection above."""
    return understand(question, history, scope, WORKSHOPS, GLOSSARY, ANALYSER)


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
    ("text", "kinds"),
    [
        ("Wann und wo fand sie statt?", {"date", "place"}),
        ("Was ist ein Verfügungsfonds?", {"definition"}),
        ("Wie viele Städte nahmen teil?", {"number"}),
        ("Wie baue ich ein Netzwerk auf?", {"procedure"}),
        ("Welche Hemmnisse gibt es?", {"list"}),
        ("Verfügungsfonds", {"open"}),
    ],
)
def test_kinds_of_answers(text, kinds):
    """The wording tells what kind of answer is asked for."""
    assert answer_types(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Was ist über die Werkstatt in Bochum bekannt?",
        "Wann war die Werkstatt zu Sicherheit und Kriminalprävention?",
        "Was sagt Werkstatt 3 zu Angsträumen?",
    ],
)
def test_workshop_is_recognised_as_scope(text):
    """A workshop named by town, theme or number limits the search and is shown."""
    assert query(text).scope == Scope(workshop=3)


def test_town_without_workshop_is_no_scope():
    """A town alone doesn't limit the search."""
    assert query("Welche Ämter gibt es in Bochum?").scope == Scope()


def test_chosen_scope_stays():
    """What the reader has chosen isn't overruled by the wording."""
    chosen = Scope(document="heft")

    assert query("Was ist über die Werkstatt in Bochum bekannt?", scope=chosen).scope == chosen


def test_missing_workshop_is_noticed():
    """A workshop that the series doesn't have is a false premise."""
    assert query("Was wurde in der elften Werkstatt besprochen?").missing_workshop == 11
    assert query("Was wurde in der vierten Werkstatt besprochen?").missing_workshop is None


def test_short_forms_are_written_out_for_searching():
    """Short forms bring their long form, long forms their short form; the text stays."""
    found = query("Was bedeutet IHK?")

    assert found.text == "Was bedeutet IHK?"
    assert "Integriertes Handlungskonzept" in found.expansion
    assert "WAG" in query("Gilt das Wohnungsaufsichtsgesetz NRW noch?").expansion


def test_typos_are_mended_visibly():
    """A mistyped word becomes the collection's word; known and foreign words stay."""
    assert "Quartiersmanagement" in query("Was ist Quartiersmanagment?").text
    assert query("Was ist ein Verfügungsfonds?").text == "Was ist ein Verfügungsfonds?"
    assert "Mietobergrenze" in query("Wie hoch ist die Mietobergrenze?").text


def test_follow_up_takes_the_last_full_question_along():
    """A question that can't stand alone is put behind the one it follows."""
    history = (
        Turn("user", "Wann fand die Werkstatt zu Kriminalprävention statt?"),
        Turn("assistant", "Am 5. September 2017."),
    )

    found = query("Und in Dortmund?", history)

    assert found.text.startswith("Wann fand die Werkstatt zu Kriminalprävention statt")
    assert found.text.endswith("Und in Dortmund?")
    full = "Welche Projekte fördert ein Verfügungsfonds der Bewohnerschaft?"
    assert query(full, history).text == full


@pytest.mark.parametrize("text", ["", "   ", "???", "\0", "x" * 4001])
def test_nothing_to_ask_is_refused(text):
    """Empty, too long and wordless questions are named errors."""
    with pytest.raises(QuestionError):
        query(text)
