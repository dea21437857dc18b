"""Reranking: lists where asked for, beginnings last, nothing twice, several documents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.search.rerank import (
    DEPTH,
    FRONT_MALUS,
    LIST_BONUS,
    MODEL_DEPTH,
    PER_DOCUMENT,
    Candidate,
    asks_across,
    rerank,
)
from corpus.library import Outline

ANY = "Was ist ein Verfügungsfonds?"
STEPS = "Wie gehen wir vor?"
ACROSS = "In welchen Werkstätten ging es um Beteiligung?"


def make(id, fused, text="", **fields):
    """Return a candidate of which only some fields matter; texts differ by default."""
    given = {"document": "heft", "workshop": None, "ordinal": 5, "section": (id,), "kind": "text"}
    return Candidate(Outline(id=id, text=text or f"Text {id}", **{**given, **fields}), fused)


def ids(candidates):
    """Return the ids in order."""
    return [candidate.outline.id for candidate in candidates]


def reasons(candidates):
    """Return what was done to each candidate."""
    return {c.outline.id: [step.reason for step in c.steps] for c in candidates}


def test_lists_come_first_where_steps_are_asked_for():
    """A list gains only from a question for several things, and only a little."""
    candidates = [make("a", 0.5), make("b", 0.45, kind="list"), make("c", 0.3, kind="list")]

    assert ids(rerank(STEPS, candidates)) == ["b", "a", "c"]
    assert rerank(STEPS, candidates)[0].score == pytest.approx(0.45 * (1 + LIST_BONUS))
    assert ids(rerank(ANY, candidates)) == ["a", "b", "c"]


def test_what_stands_before_the_first_heading_sinks():
    """Title page and foreword lose; a beginning under a heading doesn't."""
    candidates = [
        make("a", 0.5, ordinal=0, section=()),
        make("b", 0.45),
        make("c", 0.44, ordinal=0),
    ]
    found = rerank(ANY, candidates)

    assert ids(found) == ["b", "c", "a"]
    assert found[2].score == pytest.approx(0.5 * (1 - FRONT_MALUS))


LONG = "Die Werkstatt fand am 5. September 2017 in Bochum statt, im Haus Q1 an der Halbachstraße."


def test_what_repeats_a_better_passage_gives_way():
    """It follows after ten others, names whom it repeats, and is still there."""
    first = make("a", 0.9, LONG, section=("Ort",))
    copy = make("b", 0.8, LONG[:80], section=("Der Ort",), document="sammelband")
    others = [make(f"c{i:02}", 0.7 - i / 100) for i in range(12)]
    found = rerank(ANY, [first, copy, *others])

    assert ids(found)[:DEPTH] == ["a", *(f"c{i:02}" for i in range(9))]
    assert found[DEPTH].outline == copy.outline
    assert [step.because for step in found[DEPTH].steps] == ["a"]
    assert len(found) == 14


@pytest.mark.parametrize(
    "other",
    [
        {"text": LONG, "section": ("Anreise",)},
        {"text": LONG.replace("2017", "2018"), "section": ("Ort",)},
        {"text": "Zur Anreise gibt es eine Karte des Viertels.", "section": ("Ort",)},
        {"text": f"{LONG} Eingeladen waren Fachleute aus Verwaltung und Trägern, und jede Kommune "
                 "konnte vier Menschen aus mehreren Ressorts entsenden.", "section": ("Ort",)},
    ],
)  # fmt: skip
def test_what_adds_something_stays(other):
    """Another heading, another number, another text, or more of it: nothing is lost."""
    candidates = [make("a", 0.9, LONG, section=("Ort",)), make("b", 0.8, **other), make("c", 0.7)]

    assert ids(rerank(ANY, candidates)) == ["a", "b", "c"]


