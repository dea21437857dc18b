"""English questions find German texts by the terms of the glossary."""

import pytest

from assistant.query.english import in_german, is_english, terms_in
from corpus.catalogue import load_glossary

GLOSSARY = load_glossary()


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("What is neighbourhood management?", "Was ist Quartiersmanagement?"),
        ("what is neighborhood management", "Was ist Quartiersmanagement"),
        ("What does ISEK stand for?", "Was bedeutet ISEK?"),
        ("Where was the workshop on safety?", "Wo Werkstatt zu Sicherheit?"),
        ("How many neighbourhood funds are there?", "Wie viele Verfügungsfonds?"),
        ("What are the four levels of Xylophon?", "Was sind vier levels Xylophon?"),
    ],
)
def test_terms_and_question_words_become_german(english, german):
    """Terms in either spelling and number are replaced, unknown words stay."""
    assert is_english(english)
    assert in_german(english, GLOSSARY) == german


@pytest.mark.parametrize(
    "text",
    [
        "Was ist Community Organizing?",
        "Was war in der Werkstatt mit Case Management?",
        "smart city quartier",
        "Wer hat was in the box gesagt und warum war das so?",
    ],
)
def test_german_questions_with_english_words_stay(text):
    """English terms alone don't make a question English."""
    assert not is_english(text)


def test_terms_are_found_in_any_text():
    """Keywords without question words name their German terms."""
    found = dict(terms_in("neighbourhood management, crime prevention", GLOSSARY))

    assert found["neighbourhood management"] == "Quartiersmanagement"
    assert found["crime prevention"] == "Kriminalprävention"
