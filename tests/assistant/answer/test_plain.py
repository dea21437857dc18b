"""Plain language: simpler sentences first, nothing rewritten, words explained."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.cite import cite
from assistant.answer.compose import widened
from assistant.answer.forms import wanted
from assistant.answer.plain import (
    clauses,
    definitions,
    explained,
    load,
    pared,
    simplest_first,
    terms_of,
)
from assistant.answer.select import select, weigh
from assistant.answer.terms import bag, terms
from assistant.answer.units import Run, Unit
from assistant.query.question import Query
from assistant.types import Answer, Segment
from corpus.catalogue import Abbreviation, Glossary
from corpus.german import Analyser
from corpus.types import Hit, Scope
from tests.factories import make_document, make_passage

EASY = "Der Fonds zahlt kleine Projekte."
HARD = (
    "Der Fonds, der in der Städtebauförderungsrichtlinie als Instrument beschrieben ist, zahlt, "
    "sofern ein Gremium zustimmt, weil es die Zuständigkeitsregelungen so vorsehen, kleine "
    "Projekte, die im Stadtteil von Bewohnerinnen, Vereinen und Gewerbetreibenden kommen, und "
    "zwar nach dem Verfahren, das der Rat beschlossen hat."
)
GLOSSARY = Glossary(
    (
        Abbreviation(("IHK",), "Integriertes Handlungskonzept", ("Industrie- und Handelskammer",)),
        Abbreviation(("WAG",), "Wohnungsaufsichtsgesetz NRW"),
        Abbreviation(("LAG",), "Landesarbeitsgemeinschaft"),
    )
)
TEXTS = (
    *(EASY, HARD, "Das WAG gilt seit 2014.", "Ein integriertes Handlungskonzept bündelt."),
    "Das Sanierungsgebiet liegt im Norden.",
)
ANALYSER = Analyser.learn(TEXTS)
DOCUMENTS = {"heft": make_document(), "anders": make_document("anders")}


def unit(text, score, document="heft"):
    """Return a unit that is the whole of its passage."""
    return Unit(make_passage(text, document), 0, score, score, bag(text, ANALYSER))


def run_of(text, index=0, **fields):
    """Return the run of one unit of a text."""
    return Run(make_passage(text, **fields), index, index, 1.0)


def ask(*passages, plain):
    """Return the texts that answer a question about the fund."""
    text = "Was zahlt der Fonds für Projekte?"
    query = Query(text, text, "", frozenset({"open"}), Scope())
    hits = [Hit(p, 1.0 - rank / 50, rank + 1) for rank, p in enumerate(passages)]
    units = weigh(query, terms(query, ANALYSER, Glossary()), hits, DOCUMENTS, ANALYSER)
    return [s.text for s in cite(select(query, units, plain=plain), DOCUMENTS)[0]]


def test_clauses_and_compounds_make_a_sentence_harder():
    """Of two sentences with as many words, the one with clauses or compounds is harder."""
    assert load("Das Amt prüft den Plan.") == 5
    assert clauses("Das Amt prüft, ob der Plan gilt, weil der Rat es will.") == 2
    assert load("Das Amt prüft, ob es geht.") > load("Das Amt prüft es nun dann.")
    assert load("Die Zuständigkeitsregelung gilt.") > load("Die Regelung gilt.")
    assert load("Die Kosten- und Finanzierung gilt.") == load("Die Kosten und Finanzierung gilt.")


def test_of_equally_good_units_the_simpler_comes_first():
    """A small lead in score gives way to simplicity, a clear one doesn't."""
    hard, easy = unit(HARD, 1.01), unit(EASY, 1.0)

    assert simplest_first([hard, easy]) == [easy, hard]
    assert simplest_first([unit(HARD, 1.2), easy])[0].text == HARD


@given(st.lists(st.floats(0, 2), max_size=8))
def test_no_unit_is_lost(scores):
    """Ordering keeps every unit as it is."""
    units = [unit(f"Satz {number}.", score) for number, score in enumerate(scores)]

    assert sorted(simplest_first(units), key=units.index) == units


