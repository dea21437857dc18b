"""Calibration of the gate: the best threshold within the limit, and its evidence."""

import math
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.calibrate import CalibrationError, Case, calibrate, markdown
from assistant.evaluation.statistics import wilson

CONFIDENCE = st.one_of(st.none(), st.sampled_from([i / 20 for i in range(21)]))
CASES = st.lists(st.builds(Case, CONFIDENCE, st.booleans(), st.floats(0, 1)), min_size=2).filter(
    lambda cases: len({c.answerable for c in cases}) == 2
)


def yes(*confidences, correct=1.0):
    """Return answerable cases."""
    return [Case(confidence, True, correct) for confidence in confidences]


def no(*confidences):
    """Return unanswerable cases."""
    return [Case(confidence, False, 0.0) for confidence in confidences]


def decided(cases, threshold):
    """Return how many are refused wrongly and rightly, counted the obvious way."""
    refused = [c for c in cases if c.confidence is None or c.confidence < threshold]
    return sum(c.answerable for c in refused), sum(not c.answerable for c in refused)


def test_chooses_the_best_recall_within_the_limit():
    """One answerable in twenty may be refused; that buys two of three right refusals."""
    cases = [*yes(0.3, *[0.8] * 19), *no(0.2, 0.5, 0.9)]
    found = calibrate(cases)

    assert found.attained
    assert decided(cases, found.threshold) == (1, 2)
    assert 0.5 < found.threshold <= 0.8
    point = found.at(found.threshold)
    assert (point.false_refusal, point.refusal_recall) == (1 / 20, 2 / 3)
    assert point.false_refusal_interval == wilson(1, 20)
    assert point.refusal_recall_interval == wilson(2, 3)


@pytest.mark.parametrize(
    ("lowest", "refused", "threshold"),
    [(0.7, 0.2, 0.7), (0.3468, 0.2, 0.34), (0.3468, 0.3442, 0.346), (0.29, 0.2, 0.29)],
)
def test_threshold_is_short(lowest, refused, threshold):
    """The threshold has few digits, and lies just below the least sure case it answers."""
    assert calibrate([*yes(lowest, 0.9), *no(refused)]).threshold == threshold


def test_confidence_found_in_steps_is_decided_as_counted():
    """Confidences rounded down to steps give a threshold at which the true ones decide alike."""
    true = [*yes(0.33, 0.38, 0.41, 0.9), *no(0.22, 0.29)]
    steps = [replace(c, confidence=math.floor(c.confidence * 20) / 20) for c in true]
    found = calibrate(steps)
    point = found.at(found.threshold)

    assert decided(true, found.threshold) == (point.false_refusals, point.rightly_refused) == (0, 2)


def test_refuses_no_one_for_nothing():
    """Of thresholds with the same recall the one with the fewest false refusals is chosen."""
    cases = [*yes(*[0.4] * 1, *[0.9] * 30), *no(0.1, 0.1)]

    assert decided(cases, calibrate(cases).threshold) == (0, 2)


def test_says_when_no_threshold_keeps_the_limit():
    """Refusals for other reasons can't be undone by a threshold: least harm, and said so."""
    found = calibrate([*yes(None, None, 0.3, 0.6), *no(0.2, 0.5)])

    assert not found.attained
    assert decided([*yes(None, None, 0.3, 0.6), *no(0.2, 0.5)], found.threshold) == (2, 0)
    text = markdown(found, {}, in_use=0.35)
    assert "Keine Schwelle" in text
    assert "2 von 4 (50 %)" in text


@given(CASES, st.sampled_from([0.0, 0.05, 0.2, 0.5]))
def test_no_other_threshold_is_better(cases, limit):
    """Tried one by one, no threshold within the limit refuses more of what has no answer."""
    found = calibrate(cases, limit)
    answerable = sum(c.answerable for c in cases)
    tried = [decided(cases, t) for t in [i / 40 for i in range(-1, 43)]]
    allowed = [(right, -wrong) for wrong, right in tried if wrong <= limit * answerable + 1e-12]
    wrong, right = decided(cases, found.threshold)

    assert found.attained == bool(allowed)
    if allowed:
        assert (right, -wrong) == max(allowed)
    else:
        assert wrong == min(w for w, _ in tried)


