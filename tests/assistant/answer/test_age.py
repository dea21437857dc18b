"""Documents that no longer hold give way to those that do."""

import pytest

from assistant.answer.age import is_outdated, valid_first, valid_last
from assistant.answer.terms import EMPTY
from assistant.answer.units import Run, Unit
from tests.factories import make_document, make_passage

TODAY = "2026-11-23"
DOCUMENTS = {"alt": make_document("alt", replaced_by="neu"), "neu": make_document("neu")}


@pytest.mark.parametrize(
    ("fields", "outdated"),
    [
        ({}, False),
        ({"replaced_by": "neu"}, True),
        ({"valid_until": "2026-11-22"}, True),
        ({"valid_until": "2026-11-23"}, False),
        ({"valid_until": "2026"}, False),
        ({"valid_until": "2025"}, True),
    ],
)
def test_what_is_outdated(fields, outdated):
    """A document holds to the end of its last day, month or year, unless another replaced it."""
    assert is_outdated(make_document(**fields), TODAY) == outdated


def test_the_valid_text_comes_first():
    """At equal scores, and last among what is quoted."""
    old, new = (make_passage("Der Satz.", document=id) for id in ("alt", "neu"))
    units = [Unit(passage, 0, 1.0, 1.0, EMPTY) for passage in (old, new)]
    runs = [Run(passage, 0, 0, 1.0) for passage in (old, new)]

    assert valid_first(units, DOCUMENTS, TODAY)[0].passage is new
    assert [run.passage for run in valid_last(runs, DOCUMENTS, TODAY)] == [new, old]
