"""Runs read well: nothing dangles, lists and tables stay whole, nothing is said twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.compose import BRIDGED, MAX_SENTENCES, alike, arranged, stands_alone, widened
from assistant.answer.terms import EMPTY, bag
from assistant.answer.units import Run, Unit, leans
from corpus.german import Analyser
from tests.factories import make_passage, spans

OPEN = frozenset({"open"})
ANALYSER = Analyser()


def unit(passage, index=0, **fields):
    """Return a unit of a passage."""
    given = {"score": 1.0, "cover": 0.5, "words": EMPTY}
    return Unit(passage, index, **{**given, **fields})


def said(text):
    """Return the unit of a passage of one sentence."""
    return unit(make_passage(text), words=bag(text, ANALYSER))


@pytest.mark.parametrize(
    "text",
    [
        "Diese beschließt ein Gremium.",
        "Dabei hilft die Stadt.",
        "Letztere sind selten.",
        "Sie tagte zweimal.",
        "Das bedeutet Mehrarbeit.",
        "In diesem Fall hilft das Amt.",
        "Wenn sie fehlt, stockt es.",
        "Außerdem zahlt das Land.",
    ],
)
def test_sentences_that_lean(text):
    """A pronoun or a link at the beginning needs the sentence before."""
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "Das Deutsche Institut für Urbanistik fragte nach.",
        "Das Themenheft nennt drei Begriffe.",
        "Diesel ist teuer.",
        "Soziale Arbeit braucht Zeit.",
        "Dortmund und Essen waren dabei.",
        "Erfassen Sie die Angebote.",
        "Wenn Sie Mittel brauchen, hilft das Amt.",
    ],
)
def test_sentences_that_stand(text):
    """An article, or a word that only begins like a pronoun, leans on nothing."""
    assert not leans(text)


def test_leaning_sentences_bring_all_they_lean_on():
    """Two leaning sentences in a row are quoted from the one that stands."""
    text = "Der Beirat tagt jährlich. Er wählt zwei Leute. Diese sprechen für das Netz."
    run = widened(OPEN, unit(make_passage(text), 2))

    assert (run.first, run.last) == (0, 2)
    assert stands_alone(run)


def test_run_that_leans_on_what_is_not_there():
    """The first sentence of a passage can lean on nothing: it doesn't stand alone."""
    assert not stands_alone(widened(OPEN, unit(make_passage("Er tagt jährlich. Es war gut."))))


def test_paragraphs_and_other_matters_end_a_run():
    """Neighbours of the paragraph come along, up to a question or the booklet itself."""
    text = "Die Stadt zahlt. Der Fonds hilft.\n\nEin neuer Absatz."
    new_paragraph = make_passage(text, sentences=spans((0, 16), (17, 33), (35, 52)))
    question = make_passage("Die Stadt zahlt. Wer prüft?")
    itself = make_passage("Die Stadt zahlt. Das Heft zeigt das.")

    assert widened(OPEN, unit(new_paragraph)).last == 1
    assert widened(OPEN, unit(question)).last == 0
    assert widened(OPEN, unit(itself)).last == 0


def test_series_of_questions_is_whole():
    """A statement that lists questions brings them all."""
    text = "Vier Fragen sind zu klären: Worüber? Was steht fest? Wer entscheidet?"
    run = widened(OPEN, unit(make_passage(text)))

    assert (run.first, run.last) == (0, 2)


def test_long_paragraph_is_cut():
    """A quote has a limit, and the sentence that answers is in it."""
    passage = make_passage(" ".join(f"Satz {n} sagt etwas Neues." for n in range(20)))
    run = widened(OPEN, unit(passage, 10))

    assert len(run.indexes) == MAX_SENTENCES
    assert 10 in run.indexes


def test_step_brings_the_procedure():
    """Where the way to go is asked for, one step is an answer only with the others."""
    text = "So gehen Sie vor:\n\n1. Planen\n2. Gremium bilden\n3. Entscheiden"
    passage = make_passage(
        text, kind="list", sentences=spans((0, 17), (19, 28), (29, 46), (47, 61))
    )
    step = unit(passage, 2)

    assert list(widened(frozenset({"procedure"}), step).indexes) == [0, 1, 2, 3]
    assert list(widened(frozenset({"person"}), step).indexes) == [2]


def test_same_statement_is_recognised():
    """A fact in other words is the same fact; with another number it isn't."""
    one = said("Insgesamt standen 2,1 Mio. € im Jahr für Quartiere bereit.")
    same = said("Für Quartiere standen insgesamt 2,1 Mio. € im Jahr bereit, heißt es.")
    other = said("Insgesamt standen 21 Mio. € im Jahr für Quartiere bereit.")

    assert alike(one, same)
    assert not alike(one, other)
    assert not alike(one, said("Das Netz hat einen Beirat."))


def test_places_close_together_are_one_quote():
    """What lies between two places of a passage is quoted too; far apart they stay two."""
    passage = make_passage(" ".join(f"Satz {n} sagt etwas." for n in range(30)))
    near = BRIDGED + 1

    together = arranged([Run(passage, near, near, 1.0), Run(passage, 0, 0, 0.9)])
    apart = arranged([Run(passage, near + 1, near + 1, 1.0), Run(passage, 0, 0, 0.9)])

    assert [(run.first, run.last) for run in together] == [(0, near)]
    assert [(run.first, run.last) for run in apart] == [(0, 0), (near + 1, near + 1)]


def test_documents_stay_together():
    """What one document says isn't interrupted by another; the best document comes first."""
    a, b, c = (
        make_passage("Ein Satz.", document, ordinal)
        for document, ordinal in (("eins", 0), ("zwei", 0), ("eins", 1))
    )
    found = arranged([Run(p, 0, 0, 1.0) for p in (a, b, c)])

    assert [run.passage.id for run in found] == [a.id, c.id, b.id]


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(0, 3)), min_size=1, max_size=6))
def test_arranging_loses_nothing(places):
    """Whatever was chosen is quoted once, and quotes of a passage don't overlap."""
    passage = make_passage(" ".join(f"Satz {n} sagt etwas." for n in range(30)))
    runs = [Run(passage, first, min(29, first + more), 1.0) for first, more in places]

    found = arranged(runs)
    quoted = [index for run in found for index in run.indexes]

    assert len(quoted) == len(set(quoted))
    assert {index for run in runs for index in run.indexes} <= set(quoted)
