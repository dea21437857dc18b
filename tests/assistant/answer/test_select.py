"""Units are chosen whole: sentences, lists with their lead-in, tables with their head."""

from assistant.answer.cite import cite
from assistant.answer.select import select, weigh
from assistant.answer.terms import terms
from assistant.query.question import Query
from corpus.catalogue import Glossary
from corpus.german import Analyser
from corpus.types import Hit, Scope, WordBox
from tests.factories import make_document, make_passage, spans

LIST = make_passage(
    "Drei Schritte führen zum Verfügungsfonds:\n\n1. Planen\n2. Gremium bilden\n3. Entscheiden",
    kind="list",
    sentences=spans((0, 41), (43, 52), (53, 70), (71, 86)),
)
TABLE = make_passage(
    "Jahr\tGebiete\n2007\t498 Gebiete\n2016\t783 Gebiete",
    ordinal=1,
    kind="table",
    sentences=spans((0, 12), (13, 29), (30, 46)),
)
FACTS = make_passage(
    "Ein Verfügungsfonds ist ein Budget für kleine Projekte. Diese beschließt ein Gremium. "
    "Das Themenheft beschreibt den Verfügungsfonds. Wer zahlt den Verfügungsfonds?",
    ordinal=2,
)
ALL = (LIST, TABLE, FACTS)
ANALYSER = Analyser.learn(p.text for p in ALL)
DOCUMENTS = {
    "heft": make_document(),
    "anders": make_document("anders"),
    "glossar": make_document("glossar", category="Glossar"),
}


def chosen(text, types, *passages):
    """Return the runs chosen from the passages for a query."""
    query = Query(text, text, "", frozenset(types), Scope())
    hits = [Hit(p, 1.0 - rank / 10, rank + 1) for rank, p in enumerate(passages)]
    asked = terms(query, ANALYSER, Glossary())
    return select(query, weigh(query, asked, hits, DOCUMENTS, ANALYSER))


def texts(runs):
    """Return the segment texts of the runs."""
    return [s.text for s in cite(runs, DOCUMENTS)[0]]


def test_list_comes_whole_with_its_lead_in():
    """A question for steps gets the lead-in line and every item, in order, as one quote."""
    runs = chosen("Wie bilde ich ein Gremium zum Verfügungsfonds?", {"procedure"}, LIST)
    segments, citations = cite(runs, DOCUMENTS)

    assert [s.text for s in segments] == [
        "Drei Schritte führen zum Verfügungsfonds:",
        "1. Planen",
        "2. Gremium bilden",
        "3. Entscheiden",
    ]
    assert [c.quote for c in citations] == [LIST.text]


def test_definition_is_preferred():
    """The sentence that says what it is comes first; what the booklet says of itself doesn't."""
    found = texts(chosen("Was ist ein Verfügungsfonds?", {"definition"}, FACTS))

    assert found[0] == "Ein Verfügungsfonds ist ein Budget für kleine Projekte."
    assert not any("Themenheft" in text or text.endswith("?") for text in found)


def test_dangling_sentence_brings_the_one_it_leans_on():
    """A sentence that begins with "Diese" is quoted together with the one before."""
    runs = chosen("Welches Gremium beschließt?", {"open"}, FACTS)

    assert texts(runs)[:2] == [
        "Ein Verfügungsfonds ist ein Budget für kleine Projekte.",
        "Diese beschließt ein Gremium.",
    ]


def test_table_row_keeps_its_head():
    """A small table is one segment from its head row on."""
    found = texts(chosen("Wie viele Gebiete gab es 2016?", {"number"}, TABLE))

    assert found[0].startswith("Jahr\tGebiete")
    assert "2016\t783 Gebiete" in found[0]


