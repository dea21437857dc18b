"""The page „Unterlagen“: layout and events, nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from corpus.errors import CorrectionError, SozialraumError
from corpus.types import Workshop
from ui.service import Service
from ui.web.ask import conversation as talk
from ui.web.documents import buttons, jobs_view, reading_in_view, view
from ui.web.documents.changes import FIELDS, Correction
from ui.web.documents.desk import Desk
from ui.web.documents.jobs import EditingError, State
from ui.web.frame import QUIET, Frame, bare, name
from ui.wording import for_page, workshop_name

POLL_S = 1.0
"""How often a page asks after a change under way."""
# Functions of documents.js; the quoted name is the event they trigger.
_LISTEN = "sozialraumDocuments.part(element, trigger, watch, 'press');"
_TAKES_TURNS = f"{_LISTEN} sozialraumDocuments.arrive(element);"
_UPLOADS = "sozialraumDocuments.uploads(element, trigger, 'press');"
Changes = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What events read and write."""

    header: gr.HTML
    told: gr.State
    """The state of the change that this page told last."""
    chosen: gr.State
    """Id of the document that is shown, or empty."""
    planned: gr.State
    """The correction that waits to be saved."""
    timer: gr.Timer
    progress: gr.HTML
    cancel: gr.Button
    heard: gr.HTML
    """What becomes of a change under way."""
    said: gr.HTML
    """The answer to what was pressed last; a change under way leaves it alone."""
    outcome: gr.HTML
    browse: gr.Column
    intro: gr.HTML
    address: gr.Textbox
    add: gr.Button
    inbox: gr.HTML
    preview: gr.HTML
    undo: gr.HTML
    search: gr.Textbox
    count: gr.HTML
    listing: gr.HTML
    single: gr.Column
    back: gr.Button
    detail: gr.HTML
    fields: tuple[gr.Textbox | gr.Dropdown, ...]
    check: gr.Button
    correction: gr.HTML
    removal: gr.HTML


def build(page: gr.Blocks, frame: Frame, service: Service, desk: Desk) -> None:
    """Lay out the page and wire it. Nothing is read before a browser asks for it."""
    with gr.Row(elem_id="bar"):
        header = frame.header()
    _wire(page, _lay_out(header), service, desk)


def _lay_out(header: gr.HTML) -> _Parts:
    with gr.Column(elem_id="documents"):
        shared: dict[str, Any] = {
            "told": gr.State(State()),
            "chosen": gr.State(""),
            "planned": gr.State(None),
            "timer": gr.Timer(POLL_S, active=False),
            "progress": gr.HTML("", elem_id="documents-progress", **bare(_LISTEN)),
            "cancel": gr.Button("Abbrechen", visible=False, elem_id="documents-cancel"),
            "heard": gr.HTML(jobs_view.said(""), elem_id="documents-heard", **bare()),
            "said": gr.HTML(jobs_view.said(""), elem_id="documents-said", **bare(_LISTEN)),
            "outcome": gr.HTML("", elem_id="documents-outcome", **bare(_LISTEN)),
        }
        with gr.Column(elem_id="documents-browse") as browse:
            listed = _lay_out_list()
        with gr.Column(elem_id="documents-single", visible=False) as single:
            document = _lay_out_document()
    return _Parts(header=header, browse=browse, single=single, **shared, **listed, **document)


def _lay_out_list() -> dict[str, Any]:
    intro = gr.HTML(reading_in_view.intro(), elem_id="documents-intro", **bare(_UPLOADS))
    with gr.Row(elem_id="documents-address"):
        address = gr.Textbox(
            label="Oder eine Adresse im Netz", placeholder="https://…", max_lines=1
        )
        add = gr.Button("Hinzufügen", elem_id="documents-add")
    inbox = gr.HTML("", elem_id="documents-inbox", **bare(_LISTEN))
    preview = gr.HTML("", elem_id="documents-preview", **bare(_LISTEN))
    with gr.Row(elem_id="documents-find"):
        count = gr.HTML("", elem_id="documents-count", **bare())
        search = gr.Textbox(label="In der Liste suchen", max_lines=1)
    return {
        "intro": intro,
        "address": address,
        "add": add,
        "inbox": inbox,
        "preview": preview,
        "count": count,
        "search": search,
        "undo": gr.HTML("", elem_id="documents-undo", **bare(_LISTEN)),
        "listing": gr.HTML("", elem_id="documents-listing", **bare(_TAKES_TURNS)),
    }


