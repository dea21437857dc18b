"""A run -> what is told of it: few figures with their sentences, as text, Markdown and object."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.evaluation import summary as core
from assistant.evaluation.lint import stale_notice
from assistant.evaluation.metrics import (
    EVIDENCE_RECALL,
    FALSE_REFUSAL,
    REFUSAL_RECALL,
    STRICT_VITAL,
)
from assistant.evaluation.statistics import Interval, bca_interval
from assistant.evaluation.types import Failure, Run
from ui.evaluation import words

Judged = Literal["Ziel erreicht", "offen", "Ziel verfehlt"]
PRIMARY = (EVIDENCE_RECALL, STRICT_VITAL, FALSE_REFUSAL, REFUSAL_RECALL)
RATES = (FALSE_REFUSAL, REFUSAL_RECALL)
AIM_P95_MS = 2_000
"""Of an extractive answer, 95 of 100: evaluation.md, 5.4."""
WHOLE = "gesamt"
"""The stage of ``timings_ms`` that holds all others."""
SECONDARY = (
    *("evidence_recall@3", "evidence_recall@5", "evidence_recall@20", "ndcg@10", "rr@10"),
    *("success@5", "document_recall@10", "workshop_recall@10"),
    *("citation_precision", "passage_precision", "citation_recall", "gold_section", "gold_page"),
    *("strict_all", "weighted_nuggets", "forbidden", "must_not_cite", "reason_right"),
    *("support_recall", "support_precision"),
    *("words", "segments", "citations", "vital_per_100_words", "within_max_words"),
)
_CHECKS = {
    "Jeder Beleg lässt sich auflösen": ("citation_resolvability",),
    "Jeder Satz steht wörtlich in seinem Beleg": ("verbatim",),
    "Seite und gedruckte Seitenzahl stimmen": ("locator_page", "locator_label"),
    "Abschnitt und Werkstatt stimmen": ("locator_section", "locator_workshop"),
}
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Check:
    """A hard invariant: how many answers were looked at, how many broke it."""

    label: str
    checked: int
    broken: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a run over all its items."""

    name: str
    value: float
    interval: Interval | None
    items: int

    @property
    def aim(self) -> float | None:
        """What it should reach, or stay below."""
        return words.METRICS[self.name].aim if self.name in words.METRICS else None

    @property
    def judged(self) -> Judged | None:
        """Whether the aim is reached; open when chance alone could explain that it isn't."""
        if self.aim is None:
            return None
        sign = -1 if words.lower_is_better(self.name) else 1
        if sign * (self.value - self.aim) >= -_TIE:
            return "Ziel erreicht"
        if self.interval is None:
            return "Ziel verfehlt"
        best = self.interval.low if sign < 0 else self.interval.high
        return "offen" if sign * (best - self.aim) >= 0 else "Ziel verfehlt"

    @property
    def aim_text(self) -> str:
        """The aim in words; empty where there is none."""
        if self.aim is None:
            return ""
        bound = "höchstens" if words.lower_is_better(self.name) else "mindestens"
        return f"{bound} {words.percent(self.aim, 0)}"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a run."""

    checks: tuple[Check, ...]
    faults: tuple[str, ...]
    primary: tuple[Figure, ...]
    secondary: tuple[Figure, ...]
    by_reason: tuple[core.Rate, ...]
    latency: tuple[core.Latency, ...]
    failures: dict[Failure, int]
    asked: int
    """Wordings that were asked, without those that only stand in for follow-ups."""
    robustness: core.Robustness | None
    follow_up_loss: dict[str, core.Mean]
    rows: tuple[core.Row, ...]

    @property
    def whole(self) -> core.Latency | None:
        """How long answers took from end to end."""
        return next((stage for stage in self.latency if stage.stage == WHOLE), None)

    def figure(self, name: str) -> Figure | None:
        """Return a figure, None where nothing of the run has it."""
        return next((f for f in (*self.primary, *self.secondary) if f.name == name), None)


def tell(run: Run) -> Told:
    """Work out what is told of a run."""
    rows = core.table(run)
    rates = core.refusal_rates(run)
    means = rows[0].means
    primary = [Figure(r.name, r.value, r.interval, r.items) for r in rates if r.name in RATES]
    graded = [_graded(run, name) for name in PRIMARY if name not in RATES and name in means]
    return Told(
        checks=tuple(_checks(run)),
        faults=core.faults(run),
        primary=(*graded, *primary),
        secondary=tuple(
            Figure(name, means[name].value, None, means[name].items)
            if name != "citation_precision"
            else _graded(run, name)
            for name in SECONDARY
            if name in means
        ),
        by_reason=tuple(r for r in rates if r.name not in RATES),
        latency=core.latency(run.observations),
        failures=core.failure_counts(run),
        asked=sum(o.form != "standalone" for o in run.observations),
        robustness=core.robustness(run),
        follow_up_loss=core.follow_up_loss(run),
        rows=rows,
    )


def verdict(told: Told) -> tuple[str, ...]:
    """Say in plain German how good the answers are: promises, quality, where to look."""
    paragraphs = (" ".join(part(told)) for part in (_promises, _quality, _remedy))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


# -- forms ----------------------------------------------------------------------------------


def text(run: Run, told: Told) -> str:
    """Return the few lines for the terminal."""
    header = run.header
    lines = [
        f"Prüffragen „{header.split}“: {questions(run, told)}, {words.day(header.started)}, "
        f"{words.decimal(header.seconds, 0)} s",
    ]
    if header.looks:
        lines.append(looks(header.looks))
    lines += ["", f"{'Feste Zusagen':44}{'geprüft':>9}{'verletzt':>10}"]
    lines += [f"  {c.label:42}{c.checked:>9}{c.broken:>10}" for c in told.checks]
    lines += [f"  FEHLER  {fault}" for fault in told.faults[:5]]
    if len(told.faults) > 5:
        lines.append(f"  … und {len(told.faults) - 5} weitere; alle stehen im Bericht.")
    lines += ["", f"{'Hauptwerte':26}{'Wert':>8}   {'95-%-Bereich':16}{'Ziel':18}"]
    lines += [_figure_line(f) for f in told.primary]
    if whole := told.whole:
        lines += ["", f"Dauer einer Antwort: {_durations(whole)}"]
    lines += ["", "Wo Antworten verloren gingen (Wortlaute)"]
    lines += [f"  {words.FAILURES[f][0]:44}{n:>7}" for f, n in _ordered(told.failures)]
    if not told.failures:
        lines.append("  nirgends")
    if notice := stale_notice(run.quarantined):
        lines += ["", notice]
    return "\n".join(lines)


def markdown(run: Run, told: Told) -> str:
    """Return the summary for the discussion of a change."""
    header = run.header
    lines = [
        f"# Antwortgüte, Prüffragen „{header.split}“",
        "",
        f"{questions(run, told)}; {words.day(header.started)}.",
        *([looks(header.looks)] if header.looks else []),
        "",
        "\n\n".join(verdict(told)),
        "",
        "| Feste Zusage | geprüft | verletzt |",
        "| --- | ---: | ---: |",
        *(f"| {c.label} | {c.checked} | {c.broken} |" for c in told.checks),
        "",
        "| Hauptwert | Wert | 95-%-Bereich | Ziel | |",
        "| --- | ---: | --- | --- | --- |",
        *(
            f"| {words.label(f.name)} | {words.percent(f.value)} | {words.span(f.interval)} "
            f"| {f.aim_text} | {f.judged or ''} |"
            for f in told.primary
        ),
        "",
        "| Art der Frage | Fragen | " + " | ".join(words.label(n) for n in PRIMARY) + " |",
        "| --- | ---: |" + " ---: |" * len(PRIMARY),
        *(_type_line(row) for row in told.rows if row.kind in ("all", "type")),
        "",
        "| Weitere Werte | |",
        "| --- | ---: |",
        *(f"| {words.label(f.name)} | {words.value(f.name, f.value)} |" for f in told.secondary),
        "",
        "| Wo Antworten verloren gingen | Wortlaute |",
        "| --- | ---: |",
        *(f"| {words.FAILURES[f][0]} | {n} |" for f, n in _ordered(told.failures)),
        "",
    ]
    if whole := told.whole:
        lines += [f"Dauer einer Antwort: {_durations(whole)}.", ""]
    lines += [f"- Verletzte Zusage: {words.markdown(fault)}" for fault in told.faults]
    if notice := stale_notice(run.quarantined):
        lines += [notice, ""]
    lines += [f"- {name}: {words.markdown(value)}" for name, value in made_with(run)]
    return "\n".join(lines) + "\n"


def as_object(run: Run, told: Told) -> dict[str, Any]:
    """Return the figures for programs. Shares from 0 to 1, times in milliseconds."""
    header = run.header
    return {
        "split": header.split,
        "golden": header.golden,
        "collection": header.collection,
        "scorer": header.scorer,
        "commit": header.commit,
        "started": header.started,
        "seconds": header.seconds,
        "looks": header.looks,
        "items": header.items,
        "questions": header.questions,
        "quarantined": list(run.quarantined),
        "invariants": [
            {"name": c.label, "checked": c.checked, "broken": c.broken} for c in told.checks
        ],
        "faults": list(told.faults),
        "primary": [_figure_object(f) for f in told.primary],
        "other": [_figure_object(f) for f in told.secondary],
        "refusal_by_reason": {r.name.partition(": ")[2]: r.value for r in told.by_reason},
        "by_type": {
            row.name: {"items": row.items, **{n: m.value for n, m in row.means.items()}}
            for row in told.rows
            if row.kind == "type"
        },
        "failures": {f: told.failures.get(f, 0) for f in words.stages()},
        "latency_ms": {s.stage: {"p50": s.p50, "p95": s.p95, "p99": s.p99} for s in told.latency},
    }


def questions(run: Run, told: Told) -> str:
    """Say how many questions were asked, and in how many wordings."""
    items = words.count(run.header.items, "Frage", "Fragen")
    return f"{items} in {words.count(told.asked, 'Wortlaut', 'Wortlauten')}"


def looks(number: int) -> str:
    """Say how often the test split was looked at: each look makes its figures softer."""
    return (
        f"Der Teil „test“ wurde damit {number}-mal angesehen. Er ist für Veröffentlichungen da; "
        "wer nach ihm verbessert, misst sich selbst."
    )


def made_with(run: Run) -> list[tuple[str, str]]:
    """Name what the run was made with; the first three must agree to compare."""
    header = run.header
    return [
        ("Prüffragen", header.golden[:16]),
        ("Sammlung", header.collection[:16]),
        ("Wertung", header.scorer[:16]),
        ("Generation", header.generation),
        ("Einbettungsmodell", f"{header.embedder.name} {header.embedder.digest[:12]}"),
        ("Wortanalyse", header.analyser),
        *sorted(header.settings.items()),
        ("Programm", f"{header.program} {header.commit}".strip()),
        ("Rechner", header.machine),
        ("Beginn", header.started),
        ("Dauer", f"{words.decimal(header.seconds, 0)} s"),
    ]


# -- pieces ---------------------------------------------------------------------------------


def _graded(run: Run, name: str) -> Figure:
    values = list(core.by_item(run.scores, name).values())
    mean = sum(values) / len(values)
    return Figure(name, mean, bca_interval(values), len(values))


def _checks(run: Run) -> Iterable[Check]:
    for label, names in _CHECKS.items():
        seen = [[s.figures[n] for n in names if n in s.figures] for s in run.scores]
        found = [values for values in seen if values]
        if found:
            yield Check(label, len(found), sum(min(values) < 1 - _TIE for values in found))
    repeated = [o for o in run.observations if o.repeats > 1 and o.mode == "extractive"]
    if repeated:
        broken = sum(not o.stable for o in repeated)
        yield Check("Gleiche Frage, gleiche Antwort", len(repeated), broken)


def _promises(told: Told) -> Iterable[str]:
    if told.faults:
        yield (
            f"{words.count(len(told.faults), 'feste Zusage ist', 'feste Zusagen sind')} verletzt; "
            "das ist zuerst zu beheben."
        )
    else:
        yield (
            "Die festen Zusagen halten: Jeder Satz steht wörtlich in seinem Beleg, und jeder Beleg "
            "nennt die richtige Stelle."
        )


def _quality(told: Told) -> Iterable[str]:
    known = {f.name: words.percent(f.value, 0) for f in told.primary}
    if EVIDENCE_RECALL in known and STRICT_VITAL in known:
        yield (
            f"Die Suche findet {known[EVIDENCE_RECALL]} dessen, was die Fragen belegt; die "
            f"Antworten nennen {known[STRICT_VITAL]} dessen, was sie sagen müssen."
        )
    if FALSE_REFUSAL in known:
        yield f"Von den beantwortbaren Fragen werden {known[FALSE_REFUSAL]} zu Unrecht abgelehnt."
    if REFUSAL_RECALL in known:
        yield f"Von den unbeantwortbaren werden {known[REFUSAL_RECALL]} zu Recht abgelehnt."


def _remedy(told: Told) -> Iterable[str]:
    if told.failures:
        worst, number = max(told.failures.items(), key=lambda pair: pair[1])
        yield (
            f"Am häufigsten gehen Antworten hier verloren: {words.FAILURES[worst][0]} "
            f"({number} von {told.asked} Wortlauten)."
        )
    missed = [words.label(f.name) for f in told.primary if f.judged == "Ziel verfehlt"]
    if missed:
        yield f"Unter dem Ziel: {', '.join(missed)}."


def _ordered(failures: dict[Failure, int]) -> Sequence[tuple[Failure, int]]:
    return [(stage, failures[stage]) for stage in words.stages() if failures.get(stage)]


def _figure_line(figure: Figure) -> str:
    return (
        f"  {words.label(figure.name):24}{words.percent(figure.value):>8}   "
        f"{words.span(figure.interval):16}{figure.aim_text:18}{figure.judged or ''}"
    )


def _type_line(row: core.Row) -> str:
    name = "alle" if row.kind == "all" else words.TYPES.get(row.name, words.markdown(row.name))
    cells = [words.percent(row.means[n].value) if n in row.means else "" for n in PRIMARY]
    return f"| {name} | {row.items} | {' | '.join(cells)} |"


def _figure_object(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": figure.value,
        "low": figure.interval.low if figure.interval else None,
        "high": figure.interval.high if figure.interval else None,
        "items": figure.items,
        "aim": figure.aim,
    }


def _durations(whole: core.Latency) -> str:
    return (
        f"in der Mitte {words.milliseconds(whole.p50)}, 95 von 100 unter "
        f"{words.milliseconds(whole.p95)}"
    )
