"""Runs as HTML for the page „Qualität“: their list, one in detail, and the one that is running."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from assistant.evaluation.types import Run
from ui.evaluation import pictures, plots, report, summary, words
from ui.evaluation.measurements import Entry, Listing, Odd
from ui.evaluation.page import folded, pairs
from ui.evaluation.pictures import Picture
from ui.evaluation.places import REPORT, RUN, SUMMARY
from ui.evaluation.summary import PRIMARY, Figure, Told
from ui.markup import Html, fence, items, join, lines, tag
from ui.web.answer.render import framed
from ui.web.quality.measuring import State

Act = Literal["show", "ask", "drop", "keep"]
FEW_FAULTS = 5
"""Broken invariants told in the page; the report has them all."""
_PRESS = re.compile(r"(show|ask|drop|keep)-([0-9a-f]{16})")
_ROUND_S = 10
"""Remaining time is told in steps of this, as it isn't known better."""
_SPLITS = {"dev": "zum Verbessern", "test": "zur Veröffentlichung"}


class Press(NamedTuple):
    """What was pressed: a run is shown, asked about, removed, or kept after all."""

    act: Act
    key: str


def key(name: str) -> str:
    """Name a folder in a way that any id may hold."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def pressed(name: object) -> Press | None:
    """Read what the browser sent; None when it is nothing of ours."""
    found = _PRESS.fullmatch(name) if isinstance(name, str) else None
    return Press(found[1], found[2]) if found else None  # type: ignore[arg-type]


# -- starting one ---------------------------------------------------------------------------


def intro() -> Html:
    """Say what a measurement does."""
    says = (
        "Eine Messung stellt dem Programm alle Prüffragen und zählt, wie gut es antwortet. Das "
        "dauert etwa eine Minute; Fragen werden währenddessen weiter beantwortet."
    )
    return fence(join(tag("h2", "Neu messen"), tag("p", says, class_="soft")))


def release_note(looks: int) -> Html:
    """Say what measuring with the test split means."""
    before = f"{looks}-mal" if looks else "noch nie"
    says = (
        "Der Teil „test“ ist für Veröffentlichungen da. Wer nach ihm verbessert, misst sich "
        f"selbst; deshalb wird jeder Blick gezählt, auch ein abgebrochener. Bisher: {before}."
    )
    return fence(tag("p", says, class_="release"))


# -- the list -------------------------------------------------------------------------------


def reading() -> Html:
    """Say that the list is on its way."""
    return fence(tag("p", "Die Messungen werden gelesen …", class_="soft"))


def listing(found: Listing) -> Html:
    """Render all runs, the newest first, and what else lies in their folder."""
    heading = tag("h2", "Messungen", tabindex="-1")
    if not found.runs:
        hint = "Noch keine. Starten Sie oben die erste; sie braucht etwa eine Minute."
        return fence(join(heading, tag("p", hint, class_="soft"), _odd(found.odd)))
    heads = ("Messung", *(words.label(name) for name in PRIMARY), "Bericht")
    head = tag("tr", *(tag("th", name, scope="col") for name in heads))
    body = tag("tbody", *(_row(entry) for entry in found.runs))
    shown = tag("div", framed(tag("thead", head), body), class_="runs")
    return fence(join(heading, shown, _odd(found.odd)))


def failure(message: str) -> Html:
    """Say why there is no list, or nothing else to show."""
    return fence(tag("div", tag("p", lines(message)), class_="failed"))


def _row(entry: Entry) -> Html:
    header = entry.header
    known = {figure.name: figure for figure in entry.primary}
    cells = [_figure(known.get(name), words.label(name)) for name in PRIMARY]
    about = (
        f"{header.split}, {words.count(header.items, 'Frage', 'Fragen')} in "
        f"{words.count(entry.asked, 'Wortlaut', 'Wortlauten')}"
    )
    broken = f"{entry.faults}-mal eine Zusage verletzt"
    name = tag(
        "th",
        tag("button", words.day(header.started), id=f"show-{key(entry.name)}", class_="open"),
        tag("span", about, class_="fact"),
        tag("span", made_by(entry), class_="fact"),
        tag("span", broken, class_="word bad") if entry.faults else Html(),
        scope="row",
    )
    link = _link(entry.name, REPORT, "Öffnen", f"Bericht vom {words.day(header.started)} öffnen")
    return tag("tr", name, *cells, tag("td", link))


def made_by(entry: Entry) -> str:
    """Name program and commit of a run."""
    header = entry.header
    program = f"Programm {header.program}" if header.program else "Programm"
    return f"{program}, Stand {header.commit}" if header.commit else program


def _figure(figure: Figure | None, label: str) -> Html:
    """Render a figure; its name is for narrow screens, where the heads don't show."""
    named = tag("span", label, class_="label")
    if figure is None:
        return tag("td", named, tag("span", "nicht gemessen", class_="fact"))
    return tag(
        "td",
        named,
        tag("strong", words.percent(figure.value)),
        tag("span", words.span(figure.interval), class_="fact"),
        _judged(figure),
    )


