"""What a comparison means, in German, and whether the change may ship. Pure."""

import math
from collections.abc import Iterable
from dataclasses import replace

from assistant.evaluation.comparison import (
    LABELS,
    TOLERATED,
    Comparison,
    Gate,
    MetricComparison,
    Verdict,
)
from assistant.evaluation.statistics import ALPHA, TIE


def judge_metric(metric: MetricComparison) -> MetricComparison:
    """Return a primary metric with its verdict and the sentence that says it.

    Decided is what has a p below 5 % after Holm and a quoted interval without zero.
    """
    decided = metric.p_adjusted is not None and metric.p_adjusted < ALPHA
    if not (decided and metric.interval and metric.interval.direction):
        return replace(metric, verdict="nicht entschieden", sentence=_undecided(metric))
    verdict: Verdict = "besser" if metric.gain > 0 else "schlechter"
    sentence = f"{_title(metric)}: B ist {verdict}, {_from_to(metric)}. {_chance(metric)}"
    return replace(metric, verdict=verdict, sentence=sentence)


def judge(comparison: Comparison) -> Comparison:
    """Return a comparison with its overall verdict; the rule stands at ``compare``."""
    better = [m for m in comparison.primary if m.verdict == "besser"]
    worse = [m for m in comparison.primary if m.verdict == "schlechter"]
    verdict: Verdict = "nicht entschieden"
    if better and worse:
        sentence = (
            f"B ist besser als A bei {_listed(better)}, aber schlechter bei {_listed(worse)}; "
            "was mehr wiegt, entscheidet keine Rechnung."
        )
    elif better and (reasons := regression(comparison)):
        sentence = f"B ist besser als A bei {_listed(better)}, aber: {' '.join(reasons)}"
    elif better or worse:
        verdict = "besser" if better else "schlechter"
        of = better or worse
        changes = "; ".join(f"{_title(m)} {_from_to(m)}" for m in of)
        least_sure = max(of, key=lambda m: m.p_adjusted or 0.0)
        sentence = f"B ist {verdict} als A. {changes}. {_chance(least_sure)}"
    else:
        sentence = _alike(comparison.items_changed, comparison.items)
        if visible := [m.visible for m in comparison.primary if m.visible is not None]:
            sentence += f" {_sees(max(visible))}"
    return replace(comparison, verdict=verdict, sentence=sentence)


def regression(comparison: Comparison) -> tuple[str, ...]:
    """Say in German what forbids to ship B; empty when nothing does.

    Blocked is a primary metric or refusal error whose 95 % interval lies wholly on the worse
    side, or whose mean gets worse by more than ``TOLERATED``, and any broken invariant. Where
    few questions change, the interval errs towards blocking: of 1,000 simulated sets of 163
    without a difference, 4 % changed, 6 % lay wholly on the worse side instead of 2.5 %. Empty
    doesn't mean safe: see ``gate``.
    """
    reasons = [reason for m in _watched(comparison) if (reason := _blocks(m))]
    if comparison.faults:
        reasons.append(
            f"B bricht {comparison.faults}-mal eine Zusicherung (Belege auflösbar, Sätze "
            "wörtlich, gleiche Frage gleiche Antwort). Bitte beheben Sie das zuerst; die "
            "betroffenen Fragen stehen im Bericht."
        )
    return tuple(reasons)


def gate(comparison: Comparison) -> Gate:
    """Say whether B may ship: blocked, free, or not decided, which is not free.

    Free is what can't be worse than tolerated: the 95 % interval of every watched metric ends
    above minus ``TOLERATED``. An unchanged metric is free.
    """
    if reasons := regression(comparison):
        return Gate("gesperrt", reasons)
    open_questions = [_open(m) for m in _watched(comparison) if not _is_safe(m)]
    if open_questions:
        return Gate("nicht entschieden", tuple(open_questions))
    return Gate("frei", ())


# -- what forbids ---------------------------------------------------------------------------


