"""Contradictions: other figures for the same thing, and nothing less."""

import pytest

from assistant.answer.contradict import contradict, differing, other_statement
from assistant.answer.terms import EMPTY, terms
from assistant.answer.units import Run, Unit
from assistant.query.question import Query
from corpus.catalogue import load_glossary
from corpus.german import Analyser
from corpus.types import Scope
from tests.factories import make_passage

ONE = "Im Jahr 2018 nahmen an JUSTiQ 178 Kommunen teil."
OTHER = "An JUSTiQ nahmen 2018 nur 160 Kommunen teil."
ANALYSER = Analyser.learn([ONE, OTHER, "Ein Fonds hilft."])


def asked(question):
    """Return a question's content words."""
    return terms(Query(question, question, "", frozenset(), Scope()), ANALYSER, load_glossary())


ASKED = asked("Wie viele Kommunen nahmen an JUSTiQ teil?")


def run(text, ordinal):
    """Return a run of one sentence."""
    return Run(make_passage(text, ordinal=ordinal), 0, 0, 1.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (OTHER, True),
        (ONE, False),
        ("An JUSTiQ nahmen 2019 nur 160 Kommunen teil.", False),
        ("An JUSTiQ nahmen 2018 nur 160 Betriebe teil.", False),
        ("Am Fonds nahmen 2018 nur 160 Kommunen teil.", False),
        ("JUSTiQ förderte 160 Kommunen mit Beratung, Geld und Personal vor Ort.", False),
    ],
)
def test_other_figures_for_the_same_thing(text, found):
    """The same year, the same noun, the same subject and nearly the same words are needed."""
    assert contradict(ASKED, ONE, text, ANALYSER) == found


def test_other_days_for_the_same_event():
    """Two dates of one event contradict each other, though their years differ."""
    one = "JUSTiQ startete am 1. Januar 2015."
    other = "JUSTiQ startete am 1. März 2016."

    assert contradict(asked("Wann startete JUSTiQ?"), one, other, ANALYSER)


def test_the_other_statement_is_found_and_marked():
    """What isn't quoted yet is returned; what is, is marked by its place."""
    quoted, rest = run(ONE, 0), make_passage(OTHER, ordinal=1)
    unit = Unit(rest, 0, 1.0, 1.0, EMPTY)

    assert other_statement(ASKED, [quoted], [unit], ANALYSER) is unit
    assert other_statement(ASKED, [quoted, Run(rest, 0, 0, 1.0)], [unit], ANALYSER) is None
    assert differing(ASKED, [quoted, Run(rest, 0, 0, 1.0)], ANALYSER) == ((0, 1),)