def _judged(figure: Figure) -> Html:
    if not figure.judged:
        return Html()
    kind = f"word {report.MARKS[figure.judged]}".strip()
    return tag("span", figure.judged, class_=kind)


def _odd(found: Sequence[Odd]) -> Html:
    if not found:
        return Html()
    told = [
        join(
            tag("code", odd.name),
            f": {odd.reason} ",
            tag("button", "Löschen", id=f"ask-{key(odd.name)}", class_="open")
            if odd.removable
            else Html(),
        )
        for odd in found
    ]
    says = "Im Ordner der Messungen liegt auch, was sich hier nicht zeigen lässt:"
    return tag("div", tag("p", says), items(told), class_="odd")


# -- one run --------------------------------------------------------------------------------


def detail(name: str, run: Run, told: Told, *, asks: bool = False) -> Html:
    """Render one run; ``asks`` whether it is really to be removed."""
    figures = [*(f for n in PRIMARY if (f := told.figure(n)))]
    drawn = (_picture(name, picture) for picture in pictures.pictures(run, told))
    return fence(
        tag(
            "article",
            _head(name, run, told, asks=asks),
            tag("div", *(report.card(figure) for figure in figures), class_="figures"),
            tag("div", *drawn, class_="pictures"),
            _heat(run),
            folded("Womit gemessen wurde", pairs(summary.made_with(run))),
            id=f"detail-{key(name)}",
            class_="evaluation",
        ),
        images=True,
        report=True,
    )


def _head(name: str, run: Run, told: Told, *, asks: bool) -> Html:
    header = run.header
    about = (
        f"Prüffragen „{header.split}“ ({_SPLITS[header.split]}), "
        f"{summary.questions(run, told)}, {words.decimal(header.seconds, 0)} Sekunden."
    )
    faults = items(told.faults[:FEW_FAULTS]) if told.faults else Html()
    state = "bad" if told.faults else "good"
    return tag(
        "header",
        tag("h2", f"Messung vom {words.day(header.started)}", tabindex="-1"),
        tag("p", about, class_="about"),
        tag("p", summary.looks(header.looks), class_="about") if header.looks else Html(),
        tag("div", *(tag("p", t) for t in summary.verdict(told)), faults, class_=f"light {state}"),
        really(name, f"die Messung vom {words.day(header.started)}") if asks else _onward(name),
    )


def _onward(name: str) -> Html:
    return tag(
        "div",
        _link(name, REPORT, "Ganzer Bericht"),
        tag("a", "Markdown laden", href=f"/messung/{name}/{SUMMARY}", download=""),
        tag("a", "JSON laden", href=f"/messung/{name}/{RUN}", download=""),
        tag("button", "Löschen", id=f"ask-{key(name)}", class_="open"),
        class_="onward",
    )


def really(name: str, what: str) -> Html:
    """Ask whether a run is really to be removed."""
    says = f"Soll {what} gelöscht werden, mit ihrem Bericht? Das lässt sich nicht zurücknehmen."
    return tag(
        "div",
        tag("p", says, tabindex="-1"),
        tag("button", "Endgültig löschen", id=f"drop-{key(name)}", class_="action grave"),
        tag("button", "Behalten", id=f"keep-{key(name)}", class_="action"),
        class_="really",
        role="group",
        aria_label="Löschen bestätigen",
    )


def odd_question(odd: Odd) -> Html:
    """Ask whether what is left of a run is really to be removed."""
    return fence(tag("article", really(odd.name, f"der Rest „{odd.name}“"), class_="evaluation"))


