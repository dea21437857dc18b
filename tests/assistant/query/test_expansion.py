"""What is searched besides the words of a question, and how ambiguous short forms are read."""

import pytest

from assistant.query.expansion import Addition, expand
from corpus.catalogue import Abbreviation, Glossary, load_glossary
from corpus.german import Analyser

GLOSSARY = load_glossary()
FIELD = Analyser.learn(
    [
        "Das Integrierte Handlungskonzept ist Grundlage der Förderung.",
        "Ein Integriertes Handlungskonzept beschreibt Ziele für das Quartier.",
        "Das Handlungskonzept ist integriert, das WAG galt im Quartier.",
        "Das Quartier und die drei Ämter: Quartiersmanagement im Quartier.",
    ]
)
CHAMBER = Analyser.learn(["Die Industrie- und Handelskammer berät.", "Die Handelskammer prüft."])
QUALITY = Analyser.learn(["Das Qualitätsmanagement prüft.", "Das Quartiersmanagement fragt."])


def forms(text, analyser=FIELD, glossary=GLOSSARY):
    """Return what is searched with a text."""
    return [addition.form for addition in expand(text, analyser, glossary)[0]]


def test_short_forms_bring_their_long_form():
    """Typed in capitals or not, a known short form is written out."""
    for text in ("Was bedeutet IHK?", "WAS IST EIN ISEK", "was ist ein isek", "Der IHK-Antrag"):
        (long_form,) = forms(text)
        assert long_form.startswith("Integriertes")


def test_words_written_like_short_forms_stay():
    """ "lag" is a verb, "but" an English word; neither is the LAG or the BuT."""
    assert forms("wo lag das Haus") == []
    assert forms("nice but small") == []


def test_ambiguous_short_forms_follow_the_collection():
    """The reading that the collection has is taken, and named with the others."""
    (field,) = expand("Was ist ein IHK?", FIELD, GLOSSARY)[1]
    (chamber,) = expand("Was ist die IHK?", CHAMBER, GLOSSARY)[1]
    (both,) = expand("Was macht das QM?", QUALITY, GLOSSARY)[1]
    (neither,) = expand("Was macht das QM?", CHAMBER, GLOSSARY)[1]

    assert (field.taken, field.is_sure) == ("Integriertes Handlungskonzept", True)
    assert field.others == ("Industrie- und Handelskammer",)
    assert (chamber.taken, chamber.is_sure) == ("Industrie- und Handelskammer", True)
    assert (both.taken, both.is_sure) == ("Quartiersmanagement", False)
    assert (neither.taken, neither.is_sure) == ("", False)
    assert forms("Was macht das QM?", CHAMBER) == []


def test_question_settles_an_ambiguous_short_form():
    """Who names a reading is searched with that one, and not with the field's."""
    additions, (reading,) = expand("IHK: Ist damit die Handelskammer gemeint?", FIELD, GLOSSARY)

    assert additions == ()
    assert (reading.taken, reading.is_sure) == ("", True)


def test_long_forms_bring_the_short_form_the_collection_uses():
    """A short form is added only where the collection doesn't write it out."""
    assert "WAG" in forms("Gilt das Wohnungsaufsichtsgesetz NRW noch?")
    assert forms("Was ist ein Integriertes Handlungskonzept?") == []


def test_synonyms_stand_in_for_words_the_collection_lacks():
    """A word that hardly occurs is widened by words that do; a common word never is."""
    additions, _ = expand("Ein Kiez", FIELD, GLOSSARY)

    assert additions == (Addition("Kiez", "Quartier", "Synonym"),)
    assert forms("Ein Quartier") == []


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("Welche drei Ämter?", ["3"]),
        ("Welche 3 Ämter?", ["drei"]),
        ("Werkstatt 3 Ämter", []),
        ("Nach Nr. 3 Ämter", []),
        ("die drei, und dann", []),
        ("13 Ämter", []),
    ],
)
def test_small_numbers_are_searched_in_words_and_figures(text, added):
    """Where a number counts something, both ways to write it are searched."""
    assert forms(text) == added


def test_english_terms_are_translated_where_the_collection_lacks_them():
    """Keywords in English find the German term; English that the collection uses stays."""
    assert forms("neighbourhood management tasks") == ["Quartiersmanagement", "Aufgaben"]
    both = Analyser.learn(["Case Management"])
    glossary = Glossary((), (), (("case management", "Fallarbeit"),))
    assert forms("case management", both, glossary) == []


def test_nothing_comes_twice():
    """What the text says already isn't added."""
    glossary = Glossary((Abbreviation(("WAG",), "Wohnungsaufsichtsgesetz"),))

    assert forms("WAG", FIELD, glossary) == ["Wohnungsaufsichtsgesetz"]
    assert forms("WAG, das Wohnungsaufsichtsgesetz, kurz WAG", FIELD, glossary) == []
