"""Follow-ups: what they refer to, what they replace, and when they stand alone."""

import pytest

from assistant.query.follow_up import Resolved, resolve
from corpus.catalogue import load_glossary
from corpus.german import Analyser

GLOSSARY = load_glossary()
ANALYSER = Analyser()
FONDS = "Wie setze ich einen Verfügungsfonds ein?"


def resolved(question, *earlier):
    """Resolve a question after earlier ones."""
    return resolve(question, earlier, ANALYSER, GLOSSARY)


def test_the_first_question_stands_alone():
    """Without a conversation nothing is added."""
    assert resolved(FONDS) == Resolved(FONDS)


@pytest.mark.parametrize(
    "question",
    [
        "Und wie viel Geld ist da drin?",
        "und wo genau war das",
        "Wer hat sich das ausgedacht?",
        "Wer hat sie moderiert?",
        "Gilt das auch für kleinere Kommunen?",
        "Welche Gruppen sollen wir da besonders ansprechen?",
        "Wie viele Häuser waren es am Ende?",
        "Welche Städte?",
        "was gehört da alles dazu",
        "Warum?",
        "Welchen Anteil hat die Kommune getragen?",
        "Welche Städte lagen damals ganz vorn?",
        "Und wer ist bei denen federführend zuständig für den Brandschutz?",
    ],
)
def test_pronouns_and_ellipses_refer_to_the_question_before(question):
    """The earlier question comes along as context, and what is asked now stays apart."""
    found = resolved(question, FONDS)

    assert found == Resolved(question, FONDS)
    assert found.text == f"Wie setze ich einen Verfügungsfonds ein – {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Was ist eigentlich ein Kümmerer?",
        "IHK",
        "ISEK?",
        "Und was ist ein Kümmerer?",
        "Welche Hemmnisse hat die ressortübergreifende Zusammenarbeit?",
        "Können Sie mir sagen, welche Hemmnisse die Zusammenarbeit der Ämter hat?",
        "können sie mir sagen, welche hemmnisse die zusammenarbeit der ämter hat?",
        "Was ist ein Stadtteilbüro und wer leitet es?",
        "Seit wann gibt es das Präventionsgesetz?",
    ],
)
def test_a_new_topic_takes_nothing_along(question):
    """A question with a subject of its own is left as it is."""
    assert resolved(question, FONDS) == Resolved(question)


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("Wann war die dritte Werkstatt?", "Und die vierte?", "Wann war die vierte Werkstatt?"),
        ("Wann war die 3. Werkstatt?", "Und die 4.?", "Wann war die 4. Werkstatt?"),
        ("Worum ging es in Werkstatt 3?", "und Werkstatt 5", "Worum ging es in Werkstatt 5?"),
        ("Was wurde in Bochum besprochen?", "Und in Essen?", "Was wurde in Essen besprochen?"),
        ("Was galt 2017 in Köln?", "Und 2019?", "Was galt 2019 in Köln?"),
    ],
)
def test_a_bare_like_replaces_its_like(last, question, asked):
    """Ordinals, workshops, towns and years step into the last question."""
    assert resolved(question, last) == Resolved(asked)


def test_a_follow_up_to_a_follow_up_keeps_the_first_topic():
    """What was asked in between doesn't become the topic."""
    found = resolved(
        "Wie viele Häuser waren es am Ende?",
        *("Was war das Modellvorhaben Problemimmobilien?", "Welche Städte?"),
    )

    assert found.context == "Was war das Modellvorhaben Problemimmobilien?"


def test_a_replaced_word_keeps_the_topic():
    """The place changes, what is spoken of doesn't."""
    found = resolved("Und in Essen?", FONDS, "Wer entscheidet da in Bochum?")

    assert found == Resolved("Wer entscheidet da in Essen?", FONDS)


def test_a_correction_takes_the_other_reading():
    """A short form with two readings is replaced by the one that was meant."""
    found = resolved("Nein, ich meinte die Kammer.", "Was macht die IHK im Quartier?")

    assert found == Resolved("Was macht die Industrie- und Handelskammer im Quartier?")


def test_a_correction_without_a_known_reading_is_added():
    """Where nothing can be replaced, the last question gets more precise."""
    found = resolved("ich meine den Fonds für Gewerbe", FONDS)

    assert found.asked == "Wie setze ich einen Verfügungsfonds ein: Fonds für Gewerbe"


@pytest.mark.parametrize("said", ["ja", "Ja, bitte", "Genau.", "mehr dazu"])
def test_agreeing_asks_the_same_again(said):
    """A yes has nothing of its own to search for."""
    assert resolved(said.replace(",", ""), FONDS) == Resolved(FONDS)
