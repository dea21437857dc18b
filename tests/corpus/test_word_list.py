"""Which words there are in German."""

import pytest

from corpus.word_list import is_known, is_listed


@pytest.mark.parametrize(
    "word",
    [
        *("und", "Häuser", "ging", "Straße", "Quartiersmanagement", "Empowerment"),
        *("Schulsozialarbeit", "Bewohnerbeteiligungsverfahren", "nachbarschaftshilfe"),
    ],
)
def test_words_inflected_forms_and_compounds_are_known(word):
    """Capitals don't matter, and a compound needs no entry of its own."""
    assert is_known(word)
    assert is_known(word.upper().replace("ẞ", "SS") if "ß" not in word else word)


@pytest.mark.parametrize(
    "word", ["Qnartier", "Straf3e", "Brger", "qebaut", "vvohnen", "fjhfo", "tnemeganam"]
)
def test_misread_words_are_unknown(word):
    """Wrong, lost, shifted and reversed letters make words that no list has."""
    assert not is_known(word)


def test_listed_words_are_not_opened():
    """A made-up compound of real words is known, and in no list."""
    assert is_listed("Feuchten")
    assert is_listed("mitbestimmen")
    assert not is_listed("Feuchtezimmerlehrerin")
    assert is_known("Feuchtezimmerlehrerin")
