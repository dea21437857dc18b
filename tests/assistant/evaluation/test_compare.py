"""Comparison of two runs: what counts, what is chance, what must not ship."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assistant.evaluation.compare import CompareError, compare
from assistant.evaluation.comparison import DECIDED, ERRORS, LABELS, PRIMARY, TOLERATED, Comparison
from assistant.evaluation.golden import Item
from assistant.evaluation.metrics import (
    EVIDENCE_RECALL,
    FALSE_REFUSAL,
    LOWER_IS_BETTER,
    REFUSAL_RECALL,
    STRICT_VITAL,
)
from assistant.evaluation.statistics import (
    Interval,
    at_most,
    mcnemar,
    smallest_effect,
    smallest_one_sided_effect,
    wilson,
)
from assistant.evaluation.types import Header, Observation, Run, Score
from assistant.evaluation.verdict import gate, judge_metric, regression
from assistant.types import Citation, Segment
from corpus.embedder import Fingerprint
from corpus.types import Scope

HEADER = Header(
    golden="g" * 64,
    split="dev",
    items=0,
    questions=0,
    collection="c" * 64,
    scorer="s" * 64,
    generation="000001",
    embedder=Fingerprint("modell", "d" * 64, 8),
    analyser="1",
    settings={"threshold": "0.35"},
    program="0.1.0",
    commit="abc",
    machine="Rechner",
    started="2026-11-22T10:00:00Z",
    seconds=1.0,
    looks=0,
)


def make_item(id, *, answerable="full", workshop=None, doc="heft"):
    """Return a golden item with one piece of evidence, or none."""
    evidence = {
        "id": "e1", "group": "A", "doc": doc, "workshop": workshop, "section": ("Eins",),
        "quote": "Zitat", "grade": 2,
    }  # fmt: skip
    return Item(
        id=id,
        status="active",
        split="dev",
        tags=(),
        type="fact" if answerable == "full" else "unanswerable",
        question=f"Frage {id}?",
        paraphrases=(),
        answerable=answerable,
        none_reason=None if answerable == "full" else "not_in_corpus",
        none_hint=None,
        evidence=(evidence,) if answerable == "full" else (),
        nuggets=(),
        reference_answer=None,
        provenance={"source": "test", "created": "2026-11-22"},
    )


def make_run(rows, *, items=None, **header):
    """Return a run. A row is (item id, figures) or (item id, figures, form)."""
    wordings, observations, scores = {}, [], []
    for id, figures, *form in rows:
        number = wordings[id] = wordings.get(id, -1) + 1
        form = form[0] if form else "paraphrase" if number else "question"
        refused = figures.get(FALSE_REFUSAL) == 1 or figures.get(REFUSAL_RECALL) == 1
        observations.append(
            Observation(
                item=id,
                wording=number,
                form=form,
                question=f"Frage {id} {number}?",
                query="",
                scope=Scope(),
                status="refused" if refused else "answered",
            )
        )
        scores.append(Score(id, number, form, dict(figures)))
    items = items or [
        make_item(id, answerable="none" if id.startswith("none") else "full", doc=id)
        for id in wordings
    ]
    header = replace(HEADER, items=len(items), questions=len(rows), **header)
    return Run(header, tuple(items), (), tuple(observations), tuple(scores))


def answerable(values, *, metric=STRICT_VITAL, **others):
    """Return one answered item per value of a metric; other figures stay at their best."""
    best = {EVIDENCE_RECALL: 1.0, STRICT_VITAL: 1.0, FALSE_REFUSAL: 0.0, **others}
    return [(f"frage-{n:03}", {**best, metric: float(v)}) for n, v in enumerate(values)]


def unanswerable(refused):
    """Return one unanswerable item per value: 1 where it is refused."""
    return [(f"none-{n:03}", {REFUSAL_RECALL: float(v)}) for n, v in enumerate(refused)]


def of(comparison, name):
    """Return one metric of a comparison."""
    metrics = (*comparison.primary, *comparison.errors, *comparison.exploratory)
    return next(m for m in metrics if m.name == name)


def compared(old, new, **header):
    """Compare two lists of rows."""
    return compare(make_run(old, **header), make_run(new))


def test_primary_metrics_are_declared():
    """Three decide, each has a German label, and what the gate tolerates is what was agreed."""
    assert PRIMARY == (EVIDENCE_RECALL, STRICT_VITAL, DECIDED)
    assert set(LABELS) == {*PRIMARY, *ERRORS}
    assert TOLERATED == {
        EVIDENCE_RECALL: 0.03, STRICT_VITAL: 0.05, FALSE_REFUSAL: 0.05, REFUSAL_RECALL: 0.05,
    }  # fmt: skip


# -- what may be compared -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ({"golden": "x" * 64}, ("Prüffragen", "gggggggggggg", "xxxxxxxxxxxx", "heutigen")),
        ({"collection": "x" * 64}, ("Sammlungen", "cccccccccccc", "Dokumenten")),
        ({"scorer": "x" * 64}, ("Regeln", "ssssssssssss", "Fassung der Auswertung")),
        ({"split": "test"}, ("Teile", "dev", "test", "--split")),
    ],
)
def test_other_measurements_are_refused(header, named):
    """Runs over other questions, documents or rules are refused, naming which and the remedy."""
    rows = answerable([1, 0])
    with pytest.raises(CompareError) as fault:
        compare(make_run(rows), make_run(rows, **header))

    assert fault.value.code == "ERR_COMPARE"
    for part in (*named, "Bitte"):
        assert part in str(fault.value)


def test_everything_that_differs_is_named_at_once():
    """Nobody has to repair one reason only to meet the next."""
    rows = answerable([1, 0])
    with pytest.raises(CompareError) as fault:
        compare(make_run(rows), make_run(rows, golden="x", scorer="y"))

    assert "Prüffragen" in str(fault.value)
    assert "Regeln" in str(fault.value)


def test_other_questions_are_refused():
    """A question that only one run has is named, also when it is a paraphrase."""
    rows = answerable([1, 0, 1])
    with pytest.raises(CompareError, match="frage-002"):
        compare(make_run(rows), make_run(rows[:2]))
    with pytest.raises(CompareError, match="frage-001"):
        compare(make_run(rows), make_run([*rows, rows[1]]))


def test_same_id_with_other_content_is_refused():
    """Where the item behind an id isn't the same, its figures aren't compared."""
    rows = answerable([1])
    one, other = (make_run(rows, items=[make_item("frage-000", doc=doc)]) for doc in "ab")
    with pytest.raises(CompareError, match="frage-000"):
        compare(one, other)


def test_runs_without_questions_are_refused():
    """Nothing measured is nothing to compare."""
    with pytest.raises(CompareError, match="keine Fragen"):
        compare(make_run([]), make_run([]))


def test_what_may_differ_is_listed():
    """Settings and program may differ between runs; what does is listed, old beside new."""
    rows = answerable([1, 0])
    other = make_run(rows, settings={"threshold": "0.4", "neu": "1"}, commit="def", seconds=9.0)
    found = compare(make_run(rows), other)

    assert found.differs == (
        ("Stand im Git", "abc", "def"),
        ("Einstellung neu", "", "1"),
        ("Einstellung threshold", "0.35", "0.4"),
    )


# -- one number per item --------------------------------------------------------------------


def test_wordings_of_an_item_count_as_one():
    """Ten paraphrases are no ten questions: the item counts once, with their mean."""
    old = [*answerable([1]), *answerable([1]), *answerable([1, 1])]
    new = [*answerable([0]), *answerable([1]), *answerable([0.5, 0])]
    found = of(compared(old, new), STRICT_VITAL)

    assert found.n == 2
    assert (found.old, found.new) == (1.0, pytest.approx((0.5 + 0.0) / 2))
    assert (found.tally.wins, found.tally.ties, found.tally.losses) == (0, 0, 2)


def test_wording_without_history_stays_out():
    """What a follow-up would score without its history decides nothing, but is listed."""
    figures = answerable([1])[0][1]
    old = [("frage-000", figures), ("frage-000", figures, "standalone")]
    new = [("frage-000", figures), ("frage-000", {**figures, STRICT_VITAL: 0.0}, "standalone")]
    found = compared(old, new)

    assert of(found, STRICT_VITAL).difference == 0
    assert [(c.item, c.wording) for c in found.changed] == [("frage-000", 1)]


def test_false_answers_and_false_refusals_make_one_figure():
    """Rightly decided is an answer where there is one and a refusal where there is none."""
    old = [*answerable([1, 1, 0, 0], metric=FALSE_REFUSAL), *unanswerable([1, 0])]
    new = [*answerable([1, 0, 0, 0], metric=FALSE_REFUSAL), *unanswerable([0, 0])]
    found = compared(old, new)

    assert (of(found, DECIDED).old, of(found, DECIDED).new) == (3 / 6, 3 / 6)
    assert of(found, DECIDED).n == 6
    assert of(found, FALSE_REFUSAL).gain == pytest.approx(0.25)
    assert of(found, FALSE_REFUSAL).tally.wins == 1
    assert of(found, REFUSAL_RECALL).gain == pytest.approx(-0.5)


def test_figures_are_compared_where_both_have_them():
    """A figure that an answer has only in one run is left out of its mean, and listed."""
    old = answerable([1, 1, 1], precision=1.0)
    new = answerable([1, 1, 1], precision=0.5)
    del new[2][1]["precision"]
    found = compared(old, new)

    assert of(found, "precision").n == 2
    assert not of(found, "precision").primary
    assert of(found, "precision").verdict is None
    assert of(found, "precision").p is None
    assert ("precision", 1.0, None) in found.changed[-1].figures


# -- verdicts -------------------------------------------------------------------------------


def test_clear_gain_is_better():
    """Forty of a hundred questions gained and none lost is no chance."""
    found = compared(answerable([0] * 60 + [1] * 40), answerable([0] * 20 + [1] * 80))

    metric = of(found, STRICT_VITAL)
    assert metric.verdict == found.verdict == "besser"
    assert metric.p_adjusted == pytest.approx(3 * metric.p)
    assert metric.interval.low < 0.4 < metric.interval.high
    assert "Genannte Kernaussagen von 40 auf 80 %" in found.sentence
    assert "höchstens 1 von 100" in found.sentence
    assert regression(found) == ()
    assert gate(found).state == "frei"


def test_clear_loss_is_worse():
    """The same the other way round is worse, and blocks."""
    found = compared(answerable([0] * 20 + [1] * 80), answerable([0] * 60 + [1] * 40))

    assert found.verdict == "schlechter"
    assert "B ist schlechter als A" in found.sentence
    assert gate(found).state == "gesperrt"


def test_few_changes_are_not_decided():
    """A handful of questions either way may be chance; the sentence says what could be seen."""
    found = compared(answerable([0] * 9 + [1] * 191), answerable([1] * 9 + [0] * 5 + [1] * 186))
    metric = of(found, STRICT_VITAL)

    assert metric.verdict == found.verdict == "nicht entschieden"
    assert found.sentence == (
        "A und B unterscheiden sich in der Wertung bei 14 von 200 Fragen; das kann Zufall sein. "
        f"Sehen könnte dieser Fragensatz Unterschiede ab {points(found)} Prozentpunkten."
    )
    assert "Genannte Kernaussagen: A und B unterscheiden sich" in metric.sentence
    assert 0.04 < metric.visible < 0.08


def points(found):
    """Return the largest visible difference as it is written."""
    share = max(m.visible for m in found.primary)
    return f"{100 * share:.1f}".removesuffix(".0").replace(".", ",")


def test_two_per_cent_on_hundred_questions_is_no_finding():
    """Two questions gained prove nothing."""
    found = compared(answerable([0] * 30 + [1] * 70), answerable([0] * 28 + [1] * 72))

    assert found.verdict == "nicht entschieden"
    assert of(found, STRICT_VITAL).visible > 0.02


def test_what_the_set_can_see():
    """At the level one of three has to pass: by the planned spread where nothing changed, by the
    number of changes any test needs where hardly anything did.
    """
    old, one = answerable([1] * 200), answerable([0.5] + [1] * 199)

    assert of(compared(old, old), STRICT_VITAL).visible == smallest_effect(200, 0.25, 0.05 / 3)
    assert of(compared(old, one), STRICT_VITAL).visible == pytest.approx(
        0.5 * smallest_one_sided_effect(200, 0.05 / 3)
    )
    assert of(compared(old[:2], one[:2]), STRICT_VITAL).visible <= 1


def test_interval_with_zero_is_not_decided():
    """However small p is, a quoted interval that holds zero decides nothing."""
    clear = of(compared(answerable([0] * 60), answerable([1] * 30 + [0] * 30)), STRICT_VITAL)
    doubtful = replace(clear, by_question=Interval(-0.01, 0.6, "bca"))

    assert judge_metric(clear).verdict == "besser"
    assert judge_metric(doubtful).verdict == "nicht entschieden"


def test_same_run_is_not_decided_and_free():
    """Nothing changed: no verdict for either, nothing listed, nothing against it."""
    rows = [*answerable([0] * 30 + [1] * 70), *unanswerable([1] * 20)]
    found = compared(rows, rows)

    assert found.verdict == "nicht entschieden"
    assert "bei keiner von 120 Fragen" in found.sentence
    assert found.changed == ()
    assert {m.p for m in found.primary} == {1.0}
    assert 0.04 < of(found, STRICT_VITAL).visible < 0.10
    assert gate(found) == type(gate(found))("frei", ())


def test_holm_takes_three_tests_into_account():
    """What would pass alone doesn't pass as one of three: six gained, p 0.031 alone."""
    found = compared(answerable([0] * 6 + [1] * 94), answerable([1] * 100))
    metric = of(found, STRICT_VITAL)

    assert metric.p == pytest.approx(2 / 64)
    assert metric.p_adjusted == pytest.approx(6 / 64)
    assert metric.verdict == "nicht entschieden"


