"""Where the gate should stand: cases with their confidence -> a threshold and its evidence. Pure.

The gate answers when the confidence reaches the threshold (``assistant/answer/gate.py``). What is
answered below the threshold in use can only be known from observations made with the gate open,
at threshold 0; cases taken with a closed gate make every lower threshold look worthless.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.evaluation.statistics import Interval, wilson
from corpus.errors import SozialraumError

LIMIT = 0.05
"""Highest share of answerable questions that may be refused; set in the design of the
evaluation, because a refused answer costs the reader more trust than an answer that misses."""
STEP = 0.05
"""Distance of the rows in the table of evidence; the curve itself has every point."""
ROUNDING = 1e-9


class CalibrationError(SozialraumError):
    """There is nothing to choose a threshold by."""

    code = "ERR_CALIBRATE"


@dataclass(frozen=True, slots=True)
class Case:
    """One question, asked with the gate open."""

    confidence: float | None
    """What the gate weighs; None when the question is refused at any threshold."""
    answerable: bool
    correct: float
    """How good the answer is, 0 to 1; ignored where there is no answer to give."""


@dataclass(frozen=True, slots=True)
class Point:
    """What the gate does at a threshold. Rates are shares; intervals are Wilson's at 95 %."""

    threshold: float
    """Answered is what has at least this confidence."""
    coverage: float
    """Share of all questions that are answered."""
    risk: float
    """1 - mean correctness of what is answered, unanswerable counting as 0; 0 for nothing."""
    false_refusals: int
    false_refusal: float
    """Share of the answerable questions that are refused."""
    false_refusal_interval: Interval
    rightly_refused: int
    refusal_recall: float
    """Share of the unanswerable questions that are refused."""
    refusal_recall_interval: Interval


@dataclass(frozen=True, slots=True)
class Calibration:
    """A chosen threshold and what it rests on."""

    threshold: float
    """The highest with few digits of those by which every question is decided alike."""
    attained: bool
    """Whether a threshold keeps within the limit; if none does, the least harmful is chosen."""
    limit: float
    answerable: int
    unanswerable: int
    curve: tuple[Point, ...]
    """One point for each decision that can be made, by rising threshold."""
    area: float
    """Under risk over coverage, from 0 (perfect) to 1: the mean risk as one case after the other
    is let through, the most confident first and equally confident ones together."""
    area_by_chance: float
    """The area if the confidence said nothing: the last risk over the whole coverage."""

    def at(self, threshold: float) -> Point:
        """Return what the gate does at any threshold."""
        thresholds = [point.threshold for point in self.curve]
        return self.curve[min(bisect_left(thresholds, threshold), len(thresholds) - 1)]


def calibrate(cases: Iterable[Case], limit: float = LIMIT) -> Calibration:
    """Choose the threshold that refuses most of what has no answer, within the limit.

    Both the false refusals and the refusal recall rise with the threshold. Of those that
    refuse at most ``limit`` of the answerable questions the best recall wins, of equal ones
    the fewest false refusals. Intervals take every case as single: wordings of one question
    make them look narrower than they are. Raises CalibrationError when answerable or
    unanswerable questions are missing, or a figure isn't a number.
    """
    known = tuple(cases)
    _check(known)
    reached = sorted({c.confidence for c in known if c.confidence is not None})
    # Past the highest confidence nothing is answered: the curve's last point.
    curve = tuple(_point(t, known) for t in (*reached, _beyond(reached)))
    within = [point for point in curve if point.false_refusal <= limit]
    chosen = (
        max(within, key=lambda p: (p.refusal_recall, -p.false_refusal, -p.threshold))
        if within
        else curve[0]
    )
    place = curve.index(chosen)
    below = curve[place - 1].threshold if place else -math.inf
    return Calibration(
        threshold=_short(below, chosen.threshold),
        attained=bool(within),
        limit=limit,
        answerable=sum(c.answerable for c in known),
        unanswerable=sum(not c.answerable for c in known),
        curve=curve,
        area=_area(curve),
        area_by_chance=curve[0].risk * curve[0].coverage,
    )


def markdown(calibration: Calibration, rests_on: Mapping[str, str], in_use: float) -> str:
    """Return the evidence as a German Markdown block, to be kept next to the value.

    ``rests_on`` names what was measured, such as the digests of golden set and collection;
    ``in_use`` is the threshold the program has now.
    """
    found = calibration
    rows = sorted({*_steps(found), found.threshold, in_use})
    lines = [
        f"## Schwelle {_threshold(found.threshold)}",
        "",
        _verdict(found),
        "",
        *(f"- {name}: {value}" for name, value in rests_on.items()),
        f"- Fragen: {found.answerable} beantwortbare, {found.unanswerable} unbeantwortbare",
        f"- Schwelle im Programm: {_threshold(in_use)}",
        f"- Fläche unter der Risiko-Abdeckungs-Kurve: {_number(found.area, 3)} (0 wäre "
        f"vollkommen; {_number(found.area_by_chance, 3)}, wenn die Sicherheit nichts aussagte)",
        "",
        "| Schwelle | beantwortet | Risiko | zu Unrecht abgelehnt | zu Recht abgelehnt |",
        "| --- | --- | --- | --- | --- |",
        *(_row(threshold, found, in_use) for threshold in rows),
        "",
        "„Risiko“ ist, was den gegebenen Antworten im Mittel zur vollen Richtigkeit fehlt. In "
        "Klammern steht der 95-%-Bereich nach Wilson; Wortlaute derselben Frage zählen darin "
        "einzeln, er ist deshalb eher zu eng.",
    ]
    return "\n".join(lines) + "\n"