def test_hard_neighbours_stay_out():
    """A hard sentence beside the one that answers isn't quoted; an easy one is."""
    text = f"{EASY} Das Gremium tagt oft. {HARD}"
    passage = make_passage(text)
    answering = Unit(passage, 0, 1.0, 1.0, bag(EASY, ANALYSER))
    query = Query("fonds", "fonds", "", frozenset({"open"}), Scope())
    whole = widened(wanted(query), answering)

    assert (whole.first, whole.last) == (0, 2)
    assert (pared(whole, answering).first, pared(whole, answering).last) == (0, 1)


def test_what_answers_and_what_it_leans_on_stays():
    """The hard sentence itself is quoted, and the hard one that "Das ist" points back to."""
    passage = make_passage(f"{HARD} Das ist viel.")
    leaning = Unit(passage, 1, 1.0, 1.0, bag("Das ist viel.", ANALYSER))
    run = Run(passage, 0, 1, 1.0)

    assert pared(run, leaning) == run
    assert pared(Run(passage, 0, 0, 1.0), Unit(passage, 0, 1.0, 1.0, leaning.words)).first == 0


def test_the_choice_is_plain_only_when_asked_for():
    """The same passages answer with the simpler sentence first; every text stays verbatim."""
    easy = make_passage(EASY)
    hard = make_passage(HARD, document="anders")
    usual, simple = ask(hard, easy, plain=False), ask(hard, easy, plain=True)

    assert (usual[0], simple[0]) == (HARD, EASY)
    assert set(usual + simple) <= {EASY, HARD}


def test_short_forms_are_written_out():
    """A short form of the answer gets its long form; one that is written out there doesn't."""
    assert terms_of(["Das WAG gilt."], ANALYSER, GLOSSARY) == (
        ("WAG", "Wohnungsaufsichtsgesetz NRW"),
    )
    said = ["Das Wohnungsaufsichtsgesetz NRW, kurz WAG, gilt."]
    assert terms_of(said, ANALYSER, GLOSSARY) == ()
    assert terms_of(["Das Amt lag im Norden."], ANALYSER, GLOSSARY) == ()


def test_a_short_form_with_two_readings_is_explained_only_where_one_is_sure():
    """The collection settles what IHK is; where nothing does, nothing is claimed."""
    unknown = Analyser.learn([EASY])

    assert terms_of(["Die IHK hilft."], ANALYSER, GLOSSARY) == (
        ("IHK", "Integriertes Handlungskonzept"),
    )
    assert terms_of(["Die IHK hilft."], unknown, GLOSSARY) == ()


def test_an_answer_keeps_its_segments():
    """Explaining adds the list and nothing else."""
    segments = (Segment("Das WAG gilt.", ("z1",), "verbatim"),)
    answer = Answer("answered", "WAG?", "WAG?", Scope(), segments=segments)
    plain = explained(answer, ANALYSER, GLOSSARY)

    assert (plain.plain, plain.segments) == (True, segments)
    assert [term for term, _ in plain.terms] == ["WAG"]


def test_the_collections_glossary_explains_a_term():
    """A sentence that defines a word of the answer is quoted; others of the glossary aren't."""
    entry = "Ein Sanierungsgebiet ist ein Gebiet, das die Stadt durch Satzung festlegt."
    text = f"{entry} Ein Milieu ist etwas anderes. Das WAG bedeutet Wohnungsaufsichtsgesetz."
    glossary = make_passage(text, document="glossar")
    used = run_of("Das Sanierungsgebiet und das WAG sind bekannt.")
    (found,) = definitions([used], [glossary], ANALYSER, GLOSSARY)

    assert (found.passage, found.first, found.last) == (glossary, 0, 0)
    assert definitions([run_of(entry)], [glossary], ANALYSER, GLOSSARY) == []
