"""The statistics: right by hand, by a second way, and in simulation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.statistics import (
    Interval,
    Tally,
    at_most,
    bca_interval,
    cluster_interval,
    direction,
    holm,
    mcnemar,
    paired_permutation,
    smallest_effect,
    smallest_one_sided_effect,
    smallest_rate_effect,
    tally,
    wilson,
)

SIMULATIONS = 300
# Eighths add up without rounding, so that equal sums are equal.
EIGHTHS = st.integers(-8, 8).map(lambda eighths: eighths / 8)
SHORT = st.lists(EIGHTHS, min_size=1, max_size=9)


def within(count, share, n=SIMULATIONS):
    """Tell whether a simulated count fits a true share: at most 3.3 standard errors off."""
    return abs(count / n - share) <= 3.3 * math.sqrt(share * (1 - share) / n)


def by_enumeration(differences):
    """Return the two-sided p from all signs, the slow and obvious way."""
    observed = abs(sum(differences))
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in itertools.product((-1, 1), repeat=len(differences))
    ]
    return sum(total >= observed - 1e-9 for total in sums) / len(sums)


@settings(deadline=None, max_examples=60)
@given(SHORT)
def test_few_differences_are_counted_through(differences):
    """With few differences p is exact: the share of all signs at least as extreme."""
    assert paired_permutation(differences) == pytest.approx(by_enumeration(differences))


@settings(deadline=None, max_examples=30)
@given(st.lists(EIGHTHS, min_size=2, max_size=40))
def test_exchange_of_the_two_states_changes_signs_only(differences):
    """What A says about B, B says about A: same p, mirrored intervals and counts."""
    mirrored = [-d for d in differences]
    clusters = [index % 5 for index in range(len(differences))]

    assert paired_permutation(differences) == paired_permutation(mirrored)
    for one, other in (
        (bca_interval(differences), bca_interval(mirrored)),
        (cluster_interval(differences, clusters), cluster_interval(mirrored, clusters)),
    ):
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-9)
        assert one.method == other.method
    ours, theirs = tally(differences), tally(mirrored)
    assert (ours.wins, ours.ties, ours.losses) == (theirs.losses, theirs.ties, theirs.wins)


@settings(deadline=None, max_examples=30)
@given(SHORT, st.integers(0, 300))
def test_unchanged_questions_do_not_change_p(differences, unchanged):
    """Zeros carry no sign: p is the same with and without them."""
    assert paired_permutation([*differences, *[0.0] * unchanged]) == paired_permutation(differences)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 13), st.integers(0, 13))
def test_rates_give_the_p_of_mcnemar(gained, lost):
    """On rights and wrongs the permutation test and the exact McNemar test are one."""
    if gained + lost <= 13:
        changes = [1.0] * gained + [-1.0] * lost
        assert paired_permutation(changes) == pytest.approx(mcnemar(gained, lost))


def test_false_alarms_of_the_permutation_test():
    """Where nothing differs, p falls below any share as often as that share says."""
    rng = np.random.default_rng(3)
    found = [
        paired_permutation(rng.normal(0, 0.25, 18) * (rng.random(18) < 0.9))
        for _ in range(SIMULATIONS)
    ]

    for share in (0.05, 0.25, 0.5, 0.75):
        assert within(sum(p <= share for p in found), share), share


def test_false_alarms_with_clusters():
    """Differences that hang together raise false alarms only when they are taken as single."""
    rng = np.random.default_rng(4)
    clusters = np.repeat(np.arange(10), 6)
    sets = [rng.normal(0, 0.25, 10)[clusters] + rng.normal(0, 0.1, 60) for _ in range(SIMULATIONS)]

    together = sum(paired_permutation(values, clusters) <= 0.05 for values in sets)
    single = sum(paired_permutation(values) <= 0.05 for values in sets[:25])

    assert within(together, 0.05)
    assert single / 25 > 0.2


def test_permutation_test_sees_a_difference():
    """A clear difference isn't taken for chance."""
    rng = np.random.default_rng(5)
    found = [paired_permutation(rng.normal(0.15, 0.25, 30)) for _ in range(100)]

    assert sum(p < 0.05 for p in found) > 80


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda rng: rng.normal(0.1, 0.25, 60), id="normal"),
        pytest.param(lambda rng: rng.exponential(0.1, 60), id="skewed"),
        pytest.param(
            lambda rng: rng.choice((0.0, 1.0, -0.5), 60, p=(0.6, 0.2, 0.2)), id="mostly-unchanged"
        ),
    ],
)
def test_bca_interval_holds_the_true_mean(draw):
    """The interval holds the true mean in about 95 of 100 sets, also of skewed differences."""
    rng = np.random.default_rng(6)
    intervals = [bca_interval(draw(rng)) for _ in range(SIMULATIONS)]
    held = sum(i.low <= 0.1 <= i.high for i in intervals)

    assert {i.method for i in intervals} == {"bca"}
    assert 0.90 <= held / SIMULATIONS <= 0.985