# -- choosing -------------------------------------------------------------------------------


def _check(cases: Sequence[Case]) -> None:
    for name, present in (
        ("beantwortbare", any(c.answerable for c in cases)),
        ("unbeantwortbare", any(not c.answerable for c in cases)),
    ):
        if not present:
            raise CalibrationError(
                f"Die Schwelle lässt sich nicht bestimmen: Im Fragensatz fehlen {name} Fragen. "
                "Bitte nehmen Sie welche auf und messen Sie noch einmal."
            )
    figures = [c.confidence for c in cases if c.confidence is not None]
    if not all(math.isfinite(f) for f in (*figures, *(c.correct for c in cases))):
        raise CalibrationError(
            "Die Schwelle lässt sich nicht bestimmen: Eine der Messungen ist keine Zahl. Bitte "
            "messen Sie noch einmal und prüfen Sie die Installation mit „sozialraum doctor“."
        )


def _point(threshold: float, cases: Sequence[Case]) -> Point:
    answered = [c for c in cases if c.confidence is not None and c.confidence >= threshold]
    answerable = sum(c.answerable for c in cases)
    unanswerable = len(cases) - answerable
    missed = answerable - sum(c.answerable for c in answered)
    refused = unanswerable - sum(not c.answerable for c in answered)
    correct = math.fsum(c.correct for c in answered if c.answerable)
    return Point(
        threshold=threshold,
        coverage=len(answered) / len(cases),
        risk=1.0 - correct / len(answered) if answered else 0.0,
        false_refusals=missed,
        false_refusal=missed / answerable,
        false_refusal_interval=wilson(missed, answerable),
        rightly_refused=refused,
        refusal_recall=refused / unanswerable,
        refusal_recall_interval=wilson(refused, unanswerable),
    )


def _beyond(reached: Sequence[float]) -> float:
    return math.nextafter(reached[-1], math.inf) if reached else 0.0


def _short(low: float, high: float) -> float:
    """Return the highest number above ``low``, at most ``high``, that has few digits.

    Not the middle: confidences may have been found by asking at thresholds in turn, and are
    rounded down to these then. Only at ``high`` and close below it all is decided as counted.
    """
    for digits in range(2, 16):
        scale = 10.0**digits
        number = round(math.floor(high * scale + ROUNDING) / scale, digits)
        if low < number <= high:
            return number
    return high


def _area(curve: Sequence[Point]) -> float:
    widths = [point.coverage - stricter.coverage for point, stricter in pairwise(curve)]
    return math.fsum(w * point.risk for w, point in zip(widths, curve, strict=False))


# -- evidence -------------------------------------------------------------------------------


def _steps(calibration: Calibration) -> list[float]:
    thresholds = [point.threshold for point in calibration.curve]
    # The curve ends just past the highest confidence, where no row is needed.
    first, last = math.floor(thresholds[0] / STEP), math.floor(thresholds[-1] / STEP)
    return [round(step * STEP, 2) for step in range(first, last + 1)]


def _verdict(found: Calibration) -> str:
    point = found.at(found.threshold)
    recall = _share(point.rightly_refused, found.unanswerable)
    missed = _share(point.false_refusals, found.answerable)
    most = _percent(found.limit)
    if found.attained:
        return (
            f"Von allen Schwellen, die höchstens {most} der beantwortbaren Fragen zu Unrecht "
            f"ablehnen, lehnt diese am meisten ab, worauf es keine Antwort gibt: {recall}. Zu "
            f"Unrecht abgelehnt werden {missed}."
        )
    return (
        f"Keine Schwelle lehnt höchstens {most} der beantwortbaren Fragen zu Unrecht ab: Auch "
        f"die niedrigste lehnt {missed} ab, aus Gründen, die keine Schwelle ändert. Gewählt ist "
        f"die niedrigste; zu Recht abgelehnt werden {recall}."
    )


def _row(threshold: float, found: Calibration, in_use: float) -> str:
    point = found.at(threshold)
    notes = [
        note
        for note, value in (("gewählt", found.threshold), ("im Programm", in_use))
        if value == threshold
    ]
    cells = (
        _threshold(threshold) + (f" ({', '.join(notes)})" if notes else ""),
        _percent(point.coverage),
        _number(point.risk),
        _rate(point.false_refusal, point.false_refusal_interval),
        _rate(point.refusal_recall, point.refusal_recall_interval),
    )
    return f"| {' | '.join(cells)} |"


def _rate(rate: float, interval: Interval) -> str:
    return f"{_percent(rate)} ({_percent(interval.low)} bis {_percent(interval.high)})"


def _share(count: int, n: int) -> str:
    return f"{count} von {n} ({_percent(count / n)})"


def _percent(share: float) -> str:
    return f"{_number(100 * share, 1).removesuffix(',0')} %"


def _threshold(value: float) -> str:
    """Write a threshold so that it is the same one when read again, at two digits or more."""
    return _number(value) if round(value, 2) == value else f"{value!r}".replace(".", ",")


def _number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace(".", ",")
