"""A run as one HTML page that anyone can read. Pure; every figure has its sentence."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean

from assistant import gate
from assistant.evaluation import summary as core
from assistant.evaluation.calibrate import Calibration, CalibrationError, calibrate
from assistant.evaluation.golden import Item
from assistant.evaluation.lint import stale_notice
from assistant.evaluation.metrics import EVIDENCE_RECALL, REFUSAL_RECALL, STRICT_VITAL
from assistant.evaluation.self_test import self_test
from assistant.evaluation.types import Failure, Observation, Run, Score
from assistant.types import Citation
from ui.evaluation import plots, words
from ui.evaluation.page import folded, page, pairs, paragraph, section, table
from ui.evaluation.summary import (
    AIM_P95_MS,
    PRIMARY,
    WHOLE,
    Figure,
    Told,
    looks,
    made_with,
    questions,
    verdict,
)
from ui.markup import Html, items, join, tag
from ui.web.render import framed

CUTS = (3, 5, 10, 20)
FEW = 5
"""Fewer questions than this in a cell of the heat table say nothing by themselves."""
HIGH, GOOD, LOW = 0.9, 0.75, 0.5
"""Steps of the heat table, as shares."""
_SHARES = tuple((n / 4, f"{25 * n} %") for n in range(5))
_MARKS = {"Ziel erreicht": "", "offen": "open", "Ziel verfehlt": "bad"}
_JUDGED = {
    "Ziel erreicht": "Ziel erreicht",
    "offen": "knapp unter dem Ziel, kann Zufall sein",
    "Ziel verfehlt": "Ziel verfehlt",
}


def html(run: Run, told: Told) -> str:
    """Return the whole report of a run."""
    title = f"Antwortgüte: Prüffragen „{run.header.split}“"
    return page(
        title,
        _head(title, run, told),
        _primary(told),
        _promises(told),
        _lost(run, told),
        _by_type(told),
        _heat(run),
        _recall(told),
        _gate(run),
        _latency(run, told),
        _wording(told),
        _secondary(told),
        _scorer(run),
        _quarantined(run),
    )


# -- what comes first -----------------------------------------------------------------------


def _head(title: str, run: Run, told: Told) -> Html:
    about = f"{questions(run, told)}, gemessen am {words.day(run.header.started)}."
    state = "bad" if told.faults else "good"
    return tag(
        "header",
        tag("p", "Messbericht", class_="eyebrow"),
        tag("h1", title),
        tag("p", about, class_="about"),
        tag("p", looks(run.header.looks), class_="about") if run.header.looks else Html(),
        folded("Womit gemessen wurde", pairs(made_with(run))),
        tag("div", *(tag("p", said) for said in verdict(told)), class_=f"light {state}"),
    )


def _primary(told: Told) -> Html:
    figures = [f for name in PRIMARY if (f := told.figure(name))]
    if precision := told.figure("citation_precision"):
        figures.append(precision)
    says = (
        "Jede Frage zählt einmal, mit dem Mittel über ihre Wortlaute. Der 95-%-Bereich sagt, wie "
        "weit der Wert bei anderen Fragen derselben Art schwanken könnte."
    )
    cards = tag("div", *(_card(figure) for figure in figures), class_="figures")
    return section("Die wichtigsten Werte", cards, _reasons(told), says=says)


def _card(figure: Figure) -> Html:
    metric = words.METRICS[figure.name]
    judged = figure.judged
    word = tag("span", _JUDGED[judged], class_=f"word {_MARKS[judged]}".strip()) if judged else ""
    aim = f"Ziel: {figure.aim_text}. " if figure.aim_text else ""
    where = f"95-%-Bereich {words.span(figure.interval)}, {figure.items} Fragen. {aim}"
    return tag(
        "article",
        tag("p", words.percent(figure.value), class_="value"),
        tag(
            "div",
            tag("h3", metric.label),
            tag("p", metric.meaning),
            tag("p", tag("span", where, class_="soft"), word),
        ),
    )


def _reasons(told: Told) -> Html:
    if not told.by_reason:
        return Html()
    rows = [
        (
            _REASONS.get(rate.name.partition(": ")[2], rate.name),
            str(rate.items),
            words.percent(rate.value),
            words.span(rate.interval),
        )
        for rate in told.by_reason
    ]
    heads = ("Warum es keine Antwort gibt", "Fragen", "zu Recht abgelehnt", "95-%-Bereich")
    return folded("Zu Recht abgelehnt, nach dem Grund", table(heads, rows))


_REASONS = {
    "not_in_corpus": "steht nicht in der Sammlung",
    "out_of_scope": "gehört nicht zum Thema",
    "false_premise": "geht von etwas Falschem aus",
    "ambiguous": "ist mehrdeutig",
    "outdated": "fragt nach heute Geltendem",
    "needs_human_judgement": "verlangt eine Entscheidung von Menschen",
    "personal_data": "fragt nach einer Person",
    "unknown_workshop": "fragt nach einer unbekannten Werkstatt",
}


def _promises(told: Told) -> Html:
    broken = sum(check.broken for check in told.checks)
    says = (
        "Das darf nie anders sein, bei keiner einzigen Antwort. Es ist bei allen eingehalten."
        if not told.faults
        else f"Das darf nie anders sein. Verletzt ist es in {broken or len(told.faults)} Fällen; "
        "das ist ein Fehler im Programm und vor allem anderen zu beheben."
    )
    rows = [
        (c.label, str(c.checked), str(c.broken), "eingehalten" if not c.broken else "VERLETZT")
        for c in told.checks
    ]
    faults = folded("Alle Verletzungen", items(told.faults)) if told.faults else Html()
    return section(
        "Feste Zusagen",
        table(("Zusage", "Antworten geprüft", "verletzt", ""), rows),
        faults,
        says=says,
    )


# -- what went wrong ------------------------------------------------------------------------


def _lost(run: Run, told: Told) -> Html:
    lost = sum(told.failures.values())
    says = (
        f"{lost} von {told.asked} Wortlauten bekamen keine gute Antwort. Jeder zählt bei der "
        "frühesten Stufe, an der etwas verloren ging; die längste Zeile ist die lohnendste Stelle."
        if lost
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
    table_of = ("Stufe", "Wortlaute", "Was das heißt")
    cases = [_stage(stage, found, run) for stage in words.stages() if (found := _cases(run, stage))]
    return section(
        "Wo Antworten verloren gingen",
        plots.plot(drawing, table_of, told_rows),
        tag("h3", "Die Fragen im Einzelnen") if cases else Html(),
        *cases,
        says=says,
    )


def _cases(run: Run, stage: Failure) -> list[tuple[Observation, Score]]:
    return [
        (seen, score)
        for seen, score in zip(run.observations, run.scores, strict=True)
        if score.failure == stage and score.form != "standalone"
    ]


def _stage(stage: Failure, found: Sequence[tuple[Observation, Score]], run: Run) -> Html:
    known = {item.id: item for item in run.items}
    name, meaning = words.FAILURES[stage]
    cases = (_case(seen, score, known[seen.item]) for seen, score in found)
    return folded(f"{name} ({len(found)})", paragraph(meaning, "soft"), *cases, kind="stage")


def _case(seen: Observation, score: Score, item: Item) -> Html:
    missing = [n.text for n in item.vital if not score.nuggets.get(n.id)]
    rows = [
        join(tag("dt", "Antwort"), tag("dd", *answer(seen))),
        join(tag("dt", "Es fehlt"), tag("dd", items(missing))) if missing else Html(),
        join(tag("dt", "Erwarteter Beleg"), tag("dd", *evidence(item))) if item.evidence else "",
        join(tag("dt", "Hilfreich wäre"), tag("dd", item.none_hint)) if item.none_hint else "",
    ]
    return folded(join(f"{seen.question} ", _id(seen)), tag("dl", *rows), kind="case")


def _id(seen: Observation) -> Html:
    return tag("span", f"{seen.item}, Wortlaut {seen.wording + 1}", class_="soft")


def answer(seen: Observation) -> list[Html]:
    """Show an answer with its places, or why there is none."""
    if not seen.segments:
        status = words.STATUSES.get(seen.status, seen.status)
        return [paragraph(f"{status}: {seen.hint}" if seen.hint else status)]
    numbers = {c.key: c.number for c in seen.citations}
    said = [
        paragraph(f"{s.text} {''.join(f'[{numbers[k]}]' for k in s.citations if k in numbers)}")
        for s in seen.segments
    ]
    return [*said, *(tag("p", place(c), class_="soft") for c in seen.citations)]


def place(citation: Citation) -> str:
    """Name where a citation stands."""
    page_label = f", Seite {citation.page_label}" if citation.page_label else ""
    section = f", {citation.section[-1]}" if citation.section else ""
    return f"[{citation.number}] {citation.title}{section}{page_label}"


def evidence(item: Item) -> Iterator[Html]:
    """Show what proves the answer to an item."""
    for known in item.evidence:
        where = f"{known.doc}, {known.section[-1]}" if known.section else known.doc
        yield tag("p", where, class_="soft")
        yield tag("blockquote", known.quote)


# -- slices ---------------------------------------------------------------------------------


def _by_type(told: Told) -> Html:
    rows = [
        (
            "alle" if row.kind == "all" else words.TYPES.get(row.name, row.name),
            str(row.items),
            *(words.percent(row.means[n].value) if n in row.means else "" for n in PRIMARY),
        )
        for row in told.rows
        if row.kind in ("all", "type")
    ]
    says = (
        "Dieselben Werte nach der Art der Frage. Zeilen mit wenigen Fragen schwanken stark: bei "
        "zehn Fragen verschiebt eine einzige den Wert um zehn Prozentpunkte."
    )
    heads = ("Art", "Fragen", *(words.label(n) for n in PRIMARY))
    return section("Nach der Art der Frage", table(heads, rows), says=says)


def _heat(run: Run) -> Html:
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
    says = (
        "Anteil der genannten Kernaussagen, bei Fragen ohne Antwort der richtigen Ablehnungen, je "
        "Art der Frage und Werkstatt. In Klammern die Zahl der Fragen. Petrol ist gut (ab "
        f"{words.percent(GOOD, 0)}, kräftig ab {words.percent(HIGH, 0)}), gelb und fett ist "
        f"schwach (unter {words.percent(LOW, 0)}); Felder mit weniger als {FEW} Fragen bleiben "
        "ohne Farbe."
    )
    grid = framed(tag("thead", head), tag("tbody", *body))
    return section("Werkstatt und Art der Frage", tag("div", grid, class_="heat"), says=says)


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


# -- curves ---------------------------------------------------------------------------------


def _recall(told: Told) -> Html:
    means = told.rows[0].means
    values = [(k, means[f"evidence_recall@{k}"].value) for k in CUTS if EVIDENCE_RECALL in means]
    if not values:
        return Html()
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
    return section(
        "Wie weit vorn die Belege stehen", plots.plot(drawing, heads, written), says=says
    )


def _gate(run: Run) -> Html:
    heading = "Wie gut die Ablehnung trennt"
    try:
        found = calibrate(run.cases)
    except CalibrationError:
        return section(
            heading,
            says="Dieser Lauf hat nicht mit offenem Tor gefragt; dazu gibt es deshalb keine Kurve.",
        )
    in_use = float(run.header.settings.get("gate.THRESHOLD", gate.THRESHOLD))
    return section(
        heading,
        paragraph(_compared(found, in_use)),
        _risk_curve(found, in_use),
        says=(
            "Die Antworten sind nach ihrer Sicherheit geordnet, die sicherste zuerst. Je mehr "
            "Fragen beantwortet werden (nach rechts), desto mehr fehlt den Antworten im Mittel "
            "(nach oben). Gut ist eine Linie, die lange unten bleibt."
        ),
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
    top = max(0.5, *(risk for _, risk in points))
    ticks = tuple((share, label) for share, label in _SHARES if share <= top)
    drawing = plots.curve(
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
    heads = ("Schwelle", "beantwortet", "es fehlt", "zu Unrecht abgelehnt", "zu Recht abgelehnt")
    return plots.plot(drawing, heads, rows)


def _latency(run: Run, told: Told) -> Html:
    whole = told.whole
    if whole is None:
        return Html()
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
    return section("Wie lange es dauert", plots.plot(drawing, heads, rows), says=says)


def _round_step(step: float) -> float:
    """Return a step near this one that people like to read: 1, 2, 2.5 or 5 times a power of ten."""
    power = 1.0
    while power * 10 <= step:
        power *= 10
    return next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= step)


# -- the rest -------------------------------------------------------------------------------


def _wording(told: Told) -> Html:
    said = []
    if found := told.robustness:
        said.append(
            f"{found.items} Fragen wurden in mehreren Wortlauten gestellt, auch mit Tippfehlern. "
            f"Im Mittel nennen die Antworten {words.percent(found.mean, 0)} der Kernaussagen, im "
            f"jeweils schlechtesten Wortlaut {words.percent(found.worst, 0)}. Je näher beides, "
            "desto weniger kommt es auf die Wortwahl an."
        )
    if (lost := told.follow_up_loss.get(STRICT_VITAL)) and lost.items:
        alike = "nichts" if lost.value <= 0 else f"{words.decimal(100 * lost.value)} Prozentpunkte"
        said.append(
            f"{lost.items} Folgefragen wurden auch ausgeschrieben gestellt. Dass sie sich auf das "
            f"Gespräch davor stützen, kostet {alike} der Kernaussagen."
        )
    if not said:
        return Html()
    return section("Andere Worte, Folgefragen", *(tag("p", text) for text in said))


def _secondary(told: Told) -> Html:
    rows = [
        (
            words.label(f.name),
            words.value(f.name, f.value),
            str(f.items),
            tag("span", words.METRICS[f.name].meaning),
        )
        for f in told.secondary
    ]
    heads = ("Wert", "", "Fragen", "Was er sagt")
    says = "Zur Erkundung; sie entscheiden nichts."
    return section("Alle weiteren Werte", folded("Aufklappen", table(heads, rows)), says=says)


def _scorer(run: Run) -> Html:
    findings = [f"{f.item}: {f.message}" for f in self_test(run.items)]
    said = (
        "Die Wertung wird selbst geprüft: Jede Kernaussage muss sich in der eigenen Musterantwort "
        "finden, in fremden Antworten nicht, und nicht mit falschen Zahlen. "
    )
    said += (
        f"Dabei fielen {len(findings)} Aussagen auf; ihre Werte sind mit Vorsicht zu lesen."
        if findings
        else "Alle Prüffragen bestehen das."
    )
    judge = "Ein Sprachmodell als Richter war nicht beteiligt; alle Werte sind nachrechenbar."
    more = folded("Auffällige Aussagen", items(findings)) if findings else Html()
    return section("Prüfung der Wertung", tag("p", said), tag("p", judge), more)


def _quarantined(run: Run) -> Html:
    notice = stale_notice(run.quarantined) or (
        "Keine. Alle Zitate der Prüffragen stehen noch so in der Sammlung."
    )
    return section("Zurückgestellte Fragen", tag("p", notice))
