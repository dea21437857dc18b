"""The golden set and what „Prüfen“ found, as German HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.evaluation.find_evidence import Candidate
from assistant.evaluation.golden import GoldenSet, Item
from corpus.types import SLIDE, Document, Passage
from ui.evaluation.words import STATUSES, TYPES
from ui.markup import Html, fence, items, join, lines, tag
from ui.web.quality.golden_check import Trial, expected
from ui.web.quality.golden_form import STATUS, Draft, Problems, named
from ui.wording import page_label, workshop_name

MOST_ROWS = 100
"""Items listed at once; more are found by the filters."""
OPEN = "pruef-"
"""Begins the name of the button that opens an item; its id follows."""
TEST_NOTICE = (
    "Diese Frage gehört zum Teil „test“: Er wird nur zur Veröffentlichung gewertet. Berichtigen "
    "dürfen Sie sie; passen Sie aber nichts daran an, wie der Assistent sie heute beantwortet."
)
_BEGINNING = 110
"""Characters of a passage in the list of those found."""


_RULES = tag("h3", "Regeln", tabindex="-1")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows. Empty fields don't limit."""

    text: str = ""
    type: str = ""
    status: str = ""
    file: str = ""

    def admits(self, item: Item, file: str) -> bool:
        """Tell whether an item is shown: every word of the text is in its id, words or tags."""
        told = " ".join((item.id, item.question, *item.paraphrases, *item.tags)).casefold()
        return (
            all(word in told for word in self.text.casefold().split())
            and self.type in ("", item.type)
            and self.status in ("", item.status)
            and self.file in ("", file)
        )


def listing(golden: GoldenSet, chosen: Filter) -> Html:
    """Render the items that the filter admits, by id."""
    found = [item for item in golden.items if chosen.admits(item, golden.files[item.id])]
    if not found:
        return fence(tag("p", "Dazu gibt es keine Prüffrage.", class_="none"))
    rest = len(found) - MOST_ROWS
    note = f" Gezeigt sind die ersten {MOST_ROWS}; bitte schränken Sie ein." if rest > 0 else ""
    count = "1 Prüffrage." if len(found) == 1 else f"{len(found)} Prüffragen."
    head = ("Kennung", "Frage", "Art", "Stand", "Teil", "Datei")
    rows = [_row(item, golden.files[item.id]) for item in found[:MOST_ROWS]]
    table = tag(
        "table",
        tag("thead", tag("tr", *(tag("th", name, scope="col") for name in head))),
        tag("tbody", *rows),
    )
    return fence(join(tag("p", count + note, class_="count"), tag("div", table, class_="table")))


def _row(item: Item, file: str) -> Html:
    button = tag(
        "button", item.id, id=f"{OPEN}{item.id}", aria_label=f"{item.id} öffnen: {item.question}"
    )
    cells = (item.question, TYPES[item.type], STATUS[item.status], item.split, file)
    return tag("tr", tag("td", button), *(tag("td", cell) for cell in cells))


def failure(message: str) -> Html:
    """Render why the set can't be shown or changed."""
    return fence(tag("div", tag("p", lines(message)), class_="failed"))


def heading(draft: Draft) -> Html:
    """Render what is edited; the heading takes the focus."""
    title = f"Prüffrage {draft.before.id}" if draft.before else "Neue Prüffrage"
    origin = f"Datei {draft.file}" if draft.before else "Noch nicht gespeichert"
    return fence(
        tag("div", tag("h2", title, tabindex="-1"), tag("p", origin, class_="where"), class_="head")
    )


def title(words: str) -> Html:
    """Render the heading of a part of the form."""
    return fence(tag("h3", words))


def split_note(split: str) -> Html:
    """Render which part the item belongs to, and what that means."""
    if split == "test":
        return fence(tag("p", TEST_NOTICE, class_="split test"))
    note = "Diese Frage gehört zum Teil „dev“: Mit ihm wird gemessen und verbessert."
    return fence(tag("p", note, " Der Teil folgt aus der Kennung.", class_="split"))


