"""What is asked for is read from the wording; a sentence has that form or hasn't."""

import pytest

from assistant.answer.forms import contradicts, counts, defines, fit, turns, wanted
from assistant.answer.terms import bag, terms
from assistant.query.question import Query, answer_types
from corpus.catalogue import Glossary
from corpus.german import Analyser
from corpus.types import Scope

ANALYSER = Analyser.learn(
    (
        "Ein Verfügungsfonds ist ein Budget.",
        "Die Höhe des Verfügungsfonds beträgt 5 € je Einwohner.",
        "Migrantische Ökonomie bezeichnet Betriebe.",
        "Unter lokaler Ökonomie versteht man das Wirtschaften im Stadtteil.",
    )
)


def query(text, asked=""):
    """Return a query as it is understood: its types are those of what is asked now."""
    return Query(text, text, "", answer_types(asked or text), Scope(), asked=asked)


def fitting(question, text, *, in_list=False, is_sentence=True):
    """Return how well a text has the form a question asks for."""
    asked = terms(query(question), ANALYSER, Glossary())
    words = bag(text, ANALYSER)
    forms = wanted(query(question))
    return fit(forms, asked, text, words, in_list=in_list, is_sentence=is_sentence)


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("antragsfrist investitionspakt 2018", "date"),
        ("bussgeld maximal", "number"),
        ("leerstandskataster zustaendig", "person"),
        ("verstetigung begriff", "definition"),
        ("justiq bausteine", "list"),
        ("Worin unterscheiden sich die beiden Fonds?", "comparison"),
        ("In welchen Werkstätten wurde Verstetigung angesprochen?", "overview"),
        ("gentrifizierung durch gruen", "open"),
    ],
)
def test_what_is_asked_for_is_named_without_a_question_word(question, form):
    """Telegram style names the date, the amount or the list instead of asking for it."""
    assert form in wanted(query(question))


def test_words_that_only_look_alike_ask_for_nothing():
    """ "unterschiedliche" compares nothing, and "Ortsteil" asks for no place."""
    assert wanted(query("unterschiedliche Gebietsgrenzen im Ortsteil")) == {"open"}


def test_of_a_follow_up_the_last_question_counts():
    """What the conversation adds before it doesn't say what is asked for now."""
    text = "Was ist ein Verfügungsfonds – Wie viel Geld ist darin?"

    assert wanted(query(text, asked="Wie viel Geld ist darin?")) == {"number"}


def test_number_counts_something():
    """A year, a date, a paragraph or the number of a thing isn't an amount."""
    for text in ("Seit dem 1. Juli 2021 gilt § 24.", "3. Die Werkstatt 3 tagte.", "Nr. 17 gilt."):
        assert not counts(text)
    for text in ("Es waren 54 Kreise.", "Sie dauert fünf bis sieben Jahre.", "Die Hälfte kam."):
        assert counts(text)


def test_defining_sentence_defines_what_is_asked():
    """The sentence about the rarer of two words defines more than one about the other."""
    asked = terms(query("Was ist migrantische Ökonomie?"), ANALYSER, Glossary())
    about = "Migrantische Ökonomie bezeichnet Betriebe."
    beside = "Unter lokaler Ökonomie versteht man das Wirtschaften im Stadtteil."

    whole, half = (defines(text, asked, bag(text, ANALYSER)) for text in (about, beside))

    assert whole == pytest.approx(1.0)
    assert 0 < half < whole


def test_sentences_fit_by_form():
    """An amount fits "wie hoch"; a definition fits "was ist" best; a date isn't an amount."""
    assert fitting("Wie hoch ist der Fonds?", "Er hat 5 € je Einwohner.") == 1.0
    assert fitting("Wie hoch ist der Fonds?", "Er gilt seit 2021.") == 0.0
    assert fitting("Was ist ein Verfügungsfonds?", "Ein Verfügungsfonds ist ein Budget.") == 2.0
    assert fitting("Welche Ämter wirken mit?", "Beteiligt waren Bauamt, Jugendamt und Polizei.") > 0


def test_what_says_nothing_fits_nothing():
    """Headings, questions, sources and what the booklet says of itself answer no question."""
    for text in (
        "Arbeitsblatt: Beteiligungszusage",
        "Wer zahlt den Verfügungsfonds?",
        "Quelle: Stadt Essen, 2017.",
        "Das Heft erklärt den Verfügungsfonds.",
    ):
        assert fitting("Was ist ein Verfügungsfonds?", text) < 0


def test_questions_are_items_where_questions_are_asked_for():
    """The questions of a list answer "Welche Leitfragen"; cells and items need no full stop."""
    assert fitting("Welche Leitfragen gab es?", "Was hemmt?", in_list=True) > 0
    assert fitting("Wie hoch ist das Budget?", "Höhe 5 €", is_sentence=False) == 1.0


def test_statements_with_other_numbers_contradict():
    """2,1 is not 21; that one of them also gives a year makes no difference."""
    assert contradicts("Es gab 2,1 Mio. € im Jahr 2015.", "Es gab 21 Mio. € im Jahr.")
    assert not contradicts("Es gab 2,1 Mio. € im Jahr 2015.", "Es gab 2,1 Mio. € für 10 Städte.")


def test_turning_to_something_else():
    """A question, the line before a list and the booklet itself don't go on with a thought."""
    assert turns("Zu den Aufgaben gehören:")
    assert turns("Das Themenheft nennt sie.")
    assert not turns("Das Deutsche Institut für Urbanistik nennt sie.")
