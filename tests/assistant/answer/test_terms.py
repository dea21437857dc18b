"""Coverage says how much of a question a text has."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.terms import EMPTY, bag, coverage, match, terms
from assistant.query.question import Query
from corpus.catalogue import load_glossary
from corpus.german import Analyser
from corpus.types import Scope

TEXTS = (
    "Die Stadt finanziert den Verfügungsfonds.",
    "Problemimmobilien belasten die Nachbarschaft.",
    "Das Quartiersmanagement vermittelt zwischen Amt und Bewohnerschaft.",
    "Das IHK beschreibt Maßnahmen.",
    "Ein Fonds und noch ein Fonds der Verfügung.",
    "Zur Verfügung steht ein Fonds.",
)
ANALYSER = Analyser.learn(TEXTS)
GLOSSARY = load_glossary()
WORDS = [
    "Verfügungsfonds",
    "Problemimmobilien",
    "Quartiersmanagement",
    "Amt",
    "Brot",
    "finanzieren",
]


def asked(text):
    """Return the terms of a question."""
    return terms(Query(text, text, "", frozenset(), Scope()), ANALYSER, GLOSSARY)


def test_forms_of_a_word_match():
    """Other forms, parts of compounds, synonyms and short forms count, foreign words don't."""
    cases = {
        "Finanzierung": (TEXTS[0], True),
        "Fonds": (TEXTS[0], True),
        "Schrottimmobilien": (TEXTS[1], True),
        "Quartiermanagement": (TEXTS[2], True),
        "Brot": (TEXTS[0], False),
    }
    for word, (text, expected) in cases.items():
        (term,) = asked(word)
        assert (match(term, bag(text, ANALYSER)) > 0) == expected, word


def test_unknown_words_are_known_to_be_unknown():
    """A word that the collection has in no form is marked so."""
    known = {t.word: t.known for t in asked("Verfügungsfonds Mietobergrenze Finanzierung")}

    assert known == {"Verfügungsfonds": True, "Mietobergrenze": False, "Finanzierung": True}


def test_forms_of_a_word_are_known_without_its_own():
    """A word is known by another of its forms, and not by a word that merely begins alike."""
    analyser = Analyser.learn(["Die Stadt finanziert das.", "Finanzmarktkrise", "Planung"])
    query = Query("", "Finanzierung Finanzamt Plankton", "", frozenset(), Scope())

    assert [term.known for term in terms(query, analyser, GLOSSARY)] == [True, False, False]


@given(st.lists(st.sampled_from(WORDS), min_size=1), st.sampled_from(TEXTS))
def test_coverage_is_a_share(words, text):
    """Coverage lies between 0 and 1, is whole for the text itself, and only grows with context."""
    question = asked(" ".join(words))
    covered = coverage(question, bag(text, ANALYSER))

    assert 0 <= covered <= 1
    assert coverage(question, bag(" ".join(words), ANALYSER)) > 0.99
    assert coverage(question, EMPTY, bag(text, ANALYSER)) <= covered
