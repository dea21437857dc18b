"""Words of a query count by what they are: nouns fully, others less, added ones least."""

import pytest

from assistant.query.search_terms import EXPANSION, OTHER_WORDS, search_terms, weighted
from corpus.german import Analyser

TEXTS = (
    "Die Förderung endet im Quartier.",
    "Viele wollen das Quartier fördern, und gute Planung hilft.",
    "Wir planen mit der Stadt. Das Planen dauert.",
)


@pytest.fixture(scope="module")
def analyser():
    """Knows the words above, and how they are written."""
    return Analyser.learn(TEXTS)


def weights(text, analyser, expansion=""):
    """Return the weight of each word of a query."""
    return {term.typed: term.weight for term in search_terms(text, expansion, analyser)}


def test_nouns_count_fully_and_other_words_less(analyser):
    """The capital tells; numbers and references count fully as well; stop words aren't there."""
    found = weights("Wie soll das Quartier ab 2015 nach § 171e fördern?", analyser)

    assert found == {
        "Quartier": 1.0,
        "2015": 1.0,
        "§ 171e": 1.0,
        "fördern": OTHER_WORDS,
    }


def test_a_capital_at_the_beginning_says_nothing(analyser):
    """There, and in small letters, a word is what the collection knows it as."""
    assert weights("Planen mit Planung. Fördern?", analyser) == {
        "Planen": OTHER_WORDS,
        "Planung": 1.0,
        "Fördern": OTHER_WORDS,
    }
    assert weights("quartier planen", analyser) == {"quartier": 1.0, "planen": OTHER_WORDS}


def test_unknown_words_may_be_nouns(analyser):
    """In small letters they count fully, unless other words of the question have capitals."""
    assert weights("kümmerer quartier", analyser)["kümmerer"] == 1.0
    assert weights("das beste Quartier", analyser)["beste"] == OTHER_WORDS


def test_added_words_count_least_in_words_and_grams(analyser):
    """The weight goes with all that a word is searched as."""
    terms = search_terms("Quartier", "Planung", analyser)
    asked, added = weighted(terms)

    assert [term.is_added for term in terms] == [False, True]
    assert (asked.weight, added.weight) == (1.0, EXPANSION)
    assert added.analysis.grams
    assert added.analysis.words == analyser.analyse("Planung").words


def test_all_words_together_are_the_query_s_analysis(analyser):
    """Splitting a query into words loses nothing, be they completed by their neighbours."""
    text = "Quartiers- und Stadtplanung, Vor-Ort-Büro, am 12. Mai 2015"
    whole = analyser.analyse(text)
    parts = [term.analysis for term in search_terms(text, "", analyser)]

    assert tuple(word for part in parts for word in part.words) == whole.words
    assert tuple(word for part in parts for word in part.parts) == whole.parts
    assert tuple(gram for part in parts for gram in part.grams) == whole.grams
