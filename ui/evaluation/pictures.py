"""What of a run is shown as a picture: each with its sentence, its drawing and its figures. Pure.

The report and the page „Qualität“ show the same ones.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from assistant.answer import gate
from assistant.evaluation import summary as core
from assistant.evaluation.calibrate import Calibration, CalibrationError, calibrate
from assistant.evaluation.metrics import EVIDENCE_RECALL, REFUSAL_RECALL, STRICT_VITAL
from assistant.evaluation.types import Run
from ui.evaluation import plots, words
from ui.evaluation.summary import AIM_P95_MS, WHOLE, Told
from ui.markup import Html, tag
from ui.web.answer.render import framed

NAMES = ("stufen", "fundstellen", "risiko", "dauer")
"""Of all pictures, in the order they are shown."""
CUTS = (3, 5, 10, 20)
FEW = 5
"""Fewer questions than this in a cell of the heat table say nothing by themselves."""
HIGH, GOOD, LOW = 0.9, 0.75, 0.5
"""Steps of the heat table, as shares."""
_SHARES = tuple((n / 4, f"{25 * n} %") for n in range(5))
HEAT_HEADING = "Werkstatt und Art der Frage"
HEAT_SAYS = (
    "Anteil der genannten Kernaussagen, bei Fragen ohne Antwort der richtigen Ablehnungen, je "
    "Art der Frage und Werkstatt. In Klammern die Zahl der Fragen. Petrol ist gut (ab "
    f"{words.percent(GOOD, 0)}, kräftig ab {words.percent(HIGH, 0)}), gelb und fett ist "
    f"schwach (unter {words.percent(LOW, 0)}); Felder mit weniger als {FEW} Fragen bleiben "
    "ohne Farbe."
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its words, and its figures as a table."""

    name: str
    """One of ``NAMES``; also that of its file."""
    heading: str
    says: str
    """What it shows, in a sentence or two."""
    drawing: Html
    """Inline SVG."""
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    """What it says of this very run."""


def pictures(run: Run, told: Told) -> tuple[Picture, ...]:
    """Return all pictures that a run has."""
    return tuple(p for name in NAMES if (p := picture(name, run, told)))


def picture(name: str, run: Run, told: Told) -> Picture | None:
    """Return one picture; None where the run has none of that name."""
    match name:
        case "stufen":
            return lost(told)
        case "fundstellen":
            return recall(told)
        case "risiko":
            return risk(run)
        case "dauer":
            return latency(run, told)
    return None


def lost(told: Told) -> Picture:
    """Show at which stage answers were lost."""
    number = sum(told.failures.values())
    says = (
        f"{number} von {told.asked} Wortlauten bekamen keine gute Antwort. Jeder zählt bei der "
        "frühesten Stufe, an der etwas verloren ging; die längste Zeile ist die lohnendste Stelle."
        if number
        else "Keine Antwort ging verloren."
    )
    rows = [(words.FAILURES[f], told.failures.get(f, 0)) for f in words.stages()]
    drawing = plots.bars(
        "stufen",
        "Wo Antworten verloren gingen",
        "; ".join(f"{name}: {n}" for (name, _), n in rows),
        [(name, float(n), str(n)) for (name, _), n in rows],
    )
    told_rows = [(name, str(n), tag("span", meaning)) for (name, meaning), n in rows]
    heads = ("Stufe", "Wortlaute", "Was das heißt")
    return Picture("stufen", "Wo Antworten verloren gingen", says, drawing, heads, told_rows)


