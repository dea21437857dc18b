"""A run as one HTML page that anyone can read. Pure; every figure has its sentence."""

from collections.abc import Iterator, Sequence

from assistant.evaluation.golden import Item
from assistant.evaluation.lint import stale_notice
from assistant.evaluation.metrics import STRICT_VITAL
from assistant.evaluation.self_test import self_test
from assistant.evaluation.types import Failure, Observation, Run, Score
from assistant.types import Citation
from ui.evaluation import pictures, plots, words
from ui.evaluation.page import folded, page, pairs, paragraph, section, table
from ui.evaluation.pictures import Picture
from ui.evaluation.summary import (
    PRIMARY,
    Figure,
    Told,
    looks,
    made_with,
    questions,
    verdict,
)
from ui.markup import Html, items, join, tag

MARKS = {"Ziel erreicht": "", "offen": "open", "Ziel verfehlt": "bad"}
JUDGED = {
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
    cards = tag("div", *(card(figure) for figure in figures), class_="figures")
    return section("Die wichtigsten Werte", cards, _reasons(told), says=says)


def card(figure: Figure) -> Html:
    """Show a figure with its name, its meaning, its interval, and its aim in words."""
    metric = words.METRICS[figure.name]
    judged = figure.judged
    word = tag("span", JUDGED[judged], class_=f"word {MARKS[judged]}".strip()) if judged else ""
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
    cases = [_stage(stage, found, run) for stage in words.stages() if (found := _cases(run, stage))]
    return _shown(
        pictures.lost(told), tag("h3", "Die Fragen im Einzelnen") if cases else Html(), *cases
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
    return section(pictures.HEAT_HEADING, pictures.heat(run), says=pictures.HEAT_SAYS)


# -- pictures -------------------------------------------------------------------------------


def _recall(told: Told) -> Html:
    found = pictures.recall(told)
    return _shown(found) if found else Html()


def _gate(run: Run) -> Html:
    if found := pictures.risk(run):
        return _shown(found)
    return section(
        pictures.RISK_HEADING,
        says="Dieser Lauf hat nicht mit offenem Tor gefragt; dazu gibt es deshalb keine Kurve.",
    )


def _latency(run: Run, told: Told) -> Html:
    found = pictures.latency(run, told)
    return _shown(found) if found else Html()


def _shown(picture: Picture, *more: Html) -> Html:
    note = paragraph(picture.note) if picture.note else Html()
    drawn = plots.plot(picture.drawing, picture.heads, picture.rows)
    return section(picture.heading, note, drawn, *more, says=picture.says)


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
