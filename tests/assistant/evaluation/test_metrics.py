"""One answer and its golden item give the figures that can be worked out by hand."""

from dataclasses import replace

import pytest

from assistant.evaluation.metrics import Scorer
from assistant.types import Segment
from tests.assistant.evaluation.values import (
    SENTENCES,
    FakeSource,
    answered,
    make_evidence,
    make_item,
    make_nugget,
    make_observation,
    make_unanswerable,
)

SOURCE = FakeSource(heft=SENTENCES)
FULL = make_item(
    evidence=[make_evidence(), make_evidence("e2", SENTENCES[1], group="B")],
    nuggets=[
        make_nugget("n1", ["vier Wochen"]),
        make_nugget("n2", ["Beirat"], ["e2"]),
        make_nugget("n3", ["Sitzung"], ["e2"], importance="okay"),
    ],
    forbidden=[{"id": "f1", "text": "Rat", "match": {"any_of": ["privaten Gebern"]}}],
    max_words=12,
)
NONE = make_unanswerable()


def score(observation, *items):
    """Return the score of one observation over the small collection."""
    return Scorer.over(items or (FULL, NONE), SOURCE).score([observation], read=10)[0]


def test_full_answer():
    """All evidence cited and all nuggets said: every figure of quality is 1."""
    found = score(answered(FULL, SOURCE, 0, 1))
    quality = (
        *("evidence_recall@10", "ndcg@10", "strict_vital", "strict_all", "weighted_nuggets"),
        *("citation_recall", "citation_precision", "citation_resolvability", "verbatim"),
    )

    assert {name: found.figures[name] for name in quality} == dict.fromkeys(quality, 1.0)
    assert found.figures["false_refusal"] == found.figures["forbidden"] == 0.0
    assert found.nuggets == {"n1": True, "n2": True, "n3": True}
    assert found.faults == ()
    assert found.failure is None


def test_half_answer():
    """One of two vital nuggets: strict-vital 1/2, strict-all 1/3, weighted 1 of 2.5."""
    figures = score(answered(FULL, SOURCE, 0)).figures

    assert figures["strict_vital"] == 0.5
    assert figures["strict_all"] == pytest.approx(1 / 3)
    assert figures["weighted_nuggets"] == pytest.approx(1 / 2.5)
    assert figures["citation_recall"] == 0.5


def test_forbidden_statement():
    """What must not be said is found, though the rest is right."""
    found = score(answered(FULL, SOURCE, 0, 1, 2))

    assert found.figures["forbidden"] == 1.0
    assert found.forbidden == ("f1",)


def test_length():
    """Words and segments are counted, and vital nuggets per 100 words."""
    figures = score(answered(FULL, SOURCE, 0, 1)).figures

    words = sum(len(sentence.split()) for sentence in SENTENCES[:2])
    assert figures["words"] == words
    assert figures["segments"] == 2
    assert figures["vital_per_100_words"] == pytest.approx(200 / words)
    assert figures["within_max_words"] == 0.0


def test_refusing_an_answerable_question_raises_nothing():
    """A refusal scores 0 on nuggets and citations and stays out of groundedness and precision."""
    figures = score(make_observation(FULL, hits=answered(FULL, SOURCE, 0).hits)).figures

    assert figures["false_refusal"] == 1.0
    assert figures["strict_vital"] == figures["citation_recall"] == 0.0
    assert {"verbatim", "citation_precision", "citation_coverage", "words"}.isdisjoint(figures)


def test_refusing_what_has_no_answer():
    """A right refusal counts, and its reason is compared with the item's."""
    right = score(make_observation(NONE)).figures
    other = score(make_observation(NONE, reason="out_of_scope")).figures
    wrong = score(answered(NONE, SOURCE, 0)).figures

    assert right == {"refusal_recall": 1.0, "reason_right": 1.0}
    assert other["reason_right"] == 0.0
    assert wrong["refusal_recall"] == 0.0
    assert "strict_vital" not in wrong


@pytest.mark.parametrize(
    ("item", "figure", "value"), [(FULL, "false_refusal", 1.0), (NONE, "refusal_recall", 0.0)]
)
def test_failing_is_never_right(item, figure, value):
    """A question that couldn't be processed is wrong, whether it has an answer or not."""
    assert score(make_observation(item, status="error")).figures[figure] == value


def test_asking_back_is_no_answer():
    """A question put back counts as refusing."""
    assert score(make_observation(FULL, status="clarify")).figures["false_refusal"] == 1.0
    assert score(make_observation(NONE, status="clarify")).figures["refusal_recall"] == 1.0


def test_invented_sentence_is_a_fault():
    """A segment that isn't word for word in its citation is named."""
    sound = answered(FULL, SOURCE, 0)
    invented = replace(sound, segments=(Segment("Die Frist ist lang.", ("z1",), "verbatim"),))

    found = score(invented)

    assert found.figures["verbatim"] == 0.0
    assert found.faults == ("Satz 1 steht nicht wörtlich in seinem Beleg.",)


def test_invented_source_carries_nothing():
    """A sentence isn't grounded by a citation that doesn't resolve."""
    sound = answered(FULL, SOURCE, 0)
    citation = replace(sound.citations[0], passage="gibtesnicht")

    found = score(replace(sound, citations=(citation,)))

    assert found.figures["citation_resolvability"] == found.figures["verbatim"] == 0.0
    assert len(found.faults) == 2


def test_written_answers_are_graded():
    """Generative segments are graded by segment and by citation; over-citation shows there."""
    sound = answered(FULL, SOURCE, 0, 2)
    written = replace(
        sound,
        mode="generative",
        segments=(Segment("Vier Wochen beträgt die Frist nach Zugang.", ("z1", "z2"), "full"),),
    )

    figures = score(written).figures

    assert figures["support_recall"] == 1.0
    assert figures["support_precision"] == 0.5
    assert "verbatim" not in figures


def test_unstable_answers_are_a_fault():
    """The same question has one extractive answer; a written one may differ."""
    sound = answered(FULL, SOURCE, 0)

    assert score(replace(sound, repeats=5, stable=False)).faults == (
        "5 gleiche Fragen gaben verschiedene Antworten.",
    )
    assert not score(replace(sound, mode="generative", repeats=5, stable=False)).faults