def recall(told: Told) -> Picture | None:
    """Show how far in front the evidence stands; None where no question has any."""
    means = told.rows[0].means
    values = [(k, means[f"evidence_recall@{k}"].value) for k in CUTS if EVIDENCE_RECALL in means]
    if not values:
        return None
    says = (
        "So viel von dem, was die Fragen belegt, steht unter den ersten Fundstellen. Gelesen "
        "werden für eine Antwort die ersten zehn: Was dort fehlt, kann keine Antwort nennen."
    )
    written = [(f"erste {k}", words.percent(value)) for k, value in values]
    x = plots.Axis("Zahl der Fundstellen", 0, 20, tuple((k, str(k)) for k in CUTS))
    drawing = plots.curve(
        "fundstellen",
        "Gefundene Belege nach Zahl der Fundstellen",
        "; ".join(f"{name}: {value}" for name, value in written),
        [(float(k), value) for k, value in values],
        x,
        plots.Axis("", 0, 1, _SHARES),
        dots=True,
    )
    heads = ("Fundstellen", "gefundene Belege")
    heading = "Wie weit vorn die Belege stehen"
    return Picture("fundstellen", heading, says, drawing, heads, written)


RISK_HEADING = "Wie gut die Ablehnung trennt"


def risk(run: Run) -> Picture | None:
    """Show what answers lack over how many are given; None where the gate was never opened."""
    try:
        found = calibrate(run.cases)
    except CalibrationError:
        return None
    in_use = float(run.header.settings.get("gate.THRESHOLD", gate.THRESHOLD))
    rows = [
        (
            words.decimal(threshold, 2),
            words.percent(point.coverage),
            words.percent(point.risk),
            words.percent(point.false_refusal),
            words.percent(point.refusal_recall),
        )
        for threshold in (round(0.1 * step, 1) for step in range(11))
        for point in (found.at(threshold),)
    ]
    return Picture(
        "risiko",
        RISK_HEADING,
        "Die Antworten sind nach ihrer Sicherheit geordnet, die sicherste zuerst. Je mehr "
        "Fragen beantwortet werden (nach rechts), desto mehr fehlt den Antworten im Mittel "
        "(nach oben). Gut ist eine Linie, die lange unten bleibt.",
        _risk_curve(found, in_use),
        ("Schwelle", "beantwortet", "es fehlt", "zu Unrecht abgelehnt", "zu Recht abgelehnt"),
        rows,
        note=_compared(found, in_use),
    )


def _compared(found: Calibration, in_use: float) -> str:
    now, best = found.at(in_use), found.at(found.threshold)
    said = (
        f"Mit der Schwelle des Programms ({words.threshold(in_use)}) werden "
        f"{words.percent(now.coverage, 0)} der Fragen beantwortet, "
        f"{words.percent(now.false_refusal)} der beantwortbaren zu Unrecht abgelehnt und "
        f"{words.percent(now.refusal_recall)} der unbeantwortbaren zu Recht. "
    )
    if found.threshold == in_use or now == best:
        return f"{said}Eine bessere gibt es bei höchstens {words.percent(found.limit, 0)} nicht."
    return (
        f"{said}Die Regel „höchstens {words.percent(found.limit, 0)} zu Unrecht“ spräche für "
        f"{words.threshold(found.threshold)}: {words.percent(best.false_refusal)} zu Unrecht, "
        f"{words.percent(best.refusal_recall)} zu Recht abgelehnt. Hier zählt jeder Wortlaut "
        "einzeln."
    )


def _risk_curve(found: Calibration, in_use: float) -> Html:
    points = sorted({(p.coverage, p.risk) for p in found.curve})
    now = found.at(in_use)
    top = max(0.5, *(share for _, share in points))
    ticks = tuple((share, label) for share, label in _SHARES if share <= top)
    return plots.curve(
        "risiko",
        "Risiko über der Abdeckung",
        f"Von links nach rechts werden mehr Fragen beantwortet. Fläche unter der Linie "
        f"{words.decimal(found.area, 3)}; sagte die Sicherheit nichts aus, wäre sie "
        f"{words.decimal(found.area_by_chance, 3)}.",
        points,
        plots.Axis("beantwortete Fragen", 0, 1, _SHARES),
        plots.Axis("was den Antworten fehlt", 0, top, ticks),
        marks=(plots.Mark(now.coverage, now.risk, f"Schwelle {words.threshold(in_use)}"),),
    )