def said(message: str, *, wrong: bool = False) -> Html:
    """Render what just happened, for eyes and ears."""
    kind = "said wrong" if wrong else "said"
    return fence(tag("p", message, role="status", class_=kind if message else "unseen"))


# -- what was found ------------------------------------------------------------------------


def problems(draft: Draft, found: Problems) -> Html:
    """Render what keeps the form from being an item."""
    told = [f"{named(draft, place)}: {message}." for place, message in found.items()]
    title = tag("h3", "Das fehlt noch", tabindex="-1")
    return fence(tag("section", title, items(told), class_="check wrong"))


def checked(faults: Sequence[str], trial: Trial) -> Html:
    """Render what the rules found and what the question brought."""
    if faults:
        rules = join(_RULES, items(faults))
    else:
        rules = join(_RULES, tag("p", "✓ Alle Regeln sind eingehalten."))
    kind = "check wrong" if faults else "check"
    asked = tag("section", _trial(trial), class_="check")
    return fence(join(tag("section", rules, class_=kind), asked))


def _trial(trial: Trial) -> Html:
    seen = trial.seen
    told = [
        join(tag("span", "✓ ja: " if ok else "✗ nein: ", class_="yes" if ok else "no"), text)
        for ok, text in expected(trial)
    ]
    answer = [tag("p", said.text, " ", _citations(trial, said.citations)) for said in seen.segments]
    return join(
        tag("h3", f"Probe: Die Frage ist jetzt {STATUSES[seen.status]}"),
        items(told, class_="expected"),
        tag("h3", "Antwort"),
        *(answer or [tag("p", seen.hint or "Keine.")]),
        tag("h3", "Fundstellen"),
        _hits(trial),
    )


def _citations(trial: Trial, keys: Iterable[str]) -> Html:
    places = {c.key: ", ".join((c.document, *_page(c.page_label))) for c in trial.seen.citations}
    told = " ".join(f"[{places[key]}]" for key in keys if key in places)
    return tag("span", told, class_="where")


def _hits(trial: Trial) -> Html:
    if not trial.hits:
        return tag("p", "Keine.")
    head = ("Rang", "Beleg", "Fundstelle", "Beginn")
    rows = []
    for rank, hit in enumerate(trial.hits, start=1):
        mark = tag("mark", ", ".join(hit.evidence)) if hit.evidence else "–"
        where = place(hit.document, hit.passage)
        cells = (str(rank), mark, where, _beginning(hit.passage.text))
        rows.append(tag("tr", *(tag("td", cell) for cell in cells)))
    table = tag(
        "table",
        tag("thead", tag("tr", *(tag("th", name, scope="col") for name in head))),
        tag("tbody", *rows),
    )
    return tag("div", table, class_="table")


def place(document: Document, passage: Passage) -> str:
    """Say where a passage stands: document, workshop, section, page."""
    page = _page(page_label(document, passage.pages[0])) if passage.pages else ()
    workshop, theme = passage.workshop, passage.workshop_title
    name = "" if workshop is None else workshop_name(workshop, theme)
    heading = passage.section[-1] if passage.section else ""
    if theme and heading.endswith(theme):
        heading = ""
    return " · ".join(part for part in (document.title, name, heading, *page) if part)


def _page(label: str) -> tuple[str, ...]:
    """Name a page by its label, where it has one."""
    return (label if label.startswith(SLIDE) else f"S.\N{NO-BREAK SPACE}{label}",) if label else ()


def candidate_label(found: Candidate) -> str:
    """Name a passage found, with its beginning."""
    return f"{place(found.document, found.passage)}: {_beginning(found.passage.text)}"


def _beginning(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _BEGINNING else f"{flat[: _BEGINNING - 1]}…"
