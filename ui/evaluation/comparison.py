"""A comparison as text, Markdown, object and HTML page. Pure."""

from collections.abc import Sequence
from typing import Any

from assistant.evaluation.comparison import (
    ChangedQuestion,
    Comparison,
    Gate,
    MetricComparison,
    RateComparison,
)
from assistant.evaluation.golden import Item
from assistant.evaluation.metrics import COUNTS
from assistant.evaluation.types import Observation, Run, Score
from assistant.evaluation.verdict import gate
from ui.evaluation import plots, words
from ui.evaluation.page import folded, page, pairs, paragraph, section, table
from ui.evaluation.report import answer, evidence
from ui.markup import Html, items, join, tag

MAX_LINES = 20
"""Changed questions on the terminal; the report has them all."""
_KINDS = {-1: "schlechter", 0: "anders, nicht gewertet", 1: "besser"}
LIGHTS = {"besser": "good", "schlechter": "bad", "nicht entschieden": "check"}
GATES = {
    "gesperrt": "So darf B nicht ausgeliefert werden.",
    "nicht entschieden": (
        "Ob B ausgeliefert werden darf, ist nicht entschieden: Der Fragensatz ist zu klein, um "
        "eine Verschlechterung auszuschließen."
    ),
    "frei": "Gegen B spricht nichts: Keiner der Hauptwerte kann merklich schlechter sein.",
}
_PRIMARY = ("Hauptwert", "A", "B", "Unterschied", "95-%-Bereich", "besser", "gleich", "schlechter")


# -- text, Markdown, object -----------------------------------------------------------------


def text(compared: Comparison) -> str:
    """Return verdict, primary metrics and changed questions for the terminal."""
    lines = [f"{compared.verdict.upper()}: {compared.sentence}", ""]
    lines.append(f"{'Hauptwert':42}{'A':>9}{'B':>9}{'B − A':>8}   {'95-%-Bereich':16} +/=/−")
    lines += [_line(m) for m in (*compared.primary, *compared.errors)]
    lines.append("")
    lines += [f"– {m.sentence}" for m in compared.primary]
    allowed = gate(compared)
    lines += ["", GATES[allowed.state], *(f"– {reason}" for reason in allowed.sentences)]
    lines += ["", *_changed_lines(compared.changed)]
    return "\n".join(lines)


def markdown(compared: Comparison) -> str:
    """Return the comparison for the discussion of a change."""
    allowed = gate(compared)
    lines = [
        f"# Vergleich: B ist {compared.verdict}"
        if compared.verdict != "nicht entschieden"
        else "# Vergleich: nicht entschieden",
        "",
        words.markdown(compared.sentence),
        "",
        f"**{GATES[allowed.state]}**",
        "",
        *(f"- {words.markdown(reason)}" for reason in allowed.sentences),
        "",
        f"| {' | '.join(_PRIMARY)} |",
        "| --- |" + " ---: |" * (len(_PRIMARY) - 1),
        *(f"| {' | '.join(_row(m))} |" for m in (*compared.primary, *compared.errors)),
        "",
        *(f"- {words.markdown(m.sentence)}" for m in compared.primary),
        "",
        "## Was an A und B verschieden ist",
        "",
        *(_differing(compared) or ["Nichts, was sich feststellen lässt."]),
        "",
        "## Geänderte Fragen",
        "",
        "| | Frage | Kennung | vorher | nachher |",
        "| --- | --- | --- | --- | --- |",
        *(_changed_row(c) for c in compared.changed),
    ]
    return "\n".join(lines) + "\n"


def as_object(compared: Comparison) -> dict[str, Any]:
    """Return the comparison for programs. Shares from 0 to 1."""
    allowed = gate(compared)
    return {
        "verdict": compared.verdict,
        "sentence": compared.sentence,
        "gate": {"state": allowed.state, "sentences": list(allowed.sentences)},
        "a": {"commit": compared.a.commit, "started": compared.a.started},
        "b": {"commit": compared.b.commit, "started": compared.b.started},
        "differs": [{"name": n, "a": old, "b": new} for n, old, new in compared.differs],
        "items": compared.items,
        "items_changed": compared.items_changed,
        "faults": compared.faults,
        "metrics": [
            _metric_object(m) for m in (*compared.primary, *compared.errors, *compared.exploratory)
        ],
        "changed": [
            {
                "item": c.item,
                "wording": c.wording,
                "question": c.question,
                "direction": c.direction,
                "figures": {name: [old, new] for name, old, new in c.figures},
            }
            for c in compared.changed
        ],
    }


# -- HTML -----------------------------------------------------------------------------------


def html(compared: Comparison, run: Run) -> str:
    """Return the whole report; ``run`` is either of the two, for the questions' evidence."""
    known = {item.id: item for item in run.items}
    allowed = gate(compared)
    return page(
        "Antwortgüte: Vergleich",
        _head(compared),
        _allowed(allowed),
        _primary(compared),
        _forest(compared),
        *(_changed(compared, known, direction) for direction in (-1, 1, 0)),
        _rates(compared.rates),
        _exploratory(compared.exploratory),
    )