def test_better_here_and_worse_there_is_not_decided():
    """No sum is made of a gain and a loss; both are named."""
    old = answerable([0] * 60 + [1] * 40)
    new = answerable([1] * 100, **{EVIDENCE_RECALL: 0.0})
    found = compared(old, new)

    assert of(found, STRICT_VITAL).verdict == "besser"
    assert of(found, EVIDENCE_RECALL).verdict == "schlechter"
    assert found.verdict == "nicht entschieden"
    assert "Genannte Kernaussagen" in found.sentence
    assert "Gefundene Belege" in found.sentence


def test_better_is_not_bought_with_false_answers():
    """A gain isn't called better while one of the refusal errors gets worse than tolerated."""
    old = [*answerable([1] * 40 + [0] * 120, metric=FALSE_REFUSAL), *unanswerable([1] * 40)]
    new = [*answerable([0] * 160, metric=FALSE_REFUSAL), *unanswerable([1] * 35 + [0] * 5)]
    found = compared(old, new)

    assert of(found, DECIDED).verdict == "besser"
    assert found.verdict == "nicht entschieden"
    assert "Zu Recht abgelehnt: von 100 auf 87,5 %" in found.sentence
    assert gate(found).state == "gesperrt"


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(*[st.sampled_from((0.0, 0.25, 0.5, 1.0))] * 2, *[st.integers(0, 1)] * 2),
        min_size=1,
        max_size=25,
    )
)
def test_exchange_of_a_and_b_exchanges_the_verdict(values):
    """Seen from B, better is worse, and nothing else changes."""
    sides = [
        [*answerable(v[i] for v in values), *unanswerable(v[2 + i] for v in values)] for i in (0, 1)
    ]
    there, back = compared(*sides), compared(*reversed(sides))
    mirrored = {"besser": "schlechter", "schlechter": "besser"}

    for one, other in zip(there.primary, back.primary, strict=True):
        assert one.difference == pytest.approx(-other.difference, abs=1e-9)
        assert one.p_adjusted == pytest.approx(other.p_adjusted)
        assert one.visible == pytest.approx(other.visible)
        assert one.verdict == mirrored.get(other.verdict, other.verdict)
        assert one.quoted == other.quoted
    assert there.items_changed == back.items_changed


