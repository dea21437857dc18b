"""Questions about several things: each side is searched, heard, and set beside the others."""

import pytest

from assistant.answer import sides as beside
from assistant.answer.select import weigh
from assistant.answer.sides import answers, columns, joined, lacking, lead, sides
from assistant.answer.terms import terms
from assistant.answer.units import Run
from assistant.query.question import understand
from assistant.types import Turn
from corpus.catalogue import load_glossary
from corpus.german import Analyser
from corpus.types import Hit, Scope, Workshop
from tests.factories import make_document, make_passage

WORKSHOPS = (
    Workshop(1, "Auftakt", "Essen", "2017-03-15", "angekündigt"),
    Workshop(2, "Generationen", "Dortmund", "2017-05-15", "angekündigt"),
    Workshop(3, "Sicherheit", "Bochum", "2017-09-05", "belegt"),
    Workshop(4),
    Workshop(5),
)
READ = {1, 2, 3}
GENERATIONS = make_passage(
    "Der Termin ist gesichert. Zur Beteiligung hieß es, Jugendliche fehlten.",
    workshop=2,
    workshop_title="Generationen",
)
SAFETY = make_passage(
    "Das Sicherheitsgefühl war Thema. Ohne Beteiligung ging es nicht. Wer sorgt für Sicherheit?",
    ordinal=1,
    workshop=3,
    workshop_title="Sicherheit",
)
WORDS = make_passage(
    "Ein Wunsch ist, was andere erfüllen sollen. Ein Wille ist, wofür man selbst etwas tut.",
    ordinal=2,
)
PASSAGES = (GENERATIONS, SAFETY, WORDS)
ANALYSER = Analyser.learn(p.text for p in PASSAGES)
GLOSSARY = load_glossary()
DOCUMENTS = {"heft": make_document()}


def asked(question, history=()):
    """Return a question's query, sides and weighed units."""
    query = understand(question, history, Scope(), WORKSHOPS, GLOSSARY, ANALYSER)
    content = terms(query, ANALYSER, GLOSSARY)
    hits = [Hit(p, 1.0, rank) for rank, p in enumerate(PASSAGES, start=1)]
    return sides(query, content, WORKSHOPS, READ), weigh(query, content, hits, DOCUMENTS, ANALYSER)


def heard(question):
    """Return a question's sides, and each one's evidence by its heading."""
    found, units = asked(question)
    return found, answers(found, units, frozenset({"open"}), ANALYSER)


def text(run):
    """Return what a run quotes."""
    spans = run.passage.sentences
    return run.passage.text[spans[run.first].start : spans[run.last].end]


@pytest.mark.parametrize(
    ("question", "kind", "numbers", "missing"),
    [
        ("In welchen Werkstätten ging es um Beteiligung?", "overview", [1, 2, 3], (4, 5)),
        ("Vergleich Werkstatt 1 und Werkstatt 3", "workshops", [1, 3], ()),
        ("Was sagen die Werkstätten 3 und 4 zur Beteiligung?", "workshops", [3], (4,)),
        ("Was sagen die Werkstätten in Bochum und Dortmund?", "workshops", [2, 3], ()),
    ],
)
def test_workshops_are_sides(question, kind, numbers, missing):
    """All that were read in, or the named ones; those that weren't are named apart."""
    found, _ = asked(question)

    assert found.kind == kind
    assert [side.scope.workshop for side in found.sides] == numbers
    assert found.missing == missing


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wille und Wunsch – worin besteht da der Unterschied?", ["Wille", "Wunsch"]),
        ("Was ist der Unterschied zwischen einem Wunsch und dem Willen?", ["Wunsch", "Willen"]),
        ("Wunsch vs. Wille", ["Wunsch", "Wille"]),
    ],
)
def test_compared_words_are_sides(question, words):
    """Words that stand beside each other and nothing else."""
    found, _ = asked(question)

    assert found.kind == "words"
    assert [side.heading for side in found.sides] == words


