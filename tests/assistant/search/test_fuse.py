"""Fusion: a weighted sum of scaled scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.search.fuse import fuse as fused
from corpus.self_retrieval import DEFAULT_WEIGHT


def fuse(lexical, dense, weight=DEFAULT_WEIGHT):
    """Fuse at the usual weight."""
    return fused(lexical, dense, weight)


RANKING = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=2), st.floats(-1, 1, allow_nan=False), max_size=12
)


@given(RANKING, RANKING, st.floats(0, 1))
def test_scores_lie_between_zero_and_one(lexical, dense, weight):
    """Every id comes once, best first, with a score from 0 to 1."""
    ranking = fuse(lexical, dense, weight)
    scores = [score for _, score in ranking]

    assert {id for id, _ in ranking} == lexical.keys() | dense.keys()
    assert len(ranking) == len(lexical.keys() | dense.keys())
    assert all(0 <= score <= 1 + 1e-9 for score in scores)
    assert scores == sorted(scores, reverse=True)


@given(RANKING, RANKING, st.randoms())
def test_order_of_the_inputs_does_not_matter(lexical, dense, chance):
    """The same scores in another order give the same ranking."""
    shuffled = [
        dict(chance.sample(list(scores.items()), len(scores))) for scores in (lexical, dense)
    ]

    assert fuse(*shuffled) == fuse(lexical, dense)


@given(RANKING, RANKING, st.floats(0.1, 100))
def test_scale_of_a_ranking_does_not_matter(lexical, dense, factor):
    """Only the relation of the scores within a ranking counts."""
    scaled = {id: score * factor for id, score in dense.items()}
    before, after = dict(fuse(lexical, dense)), dict(fuse(lexical, scaled))

    assert after == pytest.approx(before, abs=1e-9)


def test_sum_by_hand():
    """Each ranking is divided by its best and weighted; what is missing or negative adds 0."""
    assert fuse({"a": 4, "b": 2}, {"b": 0.5, "c": 0.25, "a": -0.3}, 0.25) == [
        ("a", 0.75),
        ("b", 0.375 + 0.25),
        ("c", 0.125),
    ]


def test_ties_come_by_id():
    """Equal scores come in order of their ids."""
    assert [id for id, _ in fuse({"b": 1, "a": 1}, {})] == ["a", "b"]


def test_weight_decides_who_counts():
    """At 0 only words count, at 1 only vectors."""
    lexical, dense = {"wort": 1.0}, {"vektor": 1.0}

    assert fuse(lexical, dense, 0.0)[0] == ("wort", 1.0)
    assert fuse(lexical, dense, 1.0)[0] == ("vektor", 1.0)
    assert fuse({}, {}) == []