# -- workshops ------------------------------------------------------------------------------


def clustered(spread):
    """Return a comparison of 8 workshops of 12 questions; by workshop, or evenly, 1 in 3 gains."""
    ids = [f"frage-{n:03}" for n in range(96)]
    items = [make_item(id, workshop=n // 12 + 1) for n, id in enumerate(ids)]
    gains = [(n // 12) % 3 == 0 if spread == "by workshop" else n % 3 == 0 for n in range(96)]
    old = make_run(answerable([0] * 96), items=items)
    return compare(old, make_run(answerable(gains), items=items))


def test_gain_of_few_workshops_is_quoted_by_workshop():
    """Gains that sit in three of eight workshops are no 36 independent gains."""
    together, even = (of(clustered(s), STRICT_VITAL) for s in ("by workshop", "evenly"))

    assert together.quoted == "Werkstatt"
    assert together.interval == together.by_workshop
    assert together.by_workshop.width > 1.25 * together.by_question.width
    assert together.verdict == "nicht entschieden"
    assert together.p == pytest.approx(2 / 8)
    assert even.quoted == "Frage"
    assert even.interval == even.by_question
    assert even.verdict == "besser"
    assert together.visible > even.visible


def test_questions_without_workshop_hang_together_by_document():
    """Without a workshop the document counts; what nothing answers stands alone."""
    rows = [*answerable([0] * 40), *unanswerable([0] * 40)]
    items = [
        *(make_item(id, doc=f"heft-{n // 4}") for n, (id, _) in enumerate(rows[:40])),
        *(make_item(id, answerable="none") for id, _ in rows[40:]),
    ]
    gained = [
        *answerable([1] * 20 + [0] * 20),
        *unanswerable([1] * 12 + [0] * 28),
    ]
    found = compare(make_run(rows, items=items), make_run(gained, items=items))

    assert of(found, STRICT_VITAL).quoted == "Werkstatt"
    assert of(found, STRICT_VITAL).p == pytest.approx(2 / 2**5)
    assert of(found, DECIDED).quoted == "Frage"
    assert of(found, DECIDED).verdict == "besser"


# -- rates ----------------------------------------------------------------------------------


def test_rates_are_counted_exactly():
    """Items right in every wording, gained, lost, McNemar's p, and what no failure leaves open."""
    old = [*answerable([1, 1, 1, 0, 0], metric=FALSE_REFUSAL), *unanswerable([1, 1])]
    new = [*answerable([0, 0, 0, 1, 0], metric=FALSE_REFUSAL), *unanswerable([1, 1])]
    decided, refusals, recall = compared(old, new).rates

    assert (decided.name, refusals.name, recall.name) == (DECIDED, *ERRORS)
    assert (refusals.old_right, refusals.new_right, refusals.n) == (2, 4, 5)
    assert (refusals.gained, refusals.lost, refusals.p) == (3, 1, mcnemar(3, 1))
    assert refusals.new_interval == wilson(4, 5)
    assert refusals.new_failures_at_most is None
    assert recall.new_failures_at_most == at_most(2)
    assert (decided.gained, decided.lost, decided.n) == (3, 1, 7)


def test_one_wrong_wording_makes_an_item_wrong():
    """A question that is refused as soon as it is put otherwise isn't rightly decided."""
    old = [*answerable([0], metric=FALSE_REFUSAL)] * 2
    new = [old[0], answerable([1], metric=FALSE_REFUSAL)[0]]
    rate = compared(old, new).rates[0]

    assert (rate.old_right, rate.new_right, rate.lost) == (1, 0, 1)


# -- the gate -------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", [EVIDENCE_RECALL, STRICT_VITAL, FALSE_REFUSAL, REFUSAL_RECALL])
def test_gate_closes_beyond_what_is_tolerated(metric):
    """A drop of just what is tolerated passes the limit; a little more is blocked by name."""
    limit = TOLERATED[metric]
    good, bad = (0.0, 1.0) if metric in LOWER_IS_BETTER else (1.0, 0.0)

    def rows(*values):
        if metric == REFUSAL_RECALL:
            return [*answerable([1]), *unanswerable(values)]
        return answerable(values, metric=metric)

    lost = round(limit * 100)
    old = rows(*[good] * 100)
    just = regression(compared(old, rows(*[bad] * lost, *[good] * (100 - lost))))
    more = regression(compared(old, rows(*[bad] * (lost + 1), *[good] * (99 - lost))))
    # The interval may block already at the limit; the limit itself must not.
    assert not any("erlaubten" in reason for reason in just)
    named = [reason for reason in more if LABELS[metric][1:] in reason]
    assert len(named) == 1
    assert f"mehr als die erlaubten {100 * limit:.0f} Prozentpunkte schlechter" in named[0]
    assert "Bitte" in named[0]


@pytest.mark.parametrize("metric", [EVIDENCE_RECALL, STRICT_VITAL, FALSE_REFUSAL])
def test_gate_closes_on_a_small_sure_loss(metric):
    """A loss within what is tolerated blocks too when it is no chance; the same gain doesn't."""
    good, few, some = (0.0, 0.02, 0.03) if metric in LOWER_IS_BETTER else (1.0, 0.98, 0.97)
    sides = (
        answerable([good] * 100, metric=metric),
        answerable([few] * 50 + [some] * 50, metric=metric),
    )
    reasons = regression(compared(*sides))

    (named,) = [reason for reason in reasons if LABELS[metric][1:] in reason]
    assert "95-%-Bereich liegt ganz im Schlechteren (−2,6 bis −2,4 Prozentpunkte" in named
    assert "erlaubten" not in named
    assert regression(compared(*reversed(sides))) == ()


def test_gate_leaves_open_what_the_set_cannot_see():
    """A small loss among many changes is neither blocked nor free."""
    old = answerable([1] * 11 + [0] * 9 + [1] * 80)
    new = answerable([0] * 11 + [1] * 9 + [1] * 80)
    found = compared(old, new)

    assert regression(found) == ()
    assert gate(found).state == "nicht entschieden"
    (sentence,) = gate(found).sentences
    assert "Genannte Kernaussagen" in sentence
    assert "lassen 100 Fragen offen" in sentence


def test_broken_invariants_block():
    """Better figures don't excuse a quote that isn't in its source."""
    old, new = make_run(answerable([0] * 60)), make_run(answerable([1] * 60))
    broken = replace(new.scores[3], faults=("Satz 1 steht nicht wörtlich in seinem Beleg.",))
    new = replace(new, scores=(*new.scores[:3], broken, *new.scores[4:]))
    found = compare(old, new)

    assert any("1-mal eine Zusicherung" in reason for reason in regression(found))
    assert found.verdict == "nicht entschieden"


def test_one_question_alone_is_left_open_or_blocked():
    """A set of one question has no interval, and nothing fails for it."""
    found = compared(answerable([1.0]), answerable([0.97]))

    assert of(found, STRICT_VITAL).interval is None
    assert found.verdict == "nicht entschieden"
    assert gate(found).state == "nicht entschieden"
    assert gate(compared(answerable([1.0]), answerable([0.5]))).state == "gesperrt"


# -- what changed ---------------------------------------------------------------------------


def cited(page, text="Satz.", **changes):
    """Return an observation's answer: a segment with one citation."""
    citation = Citation(
        key="k", number=1, document="heft", title="Heft", workshop=None, workshop_title="",
        section=("Eins",), page_index=3, page_label=page, quote=text, located="exact",
        version="v", origin="", passage="p1", start=0, end=5,
    )  # fmt: skip
    return {
        "segments": (Segment(text, ("k",), "verbatim"),),
        "citations": (replace(citation, **changes),),
    }


def with_answers(run, *answers):
    """Return a run whose observations have these answers."""
    seen = [replace(o, **a) for o, a in zip(run.observations, answers, strict=True)]
    return replace(run, observations=tuple(seen))


def test_every_changed_question_is_listed_worse_first():
    """Changed status, text, citation, figure or error label is listed, old beside new."""
    run = make_run(answerable([0, 1, 1, 1, 1]))
    old = with_answers(run, *[cited("4")] * 5)
    new = with_answers(
        make_run(answerable([1, 0, 1, 1, 1])),
        *(cited("4"), cited("4"), cited("5"), cited("4", "Anderer Satz."), cited("4")),
    )
    changed = compare(old, new).changed

    assert [(c.item, c.direction) for c in changed] == [
        ("frage-001", -1),
        ("frage-002", 0),
        ("frage-003", 0),
        ("frage-000", 1),
    ]
    assert changed[0].figures == ((STRICT_VITAL, 1.0, 0.0),)
    assert [c.page_label for c in (*changed[1].old.citations, *changed[1].new.citations)] == [
        "4",
        "5",
    ]
    assert (changed[2].old.text, changed[2].new.text) == ("Satz.", "Anderer Satz.")


def test_error_label_and_status_are_changes():
    """A question lost at another stage, or refused for another reason, is listed."""
    run = make_run(answerable([0, 0]))
    other = replace(
        run,
        scores=(replace(run.scores[0], failure="cut"), run.scores[1]),
        observations=(run.observations[0], replace(run.observations[1], status="partial")),
    )

    assert [c.item for c in compare(run, other).changed] == ["frage-000", "frage-001"]


def test_what_no_reader_sees_is_no_change():
    """Other ids, versions and times leave an answer what it is."""
    run = make_run(answerable([1]))
    old = with_answers(run, cited("4"))
    new = with_answers(
        run, {**cited("4", version="w", passage="p2"), "timings_ms": {"suchen": 9.0}}
    )

    assert compare(old, new).changed == ()


def test_comparison_is_frozen_and_survives_json():
    """A comparison can't be changed, and its JSON gives back an equal one."""
    rows = [*answerable([0] * 10 + [1] * 10, words=3.0), *unanswerable([1, 0])]
    found = compared(rows, [*answerable([1] * 20, words=4.0), *unanswerable([0, 0])])
    adapter = TypeAdapter(Comparison)

    assert adapter.validate_json(adapter.dump_json(found)) == found
    with pytest.raises(FrozenInstanceError):
        found.verdict = "besser"