def _head(compared: Comparison) -> Html:
    a, b = compared.a, compared.b
    rows = [
        ("A, der alte Stand", f"{a.commit or a.program}, {words.day(a.started)}"),
        ("B, der neue Stand", f"{b.commit or b.program}, {words.day(b.started)}"),
        ("Prüffragen", f"{a.split}, {compared.items} Fragen, {a.golden[:16]}"),
        ("Sammlung", a.collection[:16]),
        ("Wertung", a.scorer[:16]),
        *(
            (f"{name} (A / B)", f"{old or '–'} / {new or '–'}")
            for name, old, new in compared.differs
        ),
    ]
    verdict = tag("strong", f"{compared.verdict[:1].upper()}{compared.verdict[1:]}. ")
    return tag(
        "header",
        tag("p", "Messbericht", class_="eyebrow"),
        tag("h1", "Ist der neue Stand besser?"),
        tag("p", f"A ist der alte Stand, B der neue; {compared.items} Fragen.", class_="about"),
        folded("Womit gemessen wurde und was sich unterscheidet", pairs(rows)),
        tag("p", verdict, compared.sentence, class_=f"light {LIGHTS[compared.verdict]}"),
    )


def _allowed(allowed: Gate) -> Html:
    reasons = items(allowed.sentences) if allowed.sentences else Html()
    return section("Darf B ausgeliefert werden?", reasons, says=GATES[allowed.state])


def _primary(compared: Comparison) -> Html:
    says = (
        "Diese Werte wurden vorher festgelegt; nur sie entscheiden. Gezählt wird jede Frage "
        "einmal, verglichen wird jede mit sich selbst. Die beiden letzten Zeilen sind die Hälften "
        "von „richtig entschieden“."
    )
    rows = [_row(m) for m in (*compared.primary, *compared.errors)]
    sentences = items(m.sentence for m in compared.primary)
    return section("Die Hauptwerte", table(_PRIMARY, rows), sentences, says=says)


def _forest(compared: Comparison) -> Html:
    rows = []
    for metric in (*compared.primary, *compared.errors):
        low, high = metric.gain_range or (None, None)
        written = f"{words.points(metric.gain)} Punkte"
        rows.append(plots.Range(title(metric.name), metric.gain, low, high, written))
    says = (
        "Der Punkt ist der gemessene Unterschied, der Strich sein 95-%-Bereich. Rechts der Mitte "
        "ist B besser. Reicht der Strich über die Mitte, kann der Unterschied Zufall sein."
    )
    drawing = plots.forest(
        "unterschiede",
        "Unterschiede der Hauptwerte",
        "; ".join(f"{row.label}: {row.written}" for row in rows),
        rows,
        "B schlechter",
        "B besser",
    )
    heads = ("Hauptwert", "Gewinn", "von", "bis")
    figures = [
        (
            row.label,
            words.points(row.value),
            "–" if row.low is None else words.points(row.low),
            "–" if row.high is None else words.points(row.high),
        )
        for row in rows
    ]
    plot = plots.plot(drawing, heads, figures)
    return section("Die Unterschiede im Bild", plot, says=says)


def _changed(compared: Comparison, known: dict[str, Item], direction: int) -> Html:
    found = [c for c in compared.changed if c.direction == direction]
    heading = {
        -1: "Was schlechter wurde",
        0: "Was sonst anders ist",
        1: "Was besser wurde",
    }[direction]
    says = {
        -1: "Jede Frage, bei der ein Hauptwert sank und keiner stieg. Das ist zuerst anzusehen.",
        0: "Andere Worte oder Fundstellen, ohne dass ein Hauptwert eindeutig stieg oder sank.",
        1: "Jede Frage, bei der ein Hauptwert stieg und keiner sank.",
    }[direction]
    if not found:
        return section(heading, says="Keine Frage.")
    cases = [beside(c, known.get(c.item)) for c in found]
    shown = cases if direction < 0 else [folded(f"{len(found)} Wortlaute", *cases, kind="stage")]
    return section(heading, *shown, says=says)


def beside(changed: ChangedQuestion, item: Item | None) -> Html:
    """Show one changed wording, the old answer beside the new one; it unfolds."""
    figures = [
        (words.label(name), *(_figure(name, side) for side in (old, new)))
        for name, old, new in changed.figures
    ]
    sides = tag(
        "div",
        _side("A, vorher", changed.old, changed.old_score),
        _side("B, nachher", changed.new, changed.new_score),
        class_="beside",
    )
    expected = (
        join(tag("h4", "Erwarteter Beleg"), *evidence(item)) if item and item.evidence else Html()
    )
    numbers = table(("Wert", "A", "B"), figures) if figures else Html()
    id = tag("span", f"{changed.item}, Wortlaut {changed.wording + 1}", class_="soft")
    return folded(join(f"{changed.question} ", id), sides, expected, numbers, kind="case")


def _side(name: str, seen: Observation, score: Score) -> Html:
    lost = words.FAILURES[score.failure][0] if score.failure else "nichts fehlt"
    return tag("div", tag("h4", name), *answer(seen), paragraph(f"Wertung: {lost}", "soft"))