def _link(name: str, file: str, says: str, label: str | None = None) -> Html:
    """Build a link that opens in a tab of its own."""
    return tag(
        "a",
        says,
        href=f"/messung/{name}/{file}",
        target="_blank",
        rel="noopener noreferrer",
        aria_label=f"{label or says}, in neuem Tab",
    )


def _picture(name: str, picture: Picture) -> Html:
    width, height = plots.size(picture.drawing)
    image = tag(
        "img",
        width=width,
        height=height,
        src=f"/messung/{name}/{picture.name}.svg",
        alt=f"{picture.heading}; die Werte stehen darunter als Tabelle.",
        decoding="async",
    )
    return tag(
        "section",
        tag("h3", picture.heading),
        tag("p", picture.says, class_="says"),
        tag("p", picture.note) if picture.note else Html(),
        image,
        folded("Werte als Tabelle", plots.table(picture.heads, picture.rows)),
    )


def _heat(run: Run) -> Html:
    says = tag("p", pictures.HEAT_SAYS, class_="says")
    return tag("section", tag("h3", pictures.HEAT_HEADING), says, pictures.heat(run))


# -- what is running ------------------------------------------------------------------------


def progress(state: State) -> Html:
    """Render a running measurement, or how it ended; empty where there is nothing to tell."""
    if state.phase == "failed":
        told = (tag("h3", "Die Messung ist fehlgeschlagen"), tag("p", lines(state.message)))
        return fence(tag("div", *told, class_="failed"))
    if not state.busy:
        return Html()
    bar = {"max": str(state.total), "value": str(state.done)} if _counts(state) else {}
    return fence(
        tag(
            "div",
            tag("p", tag("strong", f"Messung mit „{state.split}“. "), _step(state)),
            tag("progress", aria_label=f"Fortschritt: {state.stage}", **bar),
            class_="progress",
        ),
        report=True,
    )


def _step(state: State) -> str:
    if state.phase == "cancelling":
        return "Wird abgebrochen …"
    if not _counts(state):
        return f"{after(state)} …"
    said = f"{state.stage}: {state.done} von {state.total} Wortlauten."
    if state.remaining_s is None:
        return said
    left = max(_ROUND_S, round(state.remaining_s / _ROUND_S) * _ROUND_S)
    return f"{said} Dieser Schritt dauert noch etwa {_duration(left)}."


def _counts(state: State) -> bool:
    """Tell whether there is something left to count; what follows a step has no steps."""
    return state.phase == "running" and state.done < state.total


def after(state: State) -> str:
    """Name what is being done while nothing is counted."""
    return "Werten" if state.total else state.stage


def _duration(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} Sekunden"
    return words.count(round(seconds / 60), "Minute", "Minuten")


def announcement(state: State) -> str:
    """Say once what a state means; each stage is announced, not each question."""
    ended = {
        "done": "Die Messung ist fertig.",
        "cancelled": "Die Messung ist abgebrochen. "
        + ("Der Blick auf „test“ bleibt gezählt." if state.split == "test" else ""),
        "failed": "Die Messung ist fehlgeschlagen.",
        "cancelling": "Die Messung wird abgebrochen.",
        "running": f"Die Messung läuft: {state.stage}.",
        "idle": "",
    }
    return ended[state.phase].strip()


def said(message: str, *, wrong: bool = False) -> Html:
    """Render a message that is seen and, once, heard."""
    return fence(tag("p", message, role="status", class_="wrong" if wrong else "told"))


# -- choosing two ---------------------------------------------------------------------------


def choices(runs: Iterable[Entry]) -> list[tuple[str, str]]:
    """Return what can be chosen to compare: what is shown, and the run's name."""
    return [
        (f"{words.day(e.header.started)}, {e.header.split}, {made_by(e)}", e.name) for e in runs
    ]


def newest_pair(runs: Sequence[Entry]) -> tuple[str | None, str | None]:
    """Return the newest run and the one before it over the same questions, older first."""
    if not runs:
        return None, None
    new = runs[0]
    same = (e for e in runs[1:] if e.header.golden == new.header.golden)
    old = next(same, None)
    return (old.name if old else None), new.name
