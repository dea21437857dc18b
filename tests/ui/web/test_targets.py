"""Names of what can be pressed: written and read back; all else is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.web import targets

numbers = st.integers(0, 9999)


@given(numbers, numbers, st.integers(0, 999999))
def test_names_of_sources_are_read_back(exchange, number, page):
    """Link, button and page button of a citation lead to the same citation."""
    expected = targets.SourceTarget(exchange, number)

    assert targets.read_source(targets.source(exchange, number)) == expected
    assert targets.read_source(targets.opening(exchange, number)) == expected
    assert targets.read_source(targets.page(exchange, number, page)) == (exchange, number, page)


@given(numbers, numbers)
def test_names_of_questions_are_read_back(exchange, number):
    """Suggestions and examples keep apart."""
    assert targets.read_question(targets.suggestion(exchange, number)) == (exchange, number)
    assert targets.read_question(targets.example(number)) == (None, number)


@pytest.mark.parametrize(
    "name",
    [
        *(
            None,
            7,
            "",
            "source",
            "source-1",
            "source--1-2",
            "source-1-2-3",
            "page-1-2",
            "shown-1-2",
        ),
        *(" source-1-2", "source-1-2\n", "source-١-٢", "source-99999999999-1", "ask-1", "example-"),
        ["source-1-2"],
    ],
)
def test_other_names_are_nothing(name):
    """What the browser sends is no name until it has the shape of one."""
    assert targets.read_source(name) is None
    assert targets.read_question(name) is None
    assert targets.read_rating(name) is None
    assert targets.read_feedback(name) is None


@given(numbers, st.sampled_from(["up", "down", "back"]))
def test_names_of_ratings_are_read_back(exchange, choice):
    """Which answer, and what is said of it."""
    assert targets.read_rating(targets.rating(exchange, choice)) == (exchange, choice)


@given(
    st.from_regex(r"[a-z]{1,10}", fullmatch=True), st.from_regex(r"[a-z0-9]{0,16}", fullmatch=True)
)
def test_names_of_the_inbox_are_read_back(action, what):
    """An action, with or without what it is for."""
    assert targets.read_feedback(targets.feedback(action, what)) == (action, what)