def test_a_question_across_workshops_hears_several_documents():
    """No document fills the first ten; a volume counts by its workshops."""
    one = [make(f"a{i}", 0.9 - i / 100, document="eins") for i in range(8)]
    two = [make(f"b{i}", 0.5 - i / 100, document="zwei") for i in range(2)]
    volume = [make(f"c{i}", 0.4 - i / 100, document="drei", workshop=i % 2) for i in range(6)]

    found = ids(rerank(ACROSS, [*one, *two, *volume]))
    assert found[:PER_DOCUMENT] == ["a0", "a1", "a2"]
    assert found[PER_DOCUMENT:11] == ["b0", "b1", "c0", "c1", "c2", "c3", "c4", "a3"]
    assert ids(rerank(ANY, [*one, *two, *volume]))[:8] == ids(one)


@pytest.mark.parametrize(
    ("question", "across"),
    [
        ("In welchen Werkstätten ging es um Kinder?", True),
        ("in welchen werkstaetten ging es um kinder", True),
        ("Was sagen alle Themenhefte zur Beteiligung?", True),
        ("Worin unterscheiden sich die beiden Werkstätten?", True),
        ("Was unterscheidet Werkstatt 2 und Werkstatt 3?", True),
        ("Wer hat die Werkstätten veranstaltet?", False),
        ("Worin unterscheiden sich Investitionspakt und Soziale Stadt?", False),
        ("Wo fand die Werkstatt 3 statt?", False),
    ],
)
def test_only_questions_across_sources_are_spread(question, across):
    """Naming the series or comparing two things of one text isn't asking across."""
    assert asks_across(question) == across


class Lengths:
    """A cross-encoder that likes long texts, and remembers what it read."""

    def __init__(self):
        self.read = []

    def scores(self, query, texts):
        self.read += texts
        return np.array([len(text) / 1000 for text in texts], dtype=np.float32)


def test_a_cross_encoder_has_half_a_say_in_the_first():
    """It can turn the order of those it reads; the others stay behind them."""
    model = Lengths()
    candidates = [make(f"{i:02}", 0.9 - i / 100, "x" * (10 + i)) for i in range(MODEL_DEPTH + 5)]
    found = rerank(ANY, candidates, model)

    assert len(model.read) == MODEL_DEPTH
    assert model.read[0] == "00\n" + "x" * 10
    assert ids(found)[0] == f"{MODEL_DEPTH - 1:02}"
    assert ids(found)[MODEL_DEPTH:] == [f"{MODEL_DEPTH + i:02}" for i in range(5)]
    assert rerank(ANY, [], model) == []


OUTLINES = st.lists(
    st.builds(
        lambda id, fused, kind, ordinal, section, text, document: make(
            *(f"{id:03}", fused, text),
            kind=kind,
            ordinal=ordinal,
            section=section,
            document=document,
        ),
        st.integers(0, 999),
        st.floats(0, 1).map(lambda x: round(x, 6)),
        st.sampled_from(["text", "list"]),
        st.integers(0, 2),
        st.sampled_from([(), ("Ort",), ("Anlass",)]),
        st.sampled_from([LONG, LONG[:60], "Ein Satz.", "Noch ein Satz mit 3 Zahlen."]),
        st.sampled_from(["eins", "zwei"]),
    ),
    max_size=25,
    unique_by=lambda candidate: candidate.outline.id,
)


@given(OUTLINES, st.sampled_from([ANY, STEPS, ACROSS]), st.randoms())
def test_nothing_is_lost_and_scores_never_rise(candidates, question, chance):
    """Whatever comes in goes out, in one order, whatever order it came in."""
    found = rerank(question, candidates)
    scores = [candidate.score for candidate in found]

    assert sorted(ids(found)) == sorted(ids(candidates))
    assert scores == sorted(scores, reverse=True)
    assert rerank(question, chance.sample(candidates, len(candidates))) == found
    assert all(
        c.score == pytest.approx(c.fused + sum(step.points for step in c.steps), abs=1e-6)
        for c in found
    )