def _rates(rates: Sequence[RateComparison]) -> Html:
    if not rates:
        return Html()
    rows = [
        (
            title(r.name),
            str(r.n),
            f"{r.old_right} ({words.span(r.old_interval)})",
            f"{r.new_right} ({words.span(r.new_interval)})",
            str(r.gained),
            str(r.lost),
            words.decimal(r.p, 3),
        )
        for r in rates
    ]
    heads = ("In jedem Wortlaut richtig", "Fragen", "A", "B", "neu richtig", "neu falsch", "p")
    says = (
        "Strenger gezählt: Eine Frage gilt nur, wenn jeder ihrer Wortlaute richtig entschieden "
        "wurde. p sagt, wie oft der Zufall allein so viel verschöbe (McNemar); unter 0,05 ist "
        "selten."
    )
    limits = [
        f"{title(r.name)}: In B ging nichts schief; möglich sind danach noch höchstens "
        f"{words.percent(r.new_failures_at_most)} Fehler."
        for r in rates
        if r.new_failures_at_most is not None
    ]
    more = items(limits) if limits else Html()
    return section("Antworten oder ablehnen, gezählt", table(heads, rows), more, says=says)


def _exploratory(metrics: Sequence[MetricComparison]) -> Html:
    if not metrics:
        return Html()
    rows = [_row(m) for m in metrics]
    heads = ("Wert", *_PRIMARY[1:])
    says = "Zur Erkundung: Bei so vielen Werten sieht immer einer nach einem Unterschied aus."
    return section("Alle weiteren Werte", folded("Aufklappen", table(heads, rows)), says=says)


# -- pieces ---------------------------------------------------------------------------------


def title(name: str) -> str:
    """Return a figure's German name as a title."""
    label = words.label(name)
    return label[:1].upper() + label[1:]


def _row(metric: MetricComparison) -> tuple[str, ...]:
    name, tally = metric.name, metric.tally
    if name in COUNTS:
        interval = metric.interval
        change = words.decimal(metric.difference)
        span = (
            f"{words.decimal(interval.low)} bis {words.decimal(interval.high)}" if interval else "–"
        )
    else:
        change, span = words.points(metric.difference), words.difference_span(metric.interval)
    return (
        title(name),
        words.value(name, metric.old),
        words.value(name, metric.new),
        change,
        span,
        *(str(n) for n in (tally.wins, tally.ties, tally.losses)),
    )


def _line(metric: MetricComparison) -> str:
    name, old, new, change, span, *tally = _row(metric)
    return f"{name:42}{old:>9}{new:>9}{change:>8}   {span:16} {'/'.join(tally)}"


def _metric_object(metric: MetricComparison) -> dict[str, Any]:
    interval = metric.interval
    return {
        "name": metric.name,
        "primary": metric.primary,
        "items": metric.n,
        "a": metric.old,
        "b": metric.new,
        "difference": metric.difference,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "clustered_by": metric.quoted,
        "wins": metric.tally.wins,
        "ties": metric.tally.ties,
        "losses": metric.tally.losses,
        "p": metric.p,
        "p_holm": metric.p_adjusted,
        "visible": metric.visible,
        "verdict": metric.verdict,
        "sentence": metric.sentence,
    }


def _figure(name: str, number: float | None) -> str:
    return "–" if number is None else words.value(name, number)


def _differing(compared: Comparison) -> list[str]:
    return [
        f"- {words.markdown(name)}: {words.markdown(old) or '–'} → {words.markdown(new) or '–'}"
        for name, old, new in compared.differs
    ]


def _told(seen: Observation, score: Score) -> str:
    status = words.STATUSES.get(seen.status, seen.status)
    if score.failure is None:
        return status
    lost = words.FAILURES[score.failure][0]
    return lost if score.failure in ("refused", "answered") else f"{status}, {lost}"


def _changed_row(changed: ChangedQuestion) -> str:
    cells = (
        _KINDS[changed.direction],
        words.markdown(changed.question),
        f"{changed.item}#{changed.wording}",
        _told(changed.old, changed.old_score),
        _told(changed.new, changed.new_score),
    )
    return f"| {' | '.join(cells)} |"


def _changed_lines(changed: Sequence[ChangedQuestion]) -> list[str]:
    if not changed:
        return ["Keine Antwort ist anders."]
    counts = {d: sum(c.direction == d for c in changed) for d in (-1, 1, 0)}
    lines = [
        f"Geänderte Wortlaute: {len(changed)} ("
        + ", ".join(f"{n} {_KINDS[d]}" for d, n in counts.items())
        + ")"
    ]
    shown = [c for c in changed if c.direction][:MAX_LINES] or list(changed[:MAX_LINES])
    for c in shown:
        sign = {-1: "−", 0: "~", 1: "+"}[c.direction]
        question = " ".join(c.question.split())
        lines.append(f"  {sign} {c.item}#{c.wording}  {question}")
        lines.append(f"      {_told(c.old, c.old_score)} → {_told(c.new, c.new_score)}")
    if len(changed) > len(shown):
        lines.append(f"  … und {len(changed) - len(shown)} weitere im Bericht.")
    return lines
