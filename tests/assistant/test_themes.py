"""How often a collection speaks of each theme."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.themes import count, places, spans
from corpus.german import Analyser
from corpus.library import Outline
from corpus.themes import Theme
from tests.factories import make_document, make_passage

HOUSING = Theme("wohnen", "Wohnen", ("Wohnung", "Leerstand", "lokale Ökonomie"))
SAFETY = Theme("sicherheit", "Sicherheit", ("Sicherheit", "Polizei", "§ 171e"))
THEMES = (HOUSING, SAFETY)
TEXTS = (
    "Leere Wohnungen und Leerstand.",
    "Die Polizei kennt den Platz.",
    "Die Sicherheit ist gesichert.",
    "Ein Hof mit Bäumen.",
    "Die Wohnung und die Polizei.",
)
# What it has learnt lets it split compounds.
ANALYSER = Analyser.learn([*TEXTS, "Sicherheit und Gefühl", "Ein Sicherheitsgefühl", "Gefühl"])
DOCUMENTS = {
    "heft": make_document("heft"),
    "glossar": make_document("glossar", category="Glossar"),
}


def outline(text, workshop=None, ordinal=0, document="heft"):
    """Return a passage as counting looks at it."""
    id = f"{document}-{workshop}-{ordinal}"
    return Outline(id, document, workshop, ordinal, (), "text", text)


def counted(*outlines):
    """Count passages."""
    return count(THEMES, outlines, DOCUMENTS, ANALYSER)


def words(theme, text):
    """Return the words of a text that are marked for a theme."""
    return [text[span.start : span.end] for span in spans(theme, text, ANALYSER)]


def test_a_passage_counts_once_for_each_theme_it_speaks_of():
    """However many terms it has; and for several themes, or none."""
    found = counted(outline(TEXTS[0], 3, 0), outline(TEXTS[4], 3, 1), outline(TEXTS[3], 3, 2))

    assert found.sizes == {3: 3}
    assert len(found.passages("wohnen", 3)) == 2
    assert found.passages("sicherheit", 3) == ("heft-3-1",)
    assert found.share("wohnen", 3) == 2 / 3


def test_passages_with_more_terms_come_first():
    """Then those in the order of their documents."""
    one, two = outline("Eine Wohnung.", 1, 0), outline("Wohnung, Leerstand.", 1, 1)

    assert counted(one, two).passages("wohnen", 1) == ("heft-1-1", "heft-1-0")


def test_columns_are_workshops_in_order_and_the_rest_last():
    """What belongs to no workshop is a column of its own."""
    found = counted(*(outline(TEXTS[3], n) for n in (7, None, 2)))

    assert list(found.sizes) == [2, 7, None]
    assert found.documents[7] == {"heft": 1}


def test_lists_are_not_counted():
    """A glossary names every term without saying anything."""
    assert counted(outline(TEXTS[1], document="glossar")).sizes == {}


def test_an_unknown_cell_is_empty():
    """Nothing is found for a theme or column that isn't there."""
    found = counted(outline(TEXTS[3], 1))

    assert found.passages("sicherheit", 9) == ()
    assert found.share("sicherheit", 9) == 0.0


def test_words_of_the_same_stem_alone_do_not_count():
    """Sicherheit and gesichert share a stem; inflections and compounds do count."""
    assert words(SAFETY, "Die Lage ist gesichert, sicher und soll sichern.") == []
    assert words(SAFETY, "Das Sicherheitsgefühl der Polizisten und der Polizei") == [
        "Sicherheitsgefühl",
        "Polizei",
    ]
    assert words(HOUSING, "Viele Wohnungen") == ["Wohnungen"]


def test_terms_of_several_words_stand_together():
    """In any inflection, one after the other; a section of a law is one word."""
    assert words(HOUSING, "Zur lokalen Ökonomie") == ["lokalen Ökonomie"]
    assert words(HOUSING, "Die Ökonomie ist lokale Sache") == []
    assert words(SAFETY, "nach § 171e BauGB") == ["§ 171e"]


def test_a_place_is_the_first_sentence_with_a_term():
    """It is cited exactly, and its terms are marked."""
    passage = make_passage("Ein Hof. Die Polizei kam. Wieder Polizei.", workshop=3, pages=(1,))

    (place,) = places(SAFETY, [passage, make_passage("Ein Hof.")], DOCUMENTS, ANALYSER)

    assert place.citation.quote == "Die Polizei kam."
    assert place.citation.page_label == "1"
    assert [place.citation.quote[m.start : m.end] for m in place.marks] == ["Polizei"]


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from([None, 1, 2, 9])), max_size=12))
def test_every_passage_is_in_one_column_and_cells_never_exceed_it(drawn):
    """Sizes add up; a cell holds passages of its column, each once; the order doesn't matter."""
    outlines = [outline(text, column, n) for n, (text, column) in enumerate(drawn)]
    found = counted(*outlines)

    assert sum(found.sizes.values()) == len(outlines)
    for (_, column), ids in found.cells.items():
        members = {o.id for o in outlines if o.workshop == column}
        assert set(ids) <= members
        assert len(set(ids)) == len(ids) <= found.sizes[column]
    assert counted(*reversed(outlines)) == found


@given(st.text(alphabet="Wohnung Polizei§171e.lokaÖm- \n\t", max_size=80))
def test_marks_are_in_order_and_inside_the_text(text):
    """Whatever the text is."""
    found = spans(HOUSING, text, ANALYSER) + spans(SAFETY, text, ANALYSER)

    assert all(0 <= span.start < span.end <= len(text) for span in found)
    for theme in THEMES:
        own = spans(theme, text, ANALYSER)
        assert all(a.end <= b.start for a, b in pairwise(own))
