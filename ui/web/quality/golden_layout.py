"""The tab „Prüffragen“: what stands where, without any event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.evaluation.golden_edit import DRAFTS
from ui.evaluation.words import TYPES
from ui.web.frame import bare
from ui.web.quality import golden_form, golden_view
from ui.web.quality.golden_form import FIELDS, NAMES, PARTS

# A press on an item's button opens it; the quoted name is the event.
_LISTEN = """element.addEventListener("click", (press) => {
  const button = press.target.closest("button[id]");
  if (button) trigger("open", { name: button.id });
});"""
# A form that opens and results that come take the focus with their heading.
_FOCUS = """const land = () => {
  const heading = element.querySelector("[tabindex='-1']");
  if (heading) heading.focus();
};
land();
watch("value", land);"""
ALL = ("alle", "")
_HEADINGS = {
    "history": "Beiträge davor",
    "evidence": "Belege",
    "nuggets": "Aussagen einer guten Antwort",
    "forbidden": "Verbotene Aussagen",
}
_TALL = {"paraphrases": 3, "history.text": 2, "evidence.quote": 3, "evidence.section": 2,
         "nuggets.all_of": 3, "nuggets.none_of": 2, "forbidden.any_of": 2, "reference_answer": 3,
         "must_not_cite": 2, "none_hint": 2, "question": 2}  # fmt: skip
CHOICES: Mapping[str, Mapping[str, str]] = {
    "type": TYPES,
    "status": golden_form.STATUS,
    "answerable": golden_form.ANSWERABLE,
    "none_reason": {"": "–", **golden_form.REASONS},
    "history.role": golden_form.ROLES,
    "evidence.grade": golden_form.GRADES,
    "nuggets.importance": golden_form.IMPORTANCE,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """The parts of one kind: which is shown, and what changes their number."""

    pick: gr.Radio
    form: gr.Column
    add: gr.Button
    remove: gr.Button


@dataclass(frozen=True, slots=True)
class Listed:
    """The list and its filters."""

    column: gr.Column
    filters: tuple[gr.Textbox, gr.Dropdown, gr.Dropdown, gr.Dropdown]
    table: gr.HTML
    new: gr.Button


@dataclass(frozen=True, slots=True)
class Search:
    """The search for evidence."""

    found: gr.State
    words: gr.Textbox
    start: gr.Button
    passages: gr.Radio
    sentences: gr.CheckboxGroup
    take: gr.Button
    said: gr.HTML


@dataclass(frozen=True, slots=True)
class Editor:
    """The form of one item."""

    column: gr.Column
    draft: gr.State
    proposed: gr.State
    """The id that was proposed last."""
    warned: gr.State
    """Whether leaving was warned of."""
    back: gr.Button
    heading: gr.HTML
    split: gr.HTML
    fields: Mapping[str, gr.components.Component]
    """By name; a part's fields are named ``evidence.quote``."""
    kinds: Mapping[str, Kind]
    search: Search
    check: gr.Button
    save: gr.Button
    retire: gr.Button
    said: gr.HTML
    result: gr.HTML


def everything(editor: Editor) -> list[Any]:
    """Everything of the form that an event may change."""
    search = editor.search
    return [
        *(editor.column, editor.draft, editor.proposed, editor.warned, editor.heading),
        *(editor.split, editor.save, editor.retire, editor.said, editor.result),
        *editor.fields.values(),
        *(part for kind in editor.kinds.values() for part in (kind.pick, kind.form)),
        *(search.found, search.words, search.passages, search.sentences, search.take),
        search.said,
    ]


def lay_out_list() -> Listed:
    """Lay out the list under its filters, empty."""
    with gr.Column(elem_id="golden-list") as column:
        with gr.Row(elem_classes="filters"):
            text = gr.Textbox(label="Suchen", placeholder="Wörter oder Kennung", lines=1)
            kind = _dropdown([ALL, *((label, key) for key, label in TYPES.items())], "Art")
            states = golden_form.STATUS | {"draft": "Entwürfe"}
            state = _dropdown([ALL, *((label, key) for key, label in states.items())], "Stand")
            file = _dropdown([ALL], "Datei")
            new = gr.Button("Neue Prüffrage", elem_classes="main")
        table = gr.HTML("", elem_id="golden-table", **bare(_LISTEN))
    return Listed(column, (text, kind, state, file), table, new)


def _dropdown(choices: list[tuple[str, str]], label: str) -> gr.Dropdown:
    return gr.Dropdown(choices, value="", label=label, filterable=False, interactive=True)


