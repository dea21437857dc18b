"""Questions become standalone queries by rules that the reader can follow."""

import pytest

from assistant.query.question import answer_types, understand
from assistant.types import Turn
from corpus.catalogue import load_glossary
from corpus.errors import QuestionError
from corpus.german import Analyser
from corpus.types import Document, Scope, Workshop

WORKSHOPS = (
    Workshop(1, "Sozialraumorientierung (Auftakt)", "Essen"),
    Workshop(2, "Generationengerechte Quartiersentwicklung", "Dortmund"),
    Workshop(3, "Sicherheit und Kriminalprävention", "Bochum"),
    Workshop(4),
)
DOCUMENTS = (
    Document("glossar", "v", "k", "g.pdf", "g.pdf", "", "Glossar: Abkürzungen", "Glossar"),
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
    return understand(question, history, scope, WORKSHOPS, GLOSSARY, ANALYSER, DOCUMENTS)


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


def test_scope_and_its_wording_are_shown():
    """A workshop or booklet that the wording names limits the search, and the reader sees why."""
    workshop = query("Was ist über die Werkstatt in Bochum bekannt?")
    booklet = query("Was bedeutet QM laut Glossar?")

    assert (workshop.scope, workshop.scope_wording) == (Scope(workshop=3), "Werkstatt in Bochum")
    assert (booklet.scope, booklet.scope_wording) == (Scope(document="glossar"), "laut Glossar")


def test_chosen_scope_stays():
    """What the reader has chosen isn't overruled by the wording."""
    chosen = Scope(document="heft")

    found = query("Was ist über die Werkstatt in Bochum bekannt?", scope=chosen)

    assert (found.scope, found.scope_wording) == (chosen, "")


def test_missing_workshop_is_noticed():
    """A workshop that the series doesn't have is a false premise."""
    assert query("Was wurde in der elften Werkstatt besprochen?").missing_workshop == 11
    assert query("Was wurde in der vierten Werkstatt besprochen?").missing_workshop is None


def test_additions_and_readings_are_shown():
    """What is searched with the text is named word by word; the text stays as asked."""
    found = query("Was macht das QM?")

    assert found.text == "Was macht das QM?"
    assert found.expansion == "Quartiersmanagement"
    assert [(a.typed, a.form) for a in found.additions] == [("QM", "Quartiersmanagement")]
    assert [(r.taken, r.others) for r in found.readings] == [
        ("Quartiersmanagement", ("Qualitätsmanagement",))
    ]


def test_changed_words_are_shown():
    """Slips are mended and split words joined in the text that is searched and shown."""
    found = query("Was ist zusammen arbeit im Quartiersmanagment?")

    assert found.text == "Was ist Zusammenarbeit im Quartiersmanagement?"
    assert [(c.typed, c.read) for c in found.changes] == [
        ("zusammen arbeit", "Zusammenarbeit"),
        ("Quartiersmanagment", "Quartiersmanagement"),
    ]


def test_politeness_is_no_part_of_the_query():
    """The frame is dropped from what is searched; the kind of answer is what was asked for."""
    found = query("Könnten Sie mir bitte sagen, wann die Werkstatt in Bochum war? Vielen Dank!")

    assert found.text == "Wann die Werkstatt in Bochum war?"
    assert found.types == {"date"}


def test_english_questions_are_asked_in_german():
    """Terms of the field and question words are translated, and the kind of answer follows."""
    found = query("What is neighbourhood management?")

    assert found.text == "Was ist Quartiersmanagement?"
    assert found.types == {"definition"}


@pytest.mark.parametrize(
    "text",
    [
        "Könnten Sie mir bitte sagen, was zusammen arbeit im Quartiersmanagment ist? Danke!",
        "What is neighbourhood management?",
        "was macht das qm in der bochumer werkstatt",
    ],
)
def test_query_is_its_own_query(text):
    """Searching for the query shown finds the same as the question did."""
    first = query(text)
    again = query(first.text)

    assert (again.text, again.expansion, again.scope) == (first.text, first.expansion, first.scope)


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


def test_what_is_asked_now_stays_apart_from_its_context():
    """The kind of answer is what the follow-up asks for; both are searched, scope included."""
    history = (
        Turn("user", "Wann war die Werkstatt in Bochum?"),
        Turn("assistant", "Am 5. September 2017."),
    )

    found = query("Und wo genau war das?", history)

    assert found.asked == "Und wo genau war das?"
    assert found.context == "Wann war die Werkstatt in Bochum?"
    assert found.types == {"place"}
    assert found.scope == Scope(workshop=3)
    assert found.said == ("Am 5. September 2017.",)


def test_a_query_shown_is_read_as_it_was_meant():
    """The reader may press or change the line that shows what was searched."""
    shown = "Was fördert ein Verfügungsfonds – Und wer entscheidet darüber?"

    assert query(shown).context == "Was fördert ein Verfügungsfonds"
    assert query(shown).text == shown


def test_what_was_said_matters_to_follow_ups_alone():
    """The same question asked again may be answered as before."""
    history = (Turn("user", "Was ist Brot?"), Turn("assistant", "Brot ist ein Boot."))

    assert query("Was ist ein Verfügungsfonds für Projekte?", history).said == ()


@pytest.mark.parametrize("text", ["", "   ", "???", "\0", "x" * 4001])
def test_nothing_to_ask_is_refused(text):
    """Empty, too long and wordless questions are named errors."""
    with pytest.raises(QuestionError):
        query(text)