def latency(run: Run, told: Told) -> Picture | None:
    """Show how long answers took; None where nothing was timed."""
    whole = told.whole
    if whole is None:
        return None
    times = sorted(o.timings_ms[WHOLE] for o in run.observations if WHOLE in o.timings_ms)
    shares = [((place + 1) / len(times), ms) for place, ms in enumerate(times)]
    top = max(whole.p99 * 1.2, 1.0)
    good = "Das Ziel" if whole.p95 <= AIM_P95_MS else "Das Ziel wird verfehlt; es"
    says = (
        f"Die Hälfte der Antworten kam in {words.milliseconds(whole.p50)}, 95 von 100 in "
        f"{words.milliseconds(whole.p95)}, 99 in {words.milliseconds(whole.p99)}. {good} sind "
        f"{words.milliseconds(AIM_P95_MS)} für 95 von 100. Gemessen auf: {run.header.machine}; "
        "was dort nebenher lief, zählt mit."
    )
    step = _round_step(top / 4)
    ticks = tuple((step * n, f"{step * n:g}") for n in range(int(top / step) + 1))
    drawing = plots.curve(
        "dauer",
        "Dauer der Antworten",
        f"Anteil der Antworten, die bis dahin da sind. 50 %: {words.milliseconds(whole.p50)}; "
        f"95 %: {words.milliseconds(whole.p95)}.",
        [(0.0, 0.0), *((ms, share) for share, ms in shares if ms <= top)],
        plots.Axis("Millisekunden", 0, top, ticks),
        plots.Axis("", 0, 1, _SHARES),
        steps=True,
        level=0.95,
    )
    rows = [
        (s.stage, *(words.milliseconds(v) for v in (s.p50, s.p95, s.p99)), str(s.questions))
        for s in told.latency
    ]
    heads = ("Schritt", "Mitte", "95 von 100", "99 von 100", "Fragen")
    return Picture("dauer", "Wie lange es dauert", says, drawing, heads, rows)


def _round_step(step: float) -> float:
    """Return a step near this one that people like to read: 1, 2, 2.5 or 5 times a power of ten."""
    power = 1.0
    while power * 10 <= step:
        power *= 10
    return next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= step)


# -- the heat table -------------------------------------------------------------------------


def heat(run: Run) -> Html:
    """Return the table of types by workshop; ``HEAT_SAYS`` explains it."""
    cells = _cells(run)
    kinds = sorted({kind for kind, _ in cells}, key=lambda k: list(words.TYPES).index(k))
    workshops = sorted({w for _, w in cells}, key=lambda w: (w == core.WITHOUT_WORKSHOP, w))
    head = tag("tr", tag("th", "Art", scope="col"), *(tag("th", w, scope="col") for w in workshops))
    body = [
        tag(
            "tr",
            tag("th", words.TYPES.get(kind, kind), scope="row"),
            *(_cell(cells.get((kind, workshop), [])) for workshop in workshops),
        )
        for kind in kinds
    ]
    return tag("div", framed(tag("thead", head), tag("tbody", *body)), class_="heat")


def _cells(run: Run) -> dict[tuple[str, str], list[float]]:
    """Return what each item reached, by type and workshop."""
    reached = core.by_item(run.scores, STRICT_VITAL) | core.by_item(run.scores, REFUSAL_RECALL)
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for item in run.items:
        names = [f"Werkstatt {n}" for n in item.workshops] or [core.WITHOUT_WORKSHOP]
        for name in names:
            found[item.type, name].append(reached[item.id])
    return found


def _cell(values: Sequence[float]) -> Html:
    if not values:
        return tag("td", tag("span", "–", class_="soft"))
    mean = fmean(values)
    step = "high" if mean >= HIGH else "good" if mean >= GOOD else "low" if mean < LOW else None
    count = tag("small", f" ({len(values)})")
    return tag("td", words.percent(mean, 0), count, class_=step if len(values) >= FEW else None)