def test_sentence_without_its_antecedent_is_passed_over():
    """A sentence that leans on what the passage doesn't have gives way to one that stands."""
    leaning = make_passage("Sie hat ein Budget für kleine Projekte.", ordinal=5)
    standing = make_passage("Der Verfügungsfonds hat ein Budget.", ordinal=6)

    assert texts(chosen("budget projekte", {"open"}, leaning, standing)) == [standing.text]
    assert texts(chosen("budget projekte", {"open"}, leaning)) == [leaning.text]


def test_same_fact_is_said_once():
    """Two documents that say the same make one quote; with other numbers, both are shown."""
    fact = "Ein Verfügungsfonds ist ein Budget für kleine Projekte im Stadtteil mit 5 €."
    again = make_passage(fact, document="anders")
    other = make_passage(fact.replace("5 €", "9 €"), document="anders")
    first = make_passage(fact)

    assert texts(chosen("Was ist ein Verfügungsfonds?", {"definition"}, first, again)) == [fact]
    assert texts(chosen("Was ist ein Verfügungsfonds?", {"definition"}, first, other)) == [
        first.text,
        other.text,
    ]


def test_each_thing_asked_for_has_its_sentence():
    """Of a question about two things, the second is answered though it covers few of the words."""
    jury = make_passage("Das Gremium tagt zweimal jährlich.", ordinal=7)
    grant = make_passage("Das Budget wurde 2008 beschlossen und 2012 erhöht.", ordinal=8)
    asked = "Wann tagt das Gremium zweimal und wann wurde das Budget erhöht?"

    assert set(texts(chosen(asked, {"date"}, jury, grant))) == {jury.text, grant.text}


def test_glossary_gives_way_unless_a_word_is_asked_for():
    """What a short form means answers "Was bedeutet …", not a question about the matter."""
    word = make_passage("Verfügungsfonds bedeutet Budget für Projekte.", "glossar")
    matter = make_passage("Den Verfügungsfonds füllt das Land mit einem Budget für Projekte.")

    assert texts(chosen("verfügungsfonds land", {"open"}, word, matter))[0] == matter.text
    assert texts(chosen("Was bedeutet Verfügungsfonds?", {"definition"}, word, matter))[0] == (
        word.text
    )


def test_every_segment_is_a_slice_of_its_quote():
    """No segment says anything its citation's quote doesn't."""
    for question in ("Verfügungsfonds", "Gebiete 2007", "Gremium"):
        segments, citations = cite(chosen(question, {"open"}, *ALL), DOCUMENTS)
        quotes = {c.key: c.quote for c in citations}
        assert segments
        for segment in segments:
            assert all(segment.text in quotes[key] for key in segment.citations)


def test_located_exactly_only_when_every_letter_has_a_box():
    """A quote with a gap in its boxes is located by page only; without pages by document."""
    text = "Ein Satz."
    whole = (WordBox(0, 3, 1, 0, 0, 9, 9), WordBox(4, 9, 1, 10, 0, 30, 9))
    cases = {
        "exact": make_passage(text, boxes=whole, pages=(1,)),
        "page": make_passage(text, boxes=whole[:1], pages=(1,)),
        "document": make_passage(text),
    }
    for located, passage in cases.items():
        runs = chosen("Satz", {"open"}, passage)
        citation = cite(runs, DOCUMENTS)[1][0]
        assert citation.located == located
        assert citation.page_label == ("" if located == "document" else "1")


def test_item_of_a_list_about_other_things_comes_alone():
    """When only one item answers and the lead-in is about something else, the rest stays out."""
    text = (
        "Eine Arbeitsteilung sieht so aus:\n\nDas Amt prüft den Plan.\n"
        "Die Lenkungsgruppe entscheidet bei Streit."
    )
    duties = make_passage(
        text, ordinal=3, kind="list", sentences=spans((0, 33), (35, 58), (59, 101))
    )
    found = texts(chosen("Was tut die Lenkungsgruppe?", {"open"}, duties))

    assert found == ["Die Lenkungsgruppe entscheidet bei Streit."]