def _watched(comparison: Comparison) -> tuple[MetricComparison, ...]:
    return (*comparison.primary, *comparison.errors)


def _blocks(metric: MetricComparison) -> str:
    """Return why a metric forbids to ship, or nothing."""
    tolerated = TOLERATED.get(metric.name, math.inf)
    surely = metric.gain_range is not None and metric.gain_range[1] < -TIE
    too_far = -metric.gain > tolerated + TIE
    if not (surely or too_far):
        return ""
    reasons = [_from_to(metric)]
    if too_far:
        reasons.append(f"mehr als die erlaubten {_points(tolerated)} schlechter")
    if surely:
        reasons.append(f"der 95-%-Bereich liegt ganz im Schlechteren ({_range(metric)})")
    return (
        f"{_title(metric)}: {'; '.join(reasons)}. Bitte sehen Sie die verschlechterten Fragen im "
        "Bericht durch."
    )


def _is_safe(metric: MetricComparison) -> bool:
    """Tell whether a metric can't have got worse than tolerated."""
    tolerated = TOLERATED.get(metric.name)
    if tolerated is None or not (metric.tally.wins or metric.tally.losses):
        return True  # without a tolerance of its own its two halves are watched instead
    return metric.gain_range is not None and metric.gain_range[0] >= -tolerated - TIE


def _open(metric: MetricComparison) -> str:
    seen = f"95-%-Bereich {_range(metric)}" if metric.interval else "zu wenige für einen Bereich"
    return (
        f"{_title(metric)}: Ob B hier um mehr als {_points(TOLERATED[metric.name])} schlechter "
        f"ist, lassen {metric.n} Fragen offen ({seen})."
    )


# -- words ----------------------------------------------------------------------------------


def _undecided(metric: MetricComparison) -> str:
    sentence = f"{_title(metric)}: {_alike(metric.tally.wins + metric.tally.losses, metric.n)}"
    return f"{sentence} {_sees(metric.visible)}" if metric.visible is not None else sentence


def _alike(changed: int, n: int) -> str:
    if not changed:
        return f"A und B unterscheiden sich in der Wertung bei keiner von {n} Fragen."
    count = "einer" if changed == 1 else str(changed)
    return (
        f"A und B unterscheiden sich in der Wertung bei {count} von {n} Fragen; das kann Zufall "
        "sein."
    )


def _sees(visible: float) -> str:
    return f"Sehen könnte dieser Fragensatz Unterschiede ab {_number(visible)} Prozentpunkten."


def _chance(metric: MetricComparison) -> str:
    """Say what p means, rounded up to whole cases of a hundred."""
    cases = max(1, math.ceil(100 * (metric.p_adjusted or 0.0) - TIE))
    return (
        f"Wären A und B gleich gut, käme ein so großer Unterschied in höchstens {cases} von 100 "
        "Vergleichen vor."
    )


def _listed(metrics: Iterable[MetricComparison]) -> str:
    return " und ".join(f"„{_title(m)}“ ({_from_to(m)})" for m in metrics)


def _title(metric: MetricComparison) -> str:
    label = LABELS.get(metric.name, metric.name)
    return label[:1].upper() + label[1:]


def _from_to(metric: MetricComparison) -> str:
    return f"von {_number(metric.old)} auf {_number(metric.new)} %"


def _range(metric: MetricComparison) -> str:
    low, high = (_number(end, sign="+") for end in metric.gain_range or (0.0, 0.0))
    return f"{low} bis {high} Prozentpunkte; Minus heißt schlechter"


def _points(share: float) -> str:
    number = _number(share)
    return f"{number} Prozentpunkt{'' if number == '1' else 'e'}"


def _number(share: float, *, sign: str = "-") -> str:
    """Write a share in hundredths, one digit at most, German."""
    hundredths = round(100 * share, 1) + 0.0  # no minus before zero
    text = f"{hundredths:{sign}.1f}".removesuffix(".0")
    return text.replace(".", ",").replace("-", "−")