def test_cluster_interval_holds_what_the_other_misses():
    """Where clusters hang together, only drawing whole clusters holds the true mean."""
    rng = np.random.default_rng(7)
    clusters = np.repeat(np.arange(20), 8)
    held = {"cluster": 0, "single": 0}
    for _ in range(100):
        values = rng.normal(0, 0.2, 20)[clusters] + rng.normal(0, 0.2, 160)
        whole, single = cluster_interval(values, clusters), bca_interval(values)
        held["cluster"] += whole.low <= 0 <= whole.high
        held["single"] += single.low <= 0 <= single.high

    assert held["cluster"] / 100 > 0.85
    assert held["single"] / 100 < 0.75


@pytest.mark.parametrize(("rate", "n"), [(0.5, 60), (0.9, 60), (0.95, 150), (0.98, 100)])
def test_wilson_interval_holds_the_true_rate(rate, n):
    """The interval of a rate holds, also near its ends."""
    counts = np.random.default_rng(8).binomial(n, rate, 2000)
    intervals = {int(k): wilson(int(k), n) for k in set(counts)}
    held = sum(intervals[int(k)].low <= rate <= intervals[int(k)].high for k in counts)

    assert 0.92 <= held / 2000 <= 0.985


@given(st.integers(0, 200), st.integers(0, 200))
def test_wilson_interval_mirrors(successes, failures):
    """Rights and wrongs have mirrored intervals, which hold the observed rate."""
    n = successes + failures
    right, wrong = wilson(successes, n), wilson(failures, n)

    assert (right.low, right.high) == pytest.approx((1 - wrong.high, 1 - wrong.low), abs=1e-12)
    assert 0 <= right.low <= right.high <= 1
    if n:
        assert right.low - 1e-12 <= successes / n <= right.high + 1e-12


def test_wilson_by_hand():
    """The formula, worked out for 8 of 10."""
    z = 1.959964
    middle = (0.8 + z**2 / 20) / (1 + z**2 / 10)
    half = z / (1 + z**2 / 10) * math.sqrt(0.8 * 0.2 / 10 + z**2 / 400)

    assert wilson(8, 10).low == pytest.approx(middle - half, abs=1e-6)
    assert wilson(8, 10).high == pytest.approx(middle + half, abs=1e-6)
    assert wilson(0, 0) == Interval(0.0, 1.0, "wilson")


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_is_monotone(p_values):
    """No adjusted p is below its own, none exceeds 1, and the order stays."""
    adjusted = holm(p_values)

    assert len(adjusted) == len(p_values)
    assert all(p <= a <= 1 for p, a in zip(p_values, adjusted, strict=True))
    for (p, a), (q, b) in itertools.combinations(zip(p_values, adjusted, strict=True), 2):
        assert a <= b if p <= q else b <= a


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.randoms())
def test_holm_ignores_the_order(p_values, chance):
    """The same p values in another order get the same adjusted ones."""
    order = chance.sample(range(len(p_values)), len(p_values))
    shuffled = holm([p_values[i] for i in order])

    assert sorted(shuffled) == sorted(holm(p_values))


def test_holm_by_hand():
    """The smallest counts three times, the next twice, and none falls below the one before."""
    assert holm([0.04, 0.01, 0.03]) == pytest.approx((0.06, 0.03, 0.06))
    assert holm([]) == ()


def test_mcnemar_by_hand():
    """Six to nothing is the least that one-sided changes can show at 5 %."""
    assert mcnemar(6, 0) == pytest.approx(2 / 64)
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(3, 3) == mcnemar(0, 0) == 1.0


def test_what_cannot_be_estimated_says_how():
    """Degenerate values never raise; the result says how it came about."""
    assert bca_interval([]) is None
    assert bca_interval([0.5]) is None
    assert cluster_interval([0.5, 0.2, 0.1], ["a", "a", "a"]) is None
    assert cluster_interval([], []) is None
    assert bca_interval([0.25] * 40) == Interval(0.25, 0.25, "constant")
    assert bca_interval([0.0, 0.5, 1.0]).method == "percentile"
    assert cluster_interval([0.0, 0.5, 1.0] * 4, [1, 2, 3] * 4).method == "percentile"
    assert bca_interval([0.0, 0.5] * 4).method == "bca"
    assert paired_permutation([]) == paired_permutation([0.0] * 5) == 1.0


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from((0.0, 1e-12, 0.1, -1.0, 1e6, -1e-300)), max_size=30))
def test_intervals_never_raise(differences):
    """Whatever the differences, an interval is missing or made of two ordered numbers."""
    found = (
        bca_interval(differences),
        cluster_interval(differences, [i % 9 for i in range(len(differences))]),
    )

    for interval in found:
        if interval is not None:
            assert math.isfinite(interval.low)
            assert interval.low <= interval.high