@given(CASES, st.floats(-0.1, 1.1))
def test_curve_tells_of_any_threshold(cases, threshold):
    """Each threshold, also between two points, is decided as the curve says."""
    point = calibrate(cases).at(threshold)

    assert (point.false_refusals, point.rightly_refused) == decided(cases, threshold)
    answered = [c for c in cases if c.confidence is not None and c.confidence >= threshold]
    assert point.coverage == pytest.approx(len(answered) / len(cases))
    if answered:
        correct = sum(c.correct for c in answered if c.answerable)
        assert point.risk == pytest.approx(1 - correct / len(answered))


@given(CASES)
def test_both_refusals_rise_with_the_threshold(cases):
    """A higher threshold never answers more; the last point answers nothing."""
    curve = calibrate(cases).curve

    for lower, higher in pairwise(curve):
        assert lower.threshold < higher.threshold
        assert lower.coverage > higher.coverage
        assert lower.false_refusal <= higher.false_refusal
        assert lower.refusal_recall <= higher.refusal_recall
    assert (curve[-1].coverage, curve[-1].risk) == (0, 0)
    assert curve[-1].false_refusal == curve[-1].refusal_recall == 1


@given(CASES, st.randoms())
def test_order_of_the_cases_does_not_matter(cases, chance):
    """The same cases in another order give the same threshold and the same curve."""
    shuffled = chance.sample(cases, len(cases))
    one, other = calibrate(cases), calibrate(shuffled)

    assert (one.threshold, one.curve) == (other.threshold, other.curve)
    assert one.area == pytest.approx(other.area)


@given(CASES)
def test_area_is_the_mean_risk_from_case_to_case(cases):
    """The area agrees with letting through one case after the other."""
    cases = [replace(c, confidence=c.confidence or 0.0) for c in cases]
    found = calibrate(cases)
    risks = [found.at(c.confidence).risk for c in cases]

    assert found.area == pytest.approx(math.fsum(risks) / len(cases))
    assert 0 <= found.area <= 1


def test_area_tells_good_confidence_from_bad():
    """Knowing what is right keeps the area small, knowing it wrongly makes it large."""
    good = calibrate([*yes(0.9, 0.8), *no(0.2, 0.1)])
    bad = calibrate([*yes(0.2, 0.1), *no(0.9, 0.8)])

    assert good.area == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)
    assert bad.area == pytest.approx((1 + 1 + 2 / 3 + 2 / 4) / 4)
    assert good.area < good.area_by_chance == bad.area_by_chance == 0.5 < bad.area


def test_evidence_holds_the_figures():
    """The block names what it rests on and has a row for the value chosen and the one in use."""
    cases = [*yes(0.3, *[0.8] * 19, correct=0.9), *no(0.2, 0.5, 0.9)]
    found = calibrate(cases)
    text = markdown(found, {"Prüffragen": "abc123"}, in_use=0.35)
    rows = {
        cells[1]: cells for line in text.splitlines() if len(cells := re.split(r" ?\| ?", line)) > 5
    }

    assert "- Prüffragen: abc123" in text
    assert "2 von 3 (66,7 %)" in text
    assert "1 von 20 (5 %)" in text
    assert rows["0,80 (gewählt)"][2] == "87 %"
    assert rows["0,80 (gewählt)"][4].startswith("5 % (0,9 % bis 23,6 %)")
    assert rows["0,35 (im Programm)"][5].startswith("33,3 %")
    assert "0,30" in rows


def test_threshold_is_written_so_that_it_can_be_read_again():
    """Where two digits would name another threshold, more are written."""
    found = calibrate([*yes(0.3016), *no(0.3012)])

    assert 0.3012 < found.threshold <= 0.3016
    assert str(found.threshold).replace(".", ",") in markdown(found, {}, in_use=0.35)


@pytest.mark.parametrize(
    ("cases", "lacks"),
    [
        (yes(0.5), "unbeantwortbare"),
        (no(0.5), "beantwortbare"),
        ([], "beantwortbare"),
        ([*yes(math.nan), *no(0.1)], "keine Zahl"),
        ([*yes(0.5, correct=math.nan), *no(0.1)], "keine Zahl"),
    ],
)
def test_nothing_to_choose_by(cases, lacks):
    """What is missing is named, with what to do."""
    with pytest.raises(CalibrationError, match=lacks) as fault:
        calibrate(cases)

    assert fault.value.code == "ERR_CALIBRATE"
    assert "Bitte" in str(fault.value)
