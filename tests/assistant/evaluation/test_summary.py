"""Figures of a run: one item counts once, whatever the number of its wordings."""

import pytest

from assistant.evaluation import summary
from assistant.evaluation.types import Header, Observation, Run, Score
from corpus.embedder import Fingerprint
from corpus.types import Scope
from tests.assistant.evaluation.values import make_evidence, make_item, make_unanswerable

HEADER = Header(
    *("golden", "dev", 0, 0, "collection", "scorer", "000001"),
    *(Fingerprint("model", "digest", 8), "1", {}, "0.1", "", "", "2026-11-23", 0.0, 0),
)
A = make_item("a-1", evidence=[make_evidence(workshop=3)], tags=["frist", "zahl"])
B = make_item("b-1", type="list")
C = make_unanswerable("c-1")


def make_score(item, wording=0, form=None, failure=None, faults=(), **figures):
    """Return a score of these figures."""
    form = form or ("paraphrase" if wording else "question")
    return Score(item.id, wording, form, figures, faults=faults, failure=failure)


def make_run(*scores, items=(A, B, C), observations=()):
    """Return a run of these scores."""
    return Run(HEADER, items, (), observations, scores)


def test_items_count_once():
    """The mean is over items, each with the mean of its wordings."""
    run = make_run(
        make_score(A, 0, strict_vital=1.0),
        make_score(A, 1, strict_vital=0.0),
        make_score(A, 2, strict_vital=0.5),
        make_score(B, 0, strict_vital=1.0),
    )

    mean = summary.table(run)[0].means["strict_vital"]

    assert summary.by_item(run.scores, "strict_vital") == {"a-1": 0.5, "b-1": 1.0}
    assert mean == summary.Mean(0.75, items=2, questions=4)


def test_standalone_wordings_stay_out():
    """The wording without history isn't what was asked."""
    run = make_run(
        make_score(A, strict_vital=0.0), make_score(A, 1, "standalone", strict_vital=1.0)
    )

    assert summary.by_item(run.scores, "strict_vital") == {"a-1": 0.0}
    assert summary.table(run)[0].questions == 1


def test_slices_by_type_workshop_tag_and_document():
    """Every slice has its own row, with how many items it rests on."""
    run = make_run(make_score(A, words=10.0), make_score(B, words=20.0), make_score(C))
    rows = {(row.kind, row.name): row for row in summary.table(run)}

    assert rows["type", "list"].means["words"].value == 20.0
    assert rows["workshop", "Werkstatt 3"].items == 1
    assert rows["workshop", "ohne Werkstatt"].items == 2
    assert rows["tag", "zahl"].means["words"].value == 10.0
    assert rows["tag", "frist"].items == 3
    assert rows["document", "heft"].items == 2
    assert "words" not in rows["type", "unanswerable"].means


def test_refusals_have_intervals_and_reasons():
    """Both errors are rates with an interval that holds them, recall by reason too."""
    other = make_unanswerable("d-1", none_reason="outdated")
    run = make_run(
        make_score(A, false_refusal=0.0),
        make_score(B, false_refusal=1.0),
        make_score(C, refusal_recall=1.0),
        make_score(other, refusal_recall=0.0),
        items=(A, B, C, other),
    )
    rates = {rate.name: rate for rate in summary.refusal_rates(run)}

    assert rates["false_refusal"].value == rates["refusal_recall"].value == 0.5
    assert rates["refusal_recall: outdated"].value == 0.0
    assert rates["refusal_recall: not_in_corpus"].items == 1
    assert all(rate.interval.low <= rate.value <= rate.interval.high for rate in rates.values())


def test_robustness_to_wording():
    """Spread and worst wording are means over items that have paraphrases."""
    run = make_run(
        make_score(A, 0, strict_vital=1.0),
        make_score(A, 1, strict_vital=0.5),
        make_score(B, 0, strict_vital=0.0),
    )

    assert summary.robustness(run) == summary.Robustness(0.75, worst=0.5, spread=0.5, items=1)
    assert summary.robustness(make_run(make_score(B, strict_vital=0.0))) is None


def test_loss_of_follow_ups():
    """What the standalone wording finds and the follow-up doesn't is lost; paraphrases stay out."""
    run = make_run(
        make_score(A, 0, **{"ndcg@10": 0.5}),
        make_score(A, 1, **{"ndcg@10": 0.0}),
        make_score(A, 2, "standalone", **{"ndcg@10": 0.75}),
        make_score(B, 0, **{"ndcg@10": 0.1}),
    )

    assert summary.follow_up_loss(run) == {"ndcg@10": summary.Mean(0.25, items=1, questions=2)}


def test_latency_by_stage():
    """Percentiles are of all questions, by stage."""
    observations = [
        Observation("a-1", n, "question", "?", "?", Scope(), "answered", timings_ms={"suchen": n})
        for n in range(101)
    ]

    (stage,) = summary.latency(observations)

    assert (stage.stage, stage.p50, stage.p95, stage.p99) == ("suchen", 50, 95, 99)


def test_failures_and_faults_are_counted():
    """Each lost wording has one label; each broken invariant names its question."""
    run = make_run(
        make_score(A, failure="cut"),
        make_score(B, failure="cut", faults=("Der Beleg 1 lässt sich nicht auflösen.",)),
        make_score(B, 1, "standalone", failure="refused"),
        make_score(C),
    )

    assert summary.failure_counts(run) == {"cut": 2}
    assert summary.faults(run) == ("b-1#0: Der Beleg 1 lässt sich nicht auflösen.",)


def test_mean_of_nothing_is_absent():
    """A run without scores has a row and no figures."""
    assert summary.table(make_run())[0].means == {}
    assert summary.refusal_rates(make_run()) == ()
    assert summary.latency(()) == pytest.approx(())