def _lay_out_document() -> dict[str, Any]:
    back = gr.Button("Zurück zur Liste", elem_id="documents-back")
    detail = gr.HTML("", elem_id="documents-detail", **bare(_TAKES_TURNS))
    gr.HTML(view.correcting(), **bare())
    with gr.Column(elem_id="documents-form"):
        fields = tuple(_field(key, label) for key, label in FIELDS)
        check = gr.Button("Änderung prüfen", elem_id="documents-check")
    return {
        "back": back,
        "detail": detail,
        "fields": fields,
        "check": check,
        "correction": gr.HTML("", elem_id="documents-correction", **bare(_LISTEN)),
        "removal": gr.HTML("", elem_id="documents-removal", **bare(_LISTEN)),
    }


_HELP = {
    "stand": "JJJJ, JJJJ-MM oder JJJJ-MM-TT",
    "gueltig_ab": "wie „Stand“",
    "gueltig_bis": "wie „Stand“; letzter Tag, an dem der Text gilt",
    "art": "etwa Werkstatt, Themenheft, Protokoll",
    "herkunft": "steht als Hinweis bei jeder Fundstelle",
}


def _field(key: str, label: str) -> gr.Textbox | gr.Dropdown:
    if key in ("werkstatt", "ersetzt_durch"):
        return gr.Dropdown([], label=label, interactive=True, elem_classes=["choice", key])
    return gr.Textbox(label=label, info=_HELP.get(key), max_lines=1, elem_classes=[key])


def _wire(page: gr.Blocks, parts: _Parts, service: Service, desk: Desk) -> None:
    on = _Handlers(parts, service, desk)
    everything = on.outputs()
    page.load(on.load, [parts.search], everything, **QUIET)
    parts.timer.tick(on.watch, [parts.told, parts.chosen, parts.search], everything, **QUIET)
    parts.cancel.click(on.cancel, None, everything, **QUIET)
    parts.add.click(on.add, [parts.address], everything, **QUIET)
    parts.address.submit(on.add, [parts.address], everything, **QUIET)
    parts.search.change(on.find, [parts.search], [parts.listing, parts.count], **QUIET)
    parts.back.click(on.back, [parts.search], everything, **QUIET)
    parts.check.click(on.plan, [parts.chosen, *parts.fields], everything, **QUIET)
    pressing = [parts.chosen, parts.planned, parts.search]
    for part in (
        *(parts.intro, parts.inbox, parts.preview, parts.undo, parts.listing),
        *(parts.outcome, parts.detail, parts.correction, parts.removal),
    ):
        part.press(on.press, pressing, everything, **QUIET)


