"""Places are told from other nouns by a list of towns and by what no word list has."""

import pytest

from assistant.query.names import is_place, places
from corpus.german import Analyser

ANALYSER = Analyser()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Wie hoch ist sie in Gelsenkirchen?", ("Gelsenkirchen",)),
        ("wag dortmund 2018", ("dortmund",)),
        ("Wer leitet es in Essen-Altenessen?", ("Essen-Altenessen",)),
        ("Wer wohnt in Xanhausen?", ("Xanhausen",)),
        ("Was essen Kinder in Schulen?", ()),
        ("Was gilt in NRW?", ()),
        ("Was steht in Quartiersunterlagen?", ()),
    ],
)
def test_places_of_a_question(question, found):
    """Towns in any spelling, their parts, and unknown names after "in"."""
    assert places(question, ANALYSER) == found


def test_places_of_a_text():
    """A small town is no word of any list, a compound is made of words."""
    assert is_place("Baunatal")
    assert not is_place("Quartiersmanagement")
