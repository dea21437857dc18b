"""A lost answer is put down to the step that lost it."""

from dataclasses import replace

import pytest

from assistant.evaluation.failures import failure
from assistant.evaluation.metrics import nugget_hits
from assistant.evaluation.source import relevance
from assistant.types import Segment
from tests.assistant.evaluation.values import (
    SENTENCES,
    FakeSource,
    answered,
    make_evidence,
    make_hit,
    make_item,
    make_nugget,
    make_observation,
    make_unanswerable,
)

FILLERS = tuple(f"Ganz anderer Text Nummer {n} ohne Bezug." for n in range(24))
SOURCE = FakeSource(heft=(*SENTENCES, *FILLERS))
ITEM = make_item()
HITS = tuple(map(make_hit, SOURCE.passages("heft")))


def label(observation, item=ITEM, source=SOURCE):
    """Return the label of an observation when ten passages are read."""
    hits = nugget_hits(observation.segments, item)
    return failure(observation, item, relevance(item, source), hits, read=10)


def test_right_answer_did_not_fail():
    """A vital nugget with its evidence cited has no label."""
    assert label(answered(ITEM, SOURCE, 0)) is None


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        (HITS[1:21], "not_retrieved"),
        ((*HITS[1:11], HITS[0]), "cut"),
        ((*HITS[1:10], HITS[0]), "unused"),
    ],
)
def test_retrieval_before_selection(hits, expected):
    """Not found, found but not read, read but not used: the rank of the evidence decides."""
    assert label(answered(ITEM, SOURCE, 1, hits=hits)) == expected


def test_evidence_missing_from_the_collection():
    """Nothing can be found that isn't there."""
    assert label(answered(ITEM, SOURCE, 1), source=FakeSource(heft=FILLERS)) == "not_in_index"


def test_refused_although_found():
    """With the evidence read, a refusal is the gate's; without it, retrieval's."""
    assert label(make_observation(ITEM, hits=HITS)) == "refused"
    assert label(make_observation(ITEM, hits=HITS[1:])) == "not_retrieved"


def test_said_but_not_proven():
    """The right words with an unfitting citation are uncited."""
    observation = answered(ITEM, SOURCE, 1)
    said = replace(observation, segments=(Segment("Sie dauert vier Wochen.", ("z1",), "full"),))

    assert label(said) == "uncited"


def test_earliest_step_wins():
    """Where one nugget was never found and another not used, retrieval is named."""
    item = make_item(
        evidence=[make_evidence(), make_evidence("e2", SENTENCES[1], group="B")],
        nuggets=[make_nugget(), make_nugget("n2", ["Beirat"], ["e2"])],
    )

    assert label(answered(item, SOURCE, 2, hits=HITS[1:]), item) == "not_retrieved"
    assert label(answered(item, SOURCE, 2, hits=HITS), item) == "unused"


def test_missing_extras_are_no_failure():
    """A nugget that isn't vital may be missing."""
    item = make_item(nuggets=[make_nugget(), make_nugget("n2", ["Sonne"], importance="okay")])

    assert label(answered(item, SOURCE, 0), item) is None


def test_answering_what_has_no_answer():
    """The one failure of an unanswerable question."""
    item = make_unanswerable()

    assert label(answered(item, SOURCE, 0), item) == "answered"
    assert label(make_observation(item), item) is None
