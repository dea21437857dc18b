"""What a press in the tab „Messungen“ does, without any layout."""

from dataclasses import dataclass

from assistant.evaluation.golden import Split
from corpus.errors import SozialraumError
from ui.evaluation import words
from ui.evaluation.measurements import Entry, Listing, Measurements, Odd
from ui.markup import Html
from ui.quality import Quality
from ui.web.quality import comparison_view, runs_view
from ui.web.quality.measuring import Measuring, MeasuringError, looks

NO_GOLDEN = (
    "Dem installierten Programm liegen keine Prüffragen bei; sie gehören zum Quelltext "
    "(tests/golden). Bitte starten Sie die Anwendung aus dem Quelltext, oder messen Sie mit "
    "„sozialraum evaluate --golden ORDNER“: Was der Befehl misst, erscheint auch hier."
)
EMPTY = (
    "Die Sammlung ist leer, also gibt es nichts zu messen. Bitte lesen Sie zuerst Unterlagen ein: "
    "„sozialraum ingest ORDNER“."
)
GONE = "Diese Messung gibt es nicht mehr. Die Liste ist jetzt wieder auf dem neuesten Stand."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a press changes; None leaves a part as it is."""

    detail: Html | None = None
    said: Html | None = None
    relist: bool = False
    """Whether the list has to be read again."""


def obstacle(quality: Quality) -> str:
    """Say in German why nothing can be measured here and what to do; empty where it can."""
    if quality.golden is None:
        return NO_GOLDEN
    try:
        return "" if quality.service.overview().documents else EMPTY
    except SozialraumError as fault:
        return str(fault)


def release_note(quality: Quality) -> Html:
    """Explain what choosing the test split means, with how often that was done."""
    return runs_view.release_note(looks(quality))


def start(measuring: Measuring, split: Split, *, for_release: bool) -> None:
    """Begin to measure. Raises MeasuringError; the test split has to be asked for twice."""
    if split == "test" and not for_release:
        raise MeasuringError(
            "Bitte bestätigen Sie zuerst, dass diese Messung für eine Veröffentlichung ist: Jeder "
            "Blick auf „test“ wird gezählt."
        )
    measuring.start(split)


def press(runs: Measurements, name: object) -> Outcome:
    """Show a run, ask whether to remove it, keep it, or remove it."""
    wanted = runs_view.pressed(name)
    if wanted is None:
        return Outcome()
    try:
        found = _found(runs.listing(), wanted.key)
        if found is None:
            return Outcome(said=runs_view.said(GONE, wrong=True), relist=True)
        if wanted.act == "drop":
            return _removed(runs, found)
        return Outcome(detail=_shown(runs, found, asks=wanted.act == "ask"))
    except SozialraumError as fault:
        return Outcome(said=runs_view.said(str(fault), wrong=True), relist=True)


def shown(runs: Measurements, name: str) -> Html:
    """Show a run that has just been measured, or why that fails."""
    try:
        return runs_view.detail(name, *runs.told(name))
    except SozialraumError as fault:
        return runs_view.failure(str(fault))


def compared(runs: Measurements, old: str | None, new: str | None) -> Html:
    """Compare two runs, or say why not."""
    if not old or not new:
        return comparison_view.refusal("Bitte wählen Sie erst beide Messungen.")
    try:
        return comparison_view.result(old, new, *runs.compared(old, new))
    except SozialraumError as fault:
        return comparison_view.refusal(str(fault))


def _found(listing: Listing, key: str) -> Entry | Odd | None:
    """Return the run of that key, or what is left of one and may go."""
    offered: list[Entry | Odd] = [*listing.runs, *(o for o in listing.odd if o.removable)]
    return next((entry for entry in offered if runs_view.key(entry.name) == key), None)


def _shown(runs: Measurements, found: Entry | Odd, *, asks: bool) -> Html:
    if isinstance(found, Entry):
        return runs_view.detail(found.name, *runs.told(found.name), asks=asks)
    return runs_view.odd_question(found) if asks else Html()


def _removed(runs: Measurements, found: Entry | Odd) -> Outcome:
    left = runs.remove(found.name)
    what = (
        f"Die Messung vom {words.day(found.header.started)}"
        if isinstance(found, Entry)
        else f"„{found.name}“"
    )
    said = runs_view.said(f"{what} ist gelöscht. {left}".strip())
    return Outcome(detail=Html(), said=said, relist=True)
