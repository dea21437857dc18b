"""The gate of answer quality: what must never break, and what mustn't get worse unnoticed.

evaluation.md, 5.4. The figures to compare with are tests/golden/baseline.json; how they are
renewed stands in tests/golden/README.md.
"""

from dataclasses import replace

import pytest

from assistant.evaluation.compare import compare
from assistant.evaluation.metrics import EVIDENCE_RECALL, PRIMARY
from assistant.evaluation.observe import SAMPLE
from assistant.evaluation.verdict import regression
from tests.golden import baseline
from ui.evaluation import comparison, summary


@pytest.fixture(scope="module")
def fresh(starter):
    """The dev split, measured now, in every wording."""
    return baseline.measure(starter)


@pytest.fixture(scope="module")
def old(fresh):
    """The committed figures, in the form of a run."""
    kept = baseline.read()
    assert not (said := baseline.stale(kept, fresh.header)), said
    return baseline.as_run(kept, fresh)


def test_no_promise_is_broken(fresh):
    """Citations resolve and name the right place, segments are verbatim, answers are stable."""
    told = summary.tell(fresh)

    assert told.faults == ()
    assert [c.broken for c in told.checks] == [0] * 5
    assert min(c.checked for c in told.checks[:4]) > 300
    assert told.checks[4].checked == SAMPLE


def test_every_item_is_scored(fresh):
    """No quote of the golden set has gone from the collection."""
    assert fresh.quarantined == ()


def test_what_must_pass_passes(fresh):
    """Twenty items that were right in every wording still are."""
    now = baseline.kept(fresh, "")["items"]
    must = baseline.read()["must_pass"]
    lost = [id for id in must if not baseline.is_right(now[id])]

    assert len(must) == baseline.MUST_PASS
    assert not lost, f"Diese Fragen müssen richtig beantwortet werden: {', '.join(lost)}"


def test_nothing_got_worse(fresh, old):
    """No primary metric or refusal error is worse than the baseline by more than chance."""
    compared = compare(old, baseline.lean(fresh))

    assert not regression(compared), comparison.text(compared)


def test_the_gate_closes(fresh, old):
    """Against a baseline in which one item in ten was found that isn't now, the gate names it."""
    spoilt = [
        replace(s, figures={**s.figures, EVIDENCE_RECALL: 0.0})
        if EVIDENCE_RECALL in s.figures and sum(map(ord, s.item)) % 10 == 0
        else s
        for s in fresh.scores
    ]

    assert any(
        "Gefundene Belege" in r
        for r in regression(compare(old, replace(fresh, scores=tuple(spoilt))))
    )


def test_a_changed_set_is_not_compared(fresh):
    """Golden set, collection or scorer differ: the message says which, and how to renew."""
    kept = baseline.kept(fresh, "Anfang")

    assert baseline.stale(kept, fresh.header) == ""
    for name, said in baseline.HASHES.items():
        message = baseline.stale({**kept, name: "anders"}, fresh.header)
        assert said in message
        assert "python -m tests.golden.renew" in message


def test_a_baseline_is_the_run_it_was_made_of(fresh):
    """What is kept of a run compares with it without any difference."""
    same = compare(baseline.as_run(baseline.kept(fresh, ""), fresh), baseline.lean(fresh))

    assert {m.name for m in (*same.primary, *same.errors)} >= set(PRIMARY)
    assert all(m.difference == 0 for m in (*same.primary, *same.errors))
    assert same.items_changed == 0
    assert [c.item for c in same.changed if c.figures] == []