@pytest.mark.parametrize(
    "question",
    [
        "Was ist ein Wunsch?",
        "Worin unterscheidet sich der Wunsch der Jugendlichen vom Termin der Beteiligung?",
        "Was sagt Werkstatt 3 zur Beteiligung?",
        "Was sagen Werkstatt 4 und Werkstatt 5?",
    ],
)
def test_other_questions_have_none(question):
    """One thing, a whole sentence of things, one workshop, workshops nobody has read in."""
    assert asked(question)[0] is None


def test_each_workshop_is_heard_once_with_what_it_says_of_the_matter():
    """One sentence each, and a question or a workshop that doesn't speak of it is no evidence."""
    found, evidence = heard("In welchen Werkstätten wurde über Beteiligung gesprochen?")

    assert [text(run) for run in joined(found, evidence, [], ANALYSER)] == [
        "Zur Beteiligung hieß es, Jugendliche fehlten.",
        "Ohne Beteiligung ging es nicht.",
    ]
    assert lead(found, evidence) == (
        "Belege dazu aus 2 von 3 eingelesenen Werkstätten: Werkstatt 2, 3. "
        "Noch nicht eingelesen: Werkstatt 4, 5."
    )
    assert lacking(found, evidence) is None


def test_a_word_of_the_same_stem_is_no_evidence():
    """What is "gesichert" isn't about "Sicherheit", though both have the same stem."""
    _, evidence = heard("In welchen Werkstätten ging es um Sicherheit?")

    assert [side.scope.workshop for side in evidence] == [3]


def test_silence_is_said():
    """Where no workshop says anything, the answer says so before it quotes other documents."""
    found, evidence = heard("In welchen Werkstätten ging es um Wünsche und Willen?")
    gap = lacking(found, evidence)

    assert evidence == {}
    assert lead(found, evidence) == ""
    assert "In den 3 eingelesenen Werkstätten fand sich dazu keine Stelle" in gap.hint
    assert "Noch nicht eingelesen: Werkstatt 4, 5" in gap.hint


def test_named_workshops_stand_side_by_side():
    """Each column has its workshop's heading and evidence of that workshop alone."""
    found, evidence = heard("Was sagen die Werkstätten 2 und 3 zur Beteiligung?")
    runs = joined(found, evidence, [], ANALYSER)

    assert columns(found, runs, ANALYSER) == (
        ("Werkstatt 2: Generationen", (0,)),
        ("Werkstatt 3: Sicherheit", (1,)),
    )


def test_a_silent_workshop_is_named_and_leaves_no_column():
    """What one workshop doesn't say isn't filled up from elsewhere."""
    found, evidence = heard("Was sagen die Werkstätten 1 und 3 zur Beteiligung?")
    runs = joined(found, evidence, [], ANALYSER)

    assert columns(found, runs, ANALYSER) == ()
    assert "Werkstatt 1: Auftakt" in lacking(found, evidence).hint


def test_words_that_an_answer_lacks_are_added():
    """What is quoted already stays; a word without evidence is named."""
    found, evidence = heard("Wille und Wunsch – worin besteht der Unterschied?")
    first = Run(WORDS, 0, 0, 1.0)
    runs = joined(found, evidence, [first], ANALYSER)

    assert runs[0] is first
    assert any("Wille ist" in text(run) for run in runs[1:])
    assert lacking(found, evidence) is None

    found, evidence = heard("Unterschied zwischen Wunsch und Zeppelin")
    assert "„Zeppelin“" in lacking(found, evidence).hint


def test_rows_of_numbers_are_named_by_their_ends():
    """As one would say them."""
    assert beside._numbered((4, 5, 6, 9, 10)) == "Werkstatt 4 bis 6, 9, 10"


def test_a_follow_up_has_the_sides_it_names():
    """What is asked now counts, not what it follows from."""
    found, _ = asked(
        "Und in den Werkstätten 2 und 3?", [Turn("user", "Was sagt Werkstatt 1 zur Beteiligung?")]
    )

    assert [side.scope.workshop for side in found.sides] == [2, 3]