def test_nan_of_bca_falls_back(monkeypatch):
    """Where the corrected interval isn't a number, plain percentiles stand in, named so."""
    from assistant.evaluation import statistics

    plain = statistics._ends

    def ends(sums, sizes, level, method):
        return (math.nan, math.nan) if method == "bca" else plain(sums, sizes, level, method)

    monkeypatch.setattr(statistics, "_ends", ends)
    found = bca_interval([0.0, 0.1, 0.2, 0.4] * 5)

    assert found.method == "percentile"
    assert found.low < 0.175 < found.high


def test_bca_agrees_with_the_t_interval_on_many_values():
    """On many well-behaved values the bootstrap gives what the textbook gives."""
    values = np.random.default_rng(9).normal(0.05, 0.25, 400)
    found, half = bca_interval(values), 1.966 * values.std(ddof=1) / 20

    assert found.low == pytest.approx(values.mean() - half, abs=0.003)
    assert found.high == pytest.approx(values.mean() + half, abs=0.003)


@pytest.mark.parametrize(
    ("n", "graded", "tenth", "fifth", "half_width"),
    [
        (60, 0.090, 0.114, 0.162, 0.077),
        (100, 0.070, 0.089, 0.125, 0.060),
        (150, 0.057, 0.072, 0.102, 0.048),
        (200, 0.049, 0.063, 0.089, 0.042),
        (300, 0.040, 0.051, 0.072, 0.034),
    ],
)
def test_what_a_set_can_see(n, graded, tenth, fifth, half_width):
    """The table of the design: smallest effects by number of questions, to its last digit."""
    digit = 0.00065

    assert smallest_effect(n, 0.25) == pytest.approx(graded, abs=digit)
    assert smallest_rate_effect(n, 0.10) == pytest.approx(tenth, abs=digit)
    assert smallest_rate_effect(n, 0.20) == pytest.approx(fifth, abs=digit)
    assert wilson(round(0.9 * n), n).width / 2 == pytest.approx(half_width, abs=digit)


@pytest.mark.parametrize("true", [0.0, 1.0])
def test_smallest_effect_is_seen_in_eighty_of_hundred(true):
    """Differences of just that size are found in about 80 % of sets, and 5 % where none is."""
    rng, n, sd = np.random.default_rng(10), 20, 0.25
    effect = true * smallest_effect(n, sd)
    found = [paired_permutation(rng.normal(effect, sd, n)) < 0.05 for _ in range(SIMULATIONS)]

    assert within(sum(found), 0.8 if true else 0.05)


def test_smallest_one_sided_effect_is_what_mcnemar_needs():
    """At that share 80 of 100 sets have enough changed questions, just below it fewer have."""
    rng, n = np.random.default_rng(11), 150
    share = smallest_one_sided_effect(n)
    changed = rng.binomial(n, share, 4000)

    assert np.mean([mcnemar(int(k), 0) < 0.05 for k in changed]) == pytest.approx(0.8, abs=0.03)
    assert smallest_one_sided_effect(n, 0.05 / 3) > share
    assert smallest_one_sided_effect(5) == 1.0
    assert smallest_effect(0, 0.25) == math.inf


def test_no_failure_is_not_zero():
    """None of n leaves a rate possible: about three in n."""
    assert at_most(100) == pytest.approx(0.0295, abs=1e-4)
    assert (1 - at_most(60)) ** 60 == pytest.approx(0.05)
    assert at_most(0) == 1.0


def test_direction_knows_what_is_better():
    """More is better unless less is; rounding is no change."""
    assert direction(0.1) == 1
    assert direction(0.1, higher_is_better=False) == -1
    assert direction(1e-12) == 0
    assert tally([0.5, 0.0, 1e-13, -1.0, -0.2]) == Tally(wins=1, ties=2, losses=2)
    assert Interval(0.01, 0.2, "bca").direction == 1
    assert Interval(-0.2, -0.01, "bca").direction == -1
    assert Interval(0.0, 0.2, "bca").direction == 0
    assert Interval(-0.1, 0.2, "bca").width == pytest.approx(0.3)


def test_same_numbers_give_the_same_result():
    """Seeds are fixed: nothing changes from run to run."""
    values = np.random.default_rng(12).normal(0.02, 0.25, 50)

    assert paired_permutation(values) == paired_permutation(values)
    assert bca_interval(values) == bca_interval(values)