class _Handlers:
    """What each event does; every one returns only what it changes."""

    def __init__(self, parts: _Parts, service: Service, desk: Desk) -> None:
        self._parts = parts
        self._service = service
        self._desk = desk
        self._acts: dict[str, Callable[[], None]] = {
            "check": desk.reading_in.check,
            "read": desk.reading_in.read,
            "discard": desk.reading_in.discard,
            "resume": desk.reading_in.resume,
            "undo": desk.changes.undo,
        }

    def outputs(self) -> list[gr.blocks.Block]:
        """Return all parts that events may change."""
        p = self._parts
        return [
            *(
                p.header,
                p.told,
                p.chosen,
                p.planned,
                p.timer,
                p.progress,
                p.cancel,
                p.heard,
                p.said,
                p.outcome,
            ),
            *(p.browse, p.address, p.inbox, p.preview, p.undo, p.count, p.listing, p.single),
            *(p.detail, *p.fields, p.correction, p.removal),
        ]

    def load(self, search: str) -> Changes:
        """Show everything as it is now."""
        return {
            self._parts.header: talk.collection(self._service)[0],
            **self._controls(),
            **self._shown_safely(lambda: self._browsing(search)),
        }

    def watch(self, told: State, chosen: str, search: str) -> Changes:
        """Follow a change under way, and show what has become of it."""
        state, p = self._desk.jobs.state(), self._parts
        if state.busy:
            news = (state.phase, state.stage) != (told.phase, told.stage)
            heard = {p.heard: jobs_view.heard(jobs_view.announcement(state))} if news else {}
            return {p.told: state, p.progress: jobs_view.progress(state), **heard}
        changes = {
            **self._controls(),
            p.heard: _ended(state),
            p.header: talk.collection(self._service)[0],
            p.outcome: jobs_view.outcome(self._desk.jobs.done, state),
            p.planned: None,
            p.correction: "",
        }
        keeps = chosen and state.task == "correct"
        shown = (lambda: self._single(chosen)) if keeps else (lambda: self._browsing(search))
        return {**changes, **self._shown_safely(shown)}

    def cancel(self) -> Changes:
        """Stop what is running."""
        self._desk.jobs.cancel()
        return {**self._answered(), **self._controls()}

    def add(self, address: str) -> Changes:
        """Put an address into the inbox."""
        p = self._parts
        try:
            self._desk.inbox.add_address(address)
        except SozialraumError as fault:
            return self._answered(str(fault))
        return {**self._answered(), p.address: "", **self._waiting()}

    def find(self, search: str) -> Changes:
        """Show the documents that a search finds."""
        return self._shown_safely(lambda: self._listed(search))

    def back(self, search: str) -> Changes:
        """Return to the list."""
        return {
            **self._answered(),
            self._parts.outcome: "",
            **self._shown_safely(lambda: self._browsing(search)),
        }

    def plan(self, chosen: str, *values: str) -> Changes:
        """Say what saving would change."""
        p = self._parts
        given = {key: str(v or "") for (key, _), v in zip(FIELDS, values, strict=True)}
        try:
            planned = self._desk.changes.correction(chosen, given)
        except CorrectionError as fault:
            wrong = view.correction(None, str(fault))
            return {**self._answered(), p.planned: None, p.correction: wrong}
        except SozialraumError as fault:
            return self._answered(str(fault))
        return {
            **self._answered(),
            p.planned: planned,
            p.correction: view.correction(planned),
        }

    def press(
        self, chosen: str, planned: Correction | None, search: str, event: gr.EventData
    ) -> Changes:
        """Do what a rendered button says."""
        pressed = buttons.pressed(name(event))
        if pressed is None:
            return {self._parts.told: self._desk.jobs.state()}
        try:
            return self._pressed(pressed, chosen, planned, search)
        except SozialraumError as fault:
            refused = self._answered(for_page(str(fault)))
            busy = isinstance(fault, EditingError)
            return {**refused, **(self._controls() if busy else {}), **self._waiting_safely()}

    def _pressed(
        self, pressed: buttons.Press, chosen: str, planned: Correction | None, search: str
    ) -> Changes:
        p, desk = self._parts, self._desk
        quiet = self._answered()
        if pressed.act == "show":
            desk.jobs.settle()
            return {**quiet, p.outcome: "", **self._single(self._id(pressed.key))}
        if pressed.act == "drop":
            for entry in desk.inbox.staged():
                if buttons.key(entry.name) == pressed.key:
                    desk.reading_in.drop(entry.name)
            return {**quiet, **self._waiting()}
        if pressed.act in ("ask", "keep"):
            document = desk.documents.row(chosen).document
            return {**quiet, p.removal: view.removal(document, asks=pressed.act == "ask")}
        if pressed.act in ("unask", "stay"):
            asks = pressed.act == "unask"
            return {**quiet, p.undo: jobs_view.undo_line(desk.changes.restored(), asks=asks)}
        if pressed.act == "reject":
            return {**quiet, p.planned: None, p.correction: "", **self._single(chosen)}
        if pressed.act == "reload":
            return {**quiet, **self._waiting()}
        self._act(pressed.act, chosen, planned)
        return {**quiet, p.outcome: "", **self._controls(), **self._waiting()}

    def _act(self, act: str, chosen: str, planned: Correction | None) -> None:
        """Begin what changes the collection or the inbox."""
        if act == "save":
            if planned is None:
                raise EditingError("Bitte prüfen Sie die Änderung zuerst.")
            self._desk.changes.save(planned)
        elif act in ("remove", "purge"):
            self._desk.changes.remove(chosen, purge=act == "purge")
        else:
            self._acts[act]()

    # -- what is shown ---------------------------------------------------------------------

    def _answered(self, refusal: str = "") -> Changes:
        """Say why what was pressed is refused, or nothing; what was said before goes."""
        p = self._parts
        return {p.heard: jobs_view.said(""), p.said: jobs_view.said(refusal, wrong=True)}

    def _controls(self) -> Changes:
        """Show what is running, with what stops it."""
        state, p = self._desk.jobs.state(), self._parts
        return {
            p.told: state,
            p.timer: gr.Timer(active=state.busy),
            p.progress: jobs_view.progress(state),
            p.cancel: gr.Button(visible=state.phase == "running"),
            **self._waiting_safely(),
        }

    def _waiting(self) -> Changes:
        desk, busy = self._desk, self._desk.jobs.state().busy
        found = None if busy else desk.reading_in.preview()
        shown = reading_in_view.inbox(
            desk.inbox.staged(), desk.reading_in.interrupted(), found, busy=busy
        )
        return {self._parts.inbox: shown, self._parts.preview: reading_in_view.preview(found)}

    def _waiting_safely(self) -> Changes:
        return self._shown_safely(self._waiting)

    def _browsing(self, search: str) -> Changes:
        p = self._parts
        return {
            p.chosen: "",
            p.browse: gr.Column(visible=True),
            p.single: gr.Column(visible=False),
            p.undo: jobs_view.undo_line(self._desk.changes.restored(), asks=False),
            **self._waiting(),
            **self._listed(search),
        }

    def _listed(self, search: str) -> Changes:
        found, total = self._desk.documents.rows(search), len(self._desk.documents.rows())
        return {
            self._parts.listing: view.listing(found, total, search),
            self._parts.count: view.counted(len(found), total),
        }

    def _single(self, id: str) -> Changes:
        p, desk = self._parts, self._desk
        row = desk.documents.row(id)
        titles = desk.documents.titles()
        replaced_by = titles.get(row.document.replaced_by, row.document.replaced_by)
        values = desk.changes.values(id)
        choices = {
            "werkstatt": _workshops(desk.documents.workshops(), values["werkstatt"]),
            "ersetzt_durch": _replacements(titles, id, values["ersetzt_durch"]),
        }
        filled = {
            field: gr.Dropdown(choices=choices[key], value=values[key])
            if key in choices
            else values[key]
            for field, (key, _) in zip(p.fields, FIELDS, strict=True)
        }
        return {
            p.chosen: id,
            p.browse: gr.Column(visible=False),
            p.single: gr.Column(visible=True),
            p.detail: view.detail(row, desk.documents.findings(row), replaced_by),
            p.planned: None,
            p.correction: "",
            p.removal: view.removal(row.document, asks=False),
            **filled,
        }

    def _id(self, key: str) -> str:
        ids = (row.document.id for row in self._desk.documents.rows())
        return next((id for id in ids if buttons.key(id) == key), "")

    def _shown_safely(self, shown: Callable[[], Changes]) -> Changes:
        """Show, or say why that fails."""
        try:
            return shown()
        except SozialraumError as fault:
            return {self._parts.said: jobs_view.said(for_page(str(fault)), wrong=True)}


def _ended(state: State) -> str:
    """Say that a change has ended; what else there is to see of it says so itself."""
    shown = jobs_view.announcement(state)
    return jobs_view.said(shown) if state.phase == "cancelled" else jobs_view.heard(shown)


def _workshops(known: tuple[Workshop, ...], value: str) -> list[tuple[str, str]]:
    """Return what can be chosen as workshop: none, the catalogued ones, and the present one."""
    found = {str(w.number): workshop_name(w.number, w.theme) for w in known}
    if value and value not in found:
        found[value] = workshop_name(int(value), "")
    return [("keine, oder nach den Überschriften", ""), *((name, n) for n, name in found.items())]


def _replacements(titles: dict[str, str], id: str, value: str) -> list[tuple[str, str]]:
    """Return what can stand in a document's place: any other one."""
    others = [(title, other) for other, title in titles.items() if other != id]
    if value and value not in titles:
        others.append((value, value))
    return [("durch keine", ""), *others]