def lay_out_editor() -> Editor:
    """Lay out the form, hidden until an item is opened."""
    draft, proposed, warned = gr.State(None), gr.State(""), gr.State(value=False)
    fields: dict[str, gr.components.Component] = {}
    kinds: dict[str, Kind] = {}
    with gr.Column(elem_id="golden-editor", visible=False) as column:
        back = gr.Button("‹ Zur Liste", elem_classes="plain")
        heading = gr.HTML("", **bare(_FOCUS))
        with _group("Die Frage"):
            _add(fields, "question", "paraphrases")
            with gr.Row():
                _add(fields, "type", "tags")
        with gr.Accordion("Gehört zu einem Gespräch (nur Folgefragen)", open=False):
            kinds["history"] = _lay_out_parts("history", fields)
            _add(fields, "standalone")
        with _group("Die Antwort"):
            with gr.Row():
                _add(fields, "answerable", "none_reason")
            _add(fields, "none_hint", "reference_answer")
        with _group(_HEADINGS["evidence"]):
            search = _lay_out_search()
            kinds["evidence"] = _lay_out_parts("evidence", fields)
        for kind in ("nuggets", "forbidden"):
            with _group(_HEADINGS[kind]):
                kinds[kind] = _lay_out_parts(kind, fields)
        with _group("Ablage"):
            with gr.Row():
                _add(fields, "file", "id", "status")
            split = gr.HTML("", **bare())
        with gr.Accordion("Herkunft und Weiteres", open=False):
            with gr.Row():
                _add(fields, "source", "author", "reviewers", "created")
            with gr.Row():
                _add(fields, "must_not_cite", "max_words")
        result = gr.HTML("", elem_id="golden-result", **bare(_FOCUS))
        with gr.Column(elem_classes="actions"):
            said = gr.HTML(golden_view.said(""), elem_id="golden-said", **bare())
            with gr.Row():
                check = gr.Button("Prüfen", elem_classes="second")
                save = gr.Button("Speichern", elem_classes="main", elem_id="golden-save")
                retire = gr.Button("Stilllegen", elem_classes="plain")
    return Editor(
        *(column, draft, proposed, warned, back, heading, split, fields, kinds, search),
        *(check, save, retire, said, result),
    )


def _group(title: str) -> gr.Column:
    """A part of the form under its heading."""
    column = gr.Column(elem_classes="group")
    with column:
        gr.HTML(golden_view.title(title), **bare())
    return column


def _add(fields: dict[str, gr.components.Component], *names: str) -> None:
    for each in names:
        fields[each] = _field(each, *FIELDS[each])


def _field(place: str, label: str, help: str) -> gr.components.Component:
    if place == "file":
        return gr.Dropdown(
            [DRAFTS], value=DRAFTS, label=label, info=help, allow_custom_value=True,
            interactive=True,
        )  # fmt: skip
    if choices := CHOICES.get(place):
        pairs = [(text, value) for value, text in choices.items()]
        return gr.Dropdown(
            pairs, value=pairs[0][1], label=label, info=help, filterable=False, interactive=True
        )
    rows = _TALL.get(place, 1)
    return gr.Textbox(
        label=label, info=help, lines=rows, max_lines=12 if rows > 1 else 1, interactive=True
    )


def _lay_out_parts(kind: str, fields: dict[str, gr.components.Component]) -> Kind:
    word = NAMES[kind]
    pick = gr.Radio([], label=f"{word} auswählen", elem_classes="pick")
    with gr.Column(visible=False, elem_classes="part") as form:
        short = []
        for each, told in PARTS[kind].items():
            place = f"{kind}.{each}"
            if place in _TALL or each == "text":
                fields[place] = _field(place, *told)
            else:
                short.append((place, told))
        with gr.Row():
            for place, told in short:
                fields[place] = _field(place, *told)
        remove = gr.Button(f"{word} entfernen", elem_classes="plain")
    add = gr.Button(f"{word} hinzufügen", elem_classes="second")
    return Kind(pick, form, add, remove)


def _lay_out_search() -> Search:
    with gr.Accordion("Beleg suchen", open=True, elem_classes="search"):
        found = gr.State(())
        with gr.Row():
            words = gr.Textbox(label="Suchwörter", lines=1, placeholder="wie in der Suche")
            start = gr.Button("Suchen", elem_classes="second")
        said = gr.HTML(golden_view.said(""), **bare())
        passages = gr.Radio([], label="Fundstellen", visible=False, elem_classes="pick")
        sentences = gr.CheckboxGroup([], label="Sätze, die antworten", visible=False)
        take = gr.Button("Als Beleg übernehmen", visible=False, elem_classes="second")
    return Search(found, words, start, passages, sentences, take, said)
